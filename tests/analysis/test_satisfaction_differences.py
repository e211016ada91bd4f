"""Differences of satisfaction against R, scipy and what follows by hand; and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from by_hand import total_variance
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


def careful(
    value: float, se: Any, df: Any, m: Any, covariance: float, most: float
) -> tuple[float, float]:
    """The larger p of t with own and with pooled variance, and the longer t·SE; se, df, m: of two
    groups each."""
    v, df, m = np.array(se) ** 2, np.array(df, dtype=float), np.array(m, dtype=float)
    s2 = (df * v * m).sum() / df.sum()
    r = covariance / np.sqrt(v.prod())
    pooled = s2 * (1 / m[0] + 1 / m[1] - 2 * r / np.sqrt(m.prod()))
    welch = v.sum() ** 2 / (v**2 / df).sum()
    tests = ((v.sum() - 2 * covariance, welch), (pooled, df.sum()))
    return (
        max(2 * stats.t.sf(abs(value) / np.sqrt(v), min(d, most)) for v, d in tests),
        max(stats.t.ppf(0.975, min(d, most)) * np.sqrt(v) for v, d in tests),
    )


def sizes_of(name: str, *types: str) -> tuple[list[float], list[float], float]:
    """Of two types of schools: degrees of freedom and independent observations of each, and the
    degrees of freedom of both together less 1; every type is within one stratum."""
    frame = schools(name)
    unit = frame["dnum"] if name == "clus1" else frame.index.to_series()
    rows = [frame["stype"] == one for one in types]
    units = [unit[own].nunique() for own in rows]
    kish = [frame["pw"][own].sum() ** 2 / (frame["pw"][own] ** 2).sum() for own in rows]
    both, strata = unit[rows[0] | rows[1]].nunique(), 2 if name == "strat" else 1
    return [n - 1 for n in units], list(map(min, units, kish)), both - strata - 1


@pytest.mark.parametrize("name", DESIGNS)
def test_groups_of_a_design_are_tested_with_the_variances_of_r(name: str) -> None:
    found, wanted = satisfaction_by(api(name), design_of(name), plan(), "area"), R[name]
    wanted, types = wanted["svyby_sat100_stype"], wanted["svyby_sat100_stype"]["group"]
    v = np.array(wanted["vcov"]) / 100**2
    for i, j in ((0, 1), (1, 2)):
        difference = compare_two(found, i, j).difference
        assert difference is not None
        df, m, most = sizes_of(name, types[i], types[j])
        value, se = (wanted["mean"][i] - wanted["mean"][j]) / 100, np.sqrt([v[i, i], v[j, j]])
        p, _ = careful(value, se, df, m, v[i, j], most)
        assert difference.p == pytest.approx(p, rel=1e-7)
        assert difference.p >= 2 * stats.t.sf(abs(value) / difference.se, most) * (1 - 1e-9)


def careful_of_answers(first: Any, second: Any) -> Any:
    """Student's or Welch's test, whichever has the larger p (scipy)."""
    tests = [stats.ttest_ind(first, second, equal_var=pooled) for pooled in (True, False)]
    return max(tests, key=lambda test: test.pvalue)


@pytest.mark.parametrize("sizes", [(100, 100), (12, 150), (150, 12)])
def test_difference_in_a_simple_sample_is_that_of_scipy(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    first, second = (
        "".join(rng.choice(list("ABCDE"), n, p=p))
        for n, p in zip(sizes, ([0.5, 0.2, 0.1, 0.1, 0.1], [0.3, 0.2, 0.2, 0.2, 0.1]), strict=True)
    )
    areas = "x" * sizes[0] + "y" * sizes[1]
    difference = compare_two(by_area(first + second, areas), 0, 1).difference
    wanted = careful_of_answers(*([EVEN[one] for one in letters] for letters in (first, second)))
    assert difference is not None
    told = (difference.t, difference.p, difference.df)
    assert told == pytest.approx((wanted.statistic, wanted.pvalue, wanted.df), rel=1e-9)


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
    wanted = careful_of_answers(*([EVEN[one] for one in letters] for letters in (first, second)))
    difference = comparison.difference
    assert difference is not None
    assert (difference.t, difference.p, difference.df) == pytest.approx(
        (wanted.statistic, wanted.pvalue, wanted.df), rel=1e-9
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


FEW, MANY = "AB" * 9 + "CDE" * 4 + "U" * 3, "AB" * 14 + "CD" * 3
"""18 of 30 who count, and 28 of 34."""


def wilson(x: int, n: int) -> tuple[float, float]:
    found = stats.binomtest(x, n).proportion_ci(method="wilson")
    return found.low, found.high


def newcombe(x1: int, n1: int, x2: int, n2: int) -> list[float]:
    """Newcombe 1998, method 10, from scipy's Wilson intervals."""
    (p1, p2), (l1, u1), (l2, u2) = (x1 / n1, x2 / n2), wilson(x1, n1), wilson(x2, n2)
    below, above = np.hypot(p1 - l1, u2 - p2), np.hypot(u1 - p1, p2 - l2)
    return [p1 - p2 - below, p1 - p2 + above]


