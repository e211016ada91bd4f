"""Intervals: how far a share or a mean from n responses may be from that of everybody.

All of them assume a simple random sample and ignore the size of the population. The responses of
a quota sample are no such sample: the interval then says only what chance alone would do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def wilson(count: int, n: int, level: float = LEVEL) -> Interval | None:
    """Wilson score interval of the share count/n, both ends in 0..1; None if n is 0.

    Raises ValueError unless 0 <= count <= n.
    Formula: Wilson 1927, without continuity correction; each end is written so that neither a
    small count nor a nearly full one loses digits.
    """
    if not 0 <= count <= n:
        raise ValueError(f"count {count} is not within 0..{n}")
    if n == 0:
        return None
    return Interval(_wilson_low(count, n, level), _wilson_high(count, n, level))


def wilson_ends(
    counts: npt.NDArray[Any], bases: npt.NDArray[Any], level: float = LEVEL
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Low and high ends of `wilson` for arrays of counts and bases of one shape, digit for digit;
    nan where a base is 0. Assumes 0 <= counts <= bases."""
    n = np.where(bases == 0, np.nan, bases).astype(np.float64)
    z = _normal_quantile(level)
    x, left = counts.astype(np.float64), bases - counts.astype(np.float64)
    spread = z * np.sqrt(x * left / n + z * z / 4)
    low = x * x / n / (x + z * z / 2 + spread)
    mirrored = left * left / n / (left + z * z / 2 + spread)
    return low, np.where(2 * x > n, 1 - mirrored, (x + z * z / 2 + spread) / (n + z * z))


def mean_interval(
    values: Sequence[float], counts: Sequence[int], level: float = LEVEL
) -> Interval | None:
    """Interval of the mean Σnᵢpᵢ/Σnᵢ, where counts[i] responses have values[i]; None if Σnᵢ is 0.

    Student's t with n-1 degrees of freedom on the sample variance, clipped to the smallest and
    largest of `values` (list an option that nobody chose, too, with count 0). Where the responses
    do not vary t would give an interval of length 0; instead the share of the one value is put at
    its Wilson bound and the rest at the opposite extreme.
    """
    n = sum(counts)
    if n == 0:
        return None
    lowest, highest = min(values), max(values)
    mean = math.fsum(p * c for p, c in zip(values, counts, strict=True)) / n
    seen = {p for p, c in zip(values, counts, strict=True) if c}
    if len(seen) == 1:
        return _without_variance(seen.pop(), n, lowest, highest, level)
    squares = math.fsum(c * (p - mean) ** 2 for p, c in zip(values, counts, strict=True))
    half = float(stdtrit(n - 1, (1 + level) / 2)) * math.sqrt(squares / (n - 1) / n)
    return Interval(max(mean - half, lowest), min(mean + half, highest))


def index_interval(
    values: Sequence[float], counts: Sequence[int], level: float = LEVEL
) -> Interval | None:
    """Of an unweighted index, wherever it is printed: as `mean_interval`, but all of
    min(values)..max(values) for a single response, which says nothing of how answers differ."""
    if sum(counts) == 1:
        return Interval(min(values), max(values))
    return mean_interval(values, counts, level)


def _without_variance(
    value: float, n: int, lowest: float, highest: float, level: float
) -> Interval:
    share = _wilson_low(n, n, level)
    return Interval(share * value + (1 - share) * lowest, share * value + (1 - share) * highest)


def _wilson_low(count: int, n: int, level: float) -> float:
    z = _normal_quantile(level)
    spread = z * math.sqrt(count * (n - count) / n + z * z / 4)
    return count * count / n / (count + z * z / 2 + spread)


def _wilson_high(count: int, n: int, level: float) -> float:
    if 2 * count > n:
        return 1 - _wilson_low(n - count, n, level)
    z = _normal_quantile(level)
    spread = z * math.sqrt(count * (n - count) / n + z * z / 4)
    return (count + z * z / 2 + spread) / (n + z * z)


@lru_cache
def _normal_quantile(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
