"""Mean, median, minimum and maximum of the numbers that a group gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.designs import Floats
from surveys.definition import Kind, Question

Values = npt.NDArray[Any]


def statistics(question: Question, values: Values, weights: Floats | None) -> Mapping[str, float]:
    """values: (n,) of those who gave one, as the column has them (decimals times 10^places);
    weights: (n,) or None. In the question's unit; empty if nobody gave one or none has a weight.

    Weighted: mean Σwy/Σw; the median is the smallest value that at least half of the weight does
    not exceed, with that half reached exactly the mean of it and the next one, so that equal
    weights give the plain median. Values of weight 0 count for nothing.
    """
    if weights is not None:
        values, weights = values[weights > 0], weights[weights > 0]
    if len(values) == 0:
        return {}
    scale = 10**question.places if question.kind is Kind.DECIMAL else 1
    found = {
        "mean": values.mean() if weights is None else weights @ values / weights.sum(),
        "median": np.median(values) if weights is None else _median(values, weights),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    return {name: float(value) / scale for name, value in found.items()}


def _median(values: Values, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    place = int(np.searchsorted(below, half * (1 - 1e-12)))
    exact = below[place] <= half * (1 + 1e-12)
    last = min(place + 1, len(order) - 1) if exact else place
    return float(values[order[place]] + values[order[last]]) / 2
