"""Tests of association for designed samples: Rao-Scott corrections of Pearson's X², Wald tests.

Pearson's X² of the estimated shares, times the number of responses, is under independence a sum
Σ δᵢ χ²₁ with the eigenvalues δ of the generalised design effect matrix Δ (Rao & Scott 1981, 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, fdtrc

from analysis.association import Test
from analysis.design_estimates import ratios_of_cells
from analysis.designs import Design, Floats
from analysis.linearisation import CellTotals
from analysis.quadratic_forms import f_sum_tail
from analysis.refusals import CannotComputeError
from analysis.stages import as_codes

NEGLIGIBLE = 1e-10


@dataclass(frozen=True, eq=False)
class WeightedTable:
    """A cross-tabulation of a designed sample over the rows of the domain.

    totals: (r, c) Σ w. counts: (r, c) responses. shares: (r, c), sum 1. covariance: (r·c, r·c) of
    the shares, row by row; totals_covariance: that of the totals. n: responses; df: degrees of
    freedom of the design. rows, columns: which categories the table has; empty ones are left out.
    """

    totals: Floats
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    shares: Floats
    covariance: Floats
    totals_covariance: Floats
    n: int
    df: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]


def weighted_table(
    design: Design, rows: Any, row_count: int, columns: Any, column_count: int
) -> WeightedTable:
    """Cross-tabulate (n,) codes with (n,) codes; -1 in either is outside of the domain.

    Raises CannotComputeError if fewer than two rows or columns have responses.
    """
    down, across = as_codes(rows), as_codes(columns)
    joint = np.where((down < 0) | (across < 0), -1, down.astype(np.intp) * column_count + across)
    size = row_count * column_count
    cells = CellTotals(design, joint, size)
    shape = (row_count, column_count)
    kept_rows = np.flatnonzero(cells.counts.reshape(shape).sum(axis=1))
    kept_columns = np.flatnonzero(cells.counts.reshape(shape).sum(axis=0))
    if min(len(kept_rows), len(kept_columns)) < 2:
        raise CannotComputeError("table_too_small")
    places = (kept_rows[:, None] * column_count + kept_columns).ravel()
    picked = np.zeros((size, len(places)))
    picked[places, np.arange(len(places))] = 1
    found = ratios_of_cells(cells, picked, np.ones_like(picked))
    smaller = (len(kept_rows), len(kept_columns))
    return WeightedTable(
        totals=cells.totals[places].reshape(smaller),
        counts=cells.counts[places].reshape(smaller),
        shares=found.values.reshape(smaller),
        covariance=found.covariance,
        totals_covariance=cells.covariance(picked),
        n=int(cells.counts.sum()),
        df=found.df,
        rows=tuple(int(row) for row in kept_rows),
        columns=tuple(int(column) for column in kept_columns),
    )


def rao_scott(table: WeightedTable) -> Test:
    """Second-order corrected X² as F: X²/Σδ with d and d·df degrees of freedom, d = (Σδ)²/Σδ²
    (Rao & Scott 1984; Thomas & Rao 1987; R: svychisq, statistic="F"). The default for designs."""
    deltas, statistic = _eigenvalues(table), pearson_statistic(table)
    d = deltas.sum() ** 2 / (deltas**2).sum()
    df2 = d * _df(table)
    corrected = statistic / deltas.sum()
    return Test("rao_scott", corrected, d, float(fdtrc(d, df2, corrected)), table.n, df2)


def rao_scott_first_order(table: WeightedTable) -> Test:
    """X² over the mean δ, as χ² with as many degrees of freedom as there are δ, (r-1)(c-1) but for
    blocks of empty cells (Rao & Scott 1981; R: "Chisq"). `statistic` is the uncorrected X², as R
    prints it."""
    deltas, statistic = _eigenvalues(table), pearson_statistic(table)
    p = float(chdtrc(len(deltas), statistic / deltas.mean()))
    return Test("rao_scott_first_order", statistic, len(deltas), p, table.n)


def rao_scott_saddlepoint(table: WeightedTable) -> Test:
    """X² against Σδχ²₁ over a χ² of d·df, by saddlepoint approximation (Kuonen 1999; R: "lincom"
    and "saddlepoint"), d as for `rao_scott`."""
    deltas, statistic = _eigenvalues(table), pearson_statistic(table)
    df2 = deltas.sum() ** 2 / (deltas**2).sum() * _df(table)
    p = f_sum_tail(statistic, deltas, df2)
    return Test("rao_scott_saddlepoint", statistic, len(deltas), p, table.n, df2)


def wald(table: WeightedTable) -> Test:
    """Wald test of the estimated counts against those under independence, as F with (r-1)(c-1)
    and df degrees of freedom (Koch, Freeman & Freeman 1975; R: "Wald"). Liberal with few
    clusters."""
    statistic, k = _wald(table)
    df2 = _df(table)
    return Test("wald", statistic / k, k, float(fdtrc(k, df2, statistic / k)), table.n, df2)


def wald_adjusted(table: WeightedTable) -> Test:
    """The Wald test with df - (r-1)(c-1) + 1 degrees of freedom (Thomas & Rao 1987; R:
    "adjWald")."""
    statistic, k = _wald(table)
    df = _df(table)
    df2 = df - k + 1
    if df2 < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    adjusted = statistic * df2 / (k * df)
    return Test("wald_adjusted", adjusted, k, float(fdtrc(k, df2, adjusted)), table.n, df2)


def pearson_statistic(table: WeightedTable) -> float:
    """n Σ (p - p₊p₊)²/(p₊p₊) of the estimated shares, n the number of responses."""
    independent = np.outer(table.shares.sum(axis=1), table.shares.sum(axis=0))
    return float(table.n * ((table.shares - independent) ** 2 / independent).sum())


def cramers_v(table: WeightedTable) -> float:
    """Cramér's V of the estimated shares, 0..1."""
    smaller = min(table.shares.shape) - 1
    return float(np.sqrt(pearson_statistic(table) / (table.n * smaller)))


