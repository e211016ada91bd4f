"""Charts in Word files: 图3-1 and those of the survey, with caption, mark and text alternative."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from drawn import question

from analysis.charts import Dot, area_dots
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.report import ScorecardReport, evaluate
from analysis.plans import default_plan
from analysis.reports.evaluation_report import render_report
from analysis.reports.report_charts import MOST, with_charts
from analysis.reports.report_values import Chart, EvaluationReport, Picture, mark
from analysis.reports.scorecard_word import render_scorecard_docx
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.table import Group, SummaryTable
from surveys.catalogue import find
from surveys.definition import Kind

EMPTY = EvaluationReport("城乡低保补助资金", 2026, date(2026, 11, 21))
CADRES = find("dibao-cadres@1")


@pytest.fixture(scope="module")
def scored() -> ScorecardReport:
    framework = find_framework("nanchong-2018")
    found = evaluate(framework, find_inputs("nanchong-2018", framework))
    assert isinstance(found, ScorecardReport)
    return found


@pytest.fixture(scope="module")
def report(scored: ScorecardReport) -> EvaluationReport:
    satisfied = question((15, 5, 0, 0), kind=Kind.SINGLE, code="q07", text="您是否满意？")
    ways = question((9, 4), ("电视", "公开栏"), Kind.MULTIPLE, base=10, code="q04", text="途径？")
    nobody = question((0, 0), ("电视", "公开栏"), Kind.MULTIPLE, code="q05", text="没人答")
    table = SummaryTable(
        "dibao-cadres",
        1,
        "干部问卷",
        "answered",
        20,
        (Group("全部", 20, (satisfied, ways, nobody)),),
    )
    plan = default_plan(CADRES.by_code["q07"], Decimal(3))
    row = ScoreRow("全部", score(plan, satisfied), "dibao-cadres@1")
    scores = ScoreReport("", (row,))
    return with_charts(replace(EMPTY, tables=(table,), scores=scores, scorecard=scored))


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def test_report_has_the_scorecard_then_the_judgements_then_the_multiple_choices(
    report: EvaluationReport,
) -> None:
    assert [one.chart.title for one in report.charts] == [
        "各级指标得分情况",
        "您是否满意？",
        "途径？",
    ]


def test_captions_are_numbered_and_marked_and_say_where_the_numbers_stand(
    report: EvaluationReport,
) -> None:
    lines = [paragraph.text for paragraph in opened(render_report(report)).paragraphs]
    at = next(place for place, line in enumerate(lines) if line.startswith("图3-1"))
    shown = lines[at : at + 9]
    assert re.fullmatch(r"图3-1　各级指标得分情况(\[\d+\])?", shown[0])
    assert shown[1] == "数据见各级指标得分情况表和附件1。"
    captions = [re.sub(r"\[\d+\]", "", line) for line in lines if line.startswith("图3-")]
    assert captions == ["图3-1　各级指标得分情况", "图3-2　您是否满意？", "图3-3　途径？"]
    assert "数据见附件2干部问卷第1题。" in lines


def test_every_caption_leads_to_its_evidence(report: EvaluationReport) -> None:
    document = opened(render_report(report))
    captions = [p for p in document.paragraphs if p.text.startswith("图3-")]
    links = [list(p._p.iter(qn("w:hyperlink"))) for p in captions]
    assert [len(found) for found in links] == [1, 1, 1]
    known = {s.get(qn("w:name")) for s in document.element.body.iter(qn("w:bookmarkStart"))}
    assert {found[0].get(qn("w:anchor")) for found in links} <= known


def test_pictures_have_their_text_alternative_and_three_hundred_dots(
    report: EvaluationReport,
) -> None:
    shapes = opened(render_report(report)).inline_shapes
    told = [shape._inline.docPr.get("descr") for shape in shapes]
    assert told == [one.chart.alt for one in report.charts]
    assert "总得分88.38分" in told[0] and "非常满意、比较满意合计100.00%" in told[1]
    assert all(shape.width == Cm(15) for shape in shapes)


def test_picture_and_its_caption_stay_on_one_page(report: EvaluationReport) -> None:
    paragraphs = opened(render_report(report)).paragraphs
    for before, after in pairwise(paragraphs):
        if after.text.startswith("图3-"):
            assert before.paragraph_format.keep_with_next
            assert after.paragraph_format.keep_with_next


def test_report_without_figures_has_no_pictures() -> None:
    assert with_charts(EMPTY).charts == ()
    assert not opened(render_report(with_charts(EMPTY))).inline_shapes


def test_same_report_has_the_same_pictures(report: EvaluationReport) -> None:
    files = [render_report(report), render_report(with_charts(report))]
    pictures = [[part.blob for part in opened(file).part.package.image_parts] for file in files]
    assert pictures[0] == pictures[1] and len(pictures[0]) == 3


def test_titles_and_alternatives_of_others_make_no_marks() -> None:
    chart = area_dots([Dot("⟦total⟧", 1.0, 0.5, 1.5, 9)], title="{{ 7*7 }}⟦total⟧\x07")
    text = "\n".join(
        paragraph.text
        for paragraph in opened(render_report(replace(EMPTY, charts=(Picture(chart),)))).paragraphs
    )
    assert "图3-1　{{ 7*7 }}[total]" in text


def test_picture_that_is_too_high_for_the_page_is_made_smaller() -> None:
    dots = [Dot(f"第{n}村", 1.0, 0.5, 1.5, 40) for n in range(120)]
    chart: Chart = area_dots(dots, title="各村得分")
    (shape,) = opened(render_report(replace(EMPTY, charts=(Picture(chart),)))).inline_shapes
    assert shape.height == Cm(21) and shape.width < Cm(15)


def test_number_of_pictures_is_bounded() -> None:
    asked = tuple(
        question((9, 4), ("甲", "乙"), Kind.MULTIPLE, base=10, code=f"q{n}") for n in range(50)
    )
    table = SummaryTable("x", 1, "问卷", "answered", 10, (Group("全部", 10, asked),))
    assert len(with_charts(replace(EMPTY, tables=(table,))).charts) == MOST


def test_scorecard_file_has_its_picture_in_both_languages(scored: ScorecardReport) -> None:
    for language, told in (("zh", "总得分88.38分"), ("en", "Total 88.38 of 100 points")):
        (shape,) = opened(render_scorecard_docx(scored, language)).inline_shapes
        assert told in shape._inline.docPr.get("descr")


def test_marks_of_pictures_are_those_of_the_tables(report: EvaluationReport) -> None:
    assert [mark(one.key) for one in report.charts] == [
        "⟦total⟧",
        "⟦table:dibao-cadres@1:全部⟧",
        "⟦table:dibao-cadres@1:全部⟧",
    ]
