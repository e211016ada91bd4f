"""Days without a network: the app starts cold, interviews go on where they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Error, Page, expect

from app import utc_now
from surveys.answers import check
from surveys.catalogue import find
from surveys.definition import Audience
from tests.browser.conftest import Live
from tests.browser.interviewing import QUESTIONNAIRES, TABLET, imagined, stored, tap_in
from tests.browser.tablets import (
    begin,
    code_for,
    enrol,
    fill_in,
    home,
    show_whole_form,
    wait_until_delivered,
    wait_until_saved,
)

LARGEST_FIRST_VISIT = 300_000
AUDIENCES = ("recipient", "non_recipient", "cadre")


@pytest.fixture(autouse=True)
def real_clock(live: Live) -> None:
    """Tablet and server agree on the time, as they roughly do outdoors."""
    live.world.app.extensions["manyi.clock"] = utc_now


class Tablet:
    """A browser with a profile on disk that can be switched off and on again."""

    def __init__(self, browser_type: BrowserType, options: dict[str, Any], profile: Path) -> None:
        self.browser_type, self.options, self.profile = browser_type, options, profile

    @contextmanager
    def on(self, *, offline: bool = False) -> Iterator[BrowserContext]:
        context = self.browser_type.launch_persistent_context(
            self.profile, viewport=TABLET, **self.options
        )
        context.set_offline(offline)
        yield context
        # After a crash there is nothing left to close, and how that is told differs.
        with suppress(Error):
            context.close()


@pytest.fixture
def device(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Tablet:
    return Tablet(browser_type, browser_type_launch_args, tmp_path / "profile")


def start(live: Live, context: BrowserContext) -> Page:
    """As tapping the icon does."""
    page = context.pages[0]
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live.address}/tablet/zh/")
    page.wait_for_selector("[data-slot=starting]")
    return page


def finish(page: Page) -> None:
    page.click("[data-submit]")
    page.click("[data-finish='whole']")
    page.wait_for_selector(".receipt-code")


def test_three_questionnaires_filled_offline_arrive_answer_by_answer(
    live: Live, device: Tablet
) -> None:
    with device.on() as context:
        enrol(live, context.pages[0], code_for(live))
    given = {audience: imagined(audience, seed) for seed, audience in enumerate(AUDIENCES)}
    with device.on(offline=True) as context:
        page = start(live, context)
        for audience in ("recipient", "non_recipient"):
            begin(page, audience)
            show_whole_form(page)
            tap_in(page, given[audience])
            finish(page)
        begin(page, "cadre")
        halves = list(given["cadre"].items())
        fill_in(page, dict(halves[:4]))
        wait_until_saved(page, dict(halves[:4]))
        page.close()
        page = context.new_page()
        page.goto(f"{live.address}/tablet/zh/")
        page.click("[data-slot=drafts] a")
        fill_in(page, dict(halves[4:]))
        finish(page)
        assert stored(live) == []
    with device.on() as context:
        page = start(live, context)
        wait_until_delivered(page)
    rows = {row.audience: row for row in stored(live)}
    assert set(rows) == set(AUDIENCES)
    for audience, answers in given.items():
        questionnaire = find(QUESTIONNAIRES[audience])
        assert rows[audience].answers == check(questionnaire, answers, Audience(audience)).clean
        assert (rows[audience].status, rows[audience].complaints) == ("accepted", [])
        assert rows[audience].elapsed_ms > 0


def test_interview_goes_on_where_it_was_after_the_battery_died(live: Live, device: Tablet) -> None:
    answers = imagined("recipient")
    with device.on() as context:
        enrol(live, context.pages[0], code_for(live))
        context.set_offline(True)
        page = context.pages[0]
        begin(page)
        fill_in(page, dict(list(answers.items())[:6]))
        page.wait_for_timeout(400)
        kill(device.profile)
    with device.on(offline=True) as context:
        page = start(live, context)
        expect(page.locator("[data-slot=drafts] li")).to_have_count(1)
        page.click("[data-slot=drafts] a")
        show_whole_form(page)
        for key, answer in list(answers.items())[:6]:
            for code in answer if isinstance(answer, list) else [answer]:
                expect(page.locator(f"[name={key}][value='{code}']")).to_be_checked()


def kill(profile: Path) -> None:
    """SIGKILL to the browser with this profile, as when the battery dies under its hands."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command and b"--type=" not in b"".join(command):
            os.kill(int(entry.name), 9)


def test_several_drafts_lie_side_by_side(live: Live, device: Tablet) -> None:
    with device.on() as context:
        page = context.pages[0]
        page.on("dialog", lambda dialog: dialog.accept())
        enrol(live, page)
        for seed, audience in enumerate(AUDIENCES):
            begin(page, audience)
            fill_in(page, dict(list(imagined(audience, seed).items())[:2]))
        home(page)
        drafts = page.locator("[data-slot=drafts] li")
        expect(drafts).to_have_count(3)
        drafts.nth(1).locator("button").click()
        expect(drafts).to_have_count(2)


def test_first_visit_is_small_and_a_later_start_needs_no_network(
    live: Live, device: Tablet
) -> None:
    traffic = watch_traffic(live)
    with device.on() as context:
        enrol(live, context.pages[0], code_for(live))
    assert 20_000 < sum(traffic.sizes) < LARGEST_FIRST_VISIT
    traffic.asked.clear()
    with device.on(offline=True) as context:
        page = start(live, context)
        expect(page.locator(".audience-card")).to_have_count(3)
        begin(page)
        expect(page.locator("[data-question]").first).to_be_attached()
    assert traffic.asked == []


@dataclass
class Traffic:
    """What the server is asked for as it is asked, and the sizes of what it sends; both grow."""

    asked: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def watch_traffic(live: Live) -> Traffic:
    """Requests, headers and bodies of all clients, the service worker included."""
    traffic = Traffic()
    inner = live.world.app.wsgi_app

    def watching(environ: Any, start: Any) -> Iterator[bytes]:
        traffic.asked.append(environ["PATH_INFO"])

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            traffic.sizes.append(sum(len(name) + len(value) + 4 for name, value in headers))
            return start(status, headers, *rest)

        for chunk in inner(environ, note):
            traffic.sizes.append(len(chunk))
            yield chunk

    live.world.app.wsgi_app = watching  # type: ignore[method-assign]
    return traffic


def test_shell_has_no_personal_data_and_no_form_token(live: Live, device: Tablet) -> None:
    with device.on() as context:
        page = context.pages[0]
        enrol(live, page)
        texts = page.evaluate("""async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const answer = await cache.match(request);
              texts.push([new URL(request.url).pathname, await answer.text()]);
            }
          }
          return texts;
        }""")
    assert {"/tablet/zh/", "/tablet/en/", "/static/js/tablet/app.js"} <= {path for path, _ in texts}
    whole = "".join(text for _, text in texts)
    assert "alpha" not in whole and "enumerator · " not in whole
    assert "csrf_token" not in whole and 'name="csrf' not in whole
