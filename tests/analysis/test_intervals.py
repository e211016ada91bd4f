"""Intervals of shares: every method is sensible at the ends, on scipy's word and by coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import betainc, betaincc

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


@pytest.mark.parametrize(("x", "n"), [(999, 10_089), (9090, 10_089), (999, 21_131), (1000, 10**8)])
def test_exact_ends_are_right_where_scipys_quantiles_are_not(x: int, n: int) -> None:
    """betaincinv of scipy 1.17.1 for a parameter of 1000 exactly; 0.2508 for the first high end."""
    found = intervals.clopper_pearson(x, n)
    assert stats.binom.sf(x - 1, n, found.low) == pytest.approx(0.025, rel=1e-6)
    assert stats.binom.cdf(x, n, found.high) == pytest.approx(0.025, rel=1e-6)
    assert found.high - found.low < 4.1 * math.sqrt(x / n * (1 - x / n) / n)


SIZES = (*range(9_000, 22_000, 487), 10_089, 21_131, 100_000, 10**6, 10**8, 9 * 10**8)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_ends_have_their_tails_for_every_size(level: float) -> None:
    tail = pytest.approx((1 - level) / 2, rel=1e-6)
    for n in SIZES:
        for x in (1, 998, 999, 1000, 1001, n // 3, n - 1001, n - 1000, n - 999):
            exact = intervals.clopper_pearson(x, n, level)
            assert stats.binom.sf(x - 1, n, exact.low) == tail, (x, n)
            assert stats.binom.cdf(x, n, exact.high) == tail, (x, n)
        for part in (999.5, n - 999.5, 1000, n / 2):
            low, high = (
                getattr(intervals.jeffreys(part, n, level), end) for end in ("low", "high")
            )
            assert betainc(part + 0.5, n - part + 0.5, low) == tail, (part, n)
            assert betaincc(part + 0.5, n - part + 0.5, high) == tail, (part, n)


def test_a_quantile_that_scipy_never_finds_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = intervals.clopper_pearson(30, 1000)
    monkeypatch.setattr(intervals, "betaincinv", lambda *_: math.nan)
    found = intervals.clopper_pearson(30, 1000)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=1e-9)
