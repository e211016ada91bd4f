"""Multiple-response sets: shares of cases and of mentions, and whether groups tick differently.

A response ticks any number of J options, so that its ticks are not independent and Pearson's X²
over the table of mentions is wrong; the tests here know the dependence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc

from analysis.association import Test
from analysis.design_estimates import Estimates, ratios_of_cells
from analysis.designs import Codes, Design, Floats, survey_design
from analysis.linearisation import CellTotals
from analysis.multiplicity import adjusted
from analysis.rao_scott import rao_scott, weighted_table
from analysis.refusals import CannotComputeError
from analysis.stages import as_codes

MAX_OPTIONS = 63
Base = Literal["asked", "ticked"]


@dataclass(frozen=True, eq=False)
class TickPatterns:
    """Responses by what they ticked. codes: (n,) pattern 0..P-1 or -1 outside of the domain;
    ticks: (P, J) 1 where the pattern has the option."""

    codes: Codes
    ticks: Floats


@dataclass(frozen=True)
class SetTest:
    """Do groups differ in any option: the joint test, and per option p (raw and Bonferroni)."""

    joint: Test
    statistics: tuple[float, ...]
    p_values: tuple[float, ...]
    adjusted: tuple[float, ...]
    smallest_adjusted: float


def tick_patterns(ticks: Any, inside: Any = None) -> TickPatterns:
    """Group (n, J) ticks (0/1 or bool) by pattern; `inside` (n,) says who was asked and answered.
    Rows with a nan are outside. Raises CannotComputeError beyond 63 options.
    """
    table = np.asarray(ticks)
    options = table.shape[1]
    if table.dtype.kind == "f":
        complete = ~np.isnan(table).any(axis=1)
        inside = complete if inside is None else complete & np.asarray(inside, dtype=bool)
    if options > MAX_OPTIONS:
        raise CannotComputeError("too_many_tables", limit=MAX_OPTIONS)
    masks = np.zeros(len(table), dtype=np.int64)
    for option in range(options):
        masks |= (table[:, option] != 0).astype(np.int64) << option
    return patterns_of_masks(masks, options, inside)


def patterns_of_masks(masks: Any, options: int, inside: Any = None) -> TickPatterns:
    """Group (n,) integers whose bit j says that option j was ticked."""
    wide = np.asarray(masks).astype(np.int64)
    if 2**options <= 4 * len(wide) + 1024:
        seen = np.bincount(wide, minlength=2**options) > 0
        present, codes = np.flatnonzero(seen), (np.cumsum(seen) - 1)[wide]
    else:
        present, codes = np.unique(wide, return_inverse=True)
    codes = codes.astype(np.intp) if inside is None else np.where(inside, codes, -1)
    bits = (present[:, None] >> np.arange(options)) & 1
    return TickPatterns(codes, bits.astype(np.float64))


def shares_of_cases(design: Design, patterns: TickPatterns, base: Base = "asked") -> Estimates:
    """Share of the responses that ticked each option (they may sum to over 1).

    base: "asked" all of the domain; "ticked" those who ticked anything.
    """
    if base not in ("asked", "ticked"):
        raise CannotComputeError("unknown_choice", given=base, allowed="asked, ticked")
    codes, ticks = patterns.codes, patterns.ticks
    if base == "ticked":
        nothing = np.append(ticks.sum(axis=1) == 0, True)
        codes = np.where(nothing[codes], -1, codes)
    cells = CellTotals(design, codes, len(ticks))
    return ratios_of_cells(cells, ticks, np.ones_like(ticks))


def shares_of_mentions(design: Design, patterns: TickPatterns) -> Estimates:
    """Share of each option among all ticks together (they sum to 1): a ratio of two totals.

    `counts` are the responses that ticked anything.
    """
    ticks = patterns.ticks
    cells = CellTotals(design, patterns.codes, len(ticks))
    mentions = np.repeat(ticks.sum(axis=1)[:, None], ticks.shape[1], axis=1)
    return ratios_of_cells(cells, ticks, mentions)


def mentions_per_case(design: Design, patterns: TickPatterns) -> Estimates:
    """Mean number of ticks over the domain."""
    cells = CellTotals(design, patterns.codes, len(patterns.ticks))
    numbers = patterns.ticks.sum(axis=1)[:, None]
    return ratios_of_cells(cells, numbers, np.ones_like(numbers))


def compare_groups(
    patterns: TickPatterns, groups: Any, group_count: int, design: Design | None = None
) -> SetTest:
    """Test that every option is ticked as often in every group.

    X²_S is the sum over options of Pearson's X² of group × ticked; under the hypothesis it is
    Σ δᵢ χ²₁, and the second-order Rao-Scott correction takes X²_S Σδ/Σδ² as χ² with (Σδ)²/Σδ²
    degrees of freedom (Thomas & Decady 2004; Bilder & Loughin 2004; R MRCV: MI.test, rs2). δ are
    eigenvalues of the covariance of the groups' rates about their own values. Without `design`
    (simple samples per group) Σδ is its value under the hypothesis, (groups - 1) × options; with
    one it is estimated, n is the number of responses, and the degrees of freedom of the design's
    own variance are ignored. p per option is Pearson's, with `design` Rao & Scott's F.
    Options that all or none ticked are left out of the joint test and have statistic 0 and p 1.

    groups: (n,) 0..group_count-1 or -1. Raises CannotComputeError for fewer than two groups with
    responses and where no option varies.
    """
    options = patterns.ticks.shape[1]
    simple = design is None
    if design is None:
        design = survey_design(len(patterns.codes))
    cells, members, ticked = _group_cells(patterns, groups, group_count, design)
    n = int(cells.counts.sum())
    p = cells.totals / cells.totals.sum()
    of_group, of_option = p @ members, p @ ticked
    varying = np.flatnonzero((of_option > 0) & (of_option < 1))
    if len(of_group) < 2 or not len(varying):
        raise CannotComputeError("table_too_small" if len(of_group) < 2 else "no_variance")
    ticked = ticked[:, varying]
    rates = (members * p[:, None]).T @ ticked / of_group[:, None]
    weights = 1 / np.outer(of_group, of_option[varying] * (1 - of_option[varying])).ravel()
    gaps = (of_group[:, None] * (rates - of_option[varying])).ravel()
    statistics = np.zeros(options)
    statistics[varying] = (n * weights * gaps**2).reshape(len(of_group), -1).sum(axis=0)
    slopes = _gap_slopes(members, ticked - members @ rates, of_group)
    covariance = cells.covariance(slopes / cells.totals.sum())
    covariance *= (n - 1) / n if simple else 1
    root = np.sqrt(n * weights)
    deltas = np.linalg.eigvalsh(root[:, None] * covariance * root)
    total = float((len(of_group) - 1) * len(varying)) if simple else float(deltas.sum())
    p_values = np.ones(options)
    p_values[varying] = chdtrc(len(of_group) - 1, statistics[varying])
    if not simple:
        p_values[varying] = [
            _design_p(design, patterns, int(option), groups, group_count) for option in varying
        ]
    return _set_test(statistics, p_values, varying, total, float((deltas**2).sum()), n)


def _design_p(
    design: Design, patterns: TickPatterns, option: int, groups: Any, group_count: int
) -> float:
    of_pattern = np.append(patterns.ticks[:, option], -1).astype(np.intp)
    table = weighted_table(design, groups, group_count, of_pattern[patterns.codes], 2)
    return rao_scott(table).p


def _group_cells(
    patterns: TickPatterns, groups: Any, group_count: int, design: Design
) -> tuple[CellTotals, Floats, Floats]:
    """Cells group × pattern, with (K, G) membership of the non-empty groups and (K, J) ticks."""
    size = len(patterns.ticks)
    wide = as_codes(groups).astype(np.intp)
    outside = (wide < 0) | (patterns.codes < 0)
    joint = np.where(outside, -1, wide * size + patterns.codes)
    cells = CellTotals(design, joint, group_count * size)
    present = cells.counts.reshape(group_count, size).sum(axis=1) > 0
    members = np.repeat(np.eye(group_count), size, axis=0)[:, present]
    return cells, members, np.tile(patterns.ticks, (group_count, 1))


def _gap_slopes(members: Floats, deviations: Floats, of_group: Floats) -> Floats:
    """(K, G·J) linearised score of p(group, tick) - p(group) p(tick), the group sizes given:
    (group - p(group)) (tick - rate of its own group)."""
    down = members - of_group
    return np.asarray((down[:, :, None] * deviations[:, None, :]).reshape(len(members), -1))


def _set_test(
    statistics: Floats, p_values: Floats, varying: Codes, total: float, squares: float, n: int
) -> SetTest:
    if not squares > 0:
        raise CannotComputeError("no_variance")
    statistic, df = float(statistics.sum()) * total / squares, total**2 / squares
    joint = Test("rao_scott_second_order", statistic, df, float(chdtrc(df, statistic)), n)
    raised = np.ones(len(statistics))
    raised[varying] = adjusted(p_values[varying], "bonferroni")
    return SetTest(
        joint=joint,
        statistics=tuple(map(float, statistics)),
        p_values=tuple(map(float, p_values)),
        adjusted=tuple(map(float, raised)),
        smallest_adjusted=float(raised.min()),
    )


def unadjusted_statistic(test: SetTest) -> float:
    """X²_S, the sum of the options' Pearson statistics."""
    return math.fsum(test.statistics)
