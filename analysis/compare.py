"""Differences between groups, projects or years, each with interval and test."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from analysis.design_estimates import Estimates, checked_level
from analysis.difference_tests import Side, Tested, t_test, tested
from analysis.estimate import LEVEL, Interval
from analysis.refusals import CannotComputeError


@dataclass(frozen=True)
class Difference:
    """first - second with interval and test.

    first, second: which groups (places). se: from the variances of the two sides, None where one
    of them is constant. t, df: of the test that p is of (see `difference_tests.tested`), None where
    that is no t test. counts: responses in the base of each. adjusted: p after adjustment for all
    comparisons made, or p.
    """

    first: int
    second: int
    value: float
    se: float | None
    interval: Interval
    t: float | None
    df: float | None
    p: float
    adjusted: float
    counts: tuple[int, int]


def compare_groups(
    estimates: Estimates, first: int, second: int, level: float = LEVEL
) -> Difference:
    """Two groups of one sample, such as means or indices by group.

    The variance knows that groups may share clusters; t has one degree of freedom fewer than the
    design, as R's svyttest (a regression on the group). That takes the variance of a group of few
    responses for as well known as that of all: with small or nearly constant groups it rejects far
    too often, so that pages use `difference_tests` (docs/decisions/0015). Raises
    CannotComputeError for an empty group, without degrees of freedom or variance.
    """
    for place in (first, second):
        if place not in estimates.places:
            raise CannotComputeError("no_responses")
    i, j = estimates.places.index(first), estimates.places.index(second)
    v = estimates.covariance
    variance = float(v[i, i] + v[j, j] - 2 * v[i, j])
    counts = (int(estimates.counts[i]), int(estimates.counts[j]))
    value = float(estimates.values[i] - estimates.values[j])
    found = t_test(value, variance, estimates.df - 1, checked_level(level))
    return _difference(found, value, math.sqrt(variance), (first, second), counts)


def side_of(
    own: Estimates, interval: Callable[[float], Interval], bounds: tuple[float, float]
) -> Side:
    """The one estimate of `own`, which lies within `bounds`; interval: what is printed of it, at
    any level."""
    return Side(
        value=float(own.values[0]),
        variance=float(own.variances[0]),
        df=own.df,
        size=float(own.independent[0]),
        known=bool(own.known[0]),
        interval=interval,
        bounds=bounds,
    )


def difference_of(
    first: Side,
    second: Side,
    counts: tuple[int, int],
    level: float = LEVEL,
    covariance: float = 0.0,
    most_df: float = math.inf,
) -> Difference:
    """Of two sides, tested as `difference_tests.tested` does, whose errors it raises."""
    found = tested(first, second, checked_level(level), covariance, most_df)
    variance = first.variance + second.variance - 2 * covariance
    constant = first.is_constant or second.is_constant
    se = None if constant else math.sqrt(max(variance, 0.0))
    return _difference(found, first.value - second.value, se, (0, 1), counts)


def _difference(
    found: Tested, value: float, se: float | None, places: tuple[int, int], counts: tuple[int, int]
) -> Difference:
    return Difference(
        first=places[0],
        second=places[1],
        value=value,
        se=se,
        interval=found.interval,
        t=found.t,
        df=found.df,
        p=found.p,
        adjusted=found.p,
        counts=counts,
    )


def covariance_of(estimates: Estimates, first: int, second: int) -> float:
    """Of two of them, by place: both must have a base."""
    i, j = estimates.places.index(first), estimates.places.index(second)
    return float(estimates.covariance[i, j])
