"""A designed sample as a table: kinds of rows by answers, so that many questions cost little.

Rows that share stratum, sampling unit and calibration cell (a kind) are alike in all that a
variance asks for, up to their weights. What `analysis.linearisation.CellTotals` finds in a pass
over the rows per question follows from the counts, sums and squares of each kind's weights, and
those of many questions and groups are made in one pass (`analysis.counting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.answer_codes import AnswerCodes
from analysis.counting import joint_tables
from analysis.designs import Codes, Design, Floats, Stage
from analysis.linearisation import covariance_over_units, sums_per_code, swept
from analysis.stages import summed

Bools = npt.NDArray[np.bool_]
CELLS_PROJECTED = 256


@dataclass(frozen=True, eq=False)
class Moments:
    """Of the weights in each cell of a table: rows counted, Σd and Σd² of their distances d from
    the mean weight of their kind, and Σω of what a calibration weighs them with.

    All (T, K); sums and squares are None where all weights of a kind are equal, omega where
    every row counts once.
    """

    rows: Floats
    sums: Floats | None
    squares: Floats | None
    omega: Floats | None

    def at(self, kinds: Any, codes: Any) -> Moments:
        """The cells of these kinds and codes."""
        return Moments(*(None if m is None else m[kinds][:, codes] for m in self._all()))  # type: ignore[arg-type]

    def _all(self) -> tuple[Floats | None, ...]:
        return self.rows, self.sums, self.squares, self.omega


@dataclass(frozen=True, eq=False)
class Kinds:
    """The kinds of rows of a design. codes: (n,) kind 0..T-1 of each row. rows: (T,) one row of
    each. whole: (T, 1) moments of all rows. weights: (T,) mean weight."""

    design: Design
    codes: Codes
    rows: Codes
    weights: Floats
    distances: Floats | None
    whole: Moments

    @property
    def size(self) -> int:
        return len(self.rows)

    @cached_property
    def cells(self) -> Codes | None:
        """(T,) calibration cell."""
        calibration = self.design.calibration
        return None if calibration is None else calibration.cells[self.rows]

    def explained(self, products: Floats) -> Floats:
        """(G, m) what the margins explain of scores that sum to `products` in each cell."""
        calibration = self.design.calibration
        assert calibration is not None  # noqa: S101 - asked of calibrated designs only
        if self._projection is not None:
            return np.asarray(self._projection @ products)
        return swept(calibration, self._omega, products)

    @cached_property
    def _projection(self) -> Floats | None:
        """(G, G) the sweeping as a matrix, the same for all scores; None for very many cells."""
        calibration = self.design.calibration
        if calibration is None or calibration.size > CELLS_PROJECTED:
            return None
        return swept(calibration, self._omega, np.eye(calibration.size))

    @cached_property
    def _omega(self) -> Floats:
        """(G,) Σω of each calibration cell."""
        calibration, cells = self.design.calibration, self.cells
        assert calibration is not None and cells is not None  # noqa: S101
        whole = self.whole.rows if self.whole.omega is None else self.whole.omega
        return summed(cells, whole[:, 0], calibration.size)

    def stratum(self, stage: Stage) -> Codes:
        """(T,) stratum at this stage."""
        if stage.strata is None:
            return np.zeros(self.size, dtype=np.intp)
        return stage.strata[self.rows]


def kinds_of(design: Design) -> Kinds:
    """Group the rows of a design into kinds. Rows of weight 0 are kinds of their own."""
    keys = [key for stage in design.stages for key in (stage.strata, stage.units)]
    keys += [] if design.calibration is None else [design.calibration.cells]
    if not design.equal_weights and design.weights.min() == 0:
        keys.append((design.weights > 0).astype(np.intp))
    codes, size = compressed([key for key in keys if key is not None], design.n)
    rows = np.empty(size, dtype=np.intp)
    rows[codes] = np.arange(design.n)
    weights, distances = _means(design, codes, rows)
    whole = _moments(design, codes, size, np.zeros(design.n, np.uint8), 1, distances)
    return Kinds(design, codes, rows, weights, distances, whole)


def compressed(keys: Sequence[Codes], n: int) -> tuple[Codes, int]:
    """(n,) codes 0..T-1 of the combinations of keys that occur, in their order, and T."""
    joint, size = np.zeros(n, dtype=np.intp), 1
    for key in keys:
        own = int(key.max()) + 1
        if size * own > 4 * n + 1_000_000:
            values, joint = np.unique(joint, return_inverse=True)
            size = len(values)
        joint, size = (
            (joint * own + key if size > 1 else key.astype(np.intp, copy=False)),
            size * own,
        )
    if size > 4 * n + 1_000_000:
        values, joint = np.unique(joint, return_inverse=True)
        return joint.astype(np.intp), len(values)
    present = np.bincount(joint, minlength=size) > 0
    if present.all():
        return joint, size
    return (np.cumsum(present) - 1)[joint], int(np.count_nonzero(present))


def _means(design: Design, codes: Codes, rows: Codes) -> tuple[Floats, Floats | None]:
    """Mean weight per kind, and each row's distance from it (None: all are 0)."""
    firsts = design.weights[rows]
    if design.equal_weights or (design.weights == firsts[codes]).all():
        return firsts, None
    means = summed(codes, design.weights, len(rows)) / np.bincount(codes, minlength=len(rows))
    return means, design.weights - means[codes]


