"""Tests of a cross-tabulation, chosen by its sides and its design; what cannot be says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from analysis import association, multiple_response, ordinal, rao_scott
from analysis.cross_axes import Axis
from analysis.cross_shares import Joint
from analysis.cross_values import (
    ADJUSTMENTS,
    Adjust,
    Association,
    OptionTest,
    Ordinal,
    Refusal,
)
from analysis.crosstab import PairTest, column_letters, compare_columns, compare_design_columns
from analysis.designs import Codes, Design, Floats
from analysis.fisher import fisher_simulated
from analysis.linearisation import CellTotals
from analysis.multiple_response import SetTest, TickPatterns
from analysis.multiplicity import adjusted
from analysis.refusals import CannotComputeError
from analysis.sampling_units import in_one_unit
from analysis.table_tests import table_tests

T = TypeVar("T")
MOST_LETTERS = 26
MOST_SIMULATED, MOST_SIMULATED_CELLS = 20_000, 400
"""Responses and cells of a table that is drawn ten thousand times: half a second and 100 MB."""
NEGLIGIBLE = 1e-12


@dataclass(frozen=True, eq=False)
class Crossing:
    """What tests start from: both sides, their joint cells, (r, c) counts; plain: a simple sample
    without weights."""

    design: Design
    rows: Axis
    columns: Axis
    joint: Joint
    counts: Floats
    plain: bool


def associate(crossing: Crossing, adjust: Adjust) -> Association:
    """Tests by what stands at the sides: one answer each, or a multiple choice at one of them."""
    rows, columns = crossing.rows, crossing.columns
    if rows.multiple and columns.multiple:
        return Association(refusals=(Refusal("test", CannotComputeError("two_sets")),))
    if rows.multiple or columns.multiple:
        return _of_set(crossing, adjust)
    return _plain(crossing) if crossing.plain else _designed(crossing)


def _plain(crossing: Crossing) -> Association:
    found = table_tests(crossing.counts)
    if found.pearson is None or found.likelihood_ratio is None:
        why = found.refusal or CannotComputeError("table_too_small")
        return Association(refusals=(Refusal("test", why),))
    return Association(
        main=found.pearson,
        others=(found.likelihood_ratio,),
        fisher=found.fisher,
        simulated=None if found.refusal is None else _simulated(crossing.counts),
        doubtful=found.doubtful,
        smallest_expected=found.smallest_expected,
        cramers_v=found.cramers_v,
        cramers_v_corrected=found.cramers_v_corrected,
        refusals=() if found.refusal is None else (Refusal("fisher", found.refusal),),
    )


def _simulated(counts: Floats) -> float | None:
    """The exact test by random tables, where they are quickly drawn."""
    few = counts.sum() <= MOST_SIMULATED and counts.size <= MOST_SIMULATED_CELLS
    return fisher_simulated(counts) if few else None


def _designed(crossing: Crossing) -> Association:
    rows, columns = crossing.rows, crossing.columns
    try:
        table = rao_scott.weighted_table(
            crossing.design,
            _single(rows, columns),
            rows.size,
            _single(columns, rows),
            columns.size,
        )
        strength = rao_scott.cramers_v(table)
    except CannotComputeError as why:
        return Association(refusals=(Refusal("test", why),))
    main, refusals = _or_refusal("test", lambda: rao_scott.rao_scott(table))
    return Association(main=main, cramers_v=strength, refusals=refusals)


def _single(axis: Axis, other: Axis) -> Codes:
    """(n,) category of a side without multiple choice, -1 where either side does not apply."""
    outside = (axis.codes < 0) | (other.codes < 0)
    category = np.append(axis.members.argmax(axis=1), -1)
    return np.where(outside, -1, category[axis.codes])


def _of_set(crossing: Crossing, adjust: Adjust) -> Association:
    ticked, groups = crossing.rows, crossing.columns
    if crossing.columns.multiple:
        ticked, groups = groups, ticked
    patterns = TickPatterns(_within(ticked, groups), ticked.members)
    codes = _single(groups, ticked)
    design = None if crossing.plain else crossing.design
    try:
        found = multiple_response.compare_groups(patterns, codes, groups.size, design)
    except CannotComputeError as why:
        return Association(refusals=(Refusal("test", why),))
    left_out = tuple(groups.names[place] for place in found.left_out)
    return Association(main=found.joint, options=_options(ticked, found, adjust), left_out=left_out)


def _within(axis: Axis, other: Axis) -> Codes:
    return np.where((axis.codes < 0) | (other.codes < 0), -1, axis.codes).astype(np.intp)


def _options(ticked: Axis, found: SetTest, adjust: Adjust) -> tuple[OptionTest, ...]:
    raised = adjusted(found.p_values, ADJUSTMENTS[adjust])
    return tuple(
        OptionTest(name, p, float(high))
        for name, p, high in zip(ticked.names, found.p_values, raised, strict=True)
    )


def residuals(crossing: Crossing) -> Floats:
    """(r, c) adjusted residuals; of a multiple choice that of ticked or not against the column.

    For a simple sample Haberman's (1973). For a designed one Haberman's of the estimated shares and
    the number of responses, over the root of the design effect of the gap p_ij - p_i p_j, in the
    spirit of Rao & Scott 1984; 0 where the gap has no variance, nan in rows and columns within one
    sampling unit. Calibration explains all of a cell whose row or column is a margin with one
    answer only, as few responses have by chance: the variance is then at least that without it.
    """
    if not crossing.plain:
        return _designed_residuals(crossing)
    if not crossing.rows.multiple and not crossing.columns.multiple:
        return association.adjusted_residuals(crossing.counts)
    joint, counts = crossing.joint, crossing.counts
    of_cells = joint.cells.counts
    n, down, across = of_cells.sum(), of_cells @ joint.rows, of_cells @ joint.columns
    found = np.zeros(counts.shape)
    for (i, j), both in np.ndenumerate(counts):
        neither = n - down[i] - across[j] + both
        two_by_two = [[both, down[i] - both], [across[j] - both, neither]]
        found[i, j] = association.adjusted_residuals(two_by_two)[0, 0]
    return found


def _designed_residuals(crossing: Crossing) -> Floats:
    joint = crossing.joint
    totals, n = joint.cells.totals, int(joint.cells.counts.sum())
    everybody = float(totals.sum())
    if everybody == 0:
        return np.zeros(crossing.counts.shape)
    parts = totals / everybody
    down, across = parts @ joint.rows, parts @ joint.columns
    gaps = joint.totals() / everybody - np.outer(down, across)
    spread = np.outer(down * (1 - down), across * (1 - across)) / n
    variances = np.empty(gaps.shape)
    bare = _without_calibration(joint.cells)
    same = _unvaried(crossing.counts, joint)
    for row in range(len(down)):
        scores = (joint.rows[:, [row]] - down[row]) * (joint.columns - across)
        scores -= parts @ scores
        simple = parts @ scores**2 / n
        designed = np.diag(joint.cells.covariance(scores / everybody))
        if bare is not None and same[row].any():
            least = np.diag(bare.covariance(scores / everybody))
            designed = np.where(same[row], np.maximum(designed, least), designed)
        effect = np.divide(designed, simple, out=np.zeros_like(simple), where=simple > NEGLIGIBLE)
        variances[row] = spread[row] * effect
    root = np.sqrt(np.maximum(variances, 0))
    found = np.divide(gaps, root, out=np.zeros_like(gaps), where=root > NEGLIGIBLE)
    found[_alone(crossing.rows, crossing.columns, crossing.design), :] = np.nan
    found[:, _alone(crossing.columns, crossing.rows, crossing.design)] = np.nan
    return found


def _without_calibration(cells: CellTotals) -> CellTotals | None:
    design = cells.design
    if design.calibration is None:
        return None
    return replace(cells, design=replace(design, calibration=None))


def _unvaried(counts: Floats, joint: Joint) -> Any:
    """(r, c) cells whose table of row or not × column or not has an empty place: then the row, the
    column or all others have one answer only."""
    of_cells = joint.cells.counts
    down, across = (of_cells @ joint.rows)[:, None], of_cells @ joint.columns
    neither = of_cells.sum() - down - across + counts
    return (counts == 0) | (counts == down) | (counts == across) | (neither == 0)


def _alone(axis: Axis, other: Axis, design: Design) -> list[int]:
    """Categories within one sampling unit."""
    if not axis.multiple:
        return list(in_one_unit(design, _single(axis, other), axis.size))
    patterns, nobody = _within(axis, other), np.zeros((1, axis.size))
    ticked = np.vstack([axis.members, nobody]).astype(np.intp) - 1
    return [i for i in range(axis.size) if in_one_unit(design, ticked[patterns, i], 1)]


def letters(crossing: Crossing, adjust: Adjust) -> tuple[Any, tuple[Refusal, ...]]:
    """(r)(c) letters of the columns with a significantly lower share, or why there are none.
    Shares of a multiple choice are those of cases."""
    rows, columns = crossing.rows, crossing.columns
    blank = tuple(("",) * columns.size for _ in range(rows.size))
    if columns.multiple:
        return blank, (Refusal("letters", CannotComputeError("columns_overlap")),)
    if columns.size > MOST_LETTERS:
        why = CannotComputeError("too_many_columns", limit=MOST_LETTERS)
        return blank, (Refusal("letters", why),)
    compare = _pairs_of_counts if crossing.plain else _pairs_of_design
    tests, refusals = _or_refusal("letters", lambda: compare(crossing, ADJUSTMENTS[adjust]))
    if tests is not None and not crossing.plain:
        refusals += _not_compared(crossing)
    return column_letters(tests or (), rows.size, columns.size), refusals


def _not_compared(crossing: Crossing) -> tuple[Refusal, ...]:
    columns = crossing.columns
    names = [columns.names[i] for i in _alone(columns, crossing.rows, crossing.design)]
    if not names:
        return ()
    why = CannotComputeError("group_in_one_unit", group="、".join(names))
    return (Refusal("letters_of_some", why),)


def _pairs_of_counts(crossing: Crossing, method: str) -> tuple[PairTest, ...]:
    if not crossing.rows.multiple:
        return compare_columns(crossing.counts, method)
    bases = crossing.joint.cells.counts @ crossing.joint.columns
    found: list[PairTest] = []
    for row, line in enumerate(crossing.counts):
        tests = compare_columns(np.stack([bases - line, line]), method)
        found += [_in_row(test, row) for test in tests if test.row == 1]
    return tuple(found)


def _pairs_of_design(crossing: Crossing, method: str) -> tuple[PairTest, ...]:
    rows, columns, design = crossing.rows, crossing.columns, crossing.design
    groups = _single(columns, rows)
    if not rows.multiple:
        codes = _single(rows, columns)
        return compare_design_columns(design, codes, rows.size, groups, columns.size, method)
    found: list[PairTest] = []
    patterns = _within(rows, columns)
    for row in range(rows.size):
        ticked = np.append(rows.members[:, row], -1).astype(np.intp)[patterns]
        tests = compare_design_columns(design, ticked, 2, groups, columns.size, method)
        found += [_in_row(test, row) for test in tests if test.row == 1]
    return tuple(found)


def _in_row(test: PairTest, row: int) -> PairTest:
    return PairTest(
        row, test.first, test.second, test.difference, test.statistic, test.p, test.adjusted
    )


def ordinal_of(crossing: Crossing) -> Ordinal | None:
    """Of two scales whose axes hold substantive options only. Coefficients are those of the
    weighted table; the test is for simple samples."""
    table = crossing.joint.totals()
    try:
        return Ordinal(
            gamma=ordinal.gamma(table),
            tau_b=ordinal.kendall_tau_b(table),
            spearman=ordinal.spearman(table),
            n=float(crossing.counts.sum()),
            linear=ordinal.linear_by_linear(table) if crossing.plain else None,
        )
    except CannotComputeError:
        return None


def _or_refusal(part: str, compute: Callable[[], T]) -> tuple[T | None, tuple[Refusal, ...]]:
    try:
        return compute(), ()
    except CannotComputeError as why:
        return None, (Refusal(part, why),)
