"""Difference of the 满意率 between two groups or two independent samples, with interval and test.

The interval is square-and-add of the two intervals that are printed for the rates (Zou & Donner
2008): of a simple sample, where those are Wilson's, Newcombe's method 10 (1998b). Groups that
share sampling units or strata are correlated, which lessens or widens it (Zou 2008; Newcombe
1998c).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy.special import ndtr

from analysis.compare import compare_groups, compare_samples
from analysis.design_estimates import Estimates
from analysis.design_intervals import own_intervals
from analysis.estimate import LEVEL, Interval
from analysis.intervals import square_and_add
from analysis.refusals import CannotComputeError
from analysis.scored_domains import ScoredDomain

Side = tuple[ScoredDomain, int]
"""A group: the domain that it is of, and its place there."""


@dataclass(frozen=True)
class RateDifference:
    """First less second, 0..1. p is None where nothing varies under a design; adjusted: p after
    adjustment for all comparisons made, or p."""

    value: float
    interval: Interval
    p: float | None
    adjusted: float | None


def rates_of_groups(
    domain: ScoredDomain, first: int, second: int, level: float = LEVEL
) -> RateDifference | None:
    """Two groups of one sample; None where one has no rate. The test: of a simple sample and
    groups that share no response z with the pooled share (the same as Pearson's χ² without
    correction), else t as for the index (see `compare.compare_groups`)."""
    sides = (domain, first), (domain, second)
    rates = _rates(sides)
    if rates is None or domain.rate is None:
        return None
    if domain.design.is_plain and not domain.shared_units[first, second]:
        return _made(sides, rates, 0.0, pooled_p(*rates), level)
    together = replace(domain.rate, df=domain.degrees_of_freedom(first, second))
    try:
        p: float | None = compare_groups(together, first, second, level).p
    except CannotComputeError:
        p = None
    return _made(sides, rates, _correlation(together, first, second), p, level)


def rates_of_samples(first: Side, second: Side, level: float = LEVEL) -> RateDifference | None:
    """Groups of two independent samples (projects, years); z with the pooled share where both are
    simple, else Satterthwaite's t (see `compare.compare_samples`)."""
    sides = first, second
    rates = _rates(sides)
    if rates is None:
        return None
    if all(domain.design.is_plain for domain, _ in sides):
        return _made(sides, rates, 0.0, pooled_p(*rates), level)
    try:
        p: float | None = compare_samples(*rates, level).p
    except CannotComputeError:
        p = None
    return _made(sides, rates, 0.0, p, level)


def pooled_p(first: Estimates, second: Estimates) -> float:
    """Two-sided p of two shares of simple samples, z = (p₁ - p₂)/√(p(1-p)(1/n₁ + 1/n₂)) with p of
    both together; 1 where all answers are alike."""
    (p1, n1), (p2, n2) = ((float(e.values[0]), int(e.counts[0])) for e in (first, second))
    p = (p1 * n1 + p2 * n2) / (n1 + n2)
    variance = p * (1 - p) * (1 / n1 + 1 / n2)
    return 2 * float(ndtr(-abs(p1 - p2) / math.sqrt(variance))) if variance > 0 else 1.0


def _rates(sides: tuple[Side, Side]) -> tuple[Estimates, Estimates] | None:
    first, second = (domain.own(domain.rate, place) for domain, place in sides)
    return None if first is None or second is None else (first, second)


def _correlation(rates: Estimates, first: int, second: int) -> float:
    i, j = rates.places.index(first), rates.places.index(second)
    product = float(rates.se[i] * rates.se[j])
    return min(max(float(rates.covariance[i, j]) / product, -1.0), 1.0) if product else 0.0


def _made(
    sides: tuple[Side, Side],
    rates: tuple[Estimates, Estimates],
    correlation: float,
    p: float | None,
    level: float,
) -> RateDifference:
    (p1, first), (p2, second) = (
        (float(rate.values[0]), own_intervals(domain.design, rate, level)[0])
        for (domain, _), rate in zip(sides, rates, strict=True)
    )
    return RateDifference(p1 - p2, square_and_add(p1, first, p2, second, correlation), p, p)
