"""Means by group: areas, audiences, enumerators, the answers to another question."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from analysis.design_estimates import (
    Bools,
    Estimates,
    numbers_inside,
    ratios_of_cells,
    ratios_of_rows,
    without_noise,
)
from analysis.designs import Design
from analysis.grouping import Memberships
from analysis.linearisation import CellTotals
from analysis.refusals import CannotComputeError
from analysis.stages import as_codes

DENSE_LIMIT = 2_000_000
"""Codes × groups × groups beyond which the scores, nearly all 0, are kept as a sparse matrix."""


def score_means_by_group(
    design: Design, codes: Any, scores: Any, groups: Any, group_count: int
) -> Estimates:
    """Mean score per group with the covariance between the groups (they may share clusters).

    codes: (n,) 0..K-1 or -1 for rows outside of the domain; scores: (K,); groups: (n,)
    0..group_count-1, or -1 for none. Groups without a response are left out. A group that lies
    within one sampling unit has variance 0, which says nothing of its precision: warn where
    `sampling_units.in_one_unit` has it. Raises CannotComputeError if no group has a response.
    """
    wide = np.asarray(scores, dtype=np.float64)
    codes, groups = as_codes(codes), as_codes(groups)
    size = len(wide)
    joint = groups.astype(np.intp) * size + codes
    joint = np.where((codes < 0) | (groups < 0), -1, joint)
    cells = CellTotals(design, joint, size * group_count)
    if size * group_count**2 > DENSE_LIMIT and design.calibration is None:
        return _many_groups(cells, wide, group_count)
    members = np.repeat(np.eye(group_count), size, axis=0)
    numerators = members * np.tile(wide, group_count)[:, None]
    return ratios_of_cells(cells, numerators, members)


def means_of_memberships(
    design: Design, codes: Any, scores: Any, members: Memberships
) -> Estimates:
    """`score_means_by_group` also for groups that overlap, as those of a multiple choice."""
    codes = as_codes(codes)
    if not members.overlaps:
        return score_means_by_group(design, codes, scores, members.codes, members.size)
    size = len(scores)
    outside = (codes < 0) | (members.codes < 0)
    joint = np.where(outside, -1, members.codes.astype(np.intp) * size + codes)
    of_cells = np.repeat(members.members, size, axis=0)
    tops = of_cells * np.tile(scores, len(members.members))[:, None]
    return ratios_of_cells(CellTotals(design, joint, size * len(members.members)), tops, of_cells)


def _many_groups(cells: CellTotals, scores: np.ndarray[Any, Any], group_count: int) -> Estimates:
    """The same as `ratios_of_cells` without a matrix of cells × groups."""
    weights = cells.totals.reshape(group_count, -1)
    counts = cells.counts.reshape(group_count, -1).sum(axis=1)
    sums = weights.sum(axis=1)
    kept = np.flatnonzero((counts > 0) & (sums > 0))
    if not len(kept):
        raise CannotComputeError("no_responses")
    values = weights[kept] @ scores / sums[kept]
    errors = scores - values[:, None]
    squares = (weights[kept] * errors**2).sum(axis=1) / sums[kept]
    rows = (kept[:, None] * len(scores) + np.arange(len(scores))).ravel()
    columns = np.repeat(np.arange(len(kept)), len(scores))
    entries = (errors / sums[kept][:, None]).ravel()
    shape = (cells.size, len(kept))
    linear = sparse.csr_matrix((entries, (rows, columns)), shape=shape)
    return Estimates(
        values=values,
        covariance=without_noise(cells.design, cells.covariance_of_sparse(linear), values),
        counts=counts[kept],
        df=cells.degrees_of_freedom(),
        places=tuple(int(place) for place in kept),
        srs_variances=squares / np.maximum(counts[kept] - 1, 1),
        population=sums[kept],
        whole=np.all(cells.whole.reshape(group_count, -1)[kept], axis=1),
    )


def means_by_group(
    design: Design, values: Any, groups: Any, group_count: int, inside: Bools | None = None
) -> Estimates:
    """Mean of (n,) numbers per group, otherwise as `score_means_by_group`; rows with a nan or
    where `inside` (n,) is false are outside of the domain. For some dozens of groups: every group
    takes a column of n numbers."""
    columns, kept = numbers_inside(design, values, inside)
    members = as_codes(groups)[:, None] == np.arange(group_count)
    members = (members & kept[:, None]).astype(np.float64)
    return ratios_of_rows(design, columns[:, :1] * members, members, members.any(axis=1))
