"""Intervals of shares and bounded means of a designed sample, with t for the degrees of freedom.

A share of 0 or 1 has no estimated variance, and a few clusters may agree by chance: then the
interval is Clopper-Pearson's or Wilson's, not one of length 0. Its n is the least of responses,
sampling units and Kish's effective size (`Estimates.sizes`): answers that are all alike within a
cluster say of the population what one answer says, and those of small weight hardly anything. Only
a share that the weights are calibrated to, or that is constant within strata drawn without
clusters, is known and has an interval of length 0 (`known`), as has every figure of a census
(`Estimates.known`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtrit

from analysis import intervals
from analysis.design_estimates import Estimates, checked_level
from analysis.designs import Design
from analysis.estimate import LEVEL, Interval
from analysis.refusals import CannotComputeError
from analysis.stages import Counts


@dataclass(frozen=True)
class DesignShare:
    """One estimated share with what its interval needs: variance, number of responses in the
    domain, degrees of freedom of the design; `size`, for a share without variance: how many
    independent observations are behind it (None: n)."""

    p: float
    variance: float
    n: int
    df: int
    size: float | None = None

    @property
    def effective_n(self) -> float:
        """p(1-p)/variance: the simple sample (with replacement) that is as precise."""
        return self.p * (1 - self.p) / self.variance

    @property
    def is_exact(self) -> bool:
        """So large an effective sample that an interval is shorter than the last digit of p."""
        return not self.effective_n * min(self.p, 1 - self.p) < 1e32

    def t(self, level: float) -> float:
        return float(stdtrit(self.df, (1 + level) / 2))


def logit(share: DesignShare, level: float = LEVEL) -> Interval:
    """Wald interval on the log odds, transformed back (Korn & Graubard 1999, 3.2; R: xlogit)."""
    p = share.p
    half = share.t(level) * math.sqrt(share.variance) / (p * (1 - p))
    centre = math.log(p / (1 - p))
    return Interval(_expit(centre - half), _expit(centre + half))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def beta(share: DesignShare, level: float = LEVEL, *, truncated: bool = False) -> Interval:
    """Korn-Graubard: Clopper-Pearson on the effective sample size, which is multiplied by
    (t(n-1)/t(df))² (Korn & Graubard 1998; R: beta). `truncated`: at most n, as SAS does."""
    size = share.effective_n
    if share.n > 1:
        size *= (float(stdtrit(share.n - 1, (1 + level) / 2)) / share.t(level)) ** 2
    size = min(size, share.n) if truncated else size
    return intervals.clopper_pearson(share.p * size, size, level)


def beta_truncated(share: DesignShare, level: float = LEVEL) -> Interval:
    return beta(share, level, truncated=True)


def wilson(share: DesignShare, level: float = LEVEL) -> Interval:
    """Wilson on the effective sample size with t in place of z (Dean & Pagano 2015; R: wilson)."""
    return _wilson(share.p, share.effective_n, share.t(level))


def wilson_normal(share: DesignShare, level: float = LEVEL) -> Interval:
    """Wilson on the effective sample size with z (Kott & Carr 1997)."""
    return intervals.wilson(share.p * share.effective_n, share.effective_n, level)


def _wilson(p: float, n: float, quantile: float) -> Interval:
    square = quantile * quantile / n
    half = math.sqrt(square * (p * (1 - p) + square / 4))
    low, high = p + square / 2 - half, p + square / 2 + half
    return Interval(max(low / (1 + square), 0.0), min(high / (1 + square), 1.0))


def likelihood(share: DesignShare, level: float = LEVEL) -> Interval:
    """Profile likelihood of the effective sample size with t² in place of χ² (Rao & Scott 1984; R:
    likelihood): all m with (n - 1)/n · 2 nₑ (p ln(p/m) + (1-p) ln((1-p)/(1-m))) <= t². R reads the
    ends off a spline through eleven points and differs in the fourth digit or later."""
    p = share.p
    limit = share.t(level) ** 2 * share.n / (2 * share.effective_n * max(share.n - 1, 1))

    def beyond(step: float) -> float:
        """Of m whose log odds are those of p and a step: the terms that nearly cancel each other,
        as those of p and m would, are never formed."""
        if abs(step) < 1:
            return math.log1p(p * math.expm1(step)) - p * step - limit
        return float(np.logaddexp(math.log1p(-p), math.log(p) + step)) - p * step - limit

    centre, scale = math.log(p / (1 - p)), math.sqrt(2 * limit / (p * (1 - p)))
    low, high = (_root(beyond, side * scale) for side in (-1, 1))
    return Interval(_expit(centre + low), _expit(centre + high))


def _root(function: Callable[[float], float], step: float) -> float:
    """Where a function that is below 0 at 0 and rises crosses 0 in the direction of step."""
    end, exact = step, abs(step) * 1e-14
    while function(end) <= 0:
        step *= 2
        end += step
    return float(brentq(function, 0, end, xtol=exact, rtol=1e-14, maxiter=1000))


def arcsine(share: DesignShare, level: float = LEVEL) -> Interval:
    """Wald interval of arcsin √p, transformed back (R: asin)."""
    half = share.t(level) * math.sqrt(share.variance / (4 * share.p * (1 - share.p)))
    centre = math.asin(math.sqrt(share.p))
    low, high = max(centre - half, 0.0), min(centre + half, math.pi / 2)
    return Interval(math.sin(low) ** 2, math.sin(high) ** 2)


def wald(share: DesignShare, level: float = LEVEL) -> Interval:
    """p ∓ t·SE, not clipped (R: mean). Only for comparison."""
    half = share.t(level) * math.sqrt(share.variance)
    return Interval(share.p - half, share.p + half)


METHODS: dict[str, Callable[[DesignShare, float], Interval]] = {
    "wilson": wilson,
    "logit": logit,
    "beta": beta,
    "beta_truncated": beta_truncated,
    "likelihood": likelihood,
    "arcsine": arcsine,
    "wilson_normal": wilson_normal,
    "wald": wald,
}
EXACT = ("beta", "beta_truncated")


def share_intervals(
    estimates: Estimates,
    method: str = "wilson",
    level: float = LEVEL,
    *,
    known: bool = False,
    dfs: Counts | None = None,
) -> tuple[Interval, ...]:
    """Interval of every share, ends within 0..1.

    `dfs`: (k,) degrees of freedom of the base of each, such as a column of a table, where the bases
    are parts of the domain (None: those of the domain for all). `known`: variance 0 means that the
    share is known (it is a margin of the calibration), so that the interval has length 0. Raises
    CannotComputeError for an unknown method or level.
    """
    return tuple(
        share_interval(
            DesignShare(float(p), float(v), int(n), int(df), float(size)),
            method,
            level,
            known=known or bool(whole),
        )
        for p, v, n, df, whole, size in zip(
            estimates.values,
            estimates.variances,
            estimates.counts,
            [estimates.df] * len(estimates.values) if dfs is None else dfs,
            estimates.known,
            estimates.independent,
            strict=True,
        )
    )


def own_intervals(
    design: Design, estimates: Estimates, level: float = LEVEL, *, known: bool = False
) -> tuple[Interval, ...]:
    """What is printed: of a plain sample Wilson's own interval, the same as in tables of counts,
    else `share_intervals`."""
    if not design.is_plain:
        return share_intervals(estimates, level=level, known=known)
    return tuple(
        intervals.wilson(round(p * n), n, level)
        for p, n in zip(estimates.values.tolist(), estimates.counts.tolist(), strict=True)
    )


def share_interval(
    share: DesignShare, method: str = "wilson", level: float = LEVEL, *, known: bool = False
) -> Interval:
    """One interval; see `share_intervals`. Without a degree of freedom it is all of 0..1."""
    checked_level(level)
    if method not in METHODS:
        raise CannotComputeError("unknown_choice", given=method, allowed=", ".join(METHODS))
    if known and share.variance == 0:
        p = min(max(share.p, 0.0), 1.0)
        return Interval(p, p)
    if share.df < 1:
        return Interval(0.0, 1.0)
    if share.variance == 0 or not 0 < share.p < 1:
        return _without_variance(share, method, level)
    if share.is_exact:
        return Interval(share.p, share.p)
    found = METHODS[method](share, level)
    # Each method's interval holds p; with lengths near the last digit rounding may put it outside.
    return Interval(max(min(found.low, share.p), 0.0), min(max(found.high, share.p), 1.0))


def _without_variance(share: DesignShare, method: str, level: float) -> Interval:
    p, n = min(max(share.p, 0.0), 1.0), float(share.n if share.size is None else share.size)
    made = intervals.clopper_pearson if method in EXACT else intervals.wilson
    return made(p * n, n, level)


def mean_intervals(
    estimates: Estimates, lowest: float, highest: float, level: float = LEVEL
) -> tuple[Interval, ...]:
    """Interval of every mean of values that lie in lowest..highest (an index, a score).

    value ∓ t·SE, clipped; of a census the value itself, as where the weights are calibrated to
    the answers (`Estimates.known`). Without variance the share of the one value
    that was seen is put at its Wilson bound, n being `Estimates.sizes`, and the rest at the
    opposite extreme, as `estimate.mean_interval` does; without a degree of freedom it is all of
    lowest..highest.
    """
    checked_level(level)
    return tuple(
        Interval(float(v), float(v))
        if whole
        else _mean_interval(float(v), float(s), float(n), estimates.df, (lowest, highest), level)
        for v, s, n, whole in zip(
            estimates.values, estimates.se, estimates.independent, estimates.known, strict=True
        )
    )


def _mean_interval(
    value: float, se: float, n: float, df: int, bounds: tuple[float, float], level: float
) -> Interval:
    lowest, highest = bounds
    if df < 1:
        return Interval(lowest, highest)
    if se == 0:
        share = intervals.wilson(n, n, level).low
        low, high = (share * value + (1 - share) * bound for bound in bounds)
        return Interval(low, high)
    half = float(stdtrit(df, (1 + level) / 2)) * se
    return Interval(max(value - half, lowest), min(value + half, highest))
