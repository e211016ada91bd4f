"""Differences of small and nearly constant groups: honest tests, and an answer where all agree."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy import stats
from test_satisfaction_estimates import answered, by_area, plan

from analysis import difference_tests
from analysis.designs import Design, survey_design
from analysis.difference_tests import Side
from analysis.reports import satisfaction_words as words
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.satisfaction_differences import Comparison, compare_projects, compare_two
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable

SCORES = np.array([1, 0.8, 0.3, 0])


def rejected(sizes: tuple[int, int], shares: Any, others: Any = None, runs: int = 500) -> Any:
    """How often a difference is found, and how often Student's test finds one."""
    rng, found = np.random.default_rng(9), []
    for _ in range(runs):
        sides = [
            SCORES[rng.choice(4, n, p=p)]
            for n, p in zip(sizes, (shares, others or shares), strict=True)
        ]
        if np.ptp(np.concatenate(sides)) == 0:
            found.append((False, False))
            continue
        p = difference_tests.tested(
            *(Side(s.mean(), s.var(ddof=1) / len(s), len(s) - 1, len(s)) for s in sides), 0.95
        ).p
        pooled = np.array([np.var(side, ddof=1) * (len(side) - 1) for side in sides]).sum()
        se = np.sqrt(pooled / (sum(sizes) - 2) * (1 / sizes[0] + 1 / sizes[1]))
        gap = abs(sides[0].mean() - sides[1].mean())
        found.append((p < 0.05, 2 * stats.t.sf(gap / se, sum(sizes) - 2) < 0.05))
    return np.mean(found, axis=0)


@pytest.mark.parametrize(
    ("sizes", "shares"),
    [
        ((30, 30), [0.4, 0.3, 0.2, 0.1]),
        ((5, 100), [0.9, 0.06, 0.02, 0.02]),
        ((5, 200), [0.6, 0.3, 0.1, 0]),
        ((3, 100), [0.8, 0.15, 0.05, 0]),
        ((10, 100), [0.95, 0.03, 0.01, 0.01]),
        ((10, 200), [0.5, 0.3, 0.1, 0.1]),
        ((20, 300), [0.9, 0.05, 0.03, 0.02]),
        ((40, 400), [0.95, 0.03, 0.01, 0.01]),
    ],
)
def test_random_answers_are_rarely_called_different(sizes: tuple[int, int], shares: Any) -> None:
    """Welch's test alone, the variance of a constant side being 0, finds 12% to 55% of these."""
    assert rejected(sizes, shares)[0] <= 0.08


def test_the_page_is_as_careful() -> None:
    rng, hits = np.random.default_rng(2), 0
    for _ in range(60):
        letters = "".join(rng.choice(list("ABDE"), 105, p=[0.9, 0.06, 0.02, 0.02]))
        hits += compare_two(by_area(letters, "x" * 5 + "y" * 100), 0, 1).is_significant
    assert hits <= 6


def test_large_groups_keep_the_power_of_students_test() -> None:
    """Means 0.65 and 0.75."""
    own, students = rejected((100, 100), [0.4, 0.25, 0.1667, 0.1833], [0.5, 0.25, 0.1667, 0.0833])
    assert students > 0.3
    assert own >= students - 0.01


def test_a_small_side_that_varies_more_is_tested_by_its_own_variance() -> None:
    """Student's test finds far more than 5% here."""
    own, students = rejected((20, 300), [0.5, 0, 0, 0.5], [0, 0.4, 0.6, 0])
    assert students > 0.2 and own <= 0.08


def five_alike() -> Satisfaction:
    """The reviewer's case: 5 × A against 100 of which nearly all chose A."""
    return by_area("AAAAA" + "A" * 90 + "B" * 6 + "DDEE", "x" * 5 + "y" * 100)


def test_five_that_agree_do_not_differ_from_a_hundred_whose_index_they_cover() -> None:
    comparison = compare_two(five_alike(), 0, 1)
    difference, first = comparison.difference, five_alike().groups[0]
    assert difference is not None and not comparison.is_significant
    assert difference.p > 0.05 and difference.interval.low < 0 < difference.interval.high
    assert difference.interval.low <= difference.value - (1 - first.index_low)
    told = words.comparison_sentence(comparison, "zh")
    assert (
        "差异不显著" in told
        and "x不足 30 份" in told
        and "x组内的回答（或抽样单元）完全相同" in told
    )
    assert "x has fewer than 30" in words.comparison_sentence(comparison, "en")
    assert "x不足 30 份" in words.verdict(comparison, "zh")


def test_a_difference_that_rests_on_fewer_than_six_that_agree_is_not_called_significant() -> None:
    few = compare_two(by_area("AAAAA" + "DEEEE" * 20, "x" * 5 + "y" * 100), 0, 1)
    assert few.difference is not None and few.difference.p < 0.05 and not few.is_significant
    assert "不能据此断定" in words.comparison_sentence(few, "zh")
    assert "too few to call" in words.comparison_sentence(few, "en")
    enough = compare_two(by_area("AAAAAA" + "DEEEE" * 20, "x" * 6 + "y" * 100), 0, 1)
    assert enough.is_significant and "差异显著" in words.comparison_sentence(enough, "zh")


