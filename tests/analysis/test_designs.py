"""Designs: what is understood, what is refused, and variances against textbook loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import ratio_scores, total_variance
from scipy import stats

from analysis.design_estimates import (
    Estimates,
    category_totals,
    means,
    ratio,
    score_means,
    shares,
    totals,
)
from analysis.design_intervals import (
    EXACT,
    METHODS,
    DesignShare,
    mean_intervals,
    share_interval,
    share_intervals,
)
from analysis.designs import LARGEST_WEIGHT, Design, survey_design
from analysis.group_estimates import (
    means_by_group,
    score_means_by_group,
)
from analysis.refusals import CannotComputeError, DesignError, LonelyClusterError
from analysis.sampling_units import sampling_units_by_group
from analysis.weighting import Margin, rake

N = 240
RNG = np.random.default_rng(20181228)
AREA = np.repeat(np.arange(4), N // 4)
VILLAGE = RNG.integers(0, 6, N)
HOUSE = RNG.integers(0, 5, N)
WEIGHT = RNG.uniform(0.5, 3, N)
CODES = RNG.integers(-1, 4, N)
GROUP = RNG.integers(-1, 3, N)
Y = np.where(CODES < 0, 0.0, np.array([1, 0.8, 0.3, 0, 0])[CODES])
X = np.where(CODES < 0, 0.0, 1.0)
ONE = np.zeros(N, dtype=int)
INFINITE = np.full(N, np.inf)

DESIGNS: dict[str, tuple[Design, list[Any], list[Any], list[Any]]] = {
    "simple": (survey_design(N), [ONE], [range(N)], [INFINITE]),
    "weighted": (survey_design(weights=WEIGHT), [ONE], [range(N)], [INFINITE]),
    "strata": (
        survey_design(weights=WEIGHT, strata=AREA, population=100),
        [AREA],
        [range(N)],
        [np.full(N, 100.0)],
    ),
    "clusters": (
        survey_design(weights=WEIGHT, clusters=VILLAGE, population=9),
        [ONE],
        [VILLAGE],
        [np.full(N, 9.0)],
    ),
    "strata and clusters": (
        survey_design(weights=WEIGHT, strata=AREA, clusters=VILLAGE),
        [AREA],
        [VILLAGE],
        [INFINITE],
    ),
    "two stages": (
        survey_design(weights=WEIGHT, strata=AREA, clusters=(VILLAGE, HOUSE), population=(9, 7)),
        [AREA, ONE],
        [VILLAGE, HOUSE],
        [np.full(N, 9.0), np.full(N, 7.0)],
    ),
    "two stages down to responses": (
        survey_design(weights=WEIGHT, clusters=(VILLAGE, np.arange(N)), population=(9, 500)),
        [ONE, ONE],
        [VILLAGE, range(N)],
        [np.full(N, 9.0), np.full(N, 500.0)],
    ),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_variance_of_a_total_equals_the_textbook_loops(name: str) -> None:
    design, *described = DESIGNS[name]
    wanted = total_variance(design.weights * Y, *described)
    assert totals(design, Y).variances[0] == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize("name", DESIGNS)
def test_variance_of_a_domain_mean_equals_the_textbook_loops(name: str) -> None:
    design, *described = DESIGNS[name]
    wanted = total_variance(ratio_scores(design.weights, Y, X), *described)
    from_codes = score_means(design, CODES, [1, 0.8, 0.3, 0])
    for found in (from_codes, means(design, Y, CODES >= 0), ratio(design, Y, X)):
        assert found.variances[0] == pytest.approx(wanted, rel=1e-10)
        assert found.values[0] == pytest.approx(
            np.average(Y[CODES >= 0], weights=design.weights[CODES >= 0])
        )


@pytest.mark.parametrize("raked", [False, True], ids=["as drawn", "raked"])
@pytest.mark.parametrize("name", DESIGNS)
def test_codes_and_numbers_agree_in_every_design(name: str, raked: bool) -> None:
    design = DESIGNS[name][0]
    if raked:
        margins = [Margin("区县", AREA, [30, 20, 25, 25]), Margin("户", HOUSE, [20] * 5)]
        design = rake(design, margins)
    ticked = (CODES[:, None] == np.arange(4)).astype(float)
    inside = CODES >= 0
    same = {"rtol": 1e-8, "atol": 1e-15}
    by_code, by_number = shares(design, CODES, 4), means(design, ticked, inside)
    np.testing.assert_allclose(by_code.covariance, by_number.covariance, **same)
    effects = by_number.design_effects(replacement=True)
    assert by_code.design_effects(replacement=True) == pytest.approx(effects, rel=1e-8)
    np.testing.assert_allclose(
        score_means_by_group(design, CODES, [1, 0.8, 0.3, 0], GROUP, 3).covariance,
        means_by_group(design, Y, GROUP, 3, inside).covariance,
        **same,
    )
    by_code, by_number = category_totals(design, CODES, 4), totals(design, ticked, inside)
    np.testing.assert_allclose(by_code.covariance, by_number.covariance, rtol=1e-8, atol=1e-9)
    effects = by_number.design_effects(replacement=True)
    assert by_code.design_effects(replacement=True) == pytest.approx(effects, rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_thousands_of_groups_are_as_exact_as_a_few(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, scores = DESIGNS[name][0], [1, 0.8, 0.3, 0]
    few = score_means_by_group(design, CODES, scores, GROUP, 5)
    monkeypatch.setattr("analysis.group_estimates.DENSE_LIMIT", 0)
    many = score_means_by_group(design, CODES, scores, GROUP, 5)
    np.testing.assert_allclose(many.covariance, few.covariance, rtol=1e-8, atol=1e-16)
    assert many.values == pytest.approx(few.values)
    assert (many.places, many.df, many.counts.tolist()) == (few.places, few.df, few.counts.tolist())
    effects = few.design_effects(replacement=True)
    assert many.design_effects(replacement=True) == pytest.approx(effects)
    with pytest.raises(CannotComputeError, match="no response"):
        score_means_by_group(design, np.full(N, -1), scores, GROUP, 5)


def test_a_group_within_one_village_is_told_by_its_sampling_units() -> None:
    design = survey_design(clusters=["a", "a", "b", "b", "c", "c"])
    groups = [0, 0, 1, 1, 1, -1]
    assert sampling_units_by_group(design, groups, 3).tolist() == [1, 2, 0]
    assert sampling_units_by_group(survey_design(6), groups, 3).tolist() == [2, 3, 0]
    found = score_means_by_group(design, [0, 1, 0, 1, 1, 0], [1, 0], groups, 3)
    assert found.se[0] == 0
    (alone, _) = mean_intervals(found, 0, 1)
    assert alone.low < 0.3 < 0.7 < alone.high


def test_lohr_two_stage_total() -> None:
    """Total of a two-stage sample from its published formula (Lohr 2010, 5.21): N²(1-n/N) s²ₜ/n +
    (N/n) Σ Mᵢ²(1-mᵢ/Mᵢ) s²ᵢ/mᵢ."""
    sizes, drawn, big_n = [10, 8, 12], [3, 2, 4], 20
    rng = np.random.default_rng(5)
    y = [rng.normal(10, 2, m) for m in drawn]
    cluster = np.repeat([0, 1, 2], drawn)
    members = np.repeat(sizes, drawn)
    design = survey_design(clusters=(cluster, np.arange(9)), population=(np.full(9, 20), members))
    estimated = [size * part.mean() for size, part in zip(sizes, y, strict=True)]
    between = big_n**2 * (1 - 3 / big_n) * np.var(estimated, ddof=1) / 3
    within = sum(
        size**2 * (1 - m / size) * part.var(ddof=1) / m
        for size, m, part in zip(sizes, drawn, y, strict=True)
    )
    found = totals(design, np.concatenate(y))
    assert found.values[0] == pytest.approx(big_n / 3 * sum(estimated))
    assert found.variances[0] == pytest.approx(between + big_n / 3 * within, rel=1e-12)


def test_weights_follow_from_the_population_if_none_are_given() -> None:
    design = survey_design(strata=["a", "a", "b", "b"], population=[10, 10, 4, 4])
    assert design.weights.tolist() == [5, 5, 2, 2]
    halves = survey_design(strata=["a", "a", "b", "b"], population=[0.2, 0.2, 0.5, 0.5])
    assert halves.weights.tolist() == design.weights.tolist()
    assert totals(halves, [1, 2, 3, 4]).se == pytest.approx(totals(design, [1, 2, 3, 4]).se)


def test_a_census_has_no_sampling_error() -> None:
    found = means(survey_design(4, population=4), [1.0, 2, 3, 5])
    assert found.se.tolist() == [0]


def test_villages_are_numbered_within_their_county() -> None:
    once = survey_design(strata=[0, 0, 0, 1, 1, 1], clusters=[1, 1, 2, 1, 2, 2])
    apart = survey_design(strata=[0, 0, 0, 1, 1, 1], clusters=[1, 1, 2, 3, 4, 4])
    values = [1.0, 3, 2, 5, 4, 7]
    assert means(once, values).se == pytest.approx(means(apart, values).se)
    assert once.degrees_of_freedom() == 2


LONELY = {"strata": ["a", "b", "b"], "weights": [2, 1, 1]}
VALUES = [1.0, 2.0, 4.0]


def test_a_lonely_unit_is_refused_by_default() -> None:
    with pytest.raises(LonelyClusterError, match="single sampling unit") as caught:
        survey_design(**LONELY)
    assert "1 个层只有一个抽样单元（如 a）" in caught.value.text("zh")
    with pytest.raises(LonelyClusterError, match="such as 西村"):
        villages = ["东村", "东村", "西村"]
        survey_design(clusters=(villages, [1, 2, 3]), population=(9, [4, 4, 5]))


@pytest.mark.parametrize(
    ("lonely", "variance"), [("certainty", 4.0), ("average", 8.0), ("adjust", 4.0 + 2.0**2)]
)
def test_lonely_units_have_the_treatment_asked_for(lonely: Any, variance: float) -> None:
    """Stratum b alone has 2/(2-1) · ((2-3)² + (4-3)²) = 4; a's only z is 2·1."""
    design = survey_design(**LONELY, lonely=lonely)
    assert totals(design, VALUES).variances[0] == pytest.approx(variance)


