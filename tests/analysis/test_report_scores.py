"""One score per question in a report, its plan beside it; losses by item; titles said once."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import read_inputs
from analysis.evaluation.report import evaluate
from analysis.loading import from_rows
from analysis.plans import default_plan
from analysis.reports.evaluation_report import render_report
from analysis.reports.report_values import EvaluationReport
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.table import QuestionTable, SummaryTable
from analysis.tabulate import summary_table
from surveys.catalogue import find
from surveys.sheets import read

NAME = "某县低保资金绩效评价"
DAY = date(2026, 11, 21)


def tabulated(slug: str, question: str, answers: str) -> SummaryTable:
    questionnaire = find(f"{slug}@1")
    lines = [f"id,{question}", *(f"{n},{a}" for n, a in enumerate(answers))]
    sheet = read("\n".join(lines).encode(), "s.csv", questionnaire)
    return summary_table(from_rows(questionnaire, sheet.rows), project=NAME)


def of_code(table: SummaryTable, code: str) -> QuestionTable:
    return next(q for q in table.groups[0].questions if q.code == code)


# (6+1×0.8+1×0.3)/8 = 0.8875 of the residents; (36+4×0.8)/40 = 0.98 of the cadres.
RESIDENTS = tabulated("dibao-residents", "q18", "AAAAAABC")
CADRES = tabulated("dibao-cadres", "q07", "A" * 36 + "B" * 4)
ASKED = ((RESIDENTS, "q18"), (CADRES, "q07"))


def report(name: str, measures: dict[str, Any] | None = None, **more: Any) -> EvaluationReport:
    """As the pages make it: the project's plans give each question 10 points in proportion."""
    framework = find_framework(name)
    given = {"framework": name, "measures": measures or {}} | more
    inputs = with_surveys(read_inputs(given, "m.yaml", framework))
    found = evaluate(framework, inputs)
    rows = []
    for table, code in ASKED:
        question = find(f"{table.slug}@1").by_code[code]
        made = score(default_plan(question, 10), of_code(table, code))
        rows.append(ScoreRow("全部", made, f"{table.slug}@1"))
    kind = "combined" if inputs.sub_projects else "scorecard"
    empty = EvaluationReport(NAME, 2026, DAY, tables=(RESIDENTS, CADRES))
    return replace(empty, scores=ScoreReport("", tuple(rows)), **{kind: found})


def with_surveys(inputs: Inputs) -> Inputs:
    surveys = {table.slug: {code: of_code(table, code)} for table, code in ASKED}
    subs = tuple(replace(sub, inputs=with_surveys(sub.inputs)) for sub in inputs.sub_projects)
    return replace(inputs, surveys=inputs.surveys or surveys, sub_projects=subs)


def printed(found: EvaluationReport) -> Any:
    return docx.Document(io.BytesIO(render_report(found)))


def text_of(document: Any) -> str:
    paragraphs = document.element.body.iter(qn("w:p"))
    text = "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs)
    return re.sub(r"\[\d+\]", "", text)


def rows_of(document: Any, *headings: str) -> list[list[str]]:
    """Those of the first table with these headings, without their marks."""
    for table in document.tables:
        rows = [[re.sub(r"\[\d+\]", "", c.text) for c in row.cells] for row in table.rows]
        if rows[0] == list(headings):
            return rows[1:]
    raise AssertionError(headings)


SCORES = ("题目", "应答基数", "指数", "满意率", "得分／分值")
PLANS = ("题目", "各选项 pᵢ", "方案")
EVIDENCE = ("编号", "数据", "计算", "来源")
LOSSES = ("指标", "分值", "得分", "失分理由")


def test_question_has_the_score_of_the_indicator_that_it_measures() -> None:
    """caiyu takes bands: 80% and more is 0.8 of 6 points, 90% and more all 4 points."""
    document = printed(report("caiyu-2020-10"))
    text = text_of(document)
    assert "满意度得分4.80分（分值6分）" in text and "即指标“群众满意度”的得分" in text
    assert "满意度得分4.00分（分值4分）" in text and "即指标“干部满意度”的得分" in text
    assert "8.88" not in text and "9.80" not in text and "分值10分" not in text
    assert [row[-1] for row in rows_of(document, *SCORES)] == ["4.80／6", "4.00／4"]


