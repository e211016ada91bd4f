"""The pages for evaluators in a real browser: numbers change, files arrive, nothing overflows."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import config
from app import create_app
from app.services import demo, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.responses import Submission, receive
from surveys.definition import Audience
from tests.app.filled import RESIDENTS, answers
from tests.browser.site_visits import LAPTOP, SIZES, Visits
from tests.conftest import NOW
from tests.served import serving

PHONE = (390, 844)
PRACTICE = "/projects/practice"


@dataclass(frozen=True)
class Site:
    """Both demonstration projects; the practice one has a second content and a rule breaker."""

    address: str
    password: str
    conflict: str
    faulty: str

    @property
    def pages(self) -> tuple[str, ...]:
        return (
            "/projects/nanchong-2018/overview",
            "/projects/nanchong-2018/summary",
            "/projects/nanchong-2018/scores",
            f"{PRACTICE}/overview",
            f"{PRACTICE}/summary?by=audience",
            f"{PRACTICE}/scores?by=area",
            f"{PRACTICE}/plans/{RESIDENTS}/q18",
            f"{PRACTICE}/responses",
            f"{PRACTICE}/queue",
            f"{PRACTICE}/responses/{self.conflict}",
            f"{PRACTICE}/responses/{self.faulty}/correction",
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = config.load({"MANYI_DATA_DIR": str(tmp_path_factory.mktemp("site"))})
    app = create_app(settings, clock=lambda: NOW)
    database = app.extensions["manyi.database"]
    database.migrate()
    with database.writing() as session:
        accounts = demo.load(session, NOW)
        project = projects.find(session, COMMAND_LINE, "practice")
        published = questionnaires.find(session, project, RESIDENTS)
        given = ({}, {"q18": "A"}, {"q18": "D"})
        receipts = [
            receive(session, NOW, COMMAND_LINE, project, published, submission)
            for submission in map(_submission, (1, 2, 2), given)
        ]
    password = next(a.password for a in accounts if a.username == "evaluator")
    with serving(app) as address:
        yield Site(address, password, str(receipts[1].id), str(receipts[0].id))
    database.close()


def _submission(number: int, given: dict[str, str]) -> Submission:
    """Whole answers where any are given, else nothing but blanks."""
    whole = answers(number, **given) if given else {}
    return Submission(uuid.UUID(int=number), Audience.RECIPIENT, None, whole)


@pytest.fixture
def evaluator(page: Page, site: Site) -> Page:
    page.goto(f"{site.address}/login")
    page.get_by_label("账号").fill("evaluator")
    page.get_by_label("密码").fill(site.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site.address}/")
    return page


def test_pages_fit_please_axe_do_not_complain_or_ask_another_host(
    evaluator: Page, site: Site
) -> None:
    visits = Visits(evaluator, site.address)
    for address in site.pages:
        visits.open(address)
        visits.widths_here(address, (*SIZES, PHONE))
        visits.axe_here(address, [LAPTOP])
    assert (visits.faults, visits.complaints) == ([], [])


def test_numbers_in_a_column_end_at_the_same_place(evaluator: Page, site: Site) -> None:
    evaluator.goto(f"{site.address}/projects/nanchong-2018/summary")
    ends = """() => [...document.querySelectorAll('.summary-table tr.total, .summary-table tr')]
      .map(row => row.querySelectorAll('td.num')[1]).filter(Boolean).map(cell => {
        const range = document.createRange(); range.selectNodeContents(cell);
        return Math.round(range.getBoundingClientRect().right * 10) / 10; })"""
    assert len(set(evaluator.evaluate(ends))) == 1


def test_changed_scoring_plan_changes_the_score(evaluator: Page, site: Site) -> None:
    evaluator.goto(f"{site.address}/projects/nanchong-2018/scores")
    expect(evaluator.get_by_text("/100×3 = 2.877")).to_be_visible()
    evaluator.get_by_role("link", name="修改计分方案").first.click()
    evaluator.get_by_role("button", name="四级 1/0.8/0.5/0").click()
    expect(evaluator.get_by_label("C.不太满意")).to_have_value("0.5")
    expect(evaluator.get_by_text("/100×3 = 2.895")).to_be_visible()
    evaluator.get_by_label("修改理由").fill("试用另一套分值")
    evaluator.get_by_role("button", name="保存为新版本").click()
    expect(evaluator.get_by_text("计分方案已保存为新版本")).to_be_visible()
    expect(evaluator.get_by_role("cell", name="试用另一套分值")).to_be_visible()
    evaluator.goto(f"{site.address}/projects/nanchong-2018/scores")
    expect(evaluator.get_by_text("/100×3 = 2.895")).to_be_visible()


def test_enter_in_a_field_of_the_plan_tries_it_out_and_saves_nothing(
    evaluator: Page, site: Site
) -> None:
    evaluator.goto(f"{site.address}{PRACTICE}/plans/{RESIDENTS}/q18")
    evaluator.get_by_label("B.比较满意", exact=True).fill("0.7")
    evaluator.locator("input[name=points]").press("Enter")
    expect(evaluator.get_by_label("B.比较满意", exact=True)).to_have_value("0.7")
    expect(evaluator.get_by_text("现用第 1 版").first).to_be_visible()


def test_file_is_downloaded_with_a_chinese_name_and_the_filters(
    evaluator: Page, site: Site
) -> None:
    evaluator.goto(f"{site.address}{PRACTICE}/summary")
    evaluator.locator("select[name=area]").select_option(label="东城区")
    evaluator.get_by_role("button", name="查看").click()
    with evaluator.expect_download() as waiting:
        evaluator.get_by_role("link", name="CSV").click()
    name = waiting.value.suggested_filename
    assert name.startswith("模拟数据_练习_调查问卷汇总表") and "东城区" in name
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    first = next(csv.DictReader(io.StringIO(content)))
    expect(evaluator.locator(".summary-table .states b").first).to_have_text(
        f"应答基数 {first['应答基数']}"
    )


def test_excluding_a_response_changes_the_score_as_announced(evaluator: Page, site: Site) -> None:
    evaluator.goto(f"{site.address}{PRACTICE}/responses/{site.conflict}")
    form = evaluator.locator("form", has=evaluator.get_by_role("heading", name="剔除"))
    announced = form.locator(".effects td").nth(1).inner_text()
    form.get_by_label("理由").fill("重复访问")
    form.get_by_role("button", name="剔除").click()
    expect(evaluator.get_by_text("已剔除")).to_be_visible()
    evaluator.goto(f"{site.address}{PRACTICE}/overview")
    card = evaluator.locator(".score-card", has_text=RESIDENTS)
    expect(card.locator("strong")).to_have_text(announced)