def wilson_low(n: float, level: float = 0.95) -> float:
    z = stats.norm.ppf((1 + level) / 2)
    return float(n / (n + z * z))


def opposite(design: Design | None = None) -> Satisfaction:
    return by_area("A" * 50 + "E" * 50, "x" * 50 + "y" * 50, design or survey_design(100))


WEIGHTS = 1.0 + np.arange(100) % 3


@pytest.mark.parametrize(
    ("design", "sizes"),
    [
        (None, (50, 50)),
        (
            survey_design(weights=WEIGHTS),
            tuple(w.sum() ** 2 / (w**2).sum() for w in (WEIGHTS[:50], WEIGHTS[50:])),
        ),
        (survey_design(clusters=np.arange(100) // 5), (10, 10)),
    ],
)
def test_two_groups_each_of_one_mind_differ_by_what_their_intervals_leave(
    design: Design | None, sizes: tuple[float, float]
) -> None:
    """Newcombe's interval from the two Wilson intervals, for index and rate alike: their values are
    the ends 1 and 0 of the scale. Its p: 1 less the level at which it ends at 0."""
    found = opposite(design)
    comparison = compare_two(found, 0, 1)
    difference, rate = comparison.difference, comparison.rate
    assert difference is not None and rate is not None and comparison.refusal is None
    low = 1 - np.hypot(*(1 - wilson_low(n) for n in sizes))
    for one in (difference, rate):
        assert (one.value, one.interval.low, one.interval.high) == pytest.approx((1, low, 1))
    assert difference.p < 1e-5 and rate.p is not None and rate.p < 1e-5
    assert (difference.t, difference.df, difference.se) == (None, None, None)
    assert comparison.is_significant and comparison.constant == ("x", "y")


def test_p_of_an_interval_is_the_level_at_which_it_ends_at_no_difference() -> None:
    """5 × A against 6 × E: with equal δ on both sides the interval of n and m ends at 0 where
    (z²/(n + z²))² + (z²/(m + z²))² = 1."""
    found = compare_two(by_area("AAAAAEEEEEE", "x" * 5 + "y" * 6), 0, 1).difference
    assert found is not None
    z2 = stats.norm.isf(found.p / 2) ** 2
    assert np.hypot(z2 / (5 + z2), z2 / (6 + z2)) == pytest.approx(1, rel=1e-6)


def test_groups_that_all_chose_the_same_do_not_differ() -> None:
    comparison = compare_two(by_area("A" * 90, "x" * 40 + "y" * 50), 0, 1)
    assert comparison.difference is not None and comparison.refusal is None
    assert (comparison.difference.value, comparison.difference.p) == (0, 1)
    ends = comparison.difference.interval
    expected = (-(1 - wilson_low(40)), 1 - wilson_low(50))
    assert (ends.low, ends.high) == pytest.approx(expected)


def test_two_projects_of_one_mind_each_are_compared() -> None:
    found = [
        satisfaction_by(answered(letter * 40), survey_design(40), plan()) for letter in ("A", "E")
    ]
    comparison = compare_projects(found[0], found[1], ("2026", "2025"))
    assert comparison.difference is not None and comparison.rate is not None
    low = 1 - np.hypot(1 - wilson_low(40), 1 - wilson_low(40))
    assert comparison.difference.interval.low == pytest.approx(low)
    assert comparison.rate.interval.low == pytest.approx(low)
    assert comparison.is_significant


def report(found: Satisfaction, chosen: Comparison) -> SatisfactionReport:
    return SatisfactionReport("题", (SatisfactionTable("q@1", found),), chosen=chosen)


@pytest.mark.parametrize("form", SATISFACTION_FORMATS)
def test_every_file_shows_a_difference_without_t(form: str) -> None:
    found = opposite()
    made = SATISFACTION_FORMATS[form].render(report(found, compare_two(found, 0, 1)), "zh")
    assert made and (form == "xlsx" or b"nan" not in made.lower())
    if form == "json":
        data = json.loads(made)["comparison"]
        assert (data["t"], data["df"], data["se"], data["significant"]) == (None, None, None, True)


def test_a_difference_that_cannot_be_tested_still_tells_that_of_the_rates() -> None:
    """Both groups are in the same two villages: no degree of freedom is left."""
    design = survey_design(clusters=np.repeat([1, 2], 10))
    comparison = compare_two(by_area("AABABEEDEA" + "ABBBADDEAE", "xxxxxyyyyy" * 2, design), 0, 1)
    assert comparison.difference is None and comparison.refusal is not None
    assert comparison.rate is not None and comparison.rate.value == pytest.approx(1 - 0.2)
    told = words.comparison_sentence(comparison, "zh")
    assert told.startswith("自由度不足") and "满意率之差（前者减后者）+80.00" in told


def test_groups_of_the_same_responses_have_no_error_of_their_difference() -> None:
    made = answered("ABDEABDEBB", ticks=["XY"] * 10)
    found = satisfaction_by(made, survey_design(10), plan(), "q2")
    comparison = compare_two(found, 0, 1)
    assert comparison.refusal is not None and comparison.refusal.code == "no_variance"
