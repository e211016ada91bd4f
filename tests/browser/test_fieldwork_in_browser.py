"""Ledger and assignments in a real browser: nothing overflows, axe is content, forms work."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.app.fieldworking import in_full_swing
from tests.browser.conftest import Live
from tests.browser.site_visits import Visits, read_in_english

PAGES = (
    "/projects/alpha/ledger",
    "/projects/alpha/ledger?audience=recipient",
    "/projects/alpha/assignments",
    "/projects/beta/ledger",
    "/projects/beta/assignments",
)
"""Those of `beta` are empty: no areas, no tablets, no responses."""


@pytest.fixture
def admin(live: Live, context: BrowserContext) -> Page:
    in_full_swing(live.world)
    return live.log_in(context, "admin")


def refuse_an_assignment(page: Page, address: str) -> None:
    page.goto(f"{address}/projects/alpha/assignments")
    page.fill("#quantity", "many")
    page.click("#assign .btn-primary")
    expect(page.get_by_role("alert")).to_contain_text("份数应为 0 到 1000000 的整数")


def test_pages_fit_please_axe_do_not_complain_or_ask_another_host(admin: Page, live: Live) -> None:
    visits = Visits(admin, live.address)
    visits.pages(PAGES)
    read_in_english(admin)
    visits.widths(PAGES)
    assert (visits.faults, visits.complaints) == ([], [])


def test_refused_assignment_is_told_on_a_page_that_pleases_axe(admin: Page, live: Live) -> None:
    refuse_an_assignment(admin, live.address)
    visits = Visits(admin, live.address)
    visits.axe_here("refused")
    assert visits.faults == []


def test_assignment_made_on_the_page_is_shown_with_its_flag(admin: Page, live: Live) -> None:
    admin.goto(f"{live.address}/projects/alpha/assignments")
    admin.select_option("#username", "alpha-supervisor")
    admin.select_option("#area-assign", "5102")
    admin.fill("#quantity", "9")
    admin.click("#assign .btn-primary")
    expect(admin.get_by_role("status")).to_have_text("任务已保存")
    row = admin.locator("tr.target", has_text="西镇")
    expect(row).to_contain_text("14超 4")
    admin.get_by_role("button", name="取消 supervisor 的任务").click()
    expect(row).to_contain_text("5差 5")


def test_paper_forms_entered_on_the_page_are_in_the_sums(admin: Page, live: Live) -> None:
    admin.goto(f"{live.address}/projects/alpha/ledger#paper")
    admin.select_option("#area-paper", "5101")
    admin.fill("#quantity", "30")
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_role("status")).to_have_text("纸质问卷份数已保存")
    expect(admin.locator(".sums dd").first).to_have_text("50")


def test_names_stay_in_sight_when_the_numbers_are_moved_sideways(admin: Page, live: Live) -> None:
    admin.set_viewport_size({"width": 800, "height": 1280})
    admin.goto(f"{live.address}/projects/alpha/ledger")
    wrap = admin.locator("#areas .table-wrap")
    name = wrap.get_by_role("rowheader", name="东镇")
    before = name.bounding_box()
    moved = wrap.evaluate("wrap => { wrap.scrollLeft = 300; return wrap.scrollLeft; }")
    after = name.bounding_box()
    assert moved > 0
    assert before is not None and after is not None
    assert abs(before["x"] - after["x"]) < 2
