"""The report of several sub-projects (呈贡 2019): one total, and each part with its evidence."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from analysis.evaluation.load import read_framework
from analysis.evaluation.measure_files import read_inputs
from analysis.evaluation.report import CombinedReport, evaluate
from analysis.reports.evaluation_report import render_report
from analysis.reports.report_charts import with_charts
from analysis.reports.report_combined import combined_evidence
from analysis.reports.report_values import EvaluationReport

FRAMEWORK = {
    "slug": "two",
    "title": "两项指标",
    "points": 100,
    "scheme": "minfa-2016-242",
    "parts": [
        {
            "name": "产出",
            "points": 100,
            "parts": [
                {"id": "A", "name": "到位率", "points": 60, "rule": {"kind": "proportional"}},
                {"id": "B", "name": "及时率", "points": 40, "rule": {"kind": "proportional"}},
            ],
        }
    ],
}
SCORES = {"城市低保": (3, "95%"), "涉诉救助": (2, "90%"), "临时救助": (5, "92%")}
# 城市低保 of DOMAIN.md: 26.00 + 40.00 + 38.70 + 8.53 = 113.23, less 70.32 leaves 42.91.
FUNDS = {
    "items": [
        {
            "name": "城市低保金",
            "spent": "70.32",
            "sources": [
                {"level": str(n), "arrived": amount}
                for n, amount in enumerate(("26.00", "40.00", "38.70", "8.53"))
            ],
        }
    ]
}


def report(**changed: Any) -> EvaluationReport:
    framework = read_framework(FRAMEWORK, "two.yaml")
    parts: list[dict[str, Any]] = [
        {"name": name, "weight": weight, "measures": {"A": {"value": v}, "B": {"value": v}}}
        for name, (weight, v) in SCORES.items()
    ]
    parts[0] |= {"funds": FUNDS}
    parts[1] |= changed
    given = {"framework": "two", "sub_projects": parts}
    found = evaluate(framework, read_inputs(given, "m.yaml", framework))
    assert isinstance(found, CombinedReport)
    return EvaluationReport("呈贡区民政局项目", 2019, date(2026, 11, 21), combined=found)


def opened(found: EvaluationReport) -> Any:
    return docx.Document(io.BytesIO(render_report(found)))


def text_of(document: Any) -> str:
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs)


def table_under(document: Any, heading: str) -> list[list[str]]:
    """The first table whose heading row has this cell."""
    return next(
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
        if heading in [cell.text for cell in table.rows[0].cells]
    )


@pytest.fixture(scope="module")
def document() -> Any:
    return opened(report())


def plain(text: str) -> str:
    return re.sub(r"\[\d+\]", "", text)


def test_conclusion_is_the_one_total_and_grade_with_each_part(document: Any) -> None:
    """(3×95 + 2×90 + 5×92)/10 = 92.5."""
    text = plain(text_of(document))
    assert "合并得分92.50分（满分100分），评价等级为“优秀”" in text
    assert "涉诉救助：90.00分（百分制），等级为“优秀”，权重2。" in text
    assert "含3个子项目，分别评分后按权重合并：城市低保（30.00%）、涉诉救助（20.00%）" in text


def test_table_of_parts_adds_up_to_the_total(document: Any) -> None:
    rows = [[plain(cell) for cell in row] for row in table_under(document, "加权得分")]
    assert rows[1] == ["城市低保", "3", "30.00%", "95.00", "28.50", "优秀"]
    assert [row[4] for row in rows[1:]] == ["28.50", "18.00", "46.00", "92.50"]


def test_rounded_scores_of_parts_carry_the_note_on_their_sum(document: Any) -> None:
    """With weights 3, 1 and 5: 31.67 + 10 + 51.11 print as 92.78, and (285 + 90 + 460)/9 = 92.777…;
    with weights of 10 in all every score is printed whole."""
    note = "合计按未取舍的得分计算"
    assert note not in text_of(document)
    assert note in text_of(opened(report(weight=1)))


def test_every_part_has_its_scorecard_and_its_losses(document: Any) -> None:
    headings = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert sum("一级指标" in row for row in headings) == len(SCORES)
    assert sum("失分理由" in row for row in headings) == len(SCORES)
    assert "113.23" in text_of(document) and "42.91" in text_of(document)


def test_marks_of_the_same_indicator_lead_to_the_evidence_of_their_part(document: Any) -> None:
    evidence = table_under(document, "编号")
    told = {row[1]: row[2] for row in evidence[1:]}
    assert told["合并得分和等级"] == "(3×95+2×90+5×92)/10 = 92.5"
    assert told["城市低保：A 到位率"].endswith("57") and told["涉诉救助：A 到位率"].endswith("54")
    numbers = [row[0] for row in evidence[1:]]
    assert numbers == [f"[{n}]" for n in range(1, len(numbers) + 1)]
    assert "⟦" not in text_of(document)


def test_unfinished_part_leaves_the_conclusion_open_and_is_named() -> None:
    text = text_of(opened(report(measures={"A": {"value": "90%"}})))
    assert "【待补充：综合得分和评价等级；尚未评完的子项目：涉诉救助】" in text


def test_names_of_parts_make_no_marks() -> None:
    text = text_of(opened(report(name="⟦total⟧")))
    assert "[total]" in text and "⟦" not in text


def test_each_sub_project_has_a_picture_that_leads_to_its_own_total() -> None:
    drawn = with_charts(report())
    assert [picture.chart.title for picture in drawn.charts] == [
        f"{name}：各级指标得分情况" for name in SCORES
    ]
    assert "95" in drawn.charts[0].chart.alt
    document = opened(drawn)
    assert len(document.inline_shapes) == 3
    captions = [p.text for p in document.paragraphs if p.text.startswith("图3-")]
    assert [re.sub(r"\[?\d+\]?$", "", text) for text in captions] == [
        f"图3-{n}　{name}：各级指标得分情况" for n, name in enumerate(SCORES, start=1)
    ]
    assert {picture.key for picture in drawn.charts} <= set(combined_evidence(drawn))
