"""Counts and shares of a cross-tabulation, for simple and for designed samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.counting import Counts
from analysis.cross_axes import Axis
from analysis.cross_values import Of, Share
from analysis.design_estimates import Estimates, ratios_of_cells
from analysis.design_intervals import share_intervals
from analysis.designs import Design, Floats
from analysis.estimate import Interval
from analysis.interval_methods import DEFAULT, DESIGNED, count_ends
from analysis.linearisation import CellTotals
from analysis.refusals import CannotComputeError
from analysis.sampling import margin_of_error

DENSE_LIMIT = 200_000
AT_ONCE = 256
"""Ratios whose covariance is computed together: a matrix of so many squared."""


@dataclass(frozen=True, eq=False)
class Joint:
    """K cells, combinations of a pattern of rows and one of columns.

    rows: (K, r), columns: (K, c) members. row_mentions, column_mentions: (K,) how often a response
    of the cell counts: the ticks of a multiple choice where shares are of mentions, else 1.
    exclusive: whether a response is in no more than one row, and in no more than one column.
    """

    cells: CellTotals
    rows: Floats
    columns: Floats
    row_mentions: Floats
    column_mentions: Floats
    exclusive: tuple[bool, bool] = (True, True)

    def counts(self) -> Floats:
        """(r, c) responses."""
        return self._crossed(self.cells.counts.astype(np.float64))

    def totals(self) -> Floats:
        """(r, c) Σ w."""
        return self._crossed(self.cells.totals)

    def _crossed(self, of_cells: Floats) -> Floats:
        return np.asarray((self.rows * of_cells[:, None]).T @ self.columns)


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares in reading order: (r)(c) of their row, column and of all; (r) and (c) of all; design
    effects (c) of the columns and of everybody, 1 where unknown."""

    row: list[list[Share]]
    column: list[list[Share]]
    total: list[list[Share]]
    rows: list[Share]
    columns: list[Share]
    effects: list[float] = field(default_factory=list)
    effect: float = 1.0


