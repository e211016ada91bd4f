"""The rows of satisfaction tables as files print them: one list of columns for all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from analysis import wording
from analysis.reports import satisfaction_words as words
from analysis.reports.words import label_of
from analysis.satisfaction_differences import Comparison
from analysis.satisfaction_estimates import GroupSatisfaction
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable

Shape = Literal["text", "count", "index", "share", "score", "points", "number", "p"]
Value = str | int | float | Decimal | None


@dataclass(frozen=True)
class Column:
    """`key` is that of its heading; `shape` says how its values are written."""

    key: str
    shape: Shape
    width: int
    value: Callable[[SatisfactionTable, GroupSatisfaction, str], Value]


@dataclass(frozen=True)
class DifferenceColumn:
    key: str
    shape: Shape
    width: int
    value: Callable[[Comparison, str], Value]


def group_rows(report: SatisfactionReport) -> Iterator[tuple[SatisfactionTable, GroupSatisfaction]]:
    for table in report.tables:
        for row in table.found.rows:
            yield table, row


def comparisons(report: SatisfactionReport) -> Iterator[tuple[str, Comparison, bool]]:
    """Which part of the report each comparison belongs to, and whether p is adjusted by Holm."""
    if report.chosen is not None:
        yield "differences", report.chosen, False
    for pair in report.pairs:
        yield "differences", pair, True
    for place, comparison in enumerate(report.years.comparisons if report.years else ()):
        yield "years", comparison, place > 0


def plain_text(value: Value, shape: Shape) -> str:
    """For files without number formats and for terminals; empty where there is no number."""
    if value is None:
        return ""
    return value if isinstance(value, str) else WRITTEN[shape](value)


def _own(name: str) -> Callable[[SatisfactionTable, GroupSatisfaction, str], Value]:
    def value(table: SatisfactionTable, row: GroupSatisfaction, language: str) -> Value:
        found: Value = getattr(row, name)
        return found

    return value


def _rank(end: int) -> Callable[[SatisfactionTable, GroupSatisfaction, str], Value]:
    return lambda table, row, language: row.ranks[end] if row.ranks else None


def _notes(table: SatisfactionTable, row: GroupSatisfaction, language: str) -> str:
    return words.word("semicolon", language).join(words.note_texts(row, language))


def _weights(table: SatisfactionTable, row: GroupSatisfaction, language: str) -> str:
    plan = table.found.plan
    return "  ".join(f"{code} {wording.weight(p)}" for code, p in plan.weights.items())


def _of_difference(get: Callable[[Any], float]) -> Callable[[Comparison, str], Value]:
    return lambda one, language: None if one.difference is None else get(one.difference)


def _of_rate(get: Callable[[Any], float | None]) -> Callable[[Comparison, str], Value]:
    return lambda one, language: None if one.rate is None else get(one.rate)


WRITTEN: Mapping[Shape, Callable[[Any], str]] = {
    "text": str,
    "count": wording.count,
    "index": wording.exact,
    "share": wording.percent,
    "score": wording.exact,
    "points": wording.exact,
    "p": lambda value: wording.exact(value, 6),
    "number": lambda value: wording.exact(value, 4),
}
COLUMNS = (
    Column("questionnaire", "text", 12, lambda table, row, language: table.questionnaire),
    Column("code", "text", 6, lambda table, row, language: table.found.question.code),
    Column("question", "text", 18, lambda table, row, language: table.found.question.text),
    Column("group", "text", 14, lambda table, row, language: label_of(row.label, language)),
    Column("n", "count", 7, _own("n")),
    Column("left_out", "count", 8, _own("left_out")),
    Column("units", "count", 8, _own("units")),
    Column("index", "index", 9, _own("index")),
    Column("index_low", "index", 9, _own("index_low")),
    Column("index_high", "index", 9, _own("index_high")),
    Column("margin_share", "share", 9, _own("margin")),
    Column("rate", "share", 9, _own("rate")),
    Column("rate_low", "share", 9, _own("rate_low")),
    Column("rate_high", "share", 9, _own("rate_high")),
    Column("score", "score", 9, _own("score")),
    Column("score_low", "points", 9, _own("low")),
    Column("score_high", "points", 9, _own("high")),
    Column("points", "points", 7, lambda table, row, language: table.found.plan.points),
    Column("deff", "number", 8, _own("deff")),
    Column("effective_n", "number", 8, _own("effective_n")),
    Column("rank_best", "count", 7, _rank(0)),
    Column("rank_worst", "count", 7, _rank(1)),
    Column("version", "count", 9, lambda table, row, language: table.found.plan.version),
    Column("weights_column", "text", 26, _weights),
    Column("notes_column", "text", 26, _notes),
)
DIFFERENCE_COLUMNS = (
    DifferenceColumn("first", "text", 20, lambda one, language: label_of(one.first, language)),
    DifferenceColumn("second", "text", 20, lambda one, language: label_of(one.second, language)),
    DifferenceColumn("difference_share", "share", 10, _of_difference(lambda d: d.value)),
    DifferenceColumn("difference_low", "share", 11, _of_difference(lambda d: d.interval.low)),
    DifferenceColumn("difference_high", "share", 11, _of_difference(lambda d: d.interval.high)),
    DifferenceColumn("t", "number", 9, _of_difference(lambda d: d.t)),
    DifferenceColumn("df", "number", 9, _of_difference(lambda d: d.df)),
    DifferenceColumn("p", "p", 9, _of_difference(lambda d: d.p)),
    DifferenceColumn("p_adjusted", "p", 12, _of_difference(lambda d: d.adjusted)),
    DifferenceColumn("rate_difference", "share", 10, _of_rate(lambda r: r.value)),
    DifferenceColumn("rate_difference_low", "share", 11, _of_rate(lambda r: r.interval.low)),
    DifferenceColumn("rate_difference_high", "share", 11, _of_rate(lambda r: r.interval.high)),
    DifferenceColumn("rate_p", "p", 9, _of_rate(lambda r: r.p)),
    DifferenceColumn("rate_p_adjusted", "p", 12, _of_rate(lambda r: r.adjusted)),
)
