"""Multiple-response sets: shares of cases and of mentions, and whether groups tick differently.

A response ticks any number of J options, so that its ticks are not independent and Pearson's X²
over the table of mentions is wrong; the tests here know the dependence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
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
from analysis.sampling_units import LEAST_UNITS, sampling_units_by_group
from analysis.stages import as_codes

MAX_OPTIONS = 63
LEAST_RESPONSES = 2
MOST_GAPS, MOST_NUMBERS = 1500, 4_000_000
"""Groups × options, of whose square eigenvalues are taken, and those times the cells: 32 MB."""
Base = Literal["asked", "ticked"]


@dataclass(frozen=True, eq=False)
class TickPatterns:
    """Responses by what they ticked. codes: (n,) pattern 0..P-1 or -1 outside of the domain;
    ticks: (P, J) 1 where the pattern has the option."""

    codes: Codes
    ticks: Floats


@dataclass(frozen=True)
class SetTest:
    """Do groups differ in any option: the joint test, and per option p (raw and Bonferroni).
    left_out: places of the groups that are too small to take part."""

    joint: Test
    statistics: tuple[float, ...]
    p_values: tuple[float, ...]
    adjusted: tuple[float, ...]
    smallest_adjusted: float
    left_out: tuple[int, ...] = ()


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
    (simple samples per group) Σδ is its value under the hypothesis, (groups - 1) × options, and
    Σδ² at least as much, which it is for any δ of that sum (Cauchy & Schwarz); with a design both
    are estimated, n is the number of responses, and the degrees of freedom of the design's own
    variance are ignored. p per option is Pearson's, with `design` Rao & Scott's F.
    Options that all or none ticked are left out of the joint test and have statistic 0 and p 1.
    Groups of one response, with `design` of fewer than LEAST_UNITS sampling units, are left out:
    nothing or too little varies about their own rates.

    groups: (n,) 0..group_count-1 or -1. Raises CannotComputeError for fewer than two groups that
    can be compared and where no option varies.
    """
    simple = design is None
    design = survey_design(len(patterns.codes)) if design is None else design
    least = LEAST_RESPONSES if simple else LEAST_UNITS
    codes, left_out = _without_small(patterns, groups, group_count, design, least)
    cells, members, ticked = _group_cells(patterns, codes, group_count, design)
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
    statistics = np.zeros(patterns.ticks.shape[1])
    statistics[varying] = (n * weights * gaps**2).reshape(len(of_group), -1).sum(axis=0)
    slopes = _gap_slopes(members, ticked - members @ rates, of_group)
    deltas = _eigenvalues(cells, slopes, n * weights, simple=simple)
    p_values = np.ones(len(statistics))
    p_values[varying] = chdtrc(len(of_group) - 1, statistics[varying])
    total, squares = float(deltas.sum()), float((deltas**2).sum())
    if simple:
        total = float((len(of_group) - 1) * len(varying))
        squares = max(squares, total)
    else:
        p_values[varying] = [
            _design_p(design, patterns, int(option), codes, group_count) for option in varying
        ]
    found = _set_test(statistics, p_values, varying, total, squares, n)
    return replace(found, left_out=left_out)


def _without_small(
    patterns: TickPatterns, groups: Any, group_count: int, design: Design, least: int
) -> tuple[Codes, tuple[int, ...]]:
    """Groups with the small ones set to -1, as are rows outside of the domain; and which they
    were."""
    wide = np.where(patterns.codes < 0, -1, as_codes(groups)).astype(np.intp)
    units = sampling_units_by_group(design, wide, group_count)
    if not units.any():
        raise CannotComputeError("no_responses")
    small = np.flatnonzero((units > 0) & (units < least))
    if len(small) and np.count_nonzero(units >= least) < 2:
        raise CannotComputeError("groups_too_small", least=least)
    kept = np.where(np.isin(wide, small), -1, wide)
    return kept, tuple(int(place) for place in small)


def _eigenvalues(cells: CellTotals, slopes: Floats, scales: Floats, *, simple: bool) -> Floats:
    """δ: of the covariance of the gaps, scaled as X²_S scales their squares."""
    covariance = cells.covariance(slopes / cells.totals.sum())
    # A simple sample's Σδ is exact, so that its variance has no n - 1; rows outside score 0.
    covariance *= (cells.design.n - 1) / cells.design.n if simple else 1
    root = np.sqrt(scales)
    return np.asarray(np.linalg.eigvalsh(root[:, None] * covariance * root))


def _design_p(
    design: Design, patterns: TickPatterns, option: int, groups: Any, group_count: int
) -> float:
    of_pattern = np.append(patterns.ticks[:, option], -1).astype(np.intp)
    table = weighted_table(design, groups, group_count, of_pattern[patterns.codes], 2)
    return rao_scott(table).p


def _group_cells(
    patterns: TickPatterns, groups: Codes, group_count: int, design: Design
) -> tuple[CellTotals, Floats, Floats]:
    """Cells group × pattern that have a response, with (K, G) membership of the non-empty groups
    and (K, J) ticks. Raises CannotComputeError where G·J scores of each are too many."""
    size = len(patterns.ticks)
    joint = np.where(groups < 0, -1, groups * size + patterns.codes)
    taken = np.flatnonzero(np.bincount(joint + 1, minlength=group_count * size + 1)[1:])
    gaps = group_count * patterns.ticks.shape[1]
    for count, most in ((gaps, MOST_GAPS), (len(taken), MOST_NUMBERS // gaps)):
        if count > most:
            raise CannotComputeError("too_many_cells", count=count, most=most)
    places = np.full(group_count * size + 1, -1)
    places[taken] = np.arange(len(taken))
    cells = CellTotals(design, places[joint], len(taken))
    members = np.eye(group_count)[taken // size]
    present = cells.counts @ members > 0
    return cells, members[:, present], patterns.ticks[taken % size]


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
