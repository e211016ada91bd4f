"""Sample sizes: the plan and its inverse agree, and figures out of range are refused."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analysis import sampling
from analysis.refusals import CannotComputeError


def test_the_margin_of_the_planned_size_is_the_margin_wanted() -> None:
    for population in (None, 500, 20_000):
        size = sampling.cochran(0.04, 0.3, 0.9, population=population, design_effect=1.5)
        plain = size.needed / 1.5
        found = sampling.margin_of_error(plain, 0.3, 0.9, population=population)
        assert found == pytest.approx(0.04, rel=1e-9)


def test_design_effect_and_response_rate_enlarge_the_sample() -> None:
    found = sampling.cochran(0.05, design_effect=2, response_rate=0.8)
    assert found.responses == 769
    assert found.invitations == 961


def test_nobody_is_invited_twice() -> None:
    found = sampling.cochran(0.01, population=100, design_effect=3, response_rate=0.5)
    assert found.responses == found.invitations == 100


def test_a_census_has_no_margin_of_error() -> None:
    assert sampling.margin_of_error(40, population=40) == 0
    assert sampling.margin_of_error(1, population=1) == 0
    assert sampling.margin_of_error(40, share=0) == 0


def test_rounding_up_ignores_noise() -> None:
    assert sampling.whole(385.0000000001) == 385
    assert sampling.whole(385.01) == 386


def test_small_groups_get_a_warning() -> None:
    assert sampling.is_small(29)
    assert not sampling.is_small(30)


def test_clusters_of_one_have_no_design_effect() -> None:
    assert sampling.cluster_design_effect(1, 0.2) == 1
    assert sampling.cluster_design_effect(21, 0.05) == pytest.approx(2)


def test_power_grows_with_size_and_difference() -> None:
    assert sampling.power_two_shares(100, 0.5, 0.7) > sampling.power_two_shares(100, 0.5, 0.6)
    assert sampling.power_two_shares(200, 0.5, 0.6) > sampling.power_two_shares(100, 0.5, 0.6)
    assert sampling.power_two_shares(10, 0, 1) == 1
    assert sampling.power_two_shares(10, 1, 1) == 0


def test_the_size_for_two_means_reaches_its_power() -> None:
    size = sampling.size_two_means(0.5, 1.2, 0.9, 0.01)
    assert sampling.power_two_means(size, 0.5, 1.2, 0.01) == pytest.approx(0.9, rel=1e-9)
    assert sampling.size_two_means(1000, 1) < 2


@pytest.mark.parametrize("difference", [1e6, 1e9])
def test_a_difference_of_a_million_sd_needs_two_responses_and_no_error(difference: float) -> None:
    """So far off T is δ/√(χ²/df), whose tail scipy's χ² distribution has."""
    size = sampling.size_two_means(difference, 1.0)
    df, shift = 2 * size - 2, difference * math.sqrt(size / 2)
    limit = stats.t.ppf(0.975, df)
    assert stats.chi2.cdf(df * (shift / limit) ** 2, df) == pytest.approx(0.8, rel=1e-6)
    assert sampling.whole(size) == 2
    assert sampling.power_two_means(2, difference, 1.0) == pytest.approx(1)
    assert sampling.whole(sampling.size_two_means(1e300, 1e-300)) == 2


def test_power_of_two_means_has_no_gap_where_scipy_has_no_number() -> None:
    """Simulated: Z + δ over √(χ²/df), 2n - 2 = 0.1 and 0.2 degrees of freedom."""
    draw = np.random.default_rng(1)
    for n, difference in ((1.05, 1e12), (1.1, 1e6)):
        df = 2 * n - 2
        t = draw.normal(difference * math.sqrt(n / 2), 1, 200_000)
        chance = np.mean(t > stats.t.ppf(0.975, df) * np.sqrt(draw.chisquare(df, 200_000) / df))
        assert sampling.power_two_means(n, difference, 1) == pytest.approx(chance, abs=0.005)


WRONG: list[Callable[[], object]] = [
    lambda: sampling.cochran(0),
    lambda: sampling.cochran(5),
    lambda: sampling.cochran(0.05, 0),
    lambda: sampling.cochran(0.05, level=95),
    lambda: sampling.cochran(0.05, population=0),
    lambda: sampling.cochran(0.05, design_effect=0),
    lambda: sampling.cochran(0.05, response_rate=0),
    lambda: sampling.cochran(0.05, response_rate=1.1),
    lambda: sampling.krejcie_morgan(-5),
    lambda: sampling.margin_of_error(0),
    lambda: sampling.margin_of_error(50, population=40),
    lambda: sampling.margin_of_error(50, share=2),
    lambda: sampling.size_two_shares(0.5, 0.5),
    lambda: sampling.size_two_shares(0.5, 1.2),
    lambda: sampling.size_two_shares(0.5, 0.6, power=1),
    lambda: sampling.power_two_shares(0, 0.5, 0.6),
    lambda: sampling.power_two_shares(10, 0.5, 0.6, 1),
    lambda: sampling.size_two_means(0, 1),
    lambda: sampling.size_two_means(1, 0),
]


@pytest.mark.parametrize("call", WRONG, ids=range(len(WRONG)))
def test_figures_out_of_range_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(CannotComputeError):
        call()