def test_plan_that_is_printed_is_the_one_that_was_used() -> None:
    document = printed(report("caiyu-2020-10"))
    for row in rows_of(document, *PLANS):
        assert "分档" in row[2] and "按比例" not in row[2]
    evidence = {row[1]: row for row in rows_of(document, *EVIDENCE)}
    source = evidence["D21 群众满意度"][3]
    assert "pᵢ：A 1.0  B 0.8  C 0.3  D 0" in source
    assert "方案版本：1" in source and "分档" in source


def test_typed_score_stays_beside_the_one_that_the_survey_gives() -> None:
    text = text_of(printed(report("caiyu-2020-10", {"D21": {"score": 6}})))
    assert "满意度得分4.80分（分值6分）" in text
    assert "即指标“群众满意度”按问卷重算的得分" in text


def test_question_that_is_one_of_several_of_an_indicator_has_no_score_of_its_own() -> None:
    document = printed(report("self-evaluation"))
    text = text_of(document)
    assert "满意度指数0.8875，满意率87.50%，应答基数8；指标“服务对象满意度”的得分见附件1。" in text
    assert "满意度得分" not in text.partition("附件")[0].replace("满意度得分\n", "")
    assert [row[-1] for row in rows_of(document, *SCORES)] == ["见附件1", "见附件1"]
    (evidence,) = (row for row in rows_of(document, *EVIDENCE) if row[1].startswith("q18 "))
    assert evidence[2].splitlines() == [
        "(6×1.0+1×0.8+1×0.3+0×0)/8 = 0.8875",
        "满意率＝(6+1)/8＝87.50%",
    ]


def test_sub_projects_with_the_same_indicator_have_one_score_of_the_question() -> None:
    parts = [{"name": name, "weight": 1, "measures": {}} for name in ("城市低保", "农村低保")]
    document = printed(report("caiyu-2020-10", sub_projects=parts))
    assert [row[-1] for row in rows_of(document, *SCORES)] == ["4.80／6", "4.00／4"]


def test_indicator_of_other_answers_is_told_apart() -> None:
    counts = {"q18": {"A": 95, "B": 5, "C": 0, "D": 0}}
    survey = {"questionnaire": "dibao-residents@1", "counts": counts}
    text = text_of(printed(report("caiyu-2020-10", surveys=[survey])))
    assert "指标“群众满意度”的得分出自另一组答卷，见附件1" in text


def test_evidence_tells_what_is_to_be_said_of_the_base() -> None:
    """Eight residents are few."""
    document = printed(report("caiyu-2020-10"))
    evidence = {row[1]: row for row in rows_of(document, *EVIDENCE)}
    assert "应答基数为 8，不足 30 份" in evidence["D21 群众满意度"][3]


@pytest.mark.parametrize(
    ("id_", "value", "reason"),
    [
        (
            "A11",
            {
                "符合国家法律法规、国民经济发展规划和相关政策": True,
                "与部门职责范围相符、属于部门履职所需": False,
                "属于公共财政支持范围、与同类项目不重复": 0.5,
            },
            "未满分：与部门职责范围相符、属于部门履职所需（0/1）；"
            "属于公共财政支持范围、与同类项目不重复（0.5/1）",
        ),
        ("B22", {"档案资料不齐全或未及时归档（处）": 3}, "档案资料不齐全或未及时归档（处）×3"),
    ],
)
def test_reason_of_a_loss_is_what_was_found_and_no_sum(id_: str, value: Any, reason: str) -> None:
    found = report("caiyu-2020-10", {id_: {"value": value}})
    assert found.scorecard is not None
    name = found.scorecard.card.by_id[id_].leaf.name
    reasons = {row[0]: row[3] for row in rows_of(printed(found), *LOSSES)}
    assert reasons[name] == reason


def test_name_of_the_project_is_not_said_again_above_each_questionnaire() -> None:
    document = printed(report("caiyu-2020-10"))
    captions = [p.text for p in document.paragraphs if p.text.endswith(RESIDENTS.title)]
    assert RESIDENTS.title in captions
    assert not any(caption.startswith(NAME) for caption in captions)


def test_rows_of_evidence_are_not_kept_on_one_page_however_few() -> None:
    document = printed(report("caiyu-2020-10"))
    (evidence,) = (t for t in document.tables if t.rows[0].cells[0].text == EVIDENCE[0])
    assert 2 < len(evidence.rows) < 20
    for row in evidence.rows[1:]:
        assert not row.cells[3].paragraphs[0].paragraph_format.keep_with_next
