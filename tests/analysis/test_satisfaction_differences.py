"""Differences of satisfaction against R, scipy and what follows by hand; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from scipy import stats
from test_satisfaction_estimates import DESIGNS, EVEN, answered, api, by_area, plan

from analysis.designs import survey_design
from analysis.refusals import CannotComputeError
from analysis.satisfaction_differences import (
    compare_all_pairs,
    compare_projects,
    compare_projects_by_group,
    compare_two,
)
from analysis.satisfaction_estimates import satisfaction_by

R = reference("survey_designs")


@pytest.mark.parametrize("name", DESIGNS)
def test_difference_of_two_groups_has_the_covariance_of_r(name: str) -> None:
    found = satisfaction_by(api(name), design_of(name), plan(), "area")
    wanted = R[name]["svyby_sat100_stype"]
    v = np.array(wanted["vcov"])
    for i, j in ((0, 1), (0, 2), (2, 1)):
        difference = compare_two(found, i, j).difference
        assert difference is not None
        value, se = wanted["mean"][i] - wanted["mean"][j], np.sqrt(v[i, i] + v[j, j] - 2 * v[i, j])
        assert difference.value * 100 == pytest.approx(value, rel=1e-9)
        assert difference.se * 100 == pytest.approx(se, rel=1e-8)


def test_degrees_of_freedom_are_those_of_both_groups_less_one() -> None:
    frame = schools("clus1")
    found = satisfaction_by(api("clus1"), design_of("clus1"), plan(), "area")
    for i, j, both in ((0, 1, ["E", "H"]), (1, 2, ["H", "M"])):
        clusters = frame[frame["stype"].isin(both)]["dnum"].nunique()
        difference = compare_two(found, i, j).difference
        assert difference is not None and difference.df == clusters - 1 - 1
        p = 2 * stats.t.sf(abs(difference.value / difference.se), clusters - 2)
        assert difference.p == pytest.approx(p, rel=1e-9)


def test_difference_in_a_simple_sample_is_nearly_welchs() -> None:
    """Linearised variances have n where Welch has n - 1 in each group: 1% with 100 each."""
    rng = np.random.default_rng(5)
    first, second = (
        "".join(rng.choice(list("ABCDE"), 100, p=p))
        for p in ([0.5, 0.2, 0.1, 0.1, 0.1], [0.3, 0.2, 0.2, 0.2, 0.1])
    )
    difference = compare_two(by_area(first + second, "x" * 100 + "y" * 100), 0, 1).difference
    values = [[EVEN[one] for one in letters] for letters in (first, second)]
    welch = stats.ttest_ind(*values, equal_var=False)
    assert difference is not None
    assert difference.t == pytest.approx(welch.statistic * np.sqrt(199 / 200 * 100 / 99), rel=1e-9)
    assert difference.p == pytest.approx(welch.pvalue, rel=0.05)


def test_holm_adjusts_over_all_pairs() -> None:
    found = by_area("AAABBACDEDAAABBCEEDC" * 3, "x" * 20 + "y" * 20 + "z" * 20)
    pairs = compare_all_pairs(found)
    assert [(pair.first, pair.second) for pair in pairs] == [("x", "y"), ("x", "z"), ("y", "z")]
    shifted = compare_all_pairs(
        by_area("AAAB" * 5 + "CCDE" * 5 + "BBCA" * 5, "x" * 20 + "y" * 20 + "z" * 20)
    )
    p = [pair.difference.p for pair in shifted if pair.difference]
    order = np.argsort(p)
    raised = np.minimum(np.maximum.accumulate(np.array(p)[order] * [3, 2, 1]), 1)
    assert [
        shifted[i].difference.adjusted for i in order if shifted[i].difference
    ] == pytest.approx(raised, rel=1e-12)
    assert [pair.is_significant for pair in shifted] == [True, True, True]
    assert not any(pair.is_significant for pair in pairs)


def test_group_within_one_cluster_is_not_compared() -> None:
    clusters = np.array([1, 1, 1, 2, 2, 3, 3])
    found = by_area("AABBACD", "xxxyyyy", survey_design(7, clusters=clusters))
    comparison = compare_two(found, 0, 1)
    assert comparison.difference is None and not comparison.is_significant
    assert comparison.refusal is not None
    assert comparison.refusal.code == "group_in_one_unit"
    assert "x" in comparison.refusal.text("zh")


def test_single_response_and_empty_group_are_not_compared() -> None:
    found = by_area("AABB" + "A" + "U", "xxxxyz")
    codes = [
        pair.refusal.code
        for pair in (compare_two(found, 0, 1), compare_two(found, 0, 2))
        if pair.refusal
    ]
    assert codes == ["group_in_one_unit", "group_empty"]
    assert len(compare_all_pairs(found)) == 1


def test_groups_without_any_variance_are_not_tested() -> None:
    refusal = compare_two(by_area("AAAABBBB", "xxxxyyyy"), 0, 1).refusal
    assert refusal is not None and refusal.code == "groups_constant"


def test_one_group_without_variance_is_compared_and_named() -> None:
    comparison = compare_two(by_area("AAAABCDB", "xxxxyyyy"), 0, 1)
    assert comparison.difference is not None
    assert comparison.constant == ("x",)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 2), (-1, 0)])
def test_group_that_is_none_is_refused(first: int, second: int) -> None:
    with pytest.raises(CannotComputeError):
        compare_two(by_area("AABB", "xxyy"), first, second)


def test_more_than_twelve_groups_are_not_paired() -> None:
    found = by_area("AB" * 13, "".join(letter * 2 for letter in "abcdefghijklm"))
    with pytest.raises(CannotComputeError, match="13 groups"):
        compare_all_pairs(found)


def test_two_projects_are_compared_as_independent_samples() -> None:
    first, second = "AAABBACDEDAAABB", "BBCCDEAABDDCEE"
    found = [
        satisfaction_by(answered(one), survey_design(len(one)), plan()) for one in (first, second)
    ]
    comparison = compare_projects(*found, ("2026", "2025"))
    welch = stats.ttest_ind(
        *([EVEN[one] for one in letters] for letters in (first, second)), equal_var=False
    )
    difference = comparison.difference
    assert difference is not None
    assert (difference.t, difference.p, difference.df) == pytest.approx(
        (welch.statistic, welch.pvalue, welch.df), rel=1e-9
    )
    assert (comparison.first, comparison.second) == ("2026", "2025")


def test_groups_of_the_same_name_are_compared_between_projects() -> None:
    found = [by_area("AAABBACD", "xxxxyyyy"), by_area("BBCCDEAABD", "yyyyyzzzzz")]
    (comparison,) = compare_projects_by_group(*found, ("2026", "2025"))
    assert (comparison.first, comparison.second) == ("2026 y", "2025 y")
    difference = comparison.difference
    assert difference is not None
    assert difference.value == pytest.approx(
        np.mean([0.75, 1, 0.5, 0.25]) - np.mean([0.75, 0.75, 0.5, 0.5, 0.25])
    )
    assert difference.adjusted == difference.p


def test_project_without_answers_is_not_compared() -> None:
    found = [satisfaction_by(answered(one), survey_design(4), plan()) for one in ("AABC", "----")]
    refusal = compare_projects(*found, ("2026", "2025")).refusal
    assert refusal is not None and refusal.text("en").startswith("“2025” has no response")
