"""A report by group in a real browser: started, watched, downloaded, while pages answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.background import job_runner
from app.models import Job
from tests.app.filled import add_areas, answers, store
from tests.browser.conftest import Live
from tests.browser.site_visits import BEYOND, serious

PAGE = "/projects/alpha/statistics/group-reports"


@pytest.fixture
def reports(live: Live, context: BrowserContext) -> Page:
    """The page of an evaluator whose project has responses from two areas."""
    add_areas(live.world)
    for number in range(8):
        store(live.world, answers(number), area=("5101", None)[number % 2])
    page = live.log_in(context, "alpha-evaluator")
    page.goto(live.address + PAGE)
    return page


@pytest.fixture
def runner(live: Live) -> Iterator[None]:
    """Without it a job waits for ever, which a test may want: nothing changes under its eyes."""
    made = job_runner(live.world.app)
    thread = made.start()
    yield
    made.stop()
    thread.join()


def state(live: Live) -> str:
    """Of the only job."""
    with live.world.app.extensions["manyi.database"].reading() as db:
        return str(db.scalars(select(Job.state)).one())


def test_report_is_started_watched_and_downloaded_while_pages_answer(
    reports: Page, runner: None, live: Live
) -> None:
    complaints: list[str] = []
    reports.on("console", lambda message: complaints.append(message.text))
    reports.on("pageerror", lambda error: complaints.append(str(error)))
    reports.get_by_role("button", name="开始制作").click()
    expect(reports.get_by_role("progressbar")).to_be_visible()
    seen_meanwhile, done = 0, reports.locator(".report-done")
    while state(live) in ("waiting", "running"):
        assert reports.request.get(f"{live.address}/projects/alpha/overview").ok
        seen_meanwhile += state(live) == "running"
        reports.wait_for_timeout(100)
    assert seen_meanwhile > 0
    expect(done).to_be_visible()
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
    expect(reports.get_by_role("progressbar")).to_be_visible()
    reports.wait_for_load_state()
    assert reports.evaluate(BEYOND) <= 0
    assert serious(reports) == []
