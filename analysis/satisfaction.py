"""Satisfaction: index (Σnᵢpᵢ/Σnᵢ), rate (share of the top options) and score (points earned).

Arithmetic is exact (fractions of the plan's decimal numbers); nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis import wording
from analysis.estimate import Interval, index_interval
from analysis.messages import Remark
from analysis.plan_files import read_plan
from analysis.plans import (
    PRESETS,
    PlanError,
    ScoringPlan,
    Treatment,
    default_plan,
    plan_faults,
    points_of,
    presets_for,
)
from analysis.points import POINT_RULES
from analysis.table import QuestionTable
from surveys.definition import Meaning

__all__ = [
    "PRESETS",
    "PlanError",
    "Score",
    "ScoreReport",
    "ScoreRow",
    "ScoringPlan",
    "Term",
    "Weighing",
    "default_plan",
    "plan_faults",
    "presets_for",
    "read_plan",
    "score",
]

MUCH_DONT_KNOW = Fraction(5, 100)
BLANK = "blank"


@dataclass(frozen=True)
class Term:
    """One kind of answer with its nᵢ and pᵢ; `weight` is None where it is left out of the base.

    `code` is the option's, or "blank" for those who left the question unanswered.
    """

    code: str
    text: str
    count: int
    weight: Decimal | None
    meaning: str | None = None
    weighted: Decimal | None = None
    """Σ of the weights of the responses counted, where responses are weighted."""

    @property
    def amount(self) -> int | Decimal:
        """What the index is made of: Σ of the weights, else the count."""
        return self.count if self.weighted is None else self.weighted


@dataclass(frozen=True)
class Weighing:
    """What weights make of a score: Σ of the weights per option code (and "blank"), and the
    interval of the index under the sample's design (None where there is none)."""

    sums: Mapping[str, Decimal]
    interval: Interval | None


@dataclass(frozen=True)
class Score:
    """The result of one plan for one question and one group of responses.

    index and rate are 0..1, score is in points; all three are None where the base is 0. low and
    high are the 95% interval of the score, index_low and index_high (0..1) that of the index.
    """

    question: str
    text: str
    plan: ScoringPlan
    terms: tuple[Term, ...]
    base: int
    excluded: int
    index: Decimal | None
    rate: Decimal | None
    score: Decimal | None
    low: float | None
    high: float | None
    index_low: float | None
    index_high: float | None
    formula: str
    warnings: tuple[Remark, ...] = ()

    @property
    def points(self) -> Decimal:
        return self.plan.points

    @property
    def weighted(self) -> bool:
        return any(term.weighted is not None for term in self.terms)

    @property
    def base_amount(self) -> int | Decimal:
        """The denominator of the index: Σ of the weights in the base, else `base`."""
        return _amount(term for term in self.terms if term.weight is not None)

    @property
    def excluded_amount(self) -> int | Decimal:
        return _amount(term for term in self.terms if term.weight is None)

    @property
    def counts(self) -> dict[str, int]:
        """Option code -> nᵢ, in the question's order; the blanks are not among them."""
        return {term.code: term.count for term in self.terms if term.code != BLANK}

    @property
    def blank(self) -> int:
        return sum(term.count for term in self.terms if term.code == BLANK)

    @property
    def excluded_by(self) -> dict[str, int]:
        """Option code (or "blank") -> how many were left out of the base."""
        return {term.code: term.count for term in self.terms if term.weight is None}


@dataclass(frozen=True)
class ScoreRow:
    """A score with the group it is for (全部, 低保户, a district …) and its questionnaire."""

    label: str
    score: Score
    questionnaire: str = ""


@dataclass(frozen=True)
class ScoreReport:
    """满意度得分 of one project as renderers draw it; `simulated` marks 模拟数据."""

    title: str
    rows: tuple[ScoreRow, ...]
    simulated: bool = False
    project: str = ""
    remarks: tuple[str, ...] = ()


