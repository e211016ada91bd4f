"""The difference of two estimates, tested so that small and nearly constant groups do not deceive.

Welch's test takes the variance of each side from that side alone. Of answers of which nearly all
are alike a small side shows too little variance or none by chance, and is then "significantly"
apart: at nominal 5% in 12% to 55% of samples (docs/decisions/0015). Student's test with the pooled
variance holds its level there, but not where a small side varies more than a large one, which
Welch's is for. Both are made, and the more careful one counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from analysis.estimate import Interval
from analysis.intervals import square_and_add
from analysis.refusals import CannotComputeError

SMALLEST_P = 1e-12
"""Of an interval turned into a test: a level nearer to 1 is not told from it any more."""


@dataclass(frozen=True)
class Side:
    """One of two estimates. variance: of the estimate, with `df` degrees of freedom. size: how many
    independent observations it rests on, so that variance × size is that of one of them. known:
    without sampling error, as in a census. interval: the one that is printed, at any level. bounds:
    the least and the largest value that is possible."""

    value: float
    variance: float
    df: float
    size: float
    known: bool = False
    interval: Callable[[float], Interval] | None = None
    bounds: tuple[float, float] = (-math.inf, math.inf)

    @property
    def is_constant(self) -> bool:
        """Nothing varies in what was drawn, which says nothing of the error."""
        return self.variance == 0 and not self.known


@dataclass(frozen=True)
class Tested:
    """p (two-sided) and interval of the difference; t and df of the test that p is of, None where
    it is that of the two printed intervals."""

    interval: Interval
    p: float
    t: float | None = None
    df: float | None = None


def tested(
    first: Side, second: Side, level: float, covariance: float = 0.0, most_df: float = math.inf
) -> Tested:
    """p of the most careful of the tests that apply, and an interval that holds all of theirs, no
    longer than what is possible: 0 is outside exactly where p < 1 - level.

    Of two sides that vary: t on their own variances (Welch 1947; degrees of freedom by
    Satterthwaite 1946) and t on the pooled variance (Student 1908). Of a constant side there is no
    own variance: t on the pooled one, if the other side varies, and the interval put together from
    the printed ones (MOVER; Zou & Donner 2008), whose p is 1 less the level at which it ends at 0.
    covariance: of the two estimates, where groups share sampling units. most_df: degrees of freedom
    that the design has. Assumes that observations are about equally variable within a side. Raises
    CannotComputeError without degrees of freedom or variance.
    """
    found = list(_tests(first, second, level, covariance, most_df))
    if not found:
        raise CannotComputeError("no_variance")
    decides = max(found, key=lambda one: one.p)
    (lowest, highest), (least, most) = first.bounds, second.bounds
    low = max(min(one.interval.low for one in found), lowest - most)
    high = min(max(one.interval.high for one in found), highest - least)
    return Tested(Interval(low, high), decides.p, decides.t, decides.df)


def _tests(
    first: Side, second: Side, level: float, covariance: float, most_df: float
) -> Iterator[Tested]:
    gap, sides = first.value - second.value, (first, second)
    constant = any(side.is_constant for side in sides)
    if not constant:
        variance = first.variance + second.variance - 2 * covariance
        yield t_test(gap, variance, min(satterthwaite(first, second), most_df), level)
    if not any(side.known for side in sides) and any(side.variance > 0 for side in sides):
        df = min(first.df + second.df, most_df)
        yield t_test(gap, _pooled_variance(first, second, covariance), df, level)
    if constant and first.interval is not None and second.interval is not None:
        yield Tested(_added(first, second, level), _p_of_intervals(first, second))


def satterthwaite(first: Side, second: Side) -> float:
    """(v₁ + v₂)²/(v₁²/df₁ + v₂²/df₂) (Satterthwaite 1946)."""
    parts = [side for side in (first, second) if side.variance > 0]
    whole = sum(side.variance for side in parts)
    squares = sum((side.variance / whole) ** 2 / side.df for side in parts if side.df > 0)
    if not parts or any(side.df < 1 for side in parts):
        return 0.0
    return 1 / squares


def _pooled_variance(first: Side, second: Side, covariance: float) -> float:
    """s²(1/m₁ + 1/m₂ - 2r/√(m₁m₂)) with s² = Σdf·v·m/Σdf and r the correlation of the estimates."""
    sides = (first, second)
    df = sum(side.df for side in sides)
    if df <= 0:
        return 0.0
    pooled = sum(side.df * side.variance * side.size for side in sides) / df
    product = math.sqrt(first.variance * second.variance)
    correlation = min(max(covariance / product, -1.0), 1.0) if product else 0.0
    shared = 2 * correlation / math.sqrt(first.size * second.size)
    return pooled * (1 / first.size + 1 / second.size - shared)


def t_test(gap: float, variance: float, df: float, level: float) -> Tested:
    """t of a difference and its variance (Student 1908). Raises CannotComputeError without degrees
    of freedom or variance."""
    if df < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    if variance <= 0:
        raise CannotComputeError("no_variance")
    se = math.sqrt(variance)
    half = float(stdtrit(df, (1 + level) / 2)) * se
    p = 2 * float(stdtr(df, -abs(gap) / se))
    return Tested(Interval(gap - half, gap + half), p, gap / se, df)


def _added(first: Side, second: Side, level: float) -> Interval:
    assert first.interval is not None and second.interval is not None  # noqa: S101
    ends = first.interval(level), second.interval(level)
    return square_and_add(first.value, ends[0], second.value, ends[1])


def _p_of_intervals(first: Side, second: Side) -> float:
    """At which 1 - level the interval put together just ends at 0; at least SMALLEST_P."""
    lower, higher = sorted((first, second), key=lambda side: side.value)

    def beyond(exponent: float) -> float:
        return _added(higher, lower, 1 - 10**exponent).low

    least, most = math.log10(SMALLEST_P), math.log10(1 - 1e-9)
    if beyond(most) <= 0:
        return 1.0
    if beyond(least) >= 0:
        return SMALLEST_P
    return float(10 ** brentq(beyond, least, most, xtol=1e-12))
