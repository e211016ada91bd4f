"""Mean with its standard error and interval, median, minimum and maximum of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from analysis.design_estimates import means
from analysis.designs import Codes, Design, Floats
from analysis.estimate import LEVEL
from analysis.refusals import CannotComputeError
from surveys.definition import Kind, Question

Values = npt.NDArray[Any]


def statistics(
    question: Question, column: Values, rows: Codes, design: Design | None
) -> Mapping[str, float]:
    """column: (n,) as it is stored (decimals times 10^places); rows: (m,) those of the group who
    gave a number. In the question's unit; empty if nobody gave one or none of them has a weight.

    Weighted: mean Σwy/Σw; the median is the smallest value that at least half of the weight does
    not exceed, with that half reached exactly the mean of it and the next one, so that equal
    weights give the plain median. Values of weight 0 count for nothing.
    """
    if design is not None:
        rows = rows[design.weights[rows] > 0]
    if len(rows) == 0:
        return {}
    values = column[rows]
    weights = None if design is None else design.weights[rows]
    scale = 10**question.places if question.kind is Kind.DECIMAL else 1
    found = {
        "mean": values.mean() if weights is None else weights @ values / weights.sum(),
        **_precision(column, rows, design),
        "median": np.median(values) if weights is None else _median(values, weights),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    return {name: float(value) / scale for name, value in found.items()}


def _precision(column: Values, rows: Codes, design: Design | None) -> dict[str, float]:
    """Standard error s/√m of the mean and mean ∓ t·SE with m - 1 degrees of freedom; in a designed
    sample those of the domain `rows`, linearised, with the design's degrees of freedom.

    Nothing where no error can be estimated, as from one number or one sampling unit; no interval
    where the numbers do not vary, for one of length 0 would claim to know the mean, but in a
    census, where it is known.
    """
    if design is not None and not design.is_plain:
        return _in_design(column, rows, design)
    m = len(rows)
    if m < 2:
        return {}
    values = column[rows]
    return _ends(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(m), m - 1)


def _in_design(column: Values, rows: Codes, design: Design) -> dict[str, float]:
    inside = np.zeros(design.n, dtype=bool)
    inside[rows] = True
    try:
        found = means(design, column, inside)
    except CannotComputeError:
        return {}
    value, se = float(found.values[0]), float(found.se[0])
    if found.known[0]:
        return {"standard_error": 0.0, "mean_low": value, "mean_high": value}
    return _ends(value, se, found.df) if found.df else {}


def _ends(mean: float, se: float, df: int) -> dict[str, float]:
    if se == 0:
        return {"standard_error": se}
    half = float(stdtrit(df, (1 + LEVEL) / 2)) * se
    return {"standard_error": se, "mean_low": mean - half, "mean_high": mean + half}


def _median(values: Values, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    place = int(np.searchsorted(below, half * (1 - 1e-12)))
    exact = below[place] <= half * (1 + 1e-12)
    last = min(place + 1, len(order) - 1) if exact else place
    return float(values[order[place]] + values[order[last]]) / 2
