"""Cross-tabulations: counts as pandas has them, letters, ranks, and columns without responses."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis import rao_scott
from analysis.association import pearson
from analysis.crosstab import (
    cells,
    column_letter,
    column_letters,
    compare_columns,
    compare_design_columns,
    is_certain_order,
    joint_counts,
    rank_ranges,
)
from analysis.designs import survey_design
from analysis.multiple_response import (
    compare_groups,
    patterns_of_masks,
    shares_of_cases,
    shares_of_mentions,
    tick_patterns,
)
from analysis.refusals import CannotComputeError

RNG = np.random.default_rng(7)
N = 500
ROWS = RNG.integers(-1, 4, N)
COLUMNS = RNG.integers(-1, 3, N)
COUNTS = np.array([[60, 30, 0], [40, 70, 0]])


def test_counts_equal_those_of_pandas() -> None:
    asked = (ROWS >= 0) & (COLUMNS >= 0)
    wanted = pd.crosstab(ROWS[asked], COLUMNS[asked]).to_numpy()
    for kind in (np.int8, np.int64):
        found = joint_counts(ROWS.astype(kind), 4, COLUMNS.astype(kind), 3)
        assert found.tolist() == wanted.tolist()


def test_a_table_too_wide_for_narrow_integers_is_counted_right() -> None:
    rows, columns = RNG.integers(0, 300, N), RNG.integers(0, 200, N)
    found = joint_counts(rows.astype(np.int16), 300, columns.astype(np.uint8), 200)
    assert found.sum() == N
    assert found[rows[0], columns[0]] == np.sum((rows == rows[0]) & (columns == columns[0]))


def test_codes_beyond_the_table_are_refused() -> None:
    with pytest.raises(CannotComputeError) as caught:
        joint_counts([0, 4], 4, [0, 0], 3)
    assert caught.value.code == "code_out_of_range"
    with pytest.raises(CannotComputeError, match="rows"):
        joint_counts([0, 1], 4, [0], 3)


@pytest.mark.parametrize(("share_of", "base"), [("row", 90), ("column", 100), ("total", 200)])
def test_shares_have_the_base_asked_for(share_of: str, base: int) -> None:
    first = cells(COUNTS, share_of)[0][0]  # type: ignore[arg-type]
    assert (first.count, first.base) == (60, base)
    assert first.share == pytest.approx(60 / base)
    assert first.low is not None
    assert first.low < 60 / base


def test_an_empty_column_has_no_share_and_no_number_that_is_none() -> None:
    empty = cells(COUNTS, "column")[0][2]
    assert (empty.base, empty.share, empty.low) == (0, None, None)
    with pytest.raises(CannotComputeError):
        cells(COUNTS, "cell")  # type: ignore[arg-type]


def test_two_columns_are_compared_as_pearson_does() -> None:
    (test, _) = compare_columns(COUNTS)
    assert test.statistic**2 == pytest.approx(pearson(COUNTS).statistic)
    assert test.p == test.adjusted == pytest.approx(pearson(COUNTS).p)
    assert (test.row, test.first, test.second) == (0, 0, 1)
    assert test.difference == pytest.approx(0.3)


def test_letters_stand_under_the_larger_share() -> None:
    assert column_letters(compare_columns(COUNTS), 2, 3) == (("B", "", ""), ("", "A", ""))


def test_adjustment_is_over_the_pairs_of_a_row() -> None:
    counts = [[50, 60, 75], [50, 40, 25]]
    plain, strict = compare_columns(counts, "none"), compare_columns(counts, "bonferroni")
    assert [t.adjusted for t in strict] == pytest.approx([min(1, 3 * t.p) for t in plain])
    assert column_letters(plain, 2, 3)[0] == ("", "", "A B")
    assert column_letters(strict, 2, 3)[0] == ("", "", "A")


def test_rows_that_nobody_or_everybody_chose_are_not_compared() -> None:
    assert compare_columns([[5, 9], [0, 0]]) == ()


def test_letters_go_on_after_z() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]


def test_a_designed_comparison_is_near_the_simple_one_and_knows_clusters() -> None:
    rows = np.repeat([0, 1, 0, 1], [60, 40, 30, 70])
    columns = np.repeat([0, 0, 1, 1], [60, 40, 30, 70])
    simple = compare_design_columns(survey_design(200), rows, 2, columns, 2)
    assert simple[0].statistic == pytest.approx(compare_columns(COUNTS)[0].statistic, rel=0.06)
    clustered = survey_design(clusters=np.arange(200) // 20)
    found = compare_design_columns(clustered, rows, 2, columns, 2)
    assert abs(found[0].statistic) < abs(simple[0].statistic)
    with pytest.raises(CannotComputeError):
        alone = survey_design(clusters=np.zeros(200), lonely="certainty")
        compare_design_columns(alone, rows, 2, columns, 2)


def test_areas_that_overlap_share_their_ranks() -> None:
    found = rank_ranges([0.80, 0.70, 0.75, 0.10], [0.90, 0.78, 0.85, 0.20])
    assert found == ((1, 2), (2, 3), (1, 3), (4, 4))
    assert not is_certain_order(found)
    assert is_certain_order(rank_ranges([0.8, 0.1, 0.5], [0.9, 0.2, 0.6]))


MASKS = RNG.integers(0, 16, N)
TICKS = (MASKS[:, None] >> np.arange(4)) & 1
INSIDE = RNG.random(N) < 0.8


def test_ticks_and_bits_are_the_same_patterns() -> None:
    design = survey_design(N)
    wide, narrow = tick_patterns(TICKS, INSIDE), patterns_of_masks(MASKS, 4, INSIDE)
    found, other = shares_of_cases(design, wide), shares_of_cases(design, narrow)
    assert found.values.tolist() == other.values.tolist()
    assert found.values == pytest.approx(TICKS[INSIDE].mean(axis=0))
    mentions = shares_of_mentions(design, wide)
    assert mentions.values.sum() == pytest.approx(1)
    assert mentions.values == pytest.approx(TICKS[INSIDE].sum(axis=0) / TICKS[INSIDE].sum())


def test_a_missing_tick_leaves_the_response_out() -> None:
    ticks = np.array([[1, 0], [np.nan, 1], [0, 1], [1, 1]])
    found = shares_of_cases(survey_design(4), tick_patterns(ticks, [True, True, True, False]))
    assert found.values.tolist() == [0.5, 0.5]
    assert found.counts.tolist() == [2, 2]


def test_many_options_are_grouped_by_what_occurs() -> None:
    ticks = RNG.integers(0, 2, (50, 40))
    assert len(tick_patterns(ticks).ticks) == 50
    with pytest.raises(CannotComputeError):
        tick_patterns(np.zeros((2, 64)))


def test_nobody_ticked_anything() -> None:
    nothing = tick_patterns(np.zeros((9, 3)))
    design = survey_design(9)
    assert shares_of_cases(design, nothing).values.tolist() == [0, 0, 0]
    for estimate in (
        lambda: shares_of_cases(design, nothing, "ticked"),
        lambda: shares_of_mentions(design, nothing),
        lambda: compare_groups(nothing, np.arange(9) % 2, 2),
    ):
        with pytest.raises(CannotComputeError):
            estimate()
    with pytest.raises(CannotComputeError, match="possible"):
        shares_of_cases(design, nothing, "all")  # type: ignore[arg-type]


def test_one_option_is_tested_as_pearson_does() -> None:
    groups = RNG.integers(0, 2, N)
    ticked = TICKS[:, :1]
    found = compare_groups(tick_patterns(ticked), groups, 2)
    wanted = pearson(joint_counts(groups, 2, ticked[:, 0], 2))
    assert found.statistics == pytest.approx((wanted.statistic,))
    assert found.p_values == pytest.approx((wanted.p,))
    assert found.joint.p == pytest.approx(wanted.p, abs=0.01)


def test_an_option_that_all_ticked_is_left_out_of_the_joint_test() -> None:
    groups = RNG.integers(0, 2, N)
    some, with_all = TICKS[:, :2], np.column_stack([TICKS[:, :2], np.ones(N)])
    found = compare_groups(tick_patterns(with_all), groups, 2)
    assert found.p_values[2] == found.adjusted[2] == 1
    assert found.joint == compare_groups(tick_patterns(some), groups, 2).joint


def test_a_design_widens_the_test_of_a_set() -> None:
    village = np.arange(N) // 25
    groups = village % 2
    ticked = (RNG.random((20, 4))[village] < 0.5).astype(int)
    patterns = tick_patterns(ticked)
    simple = compare_groups(patterns, groups, 2)
    designed = compare_groups(patterns, groups, 2, survey_design(clusters=village))
    assert designed.joint.p > simple.joint.p
    table = rao_scott.weighted_table(survey_design(clusters=village), groups, 2, ticked[:, 0], 2)
    assert designed.p_values[0] == pytest.approx(rao_scott.rao_scott(table).p)
    assert math.isfinite(designed.joint.statistic)


def test_an_empty_group_does_not_disturb_a_set() -> None:
    groups = RNG.integers(0, 2, N) * 2
    found = compare_groups(tick_patterns(TICKS), groups, 3)
    assert found.joint == compare_groups(tick_patterns(TICKS), groups // 2, 2).joint
    with pytest.raises(CannotComputeError):
        compare_groups(tick_patterns(TICKS), np.zeros(N, dtype=int), 2)