def join(design: Design, rows: Axis, columns: Axis, of: Of) -> Joint:
    """Cross (n,) patterns; combinations that do not occur are left out where there are many."""
    down, across = len(rows.members), len(columns.members)
    outside = (rows.codes < 0) | (columns.codes < 0)
    joint = np.where(outside, -1, rows.codes.astype(np.intp) * across + columns.codes)
    places = np.arange(down * across)
    if down * across > DENSE_LIMIT:
        places, inverse = np.unique(joint[~outside], return_inverse=True)
        joint[~outside] = inverse
    row_members, column_members = rows.members[places // across], columns.members[places % across]
    return Joint(
        cells=CellTotals(design, joint, len(places)),
        rows=row_members,
        columns=column_members,
        row_mentions=_mentions(rows, row_members, of),
        column_mentions=_mentions(columns, column_members, of),
        exclusive=(not rows.multiple, not columns.multiple),
    )


def _mentions(axis: Axis, members: Floats, of: Of) -> Floats:
    counted = of == "mentions" and axis.multiple
    return np.asarray(members.sum(axis=1) if counted else np.ones(len(members)))


@dataclass(frozen=True)
class Known:
    """Which shares the weights were calibrated to, so that they are no estimates: those of rows, of
    columns, and of the cells."""

    rows: bool = False
    columns: bool = False
    cells: bool = False


def shares_of(
    joint: Joint, of: Of, *, plain: bool, interval: str = DEFAULT, known: Known | None = None
) -> Shares:
    """Intervals on counts for a simple sample, else linearised ones from the design's variance,
    which knows of a calibration, with t. Shares of mentions are ratios of two totals and always
    linearised. interval: one of `analysis.interval_methods` that suits."""
    if plain and of == "cases":
        return _counted(joint, interval)
    return _estimated(joint, DESIGNED[interval], known or Known())


def _counted(joint: Joint, interval: str) -> Shares:
    counts, base = joint.counts().astype(np.int64), int(joint.cells.counts.sum())
    down, across = (np.array(sizes) for sizes in _responses(joint))
    r, c = (size if alone else 1 for size, alone in zip(counts.shape, joint.exclusive, strict=True))

    def shares(found: Counts, bases: Counts, alike: int) -> list[list[Share]]:
        return _wide(found, np.broadcast_to(bases, found.shape), interval, alike)

    return Shares(
        row=shares(counts, down[:, None], c),
        column=shares(counts, across, r),
        total=shares(counts, np.array(base), r * c if all(joint.exclusive) else 1),
        rows=shares(down[None, :], np.array(base), r)[0],
        columns=shares(across[None, :], np.array(base), c)[0],
        effects=[1.0] * len(across),
    )


def _wide(counts: Counts, bases: Counts, interval: str, alike: int) -> list[list[Share]]:
    """alike: of how many categories that exclude each other each share is one."""
    lows, highs = count_ends(counts, bases, interval, [alike] * counts.shape[1])
    return [
        [
            Share(counts[i, j] / bases[i, j], float(lows[i, j]), float(highs[i, j]))
            if bases[i, j]
            else Share()
            for j in range(counts.shape[1])
        ]
        for i in range(counts.shape[0])
    ]


def _responses(joint: Joint) -> tuple[list[int], list[int]]:
    """Responses of each row and of each column."""
    counts = joint.cells.counts
    return [int(n) for n in counts @ joint.rows], [int(n) for n in counts @ joint.columns]


def _estimated(joint: Joint, method: str, known: Known) -> Shares:
    r, c = joint.rows.shape[1], joint.columns.shape[1]
    down, across = np.repeat(np.arange(r), c), np.tile(np.arange(c), r)
    both = joint.rows[:, down] * joint.columns[:, across]
    in_rows = joint.rows[:, down] * joint.column_mentions[:, None]
    in_columns = joint.columns[:, across] * joint.row_mentions[:, None]
    everybody = (joint.row_mentions * joint.column_mentions)[:, None]
    own_df, whole_df = _own_df(joint), joint.cells.degrees_of_freedom()

    def shares(tops: Floats, bottoms: Floats, dfs: Any, met: bool) -> Any:
        dfs = np.broadcast_to(dfs, tops.shape[1])
        return _ratios(joint.cells, tops, bottoms, dfs, method, met)

    column, effects = shares(both, in_columns, own_df[1][across], known.cells)
    of_rows = np.repeat(joint.row_mentions[:, None], r, axis=1)
    rows, own = shares(joint.rows, of_rows, whole_df, known.rows)
    of_columns = np.repeat(joint.column_mentions[:, None], c, axis=1)
    of_all = np.repeat(everybody, r * c, axis=1)
    return Shares(
        row=_in_rows(shares(both, in_rows, own_df[0][down], known.cells)[0], (r, c)),
        column=_in_rows(column, (r, c)),
        total=_in_rows(shares(both, of_all, whole_df, known.cells)[0], (r, c)),
        rows=rows,
        columns=shares(joint.columns, of_columns, whole_df, known.columns)[0],
        effects=[_mean(effects[place::c]) for place in range(c)],
        effect=_mean(own),
    )


def _own_df(joint: Joint) -> tuple[Counts, Counts]:
    """(r,) and (c,) degrees of freedom within each row and each column: a share of a column rests
    on the column's own sampling units (Korn & Graubard 1999, 5.2)."""
    rows, columns = (
        joint.cells.degrees_of_freedom_within(members > 0)
        for members in (joint.rows, joint.columns)
    )
    return rows, columns


def _ratios(
    cells: CellTotals, tops: Floats, bottoms: Floats, dfs: Counts, method: str, known: bool
) -> tuple[list[Share], list[float | None]]:
    """m shares and their design effects (variance over that of the same ratio in a simple sample of
    as many responses); empty ones where the denominator is. dfs: (m,) of the bases."""
    shares = [Share()] * tops.shape[1]
    effects: list[float | None] = [None] * tops.shape[1]
    for start in range(0, tops.shape[1], AT_ONCE):
        part = slice(start, start + AT_ONCE)
        try:
            found = ratios_of_cells(cells, tops[:, part], bottoms[:, part])
        except CannotComputeError:
            continue
        ends = share_intervals(found, method, known=known, dfs=dfs[part][list(found.places)])
        _fill(found, ends, start, shares, effects)
    return shares, effects


def _fill(
    found: Estimates, ends: Sequence[Interval], start: int, shares: list[Share], effects: list[Any]
) -> None:
    own = found.design_effects(replacement=True)
    figures = zip(found.places, found.values, ends, own, found.known, strict=True)
    for place, value, interval, effect, whole in figures:
        # Shares of categories that fill their base to the last digit are 1, not 1 + 2e-16.
        value = min(max(float(value), 0.0), 1.0)
        shares[start + place] = Share(value, interval.low, interval.high)
        effects[start + place] = 0.0 if whole else effect or None


def _mean(effects: list[float | None]) -> float:
    known = [effect for effect in effects if effect is not None]
    return math.fsum(known) / len(known) if known else 1.0


def _in_rows(shares: list[Share], shape: tuple[int, int]) -> list[list[Share]]:
    return [shares[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])]


def margin(n: int, effect: float) -> float | None:
    """± of a share of 50% from n responses under this design effect (0: of a census); None for
    none, at most 1.

    Of mentions too n is the responses, for they are what was drawn; the effect compares the same
    ratio in a simple sample of them. The ± is then that of responses who tick one option each: with
    more ticks most shares are more precise, as their own intervals show.
    """
    if n and effect == 0:
        return 0.0
    return min(margin_of_error(n, design_effect=effect), 1.0) if n else None
