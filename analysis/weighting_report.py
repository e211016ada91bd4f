"""What weighting does: margins met, and weighted estimates beside the unweighted ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from analysis.coding import categories, ticks
from analysis.design_estimates import Estimates, shares
from analysis.design_intervals import own_intervals
from analysis.designs import Design, Floats, survey_design
from analysis.grouping import memberships
from analysis.multiple_response import shares_of_cases
from analysis.plans import ScoringPlan, points_of
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase, name_of
from analysis.responses import Responses
from analysis.sample_classes import classified
from analysis.sample_designs import SampleDesign
from analysis.scored_domains import scored_domain
from analysis.stages import summed
from analysis.weighted_score import index_interval
from surveys.definition import Kind

DIGITS = 12
"""Of an index before it is put through a point rule, so that a sum of floats that should be 0.9
reaches the band from 0.9."""


@dataclass(frozen=True)
class MarginLine:
    """One category of a margin: responses, the population given, and shares (0..1) of the sample,
    of the population and under the weights."""

    name: str
    count: int
    population: float
    sample_share: float
    population_share: float
    weighted_share: float


@dataclass(frozen=True)
class MarginMet:
    name: Phrase
    lines: tuple[MarginLine, ...]


@dataclass(frozen=True)
class Estimated:
    """An estimate with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Compared:
    """One figure without and with weights; `difference` is weighted less unweighted."""

    name: str
    plain: Estimated
    weighted: Estimated

    @property
    def difference(self) -> float:
        return self.weighted.value - self.plain.value


@dataclass(frozen=True)
class QuestionCompared:
    """Shares (0..1) of a question's options among the `base` who answered."""

    code: str
    text: str
    base: int
    options: tuple[Compared, ...]


@dataclass(frozen=True)
class ScoreCompared:
    """A satisfaction question under its plan: index 0..1 and score in points.

    `error` is set and the rest empty where nobody can be scored.
    """

    code: str
    text: str
    points: Fraction
    base: int = 0
    index: Compared | None = None
    score: Compared | None = None
    error: CannotComputeError | None = None


def margins_compared(
    responses: Responses, design: Design, description: SampleDesign
) -> tuple[MarginMet, ...]:
    """Every margin with what the sample has and what the weights make of it. Responses without a
    category are left out of the shares."""
    found = []
    for margin in description.margins:
        classes = classified(responses, margin.by)
        known = classes.codes >= 0
        codes = classes.codes[known].astype(np.intp)
        sums = summed(codes, design.weights[known], len(classes.keys))
        targets = np.array([margin.population.get(key, 0.0) for key in classes.keys])
        columns = (classes.counts, targets, sums)
        lines = zip(
            classes.names, classes.counts, targets, *(_parts(c) for c in columns), strict=True
        )
        met = tuple(
            MarginLine(name, int(n), float(t), float(s), float(p), float(w))
            for name, n, t, s, p, w in lines
            if n or t
        )
        found.append(MarginMet(name_of(responses.questionnaire, margin.by), met))
    return tuple(found)


def _parts(values: Any) -> Floats:
    total = values.sum()
    return np.asarray(values / total if total else np.zeros(len(values)), dtype=np.float64)


def question_compared(
    responses: Responses, design: Design, code: str, description: SampleDesign
) -> QuestionCompared:
    """Raises CannotComputeError for no choice question, or where nobody answered."""
    question = responses.questionnaire.by_code.get(code)
    if question is None or not question.is_choice:
        allowed = ", ".join(q.code for q in responses.questionnaire.questions if q.is_choice)
        raise CannotComputeError("unknown_choice", given=code, allowed=allowed)
    known = any(code in margin.by for margin in description.margins)
    simple = survey_design(responses.n)
    plain, weighted = (_shares(responses, one, code) for one in (simple, design))
    before = _estimated(plain, own_intervals(simple, plain))
    after = _estimated(weighted, own_intervals(design, weighted, known=known))
    names = [f"{option.code}.{option.text}" for option in question.options]
    options = tuple(Compared(*row) for row in zip(names, before, after, strict=True))
    return QuestionCompared(code, question.text, int(plain.counts.max()), options)


def _shares(responses: Responses, design: Design, code: str) -> Estimates:
    if responses.questionnaire.by_code[code].kind is Kind.MULTIPLE:
        return shares_of_cases(design, ticks(responses, code))
    coded = categories(responses, code)
    return shares(design, coded.codes, coded.size)


def _estimated(estimates: Estimates, ends: Any) -> list[Estimated]:
    return [
        Estimated(float(value), float(interval.low), float(interval.high))
        for value, interval in zip(estimates.values, ends, strict=True)
    ]


def scores_compared(
    responses: Responses, design: Design, plans: Mapping[str, ScoringPlan]
) -> tuple[ScoreCompared, ...]:
    """Index Σwᵢpᵢ/Σwᵢ and score of every planned question, without and with weights; intervals are
    Student's t under the simple and the given design, put through the point rule."""
    return tuple(_score(responses, design, plan) for plan in plans.values())


def _score(responses: Responses, design: Design, plan: ScoringPlan) -> ScoreCompared:
    text = responses.questionnaire.by_code[plan.question].text
    points = Fraction(plan.points)
    found, base = [], 0
    try:
        for one in (survey_design(responses.n), design):
            domain = scored_domain(responses, one, plan, memberships(responses))
            means, interval = domain.own(domain.index, 0), index_interval(domain, 0)
            if means is None or interval is None:
                raise CannotComputeError(
                    "denominator_zero" if domain.counting(0) else "no_responses"
                )
            found += _estimated(means, (interval,))
            base = domain.counting(0)
    except CannotComputeError as error:
        return ScoreCompared(plan.question, text, points, error=error)
    earned = [Estimated(*(_earned(plan, v) for v in (e.value, e.low, e.high))) for e in found]
    return ScoreCompared(
        plan.question,
        text,
        points,
        base=base,
        index=Compared("index", *found),
        score=Compared("score", *earned),
    )


def _earned(plan: ScoringPlan, index: float) -> float:
    bounded = Fraction(repr(round(min(max(index, 0.0), 1.0), DIGITS)))
    return float(points_of(plan, bounded))
