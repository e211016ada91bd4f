"""Several sub-projects in one file: each scored on its own, all together as one score."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import docx
import openpyxl
import pytest
from small_frameworks import BANDS, framework, inputs, leaf
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


def two(first: Any, **more: Any) -> CombinedReport:
    """甲 with three quarters of the weight and 乙 with 50 of 50; A of 甲 is open, B is full."""
    manual = {"kind": "manual", "text": "评"}
    of = framework([leaf("A", 20, BANDS), leaf("B", 30, manual)], 50)
    full = {"B": {"score": 30, "reason": "评"}}
    parts = [
        {"name": "甲", "weight": 3, "measures": {"A": first, **full}},
        {"name": "乙", "weight": 1, "measures": {"A": {"value": "95%"}, **full}},
    ]
    report = evaluate(of, inputs(of, sub_projects=parts, **more))
    assert isinstance(report, CombinedReport)
    return report


def test_what_would_change_the_one_grade_is_told_with_its_sub_project() -> None:
    """89% earns 10 + 30 of 50, so 80; (3×80 + 100)/4 = 85. With 90% it is (3×100 + 100)/4 = 100,
    below 60% (3×60 + 100)/4 = 70; 乙 below 90% gives (3×80 + 80)/4 = 80, still 良."""
    told = two({"value": "89%"}).outlook
    assert told is not None
    assert (told.grade, told.better, told.to_better, told.to_worse) == ("良", "优", 5, 5)
    edges = [(e.there.part, e.distance, e.there.total, e.there.grade) for e in told.edges]
    assert edges == [
        ("甲", Fraction(1, 100), 100, "优"),
        ("甲", Fraction(29, 100), 70, "中"),
        ("乙", Fraction(5, 100), 80, "良"),
    ]
    assert [e.there.changes_grade for e in told.edges] == [True, True, False]


def test_the_one_score_is_told_with_every_ambiguous_ratio_read_down_and_up() -> None:
    """16 of 20 lies between 0.5 and 1: 甲 has 92, read down 80 and up 100."""
    report = two({"score": 16})
    told = report.outlook
    assert told is not None and report.combined.total == 94
    assert (told.lowest, told.grade_lowest) == (85, "良")
    assert (told.highest, told.grade_highest) == (100, "优")
    text = render_scorecard_text(report)
    assert "档次有歧义的指标全部就低：85（良）；全部就高：100（优）。" in text
    assert "甲：A 指标A：现为 16；就低 10 分，总分 85（良）；就高 20 分，总分 100（优）。" in text


def test_text_json_and_document_tell_what_would_change_the_one_grade() -> None:
    report = two({"value": "89%"})
    told = render_scorecard_text(report).split("=" * 60)[0]
    assert "什么会改变等级" in told and "距“优”还差 5 分。" in told
    assert "甲：A 指标A：距“90%≤x≤100%”一档 1 个百分点，届时得 20 分，总分 100（优）。" in told
    assert "5 points are missing to “excellent (优)”" in render_scorecard_text(report, "en")
    data = json.loads(render_scorecard_json(report))["outlook"]
    assert (data["better"], data["to_better"], data["to_worse"]) == ("优", 5, 5)
    assert (data["edges"][0]["sub_project"], data["edges"][0]["id"]) == ("甲", "A")
    document = docx.Document(io.BytesIO(render_scorecard_docx(report)))
    assert "距“优”还差 5 分。" in [paragraph.text for paragraph in document.paragraphs]


def test_of_one_scorecard_no_sub_project_is_named() -> None:
    of = framework([leaf("A", 10, BANDS)])
    data = json.loads(render_scorecard_json(evaluate(of, inputs(of, {"A": {"value": "89%"}}))))
    assert "sub_project" not in data["outlook"]["edges"][0]


def test_one_survey_of_two_equal_sub_projects_moves_both_at_once() -> None:
    """Whatever the weights, their one score has the ends that each has."""
    asked = [{"questionnaire": "own", "question": "q1", "options": ["A"]}]
    of = framework([leaf("A", 10, {"kind": "survey_share", "asked": asked, "scale": PROPORTIONAL})])
    surveys = [{"questionnaire": "own", "counts": {"q1": {"A": 79, "B": 21}}}]
    parts = [{"name": name, "weight": n, "surveys": surveys} for n, name in ((3, "甲"), (1, "乙"))]
    report = evaluate(of, inputs(of, sub_projects=parts))
    assert isinstance(report, CombinedReport) and report.outlook is not None
    alone = report.parts[0].outlook
    assert alone is not None and alone.chance is not None
    assert report.outlook.chance == tuple(end * 10 for end in alone.chance)


def test_of_many_edges_the_nearest_and_the_deciding_ones_are_listed() -> None:
    """13 sub-projects at 95% of 10 points: each edge costs 5 of 10, so 50/13 of 100."""
    of = framework([leaf("A", 10, BANDS)])
    parts = [
        {"name": f"子{n}", "weight": 1, "measures": {"A": {"value": "95%"}}} for n in range(13)
    ]
    report = evaluate(of, inputs(of, sub_projects=parts))
    told = render_scorecard_text(report).split("=" * 60)[0]
    assert told.count("个百分点") == 10
    assert "另有 3 处档次边界，见各子项目。" in told


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
    assert json.loads(render_scorecard_json(report))["outlook"] is None
    assert json.loads(render_scorecard_json(report))["total"] is None
    assert openpyxl.load_workbook(io.BytesIO(render_scorecard_xlsx(report)))
