"""Differences of the rate and of the index under a design: test and interval never disagree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_satisfaction_estimates import answered, by_area, plan

from analysis.designs import survey_design
from analysis.satisfaction_differences import compare_projects, compare_two
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by


def drawn(rng: Any, units: int, size: int, *, crossing: bool, odds: float = 1.0) -> Satisfaction:
    """Only A and E, so that index and rate are one number; areas cross the clusters or hold whole
    ones."""
    cluster = np.repeat(np.arange(units), size)
    areas = (np.arange(len(cluster)) if crossing else cluster) % 2
    effect = rng.normal(0, 1.2, units)[cluster] + odds
    letters = np.where(rng.random(len(cluster)) < 1 / (1 + np.exp(-effect)), "A", "E")
    names = "".join(np.where(areas == 0, "x", "y"))
    return by_area("".join(letters), names, survey_design(clusters=cluster))


@pytest.mark.parametrize(
    ("units", "size", "crossing"), [(6, 6, True), (12, 10, True), (8, 5, False)]
)
def test_p_is_below_5_percent_exactly_where_the_interval_leaves_out_0(
    units: int, size: int, crossing: bool
) -> None:
    rng, seen = np.random.default_rng(11), 0
    for _ in range(80):
        rate = compare_two(drawn(rng, units, size, crossing=crossing), 0, 1).rate
        if rate is None or rate.p is None:
            continue
        seen += 1
        assert (rate.interval.low > 0 or rate.interval.high < 0) == (rate.p < 0.05)
        assert -1 <= rate.interval.low <= rate.value <= rate.interval.high <= 1
    assert seen > 70


def test_an_index_that_is_the_rate_has_its_difference_and_interval() -> None:
    rng = np.random.default_rng(2)
    for crossing in (True, False):
        made = compare_two(drawn(rng, 10, 8, crossing=crossing), 0, 1)
        assert made.difference is not None and made.rate is not None
        index, rate = made.difference, made.rate
        assert (rate.value, rate.p) == pytest.approx((index.value, index.p), rel=1e-9)
        ends = (index.interval.low, index.interval.high)
        assert (rate.interval.low, rate.interval.high) == pytest.approx(ends, rel=1e-9)


def test_independent_samples_under_designs_agree_with_their_test_too() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        sides = []
        for shift in (0.0, 1.0):
            cluster = np.repeat(np.arange(8), 6)
            effect = rng.normal(0, 1, 8)[cluster] + shift
            letters = np.where(rng.random(48) < 1 / (1 + np.exp(-effect)), "A", "E")
            design = survey_design(clusters=cluster)
            sides.append(satisfaction_by(answered("".join(letters)), design, plan()))
        rate = compare_projects(sides[0], sides[1], ("2026", "2025")).rate
        assert rate is not None and rate.p is not None
        assert (rate.interval.low > 0 or rate.interval.high < 0) == (rate.p < 0.05)


def test_equal_rates_are_found_to_differ_in_few_samples() -> None:
    rng, found = np.random.default_rng(8), []
    for _ in range(200):
        rate = compare_two(drawn(rng, 16, 8, crossing=False), 0, 1).rate
        if rate is not None and rate.p is not None:
            found.append(rate.interval.low <= 0 <= rate.interval.high)
    assert np.mean(found) >= 0.92


@pytest.mark.parametrize(
    ("letters", "areas"),
    [("AAABEEED", "xxxxyyyy"), ("AAAAE" + "EEEEA", "xxxxxyyyyy"), ("AE" + "EB", "xxyy")],
)
def test_no_difference_can_be_larger_than_the_scale(letters: str, areas: str) -> None:
    """t·SE of few responses reaches past ±100 percentage points."""
    for first, second in ((0, 1), (1, 0)):
        difference = compare_two(by_area(letters, areas), first, second).difference
        assert difference is not None
        low, high = difference.interval.low, difference.interval.high
        assert -1 <= low <= difference.value <= high <= 1
        assert (low > 0 or high < 0) == (difference.p < 0.05)
    widest = compare_two(by_area("AE" + "EB", "xxyy"), 0, 1).difference
    assert widest is not None and (widest.interval.low, widest.interval.high) == (-1, 1)


def test_the_scale_is_that_of_each_sides_plan() -> None:
    """Where pᵢ are 0.2 … 0.6 the indices are at most 0.4 apart."""
    weights = {"A": "0.6", "B": "0.5", "C": "0.4", "D": "0.3", "E": "0.2"}
    sides = [
        satisfaction_by(answered(letters), survey_design(3), plan(weights=weights))
        for letters in ("AAC", "EEC")
    ]
    difference = compare_projects(sides[0], sides[1], ("2026", "2025")).difference
    assert difference is not None
    assert difference.interval.high == pytest.approx(0.4)
