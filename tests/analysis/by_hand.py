"""Variances of designed samples as textbooks write them: loops over strata and clusters.

Independent of the code under test: no scores per code, no matrices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def total_variance(
    z: np.ndarray,
    strata: Sequence[Sequence[int]],
    clusters: Sequence[Sequence[int]],
    sizes: Sequence[Sequence[float]],
) -> float:
    """Variance of Σ z of a sample in stages (Särndal, Swensson & Wretman 1992, 4.3).

    One list of n labels per stage; the last stage's clusters may be the rows themselves. sizes:
    units in the population of each row's stratum, inf for a draw with replacement.
    """
    z = np.asarray(z, dtype=float)
    variance = 0.0
    for stratum in sorted(set(strata[0])):
        rows = [i for i in range(len(z)) if strata[0][i] == stratum]
        variance += _of_stratum(z, rows, strata, clusters, sizes)
    return variance


def _of_stratum(z, rows, strata, clusters, sizes) -> float:
    units = sorted({clusters[0][i] for i in rows})
    members = [[i for i in rows if clusters[0][i] == unit] for unit in units]
    sums = [sum(z[i] for i in inner) for inner in members]
    m, size = len(units), sizes[0][rows[0]]
    fraction = m / size
    mean = sum(sums) / m
    variance = 0.0
    if fraction < 1:
        variance = (1 - fraction) * m / (m - 1) * sum((s - mean) ** 2 for s in sums)
    if len(clusters) == 1:
        return variance
    for inner in members:
        pick = [[level[i] for i in inner] for level in (*strata[1:], *clusters[1:], *sizes[1:])]
        depth = len(clusters) - 1
        deeper = (pick[:depth], pick[depth : 2 * depth], pick[2 * depth :])
        variance += fraction * total_variance(z[inner], *deeper)
    return variance


def ratio_scores(w: np.ndarray, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Weighted linearised values of Σwy/Σwx: w (y - R x)/Σwx."""
    whole = float(np.sum(w * bottom))
    return w * (top - np.sum(w * top) / whole * bottom) / whole
