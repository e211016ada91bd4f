"""Groups in which nothing varies: as many observations as are independent, and no false order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from test_satisfaction_estimates import by_area

from analysis.design_estimates import Estimates, means, score_means, shares
from analysis.design_intervals import mean_intervals, share_intervals
from analysis.designs import Design, survey_design
from analysis.reports.satisfaction_words import note_texts


def wilson_low(n: float, level: float = 0.95) -> float:
    """Of n of n: n/(n + z²) (Wilson 1927)."""
    z = stats.norm.ppf((1 + level) / 2)
    return float(n / (n + z * z))


def all_yes(design: Design) -> Estimates:
    return shares(design, np.ones(design.n, dtype=int), 2)


@pytest.mark.parametrize(
    ("design", "independent"),
    [
        (survey_design(40), 40),
        (survey_design(clusters=np.repeat([0, 1], 20)), 2),
        (survey_design(clusters=np.repeat([0, 1, 2], [20, 10, 10]), weights=[2.0] * 40), 3),
        (survey_design(weights=np.r_[1e4, np.ones(99)]), (1e4 + 99) ** 2 / (1e8 + 99)),
        (survey_design(clusters=np.arange(40), weights=[1.0, 3.0] * 20), 80**2 / 200),
    ],
)
def test_answers_all_alike_count_as_often_as_they_are_independent(
    design: Design, independent: float
) -> None:
    found = all_yes(design)
    nobody, everybody = share_intervals(found)
    assert (everybody.low, everybody.high) == pytest.approx((wilson_low(independent), 1))
    assert (nobody.low, nobody.high) == pytest.approx((0, 1 - wilson_low(independent)))
    exact = share_intervals(found, "beta")[1].low
    assert exact == pytest.approx(stats.beta.ppf(0.025, independent, 1))
    (index,) = mean_intervals(score_means(design, np.zeros(design.n, dtype=int), [0.8, 0]), 0, 1)
    assert index.low == pytest.approx(0.8 * wilson_low(independent))
    assert means(design, np.ones(design.n)).independent[0] == pytest.approx(independent)


def test_only_units_and_weights_of_the_domain_count() -> None:
    """Of three villages one is outside, one has weight 0 only."""
    villages = np.repeat([0, 1, 2, 3], 10)
    weights = np.where(villages == 1, 0.0, 1.0)
    codes = np.where(villages == 0, -1, 1)
    found = shares(survey_design(clusters=villages, weights=weights), codes, 2)
    assert found.independent.tolist() == [2, 2]


def covered(clusters: int, size: int, share: float, runs: int = 400) -> float:
    """How often the interval has the share, villages being all of one mind."""
    rng = np.random.default_rng(11)
    units, hits = np.repeat(np.arange(clusters), size), 0
    for _ in range(runs):
        codes = (rng.random(clusters) < share).astype(int)[units]
        ends = share_intervals(shares(survey_design(clusters=units), codes, 2))[1]
        hits += ends.low <= share <= ends.high
    return hits / runs


@pytest.mark.parametrize(("clusters", "share"), [(5, 0.8), (4, 0.9), (8, 0.95), (12, 0.5)])
def test_villages_of_one_mind_are_covered_as_the_level_says(clusters: int, share: float) -> None:
    assert covered(clusters, 25, share) > 0.92


LETTERS = "A" * 100 + "BBCD" * 25
AREAS = "x" * 100 + "y" * 100


def test_two_villages_that_agree_are_not_surely_first() -> None:
    found = by_area(LETTERS, AREAS, survey_design(clusters=np.arange(200) // 50))
    first = found.groups[0]
    assert first.index_low == pytest.approx(wilson_low(2))
    assert first.rate_low == pytest.approx(wilson_low(2))
    assert first.ranks == (1, 2) and found.ranked == "none"


@pytest.mark.parametrize(("units", "order"), [(5, "none"), (6, "fully")])
def test_an_order_asks_for_six_units_that_agree(units: int, order: str) -> None:
    """The others are surely lower: all at the other end, in 50 units."""
    n = 10 * units
    clusters = np.r_[np.arange(n) // 10, 100 + np.arange(500) // 10]
    design = survey_design(clusters=clusters)
    found = by_area("A" * n + "E" * 499 + "D", "x" * n + "y" * 500, design)
    assert found.ranked == order


def test_a_few_that_agree_make_no_order_in_a_plain_sample_either() -> None:
    assert by_area("AAAAA" + "E" * 99 + "D", "x" * 5 + "y" * 100).ranked == "none"
    assert by_area("AAAAAA" + "E" * 99 + "D", "x" * 6 + "y" * 100).ranked == "fully"


def test_what_the_interval_rests_on_is_said() -> None:
    found = by_area(LETTERS, AREAS, survey_design(clusters=np.arange(200) // 50))
    first, second = found.groups
    assert first.notes == ("same_answers", "dependent", "thin") and second.notes == ()
    told = " ".join(note_texts(first, "zh"))
    assert "抽样单元" in told and "不足 6 个" in told
    assert "Fewer than 6" in " ".join(note_texts(first, "en"))
    assert by_area(LETTERS, AREAS).groups[0].notes == ("same_answers",)
