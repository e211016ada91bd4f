"""What several tests of the tablet app do and look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.models import Visit
from tests.browser.conftest import Live
from tests.browser.interviewing import imagined
from tests.browser.tablets import begin, database, fill_in, read_store

STRIP = "[data-slot=line]"
NO_ANSWER = ("", 502)
View = Callable[..., Any]


def interview(page: Page, audience: str = "recipient", seed: int = 3, area: str = "") -> str:
    """A whole one; returns its id."""
    made = begin(page, audience, area)
    fill_in(page, imagined(audience, seed))
    page.click("[data-submit]")
    page.click("[data-finish='whole']")
    page.wait_for_selector(".receipt-code")
    return made


def outbox(page: Page) -> list[dict[str, Any]]:
    return list(read_store(page, "outbox"))


def drafts(page: Page) -> list[dict[str, Any]]:
    return list(read_store(page, "drafts"))


def wait_for_visits(live: Live, page: Page, count: int) -> list[Visit]:
    for _ in range(100):
        with database(live).reading() as db:
            found = list(db.scalars(select(Visit)))
        if len(found) == count:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(found)} visits, not {count}")


@contextmanager
def answering(
    app: Flask, answer: Callable[..., Any], below: str = "/api/v1/responses"
) -> Iterator[None]:
    """The server itself gives answer(view, **arguments) to addresses below this one: what a service
    worker lets pass goes by the routes of a Playwright context now and then."""
    with pytest.MonkeyPatch.context() as patch:
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith(below):
                view = app.view_functions[rule.endpoint]
                answered = update_wrapper(partial(answer, view), view)
                patch.setitem(app.view_functions, rule.endpoint, answered)
        yield