def score(
    plan: ScoringPlan,
    counted: QuestionTable | Mapping[str, int],
    weighing: Weighing | None = None,
) -> Score:
    """Score a question's table, or bare counts.

    Counts are per option code; "dont_know", "refused" and "blank" may be among them.
    The base is everybody who is not left out; people who were not asked are in no term. The plan
    must be free of `plan_faults`. Raises ValueError for a table of another question and for counts
    of an option without pᵢ or below 0.

    With `weighing` (see `analysis.weighted_score`) nᵢ are its sums of weights, while counts, base
    and excluded stay numbers of responses.
    """
    terms, text = _terms(plan, counted)
    if weighing is not None:
        terms = tuple(replace(t, weighted=weighing.sums.get(t.code, Decimal(0))) for t in terms)
    included = [term for term in terms if term.weight is not None]
    base, amount = sum(term.count for term in included), Fraction(_amount(included))
    total = sum(
        (Fraction(term.amount) * Fraction(term.weight or 0) for term in included), Fraction(0)
    )
    top = Fraction(_amount(term for term in included if term.code in plan.top))
    index = total / amount if amount else None
    earned = None if index is None else points_of(plan, index)
    interval = _index_interval(included) if weighing is None else weighing.interval
    return Score(
        question=plan.question,
        text=text,
        plan=plan,
        terms=terms,
        base=base,
        excluded=sum(term.count for term in terms if term.weight is None),
        index=_decimal(index),
        rate=_decimal(top / amount) if amount else None,
        score=_decimal(earned),
        low=None if interval is None else float(points_of(plan, Fraction(interval.low))),
        high=None if interval is None else float(points_of(plan, Fraction(interval.high))),
        index_low=None if interval is None else interval.low,
        index_high=None if interval is None else interval.high,
        formula=_formula(plan, included, index, earned),
        warnings=_warnings(terms, amount),
    )


def _amount(terms: Iterable[Term]) -> int | Decimal:
    return sum((term.amount for term in terms), 0)


def _terms(
    plan: ScoringPlan, counted: QuestionTable | Mapping[str, int]
) -> tuple[tuple[Term, ...], str]:
    if isinstance(counted, Mapping):
        return _terms_of_counts(plan, counted), ""
    if counted.code != plan.question:
        raise ValueError(f"the plan is for {plan.question}, the table of {counted.code}")
    rows = [
        Term(r.code, r.text, r.cell.count, _weight(plan, r.code, r.meaning), r.meaning)
        for r in counted.rows
    ]
    return (*rows, _blank_term(plan, counted.blank)), counted.text


def _terms_of_counts(plan: ScoringPlan, counts: Mapping[str, int]) -> tuple[Term, ...]:
    meanings = [meaning.value for meaning in Meaning]
    unknown = counts.keys() - plan.weights.keys() - {*meanings, BLANK}
    if unknown:
        raise ValueError(f"no weight for {', '.join(sorted(unknown))}")
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is below 0")
    options = [Term(code, code, counts.get(code, 0), p) for code, p in plan.weights.items()]
    others = [
        Term(name, name, counts[name], _weight(plan, name, name), name)
        for name in meanings
        if name in counts
    ]
    return (*options, *others, _blank_term(plan, counts.get(BLANK, 0)))


def _blank_term(plan: ScoringPlan, count: int) -> Term:
    return Term(BLANK, "未填", count, _treated(plan.blank), BLANK)


def _weight(plan: ScoringPlan, code: str, meaning: str | None) -> Decimal | None:
    if meaning is None:
        return plan.weights[code]
    return _treated(getattr(plan, str(meaning)))


def _treated(treatment: Treatment) -> Decimal | None:
    return {"exclude": None, "zero": Decimal(0)}.get(treatment, treatment)  # type: ignore


def _target(plan: ScoringPlan) -> Fraction:
    return Fraction(1 if plan.target is None else plan.target)


def _index_interval(included: list[Term]) -> Interval | None:
    """An option that nobody chose is a term, too: the interval may reach its pᵢ."""
    weights = [float(term.weight or 0) for term in included]
    return index_interval(weights, [term.count for term in included])


def _formula(
    plan: ScoringPlan,
    included: list[Term],
    index: Fraction | None,
    earned: Fraction | None,
) -> str:
    shown = [term for term in included if term.code != BLANK or term.count]
    products = "+".join(
        f"{wording.exact(term.amount)}×{wording.weight(term.weight or 0)}" for term in shown
    )
    base = _amount(included)
    mean, points = f"({products})/{wording.exact(base)}", wording.exact(plan.points)
    if index is None or earned is None:
        return f"{mean}×{points}：{Remark('no_base').text()} ({Remark('no_base').text('en')})"
    left = POINT_RULES[plan.point_rule].formula(mean, index, _target(plan), points)
    exact = all(map(wording.is_exact, (earned, base, *(term.amount for term in shown))))
    return f"{left} {'=' if exact else '≈'} {wording.exact(earned)}"


def _warnings(terms: tuple[Term, ...], base: Fraction) -> tuple[Remark, ...]:
    found = [] if base else [Remark("no_base")]
    answered = sum(term.count for term in terms if term.code != BLANK)
    unsure = sum(term.count for term in terms if term.meaning == Meaning.DONT_KNOW)
    if answered and Fraction(unsure, answered) > MUCH_DONT_KNOW:
        found.append(
            Remark("much_dont_know", {"percent": wording.percent(Fraction(unsure, answered))})
        )
    return tuple(found)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else wording.as_decimal(value)
