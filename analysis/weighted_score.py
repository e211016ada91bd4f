"""Scores from a designed sample: index Σwp/Σw per group with its linearised interval."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis import estimate
from analysis.design_intervals import mean_intervals
from analysis.designs import Design
from analysis.estimate import LEVEL, Interval
from analysis.grouping import memberships
from analysis.plans import ScoringPlan
from analysis.responses import Responses
from analysis.satisfaction import BLANK, Score, Weighing, score
from analysis.scored_domains import ScoredDomain, scored_domain
from analysis.table import QuestionTable
from surveys import records

DIGITS = 12
"""Of a sum of weights: what floating-point addition leaves beyond them is no figure."""


def weighted_score(
    plan: ScoringPlan, counted: QuestionTable, responses: Responses, design: Design
) -> Score:
    """The score of `counted` (the plain table of the plan's question for all these n responses).

    The index is a ratio of two sums of weights (Hájek); its interval is t on the Taylor-linearised
    variance under the whole sample's design, clipped to the range of pᵢ (see
    `design_intervals.mean_intervals`), with those left out of the base as outside of its domain.
    Without weight in the base there is neither.
    """
    domain = scored_domain(responses, design, plan, memberships(responses))
    return weighted_scores(plan, (counted,), domain)[0]


def weighted_scores(
    plan: ScoringPlan, tables: Sequence[QuestionTable], domain: ScoredDomain
) -> tuple[Score, ...]:
    """The same for each group of a domain, given the plain tables of its groups."""
    return tuple(
        score(plan, table, Weighing(_sums(domain, table, place), index_interval(domain, place)))
        for place, table in enumerate(tables)
    )


def index_interval(domain: ScoredDomain, place: int, level: float = LEVEL) -> Interval | None:
    """Of one group; None without a base. Of a plain sample it is that of the group's counts, to
    the last digit as in tables of counts: the variance of a domain has n/(n - 1) of all responses
    and not of the group's, which would be another interval of the same index."""
    own = domain.own(domain.index, place)
    if own is None:
        return None
    if domain.design.is_plain:
        return estimate.index_interval(*domain.counted(place), level)
    return mean_intervals(own, *domain.bounds, level)[0]


def ranking_interval(domain: ScoredDomain, place: int, level: float) -> Interval | None:
    """`index_interval` for an order of the groups: all that is possible for one of too few
    independent observations without variance (`ScoredDomain.is_thin`)."""
    if domain.is_thin(place):
        return Interval(*domain.bounds)
    return index_interval(domain, place, level)


def _sums(domain: ScoredDomain, table: QuestionTable, place: int) -> dict[str, Decimal]:
    sums = domain.weighted_tallies[place]
    places = {row.code: state for state, row in enumerate(table.rows, start=records.FIRST_OPTION)}
    of_code = places | {BLANK: records.BLANK}
    return {code: Decimal(f"{sums[state]:.{DIGITS}g}") for code, state in of_code.items()}
