"""Satisfaction scores of every group beside each other, with the ranks that they may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis import estimate
from analysis.crosstab import is_certain_order, ranks_of
from analysis.estimate import LEVEL, Interval
from analysis.plans import ScoringPlan
from analysis.sampling_units import LEAST_UNITS
from analysis.satisfaction import Score, score
from analysis.scored_domains import ScoredDomain
from analysis.table import Group, QuestionTable
from analysis.weighted_score import ranking_interval, weighted_scores


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

    `certain_order`: no two ranks overlap. `estimated`: index, rate and intervals follow the design
    of the sample and not the counts alone.
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
    domains: tuple[ScoredDomain, ScoredDomain] | None = None,
) -> ScoredQuestion:
    """Scores from the counts of each group, or under the design of `domains`: that of everybody
    and that of the groups. Rank ranges rest on intervals of level 1 - (1 - 0.95)/k for k groups,
    so that all of them hold together (Bonferroni; `analysis.crosstab.rank_ranges`)."""
    ranked = [group for group in groups if group.n]
    level = 1 - (1 - LEVEL) / max(len(ranked), 1)
    if domains is None:
        (total,), found = (_counted(plan, part, level) for part in ((everybody,), groups))
    else:
        (total,) = _estimated(plan, (everybody,), domains[0], level)
        found = _estimated(plan, groups, domains[1], level)
    ranks = ranks_of([one.simultaneous for one in found])
    placed = tuple(replace(one, ranks=rank) for one, rank in zip(found, ranks, strict=True))
    certain = is_certain_order([rank for rank in ranks if rank is not None])
    return ScoredQuestion(plan, total.score.text, total, placed, certain, domains is not None)


def _counted(plan: ScoringPlan, groups: Sequence[Group], level: float) -> list[GroupScore]:
    found = []
    for group, table in zip(groups, _tables(groups, plan.question), strict=True):
        told = score(plan, table)
        included = [term for term in told.terms if term.weight is not None]
        values = [float(term.weight or 0) for term in included]
        counts = [term.count for term in included]
        wide = estimate.index_interval(values, counts, level)
        if is_thin(values, counts):
            wide = Interval(min(values), max(values))
        found.append(GroupScore(group.label, group.n, told, simultaneous=wide))
    return found


def is_thin(values: Sequence[float], counts: Sequence[int]) -> bool:
    """`ScoredDomain.is_thin` of the counts of a simple sample."""
    seen = {value for value, count in zip(values, counts, strict=True) if count}
    return len(seen) == 1 and sum(counts) < LEAST_UNITS


def _estimated(
    plan: ScoringPlan, groups: Sequence[Group], domain: ScoredDomain, level: float
) -> list[GroupScore]:
    """Without an interval where all are in one sampling unit, so that no error can be estimated."""
    scores = weighted_scores(plan, _tables(groups, plan.question), domain)
    found = []
    for place, (group, told) in enumerate(zip(groups, scores, strict=True)):
        wide = ranking_interval(domain, place, level)
        if not _has_error(domain, place):
            told = replace(told, low=None, high=None, index_low=None, index_high=None)
            wide = None
        found.append(GroupScore(group.label, group.n, told, simultaneous=wide))
    return found


def _has_error(domain: ScoredDomain, place: int) -> bool:
    own = domain.own(domain.index, place)
    return own is not None and (own.df > 0 or bool(own.known[0]))


def _tables(groups: Sequence[Group], code: str) -> list[QuestionTable]:
    return [next(table for table in group.questions if table.code == code) for group in groups]
