"""Intervals of shares: every method is sensible at the ends, on scipy's word and by coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis import intervals
from analysis.estimate import Interval
from analysis.intervals import METHODS, share_interval
from analysis.refusals import CannotComputeError


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 29, 10_000])
def test_none_and_all_have_an_interval_of_some_length(method: str, n: int) -> None:
    none, everybody = share_interval(0, n, method), share_interval(n, n, method)
    assert none is not None
    assert everybody is not None
    assert none.low == pytest.approx(0, abs=1e-15)
    assert everybody.high == pytest.approx(1, abs=1e-15)
    assert none.high == pytest.approx(1 - everybody.low, rel=1e-9)
    assert 0 < none.high <= 1


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_symmetrical_and_holds_the_share(method: str) -> None:
    for n in (3, 10, 47):
        for x in range(n + 1):
            found, other = share_interval(x, n, method), share_interval(n - x, n, method)
            assert found is not None
            assert other is not None
            assert 0 <= found.low <= x / n <= found.high <= 1
            assert found.low == pytest.approx(1 - other.high, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_has_no_interval(method: str) -> None:
    assert share_interval(0, 0, method) is None


@pytest.mark.parametrize(
    ("name", "scipy_name"), [("wilson", "wilson"), ("clopper_pearson", "exact")]
)
def test_scipy_agrees(name: str, scipy_name: str) -> None:
    for x, n in ((1, 7), (40, 90), (199, 200)):
        wanted = stats.binomtest(x, n).proportion_ci(0.9, scipy_name)
        found = METHODS[name](x, n, 0.9)
        assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=5e-7)


def test_the_exact_interval_covers_at_least_its_level() -> None:
    n, p = 30, 0.13
    chances = stats.binom.pmf(np.arange(n + 1), n, p)
    covered = [
        intervals.clopper_pearson(x, n).low <= p <= intervals.clopper_pearson(x, n).high
        for x in range(n + 1)
    ]
    assert chances[covered].sum() >= 0.95


@pytest.mark.parametrize(
    ("x", "n", "level"), [(-1, 5, 0.95), (6, 5, 0.95), (1, 5, 0), (1, 5, 95), (math.nan, 5, 0.9)]
)
def test_impossible_counts_and_levels_are_refused(x: float, n: float, level: float) -> None:
    for method in METHODS:
        with pytest.raises(CannotComputeError):
            share_interval(x, n, method, level)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(CannotComputeError, match="possible: wilson"):
        share_interval(1, 5, "bayes")


@pytest.mark.parametrize("function", [intervals.goodman, intervals.quesenberry_hurst])
def test_simultaneous_intervals_at_the_ends(function: object) -> None:
    found = function([0, 0, 25])  # type: ignore[operator]
    assert found[:, 0].tolist()[:2] == [0, 0]
    assert found[2, 1] == 1
    assert (found[:, 1] > found[:, 0]).all()
    with pytest.raises(CannotComputeError) as caught:
        function([0, 0])  # type: ignore[operator]
    assert caught.value.code == "no_responses"


def test_differences_of_any_two_intervals_add_their_squares() -> None:
    first, second = Interval(0.4, 0.8), Interval(0.1, 0.3)
    found = intervals.square_and_add(0.6, first, 0.2, second)
    assert found.low == pytest.approx(0.4 - math.hypot(0.2, 0.1))
    assert found.high == pytest.approx(0.4 + math.hypot(0.2, 0.1))
