"""Association within strata taken together: Cochran-Mantel-Haenszel test, common odds ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtri

from analysis.association import Test
from analysis.design_estimates import checked_level
from analysis.designs import Floats
from analysis.estimate import LEVEL, Interval
from analysis.refusals import CannotComputeError


@dataclass(frozen=True)
class CommonOddsRatio:
    """Mantel-Haenszel's estimate with its interval; the interval is None where it has no end."""

    value: float
    interval: Interval | None


def cochran_mantel_haenszel(tables: Any, *, correct: bool = False) -> Test:
    """Independence of rows and columns given the stratum (Mantel & Haenszel 1959; for more than
    two rows or columns Landis, Heyman & Koch 1978, general association).

    tables: (k, r, c) counts, one table per stratum; strata with fewer than two responses say
    nothing and are left out. χ² with (r-1)(c-1) degrees of freedom, large-sample. `correct`: the
    continuity correction of 1/2 that R uses for 2 × 2 × k by default.
    Raises CannotComputeError if no stratum has two rows and two columns with responses.
    """
    counts = _strata(tables)
    rows, columns = counts.shape[1:]
    gap, covariance = np.zeros((rows - 1) * (columns - 1)), 0
    for table in counts:
        n = table.sum()
        r, c = table.sum(axis=1), table.sum(axis=0)
        gap += (table - np.outer(r, c) / n)[:-1, :-1].ravel()
        covariance = covariance + np.kron(_spread(r), _spread(c)) / (n * n * (n - 1))
    statistic, df = _quadratic(gap, np.asarray(covariance), correct and gap.size == 1)
    name = "cochran_mantel_haenszel"
    return Test(name, statistic, df, float(chdtrc(df, statistic)), float(counts.sum()))


def _strata(tables: Any) -> Floats:
    counts = np.asarray(tables, dtype=np.float64)
    if counts.ndim != 3 or not np.isfinite(counts).all() or (counts < 0).any():
        raise CannotComputeError("counts_invalid")
    counts = counts[counts.sum(axis=(1, 2)) > 1]
    for axis in (1, 2):
        present = counts.sum(axis=(0, 3 - axis)) > 0
        counts = np.compress(present, counts, axis=axis)
    if len(counts) == 0 or min(counts.shape[1:]) < 2:
        raise CannotComputeError("table_too_small")
    return counts


def _spread(totals: Floats) -> Floats:
    return np.asarray(totals.sum() * np.diag(totals) - np.outer(totals, totals))[:-1, :-1]


def _quadratic(gap: Floats, covariance: Floats, correct: bool) -> tuple[float, int]:
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if df == 0:
        raise CannotComputeError("table_too_small")
    if correct:
        gap = np.maximum(np.abs(gap) - 0.5, 0) if abs(gap[0]) >= 0.5 else gap
    return float(gap @ np.linalg.pinv(covariance, hermitian=True) @ gap), df


def common_odds_ratio(tables: Any, level: float = LEVEL) -> CommonOddsRatio:
    """Σ(ad/n)/Σ(bc/n) over 2 × 2 tables (k, 2, 2) with the interval of Robins, Breslow & Greenland
    1986. Raises CannotComputeError for other tables and where Σ bc/n is 0."""
    counts = _strata(tables)
    if counts.shape[1:] != (2, 2):
        raise CannotComputeError("table_too_small")
    n = counts.sum(axis=(1, 2))
    same, crossed = counts[:, 0, 0] * counts[:, 1, 1] / n, counts[:, 0, 1] * counts[:, 1, 0] / n
    if crossed.sum() == 0:
        raise CannotComputeError("denominator_zero")
    value = float(same.sum() / crossed.sum())
    if value == 0:
        return CommonOddsRatio(0.0, None)
    on = (counts[:, 0, 0] + counts[:, 1, 1]) / n
    off = 1 - on
    variance = (
        (on * same).sum() / (2 * same.sum() ** 2)
        + (on * crossed + off * same).sum() / (2 * same.sum() * crossed.sum())
        + (off * crossed).sum() / (2 * crossed.sum() ** 2)
    )
    half = float(ndtri((1 + checked_level(level)) / 2)) * math.sqrt(variance)
    return CommonOddsRatio(value, Interval(value * math.exp(-half), value * math.exp(half)))