def _moments(
    design: Design, kinds: Codes, size: int, column: Any, width: int, distances: Floats | None
) -> Moments:
    part = [(column, width)]
    calibration = design.calibration
    omega = None if calibration is None else calibration.regression_weights
    (rows,) = joint_tables(kinds, size, part)
    more = [
        None if weights is None else joint_tables(kinds, size, part, weights)[0]
        for weights in (distances, None if distances is None else distances**2, omega)
    ]
    return Moments(rows.astype(np.float64), *more)


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
        entries = self._entries
        u = np.vstack([scores, np.zeros(scores.shape[1])])[entries.codes]
        u = self._residuals(u)
        found = np.zeros((scores.shape[1],) * 2)
        for stage in self.design.stages:
            if stage.units is None:
                found += _over_rows(stage, self.kinds.stratum(stage), entries, u)
            else:
                units = stage.units[self.kinds.rows][entries.kinds]
                z = sums_per_code(units, entries.weights[:, None] * u, int(stage.units.max()) + 1)
                found += covariance_over_units(stage, z)
        return found

    def _residuals(self, u: Floats) -> Floats:
        calibration, cells = self.design.calibration, self.kinds.cells
        if calibration is None or cells is None:
            return u
        own = cells[self._entries.kinds]
        products = sums_per_code(own, self._entries.omega[:, None] * u, calibration.size)
        return np.asarray(u - self.kinds.explained(products)[own])

    @cached_property
    def _entries(self) -> _Entries:
        """The cells of the domain, and what is left of each kind outside of it with code K."""
        t, k = self.inside.rows.shape
        inside = [None if m is None else m.ravel() for m in self.inside._all()]
        outside = [
            None if w is None or m is None else w[:, 0] - summed(self.places, m.sum(axis=1), len(w))
            for w, m in zip(self.kinds.whole._all(), self.inside._all(), strict=True)
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
    """Rows that share kind and code: how many, Σw, Σω and Σ(w - w̄)², all (e,)."""

    kinds: Codes
    codes: Codes
    rows: Floats
    weights: Floats
    omega: Floats
    spread: Floats


def _entries(kinds: Codes, codes: Codes, moments: Moments, weights: Floats) -> _Entries:
    rows = moments.rows
    sums = _sums(moments, weights[kinds])
    spread = np.zeros(len(rows))
    if moments.sums is not None and moments.squares is not None:
        spread = np.maximum(moments.squares - moments.sums**2 / rows, 0)
    omega = rows if moments.omega is None else moments.omega
    return _Entries(kinds, codes, rows, sums, omega, spread)


def _sums(moments: Moments, weights: Floats) -> Floats:
    """Σ w per cell; weights: (T,) mean weight per kind."""
    rows = moments.rows
    found = rows * (weights[:, None] if rows.ndim > 1 else weights)
    return found if moments.sums is None else np.asarray(found + moments.sums)


def _over_rows(stage: Stage, strata: Codes, entries: _Entries, u: Floats) -> Floats:
    """Every row is a unit: Σ(w u - z̄)² over m rows of one entry is m (w̄ u - z̄)² + u² Σ(w - w̄)²."""
    own = strata[entries.kinds]
    z = (entries.weights / entries.rows)[:, None] * u
    sums = sums_per_code(own, entries.rows[:, None] * z, len(stage.sampled))
    centres = np.where(stage.centred, 1 / stage.sampled, 0)[:, None] * sums
    z -= centres[own]
    factors = stage.factors[own]
    within = (u * (factors * entries.spread)[:, None]).T @ u
    return np.asarray((z * (factors * entries.rows)[:, None]).T @ z + within)


def _seen(codes: Codes, rows: Codes) -> int:
    return int(np.count_nonzero(np.bincount(codes[rows])))


@dataclass(frozen=True, eq=False)
class GroupedKinds:
    """Kinds within groups: the pairs of group and kind that occur, the pairs of one group together.

    codes: (n,) pair of each row, the last one being for rows of no group. starts: (G + 1,) where
    each group's pairs begin. kinds: (P,) the kind of each pair.
    """

    kinds: Kinds
    codes: Codes
    starts: Codes
    of_pair: Codes

    @property
    def size(self) -> int:
        return len(self.of_pair) + 1


def grouped_kinds(kinds: Kinds, groups: Any, group_count: int) -> GroupedKinds:
    """groups: (n,) 0..group_count-1, or -1 for none; None if all rows are in the one group."""
    if groups is None:
        return GroupedKinds(kinds, kinds.codes, np.array([0, kinds.size]), np.arange(kinds.size))
    own = np.where(groups < 0, group_count, groups).astype(np.intp)
    codes, size = compressed([own, kinds.codes], kinds.design.n)
    rows = np.empty(size, dtype=np.intp)
    rows[codes] = np.arange(kinds.design.n)
    starts = np.searchsorted(own[rows], np.arange(group_count + 1))
    inside = int(starts[-1])
    if inside < size:
        codes = np.minimum(codes, inside)
    return GroupedKinds(kinds, codes, starts, kinds.codes[rows[:inside]])


def tables_by_group(grouped: GroupedKinds, parts: Sequence[AnswerCodes]) -> list[Moments]:
    """Per part the moments of its codes for all pairs of group and kind."""
    columns = [part.part for part in parts]
    kinds, distances = grouped.kinds, grouped.kinds.distances
    calibration = kinds.design.calibration
    omega = None if calibration is None else calibration.regression_weights
    rows = joint_tables(grouped.codes, grouped.size, columns)
    more = [
        [None] * len(rows)
        if weights is None
        else joint_tables(grouped.codes, grouped.size, columns, weights)
        for weights in (distances, None if distances is None else distances**2, omega)
    ]
    return [Moments(r.astype(np.float64), *others) for r, *others in zip(rows, *more, strict=True)]


def tally(grouped: GroupedKinds, moments: Moments, group: int, codes: Any) -> Tally:
    """The tally of one group, whose domain are the rows with these `codes` (places or flags)."""
    pairs = slice(int(grouped.starts[group]), int(grouped.starts[group + 1]))
    return Tally(grouped.kinds, grouped.of_pair[pairs], moments.at(pairs, codes))
