"""Satisfaction scores of every group beside each other, with the ranks that they may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from analysis.crosstab import is_certain_order, rank_ranges
from analysis.design_estimates import score_means
from analysis.designs import Design
from analysis.estimate import LEVEL, Interval, mean_interval
from analysis.plans import ScoringPlan
from analysis.points import POINT_RULES
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.satisfaction import Score, score
from analysis.table import Group, QuestionTable
from analysis.wording import as_decimal
from surveys.definition import Question
from surveys.records import BLANK, FIRST_OPTION

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class GroupScore:
    """The score of one group; `ranks` (best, worst; 1 = highest index) is None where there is no
    interval to rank by. `simultaneous` is the interval of the index that the ranks rest on."""

    label: str
    n: int
    score: Score
    ranks: tuple[int, int] | None = None
    simultaneous: Interval | None = None


@dataclass(frozen=True)
class ScoredQuestion:
    """One question under its plan: everybody, then each group in the order of the table.

    `certain_order`: no two ranks overlap. `estimated`: index and intervals follow the design of
    the sample and not the counts alone.
    """

    plan: ScoringPlan
    text: str
    everybody: GroupScore
    groups: tuple[GroupScore, ...]
    certain_order: bool
    estimated: bool = False


def scored_question(
    plan: ScoringPlan,
    everybody: Group,
    groups: Sequence[Group],
    *,
    responses: Responses | None = None,
    design: Design | None = None,
    members: Sequence[Codes] = (),
) -> ScoredQuestion:
    """Scores from the counts of each group, or under a `design` of the `responses`.

    members: per group the row numbers of its responses; needed with a design only. The rate stays
    that of the counts. Rank ranges rest on intervals of level 1 - (1 - 0.95)/k for k groups, so
    that all of them hold together (Bonferroni; `analysis.crosstab.rank_ranges`).
    """
    ranked = [group for group in groups if group.n]
    level = 1 - (1 - LEVEL) / max(len(ranked), 1)
    total = _counted(plan, everybody, level)
    found = [_counted(plan, group, level) for group in groups]
    estimated = responses is not None and design is not None and not design.is_plain
    if estimated and responses is not None and design is not None:
        codes, values = plan_codes(responses, plan)
        total = _estimated(total, design, codes, values, level)
        found = [
            _estimated(one, design, _only(codes, rows), values, level)
            for one, rows in zip(found, members, strict=True)
        ]
    placed = _with_ranks(found)
    certain = is_certain_order([one.ranks for one in placed if one.ranks is not None])
    return ScoredQuestion(plan, total.score.text, total, placed, certain, estimated)


def plan_codes(responses: Responses, plan: ScoringPlan) -> tuple[Codes, npt.NDArray[np.float64]]:
    """(n,) places among (k,) values pᵢ, the options in their order and then the blanks; -1 for
    what is not asked or left out by the plan."""
    question = responses.questionnaire.by_code[plan.question]
    values = [*(_value(plan, question, place) for place in range(len(question.options)))]
    values.append(_treated(plan.blank))
    column = responses.columns[plan.question].astype(np.intp)
    codes = np.where(column == BLANK, len(values) - 1, np.maximum(column - FIRST_OPTION, -1))
    left_out = np.array([*(value is None for value in values), True])
    weights = np.array([0.0 if value is None else float(value) for value in values])
    return np.where(left_out[codes], -1, codes), weights


def _value(plan: ScoringPlan, question: Question, place: int) -> Any:
    option = question.options[place]
    if option.meaning is None:
        return plan.weights[option.code]
    return _treated(getattr(plan, str(option.meaning)))


def _treated(treatment: Any) -> Any:
    return {"exclude": None, "zero": 0}.get(treatment, treatment)


def _counted(plan: ScoringPlan, group: Group, level: float) -> GroupScore:
    table = _table_of(group, plan.question)
    found = score(plan, table)
    included = [term for term in found.terms if term.weight is not None]
    wide = mean_interval(
        [float(term.weight or 0) for term in included], [term.count for term in included], level
    )
    return GroupScore(group.label, group.n, found, simultaneous=wide)


def _table_of(group: Group, code: str) -> QuestionTable:
    return next(table for table in group.questions if table.code == code)


def _only(codes: Codes, rows: Codes) -> Codes:
    found = np.full_like(codes, -1)
    found[rows] = codes[rows]
    return found


def _estimated(
    counted: GroupScore, design: Design, codes: Codes, values: Any, level: float
) -> GroupScore:
    """The domain's mean of pᵢ with t on the linearised variance; where nothing varies the
    interval of the counts stands, and where nothing can be estimated there is none."""
    without = replace(counted.score, low=None, high=None, index_low=None, index_high=None)
    try:
        mean = score_means(design, codes, values)
    except CannotComputeError:
        return replace(counted, score=replace(without, index=None, score=None), simultaneous=None)
    index, se, df = float(mean.values[0]), float(mean.se[0]), mean.df
    told = _with_index(without, index)
    if df < 1:
        return replace(counted, score=told, simultaneous=None)
    if se == 0:
        if len(set(codes[codes >= 0].tolist())) > 1:  # all in one sampling unit
            return replace(counted, score=told, simultaneous=None)
        low, high = counted.score.index_low, counted.score.index_high
        return replace(counted, score=_with_ends(told, low, high))
    ends = [_clipped(index, se * float(stdtrit(df, (1 + of) / 2)), values) for of in (LEVEL, level)]
    return replace(counted, score=_with_ends(told, ends[0].low, ends[0].high), simultaneous=ends[1])


def _clipped(index: float, half: float, values: Any) -> Interval:
    return Interval(max(index - half, float(values.min())), min(index + half, float(values.max())))


def _with_index(told: Score, index: float) -> Score:
    return replace(
        told, index=as_decimal(index), score=as_decimal(_earned(told.plan, Fraction(index)))
    )


def _with_ends(told: Score, low: float | None, high: float | None) -> Score:
    if low is None or high is None:
        return told
    ends = [float(_earned(told.plan, Fraction(end))) for end in (low, high)]
    return replace(told, index_low=low, index_high=high, low=ends[0], high=ends[1])


def _earned(plan: ScoringPlan, index: Fraction) -> Fraction:
    target = Fraction(1 if plan.target is None else plan.target)
    return POINT_RULES[plan.point_rule].portion(index, target) * Fraction(plan.points)


def _with_ranks(found: Sequence[GroupScore]) -> tuple[GroupScore, ...]:
    known: Mapping[int, Interval] = {
        place: one.simultaneous for place, one in enumerate(found) if one.simultaneous is not None
    }
    ranges = rank_ranges([i.low for i in known.values()], [i.high for i in known.values()])
    of_place = dict(zip(known, ranges, strict=True))
    return tuple(replace(one, ranks=of_place.get(place)) for place, one in enumerate(found))
