"""Mean with its standard error and interval, median, minimum and maximum of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from analysis.design_estimates import Estimates
from analysis.designs import Codes, Design, Floats
from analysis.domain_estimates import domain_ratios
from analysis.domains import Domains
from analysis.estimate import LEVEL
from surveys.definition import Kind, Question

Values = npt.NDArray[Any]


def statistics_by_group(
    question: Question, column: Values, codes: Codes, size: int, design: Design | None
) -> list[Mapping[str, float]]:
    """column: (n,) as it is stored (decimals times 10^places); codes: (n,) group 0..size-1, or -1
    for who gave no number or is in no group. In the question's unit; empty for a group where nobody
    gave one or none of them has a weight.

    Weighted: mean Σwy/Σw; the median is the smallest value that at least half of the weight does
    not exceed, with that half reached exactly the mean of it and the next one, so that equal
    weights give the plain median. Values of weight 0 count for nothing.
    """
    estimated: Iterable[Estimates | None] = repeat(None)
    if design is not None and not design.is_plain:
        estimated = _in_design(
            column, Domains(design, np.where(design.weights > 0, codes, -1), size)
        )
    groups = zip(_rows_by_group(codes, size), estimated, strict=False)
    return [_statistics(question, column[rows], rows, design, own) for rows, own in groups]


def _in_design(column: Values, domains: Domains) -> Iterator[Estimates]:
    """Mean of each group as a domain of the sample, with the degrees of freedom of its own sampling
    units."""
    values = column[domains.rows].astype(np.float64)
    found = domain_ratios(domains, values, np.ones_like(values))
    return (found.at(group) for group in range(domains.size))


def _rows_by_group(codes: Codes, size: int) -> Iterator[Codes]:
    given = np.flatnonzero(codes >= 0)
    order = np.argsort(codes[given], kind="stable")
    ends = np.searchsorted(codes[given][order], np.arange(size + 1))
    return (given[order[start:end]] for start, end in pairwise(ends))


def _statistics(
    question: Question, values: Values, rows: Codes, design: Design | None, own: Estimates | None
) -> Mapping[str, float]:
    """values: (m,) of the `rows` of one group; own: its mean in a designed sample."""
    weights = None if design is None else design.weights[rows]
    if weights is not None:
        values, weights = values[weights > 0], weights[weights > 0]
    if len(values) == 0:
        return {}
    scale = 10**question.places if question.kind is Kind.DECIMAL else 1
    found = {
        "mean": values.mean() if weights is None else weights @ values / weights.sum(),
        **(_of_plain_sample(values) if own is None else _of_domain(own, values)),
        "median": np.median(values) if weights is None else _median(values, weights),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    return {name: float(value) / scale for name, value in found.items()}


def _of_plain_sample(values: Values) -> dict[str, float]:
    """Standard error s/√m of the mean and mean ∓ t·SE with m - 1 degrees of freedom, cut at 0 where
    no value is below it.

    Nothing where no error can be estimated, as from one number or one sampling unit; no interval
    where the numbers do not vary, for one of length 0 would claim to know the mean, but in a
    census, where it is known. So in designed samples as well.
    """
    m = len(values)
    if m < 2:
        return {}
    se = float(values.std(ddof=1)) / math.sqrt(m)
    return _ends(float(values.mean()), se, m - 1, values.min() < 0)


def _of_domain(found: Estimates, values: Values) -> dict[str, float]:
    value, se = float(found.values[0]), float(found.se[0])
    if found.known[0]:
        return {"standard_error": 0.0, "mean_low": value, "mean_high": value}
    return _ends(value, se, found.df, values.min() < 0) if found.df else {}


def _ends(mean: float, se: float, df: int, negative: bool) -> dict[str, float]:
    if se == 0:
        return {"standard_error": se}
    half = float(stdtrit(df, (1 + LEVEL) / 2)) * se
    low = mean - half if negative else max(mean - half, 0.0)
    return {"standard_error": se, "mean_low": low, "mean_high": mean + half}


def _median(values: Values, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    place = int(np.searchsorted(below, half * (1 - 1e-12)))
    exact = below[place] <= half * (1 + 1e-12)
    last = min(place + 1, len(order) - 1) if exact else place
    return float(values[order[place]] + values[order[last]]) / 2
