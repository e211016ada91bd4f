"""A census, or a stratum that was drawn whole, has no sampling error; equal answers alone do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from test_satisfaction_estimates import answered, by_area

from analysis import design_estimates, group_estimates
from analysis.cross_tables import cross_table
from analysis.cross_values import CrossTable
from analysis.design_intervals import mean_intervals, share_intervals
from analysis.designs import survey_design
from analysis.satisfaction_differences import compare_all_pairs, compare_two
from analysis.tabulate import summarise

ANSWERS, AREAS = "AABACDEBBBAA", "xxxxyyyyyyzz"
CODES = np.array([0, 0, 1, 2, 2, 1, 0, 0])


def test_shares_and_means_of_a_census_are_known() -> None:
    design = survey_design(8, population=8.0)
    shares = design_estimates.shares(design, CODES, 3)
    assert [tuple(vars(i).values()) for i in share_intervals(shares)] == [
        (0.5, 0.5),
        (0.25, 0.25),
        (0.25, 0.25),
    ]
    mean = design_estimates.score_means(design, CODES, [1.0, 0.8, 0.3])
    assert mean_intervals(mean, 0.3, 1.0)[0].low == mean_intervals(mean, 0.3, 1.0)[0].high


def test_all_but_one_of_the_population_still_has_an_error() -> None:
    design = survey_design(8, population=9.0)
    values = np.array([1.0, 0.8, 0.3])[CODES]
    se = np.sqrt(values.var(ddof=1) / 8 * (1 - 8 / 9))
    found = mean_intervals(design_estimates.score_means(design, CODES, [1.0, 0.8, 0.3]), 0, 2.0)[0]
    half = stats.t.ppf(0.975, 7) * se
    assert (found.low, found.high) == pytest.approx((values.mean() - half, values.mean() + half))


def test_index_rate_and_margin_of_a_census_are_points() -> None:
    found = by_area(ANSWERS, AREAS, survey_design(12, population=12.0))
    for row in found.rows:
        assert row.index_low == row.index == row.index_high
        assert row.rate_low == row.rate == row.rate_high
        assert row.margin == 0
        assert row.low == row.score == row.high
        assert row.notes == ("census",)
    assert found.ranked == "fully"


def test_pairs_of_a_census_need_no_test_and_say_so() -> None:
    found = by_area(ANSWERS, AREAS, survey_design(12, population=12.0))
    texts = [pair.refusal.text("zh") for pair in compare_all_pairs(found) if pair.refusal]
    assert len(texts) == 3
    assert all("全数调查" in text and "相同" not in text for text in texts)


def test_only_the_stratum_drawn_whole_is_known() -> None:
    strata = np.array(list(AREAS))
    population = np.array([4.0] * 4 + [60.0] * 6 + [20.0] * 2)
    found = by_area(ANSWERS, AREAS, survey_design(12, strata=strata, population=population))
    x, y, _ = found.groups
    assert x.notes == ("census",) and x.index_low == x.index == x.index_high
    assert "census" not in y.notes and y.index_low < y.index
    assert "census" not in found.everybody.notes
    comparison = compare_two(found, 0, 1)
    assert comparison.difference is not None and comparison.constant == ()


def test_equal_answers_of_a_sample_are_called_so_and_equal_units_are_not() -> None:
    clusters = np.array([1, 1, 2, 2, 3, 3, 4, 4])
    found = by_area("ABABCDDE", "xxxxyyyy", survey_design(8, clusters=clusters))
    assert found.groups[0].notes == ("small", "no_variance", "dependent", "thin")
    alone = by_area("AAAACDDE", "xxxxyyyy").groups[0]
    assert alone.notes == ("small", "same_answers", "thin")


def test_certainty_of_lonely_strata_is_no_census() -> None:
    design = survey_design(
        4, strata=np.array([1, 2, 3, 3]), population=np.array([9.0, 9, 9, 9]), lonely="certainty"
    )
    assert not design.is_census
    assert design_estimates.shares(design, [0, 1, 0, 1], 2).known.tolist() == [False, False]


def test_the_sparse_way_for_many_groups_knows_a_census_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = survey_design(8, strata=[1, 1, 1, 1, 2, 2, 2, 2], population=[4.0] * 4 + [9.0] * 4)
    groups = np.repeat([0, 1], 4)
    dense = group_estimates.score_means_by_group(design, CODES, [1.0, 0.8, 0.3], groups, 2)
    monkeypatch.setattr(group_estimates, "DENSE_LIMIT", 0)
    sparse = group_estimates.score_means_by_group(design, CODES, [1.0, 0.8, 0.3], groups, 2)
    assert dense.known.tolist() == sparse.known.tolist() == [True, False]


def crossed(population: float) -> CrossTable:
    made = answered(ANSWERS * 3, AREAS * 3)
    return cross_table(made, survey_design(36, population=population), "q1", "area")


def test_cross_tab_of_a_census_has_points_without_margin_and_says_why_no_test() -> None:
    found = crossed(36.0)
    shares = [one.column for row in found.cells for one in row]
    assert all(share.low == share.value == share.high for share in shares)
    assert [column.margin for column in found.columns.categories] == [0, 0, 0]
    assert found.margin == 0
    assert "全数调查" in found.association.refusals[0].why.text("zh")
    assert crossed(37.0).margin > 0
    assert crossed(37.0).association.main is not None


def test_summary_of_a_census_has_points() -> None:
    made = answered(ANSWERS, AREAS)
    group = summarise(made, design=survey_design(12, population=12.0))[0]
    first = group.questions[0].rows[0].cell
    assert (first.low, first.share, first.high) == (5 / 12, 5 / 12, 5 / 12)
