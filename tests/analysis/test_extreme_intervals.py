"""Intervals of designs with enormous effective sizes: ordered, around the share, of the length that
the normal and the Poisson distribution give."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.design_estimates import shares
from analysis.design_intervals import METHODS, DesignShare, share_interval, share_intervals
from analysis.designs import survey_design
from analysis.intervals import clopper_pearson

NEARLY_KNOWN = DesignShare(p=0.907, variance=9.8e-20, n=8, df=25)
LARGE = 4e9


@given(
    p=st.one_of(st.floats(1e-300, 1, exclude_max=True), st.floats(1e-12, 1 - 1e-12)),
    part=st.floats(-330, 0.3),
    n=st.integers(1, 10**6),
    df=st.integers(1, 10**6),
    level=st.floats(0.5, 0.999),
)
@pytest.mark.parametrize("method", METHODS)
def test_every_interval_is_ordered_and_holds_its_share(
    method: str, p: float, part: float, n: int, df: int, level: float
) -> None:
    share = DesignShare(p, p * (1 - p) * 10**part, n, df)
    found = share_interval(share, method, level)
    assert 0 <= found.low <= p <= found.high <= 1


@pytest.mark.parametrize("method", METHODS)
def test_with_an_enormous_effective_size_every_method_is_the_normal_distribution(
    method: str,
) -> None:
    p, variance, n, df = NEARLY_KNOWN.p, NEARLY_KNOWN.variance, NEARLY_KNOWN.n, NEARLY_KNOWN.df
    half = stats.t.ppf(0.975, df) * math.sqrt(variance)
    if method == "wilson_normal":
        half = stats.norm.ppf(0.975) * math.sqrt(variance)
    if method == "likelihood":
        half *= math.sqrt(n / (n - 1))
    if method.startswith("beta"):
        size = p * (1 - p) / variance * (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
        half = stats.norm.ppf(0.975) * math.sqrt(p * (1 - p) / size)
    found = share_interval(NEARLY_KNOWN, method)
    if method == "beta_truncated":
        wanted = stats.beta.ppf(0.025, 8 * p, 8 * (1 - p) + 1)
        assert found.low == pytest.approx(wanted, rel=1e-9)
    else:
        assert p - found.low == pytest.approx(half, rel=1e-5)
        assert found.high - p == pytest.approx(half, rel=1e-5)


def test_strata_of_weights_a_hundred_billion_apart_have_an_interval() -> None:
    answers = [0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0]
    strata = [1] * 6 + [2] * 4 + [3] * 4
    design = survey_design(weights=[1.0] * 6 + [6.5e11] * 8, strata=strata)
    found = shares(design, answers, 2)
    assert 0 < found.variances[0] < 1e-20
    for method in METHODS:
        for end, share in zip(share_intervals(found, method), found.values, strict=True):
            assert end.low <= share <= end.high


@pytest.mark.parametrize("x", [1, 10, 1000, 30_000])
def test_a_rare_answer_in_an_enormous_sample_has_the_interval_of_poisson(x: int) -> None:
    """Garwood 1936; scipy's beta quantiles miss the low end for 1000 of 10¹⁰ by half."""
    found = clopper_pearson(x, 1e15)
    low, high = stats.chi2.ppf(0.025, 2 * x) / 2, stats.chi2.ppf(0.975, 2 * x + 2) / 2
    assert [found.low * 1e15, found.high * 1e15] == pytest.approx([low, high], rel=1e-9)
    rest = clopper_pearson(1e10 - x, 1e10)
    ends = [(1 - rest.high) * 1e10, (1 - rest.low) * 1e10]
    assert ends == pytest.approx([low, high], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("p", [1e-4, 0.02, 0.4, 0.7, 0.99])
def test_in_a_large_sample_the_exact_ends_have_the_tails_of_the_binomial(p: float) -> None:
    x = round(p * LARGE)
    found = clopper_pearson(x, LARGE)
    assert stats.binom.sf(x - 1, LARGE, found.low) == pytest.approx(0.025, rel=1e-5)
    assert stats.binom.cdf(x, LARGE, found.high) == pytest.approx(0.025, rel=1e-5)