def test_a_fully_enumerated_lonely_unit_is_no_trouble() -> None:
    design = survey_design(strata=["a", "b", "b"], population=[1, 5, 5])
    assert totals(design, VALUES).se[0] > 0


def test_one_cluster_gives_the_widest_interval_not_a_number() -> None:
    with pytest.raises(LonelyClusterError, match="lies in one sampling unit"):
        survey_design(clusters=[1, 1, 1])
    design = survey_design(clusters=[1, 1, 1], lonely="certainty")
    found = shares(design, [0, 0, 1], 2)
    assert found.df == 0
    assert [(i.low, i.high) for i in share_intervals(found)] == [(0, 1), (0, 1)]
    (ends,) = mean_intervals(score_means(design, [0, 0, 1], [1, 0]), 0, 1)
    assert (ends.low, ends.high) == (0, 1)
    with pytest.raises(CannotComputeError, match="no degrees of freedom"):
        found.t_intervals()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nobody": ({"weights": []}, "no_responses"),
    "no length": ({}, "no_responses"),
    "negative weight": ({"weights": [1, -1]}, "weight_negative"),
    "missing weight": ({"weights": [1, np.nan]}, "weight_missing"),
    "endless weight": ({"weights": [1, np.inf]}, "weight_missing"),
    "every weight endless": ({"weights": [np.inf] * 3}, "weight_missing"),
    "enormous weights": ({"weights": [1e308] * 3}, "weight_too_large"),
    "one enormous weight": ({"weights": [1, 1.1e12]}, "weight_too_large"),
    "a word for a weight": ({"n": 3, "weights": ["1", "x", "2"]}, "weight_missing"),
    "a word for all weights": ({"n": 3, "weights": "x"}, "weight_missing"),
    "no weight at all": ({"weights": [0, 0]}, "no_weight"),
    "weights in rows": ({"weights": np.array([[1, 2, 3]])}, "wrong_shape"),
    "weights in a column": ({"n": 3, "weights": np.ones((3, 1))}, "wrong_shape"),
    "strata in a table": ({"strata": np.array([["a", "b"], ["a", "b"]])}, "wrong_shape"),
    "lengths": ({"weights": [1, 1], "strata": ["a"]}, "lengths_differ"),
    "length and n": ({"n": 3, "strata": ["a", "a"]}, "lengths_differ"),
    "population below sample": ({"n": 3, "population": 2}, "whole_population_too_small"),
    "no population": ({"n": 3, "population": 0}, "population_invalid"),
    "missing population": ({"n": 3, "population": np.nan}, "population_invalid"),
    "endless population": ({"n": 3, "population": np.inf}, "population_invalid"),
    "a word for a population": ({"n": 3, "population": "many"}, "population_invalid"),
    "two populations": ({"n": 2, "population": [5, 6]}, "population_varies"),
    "a population too many": ({"n": 2, "population": (5, 6)}, "population_missing"),
    "missing stratum": ({"strata": ["a", None]}, "label_missing"),
    "missing cluster": ({"clusters": [1.0, np.nan]}, "label_missing"),
    "missing among texts": ({"strata": ["a", "a", np.nan]}, "label_missing"),
    "missing in a tuple": ({"n": 3, "clusters": (["a", "b", np.nan],)}, "label_missing"),
    "unknown treatment": ({"n": 2, "lonely": "ignore"}, "unknown_choice"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("arguments", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_design_that_cannot_be_is_refused(arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(DesignError) as caught:
        survey_design(**arguments)
    assert caught.value.code == code


@pytest.mark.filterwarnings("error")
def test_the_largest_weights_are_computed_with() -> None:
    design = survey_design(weights=[LARGEST_WEIGHT] * 4)
    found = shares(design, [0, 0, 0, 1], 2)
    assert found.values == pytest.approx([0.75, 0.25])
    assert found.variances == pytest.approx([0.75 * 0.25 / 3] * 2)
    assert means(design, [1, 1, 1, 0]).variances == pytest.approx([0.75 * 0.25 / 3])


def test_weights_that_are_no_numbers_are_counted() -> None:
    with pytest.raises(DesignError) as caught:
        survey_design(weights=["1", "x", None, "2", "nan"])
    assert caught.value.details == {"count": 3}


def test_labels_of_numbers_and_texts_together_are_labels() -> None:
    found = survey_design(strata=[1, "a", 1, "a"]).stages[0].strata
    assert found is not None and found.tolist() == [0, 1, 0, 1]


def test_an_infinite_number_is_refused_and_a_missing_one_is_not() -> None:
    design = survey_design(4)
    for infinite in (np.inf, -np.inf):
        for estimate in (means, totals):
            with pytest.raises(CannotComputeError) as caught:
                estimate(design, [infinite, 1, np.nan, 1])
            assert (caught.value.code, caught.value.details) == ("value_infinite", {"count": 1})
    outside = np.array([False, True, True, True])
    assert means(design, [np.inf, 1, np.nan, 2], outside).values.tolist() == [1.5]
    assert means(design, [[np.inf, np.nan], [1, 2], [1, 2], [1, 2]]).counts.tolist() == [3, 3]


def test_a_ratio_from_a_simple_sample_has_no_design_effect() -> None:
    rng = np.random.default_rng(4)
    bottom = rng.lognormal(5, 1, 400)
    top = bottom * rng.uniform(0.5, 1, 400)
    found = ratio(survey_design(400), top, bottom)
    assert found.design_effects(replacement=True) == pytest.approx([1])
    assert found.effective_sizes() == pytest.approx([400])
    assert ratio(survey_design(400, population=4000), top, bottom).design_effects() == (
        pytest.approx([1])
    )


def test_responses_with_weight_zero_count_nowhere() -> None:
    whole = survey_design(weights=[1, 2, 1, 0, 0])
    found = shares(whole, [0, 1, 0, 1, 1], 2)
    assert found.values.tolist() == [0.5, 0.5]
    assert found.counts.tolist() == [3, 3]
    assert found.df == 2


def test_an_empty_domain_is_an_error_that_says_so() -> None:
    design = survey_design(3)
    for estimate in (
        lambda: shares(design, [-1, -1, -1], 2),
        lambda: means(design, [np.nan] * 3),
        lambda: totals(design, [1, 2, 3], np.zeros(3, dtype=bool)),
        lambda: means_by_group(design, [1, 2, 3], [-1, -1, -1], 2),
    ):
        with pytest.raises(CannotComputeError) as caught:
            estimate()
        assert caught.value.code == "no_responses"


def test_a_ratio_over_nothing_is_an_error() -> None:
    with pytest.raises(CannotComputeError) as caught:
        ratio(survey_design(2), [1, 2], [0, 0])
    assert caught.value.code == "denominator_zero"


def test_an_empty_group_is_left_out_and_the_others_keep_their_place() -> None:
    found = score_means_by_group(survey_design(4), [0, 1, 1, 0], [1, 0], [0, 0, 2, 2], 3)
    assert found.places == (0, 2)
    assert found.at(2).values.tolist() == [0.5]
    with pytest.raises(CannotComputeError, match="no response"):
        found.at(1)


def test_a_missing_code_of_pandas_is_outside_of_the_domain() -> None:
    design = survey_design(4)
    found = shares(design, [0.0, 1.0, np.nan, 1.0], 2)
    assert found.values == pytest.approx([1 / 3, 2 / 3])
    for wrong in ([0.5, 1, 1, 0], ["A", "B", "A", "B"], [0, 1, np.inf, 0]):
        with pytest.raises(CannotComputeError) as caught:
            shares(design, wrong, 2)
        assert caught.value.code == "codes_invalid"


def test_the_likelihood_interval_ends_where_its_definition_says() -> None:
    share = DesignShare(0.2, 0.2 * 0.8 / 60, 90, 12)
    ends = METHODS["likelihood"](share, 0.9)
    for m in (ends.low, ends.high):
        ratio = 0.2 * np.log(0.2 / m) + 0.8 * np.log(0.8 / (1 - m))
        assert 2 * 60 * ratio * 89 / 90 == pytest.approx(share.t(0.9) ** 2)


@pytest.mark.parametrize("p", [1e-9, 0.5, 1 - 1e-9])
@pytest.mark.parametrize("df", [1, 40])
def test_extreme_shares_keep_their_intervals_within_bounds(p: float, df: int) -> None:
    for method in METHODS:
        ends = share_interval(DesignShare(p, p * (1 - p) / 25, 30, df), method)
        assert 0 <= ends.low <= p <= ends.high <= 1


def test_codes_outside_of_the_table_are_refused() -> None:
    with pytest.raises(CannotComputeError) as caught:
        shares(survey_design(2), [0, 2], 2)
    assert caught.value.text("zh") == "编码应为 -1（不计入）或 0 到 1，现有 2"
    with pytest.raises(CannotComputeError, match="rows"):
        shares(survey_design(3), [0, 1], 2)


def test_a_single_category_has_an_interval_in_every_method() -> None:
    found = shares(survey_design(weights=WEIGHT, clusters=VILLAGE), np.zeros(N, dtype=int), 2)
    units = len(set(np.asarray(VILLAGE).tolist()))
    wilson, exact = units / (units + stats.norm.ppf(0.975) ** 2), 0.025 ** (1 / units)
    for method in METHODS:
        everybody, nobody = share_intervals(found, method)
        low = exact if method in EXACT else wilson
        assert (everybody.low, everybody.high) == pytest.approx((low, 1))
        assert (nobody.low, nobody.high) == pytest.approx((0, 1 - low))
    index = score_means(survey_design(N), np.zeros(N, dtype=int), [0.8, 0.3])
    (ends,) = mean_intervals(index, 0, 1)
    assert 0 < ends.low < 0.8 < ends.high < 1


def test_a_known_margin_has_no_length_but_chance_agreement_has() -> None:
    codes = np.array([0, 1] * (N // 2))
    known = rake(survey_design(N), [Margin("性别", codes, [3, 7])])
    (first, _) = share_intervals(shares(known, codes, 2), known=True)
    assert (first.low, first.high) == pytest.approx((0.3, 0.3))
    pairs = survey_design(clusters=np.arange(N) // 2)
    (first, _) = share_intervals(shares(pairs, codes, 2))
    assert first.low < 0.45 < 0.55 < first.high


def test_wrong_levels_and_methods_are_refused() -> None:
    found = shares(survey_design(4), [0, 1, 1, 0], 2)
    for wrong in (0, 1, 95):
        with pytest.raises(CannotComputeError) as caught:
            found.t_intervals(wrong)
        assert caught.value.code == "level_out_of_range"
    with pytest.raises(CannotComputeError, match="possible: wilson"):
        share_intervals(found, "exact")


@pytest.mark.parametrize("seed", range(30))
def test_small_samples_never_give_nan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    design = survey_design(
        weights=rng.choice([0, 1, 1, 2.5], n) + np.eye(n)[0],
        strata=rng.integers(0, 2, n),
        clusters=rng.integers(0, 3, n),
        lonely=("certainty", "adjust", "average")[seed % 3],
    )
    codes = rng.integers(-1, 3, n)
    codes[0] = max(codes[0], 0)
    for found in (
        shares(design, codes, 3),
        score_means(design, codes, [1, 0.5, 0]),
        score_means_by_group(design, codes, [1, 0.5, 0], rng.integers(0, 2, n), 2)
        if (codes >= 0).all()
        else category_totals(design, codes, 3),
    ):
        assert_finite(found)


def assert_finite(found: Estimates) -> None:
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.covariance).all()
    assert all(e is None or np.isfinite(e) for e in found.design_effects())
    assert all(e is None or np.isfinite(e) for e in found.effective_sizes())
    if ((found.values >= 0) & (found.values <= 1)).all():
        for method in METHODS:
            ends = share_intervals(found, method)
            assert all(0 <= i.low <= i.high <= 1 for i in ends)
        assert all(0 <= i.low <= i.high <= 1 for i in mean_intervals(found, 0, 1))
