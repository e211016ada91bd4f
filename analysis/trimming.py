"""Weights cut to bounds, what was cut off given to the other responses."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.designs import Design, Floats
from analysis.refusals import WeightingError

Spread = Literal["equal", "proportional"]


def trim(
    design: Design,
    low: float = 0.0,
    high: float = math.inf,
    *,
    spread: Spread = "equal",
    strict: bool = True,
) -> Design:
    """The design with weights cut to [low, high]; what was cut off is given to the others.

    weights and bounds are in the units of the design's weights, (n,). `spread`: "equal" adds the
    same amount to every weight that was not cut, "proportional" multiplies them. `strict` repeats
    until no weight is outside; one that was cut in any round gets nothing. So does trimWeights of R
    survey 4.5 (its default is strict=FALSE; before it also gave to weights cut in earlier rounds).
    Where every weight has been cut by then R warns and loses what is left; here those at the other
    bound take it, so that the sum stays.
    A response of weight 0 counts nowhere: it keeps that weight and gets nothing.
    Trimmed weights no longer meet the margins of a calibration, so that it is dropped and variances
    do not profit from it; use the `bounds` of `rake` to keep both. Raises WeightingError if the
    bounds cannot be met.
    """
    used = design.weights > 0
    weights, total = design.weights[used], design.weights.sum()
    if not (0 <= low < high) or not low * len(weights) <= total <= high * len(weights):
        raise WeightingError("bounds_impossible", low=low, high=high)
    cut = np.zeros(len(weights), dtype=bool)
    for _ in range(2 * len(weights) + 1):
        outside = (weights < low) | (weights > high)
        if not outside.any():
            break
        cut |= outside
        clipped = np.clip(weights, low, high)
        lost = float((weights - clipped).sum())
        free = ~(cut if strict else outside)
        if not free.any():
            free = (clipped < high) if lost > 0 else (clipped > low)
            cut = ~free
        if free.any():
            clipped[free] += lost * _portions(clipped[free], spread)
        weights = clipped
        if not strict:
            break
    else:
        raise WeightingError("bounds_impossible", low=low, high=high)
    trimmed = np.zeros(design.n)
    trimmed[used] = weights
    equal = bool(trimmed.min() == trimmed.max())
    return replace(design, weights=trimmed, equal_weights=equal, calibration=None)


def _portions(weights: Floats, spread: Spread) -> Floats:
    if spread not in ("equal", "proportional"):
        raise WeightingError("unknown_choice", given=spread, allowed="equal, proportional")
    return np.full(len(weights), 1 / len(weights)) if spread == "equal" else weights / weights.sum()
