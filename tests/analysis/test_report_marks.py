"""Every computed number of a report leads to its evidence, and every evidence is led to."""

from __future__ import annotations

import copy
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from marked_numbers import (
    CAPTION,
    blocks,
    leads_to_evidence,
    marks_and_targets,
    unmarked_numbers,
)
from test_combined_report import FRAMEWORK

from analysis.evaluation.load import find_framework, read_framework
from analysis.evaluation.measure_files import find_inputs, read_inputs
from analysis.evaluation.report import evaluate
from analysis.loading import from_rows
from analysis.plans import default_plan
from analysis.reports.evaluation_report import render_report
from analysis.reports.report_charts import with_charts
from analysis.reports.report_collected import Collected
from analysis.reports.report_values import Dataset, EvaluationReport
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.tabulate import summary_table
from surveys.catalogue import find
from surveys.sheets import read

DAY = date(2026, 11, 21)
REMARK = "样本按3个区抽取，共10份。"
PARTS = (("城市低保", 3, "95%"), ("涉诉救助", 2, "90%"), ("临时救助", 1, "92%"))
FUNDS = {
    "items": [
        {
            "name": "救助金",
            "sources": [
                {"level": "中央", "planned": "40", "arrived": "40", "spent": "25"},
                {"level": "省级", "planned": "10.5", "arrived": "9.25", "spent": "5.43"},
            ],
        }
    ]
}


def surveyed() -> EvaluationReport:
    """Ten cadres, nine of whom are 非常满意; six of ten forms came back in another group."""
    questionnaire = find("dibao-cadres@1")
    lines = ["id,q07,q04", *(f"{n},{'B' if n == 9 else 'A'},A" for n in range(10))]
    sheet = read("\n".join(lines).encode(), "cadres.csv", questionnaire)
    table = summary_table(from_rows(questionnaire, sheet.rows), project="试点")
    asked = next(q for q in table.groups[0].questions if q.code == "q07")
    plan = default_plan(questionnaire.by_code["q07"], Decimal(3))
    return EvaluationReport(
        "城乡低保补助资金",
        2026,
        DAY,
        remarks=(REMARK,),
        dataset=Dataset(4, "ab" * 32, 10, DAY, scorecard=2),
        collected=(Collected("干部", 12, 10, 10), Collected("低保户", 0, 6, 5)),
        tables=(table,),
        scores=ScoreReport("", (ScoreRow("全部", score(plan, asked), "dibao-cadres@1"),)),
    )


def published() -> EvaluationReport:
    framework = find_framework("nanchong-2018")
    inputs = find_inputs("nanchong-2018", framework)
    return replace(surveyed(), scorecard=evaluate(framework, inputs))


def combined() -> EvaluationReport:
    framework = read_framework(FRAMEWORK, "two.yaml")
    parts = [
        {
            "name": name,
            "weight": weight,
            "measures": {"A": {"value": value}, "B": {"value": "33.3%"}},
            "funds": FUNDS,
        }
        for name, weight, value in PARTS
    ]
    inputs = read_inputs({"framework": "two", "sub_projects": parts}, "m.yaml", framework)
    return replace(surveyed(), combined=evaluate(framework, inputs))


def unfinished() -> EvaluationReport:
    framework = find_framework("self-evaluation")
    given = {"framework": framework.slug, "measures": {"S21": {"value": "95%"}}, "funds": FUNDS}
    inputs = read_inputs(given, "m.yaml", framework)
    return replace(surveyed(), dataset=None, scorecard=evaluate(framework, inputs))


REPORTS = {made.__name__: made for made in (surveyed, published, combined, unfinished)}


@pytest.fixture(scope="module", params=REPORTS)
def document(request: pytest.FixtureRequest) -> Any:
    return opened(REPORTS[request.param]())


def opened(report: EvaluationReport) -> Any:
    return docx.Document(io.BytesIO(render_report(with_charts(report))))


def test_every_computed_number_has_a_mark(document: Any) -> None:
    assert unmarked_numbers(document, REMARK) == []


def test_marks_lead_to_the_rows_of_the_annex_and_no_row_is_without_mark(document: Any) -> None:
    marks, targets = marks_and_targets(document)
    assert marks == targets != set()


def test_published_report_has_both_totals_and_what_differs() -> None:
    """So that the two tests above have gone over them."""
    text = "".join(t.text or "" for t in opened(published()).element.body.iter(qn("w:t")))
    assert "按问卷重算，总得分为" in text and "各项差异如下" in text


def test_number_that_lost_its_mark_is_found(document: Any) -> None:
    """The marks of each paragraph and each table in turn; a chart has its numbers in a picture."""
    unnoticed = []
    for block, style in blocks(document):
        links = [link for link in block.iter(qn("w:hyperlink")) if leads_to_evidence(link)]
        text = "".join(t.text or "" for t in block.iter(qn("w:t")))
        if not links or (style == CAPTION and text.startswith("图3-")):
            continue
        whole = copy.deepcopy(block)
        for link in links:
            link.getparent().remove(link)
        if not unmarked_numbers(document, REMARK):
            unnoticed.append(text)
        block.getparent().replace(block, whole)
    assert unnoticed == []