def _df(table: WeightedTable) -> int:
    if table.df < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    return table.df


def _eigenvalues(table: WeightedTable) -> Floats:
    """Eigenvalues of Δ = (C'D⁻¹C/n)⁻¹ C'D⁻¹ V D⁻¹ C, C the contrasts of the saturated model that
    are orthogonal to those of rows and columns; empty cells have no D⁻¹.

    There are (r-1)(c-1) of them, fewer where a block of empty cells (two rows that occur in one
    column only) leaves contrasts that nothing was observed of: C'D⁻¹C has no inverse then, and Δ is
    that of the contrasts which were observed."""
    p = table.shares.ravel()
    inverse = np.divide(1, p, out=np.zeros_like(p), where=p > 0)
    contrasts = np.kron(_contrasts(table.shares.shape[0]), _contrasts(table.shares.shape[1]))
    weighted = contrasts * inverse[:, None]
    simple = contrasts.T @ weighted / table.n
    designed = weighted.T @ table.covariance @ weighted
    sizes, directions = np.linalg.eigh(simple)
    observed = sizes > NEGLIGIBLE * sizes[-1]
    roots = directions[:, observed] / np.sqrt(sizes[observed])
    found = np.linalg.eigvalsh(roots.T @ designed @ roots)
    if not found.sum() > NEGLIGIBLE:
        raise CannotComputeError("no_variance")
    return np.asarray(found)


def _contrasts(size: int) -> Floats:
    """(size, size-1) columns orthogonal to the constant."""
    return np.asarray(np.linalg.qr(np.eye(size) - 1 / size)[0][:, : size - 1])


def _wald(table: WeightedTable) -> tuple[float, int]:
    rows, columns = table.shares.shape
    k = (rows - 1) * (columns - 1)
    down, across = table.shares.sum(axis=1), table.shares.sum(axis=0)
    independent = np.outer(down, across)
    gaps = (table.shares - independent)[:-1, :-1].ravel() * table.totals.sum()
    # Derivative of N_ij - N_i. N_.j / N by every count.
    to_rows = np.kron(np.eye(rows), np.ones((1, columns)))
    to_columns = np.kron(np.ones((1, rows)), np.eye(columns))
    slope = np.eye(rows * columns) + independent.reshape(-1, 1)
    slope -= np.kron(to_rows, across[:, None]) + np.kron(down[:, None], to_columns)
    inner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    covariance = (slope @ table.totals_covariance @ slope.T)[np.ix_(inner, inner)]
    if np.linalg.matrix_rank(covariance, hermitian=True) < k:
        raise CannotComputeError("singular")
    return float(gaps @ np.linalg.solve(covariance, gaps)), k
