"""What an enumerator does on a tablet, for the browser tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize
from sqlalchemy import func, select

from app.models import Revision, StoredResponse
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.browser.conftest import Live

TABLET: ViewportSize = {"width": 800, "height": 1280}
BEGIN = "/projects/alpha/collect"
NEXT = "[data-step='1']"
CHOOSE = """option => {
  if (!option.checkVisibility()) throw new Error(`nobody sees ${option.name} ${option.value}`);
  if (!option.checked) option.click();
}"""
QUESTIONNAIRES = {
    "recipient": "dibao-residents@2",
    "non_recipient": "dibao-residents@2",
    "cadre": "dibao-cadres@2",
}


def begin(live: Live, page: Page, audience: str = "recipient", *, scripted: bool = True) -> None:
    page.goto(f"{live.address}{BEGIN}/{audience}")
    page.check("#adult_and_agrees")
    page.click("button[value=agree]")
    page.wait_for_selector(".questionnaire.scripted" if scripted else ".questionnaire")


def imagined(audience: str, seed: int = 3) -> dict[str, Any]:
    chance = random.Random(seed)
    return simulate(find(QUESTIONNAIRES[audience]), Audience(audience), chance)


def fill_in(page: Page, answers: dict[str, Any]) -> None:
    """Quickly, by a script of the page: for tests of what comes before or after the answers."""
    _answer(page, answers, lambda option: option.evaluate(CHOOSE))


def tap_in(page: Page, answers: dict[str, Any]) -> None:
    """As a finger does."""
    _answer(page, answers, Locator.check)


def _answer(page: Page, answers: dict[str, Any], choose: Callable[[Locator], object]) -> None:
    """Option by option, notes once they have appeared."""
    for key, answer in answers.items():
        if key.endswith("_note"):
            page.fill(f"[name={key}]", answer)
            continue
        for code in answer if isinstance(answer, list) else [answer]:
            choose(page.locator(f"[name={key}][value={code}]"))


def hand_in(page: Page) -> None:
    page.click("[data-submit]")
    page.wait_for_selector("[data-receipt]")


def stored(live: Live) -> list[StoredResponse]:
    with live.world.app.extensions["manyi.database"].reading() as db:
        return list(db.scalars(select(StoredResponse).order_by(StoredResponse.arrival_no)))


def revisions(live: Live) -> int:
    with live.world.app.extensions["manyi.database"].reading() as db:
        return db.scalar(select(func.count()).select_from(Revision)) or 0


def wait_for_no_draft(page: Page) -> None:
    """The script of a page forgets a draft a moment after the page is seen."""
    wait_for(page, "!Object.keys(localStorage).some(k => k.startsWith('manyi:draft:'))")


def wait_for(page: Page, condition: str, seconds: int = 20) -> None:
    """Playwright's own waiting evaluates a text, which the page's security policy forbids."""
    for _ in range(seconds * 10):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {condition}")
