"""CSV: UTF-8 with BOM for Excel, one row per option, one heading row and nothing else.

The 合计 rows of the printed table are left out: each row is one answer. A mark 模拟数据 and the
remarks stand in a last column of their own, so that the file stays a plain table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from analysis import wording
from analysis.interval_methods import name_of
from analysis.reports.cells import defuse
from analysis.reports.lines import Line, lines
from analysis.reports.words import counts_line, label_of, level_text, word
from analysis.satisfaction import ScoreReport, ScoreRow
from analysis.table import Group, QuestionTable, SummaryTable

Value = str | int | Decimal | None


def render_csv(table: SummaryTable, language: str = "zh") -> bytes:
    grouped = table.grouped_by is not None
    columns = (*COLUMNS, *(WEIGHTED_COLUMNS if table.weighted else ()), *INTERVAL_COLUMNS)
    headings = [word(key, language) for key in (("group", *columns) if grouped else columns)]
    rows = (
        [*([label_of(group.label, language)] if grouped else []), *row]
        for group in table.groups
        for question in group.questions
        for row in _question_rows(question, group, table.interval, language)
    )
    return _file(headings, rows, _note(table.simulated, table.remarks, language), language)


def render_scores_csv(report: ScoreReport, language: str = "zh") -> bytes:
    headings = [word(key, language) for key in SCORE_COLUMNS]
    rows = (_score_row(row, language) for row in report.rows)
    return _file(headings, rows, _note(report.simulated, report.remarks, language), language)


def _question_rows(
    question: QuestionTable, group: Group, interval: str, language: str
) -> Iterator[list[Value]]:
    for line in lines(question, group.n, language):
        if line.role != "total":
            yield [
                question.number,
                question.code,
                question.text,
                word(question.kind, language),
                question.asked,
                question.answered,
                question.blank,
                question.base,
                *_line_values(line),
                *_weighted_values(line, question),
                *_interval_values(line, interval, language),
            ]


def _line_values(line: Line) -> list[Value]:
    return [
        line.code,
        line.label,
        line.count,
        _percent(line.share, line),
        _end(line.low, line),
        _end(line.high, line),
        wording.rounded(line.value),
    ]


def _weighted_values(line: Line, question: QuestionTable) -> list[Value]:
    if question.weighted_base is None:
        return []
    digits = WEIGHT_DIGITS
    return [
        wording.rounded(line.weighted, digits),
        wording.rounded(question.weighted_base, digits),
    ]


def _interval_values(line: Line, interval: str, language: str) -> list[Value]:
    """How the interval of this row was made, and its level; empty where it has none."""
    if line.low is None:
        return ["", ""]
    return ["t" if line.role == "statistic" else name_of(interval, language), level_text()]


def _percent(share: float | None, line: Line) -> str:
    return "" if line.role == "statistic" else wording.percent(share)


def _end(value: float | None, line: Line) -> Value:
    """Of a mean's interval the number itself, in the question's unit."""
    return wording.rounded(value) if line.role == "statistic" else wording.percent(value)


def _score_row(row: ScoreRow, language: str) -> list[Value]:
    score, plan = row.score, row.score.plan
    return [
        score.question,
        score.text,
        label_of(row.label, language),
        row.questionnaire,
        counts_line(score, language),
        score.base,
        score.excluded,
        wording.exact(score.index),
        wording.percent(score.rate),
        wording.exact(score.score),
        wording.number(score.score, plan.places),
        wording.exact(plan.points),
        wording.number(score.low, plan.places),
        wording.number(score.high, plan.places),
        plan.version,
        score.formula,
    ]


def _note(simulated: bool, remarks: Sequence[str], language: str) -> str:
    mark = [word("simulated_cell", language)] if simulated else []
    return "；".join([*mark, *remarks])


def _file(headings: list[str], rows: Iterable[Sequence[Value]], note: str, language: str) -> bytes:
    ending = [note] if note else []
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*headings, *([word("note", language)] if note else [])])
    writer.writerows([_cell(value) for value in (*row, *ending)] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    """Only texts can be mistaken for formulas; a negative number is a number."""
    return defuse(value) if isinstance(value, str) else value


COLUMNS = (
    "number",
    "code",
    "question",
    "kind",
    "asked",
    "answered",
    "blank",
    "base",
    "option_code",
    "option",
    "count",
    "share",
    "low",
    "high",
    "value",
)
WEIGHTED_COLUMNS = ("weighted_count", "weighted_base")
INTERVAL_COLUMNS = ("interval_method", "level")
WEIGHT_DIGITS = 6
SCORE_COLUMNS = (
    "code",
    "question",
    "group",
    "questionnaire",
    "counts",
    "base",
    "excluded",
    "index",
    "rate",
    "score",
    "score_printed",
    "points",
    "score_low",
    "score_high",
    "version",
    "formula",
)
