"""The answers to questions, however they were collected, as evaluations count them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.evaluation.messages import Fault
from analysis.plans import ScoringPlan
from analysis.table import OptionRow, QuestionTable
from analysis.tabulate import cell
from surveys.definition import Kind, Option, Question

Surveys = Mapping[str, Mapping[str, QuestionTable]]
"""Questionnaire slug -> question code -> its table for everybody who counts."""
Plans = Mapping[str, ScoringPlan]
"""`slug/question` -> the project's scoring plan."""


@dataclass(frozen=True)
class Counts:
    """The answers to one question: option code -> count; who chose one of `outside` (拒答) is not
    in the base of a share."""

    reference: str
    text: str
    counts: Mapping[str, int]
    asked: int
    answered: int
    blank: int
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surveyed:
    """What the survey says of one indicator.

    `estimate` is the share or the index (0..1), low and high are its interval, score_low and
    score_high that of the points. All are None where the base is 0.
    """

    counts: tuple[Counts, ...]
    base: int
    formula: str
    score: Fraction | None = None
    estimate: Fraction | None = None
    low: float | None = None
    high: float | None = None
    score_low: Fraction | None = None
    score_high: Fraction | None = None
    readings: tuple[Fraction, Fraction] | None = None
    plans: tuple[ScoringPlan, ...] = ()
    remarks: tuple[Fault, ...] = ()


class CannotScoreError(ValueError):
    """Why these answers give no score; `fault` says it."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.fault = Fault("", code, details)


def table_of(question: Question, counts: Mapping[str, int], blank: int = 0) -> QuestionTable:
    """A table from bare counts of a single choice, as if that many people had answered."""
    base = sum(counts.values())
    return QuestionTable(
        number=0,
        code=question.code,
        text=question.text,
        kind=question.kind,
        asked=base + blank,
        answered=base,
        blank=blank,
        base=base,
        rows=tuple(_row(option, counts.get(option.code, 0), base) for option in question.options),
        worst_first=question.worst_first,
    )


def question_of(table: QuestionTable) -> Question:
    """What a scoring plan must know of the question."""
    options = tuple(Option(code=r.code, text=r.text, meaning=r.meaning) for r in table.rows)
    return Question(
        code=table.code,
        text=table.text,
        kind=table.kind,
        options=options,
        worst_first=table.worst_first,
    )


def bare_question(code: str, options: Sequence[str]) -> Question:
    """A question of which nothing but the codes is known."""
    given = tuple(Option(code=option, text=option) for option in options)
    return Question(code=code, text=code, kind=Kind.SINGLE, options=given)


def _row(option: Option, count: int, base: int) -> OptionRow:
    return OptionRow(option.code, option.text, cell(count, base), option.meaning)
