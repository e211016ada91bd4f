"""Difference of the 满意率 between two groups or two independent samples, with interval and test.

Of simple samples the test is z with the pooled share (the same as Pearson's χ² without correction)
and the interval Newcombe's method 10 (1998b), square-and-add of the two Wilson intervals that are
printed. Else both are those of the index (`difference_tests.tested`), so that they never disagree;
only where nothing can be tested the interval is put together from the printed ones, with the
correlation of groups that share sampling units or strata (Zou & Donner 2008; Zou 2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr

from analysis.compare import covariance_of, side_of
from analysis.design_estimates import Estimates
from analysis.design_intervals import own_intervals
from analysis.difference_tests import Side, tested
from analysis.estimate import LEVEL, Interval
from analysis.intervals import square_and_add
from analysis.refusals import CannotComputeError
from analysis.scored_domains import ScoredDomain

Place = tuple[ScoredDomain, int]
"""A group: the domain that it is of, and its place there."""


@dataclass(frozen=True)
class RateDifference:
    """First less second, 0..1. p is None where no degree of freedom is left or the groups say too
    little (see `satisfaction_differences.Comparison`); adjusted: p after
    adjustment for all comparisons made, or p."""

    value: float
    interval: Interval
    p: float | None
    adjusted: float | None


def rates_of_groups(
    domain: ScoredDomain, first: int, second: int, level: float = LEVEL
) -> RateDifference | None:
    """Two groups of one sample, simple where it is and they share no response; None where one has
    no rate."""
    sides = (domain, first), (domain, second)
    rates = _rates(sides)
    if rates is None or domain.rate is None:
        return None
    if domain.is_plain_pair(first, second):
        return _added(sides, rates, level, p=pooled_p(*rates))
    covariance = covariance_of(domain.rate, first, second)
    most = domain.degrees_of_freedom(first, second) - 1
    found = _tested(sides, rates, level, covariance, most)
    correlation = _correlation(domain.rate, first, second)
    return found or _added(sides, rates, level, correlation)


def rates_of_samples(first: Place, second: Place, level: float = LEVEL) -> RateDifference | None:
    """Groups of two independent samples (projects, years)."""
    sides = first, second
    rates = _rates(sides)
    if rates is None:
        return None
    if all(domain.design.is_plain for domain, _ in sides):
        return _added(sides, rates, level, p=pooled_p(*rates))
    return _tested(sides, rates, level) or _added(sides, rates, level)


def _tested(
    sides: tuple[Place, Place],
    rates: tuple[Estimates, Estimates],
    level: float,
    covariance: float = 0.0,
    most_df: float = math.inf,
) -> RateDifference | None:
    """None where no degree of freedom or variance is left."""
    first, second = (_side(*one) for one in zip(sides, rates, strict=True))
    try:
        found = tested(first, second, level, covariance, most_df)
    except CannotComputeError:
        return None
    return RateDifference(first.value - second.value, found.interval, found.p, found.p)


def _side(group: Place, rate: Estimates) -> Side:
    return side_of(rate, lambda level: own_intervals(group[0].design, rate, level)[0], (0.0, 1.0))


def pooled_p(first: Estimates, second: Estimates) -> float:
    """Two-sided p of two shares of simple samples, z = (p₁ - p₂)/√(p(1-p)(1/n₁ + 1/n₂)) with p of
    both together; 1 where all answers are alike."""
    (p1, n1), (p2, n2) = ((float(e.values[0]), int(e.counts[0])) for e in (first, second))
    p = (p1 * n1 + p2 * n2) / (n1 + n2)
    variance = p * (1 - p) * (1 / n1 + 1 / n2)
    return 2 * float(ndtr(-abs(p1 - p2) / math.sqrt(variance))) if variance > 0 else 1.0


def _rates(sides: tuple[Place, Place]) -> tuple[Estimates, Estimates] | None:
    first, second = (domain.own(domain.rate, place) for domain, place in sides)
    return None if first is None or second is None else (first, second)


def _correlation(rates: Estimates, first: int, second: int) -> float:
    i, j = rates.places.index(first), rates.places.index(second)
    product = float(rates.se[i] * rates.se[j])
    return min(max(float(rates.covariance[i, j]) / product, -1.0), 1.0) if product else 0.0


def _added(
    sides: tuple[Place, Place],
    rates: tuple[Estimates, Estimates],
    level: float,
    correlation: float = 0.0,
    p: float | None = None,
) -> RateDifference:
    """The interval put together from the two printed ones."""
    (p1, first), (p2, second) = (
        (float(rate.values[0]), own_intervals(domain.design, rate, level)[0])
        for (domain, _), rate in zip(sides, rates, strict=True)
    )
    return RateDifference(p1 - p2, square_and_add(p1, first, p2, second, correlation), p, p)
