"""Audit, frozen datasets and report in a real browser: nothing overflows, files arrive."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.site_visits import Visits

NANCHONG, PRACTICE = "/projects/nanchong-2018", "/projects/practice"
PAGES = (
    f"{PRACTICE}/audit?report=own",
    f"{NANCHONG}/audit?report=nanchong-2018",
    f"{NANCHONG}/audit?report=clean-example",
    f"{NANCHONG}/datasets",
    f"{NANCHONG}/datasets/1",
    f"{NANCHONG}/report",
)


@pytest.fixture
def evaluator(context: BrowserContext, site: Site) -> Page:
    page = site.log_in(context, "evaluator")
    page.goto(f"{site.address}{NANCHONG}/datasets")
    page.get_by_label("说明").fill("报告送审稿")
    page.get_by_role("button", name="冻结现在的数据").click()
    expect(page.get_by_role("heading", name="数据集 1")).to_be_visible()
    return page


def test_no_page_overflows_or_complains_and_axe_finds_nothing(evaluator: Page, site: Site) -> None:
    visits = Visits(evaluator, site.address)
    visits.pages(PAGES)
    assert (visits.faults, visits.complaints) == ([], [])


def test_uploaded_report_gives_findings_and_a_file(evaluator: Page, site: Site) -> None:
    given = Path(__file__).parents[2] / "analysis/audit/reports/chenggong-2019.yaml"
    evaluator.goto(f"{site.address}{NANCHONG}/audit")
    evaluator.get_by_label("核对另一份报告").set_input_files(given)
    evaluator.get_by_role("button", name="核对", exact=True).click()
    expect(evaluator.locator(".finding").first).to_be_visible()
    shown = evaluator.locator(".finding").count()
    with evaluator.expect_download() as waiting:
        evaluator.get_by_role("button", name="JSON").click()
    found = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert len(found["findings"]) == shown > 0


def test_report_of_the_newest_dataset_arrives_as_a_word_file(evaluator: Page, site: Site) -> None:
    evaluator.goto(f"{site.address}{NANCHONG}/report")
    expect(evaluator.get_by_label("用哪份数据")).to_have_value("1")
    evaluator.get_by_label("评价机构").fill("某评价公司")
    with evaluator.expect_download() as waiting:
        evaluator.get_by_role("button", name="生成报告").click()
    assert waiting.value.suggested_filename.endswith(".docx")
    paragraphs = docx.Document(str(waiting.value.path())).paragraphs
    assert any("某评价公司" in paragraph.text for paragraph in paragraphs)
