"""Estimates, intervals and tests of designed samples against R survey 4.5 (tests/golden)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import (
    TICKS,
    assert_equals,
    coded,
    design_of,
    listed,
    reference,
    schools,
)

from analysis import design_intervals, rao_scott
from analysis.compare import compare_groups
from analysis.design_estimates import (
    Estimates,
    category_totals,
    means,
    ratio,
    score_means,
    shares,
    totals,
)
from analysis.design_intervals import DesignShare, share_interval
from analysis.group_estimates import means_by_group, score_means_by_group
from analysis.multiple_response import (
    mentions_per_case,
    shares_of_cases,
    shares_of_mentions,
    tick_patterns,
)

R = reference("survey_designs")
DESIGNS = sorted(R)
SCORES = np.arange(5) * 25.0
YES = {
    "sch.wide_Yes": ("sch.wide", "Yes"),
    "awards_Yes": ("awards", "Yes"),
    "yr.rnd_Yes": ("yr.rnd", "Yes"),
    "top2": ("top2", 1.0),
}
R_NAMES = {
    "wilson": "wilson",
    "wilson_normal": "wilson_neff_z",
    "logit": "xlogit",
    "beta": "beta",
    "beta_truncated": "korn_graubard_hand_truncated",
    "arcsine": "asin",
    "wald": "mean",
}


def share_of(design: str, variable: str) -> Estimates:
    frame = schools(design)
    if variable == "api00_gt_875":
        chosen = frame["api00"] > 875
    else:
        column, value = YES[variable]
        chosen = frame[column] == value
    return shares(design_of(design), chosen.to_numpy(dtype=int), 2).at(1)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_design_is_understood_as_r_does(name: str) -> None:
    design, wanted = design_of(name), R[name]
    assert design.n == wanted["n"]
    assert design.degrees_of_freedom() == wanted["degf"]
    assert design.weights.sum() == pytest.approx(wanted["sum_weights"], rel=1e-12)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_of_numbers(name: str) -> None:
    frame, wanted = schools(name), R[name]["svymean_api00_api99"]
    found = means(design_of(name), frame[["api00", "api99"]])
    assert_equals(found, wanted)
    assert found.design_effects() == pytest.approx(listed(wanted["deff"]), rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_design_effect_with_replacement(name: str) -> None:
    found = means(design_of(name), schools(name)["api00"])
    wanted = listed(R[name]["svymean_api00_deff_replace"]["deff"])
    assert found.design_effects(replacement=True) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_total_of_a_number(name: str) -> None:
    assert_equals(totals(design_of(name), schools(name)["enroll"]), R[name]["svytotal_enroll"])


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("column", ["stype", "satf"])
def test_shares_of_categories(name: str, column: str) -> None:
    wanted = R[name][f"svymean_{column}"]
    found = shares(design_of(name), *coded(schools(name)[column]))
    assert_equals(found, wanted)
    effects = [effect or 0 for effect in found.design_effects()]
    assert effects == pytest.approx(listed(wanted["deff"]), rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_totals_of_categories(name: str) -> None:
    found = category_totals(design_of(name), *coded(schools(name)["stype"]))
    assert_equals(found, R[name]["svytotal_stype"])


@pytest.mark.parametrize("name", DESIGNS)
def test_scores_from_codes_and_from_numbers(name: str) -> None:
    columns = ["sat", "sat100", "top2", "bot2", "net"]
    codes = schools(name)["sat"].to_numpy() - 1
    per_code = schools(name).groupby("sat")[columns].first().to_numpy(dtype=float)
    assert_equals(score_means(design_of(name), codes, per_code), R[name]["svymean_sat_scores"])
    assert_equals(means(design_of(name), schools(name)[columns]), R[name]["svymean_sat_scores"])


@pytest.mark.parametrize("name", DESIGNS)
def test_ratio_of_two_numbers(name: str) -> None:
    frame = schools(name)
    found = ratio(design_of(name), frame["api.stu"], frame["enroll"])
    assert_equals(found, R[name]["svyratio_apistu_enroll"])


@pytest.mark.parametrize("name", DESIGNS)
def test_design_effect_of_a_ratio_is_that_of_its_residuals(name: str) -> None:
    """R's variance over that of R's svyratio(deff = "replace"): the total of the residuals e/B in
    a simple sample, svyvar(e/B) (Σw)²/n, svyvar being n/(n - 1) Σw(e - ē)²/Σw."""
    frame, design, wanted = schools(name), design_of(name), R[name]["svyratio_apistu_enroll"]
    w, n = design.weights, design.n
    top, bottom = frame["api.stu"].to_numpy(float), frame["enroll"].to_numpy(float)
    e = (top - wanted["estimate"] * bottom) / (w @ bottom)
    simple = n / (n - 1) * (w @ e**2) / w.sum() * w.sum() ** 2 / n
    found = ratio(design, top, bottom).design_effects(replacement=True)
    assert found == pytest.approx([wanted["se"] ** 2 / simple], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_by_group(name: str) -> None:
    frame, design = schools(name), design_of(name)
    groups, size = coded(frame["stype"])
    for column in ("api00", "top2", "sat100"):
        wanted = dict(R[name][f"svyby_{column}_stype"])
        wanted["estimate"] = wanted.pop("mean")
        assert_equals(means_by_group(design, frame[column], groups, size), wanted)
    found = score_means_by_group(design, frame["sat"].to_numpy() - 1, SCORES, groups, size)
    wanted = R[name]["svyby_sat100_stype"]
    assert_equals(found, wanted | {"estimate": wanted["mean"]})


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("variable", [*YES, "api00_gt_875"])
def test_intervals_of_a_share(name: str, variable: str) -> None:
    wanted, found = R[name]["svyciprop"][variable], share_of(name, variable)
    if "degenerate" in wanted:
        assert_sensible(found)
        return
    assert_intervals_equal(found, wanted)


def assert_intervals_equal(found: Estimates, wanted: dict[str, Any]) -> None:
    share = DesignShare(
        float(found.values[0]), float(found.variances[0]), int(found.counts[0]), found.df
    )
    assert share.effective_n == pytest.approx(wanted["wilson_neff_z"]["n_eff"], rel=1e-9)
    for method, name in R_NAMES.items():
        ends = design_intervals.METHODS[method](share, 0.95)
        low, high = wanted[name]["ci95"]
        assert ends.high == pytest.approx(high, rel=1e-9), name
        if method == "arcsine" and ends.low == 0:
            # R squares the sine of a negative angle here; the share cannot be below 0.
            assert low < 1e-4
            continue
        assert ends.low == pytest.approx(low, rel=1e-9), name
    ends = design_intervals.likelihood(share)
    # R reads these ends off a spline through eleven points.
    assert [ends.low, ends.high] == pytest.approx(wanted["likelihood"]["ci95"], rel=2e-3)
    ends = design_intervals.logit(share)
    assert [ends.low, ends.high] == pytest.approx(wanted["logit"]["ci95"], rel=1e-7)


def assert_sensible(found: Estimates) -> None:
    """Where R gives none: within 0..1, of some length, and with the share inside."""
    for method in design_intervals.METHODS:
        share = DesignShare(float(found.values[0]), 0.0, int(found.counts[0]), found.df)
        ends = share_interval(share, method)
        assert 0 <= ends.low <= found.values[0] <= ends.high <= 1
        assert 0.001 < ends.high - ends.low < 0.3


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(
    ("rows", "columns"), [("sch.wide", "stype"), ("comp.imp", "sch.wide"), ("satf", "stype")]
)
def test_tests_of_association(name: str, rows: str, columns: str) -> None:
    frame, wanted = schools(name), R[name][f"svychisq_{rows}_by_{columns}"]
    table = rao_scott.weighted_table(design_of(name), *coded(frame[rows]), *coded(frame[columns]))
    assert table.totals == pytest.approx(np.array(wanted["svytable"]["values"]), rel=1e-12)
    for r_name, test in {
        "F": rao_scott.rao_scott,
        "Chisq": rao_scott.rao_scott_first_order,
        "Wald": rao_scott.wald,
        "adjWald": rao_scott.wald_adjusted,
    }.items():
        found = test(table)
        assert found.statistic == pytest.approx(wanted[r_name]["statistic"], rel=1e-9), r_name
        assert found.p == pytest.approx(wanted[r_name]["p.value"], rel=1e-9), r_name
        degrees = [found.df, found.df2][: len(wanted[r_name]["parameter"])]
        assert degrees == pytest.approx(wanted[r_name]["parameter"], rel=1e-9), r_name


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(
    ("rows", "columns"), [("sch.wide", "stype"), ("comp.imp", "sch.wide"), ("satf", "stype")]
)
def test_saddlepoint_approximation(name: str, rows: str, columns: str) -> None:
    frame, wanted = schools(name), R[name][f"svychisq_{rows}_by_{columns}"]
    table = rao_scott.weighted_table(design_of(name), *coded(frame[rows]), *coded(frame[columns]))
    found = rao_scott.rao_scott_saddlepoint(table)
    # R cuts 397.9999999999999 degrees of freedom to 397 in one case, where 398 is meant.
    cut = (name, rows) == ("srs", "sch.wide")
    assert found.p == pytest.approx(wanted["saddlepoint"]["p.value"], rel=0.04 if cut else 1e-7)
    assert found.p == pytest.approx(wanted["lincom"]["p.value"], rel=0.04 if cut else 1e-7)


@pytest.mark.parametrize("name", DESIGNS)
def test_difference_of_two_groups(name: str) -> None:
    frame, wanted = schools(name), R[name]["svyttest_api00_by_sch.wide"]
    by_group = means_by_group(design_of(name), frame["api00"], *coded(frame["sch.wide"]))
    found = compare_groups(by_group, 1, 0)
    assert [found.t, found.df, found.p, found.value] == pytest.approx(
        [wanted["t"], wanted["df"], wanted["p"], wanted["diff"]], rel=1e-9
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_multiple_choice_of_all_asked(name: str) -> None:
    patterns = tick_patterns(schools(name)[list(TICKS)])
    design, wanted = design_of(name), R[name]
    assert_equals(shares_of_cases(design, patterns), wanted["mc_percent_of_cases_all"])
    assert_equals(mentions_per_case(design, patterns), wanted["mc_mentions_per_case"])
    assert_equals(shares_of_mentions(design, patterns), wanted["mc_share_of_mentions"])
    counts = totals(design, schools(name)[list(TICKS)])
    assert_equals(counts, wanted["mc_counts_weighted"])


@pytest.mark.parametrize("name", DESIGNS)
def test_multiple_choice_of_those_who_ticked(name: str) -> None:
    wanted = R[name]["mc_percent_of_cases_any"]
    patterns = tick_patterns(schools(name)[list(TICKS)])
    found = shares_of_cases(design_of(name), patterns, "ticked")
    assert found.counts.tolist() == [wanted["n"]] * len(TICKS)
    assert found.df == wanted["degf"]
    assert_equals(found, wanted)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("tick", list(TICKS))
def test_an_option_by_group(name: str, tick: str) -> None:
    frame, wanted = schools(name), R[name]["mc_by_stype_tests"][tick]
    ticked = frame[tick].to_numpy(dtype=int)
    if wanted is None:
        with pytest.raises(ValueError, match="fewer than two"):
            rao_scott.weighted_table(design_of(name), ticked, 2, *coded(frame["stype"]))
        return
    table = rao_scott.weighted_table(design_of(name), ticked, 2, *coded(frame["stype"]))
    found = rao_scott.rao_scott(table)
    assert [found.statistic, found.df, found.df2, found.p] == pytest.approx(
        [wanted["statistic"], *wanted["parameter"], wanted["p.value"]], rel=1e-9
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_a_question_asked_of_some_keeps_the_whole_design(name: str) -> None:
    frame, wanted, design = schools(name), R[name]["skip_base_sch.wide_No"], design_of(name)
    asked = (frame["sch.wide"] == "No").to_numpy()
    codes = np.where(asked, frame["sat"] - 1, -1)
    scores = means(design, frame["sat100"], asked)
    assert scores.counts.tolist() == [wanted["n"]]
    assert scores.df == wanted["degf"]
    assert_equals(scores, wanted["sat100"])
    assert_equals(score_means(design, codes, SCORES), wanted["sat100"])
    assert_equals(shares(design, codes, 5), wanted["satf"])
    found = shares(design, np.where(asked, frame["m_yr"], -1).astype(int), 2).at(1)
    if "degenerate" in wanted["m_yr"]:
        assert_sensible(found)
    else:
        assert_intervals_equal(found, wanted["m_yr"])
