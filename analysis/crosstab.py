"""Any question by any question or group: counts, shares with intervals, columns that differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from analysis.association import counts_of
from analysis.design_estimates import Estimates, checked_level
from analysis.designs import Design
from analysis.estimate import Interval
from analysis.group_estimates import score_means_by_group
from analysis.multiplicity import adjusted
from analysis.refusals import CannotComputeError
from analysis.sampling_units import in_one_unit
from analysis.stages import as_codes
from analysis.table import Cell
from analysis.tabulate import cell

Counts = npt.NDArray[np.int64]
ShareOf = Literal["row", "column", "total"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEVEL = 0.05


@dataclass(frozen=True)
class PairTest:
    """Do two columns have different shares of one row? `statistic` is z, for designs t."""

    row: int
    first: int
    second: int
    difference: float
    statistic: float
    p: float
    adjusted: float


def joint_counts(rows: Any, row_count: int, columns: Any, column_count: int) -> Counts:
    """(r, c) responses per pair of codes; a code below 0 (not asked, blank) leaves the row out.

    rows, columns: (n,) integers below row_count and column_count. Raises CannotComputeError.
    """
    down, across = as_codes(rows), as_codes(columns)
    if len(down) != len(across):
        raise CannotComputeError(
            "lengths_differ", what="columns", given=len(across), expected=len(down)
        )
    for codes, size in ((down, row_count), (across, column_count)):
        if len(codes) and int(codes.max()) >= size:
            raise CannotComputeError("code_out_of_range", last=size - 1, given=int(codes.max()))
    narrow = np.int16 if (row_count + 1) * (column_count + 1) < 2**15 else np.int64
    joint = _from_one(down, narrow) * narrow(column_count + 1)
    joint += _from_one(across, narrow)
    found = np.bincount(joint, minlength=(row_count + 1) * (column_count + 1))
    return found.reshape(row_count + 1, column_count + 1)[1:, 1:]


def _from_one(codes: npt.NDArray[Any], narrow: type[np.signedinteger[Any]]) -> npt.NDArray[Any]:
    """Codes + 1, and 0 for all that are left out, in narrow integers: a tenth of the time."""
    counted = np.maximum(codes, -1) if codes.dtype.kind == "i" else codes
    return np.asarray(counted.astype(narrow) + narrow(1))


def cells(counts: Any, share_of: ShareOf = "column") -> tuple[tuple[Cell, ...], ...]:
    """Counts with the share of their row, column or of all, and its Wilson interval; the share of
    an empty base is None. Raises CannotComputeError for another `share_of`."""
    table = counts_of(counts)
    if share_of not in ("row", "column", "total"):
        raise CannotComputeError("unknown_choice", given=share_of, allowed="row, column, total")
    bases = {
        "row": table.sum(axis=1, keepdims=True),
        "column": table.sum(axis=0, keepdims=True),
        "total": table.sum(keepdims=True),
    }[share_of]
    bases = np.broadcast_to(bases, table.shape)
    return tuple(
        tuple(cell(int(count), int(base)) for count, base in zip(line, below, strict=True))
        for line, below in zip(table, bases, strict=True)
    )


def compare_columns(counts: Any, method: str = "bonferroni") -> tuple[PairTest, ...]:
    """Pairwise z tests of column proportions, row by row, adjusted over the pairs of a row.

    z = (p₁ - p₂)/√(p(1-p)(1/n₁ + 1/n₂)) with the pooled p; its square is Pearson's X² of the 2 × 2
    table. Assumes independent columns of a simple random sample. Pairs with an empty column and
    rows that none or all of a pair chose are not tested.
    """
    table = counts_of(counts)
    bases = table.sum(axis=0)
    found: list[PairTest] = []
    for row, line in enumerate(table):
        tests = [
            PairTest(row, i, j, line[i] / bases[i] - line[j] / bases[j], z, 2 * ndtr(-abs(z)), 1)
            for i, j in combinations(range(len(line)), 2)
            if (z := _pooled_z(line[i], bases[i], line[j], bases[j])) is not None
        ]
        found += _with_adjustment(tests, method)
    return tuple(found)


def _pooled_z(x1: float, n1: float, x2: float, n2: float) -> float | None:
    if n1 == 0 or n2 == 0 or x1 + x2 in (0, n1 + n2):
        return None
    pooled = (x1 + x2) / (n1 + n2)
    se = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return float((x1 / n1 - x2 / n2) / se)


def compare_design_columns(
    design: Design,
    rows: Any,
    row_count: int,
    columns: Any,
    column_count: int,
    method: str = "bonferroni",
) -> tuple[PairTest, ...]:
    """As `compare_columns` for a designed sample: t = difference/SE with the design's degrees of
    freedom and the covariance of columns that share clusters. Not tested are columns within one
    sampling unit (but of a census), whose variance says nothing, and pairs without variance.
    Where nothing varies within a column of which only a part was drawn, the variance is at least
    that of two simple samples with the pooled share, as in `compare_columns`.
    Raises CannotComputeError where no degree of freedom is left."""
    inside = np.where(as_codes(rows) < 0, -1, as_codes(columns))
    alone = in_one_unit(design, inside, column_count)
    found: list[PairTest] = []
    for row in range(row_count):
        scores = np.eye(row_count)[row]
        shares = score_means_by_group(design, rows, scores, columns, column_count)
        found += _with_adjustment(list(_t_tests(row, shares, alone)), method)
    return tuple(found)


def _t_tests(row: int, shares: Estimates, alone: Sequence[int]) -> Iterator[PairTest]:
    if shares.df < 1:
        raise CannotComputeError("no_degrees_of_freedom")
    tested = [i for i, place in enumerate(shares.places) if place not in alone]
    for i, j in combinations(tested, 2):
        variance = _variance_of_gap(shares, i, j)
        if variance <= 0:
            continue
        difference = float(shares.values[i] - shares.values[j])
        t = difference / math.sqrt(variance)
        p = 2 * float(stdtr(shares.df, -abs(t)))
        yield PairTest(row, shares.places[i], shares.places[j], difference, t, p, 1)


def _variance_of_gap(shares: Estimates, i: int, j: int) -> float:
    pair, v = np.array([i, j]), shares.covariance
    variance = float(v[i, i] + v[j, j] - 2 * v[i, j])
    drawn = pair[~shares.known[pair]]
    if not len(drawn) or shares.variances[drawn].min() > 0:
        return variance
    counts = shares.counts[pair]
    pooled = float(shares.values[pair] @ counts / counts.sum())
    return max(variance, pooled * (1 - pooled) * float((1 / shares.counts[drawn]).sum()))


def _with_adjustment(tests: list[PairTest], method: str) -> list[PairTest]:
    raised = adjusted([test.p for test in tests], method)
    return [
        PairTest(
            test.row,
            test.first,
            test.second,
            float(test.difference),
            test.statistic,
            float(test.p),
            float(p),
        )
        for test, p in zip(tests, raised, strict=True)
    ]


def column_letters(
    tests: Sequence[PairTest], row_count: int, column_count: int, level: float = LEVEL
) -> tuple[tuple[str, ...], ...]:
    """(r, c) letters: under a share stand the letters of the columns whose share of this row is
    significantly lower (adjusted p < level). Columns are A, B, … Z, AA, AB, …"""
    checked_level(level)
    below: dict[tuple[int, int], list[int]] = {}
    for test in tests:
        if test.adjusted < level:
            higher, lower = sorted((test.first, test.second), reverse=test.difference < 0)
            below.setdefault((test.row, higher), []).append(lower)
    return tuple(
        tuple(
            " ".join(column_letter(lower) for lower in sorted(below.get((row, column), [])))
            for column in range(column_count)
        )
        for row in range(row_count)
    )


def column_letter(place: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    more, last = divmod(place, len(LETTERS))
    return (column_letter(more - 1) if more else "") + LETTERS[last]


def rank_ranges(lows: Sequence[float], highs: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Best and worst rank of each of k groups, 1 = highest, given (k,) ends of their intervals.

    A group is surely behind those whose interval lies above its own. With simultaneous intervals
    (level 1 - (1 - level)/k each) all ranges hold together with at least that level (Klein, Wright
    & Wieczorek 2020).
    """
    low, high = np.asarray(lows, dtype=np.float64), np.asarray(highs, dtype=np.float64)
    above = (low[None, :] > high[:, None]).sum(axis=1)
    behind = (high[None, :] < low[:, None]).sum(axis=1)
    return tuple((int(a) + 1, len(low) - int(b)) for a, b in zip(above, behind, strict=True))


def ranks_of(intervals: Sequence[Interval | None]) -> tuple[tuple[int, int] | None, ...]:
    """`rank_ranges` among the groups that have an interval, None for the others."""
    known = {place: one for place, one in enumerate(intervals) if one is not None}
    ranges = rank_ranges([i.low for i in known.values()], [i.high for i in known.values()])
    of_place = dict(zip(known, ranges, strict=True))
    return tuple(of_place.get(place) for place in range(len(intervals)))


def is_certain_order(ranges: Sequence[tuple[int, int]]) -> bool:
    """No two groups overlap: the order of the shares is the order of the groups."""
    ordered = sorted(ranges)
    return all(worst < best for (_, worst), (best, _) in pairwise(ordered))
