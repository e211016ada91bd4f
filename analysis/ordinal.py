"""Association of two ordered scales, from their table of counts (r, c) in the order of the scales.

Assumes a simple random sample. All coefficients are -1..1; swap the order of one scale and the
sign changes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import chdtrc

from analysis.association import Test, filled
from analysis.designs import Floats


def gamma(table: Any) -> float:
    """(C - D)/(C + D) of concordant and discordant pairs (Goodman & Kruskal 1954); 0 if every pair
    is tied."""
    concordant, discordant = _pairs(filled(table))
    both = concordant + discordant
    return (concordant - discordant) / both if both else 0.0


def kendall_tau_b(table: Any) -> float:
    """(C - D)/√((n₀ - ties in rows)(n₀ - ties in columns)), n₀ = n(n-1)/2 (Kendall 1945)."""
    counts = filled(table)
    concordant, discordant = _pairs(counts)
    n = counts.sum()
    untied = [(n * n - (counts.sum(axis=axis) ** 2).sum()) / 2 for axis in (1, 0)]
    return float((concordant - discordant) / math.sqrt(untied[0] * untied[1]))


def spearman(table: Any) -> float:
    """Correlation of the mid-ranks (Spearman 1904)."""
    counts = filled(table)
    return _correlation(counts, _midranks(counts.sum(axis=1)), _midranks(counts.sum(axis=0)))


def score_correlation(table: Any, rows: Any = None, columns: Any = None) -> float:
    """Pearson's r of scores for rows and columns, by default 1, 2, 3 …"""
    counts, u, v = _scored(table, rows, columns)
    return _correlation(counts, u, v)


def linear_by_linear(table: Any, rows: Any = None, columns: Any = None) -> Test:
    """M² = (n - 1) r², χ² with one degree of freedom (Mantel 1963; Agresti 2007, 2.5)."""
    counts, u, v = _scored(table, rows, columns)
    n = float(counts.sum())
    statistic = (n - 1) * _correlation(counts, u, v) ** 2
    return Test("linear_by_linear", statistic, 1, float(chdtrc(1, statistic)), n)


def _scored(table: Any, rows: Any, columns: Any) -> tuple[Floats, Floats, Floats]:
    given = np.asarray(table, dtype=np.float64)
    counts = filled(given)
    scores = []
    for axis, wanted in ((0, rows), (1, columns)):
        all_scores = np.arange(1, given.shape[axis] + 1) if wanted is None else np.asarray(wanted)
        scores.append(all_scores[given.sum(axis=1 - axis) > 0].astype(np.float64))
    return counts, scores[0], scores[1]


def _pairs(counts: Floats) -> tuple[float, float]:
    """Concordant and discordant pairs: every cell with all that are below and right, or left."""
    return _below_right(counts), _below_right(counts[:, ::-1])


def _below_right(counts: Floats) -> float:
    sums = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    return float((counts[:-1, :-1] * sums[1:, 1:]).sum())


def _midranks(totals: Floats) -> Floats:
    return np.asarray(totals.cumsum() - (totals - 1) / 2)


def _correlation(counts: Floats, u: Floats, v: Floats) -> float:
    n, rows, columns = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    u, v = u - rows @ u / n, v - columns @ v / n
    spread = math.sqrt((rows @ u**2) * (columns @ v**2))
    return float(u @ counts @ v / spread) if spread else 0.0
