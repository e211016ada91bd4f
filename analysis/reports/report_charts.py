"""The charts of a report, drawn from the very values that its tables print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.charts import option_bars, scale_bars, scorecard_bars
from analysis.evaluation.report import CombinedReport
from analysis.reports.report_values import EvaluationReport, Picture, table_key
from analysis.table import QuestionTable, SummaryTable
from surveys.definition import Kind

MOST = 30
"""Pictures in one report; a questionnaire may have hundreds of questions."""
OF_LEVELS = "数据见各级指标得分情况表和附件1。"
OF_QUESTIONS = "数据见附件2问卷{reference}第{numbers}题。"


def with_charts(report: EvaluationReport) -> EvaluationReport:
    """The report with 图3-1 and the pictures of its survey; without figures it has none."""
    return replace(report, charts=tuple(_pictures(report))[:MOST])


def _pictures(report: EvaluationReport) -> Iterator[Picture]:
    if report.scorecard is not None:
        chart = scorecard_bars(report.scorecard, simulated=report.simulated)
        yield Picture(chart, "total", OF_LEVELS)
    if report.combined is not None:
        yield from _of_parts(report, report.combined)
    for table in report.tables:
        for picture in _of_table(report, table):
            if not picture.chart.is_empty:
                yield picture


def _of_parts(report: EvaluationReport, found: CombinedReport) -> Iterator[Picture]:
    """One for each sub-project, under its name; its mark leads to the evidence of its total."""
    both = zip(found.combined.parts, found.parts, strict=True)
    for number, (part, card) in enumerate(both, start=1):
        chart = scorecard_bars(card, simulated=report.simulated)
        yield Picture(
            replace(chart, title=f"{part.name}：{chart.title}"), f"{number}:total", OF_LEVELS
        )


def _of_table(report: EvaluationReport, table: SummaryTable) -> Iterator[Picture]:
    """How each satisfaction question was judged, then each multiple choice."""
    if not table.groups:
        return
    reference = f"{table.slug}@{table.version}"
    key = table_key(table, table.groups[0].label)
    questions = table.groups[0].questions
    judged = [q for q in questions if q.rows and _is_judgement(report, reference, q)]
    if judged:
        yield Picture(scale_bars(judged, simulated=table.simulated), key, _told(reference, *judged))
    for question in questions:
        if question.kind is Kind.MULTIPLE:
            chart = option_bars(question, simulated=table.simulated)
            yield Picture(chart, key, _told(reference, question))


def _is_judgement(report: EvaluationReport, reference: str, question: QuestionTable) -> bool:
    """A scale, or a single choice whose options a scoring plan has put into an order."""
    planned = (row.score.question for row in report.scores.rows if row.questionnaire == reference)
    return question.kind is Kind.SCALE or question.code in planned


def _told(reference: str, *questions: QuestionTable) -> str:
    numbers = "、".join(str(question.number) for question in questions)
    return OF_QUESTIONS.format(reference=reference, numbers=numbers)
