"""Intervals of shares from a simple random sample, one way per function, and a table of the ways.

x of n responses chose an option; all functions take counts and give ends within 0..1. Assumed: a
simple random sample, drawn with replacement or from a population much larger than n. For a
designed sample see `analysis.design_intervals`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaincc, betaincinv, chdtri, gammaincinv, ndtri

from analysis.designs import Floats
from analysis.estimate import LEVEL, Interval
from analysis.estimate import wilson as wilson_or_none
from analysis.refusals import CannotComputeError

LARGE = 1e9
"""Sizes from which on beta quantiles are approached. The tail probabilities of scipy are off by
1e-9 here, by 3e-5 at 1e12, and at 1e15 its quantiles are far off or no number;
only effective sizes of designs with enormous weights come here."""
RARE = 1e-3
NUDGE = 1 + 1e-12
MISS = 1e-6
"""Of a tail probability, relative: more than a right quantile has below LARGE for the usual levels
(but for one within a few digits of 1, which the search finds again), far less than a wrong one."""


def wald(x: float, n: float, level: float = LEVEL) -> Interval:
    """p ∓ z √(p(1-p)/n), clipped to 0..1; of length 0 for none or all. Only for comparison."""
    p, z = _share(x, n, level)
    half = z * math.sqrt(p * (1 - p) / n)
    return _clipped(p - half, p + half)


def wilson(x: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson score interval (Wilson 1927); the default of this product."""
    _share(x, n, level)
    found = wilson_or_none(x, n, level)  # type: ignore[arg-type]
    assert found is not None  # noqa: S101 - n > 0 was checked
    return found


