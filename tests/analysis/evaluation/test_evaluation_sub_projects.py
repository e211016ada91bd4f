"""Several sub-projects in one file: each scored on its own, all together as one score."""

from __future__ import annotations

import io
import json
from typing import Any

import docx
import openpyxl
import pytest
from small_frameworks import framework, inputs, leaf
from spreadsheet_arithmetic import calculate

from analysis.evaluation.report import CombinedReport, ScorecardReport, evaluate
from analysis.reports.scorecard_excel import render_scorecard_xlsx
from analysis.reports.scorecard_json import render_scorecard_json
from analysis.reports.scorecard_text import render_scorecard_text
from analysis.reports.scorecard_word import render_scorecard_docx

PROPORTIONAL = {"kind": "proportional"}
# The sub-projects of 呈贡 2019; shares of ours: 3×95 + 2×90 + 2×92 + 2×97 + 1×87 = 930.
SCORES = {
    "城市低保": (3, "95%"),
    "涉诉救助": (2, "90%"),
    "临时救助": (2, "92%"),
    "特困供养": (2, "97%"),
    "精减退职": (1, "87%"),
}


def chenggong(**more: Any) -> CombinedReport:
    of = framework([leaf("A", 60, PROPORTIONAL), leaf("B", 40, PROPORTIONAL)], 100)
    parts = [
        {"name": name, "weight": weight, "measures": {"A": {"value": v}, "B": {"value": v}}}
        for name, (weight, v) in SCORES.items()
    ]
    given = inputs(of, title="呈贡区民政局", scheme="minfa-2016-242", sub_projects=parts, **more)
    report = evaluate(of, given)
    assert isinstance(report, CombinedReport)
    return report


def test_five_sub_projects_are_one_score_and_one_grade() -> None:
    combined = chenggong().combined
    assert combined.total == 93
    assert combined.grade is not None and combined.grade.name == "优秀"


def test_each_sub_project_has_a_report_of_its_own() -> None:
    report = chenggong()
    assert [(p.title, p.card.total) for p in report.parts] == [
        (name, int(value.rstrip("%"))) for name, (_, value) in SCORES.items()
    ]


def test_without_sub_projects_there_is_one_report() -> None:
    of = framework([leaf("A", 10, PROPORTIONAL)])
    assert isinstance(evaluate(of, inputs(of)), ScorecardReport)


def test_six_stated_projects_where_five_are_listed_is_told() -> None:
    (fault,) = chenggong(funds={"stated_items": 6}).fund_faults
    assert (fault.code, fault.details) == ("stated_items", {"stated": 6, "listed": 5})
    assert chenggong(funds={"stated_items": 5}).fund_faults == ()


def test_text_tells_the_one_score_and_every_part() -> None:
    text = render_scorecard_text(chenggong())
    assert "合并得分 93（93.00），等级：优秀；(3×95+2×90+2×92+2×97+1×87)/10 = 93" in text
    assert all(f"指标体系评分表　{name}" in text for name in SCORES)


def test_json_has_the_one_score_and_every_part() -> None:
    data = json.loads(render_scorecard_json(chenggong()))
    assert (data["total"], data["grade"]) == (93, "优秀")
    assert [part["total"] for part in data["sub_projects"]] == [95, 90, 92, 97, 87]
    brought = [part["contribution"] for part in data["sub_projects"]]
    assert brought == [28.5, 18, 18.4, 19.4, 8.7] and sum(brought) == pytest.approx(93)


def test_the_workbook_combines_the_totals_of_its_sheets() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_scorecard_xlsx(chenggong())))
    assert book.sheetnames == ["子项目合并得分", *SCORES]
    sheet = book.worksheets[0]
    found = calculate(book)
    last = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"][-3:]
    assert [found[sheet.title, cell.coordinate] for cell in last] == [
        10,
        pytest.approx(93),
        "优秀",
    ]


def test_the_document_has_the_one_score_and_every_scorecard() -> None:
    document = docx.Document(io.BytesIO(render_scorecard_docx(chenggong())))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == [
        *("城市低保", "3", "30.00%", "95", "28.5", "优秀"),
    ]
    titles = [paragraph.text for paragraph in document.paragraphs]
    assert all(f"指标体系评分表　{name}" in titles for name in SCORES)


def test_an_unfinished_sub_project_leaves_the_one_score_open() -> None:
    of = framework([leaf("A", 10, PROPORTIONAL)])
    report = evaluate(of, inputs(of, sub_projects=[{"name": "甲", "weight": 1}]))
    assert "暂不合并得分" in render_scorecard_text(report)
    assert json.loads(render_scorecard_json(report))["total"] is None
    assert openpyxl.load_workbook(io.BytesIO(render_scorecard_xlsx(report)))
