"""Jackknife and differences: published standard errors, and loops that leave units out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import design_of, schools
from scipy import stats

from analysis import difference_tests
from analysis.compare import compare_groups
from analysis.design_estimates import totals
from analysis.designs import Floats, survey_design
from analysis.difference_tests import Side
from analysis.group_estimates import means_by_group
from analysis.jackknife import jackknife
from analysis.refusals import CannotComputeError
from analysis.weighting import Margin, post_stratify

RNG = np.random.default_rng(11)
N = 60
Y, X, W = RNG.normal(5, 2, N), RNG.uniform(1, 3, N), RNG.uniform(1, 4, N)
STRATA, VILLAGE = np.arange(N) % 2, RNG.integers(0, 4, N)


def ratios(totals: Floats) -> Floats:
    return totals[..., :-1] / totals[..., -1:]


def test_standard_errors_published_for_the_district_sample() -> None:
    """T. Lumley, survey package pages, "Simple summary statistics": rclus1 (JK1)."""
    frame = schools("clus1")
    columns = [frame["api00"], frame["api99"], *(frame["stype"] == s for s in "EHM")]
    values = np.column_stack([*columns, np.ones(len(frame))]).astype(float)
    found = jackknife(design_of("clus1"), values, ratios)
    assert np.round(found.se, 4).tolist() == [26.3294, 26.9985, 0.0514, 0.0278, 0.0332]
    total = jackknife(design_of("clus1"), frame["enroll"], lambda t: t)
    assert np.round(total.se, 2).tolist() == [932235.03]


@pytest.mark.parametrize("centre", ["replicates", "estimate"])
def test_leaving_units_out_one_by_one(centre: Any) -> None:
    design = survey_design(weights=W, strata=STRATA, clusters=VILLAGE, population=9)
    found = jackknife(design, np.column_stack([Y, X]), ratios, centre=centre)
    replicates, scales = [], []
    for stratum in (0, 1):
        villages = np.unique(VILLAGE[stratum == STRATA])
        m = len(villages)
        for village in villages:
            left_out = (stratum == STRATA) & (village == VILLAGE)
            weights = np.where(left_out, 0, np.where(stratum == STRATA, W * m / (m - 1), W))
            replicates.append((weights @ Y) / (weights @ X))
            scales.append((1 - m / 9) * (m - 1) / m)
    middle = np.mean(replicates) if centre == "replicates" else (W @ Y) / (W @ X)
    wanted = np.sum(np.array(scales) * (np.array(replicates) - middle) ** 2)
    assert found.variances[0] == pytest.approx(wanted, rel=1e-10)


def test_of_totals_jackknife_and_taylor_are_the_same() -> None:
    design = survey_design(weights=W, strata=STRATA)
    found = jackknife(design, Y, lambda t: t, centre="estimate")
    assert found.variances == pytest.approx(totals(design, Y).variances)


def test_of_a_simple_mean_it_is_the_textbook_variance() -> None:
    found = jackknife(survey_design(N), np.column_stack([Y, np.ones(N)]), ratios)
    assert found.variances[0] == pytest.approx(Y.var(ddof=1) / N)


def test_only_the_first_stage_counts_and_a_census_of_it_has_no_variance() -> None:
    both = survey_design(weights=W, clusters=(VILLAGE, np.arange(N)), population=(9, 99))
    first = survey_design(weights=W, clusters=VILLAGE, population=9)
    assert jackknife(both, Y, lambda t: t).se == pytest.approx(jackknife(first, Y, lambda t: t).se)
    census = survey_design(weights=W, clusters=VILLAGE, population=4)
    assert jackknife(census, Y, lambda t: t).se.tolist() == [0]


def refuse(code: str, call: Any) -> None:
    with pytest.raises(CannotComputeError) as caught:
        call()
    assert caught.value.code == code


def test_what_the_jackknife_cannot_do_is_refused() -> None:
    plain = survey_design(N)
    raked = post_stratify(plain, Margin("层", STRATA, [1, 2]))
    alone = survey_design(clusters=np.zeros(N), lonely="certainty")
    refuse("not_for_calibrated", lambda: jackknife(raked, Y, lambda t: t))
    refuse("no_degrees_of_freedom", lambda: jackknife(alone, Y, lambda t: t))
    refuse("value_missing", lambda: jackknife(plain, np.append(Y[1:], np.nan), lambda t: t))
    refuse("lengths_differ", lambda: jackknife(plain, Y[1:], lambda t: t))
    refuse("unknown_choice", lambda: jackknife(plain, Y, lambda t: t, centre="none"))  # type: ignore[arg-type]
    only = np.eye(N)[:, :1]
    with np.errstate(invalid="ignore"):
        both = np.column_stack([only[:, 0] * Y, only[:, 0]])
        refuse("denominator_zero", lambda: jackknife(plain, both, ratios))


def test_two_groups_that_share_no_cluster_differ_as_independent_ones() -> None:
    groups = STRATA
    by_group = means_by_group(survey_design(strata=STRATA, n=N), Y, groups, 2)
    found = compare_groups(by_group, 0, 1)
    first, second = Y[groups == 0], Y[groups == 1]
    assert found.value == pytest.approx(first.mean() - second.mean())
    assert found.se**2 == pytest.approx(first.var(ddof=1) / 30 + second.var(ddof=1) / 30)
    assert found.interval.low < found.value < found.interval.high
    assert (found.first, found.second, found.counts) == (0, 1, (30, 30))
    assert found.p == found.adjusted


def side_of_numbers(y: Floats) -> Side:
    return Side(y.mean(), y.var(ddof=1) / len(y), len(y) - 1, len(y))


@pytest.mark.parametrize("equal", [True, False])
def test_two_years_are_compared_as_the_more_careful_of_student_and_welch(equal: bool) -> None:
    """The larger p, and an interval that holds both."""
    first, second = RNG.normal(0, 1, 40 if equal else 25), RNG.normal(0.5, 3, 25 if equal else 40)
    found = difference_tests.tested(*(side_of_numbers(side) for side in (first, second)), 0.95)
    tests = [stats.ttest_ind(first, second, equal_var=pooled) for pooled in (True, False)]
    wanted = max(tests, key=lambda test: test.pvalue)
    assert [found.t, found.p, found.df] == pytest.approx(
        [wanted.statistic, wanted.pvalue, wanted.df]
    )
    ends = [test.confidence_interval() for test in tests]
    assert found.interval.low == pytest.approx(min(end.low for end in ends))
    assert found.interval.high == pytest.approx(max(end.high for end in ends))


def test_differences_without_meaning_are_refused() -> None:
    by_group = means_by_group(survey_design(4), [1, 1, 1, 1], [0, 0, 1, 1], 3)
    refuse("no_variance", lambda: compare_groups(by_group, 0, 1))
    refuse("no_responses", lambda: compare_groups(by_group, 0, 2))
    same, alone = Side(1.0, 0.0, 2, 3), Side(0.5, 0.1, 0, 2)
    refuse("no_variance", lambda: difference_tests.tested(same, same, 0.95))
    refuse("no_degrees_of_freedom", lambda: difference_tests.tested(alone, alone, 0.95))


def test_what_does_not_vary_but_in_the_last_digit_has_no_variance() -> None:
    """0.8 of everybody: each replicate is 0.8 up to rounding."""
    weights = [1.1, 2.3, 3.7, 0.9, 1.3, 2.2, 1.7, 3.1, 0.6, 1.9]
    design = survey_design(weights=weights)
    columns = np.column_stack([np.full(10, 0.8), np.arange(10.0), np.ones(10)])
    found = jackknife(design, columns, ratios)
    assert found.values[0] == pytest.approx(0.8, rel=1e-12)
    assert found.se[0] == 0 and found.covariance[0, 1] == 0 and found.se[1] > 0.5


def test_where_all_first_units_were_drawn_later_stages_cannot_be_ignored() -> None:
    """Four villages of four, three of ten households in each; with four of five it is allowed."""
    villages = np.repeat(range(4), 3)
    inside = np.full(12, 10)
    for villages_of, refused in ((4, True), (5, False)):
        population = (np.full(12, villages_of), inside)
        design = survey_design(clusters=(villages, np.arange(12)), population=population)
        if refused:
            with pytest.raises(CannotComputeError) as refusal:
                jackknife(design, Y[:12], lambda t: t)
            assert refusal.value.code == "jackknife_of_whole_stage"
        else:
            assert jackknife(design, Y[:12], lambda t: t).se[0] > 0
    census = survey_design(clusters=villages, population=4)
    assert jackknife(census, Y[:12], lambda t: t).se[0] == 0, "nothing is left to later stages"
