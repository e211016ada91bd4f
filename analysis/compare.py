"""Differences between groups, projects or years, each with interval and test."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations

from scipy.special import stdtr, stdtrit

from analysis.design_estimates import Estimates, checked_level
from analysis.estimate import LEVEL, Interval
from analysis.multiplicity import adjusted
from analysis.refusals import CannotComputeError


@dataclass(frozen=True)
class Difference:
    """first - second with interval, t test and degrees of freedom.

    first, second: which groups (places). counts: responses in the base of each. adjusted: p after
    adjustment for all comparisons made, or p.
    """

    first: int
    second: int
    value: float
    se: float
    interval: Interval
    t: float
    df: float
    p: float
    adjusted: float
    counts: tuple[int, int]


def compare_groups(
    estimates: Estimates, first: int, second: int, level: float = LEVEL
) -> Difference:
    """Two groups of one sample, such as means or indices by group.

    The variance knows that groups may share clusters; t has one degree of freedom fewer than the
    design, as R's svyttest (a regression on the group). Raises CannotComputeError for an empty
    group, without degrees of freedom or variance.
    """
    for place in (first, second):
        if place not in estimates.places:
            raise CannotComputeError("no_responses")
    i, j = estimates.places.index(first), estimates.places.index(second)
    v = estimates.covariance
    variance = float(v[i, i] + v[j, j] - 2 * v[i, j])
    counts = (int(estimates.counts[i]), int(estimates.counts[j]))
    value = float(estimates.values[i] - estimates.values[j])
    found = _difference(value, variance, estimates.df - 1, counts, level)
    return replace(found, first=first, second=second)


def compare_samples(first: Estimates, second: Estimates, level: float = LEVEL) -> Difference:
    """One estimate each from two independent samples (projects, years).

    Variances add; degrees of freedom by Satterthwaite 1946 (Welch 1947). Raises as
    `compare_groups`.
    """
    v1, v2 = float(first.variances[0]), float(second.variances[0])
    if first.df < 1 or second.df < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    if v1 + v2 == 0:
        raise CannotComputeError("no_variance")
    df = (v1 + v2) ** 2 / (v1**2 / first.df + v2**2 / second.df)
    counts = (int(first.counts[0]), int(second.counts[0]))
    return _difference(float(first.values[0] - second.values[0]), v1 + v2, df, counts, level)


def compare_all(
    estimates: Estimates, method: str = "holm", level: float = LEVEL
) -> tuple[Difference, ...]:
    """Every pair of groups, p adjusted over all pairs (see `multiplicity`); intervals are not.
    Pairs whose difference has no variance are left out."""
    found = []
    for first, second in combinations(estimates.places, 2):
        try:
            found.append(compare_groups(estimates, first, second, level))
        except CannotComputeError as error:
            if error.code != "no_variance":
                raise
    raised = adjusted([difference.p for difference in found], method)
    return tuple(replace(d, adjusted=float(p)) for d, p in zip(found, raised, strict=True))


def _difference(
    value: float, variance: float, df: float, counts: tuple[int, int], level: float
) -> Difference:
    checked_level(level)
    if df < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    if variance <= 0:
        raise CannotComputeError("no_variance")
    se = math.sqrt(variance)
    half = float(stdtrit(df, (1 + level) / 2)) * se
    p = 2 * float(stdtr(df, -abs(value) / se))
    interval = Interval(value - half, value + half)
    return Difference(0, 1, value, se, interval, value / se, df, p, p, counts)
