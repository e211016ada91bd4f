"""Variance of a weighted total under a design: every standard error of this package is made here.

An estimate is linearised first: score u of a response is the derivative of the estimate with
respect to that response's weight. The variance is then that of the total Σ w u (Taylor
linearisation; Binder 1983; Särndal, Swensson & Wretman 1992, 5.5): per stage and stratum
factor · Σ (z - z̄)(z - z̄)ᵀ over the sampling units, z being a unit's sum of w u. Calibrated
weights replace u by its residual from the margins (Deville & Särndal 1992).

Answers are codes with few values: then a million scores are a handful of distinct rows, and only
how often and how heavily each occurs per stratum or unit is counted (`CellTotals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.designs import Calibration, Codes, Design, Floats, Stage
from analysis.refusals import CannotComputeError
from analysis.stages import summed

DENSE_LIMIT = 4_000_000
AT_ONCE = 2**17
"""Numbers that are summed in one call; of more than these a call per column is faster."""


@dataclass(frozen=True, eq=False)
class CellTotals:
    """Weighted totals of K cells. codes: (n,) 0..K-1, or -1 for rows outside of the domain."""

    design: Design
    codes: npt.NDArray[np.integer[Any]]
    size: int

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """(K,) responses with a weight above 0."""
        codes = self._slots
        if not self.design.equal_weights:
            codes = codes[self.design.weights > 0]
        return np.bincount(codes, minlength=self.size + 1)[: self.size]

    @cached_property
    def totals(self) -> Floats:
        """(K,) Σ w."""
        if self.design.equal_weights:
            return np.asarray(self.counts * self.design.weights[0])
        return summed(self._slots, self.design.weights, self.size + 1)[: self.size]

    @cached_property
    def whole(self) -> npt.NDArray[np.bool_]:
        """(K,) no response is from a stratum of which only a part was drawn."""
        if not any(stage.whole.any() for stage in self.design.stages):
            return np.zeros(self.size, dtype=bool)
        open_rows = self._slots[~self.design.whole_rows]
        return np.asarray(np.bincount(open_rows, minlength=self.size + 1)[: self.size] == 0)

    def degrees_of_freedom(self) -> int:
        return self.design.degrees_of_freedom(self.codes >= 0)

    def covariance(self, scores: Floats) -> Floats:
        """(m, m) covariance of Σ w u, where a row with code k has the scores u = scores[k], (K, m);
        rows outside of the domain score 0 but remain part of the sample."""
        padded = np.vstack([scores, np.zeros(scores.shape[1])])
        codes, calibration = self._slots, self.design.calibration
        if calibration is not None:
            codes = codes * calibration.size + calibration.cells
            padded = self._residuals(padded, calibration, codes)
        found = np.zeros((scores.shape[1],) * 2)
        for stage in self.design.stages:
            if stage.units is None:
                found += self._over_rows(stage, codes, padded)
            else:
                found += covariance_over_units(stage, self._unit_sums(stage.units, codes, padded))
        return found

    def units_and_squares(self, members: Any) -> tuple[npt.NDArray[np.int64], Floats]:
        """(m,) first-stage sampling units with a response of weight above 0, and (m,) Σw², of the
        bases whose cells are `members` (K, m) of bool."""
        squares = summed(self._slots, self.design.weights**2, self.size + 1)[: self.size] @ members
        return self._seen(self.design.stages[0].units, members), squares

    def degrees_of_freedom_within(self, members: Any) -> npt.NDArray[np.int64]:
        """(m,) `Design.degrees_of_freedom` of each of the bases whose cells are `members` (K, m) of
        bool, which may overlap: first-stage units less strata with a response of weight above 0."""
        stage = self.design.stages[0]
        units = self._seen(stage.units, members)
        strata = 1 if stage.strata is None else self._seen(stage.strata, members)
        return np.asarray(np.maximum(units - strata, 0))

    def _seen(self, labels: Codes | None, members: Any) -> npt.NDArray[np.int64]:
        """(m,) different labels (n,) among the responses of weight above 0; None: each its own."""
        if labels is None:
            return np.asarray(self.counts @ members)
        present = (self._slots < self.size) & (self.design.weights > 0)
        places = (labels[present], self._slots[present])
        shape = (int(labels.max()) + 1, self.size)
        seen = sparse.csr_matrix((np.ones(len(places[0])), places), shape=shape)
        return np.asarray(np.count_nonzero(seen @ members.astype(np.float64), axis=0))

    def covariance_of_sparse(self, scores: Any) -> Floats:
        """As `covariance` for a scipy.sparse matrix (K, m) and weights that are not calibrated.

        Σ(z - z̄)² is taken as Σz² - (Σz)²/units, which loses the digits that they share: a variance
        that is 0 comes out as some 1e-16 of Σz².
        """
        padded = sparse.vstack([scores, sparse.csr_matrix((1, scores.shape[1]))]).tocsr()
        found = np.zeros((scores.shape[1],) * 2)
        for stage in self.design.stages:
            if stage.units is None:
                strata, kinds, rows, mean, spread = self._kinds(stage, self._slots, self.size + 1)
                z, within = _scaled(mean, padded[kinds]), _scaled(np.sqrt(spread), padded[kinds])
                found += _crossed(within, stage.factors[strata])
            else:
                shape = (int(stage.units.max()) + 1, self.size + 1)
                weights = (self.design.weights, (stage.units, self._slots))
                z, rows = sparse.csr_matrix(weights, shape=shape) @ padded, np.ones(shape[0])
                strata = np.zeros(shape[0], dtype=np.intp)
                strata = strata if stage.unit_strata is None else stage.unit_strata
            found += _crossed(z, stage.factors[strata] * rows)
            places = (rows, (strata, np.arange(len(strata))))
            sums = sparse.csr_matrix(places, shape=(len(stage.sampled), len(strata))) @ z
            found -= _crossed(sums, np.where(stage.centred, stage.factors / stage.sampled, 0))
        return found

    @cached_property
    def _slots(self) -> Codes:
        """Codes in which the outside of the domain is the last one, K."""
        codes = np.asarray(self.codes)
        if len(codes) != self.design.n:
            raise CannotComputeError(
                "lengths_differ", what="codes", given=len(codes), expected=self.design.n
            )
        low, high = int(codes.min()), int(codes.max())
        if low < -1 or high >= self.size:
            given = low if low < -1 else high
            raise CannotComputeError("code_out_of_range", last=self.size - 1, given=given)
        wide = codes.astype(np.intp)
        if low < 0:
            wide[wide < 0] = self.size
        return wide

    def _residuals(self, scores: Floats, margins: Calibration, joint: Codes) -> Floats:
        """((K+1)·G, m) scores per cell and margin category, net of the margins."""
        shape = (len(scores), margins.size)
        omega = np.bincount(joint, margins.regression_weights, shape[0] * shape[1]).reshape(shape)
        fitted = swept(margins, omega.sum(axis=0), omega.T @ scores)
        return (scores[:, None, :] - fitted[None, :, :]).reshape(-1, scores.shape[1])

    def _over_rows(self, stage: Stage, codes: Codes, scores: Floats) -> Floats:
        """Every row is a unit: rows of one stratum and code are alike up to their weight.

        Σ(w u - z̄)² over m rows of one kind is m (w̄ u - z̄)² + u² Σ(w - w̄)².
        """
        strata, kinds, rows, mean, spread = self._kinds(stage, codes, len(scores))
        u = scores[kinds]
        z = mean[:, None] * u
        sums = sums_per_code(strata, rows[:, None] * z, len(stage.sampled))
        centres = np.where(stage.centred, 1 / stage.sampled, 0)[:, None] * sums
        z -= centres[strata]
        factors = stage.factors[strata]
        within = (u * (factors * spread)[:, None]).T @ u if spread.any() else 0
        return np.asarray((z * (factors * rows)[:, None]).T @ z + within)

    def _kinds(
        self, stage: Stage, codes: Codes, size: int
    ) -> tuple[Codes, Codes, Floats, Floats, Floats]:
        """Per kind of row: stratum, code, number of rows, mean weight, Σ(w - w̄)²."""
        keys = codes if stage.strata is None else stage.strata * size + codes
        labels: Codes | None = None
        if len(stage.sampled) * size > DENSE_LIMIT + len(keys):
            labels, keys = np.unique(keys, return_inverse=True)
        rows = np.bincount(keys).astype(np.float64)
        kept = np.flatnonzero(rows)
        places = kept if labels is None else labels[kept]
        weights = self.design.weights
        strata, kinds = places // size, places % size
        if self.design.equal_weights:
            return strata, kinds, rows[kept], np.full(len(kept), weights[0]), np.zeros(len(kept))
        means = summed(keys, weights, len(rows)) / np.maximum(rows, 1)
        spread = summed(keys, (weights - means[keys]) ** 2, len(rows))
        return strata, kinds, rows[kept], means[kept], spread[kept]

    def _unit_sums(self, units: Codes, codes: Codes, scores: Floats) -> Floats:
        """(U, m) Σ w u per sampling unit."""
        shape = (int(units.max()) + 1, len(scores))
        weights = self.design.weights
        if shape[0] * shape[1] <= DENSE_LIMIT:
            table = np.bincount(units * shape[1] + codes, weights, shape[0] * shape[1])
            return np.asarray(table.reshape(shape) @ scores)
        return np.asarray(sparse.csr_matrix((weights, (units, codes)), shape=shape) @ scores)


def _scaled(factors: Floats, rows: Any) -> Any:
    return sparse.diags_array(factors) @ rows


def _crossed(rows: Any, factors: Floats) -> Floats:
    """(m, m) Σ factor · row rowᵀ of a sparse matrix (r, m)."""
    return np.asarray((rows.T @ _scaled(factors, rows)).toarray())


def covariance_of_rows(design: Design, scores: Floats) -> Floats:
    """(m, m) covariance of Σ w u for scores (n, m); 0 for rows outside of the domain."""
    scores = _net_of_margins(design, scores)
    z = design.weights[:, None] * scores
    found = np.zeros((z.shape[1],) * 2)
    for stage in design.stages:
        units = stage.units
        sums = z if units is None else sums_per_code(units, z, int(units.max()) + 1)
        found += covariance_over_units(stage, sums)
    return found


def covariance_over_units(stage: Stage, sums: Floats) -> Floats:
    """(m, m) contribution of one stage; sums: (U, m) Σ w u per sampling unit."""
    strata = stage.unit_strata
    if strata is None:
        centred = sums - sums.mean(axis=0) if stage.centred[0] else sums
        return np.asarray(stage.factors[0] * (centred.T @ centred))
    centres = sums_per_code(strata, sums, len(stage.sampled)) / stage.sampled[:, None]
    centres[~stage.centred] = 0
    centred = sums - centres[strata]
    return np.asarray((centred * stage.factors[strata][:, None]).T @ centred)


def swept(margins: Calibration, omega: Floats, products: Floats) -> Floats:
    """(G, m) what the margins explain of the scores of each cell. omega: (G,) Σω of its rows;
    products: (G, m) Σω u.

    Sweeping out the means of each margin in turn approaches the least-squares regression on the
    indicators of all of them (von Neumann's alternating projections).
    """
    explained = np.zeros_like(products)
    for _ in range(margins.sweeps):
        for own in margins.categories:
            size = int(own.max()) + 1
            left = sums_per_code(own, products - omega[:, None] * explained, size)
            weight = np.bincount(own, omega, size)[:, None]
            explained += np.divide(left, weight, out=np.zeros_like(left), where=weight > 0)[own]
    return explained


def _net_of_margins(design: Design, scores: Floats) -> Floats:
    margins = design.calibration
    if margins is None:
        return scores
    omega = margins.regression_weights
    weights = np.ones(design.n) if omega is None else omega
    products = sums_per_code(margins.cells, weights[:, None] * scores, margins.size)
    fitted = swept(margins, summed(margins.cells, weights, margins.size), products)
    return np.asarray(scores - fitted[margins.cells])


def sums_per_code(codes: Codes, rows: Floats, size: int) -> Floats:
    """(size, m) column sums of rows (r, m) per code."""
    m = rows.shape[1]
    if size == 1:
        return np.asarray(rows.sum(axis=0, keepdims=True))
    if rows.size <= AT_ONCE:
        places = codes[:, None] * m + np.arange(m)
        return summed(places.ravel(), rows.ravel(), size * m).reshape(size, m)
    columns = [summed(codes, column, size) for column in rows.T]
    return np.stack(columns, axis=1) if columns else np.zeros((size, 0))
