"""A report by group in a real browser: started, watched, downloaded, while pages stay quick."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.background import job_runner
from tests.app.filled import add_areas, answers, store
from tests.browser.conftest import Live
from tests.browser.site_visits import BEYOND, serious

PAGE = "/projects/alpha/statistics/group-reports"
QUICK_SECONDS = 2.0
"""Generous: the machine of the tests may be busy with others."""


@pytest.fixture
def reports(live: Live, context: BrowserContext) -> Iterator[Page]:
    """The page of an evaluator whose project has responses from two areas, with a runner."""
    add_areas(live.world)
    for number in range(8):
        store(live.world, answers(number), area=("5101", None)[number % 2])
    runner = job_runner(live.world.app)
    thread = runner.start()
    page = live.log_in(context, "alpha-evaluator")
    page.goto(live.address + PAGE)
    yield page
    runner.stop()
    thread.join()


def test_report_is_started_watched_and_downloaded_while_pages_stay_quick(
    reports: Page, live: Live
) -> None:
    complaints: list[str] = []
    reports.on("console", lambda message: complaints.append(message.text))
    reports.on("pageerror", lambda error: complaints.append(str(error)))
    reports.get_by_role("button", name="开始制作").click()
    expect(reports.get_by_role("progressbar")).to_be_visible()
    slowest, until = 0.0, time.monotonic() + 60
    done = reports.locator(".report-done")
    while not done.count():
        began = time.monotonic()
        answer = reports.request.get(f"{live.address}/projects/alpha/overview")
        slowest = max(slowest, time.monotonic() - began)
        assert answer.ok and time.monotonic() < until
        reports.wait_for_timeout(200)
    assert slowest < QUICK_SECONDS
    with reports.expect_download() as download:
        done.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert download.value.path().stat().st_size > 10_000
    assert complaints == []


def test_cancelled_report_leaves_the_page_without_a_bar(reports: Page) -> None:
    reports.get_by_role("button", name="开始制作").click()
    reports.get_by_role("button", name="取消").click()
    expect(reports.get_by_text("已取消")).to_be_visible()
    expect(reports.get_by_role("progressbar")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (800, 1180), (390, 844)])
def test_page_does_not_overflow_and_axe_finds_nothing_serious(
    reports: Page, size: tuple[int, int]
) -> None:
    reports.set_viewport_size({"width": size[0], "height": size[1]})
    reports.get_by_role("button", name="开始制作").click()
    assert reports.evaluate(BEYOND) <= 0
    assert serious(reports) == []
