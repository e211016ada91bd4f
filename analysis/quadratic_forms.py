"""Tail probability of weighted sums of χ² variables by the saddlepoint approximation."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import fdtrc, ndtr

from analysis.designs import Floats

NEAR_MEAN = 1e-4
"""So near to the mean the approximation is 0/0."""


def f_sum_tail(x: float, weights: Floats, df2: float) -> float:
    """P(Σ wᵢ χ²₁ > x · χ²(df2)/df2) for weights (k,) >= 0 and x > 0.

    Σ wᵢ χ²₁ - (x/df2) χ²(df2) > 0 is a quadratic form; its tail is Lugannani & Rice's in the form
    of Barndorff-Nielsen (Kuonen 1999). df2 counts as its whole part in the form, as in R's pFsum.
    Where the approximation is undefined: Satterthwaite's F.
    """
    weights = weights[weights > 0]
    if x <= 0:
        return 1.0
    values = np.append(weights, -x / df2)
    times = np.append(np.ones(len(weights)), np.floor(df2))
    found = _saddlepoint(values / weights.max(), times)
    if found is not None:
        return found
    d = weights.sum() ** 2 / (weights**2).sum()
    return float(fdtrc(d, df2, x / weights.sum()))


def _saddlepoint(values: Floats, times: Floats) -> float | None:
    """P(Σ valueᵢ χ²(timesᵢ) > 0), with values of both signs."""

    def slope(zeta: float) -> float:
        return float((times * values / (1 - 2 * zeta * values)).sum())

    low = float((1 / (2 * values[values < 0])).max()) * (1 - 1e-9)
    high = float((1 / (2 * values[values > 0])).min()) * (1 - 1e-9)
    zeta = brentq(slope, low, high, xtol=1e-15, rtol=1e-14, maxiter=500)
    if abs(zeta) < NEAR_MEAN:
        return None
    cumulant = -float((times * np.log1p(-2 * zeta * values)).sum()) / 2
    bend = 2 * float((times * (values / (1 - 2 * zeta * values)) ** 2).sum())
    w = math.copysign(math.sqrt(max(-2 * cumulant, 0)), zeta)
    v = zeta * math.sqrt(bend)
    return float(ndtr(-(w + math.log(v / w) / w)))
