"""Intervals against R (tests/golden) and scipy."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from analysis.estimate import Interval, mean_interval, wilson

GOLDEN = Path(__file__).parents[1] / "golden" / "proportions.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))["single"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['x']}of{c['n']}at{c['level']}")
def test_wilson_equals_r(case: dict) -> None:
    found = wilson(case["x"], case["n"], case["level"])
    assert [found.low, found.high] == pytest.approx(case["wilson"], rel=1e-9, abs=1e-15)


def test_wilson_of_nobody_is_none() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("count", "n"), [(-1, 5), (6, 5)])
def test_wilson_refuses_counts_outside_the_base(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="not within"):
        wilson(count, n)


def test_wilson_of_none_and_of_all_has_length() -> None:
    none, everybody = wilson(0, 20), wilson(20, 20)
    assert none.low == 0 < none.high < 1
    assert everybody.high == 1 > everybody.low > 0


def test_wilson_keeps_its_digits_for_one_in_a_million() -> None:
    low = wilson(1, 1_000_000).low
    assert low == pytest.approx(
        stats.binomtest(1, 1_000_000).proportion_ci(method="wilson").low, rel=1e-6
    )


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([1, 0.8, 0.3, 0], [87, 10, 3, 0]),
        ([1, 0.8, 0.3, 0], [5, 15, 0, 0]),
        ([1, 0.8, 0.6, 0.4, 0.2], [10, 20, 30, 20, 10]),
    ],
)
def test_mean_interval_equals_scipy_t(values: list[float], counts: list[int]) -> None:
    everybody = np.repeat(values, counts)
    expected = stats.t.interval(
        0.95, len(everybody) - 1, loc=everybody.mean(), scale=stats.sem(everybody)
    )
    found = mean_interval(values, counts)
    assert (found.low, found.high) == pytest.approx(expected, rel=1e-12)


def test_mean_interval_is_clipped_to_the_possible_values() -> None:
    assert mean_interval([1, 0], [1, 1]) == Interval(0, 1)


def test_mean_interval_without_variance_uses_wilson_and_the_opposite_extreme() -> None:
    share = stats.binomtest(20, 20).proportion_ci(method="wilson").low
    found = mean_interval([1, 0.8, 0.3, 0], [0, 20, 0, 0])
    assert found.low == pytest.approx(share * 0.8)
    assert found.high == pytest.approx(share * 0.8 + (1 - share) * 1)


def test_mean_interval_of_one_response_is_finite_and_wide() -> None:
    found = mean_interval([1, 0.8, 0.3, 0], [1, 0, 0, 0])
    assert found.high == 1
    assert 0 < found.low < 0.5


def test_mean_interval_of_nobody_is_none() -> None:
    assert mean_interval([1, 0], [0, 0]) is None


def test_mean_interval_is_never_nan() -> None:
    for first in range(4):
        for second in range(4):
            found = mean_interval([1, 0.5], [first, second])
            assert found is None or math.isfinite(found.low + found.high)
