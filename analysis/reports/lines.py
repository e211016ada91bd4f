"""The printed lines of one question, the same in every format; and how wide a text is."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analysis import wording
from analysis.reports.words import in_brackets, word
from analysis.table import QuestionTable
from surveys.definition import CHOICES, Kind

Role = Literal["option", "total", "state", "statistic"]


@dataclass(frozen=True)
class Line:
    """One row under a question. A statistic has a `value` in the question's unit, as are `low` and
    `high` of a mean, and no count."""

    role: Role
    code: str
    label: str
    count: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    weighted: float | None = None
    """Sum of the weights of the responses counted, in a weighted table."""


def lines(question: QuestionTable, n: int, language: str = "zh") -> tuple[Line, ...]:
    """Options in their order, then the total; other kinds open with how many answered.

    `n` is the number of responses of the group: where it differs from those who answered, the
    total says how many were asked, answered and left it blank.
    """
    options = tuple(_options(question))
    if question.kind in CHOICES:
        return (*options, _total(question, n, language))
    return (_state(question, n, language), *options, *_statistics(question, language))


def number_span(line: Line) -> str:
    """Both ends of a mean's interval: `731.20–893.80`; nothing where there is none."""
    if line.low is None or line.high is None:
        return ""
    return f"{wording.number(line.low)}–{wording.number(line.high)}"


def display_width(text: str) -> int:
    """Columns of a terminal or character widths of a cell: a Chinese character takes two."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def rows_needed(text: str, width: float) -> int:
    """Rows that the text takes in a column of this many character widths."""
    return sum(max(1, math.ceil(display_width(part) / width)) for part in text.split("\n"))


def padded(text: str, width: int, *, right: bool = False) -> str:
    gap = " " * max(0, width - display_width(text))
    return gap + text if right else text + gap


def _options(question: QuestionTable) -> Iterator[Line]:
    for row in question.rows:
        cell = row.cell
        yield Line(
            role="option",
            code=row.code,
            label=row.label,
            count=cell.count,
            share=cell.share,
            low=cell.low,
            high=cell.high,
            weighted=cell.weighted_count,
        )


def _total(question: QuestionTable, n: int, language: str) -> Line:
    count = sum(row.cell.count for row in question.rows)
    remarks = [word("mentions", language)] if question.kind is Kind.MULTIPLE else []
    label = _with_remarks(word("total", language), remarks, question, n, language)
    weighted = [row.cell.weighted_count or 0.0 for row in question.rows]
    return _counted("total", label, count, math.fsum(weighted), question)


def _state(question: QuestionTable, n: int, language: str) -> Line:
    label = _with_remarks(word("answered", language), [], question, n, language)
    return _counted("state", label, question.answered, question.weighted_answered or 0.0, question)


def _counted(role: Role, label: str, count: int, weighted: float, question: QuestionTable) -> Line:
    """A row whose share follows from its count, or in a weighted table from its sum of weights."""
    if question.weighted_base is None:
        return Line(role, "", label, count, count / question.base if question.base else None)
    share = weighted / question.weighted_base if question.weighted_base else None
    return Line(role, "", label, count, share, weighted=weighted)


def _with_remarks(
    label: str, remarks: list[str], question: QuestionTable, n: int, language: str
) -> str:
    if question.answered != n:
        states = {"asked": question.asked, "answered": question.answered, "blank": question.blank}
        remarks = [*remarks, word("states", language, **states)]
    told = word("semicolon", language).join(remarks)
    return label + in_brackets(told, language) if remarks else label


def _statistics(question: QuestionTable, language: str) -> Iterator[Line]:
    unit = in_brackets(question.unit, language) if question.unit else ""
    found = question.statistics
    low, high = found.get("mean_low"), found.get("mean_high")
    for name, value in found.items():
        if name == "mean":
            yield Line("statistic", name, word(name, language) + unit, None, None, low, high, value)
        elif name not in ("mean_low", "mean_high"):
            yield Line("statistic", name, word(name, language) + unit, value=value)