def test_rates_of_a_simple_sample_differ_as_newcombe_and_pearson_say() -> None:
    found = by_area(FEW + MANY, "x" * len(FEW) + "y" * len(MANY))
    rate = compare_two(found, 0, 1).rate
    assert rate is not None
    assert rate.value == pytest.approx(18 / 30 - 28 / 34, rel=1e-12)
    ends = [rate.interval.low, rate.interval.high]
    assert ends == pytest.approx(newcombe(18, 30, 28, 34), rel=1e-9)
    pearson = stats.chi2_contingency([[18, 12], [28, 6]], correction=False)
    assert rate.p == pytest.approx(pearson.pvalue, rel=1e-9)


def test_newcombes_own_example_of_two_samples() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998b, table II, method 10)."""
    one = by_area("A" * 56 + "E" * 14, "x" * 70)
    other = by_area("A" * 48 + "E" * 32, "x" * 80)
    rate = compare_projects(one, other, ("2017", "2018")).rate
    assert rate is not None
    ends = [rate.interval.low, rate.interval.high]
    assert ends == pytest.approx([0.0524, 0.3339], abs=5e-5)
    pearson = stats.chi2_contingency([[56, 14], [48, 32]], correction=False)
    assert rate.p == pytest.approx(pearson.pvalue, rel=1e-9)


def correlation_of_rates(name: str, i: int, j: int) -> float:
    """Of two types of schools: none as strata or simple domains; by hand in clusters."""
    if name != "clus1":
        return 0.0
    frame, wanted = schools(name), R[name]["svyby_top2_stype"]
    parts = []
    for place in (i, j):
        inside = (frame["stype"] == wanted["group"][place]).to_numpy()
        weight = frame["pw"].to_numpy() * inside
        parts.append(weight * (frame["top2"].to_numpy() - wanted["mean"][place]) / weight.sum())
    n, units = len(frame), [frame["dnum"].tolist()]
    variance = total_variance(parts[0] - parts[1], [[0] * n], units, [frame["fpc"].tolist()])
    a, b = wanted["se"][i], wanted["se"][j]
    return float((a * a + b * b - variance) / (2 * a * b))


@pytest.mark.parametrize("name", DESIGNS)
def test_rates_under_a_design_have_the_errors_of_r(name: str) -> None:
    """Test and interval belong together: from value and errors of R's svyby."""
    found = satisfaction_by(api(name), design_of(name), plan(), "area")
    wanted = R[name]["svyby_top2_stype"]
    for i, j in ((0, 1), (2, 1)):
        made = compare_two(found, i, j)
        rate = made.rate
        assert rate is not None
        sizes = sizes_of(name, wanted["group"][i], wanted["group"][j])
        value, r = wanted["mean"][i] - wanted["mean"][j], correlation_of_rates(name, i, j)
        s, t = wanted["se"][i], wanted["se"][j]
        assert rate.value == pytest.approx(value, rel=1e-9)
        p, half = careful(value, [s, t], *sizes[:2], r * s * t, sizes[2])
        assert rate.p == pytest.approx(p, rel=1e-7)
        ends = [rate.interval.low, rate.interval.high]
        assert ends == pytest.approx([value - half, value + half], rel=1e-7)


def test_rates_that_are_both_full_do_not_differ() -> None:
    rate = compare_two(by_area("AB" * 20 + "AAB" * 10, "x" * 40 + "y" * 30), 0, 1).rate
    assert rate is not None and (rate.value, rate.p) == (0, 1)
    ends = [rate.interval.low, rate.interval.high]
    assert ends == pytest.approx(newcombe(40, 40, 30, 30), rel=1e-9)


def test_holm_adjusts_the_rates_among_themselves() -> None:
    pairs = compare_all_pairs(
        by_area("AAAB" * 5 + "CCDE" * 5 + "BBCA" * 5, "x" * 20 + "y" * 20 + "z" * 20)
    )
    p = [pair.rate.p for pair in pairs if pair.rate and pair.rate.p is not None]
    order = np.argsort(p)
    raised = np.minimum(np.maximum.accumulate(np.array(p)[order] * [3, 2, 1]), 1)
    found = [pairs[i].rate.adjusted for i in order if pairs[i].rate]
    assert found == pytest.approx(raised, rel=1e-12)
