"""Weights: margins are met, bounds hold, and what cannot be met is refused with its reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.design_estimates import means, shares
from analysis.designs import Design, survey_design
from analysis.refusals import DesignError, WeightingError
from analysis.trimming import trim
from analysis.weighting import (
    Margin,
    margins_met,
    post_stratify,
    rake,
    summarise_weights,
)

RNG = np.random.default_rng(2018)
N = 400
GROUP = RNG.integers(0, 2, N)
COUNTY = RNG.integers(0, 7, N)
TOWN = (RNG.random(N) < 0.3 + 0.4 * GROUP).astype(int)
MARGINS = [
    Margin("对象", GROUP, [700, 300]),
    Margin("区县", COUNTY, [100, 200, 150, 150, 100, 200, 100]),
    Margin("城乡", TOWN, [450, 550]),
]


def pandas_raking(base: np.ndarray, rounds: int = 500) -> np.ndarray:
    """Row by row, as anybody would write it."""
    weights = base.astype(float).copy()
    for _ in range(rounds):
        for margin in MARGINS:
            for category, target in enumerate(margin.targets):
                inside = margin.codes == category
                weights[inside] *= target / weights[inside].sum()
    return weights


@pytest.mark.parametrize("base", [np.ones(N), RNG.uniform(0.5, 2, N)], ids=["equal", "unequal"])
def test_raking_on_cells_equals_raking_row_by_row(base: np.ndarray) -> None:
    found = rake(survey_design(weights=base), MARGINS)
    np.testing.assert_allclose(found.weights, pandas_raking(base), rtol=1e-9)
    for margin in MARGINS:
        sums = margins_met(found, MARGINS)[margin.name]
        np.testing.assert_allclose(sums, margin.targets, rtol=1e-10)


def test_raking_to_one_margin_is_post_stratification() -> None:
    design = survey_design(weights=RNG.uniform(1, 2, N))
    raked, cut = rake(design, MARGINS[:1]), post_stratify(design, MARGINS[0])
    np.testing.assert_allclose(raked.weights, cut.weights, rtol=1e-12)


def test_a_raked_margin_is_known() -> None:
    found = shares(rake(survey_design(N), MARGINS), GROUP, 2)
    assert found.values == pytest.approx([0.7, 0.3])
    assert found.se.tolist() == [0, 0]


def test_standard_errors_profit_from_a_margin_that_explains_the_answer() -> None:
    answers = np.where(RNG.random(N) < 0.9, GROUP, 1 - GROUP).astype(float)
    plain = survey_design(N)
    raked = rake(plain, MARGINS)
    forgetful = Design(raked.weights, raked.stages, equal_weights=False)
    assert means(raked, answers).se[0] < 0.8 * means(forgetful, answers).se[0]


def test_post_stratified_variance_equals_the_formula_of_holt_and_smith() -> None:
    """Σ W²_h s²_h/n_h with s²_h about the class mean, times n/(n - 1) of a draw of n."""
    y = RNG.normal(GROUP, 1)
    found = means(post_stratify(survey_design(N), MARGINS[0]), y)
    sizes = np.bincount(GROUP)
    inside = [y[g == GROUP] for g in (0, 1)]
    wanted = sum(
        share**2 * part.var() / size
        for share, part, size in zip((0.7, 0.3), inside, sizes, strict=True)
    )
    assert found.values[0] == pytest.approx(0.7 * inside[0].mean() + 0.3 * inside[1].mean())
    assert found.variances[0] == pytest.approx(wanted * N / (N - 1), rel=1e-12)


@pytest.mark.parametrize("bounds", [(0.2, 2.8), (0.1, 2.5)])
def test_bounded_raking_meets_margins_and_bounds(bounds: tuple[float, float]) -> None:
    margins = [*MARGINS[:2], Margin("城乡", TOWN, [800, 200])]
    free = rake(survey_design(N), margins).weights
    mean = free.mean()
    assert free.max() > bounds[1] * mean
    found = rake(survey_design(N), margins, bounds=bounds)
    assert found.weights.max() <= bounds[1] * mean * (1 + 1e-12)
    assert found.weights.min() >= bounds[0] * mean * (1 - 1e-12)
    for margin in margins:
        sums = margins_met(found, margins)[margin.name]
        np.testing.assert_allclose(sums, margin.targets, rtol=1e-9)


def test_bounds_that_no_weights_can_meet_are_refused() -> None:
    margins = [Margin("对象", GROUP, [999, 1])]
    with pytest.raises(WeightingError, match="cannot be met"):
        rake(survey_design(N), margins, bounds=(0.5, 1.2), max_rounds=50)
    with pytest.raises(WeightingError, match="cannot be met"):
        rake(survey_design(N), MARGINS, bounds=(1.5, 2))


def test_bounded_raking_gives_no_weight_to_a_weight_of_zero() -> None:
    """Ten responses count, five per class, and two do not: 60/5 and 40/5 as without bounds."""
    group = [0] * 5 + [1] * 5 + [0, 1]
    design = survey_design(weights=[1] * 10 + [0, 0])
    found = rake(design, [Margin("a", np.array(group), [60, 40])], bounds=(0.3, 3))
    assert found.weights.tolist() == pytest.approx([12] * 5 + [8] * 5 + [0, 0])


def test_bounds_are_multiples_of_the_mean_of_the_weights_above_zero() -> None:
    """Mean 100/4 = 25: with the six zeros counted in, the upper bound would be below it."""
    design = survey_design(weights=[1, 1, 1, 1] + [0] * 6)
    margins = [Margin("a", np.array([0, 0, 1, 1] + [0] * 6), [60, 40])]
    found = rake(design, margins, bounds=(0.8, 1.2)).weights
    assert found[:4].tolist() == pytest.approx([30, 30, 20, 20])
    with pytest.raises(WeightingError, match="cannot be met"):
        rake(design, margins, bounds=(0.8, 1.19), max_rounds=50)


def faulty(name: str) -> list[Margin]:
    first, second = MARGINS[0], MARGINS[1]
    return {
        "no margins": [],
        "unknown category": [Margin("对象", np.where(GROUP, -1, 0), [1, 1])],
        "category beyond the targets": [Margin("区县", COUNTY, [1, 1])],
        "empty category": [Margin("对象", GROUP, [1, 1, 1])],
        "category without population": [Margin("对象", GROUP, [1000, 0])],
        "negative population": [Margin("对象", GROUP, [1000, -1])],
        "missing population": [Margin("对象", GROUP, [1000, np.nan])],
        "no population at all": [Margin("对象", GROUP, [0, 0])],
        "no population in two margins": [Margin(m.name, m.codes, [0] * 7) for m in (first, second)],
        "totals differ": [first, Margin("区县", COUNTY, [1] * 7)],
        "another length": [first, Margin("区县", COUNTY[:-1], second.targets)],
        "contradiction": [first, Margin("同一", GROUP, [300, 700])],
    }[name]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no margins", "no_margins"),
        ("unknown category", "margin_unknown"),
        ("category beyond the targets", "margin_unknown"),
        ("empty category", "margin_empty"),
        ("category without population", "margin_target_missing"),
        ("negative population", "margin_target_missing"),
        ("missing population", "margin_target_missing"),
        ("no population at all", "margin_target_missing"),
        ("no population in two margins", "margin_target_missing"),
        ("totals differ", "margins_disagree"),
        ("another length", "lengths_differ"),
        ("contradiction", "raking_diverges"),
    ],
)
def test_margins_that_cannot_be_met_are_refused(name: str, code: str) -> None:
    with pytest.raises(WeightingError) as caught:
        rake(survey_design(N), faulty(name), max_rounds=200)
    assert caught.value.code == code


def test_published_margins_may_differ_by_rounding() -> None:
    found = rake(survey_design(N), [MARGINS[0], Margin("城乡", TOWN, [450.0001, 550.0002])])
    assert found.weights.sum() == pytest.approx(1000)


def test_weights_are_calibrated_once_only() -> None:
    once = rake(survey_design(N), MARGINS)
    for again in (lambda: rake(once, MARGINS), lambda: post_stratify(once, MARGINS[0])):
        with pytest.raises(WeightingError) as caught:
            again()
        assert caught.value.code == "already_calibrated"


@pytest.mark.parametrize("spread", ["equal", "proportional"])
def test_trimming_keeps_the_sum_and_the_bounds(spread: Any) -> None:
    design = survey_design(weights=[1, 1, 2, 3, 9])
    found = trim(design, 1, 5, spread=spread)
    assert found.weights.sum() == pytest.approx(16)
    assert found.weights.max() <= 5
    assert found.weights.min() >= 1


def test_trimming_once_spreads_what_was_cut_off_equally() -> None:
    """8 - 5 = 3 above, spread over the three others."""
    found = trim(survey_design(weights=[1, 2, 3, 8]), high=5, strict=False)
    assert found.weights.tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize("spread", ["equal", "proportional"])
def test_trimming_gives_nothing_to_a_weight_of_zero(spread: Any) -> None:
    """1 of 6 - 5 is left for the four that count: 0.25 more each, in either way."""
    found = trim(survey_design(weights=[1, 1, 1, 1, 6, 0, 0]), 0.5, 5, spread=spread)
    assert found.weights.tolist() == pytest.approx([1.25] * 4 + [5, 0, 0])
    assert not found.equal_weights


def test_only_the_weights_above_zero_must_fit_between_the_bounds() -> None:
    with pytest.raises(WeightingError, match="cannot be met"):
        trim(survey_design(weights=[1, 1, 4, 0, 0]), high=1.5)


def test_trimmed_weights_forget_their_margins() -> None:
    raked = rake(survey_design(N), MARGINS)
    assert trim(raked, high=float(raked.weights.max()) * 0.9).calibration is None


def test_weights_cut_on_both_sides_are_raised_again_where_a_bound_has_room() -> None:
    """1, 1, 1 become 1.5 and all others 6 in turn; the 2.5 of 37 that are left go to the first."""
    design = survey_design(weights=[1, 1, 1, 2, 3, 4, 5, 20.0])
    assert trim(design, 1.5, 6).weights == pytest.approx([7 / 3] * 3 + [6] * 5)
    other = survey_design(weights=[10, 10, 10, 9, 8, 0.1])
    assert trim(other, 7.5, 9.5).weights.sum() == pytest.approx(47.1)


@pytest.mark.parametrize("spread", ["equal", "proportional"])
def test_whatever_the_bounds_allow_can_be_trimmed(spread: Any) -> None:
    draw = np.random.default_rng(7)
    for _ in range(300):
        weights = draw.lognormal(0, 2, int(draw.integers(2, 12)))
        mean = float(weights.mean())
        low, high = mean * draw.uniform(0, 1), mean * draw.uniform(1, 2)
        found = trim(survey_design(weights=weights), low, high, spread=spread).weights
        assert found.sum() == pytest.approx(weights.sum(), rel=1e-9)
        assert found.min() >= low * (1 - 1e-12) and found.max() <= high * (1 + 1e-12)


@pytest.mark.parametrize(("low", "high"), [(3, 2), (-1, 2), (0, 0.5), (2, 9)])
def test_impossible_trimming_is_refused(low: float, high: float) -> None:
    with pytest.raises(WeightingError, match="cannot be met"):
        trim(survey_design(weights=[1, 1, 2]), low, high)


def test_equal_weights_have_no_design_effect() -> None:
    found = summarise_weights([2, 2, 2, 0])
    assert (found.n, found.kish_effect, found.effective_n, found.cv) == (3, 1, 3, 0)


def test_weights_that_are_no_numbers_are_refused_in_a_summary() -> None:
    with pytest.raises(DesignError) as refused:
        summarise_weights(["1", "x"])
    assert (refused.value.code, refused.value.details) == ("weight_missing", {"count": 1})


def test_a_million_responses_are_raked_in_a_fraction_of_a_second(benchmark_rows: int) -> None:
    rng = np.random.default_rng(3)
    margins = [
        Margin(str(k), rng.integers(0, k, benchmark_rows, dtype=np.int16), [1 / k] * k)
        for k in (2, 30, 200)
    ]
    found = rake(survey_design(benchmark_rows), margins)
    assert found.calibration is not None
    assert found.calibration.size == 2 * 30 * 200
    assert found.weights.sum() == pytest.approx(1)


@pytest.fixture
def benchmark_rows() -> int:
    return 1_000_000


def trimmed_as_r_survey_does(given: Any, low: float, high: float) -> tuple[np.ndarray, bool]:
    """trimWeights(strict=TRUE) of R survey 4.5 round by round: what lies outside is cut, the excess
    goes in equal parts to those that no round has cut; whether there always was one."""
    weights, untouched, shared = list(map(float, given)), set(range(len(given))), True
    while any(w < low or w > high for w in weights):
        excess = 0.0
        for place, w in enumerate(weights):
            cut = min(max(w, low), high)
            if cut != w:
                untouched.discard(place)
                excess, weights[place] = excess + w - cut, cut
        shared = shared and bool(untouched)
        for place in untouched:
            weights[place] += excess / len(untouched)
    return np.array(weights), shared


def test_strict_trimming_is_that_of_r_as_long_as_a_weight_is_left_uncut() -> None:
    draw, compared = np.random.default_rng(11), 0
    for _ in range(200):
        weights = draw.lognormal(0, 1, 30)
        wanted, shared = trimmed_as_r_survey_does(weights, 0.4, 3.5)
        if shared:
            compared += 1
            found = trim(survey_design(weights=weights), 0.4, 3.5).weights
            np.testing.assert_allclose(found, wanted, rtol=1e-9)
    assert compared > 100


def test_what_r_would_lose_goes_to_the_weights_at_the_other_bound() -> None:
    """.3, 1, 1.75, 3 within .5–1.8: all are cut in turn, .15 of 6.05 is left for the first."""
    wanted, shared = trimmed_as_r_survey_does([0.3, 1, 1.75, 3], 0.5, 1.8)
    assert not shared and wanted == pytest.approx([0.5, 1.8, 1.8, 1.8])
    found = trim(survey_design(weights=[0.3, 1, 1.75, 3]), 0.5, 1.8)
    assert found.weights == pytest.approx([0.65, 1.8, 1.8, 1.8])


@pytest.mark.parametrize("base", [np.ones(N), RNG.uniform(0.5, 2, N)], ids=["equal", "unequal"])
@pytest.mark.parametrize("bounds", [None, (0.2, 4.0)])
def test_rows_of_no_weight_leave_the_standard_error_after_raking_as_it_is(
    base: np.ndarray, bounds: tuple[float, float] | None
) -> None:
    """They are a stratum of their own here, which adds nothing."""
    answers = (np.arange(N) % 3 == 0).astype(float)
    alone = means(rake(survey_design(weights=base), MARGINS, bounds=bounds), answers)
    longer = [Margin(m.name, np.r_[m.codes, np.zeros(N, dtype=int)], m.targets) for m in MARGINS]
    design = survey_design(weights=np.r_[base, np.zeros(N)], strata=np.arange(2 * N) // N)
    both, more = rake(design, longer, bounds=bounds), np.r_[answers, np.ones(N)]
    for found in (means(both, more), shares(both, more.astype(int), 2)):
        assert found.values[-1] == pytest.approx(alone.values[0], rel=1e-9)
        assert found.variances[-1] == pytest.approx(alone.variances[0], rel=1e-9)


def test_rows_of_no_weight_in_the_same_stratum_do_not_raise_it_either() -> None:
    """The factor n/(n - 1) of the draw becomes smaller, for all rows count in it."""
    answers = (np.arange(N) % 3 == 0).astype(float)
    alone = means(rake(survey_design(N), MARGINS), answers).se[0]
    longer = [Margin(m.name, np.r_[m.codes, np.zeros(N, dtype=int)], m.targets) for m in MARGINS]
    design = survey_design(weights=np.r_[np.ones(N), np.zeros(N)])
    found = means(rake(design, longer), np.r_[answers, np.ones(N)]).se[0]
    assert found == pytest.approx(alone, rel=2e-3)