def wilson_corrected(x: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson interval with continuity correction (Newcombe 1998a, method 4).

    As R's prop.test the correction is no larger than |x - n/2|, so that x = n/2 has none.
    """
    p, z = _share(x, n, level)
    correction = min(0.5, abs(x - n / 2)) / n
    low = 0.0 if p - correction <= 0 else _score_end(p - correction, n, z, -1)
    high = 1.0 if p + correction >= 1 else _score_end(p + correction, n, z, 1)
    return Interval(low, high)


def _score_end(p: float, n: float, z: float, side: int) -> float:
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (p + z * z / (2 * n) + side * half) / (1 + z * z / n)


def clopper_pearson(x: float, n: float, level: float = LEVEL) -> Interval:
    """Exact interval by inverting binomial tests (Clopper & Pearson 1934), from beta quantiles;
    x and n may be fractional (Korn & Graubard 1998). From n = LARGE on the quantiles are
    approached to a millionth of their distance from x/n, or closer."""
    _share(x, n, level)
    tail = (1 - level) / 2
    low = 0.0 if x <= 0 else _beta_quantile(x, n - x + 1, tail)
    high = 1.0 if x >= n else _beta_quantile(x + 1, n - x, 1 - tail)
    return Interval(low, high)


def _beta_quantile(a: float, b: float, tail: float) -> float:
    """Where Beta(a, b) has the probability `tail` below."""
    n = a + b - 1
    if n < LARGE:
        return _checked_quantile(a, b, tail)
    if a < RARE * n:
        return _rare_quantile(a, n, tail)
    if b < RARE * n:
        return 1 - _rare_quantile(b, n, 1 - tail)
    # Wilson's end with a continuity correction and the first Edgeworth term, for the skewness.
    p, z = (a - 0.5) / n, float(ndtri(tail))
    return _score_end(p, n, z, 1) + (1 - 2 * p) * (1 - z * z) / (6 * n)


def _checked_quantile(a: float, b: float, tail: float) -> float:
    """scipy's quantile if it has the tail probability. That of scipy 1.17.1 has not where a or b is
    1000 exactly and the other above some 9,000 (999 of 10,089: 0.2508 for 0.1050); parameters next
    to it are right, and what they change is below MISS."""

    def miss(x: float) -> float:
        """Of the smaller tail, relative: the larger one is then met even better."""
        if tail <= 0.5:
            return float(betainc(a, b, x)) / tail - 1
        return 1 - float(betaincc(a, b, x)) / (1 - tail)

    for near in (1.0, NUDGE):
        found = float(betaincinv(a * near, b * near, tail))
        if abs(miss(found)) <= MISS:
            return found
    return float(brentq(miss, 0, 1, xtol=1e-13 * a / (a + b), rtol=1e-14, maxiter=5000))


def _rare_quantile(a: float, n: float, tail: float) -> float:
    """Of Beta(a, n - a + 1) for a far below n, from the gamma quantile (Bol'shev 1963; Johnson,
    Kemp & Kotz 2005, 3.6.1)."""
    quantile = float(gammaincinv(a, tail))
    return quantile / (n + (quantile - a + 1) / 2)


def agresti_coull(x: float, n: float, level: float = LEVEL) -> Interval:
    """Wald interval after adding z²/2 to both outcomes (Agresti & Coull 1998), clipped to 0..1."""
    low, high = agresti_coull_ends(x, n, level)
    return _clipped(low, high)


def agresti_coull_ends(x: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """The ends before clipping; one may be outside of 0..1."""
    _, z = _share(x, n, level)
    size = n + z * z
    p = (x + z * z / 2) / size
    half = z * math.sqrt(p * (1 - p) / size)
    return p - half, p + half


def jeffreys(x: float, n: float, level: float = LEVEL) -> Interval:
    """Equal-tailed interval of Beta(x + 1/2, n - x + 1/2), with end 0 for none and 1 for all
    (Brown, Cai & DasGupta 2001)."""
    _share(x, n, level)
    tail, a, b = (1 - level) / 2, x + 0.5, n - x + 0.5
    low = 0.0 if x <= 0 else _beta_quantile(a, b, tail)
    high = 1.0 if x >= n else _beta_quantile(a, b, 1 - tail)
    return Interval(low, high)


METHODS: dict[str, Callable[[float, float, float], Interval]] = {
    "wilson": wilson,
    "wilson_corrected": wilson_corrected,
    "clopper_pearson": clopper_pearson,
    "agresti_coull": agresti_coull,
    "jeffreys": jeffreys,
    "wald": wald,
}


def share_interval(
    x: float, n: float, method: str = "wilson", level: float = LEVEL
) -> Interval | None:
    """Interval by a method of METHODS; None if n is 0. Wald's, which has no length for none or
    all, is then Wilson's. Raises CannotComputeError for an unknown method."""
    if method not in METHODS:
        raise CannotComputeError("unknown_choice", given=method, allowed=", ".join(METHODS))
    if n == 0:
        return None
    if method == "wald" and x in (0, n):
        return wilson(x, n, level)
    return METHODS[method](x, n, level)


def newcombe(x1: float, n1: float, x2: float, n2: float, level: float = LEVEL) -> Interval:
    """Interval of x1/n1 - x2/n2 from two independent samples: square-and-add of the two Wilson
    intervals (Newcombe 1998b, method 10)."""
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    return square_and_add(x1 / n1, first, x2 / n2, second)


def square_and_add(
    p1: float, first: Interval, p2: float, second: Interval, correlation: float = 0.0
) -> Interval:
    """Interval of p1 - p2 from the intervals of the two estimates (MOVER; Zou & Donner 2008; with
    the correlation of the estimates Zou 2008), which may be of any kind and of designed samples."""
    below = _added(p1 - first.low, second.high - p2, correlation)
    above = _added(first.high - p1, p2 - second.low, correlation)
    return Interval(p1 - p2 - below, p1 - p2 + above)


def _added(a: float, b: float, correlation: float) -> float:
    return math.sqrt(max(a * a + b * b - 2 * correlation * a * b, 0.0))


def goodman(counts: Sequence[float], level: float = LEVEL) -> Floats:
    """(k, 2): intervals of all k options at once, which together hold with at least `level`.

    Wilson ends with z² = the χ²₁ quantile at 1 - (1 - level)/k (Goodman 1965).
    """
    return _simultaneous(counts, float(chdtri(1, (1 - level) / max(len(counts), 1))), level)


def quesenberry_hurst(counts: Sequence[float], level: float = LEVEL) -> Floats:
    """(k, 2): as `goodman` with z² = the χ² quantile of k - 1 degrees of freedom (Quesenberry &
    Hurst 1964); wider."""
    return _simultaneous(counts, float(chdtri(max(len(counts) - 1, 1), 1 - level)), level)


def _simultaneous(counts: Sequence[float], square: float, level: float) -> Floats:
    n = math.fsum(counts)
    for count in counts:
        _share(count, n, level)
    x = np.asarray(counts, dtype=np.float64)
    root = np.sqrt(square * (square + 4 * x * (n - x) / n))
    ends = np.stack([square + 2 * x - root, square + 2 * x + root], axis=1) / (2 * (n + square))
    ends[x == 0, 0], ends[x == n, 1] = 0, 1
    return np.asarray(np.clip(ends, 0, 1))


def _share(x: float, n: float, level: float) -> tuple[float, float]:
    """p and the normal quantile. Raises CannotComputeError for what is no count of n."""
    if not 0 < level < 1:
        raise CannotComputeError("level_out_of_range", given=level)
    if not 0 < n < math.inf:
        raise CannotComputeError("no_responses")
    if not 0 <= x <= n:
        raise CannotComputeError("counts_invalid")
    return x / n, float(ndtri((1 + level) / 2))


def _clipped(low: float, high: float) -> Interval:
    return Interval(max(low, 0.0), min(high, 1.0))
