"""Kinds of rows of a designed sample: the rows that a variance cannot tell apart.

Rows that share stratum, sampling unit and calibration cell are alike in all that a variance asks
for, up to their weights: of these the counts, sums and squares suffice (see `analysis.tallies`).
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
from analysis.linearisation import swept
from analysis.stages import summed

Bools = npt.NDArray[np.bool_]
CELLS_PROJECTED = 256
NEAR = 2**16
"""Rows among which one of each kind is looked for first."""


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
        return Moments(*(None if m is None else m[kinds][:, codes] for m in self.all()))  # type: ignore[arg-type]

    def all(self) -> tuple[Floats | None, ...]:
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
    codes, counts = _codes(design)
    rows = _one_of_each(codes, len(counts))
    weights, distances = _means(design, codes, rows, counts)
    sums = [
        None if one is None else summed(codes, one, len(counts))[:, None]
        for one in _weighed(design, distances)
    ]
    whole = Moments(counts[:, None].astype(np.float64), *sums)
    return Kinds(design, codes, rows, weights, distances, whole)


def _codes(design: Design) -> tuple[Codes, Codes]:
    """(n,) kind of each row, and (T,) rows of each kind."""
    calibration = design.calibration
    keys = [key for stage in design.stages for key in (stage.strata, stage.units)]
    if not (design.equal_weights or _share_weights(design)) and design.weights.min() == 0:
        keys.append((design.weights > 0).astype(np.intp))
    known = [key for key in keys if key is not None]
    if calibration is None:
        return compressed(known, design.n)
    if not known and calibration.rows is not None:
        return calibration.cells, calibration.rows
    return compressed([*known, calibration.cells], design.n)


def _share_weights(design: Design) -> bool:
    """All rows of a calibration cell have one weight, and so have those of a kind."""
    return design.calibration is not None and design.calibration.weights is not None


def _one_of_each(codes: Codes, size: int) -> Codes:
    """(size,) a row of each code 0..size-1, of which none may be missing."""
    rows = np.full(size, -1)
    for start in range(0, len(codes), NEAR):
        some = codes[start : start + NEAR]
        rows[some] = np.arange(start, start + len(some))
        if rows.min() >= 0:
            break
    return rows


def compressed(keys: Sequence[Codes], n: int) -> tuple[Codes, Codes]:
    """(n,) codes 0..T-1 of the combinations of keys that occur, in their order, and (T,) how
    often each does."""
    joint, size = np.zeros(n, dtype=np.intp), 1
    for key in keys:
        own = int(key.max()) + 1
        if size * own > 4 * n + 1_000_000:
            values, joint = np.unique(joint, return_inverse=True)
            size = len(values)
        joint = joint * own + key if size > 1 else key.astype(np.intp, copy=False)
        size *= own
    if size > 4 * n + 1_000_000:
        _, joint, counts = np.unique(joint, return_inverse=True, return_counts=True)
        return joint.astype(np.intp), counts
    counts = np.bincount(joint, minlength=size)
    present = counts > 0
    if present.all():
        return joint, counts
    return (np.cumsum(present) - 1)[joint], counts[present]


def _means(
    design: Design, codes: Codes, rows: Codes, counts: Codes
) -> tuple[Floats, Floats | None]:
    """Mean weight per kind, and each row's distance from it (None: all are 0)."""
    firsts = design.weights[rows]
    alike = design.equal_weights or _share_weights(design)
    if alike or (design.weights == firsts[codes]).all():
        return firsts, None
    means = summed(codes, design.weights, len(rows)) / counts
    return means, design.weights - means[codes]


def _weighed(design: Design, distances: Floats | None) -> list[Floats | None]:
    """What moments sum besides rows: d, d² and ω, each (n,) or None."""
    squares = None if distances is None else distances**2
    calibration = design.calibration
    return [distances, squares, None if calibration is None else calibration.regression_weights]


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
    codes, counts = compressed([own, kinds.codes], kinds.design.n)
    size = len(counts)
    rows = _one_of_each(codes, size)
    starts = np.searchsorted(own[rows], np.arange(group_count + 1))
    inside = int(starts[-1])
    if inside < size:
        codes = np.minimum(codes, inside)
    return GroupedKinds(kinds, codes, starts, kinds.codes[rows[:inside]])


def tables_by_group(grouped: GroupedKinds, parts: Sequence[AnswerCodes]) -> list[Moments]:
    """Per part the moments of its codes for all pairs of group and kind."""
    columns = [part.part for part in parts]
    rows = joint_tables(grouped.codes, grouped.size, columns)
    more = [
        [None] * len(rows)
        if weights is None
        else joint_tables(grouped.codes, grouped.size, columns, weights)
        for weights in _weighed(grouped.kinds.design, grouped.kinds.distances)
    ]
    return [Moments(r.astype(np.float64), *others) for r, *others in zip(rows, *more, strict=True)]
