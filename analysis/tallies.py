"""A designed sample as a table: kinds of rows by answers, so that many questions cost little.

What `analysis.linearisation.CellTotals` finds in a pass over the rows per question follows from
the counts, sums and squares of the weights of each kind of rows (`analysis.kinds`), and those of
many questions and groups are made in one pass (`analysis.counting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.designs import Codes, Design, Floats, Stage
from analysis.kinds import GroupedKinds, Kinds, Moments
from analysis.linearisation import covariance_over_units, sums_per_code
from analysis.stages import summed

Bools = npt.NDArray[np.bool_]


def tally(grouped: GroupedKinds, moments: Moments, group: int, codes: Any) -> Tally:
    """The tally of one group, whose domain are the rows with these `codes` (places or flags)."""
    pairs = slice(int(grouped.starts[group]), int(grouped.starts[group + 1]))
    return Tally(grouped.kinds, grouped.of_pair[pairs], moments.at(pairs, codes))


@dataclass(frozen=True, eq=False)
class Tally:
    """One question in one group of the sample, its domain: what `CellTotals` is to a pass over the
    rows. kinds: where each row of `inside` (t, K) belongs; all other rows of the sample are outside
    of the domain and score 0.
    """

    kinds: Kinds
    places: Codes
    inside: Moments

    @property
    def design(self) -> Design:
        return self.kinds.design

    @cached_property
    def _weighed(self) -> Bools:
        return self.kinds.weights[self.places] > 0

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """(K,) responses with a weight above 0."""
        return np.asarray(self.inside.rows[self._weighed].sum(axis=0).astype(np.int64))

    @cached_property
    def totals(self) -> Floats:
        """(K,) Σ w."""
        return np.asarray(_sums(self.inside, self.kinds.weights[self.places]).sum(axis=0))

    @cached_property
    def whole(self) -> Bools:
        """(K,) no response is from a stratum of which only a part was drawn."""
        if not any(stage.whole.any() for stage in self.design.stages):
            return np.zeros(self.inside.rows.shape[1], dtype=bool)
        partly = ~self.design.whole_rows[self.kinds.rows[self.places]]
        return np.asarray(self.inside.rows[partly].sum(axis=0) == 0)

    def degrees_of_freedom(self) -> int:
        """As `Design.degrees_of_freedom` over the domain."""
        stage = self.design.stages[0]
        present = self._weighed & (self.inside.rows.sum(axis=1) > 0)
        rows = self.kinds.rows[self.places[present]]
        units = self.inside.rows[present].sum() if stage.units is None else _seen(stage.units, rows)
        strata = 1 if stage.strata is None else _seen(stage.strata, rows)
        return max(int(units) - strata, 0)

    def covariance(self, scores: Floats) -> Floats:
        """(m, m) covariance of Σ w u, where a row with code k has the scores u = scores[k], (K, m);
        rows outside of the domain score 0 but remain part of the sample."""
        if self.design.calibration is None:
            return self._of_present(scores)
        entries = self._entries
        u = np.vstack([scores, np.zeros(scores.shape[1])])[entries.codes]
        u -= self._explained(scores)
        found = np.zeros((scores.shape[1],) * 2)
        for stage in self.design.stages:
            if stage.units is None:
                found += _over_rows(stage, self.kinds.stratum(stage), entries, u)
            else:
                units = stage.units[self.kinds.rows][entries.kinds]
                z = sums_per_code(units, entries.weights[:, None] * u, int(stage.units.max()) + 1)
                found += covariance_over_units(stage, z)
        return found

    def _of_present(self, scores: Floats) -> Floats:
        """`covariance` of weights that are not calibrated: units (or rows) outside of the domain
        have z = 0 and deviate by z̄ only, so that their number per stratum is enough."""
        pairs, entries = self._present
        u = scores[entries.codes]
        found = np.zeros((scores.shape[1],) * 2)
        for stage in self.design.stages:
            if stage.units is None:
                found += _over_rows(stage, self.kinds.stratum(stage), entries, u)
            else:
                units = stage.units[self.kinds.rows[self.places]]
                found += _over_present_units(stage, units, pairs, entries.weights[:, None] * u)
        return found

    @cached_property
    def _present(self) -> tuple[Codes, _Entries]:
        """The cells of the domain, and (e,) which of `places` each is of."""
        pairs, codes = np.nonzero(self.inside.rows > 0.5)
        moments = [None if m is None else m[pairs, codes] for m in self.inside.all()]
        left = Moments(*moments)  # type: ignore[arg-type]
        return pairs, _entries(self.places[pairs], codes, left, self.kinds.weights)

    def units_and_squares(self, members: Bools) -> tuple[npt.NDArray[np.int64], Floats]:
        """As `CellTotals.units_and_squares`."""
        mean = self.kinds.weights[self.places][:, None]
        squares = self.inside.rows * mean**2
        if self.inside.sums is not None and self.inside.squares is not None:
            squares = squares + 2 * mean * self.inside.sums + self.inside.squares
        units = self.design.stages[0].units
        if units is None:
            return self.counts @ members, squares.sum(axis=0) @ members
        own = units[self.kinds.rows[self.places]]
        present = self.inside.rows @ members * self._weighed[:, None]
        seen = sums_per_code(own, present, int(units.max()) + 1)
        return np.count_nonzero(seen > 0.5, axis=0), squares.sum(axis=0) @ members

    def _explained(self, scores: Floats) -> Floats:
        """(e, m) what the margins explain of the `scores` (K, m) of the entries."""
        calibration, cells = self.design.calibration, self.kinds.cells
        assert calibration is not None and cells is not None  # noqa: S101
        omega = self.inside.rows if self.inside.omega is None else self.inside.omega
        products = sums_per_code(cells[self.places], omega @ scores, calibration.size)
        return np.asarray(self.kinds.explained(products)[cells][self._entries.kinds])

    @cached_property
    def _entries(self) -> _Entries:
        """The cells of the domain, and what is left of each kind outside of it with code K."""
        t, k = self.inside.rows.shape
        inside = [None if m is None else m.ravel() for m in self.inside.all()]
        outside = [
            None if w is None or m is None else w[:, 0] - summed(self.places, m.sum(axis=1), len(w))
            for w, m in zip(self.kinds.whole.all(), self.inside.all(), strict=True)
        ]
        kinds = np.concatenate([np.repeat(self.places, k), np.arange(self.kinds.size)])
        codes = np.concatenate([np.tile(np.arange(k), t), np.full(self.kinds.size, k)])
        moments = [
            None if i is None or o is None else np.concatenate([i, o])
            for i, o in zip(inside, outside, strict=True)
        ]
        kept = np.flatnonzero(moments[0] > 0.5)  # type: ignore[operator]
        left = Moments(*(None if m is None else m[kept] for m in moments))  # type: ignore[arg-type]
        return _entries(kinds[kept], codes[kept], left, self.kinds.weights)


@dataclass(frozen=True, eq=False)
class _Entries:
    """Rows that share kind and code: how many, Σw and Σ(w - w̄)², all (e,)."""

    kinds: Codes
    codes: Codes
    rows: Floats
    weights: Floats
    spread: Floats


def _entries(kinds: Codes, codes: Codes, moments: Moments, weights: Floats) -> _Entries:
    rows = moments.rows
    sums = _sums(moments, weights[kinds])
    spread = np.zeros(len(rows))
    if moments.sums is not None and moments.squares is not None:
        spread = np.maximum(moments.squares - moments.sums**2 / rows, 0)
    return _Entries(kinds, codes, rows, sums, spread)


def _sums(moments: Moments, weights: Floats) -> Floats:
    """Σ w per cell; weights: (T,) mean weight per kind."""
    rows = moments.rows
    found = rows * (weights[:, None] if rows.ndim > 1 else weights)
    return found if moments.sums is None else np.asarray(found + moments.sums)


def _over_rows(stage: Stage, strata: Codes, entries: _Entries, u: Floats) -> Floats:
    """Every row is a unit: Σ(w u - z̄)² over m rows of one entry is m (w̄ u - z̄)² + u² Σ(w - w̄)²."""
    own = strata[entries.kinds]
    z = (entries.weights / entries.rows)[:, None] * u
    size = len(stage.sampled)
    sums = sums_per_code(own, entries.rows[:, None] * z, size)
    centres = np.where(stage.centred, 1 / stage.sampled, 0)[:, None] * sums
    z -= centres[own]
    factors = stage.factors[own]
    within = (u * (factors * entries.spread)[:, None]).T @ u if entries.spread.any() else 0
    outside = _over_absent(stage, centres, summed(own, entries.rows, size))
    return np.asarray((z * (factors * entries.rows)[:, None]).T @ z + within + outside)


def _over_present_units(stage: Stage, units: Codes, pairs: Codes, scores: Floats) -> Floats:
    """(m, m) contribution of a stage with units. units: (t,) of the pairs of group and kind;
    pairs: (e,) that of each of the scores w u (e, m)."""
    units, place = np.unique(units, return_inverse=True)
    z = sums_per_code(place[pairs], scores, len(units))
    strata = np.zeros_like(units) if stage.unit_strata is None else stage.unit_strata[units]
    size = len(stage.sampled)
    sums = sums_per_code(strata, z, size)
    centres = np.where(stage.centred, 1 / stage.sampled, 0)[:, None] * sums
    z -= centres[strata]
    outside = _over_absent(stage, centres, np.bincount(strata, minlength=size))
    return np.asarray((z * stage.factors[strata][:, None]).T @ z + outside)


def _over_absent(stage: Stage, centres: Floats, present: Any) -> Floats:
    """(m, m) of the units that score 0: their number per stratum times z̄ z̄ᵀ. present: (H,) units
    that are looked at one by one."""
    factors = stage.factors * (stage.sampled - present)
    return np.asarray((centres * factors[:, None]).T @ centres)


def _seen(codes: Codes, rows: Codes) -> int:
    return int(np.count_nonzero(np.bincount(codes[rows])))
