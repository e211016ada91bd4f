"""Every page of statistics and the newer ones of the evaluation in a real browser, zh and en."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.site_visits import LAPTOP, Visits, read_in_english

PRACTICE, NANCHONG = "/projects/practice", "/projects/nanchong-2018"
STATISTICS = f"{PRACTICE}/statistics"
Q18 = "questionnaire=dibao-residents@2&question=q18"
WITH_PICTURES = (
    f"{STATISTICS}/satisfaction?{Q18}&by=area",
    f"{STATISTICS}/satisfaction?{Q18}&by=q02",
    f"{STATISTICS}/crosstab?rows=q18&columns=area",
    f"{STATISTICS}/crosstab?rows=q04&columns=audience&of=mentions&shares=every",
    f"{PRACTICE}/summary?by=area",
)
PAGES = (
    *WITH_PICTURES,
    f"{PRACTICE}/overview",
    f"{STATISTICS}/satisfaction",
    f"{STATISTICS}/satisfaction?by=area",
    f"{STATISTICS}/satisfaction?{Q18}&by=area&first=1&second=2&with=nanchong-2018",
    f"{STATISTICS}/estimates",
    f"{STATISTICS}/estimates?measure=mean&of=q18&by=area&variance=jackknife",
    f"{STATISTICS}/crosstab",
    f"{STATISTICS}/crosstab?rows=q04&columns=area&layer=audience",
    f"{STATISTICS}/scales",
    f"{STATISTICS}/weighting",
    f"{STATISTICS}/planning",
    f"{STATISTICS}/quality",
    f"{STATISTICS}/group-reports",
    f"{NANCHONG}/statistics/satisfaction",
    f"{NANCHONG}/statistics/crosstab",
    f"{NANCHONG}/statistics/quality",
    f"{PRACTICE}/evaluation",
    f"{PRACTICE}/evaluation/sub-projects",
    f"{NANCHONG}/evaluation/sub-projects",
    f"{NANCHONG}/evaluation/printed",
    f"{NANCHONG}/report",
    f"{NANCHONG}/report/texts",
)
SUB_PROJECTS = """
framework: nanchong-2018
sub_projects:
  - name: 城市低保
    weight: 3
    measures: {I01: {value: 100%}, I02: {value: 明确}}
  - {name: 临时救助, weight: 1}
"""


@pytest.fixture(scope="module")
def visits(
    browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visits]:
    """The evaluator of the sample projects; the one to practise in has sub-projects as well."""
    context = browser.new_context()
    page = site.log_in(context, "evaluator")
    file = tmp_path_factory.mktemp("measures") / "m.yaml"
    file.write_text(SUB_PROJECTS, encoding="utf-8")
    divide(page, site, file)
    yield Visits(page, site.address)
    context.close()


def divide(page: Page, site: Site, file: Path) -> None:
    page.goto(f"{site.address}{PRACTICE}/evaluation/framework")
    page.check("#nanchong-2018")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"{site.address}{PRACTICE}/evaluation/framework")
    page.set_input_files("#measures-file", file)
    page.fill("#why-import", "分子项目评价")
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("status")).to_have_text("指标数据已导入为新版本")


def weigh(page: Page, address: str) -> None:
    """Tries a margin out on the page of weighting, without storing it."""
    page.goto(f"{address}{STATISTICS}/weighting?questionnaire=dibao-residents@2")
    page.select_option("#margin1_by", "audience")
    page.locator("button[name=list]").click()
    for place in (1, 2):
        page.fill(f"#margin1-{place}", str(place * 1000))
    page.locator(".plan-buttons button[name=preview]").click()
    expect(page.locator(".weights-summary")).to_be_visible()


def test_pages_fit_do_not_complain_please_axe_and_have_their_pictures(visits: Visits) -> None:
    drawn = {}
    for path in PAGES:
        visits.open(path)
        visits.widths_here(path)
        visits.axe_here(path, [LAPTOP])
        drawn[path] = visits.pictures(path)
    weigh(visits.page, visits.address)
    visits.widths_here("weighted")
    visits.axe_here("weighted", [LAPTOP])
    assert (visits.faults, visits.complaints) == ([], [])
    assert [path for path in WITH_PICTURES if not drawn[path]] == []


def test_pages_in_english_do_not_overflow_either(visits: Visits) -> None:
    """Last: the language stays with the person."""
    read_in_english(visits.page)
    for path in PAGES:
        visits.open(path)
        visits.widths_here(path)
        visits.pictures(path)
    weigh(visits.page, visits.address)
    visits.widths_here("weighted")
    assert (visits.faults, visits.complaints) == ([], [])


def test_all_tabs_stand_in_one_line_on_a_tablet_held_upright(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1180}, locale="zh-CN")
    page = site.log_in(context, "admin")
    for path in (STATISTICS + "/planning", f"{PRACTICE}/collect"):
        page.goto(site.address + path)
        tops = page.locator(".project-tab").evaluate_all("tabs => tabs.map(tab => tab.offsetTop)")
        assert len(tops) == 12
        assert len(set(tops)) == 1, path
    context.close()
