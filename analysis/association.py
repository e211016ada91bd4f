"""Whether two questions go together, from their table of counts: tests, strength, residuals.

All functions take counts (r, c) of a simple random sample, each response in one cell; rows and
columns without a response are left out of tests. All raise CannotComputeError for counts that are
negative or not finite, and (but for residuals and expected counts) below 2 × 2. Chi-squared
p-values are large-sample ones: `smallest_expected` says when to doubt them (below 5: see
`analysis.fisher`). For a designed sample see `analysis.rao_scott`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from analysis.designs import Floats
from analysis.refusals import CannotComputeError

DOUBTFUL = 5.0
"""Cochran 1954: expected counts below 5 in over a fifth of the cells make χ² doubtful."""


@dataclass(frozen=True)
class Test:
    """A test's result. df: degrees of freedom of the numerator; df2: of the denominator (F, t)."""

    __test__ = False

    name: str
    statistic: float
    df: float
    p: float
    n: float
    df2: float | None = None


def counts_of(table: Any) -> Floats:
    """(r, c) finite counts >= 0, checked. Raises CannotComputeError."""
    found = np.asarray(table, dtype=np.float64)
    if found.ndim != 2 or not np.isfinite(found).all() or (found < 0).any():
        raise CannotComputeError("counts_invalid")
    return found


def filled(table: Any) -> Floats:
    """The counts without empty rows and columns. Raises CannotComputeError below 2 × 2."""
    counts = counts_of(table)
    counts = np.asarray(counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0])
    if min(counts.shape) < 2:
        raise CannotComputeError("table_too_small")
    return counts


def expected(table: Any) -> Floats:
    """(r, c) counts under independence, row total × column total / n; 0 for an empty table."""
    counts = counts_of(table)
    n = counts.sum()
    if n == 0:
        return counts
    return np.asarray(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n)


def smallest_expected(table: Any) -> float:
    """The smallest of the `expected` counts of the rows and columns that are not empty."""
    return float(expected(filled(table)).min())


def is_doubtful(table: Any) -> bool:
    """More than a fifth of the expected counts are below 5, or one is below 1 (Cochran 1954)."""
    wanted = expected(filled(table))
    return bool((wanted < DOUBTFUL).mean() > 0.2 or wanted.min() < 1)


def pearson(table: Any) -> Test:
    """Pearson's X² = Σ(O - E)²/E with (r-1)(c-1) degrees of freedom (Pearson 1900)."""
    counts = filled(table)
    wanted = expected(counts)
    return _chi_squared("pearson", float(((counts - wanted) ** 2 / wanted).sum()), counts)


def yates(table: Any) -> Test:
    """X² of a 2 × 2 table with |O - E| less 1/2, but not below 0 (Yates 1934; R: correct=TRUE)."""
    counts = filled(table)
    if counts.shape != (2, 2):
        raise CannotComputeError("table_too_small")
    gaps = np.abs(counts - expected(counts))
    gaps -= min(0.5, float(gaps.min()))
    return _chi_squared("yates", float((gaps**2 / expected(counts)).sum()), counts)


def likelihood_ratio(table: Any) -> Test:
    """G² = 2 Σ O ln(O/E), cells with O = 0 adding 0 (Wilks 1938)."""
    counts = filled(table)
    ratio = np.where(counts > 0, counts, 1) / np.where(counts > 0, expected(counts), 1)
    statistic = max(2 * float((counts * np.log(ratio)).sum()), 0.0)
    return _chi_squared("likelihood_ratio", statistic, counts)


def _chi_squared(name: str, statistic: float, counts: Floats) -> Test:
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return Test(name, statistic, df, float(chdtrc(df, statistic)), float(counts.sum()))


def goodness_of_fit(counts: Any, shares: Any = None) -> Test:
    """X² of (k,) counts against (k,) shares that sum to 1 (default equal), k - 1 df.

    Raises CannotComputeError for shares that are not above 0 or do not sum to 1.
    """
    observed = counts_of(np.atleast_2d(np.asarray(counts, dtype=np.float64)))[0]
    k = len(observed)
    p = np.full(k, 1 / k) if shares is None else np.asarray(shares, dtype=np.float64)
    if p.shape != (k,) or not (p > 0).all() or not math.isclose(p.sum(), 1, rel_tol=1e-9):
        raise CannotComputeError("share_out_of_range", what="shares", given=p.tolist())
    n = observed.sum()
    if n == 0 or k < 2:
        raise CannotComputeError("no_responses" if n == 0 else "table_too_small")
    statistic = float(((observed - n * p) ** 2 / (n * p)).sum())
    return Test("goodness_of_fit", statistic, k - 1, float(chdtrc(k - 1, statistic)), float(n))


def pearson_residuals(table: Any) -> Floats:
    """(r, c) (O - E)/√E; 0 in empty rows and columns."""
    counts = counts_of(table)
    root = np.sqrt(expected(counts))
    return _over(counts - expected(counts), root)


def adjusted_residuals(table: Any) -> Floats:
    """(r, c) (O - E)/√(E (1 - row share)(1 - column share)), about standard normal if the cell is
    as independence has it (Haberman 1973); 0 where that is certain."""
    counts = counts_of(table)
    n = max(float(counts.sum()), 1.0)
    left = np.outer(1 - counts.sum(axis=1) / n, 1 - counts.sum(axis=0) / n)
    root = np.sqrt(np.maximum(expected(counts) * left, 0))
    gaps = counts - expected(counts)
    return _over(gaps, root)


def _over(top: Floats, bottom: Floats) -> Floats:
    """The quotient, 0 where the denominator is."""
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


def cramers_v(table: Any) -> float:
    """√(X²/(n (min(r, c) - 1))), 0..1 (Cramér 1946)."""
    counts = filled(table)
    return math.sqrt(pearson(counts).statistic / (counts.sum() * (min(counts.shape) - 1)))


def cramers_v_corrected(table: Any) -> float:
    """Cramér's V corrected for its bias in small samples (Bergsma 2013)."""
    counts = filled(table)
    (r, c), n = counts.shape, float(counts.sum())
    if n <= 1:
        raise CannotComputeError("no_responses")
    square = max(0.0, pearson(counts).statistic / n - (r - 1) * (c - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    smaller = min(rows, columns) - 1
    return math.sqrt(square / smaller) if smaller > 0 else 0.0


def phi(table: Any) -> float:
    """√(X²/n) of a 2 × 2 table, without sign."""
    counts = filled(table)
    return math.sqrt(pearson(counts).statistic / counts.sum())


def contingency_coefficient(table: Any) -> float:
    """Pearson's C = √(X²/(X² + n))."""
    test = pearson(table)
    return math.sqrt(test.statistic / (test.statistic + test.n))
