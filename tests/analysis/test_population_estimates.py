"""Estimates of a population: the numbers of R, published errors, scipy's, loops in numpy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from scipy import stats
from test_satisfaction_estimates import answered, by_area, plan

from analysis.designs import survey_design
from analysis.estimands import Estimand, estimand
from analysis.interval_methods import DESIGNED
from analysis.population_estimates import Method, PopulationEstimates, population_estimates
from analysis.refusals import CannotComputeError
from analysis.reports.estimate_report import estimate_report
from analysis.reports.grid_files import GRID_FORMATS
from analysis.responses import Labels, Responses
from analysis.sample_design_files import read_sample_design
from analysis.sample_designs import design_of as design_by
from analysis.tabulate import summarise
from analysis.weighting import Margin, rake
from surveys.definition import Questionnaire
from tests.analysis.conftest import build, options, pack_all

R = reference("survey_designs")
R_NAMES = {"wilson": "wilson", "logit": "xlogit", "beta": "beta"}
JACKKNIFE = Method(variance="jackknife")
QUESTIONS = [
    {"code": "q1", "text": "学校类别", "kind": "single", "options": options("EHM")},
    {"code": "q2", "text": "达标", "kind": "single", "options": options("YN")},
    {"code": "q3", "text": "得分", "kind": "integer"},
    {"code": "q4", "text": "学生", "kind": "integer", "unit": "人"},
    {"code": "q5", "text": "应考", "kind": "integer", "unit": "人"},
]


def api(name: str) -> Responses:
    """The school sample as responses, grouped by type of school."""
    frame = schools(name)
    answers = [
        {"q1": row.stype, "q2": row.wide[0], "q3": row.api00, "q4": row.enroll, "q5": row.apistu}
        for row in frame.rename(columns={"sch.wide": "wide", "api.stu": "apistu"}).itertuples()
    ]
    return pack_all(build(QUESTIONS), answers)


def asked(made: Questionnaire, measure: str, of: str, over: str = "") -> Estimand:
    return estimand(made, measure, of, over)


def of_api(name: str, measure: str, of: str, over: str = "", **how: Any) -> PopulationEstimates:
    made = api(name)
    return population_estimates(
        made, design_of(name), asked(made.questionnaire, measure, of, over), **how
    )


CASES = [
    ("mean", "q3", "", "svymean_api00_api99", "api00"),
    ("total", "q4", "", "svytotal_enroll", "enroll"),
    ("count", "q1.H", "", "svytotal_stype", "stypeH"),
    ("ratio", "q5", "q4", "svyratio_apistu_enroll", None),
]


@pytest.mark.parametrize("name", sorted(R))
@pytest.mark.parametrize(("measure", "of", "over", "key", "part"), CASES)
def test_estimates_and_errors_are_those_of_r(
    name: str, measure: str, of: str, over: str, key: str, part: str | None
) -> None:
    row = of_api(name, measure, of, over).everybody
    wanted = R[name][key]
    value, se = (wanted[k] if part is None else _named(wanted[k], part) for k in ("estimate", "se"))
    assert row.value == pytest.approx(value, rel=1e-9)
    assert row.se == pytest.approx(se, rel=1e-9, abs=1e-9)
    if se:
        half = stats.t.ppf(0.975, R[name]["degf"]) * se
        assert [row.low, row.high] == pytest.approx([max(value - half, 0), value + half], rel=1e-9)
        assert row.cv == pytest.approx(se / value, rel=1e-9)
        assert row.margin == pytest.approx(max(half, value - max(value - half, 0)), rel=1e-9)
    assert (row.n, row.df) == (R[name]["n"], R[name]["degf"])
    assert row.population == pytest.approx(R[name]["sum_weights"], rel=1e-9)


def _named(values: Any, part: str) -> float:
    return float(values[part] if isinstance(values, dict) else values)


@pytest.mark.parametrize("name", sorted(R))
def test_design_effect_with_replacement_is_that_of_r(name: str) -> None:
    row = of_api(name, "mean", "q3").everybody
    wanted = _named(R[name]["svymean_api00_deff_replace"]["deff"], "api00")
    assert row.deff == pytest.approx(wanted, rel=1e-9)
    assert row.effective_n == pytest.approx(R[name]["n"] / wanted, rel=1e-9)


@pytest.mark.parametrize("name", sorted(R))
def test_means_of_groups_are_those_of_svyby(name: str) -> None:
    groups = of_api(name, "mean", "q3", by="q1").groups
    wanted = R[name]["svyby_api00_stype"]
    assert [row.value for row in groups] == pytest.approx(wanted["mean"], rel=1e-9)
    assert [row.se for row in groups] == pytest.approx(wanted["se"], rel=1e-9)


@pytest.mark.parametrize("name", sorted(R))
@pytest.mark.parametrize("method", sorted(set(R_NAMES)))
def test_a_share_has_the_interval_of_r_by_each_method(name: str, method: str) -> None:
    assert method in DESIGNED
    row = of_api(name, "share", "q2.Y", method=Method(interval=method)).everybody
    wanted = R[name]["svyciprop"]["sch.wide_Yes"][R_NAMES[method]]["ci95"]
    assert [row.low, row.high] == pytest.approx(wanted, rel=1e-7)


def test_jackknife_has_the_errors_published_for_the_district_sample() -> None:
    """T. Lumley, survey package pages, "Simple summary statistics": rclus1 (JK1)."""
    mean = of_api("clus1", "mean", "q3", method=JACKKNIFE).everybody
    total = of_api("clus1", "total", "q4", method=JACKKNIFE).everybody
    share = of_api("clus1", "share", "q1.H", method=JACKKNIFE).everybody
    assert (round(mean.se or 0, 4), round(total.se or 0, 2)) == (26.3294, 932235.03)
    assert round(share.se or 0, 4) == 0.0278
    assert mean.value == of_api("clus1", "mean", "q3").everybody.value


def test_jackknife_of_a_groups_ratio_is_a_loop_that_leaves_districts_out() -> None:
    frame = schools("clus1")
    row = of_api("clus1", "ratio", "q5", "q4", by="q1", method=JACKKNIFE).groups[1]
    own = (frame["stype"] == "H").to_numpy()
    found = []
    districts = frame["dnum"].unique()
    for district in districts:
        kept = own & (frame["dnum"] != district).to_numpy()
        found.append(frame["api.stu"][kept].sum() / frame["enroll"][kept].sum())
    m, f = len(districts), len(districts) / frame["fpc"].iloc[0]
    variance = (1 - f) * (m - 1) / m * np.sum((found - np.mean(found)) ** 2)
    assert row.se == pytest.approx(variance**0.5, rel=1e-9)
    assert row.df == frame["dnum"][own].nunique() - 1


def test_ratio_of_two_options_is_that_of_their_weights() -> None:
    frame, row = schools("strat"), of_api("strat", "ratio", "q2.Y", "q1.E").everybody
    yes = frame["pw"][frame["sch.wide"] == "Yes"].sum()
    assert row.value == pytest.approx(yes / frame["pw"][frame["stype"] == "E"].sum(), rel=1e-12)
    # Taylor by hand: residuals over the denominator, within strata, with fpc.
    weights, bottom = frame["pw"].to_numpy(), (frame["stype"] == "E").to_numpy(float)
    errors = (frame["sch.wide"] == "Yes").to_numpy(float) - row.value * bottom
    z = weights * errors / (weights @ bottom)
    variance = 0.0
    for stratum in "EHM":
        inside = (frame["stype"] == stratum).to_numpy()
        n, size = inside.sum(), frame["fpc"][inside].iloc[0]
        variance += (1 - n / size) * n * z[inside].var(ddof=1)
    assert row.se == pytest.approx(variance**0.5, rel=1e-10)


# --- plain samples -------------------------------------------------------------------------------

VALUES = {"x": [3, 8, 1, 5, 9], "y": [2, 2, 7], "z": [4]}


def numbers(kind: str = "integer") -> Responses:
    questions = [
        {"code": "q1", "text": "人口", "kind": kind},
        {"code": "q2", "text": "低保人口", "kind": "integer", "required": False},
    ]
    answers = [{"q1": v, "q2": v // 2} for group in VALUES.values() for v in group] + [{}]
    made = pack_all(build(questions), answers)
    codes = np.repeat([0, 1, 2, 2], [5, 3, 1, 1])
    return Responses(
        made.questionnaire, made.columns, made.n, {"area": Labels(codes, (*VALUES, "w"))}
    )


def plainly(made: Responses, *what: str, **how: Any) -> PopulationEstimates:
    design = how.pop("design", None) or survey_design(made.n)
    return population_estimates(made, design, asked(made.questionnaire, *what), **how)


@pytest.mark.parametrize("method", [Method(), JACKKNIFE])
def test_plain_means_of_groups_are_scipys(method: Method) -> None:
    groups = plainly(numbers(), "mean", "q1", by="area", method=method).groups
    for row, values in zip(groups[:2], list(VALUES.values())[:2], strict=True):
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert (row.value, row.se) == pytest.approx((np.mean(values), stats.sem(values)), rel=1e-12)
        assert (row.low, row.high) == pytest.approx((max(low, 0), high), rel=1e-12)
        assert row.deff == pytest.approx(1) and row.notes == ("small",)


def test_equal_weights_of_a_simple_sample_have_no_design_effect() -> None:
    made = numbers()
    doubled = survey_design(weights=np.full(made.n, 2.0))
    row = plainly(made, "mean", "q1", design=doubled).everybody
    assert (row.deff, row.population) == (pytest.approx(1), 2 * row.n)


def test_a_group_of_one_and_an_empty_one_say_why_nothing_is_given() -> None:
    one, none = plainly(numbers(), "mean", "q1", by="area").groups[2:]
    assert (one.n, one.value, one.se, one.cv, one.low, one.margin) == (1, 4, None, None, None, None)
    assert one.notes == ("one_unit", "small")
    assert (none.n, none.value, none.notes) == (0, None, ("empty",))
    jackknifed = plainly(numbers(), "total", "q1", by="area", method=JACKKNIFE).groups[2]
    assert (jackknifed.value, jackknifed.se, jackknifed.notes) == (4, None, ("one_unit", "small"))


def test_a_sample_of_one_cluster_has_values_but_no_errors() -> None:
    made = numbers()
    design = survey_design(clusters=np.zeros(made.n, dtype=int), lonely="certainty")
    for what in (("mean", "q1"), ("total", "q1"), ("ratio", "q2", "q1")):
        for method in (Method(), JACKKNIFE):
            row = plainly(made, *what, design=design, method=method).everybody
            assert row.value is not None and row.se is None and row.low is None, what
            assert "one_unit" in row.notes


def test_a_denominator_that_sums_to_nothing_is_told() -> None:
    made = pack_all(
        build([{"code": c, "text": c, "kind": "integer"} for c in ("q1", "q2")]),
        [{"q1": 1, "q2": 0}, {"q1": 2, "q2": 0}],
    )
    row = plainly(made, "ratio", "q1", "q2").everybody
    assert row.value is None and row.refusal is not None
    assert row.refusal.code == "denominator_zero"


def test_jackknife_where_one_unit_holds_the_whole_denominator_is_told() -> None:
    made = pack_all(
        build([{"code": c, "text": c, "kind": "integer"} for c in ("q1", "q2")]),
        [{"q1": 1, "q2": 0}, {"q1": 2, "q2": 5}, {"q1": 2, "q2": 0}],
    )
    row = plainly(made, "ratio", "q1", "q2", method=JACKKNIFE).everybody
    assert row.refusal is not None and row.refusal.code == "denominator_zero"


def test_a_total_of_an_unweighted_sample_is_said_to_be_of_the_sample() -> None:
    made = numbers()
    assert plainly(made, "total", "q1").is_of_sample_only
    known = survey_design(made.n, population=50)
    found = plainly(made, "total", "q1", design=known)
    assert not found.is_of_sample_only
    assert found.everybody.value == pytest.approx(5 * sum(map(sum, VALUES.values())))
    census = plainly(made, "total", "q1", design=survey_design(made.n, population=made.n))
    row = census.everybody
    assert not census.is_of_sample_only and "census" in row.notes
    assert row.value == row.low == row.high == sum(map(sum, VALUES.values()))


@pytest.mark.parametrize("level", [0.9, 0.99])
@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_plain_shares_have_scipys_interval_at_every_level(method: str, level: float) -> None:
    made = answered("AAABBCDDEBA")
    how = Method(interval=method, level=level)
    row = population_estimates(
        made, survey_design(made.n), estimand(made.questionnaire, "share", "q1.A"), method=how
    ).everybody
    if method == "jeffreys":
        wanted = tuple(stats.beta.ppf([(1 - level) / 2, (1 + level) / 2], 4.5, 7.5))
    else:
        scipys = "exact" if method == "clopper-pearson" else method
        wanted = tuple(stats.binomtest(4, 11).proportion_ci(level, scipys))
    assert (row.low, row.high) == pytest.approx(wanted, rel=1e-9)


def test_shares_of_nobody_and_everybody_have_an_interval_and_no_cv_of_nothing() -> None:
    made = answered("AAAA")
    for letter, notes in (
        ("A", ("small", "no_variance")),
        ("B", ("small", "no_variance", "nothing")),
    ):
        what = estimand(made.questionnaire, "share", f"q1.{letter}")
        row = population_estimates(made, survey_design(4), what).everybody
        assert row.notes == notes
        assert row.low is not None and row.high is not None and row.low < row.high


# --- what other tables print ---------------------------------------------------------------------


def test_mean_score_has_the_interval_of_the_satisfaction_page() -> None:
    letters, areas = "ABCAUUADBBAE-CAUA", "x" * 8 + "y" * 8 + "z"
    weights = np.linspace(1, 3, len(letters))
    for design in (survey_design(len(letters)), survey_design(weights=weights)):
        made = answered(letters, areas)
        what = estimand(made.questionnaire, "mean", "q1", plans={"q1": plan()})
        found = population_estimates(made, design, what, "area")
        other = by_area(letters, areas, design)
        for row, own in zip(found.rows, other.rows, strict=True):
            assert row.n == own.n
            assert row.value == pytest.approx(own.index, rel=1e-12)
            assert (row.low, row.high) == pytest.approx((own.index_low, own.index_high), rel=1e-12)


def test_a_share_that_the_weights_meet_is_known_and_has_no_error() -> None:
    made = answered("AABBCDDEBA" * 4, "xy" * 20)
    margin = {"by": ["q1"], "population": {"A": 20, "B": 30, "C": 10, "D": 30, "E": 10}}
    description = read_sample_design({"margins": [margin], "method": "post_stratify"})
    design = design_by(made, description)
    for measure, value in (("share", 0.3), ("count", 30)):
        what = estimand(made.questionnaire, measure, "q1.B")
        row = population_estimates(made, design, what).everybody
        assert row.value == pytest.approx(value, rel=1e-12)
        assert (row.low, row.high, row.se, row.notes) == (row.value, row.value, 0, ("calibrated",))
        filtered = population_estimates(made, design, what, inside=np.arange(40) < 30).everybody
        assert filtered.notes == () and filtered.se
    with pytest.raises(CannotComputeError, match="linearised"):
        population_estimates(made, design, what, method=JACKKNIFE)


def two_answers(letters: str, others: str, areas: str = "") -> Responses:
    """Questions q1 (A, B) and q2 (X, Y), "-" for no answer; grouped by `areas`."""
    questions = [
        {"code": "q1", "text": "甲", "kind": "single", "options": options("AB")},
        {"code": "q2", "text": "乙", "kind": "single", "options": options("XY"), "required": False},
    ]
    pairs = zip(letters, others, strict=True)
    answers = [{"q1": a} | ({"q2": b} if b != "-" else {}) for a, b in pairs]
    made = pack_all(build(questions), answers)
    names = tuple(sorted(set(areas)))
    labels = Labels(np.array([names.index(area) for area in areas], dtype=int), names)
    return Responses(made.questionnaire, made.columns, made.n, {"area": labels} if areas else {})


def raked(made: Responses, *margins: tuple[list[str], dict[str, int]]) -> Any:
    given = [{"by": by, "population": population} for by, population in margins]
    return design_by(made, read_sample_design({"margins": given, "method": "rake"}))


Q1 = (["q1"], {"A": 400, "B": 600})
Q2 = (["q2"], {"X": 300, "Y": 700})


def test_a_ratio_is_known_if_a_margin_tells_of_each_of_its_terms() -> None:
    made = two_answers("AABBAABBBA" * 3, "XYXYYYXYXY" * 3)
    found = plainly(made, "ratio", "q1.A", "q2.X", design=raked(made, Q1, Q2)).everybody
    assert found.value == pytest.approx(400 / 300, rel=1e-9)
    assert (found.se, found.low, found.high) == (0, found.value, found.value)
    assert found.notes == ("calibrated",)
    of_one = plainly(made, "ratio", "q1.A", "q2.X", design=raked(made, Q1)).everybody
    assert "calibrated" not in of_one.notes and of_one.se


def test_a_ratio_is_not_known_of_those_who_answered_both_if_some_did_not() -> None:
    made = two_answers("AABBAABBBA" * 3, ("XYXYYYXYXY" * 3)[:-1] + "-")
    design = raked(made, Q1)
    # As if a margin of q2 covered those who answered it.
    told = replace(design, margins=(*design.margins, frozenset({"q2"})))
    row = plainly(made, "ratio", "q1.A", "q2.X", design=told).everybody
    assert "calibrated" not in row.notes and row.se


def test_a_ratio_in_a_group_is_known_if_both_margins_are_by_that_group() -> None:
    made = two_answers("AABB" * 10, "XYXY" * 10, "x" * 20 + "y" * 20)
    by_q1 = (["area", "q1"], {"x × A": 10, "x × B": 30, "y × A": 20, "y × B": 40})
    by_q2 = (["area", "q2"], {"x × X": 25, "x × Y": 15, "y × X": 40, "y × Y": 20})
    rows = plainly(made, "ratio", "q1.A", "q2.X", by="area", design=raked(made, by_q1, by_q2)).rows
    assert [row.value for row in rows] == pytest.approx([30 / 65, 10 / 25, 20 / 40], rel=1e-9)
    assert [row.notes for row in rows] == [("calibrated",)] * 3


def test_a_jackknife_that_leaves_all_errors_to_the_second_stage_is_refused() -> None:
    made = numbers()
    villages = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3])
    stages = (np.full(10, 4), np.full(10, 10))
    design = survey_design(clusters=(villages, np.arange(10)), population=stages)
    assert plainly(made, "mean", "q1", design=design).everybody.se
    with pytest.raises(CannotComputeError) as refusal:
        plainly(made, "mean", "q1", design=design, method=JACKKNIFE)
    assert refusal.value.code == "jackknife_of_whole_stage"


@pytest.mark.parametrize("letter", ["A", "B"])
def test_where_nothing_varies_jackknife_and_taylor_say_the_same(letter: str) -> None:
    """0.8 of everybody, whose jackknife is rounding."""
    made = answered(letter * 10)
    design = survey_design(weights=[1.1, 2.3, 3.7, 0.9, 1.3, 2.2, 1.7, 3.1, 0.6, 1.9])
    what = estimand(made.questionnaire, "mean", "q1", plans={"q1": plan()})
    taylor, jackknifed = (
        population_estimates(made, design, what, method=method).everybody
        for method in (Method(), JACKKNIFE)
    )
    assert jackknifed == taylor
    assert "no_variance" in taylor.notes and taylor.deff is None and taylor.low != taylor.high


def test_a_mean_is_that_of_the_summary_with_rows_of_weight_0_in_raked_weights() -> None:
    made = two_answers("AB" * 12, "XXYY" * 6)
    rng = np.random.default_rng(4)
    values = rng.integers(0, 9, 24).tolist()
    questions = [{"code": "q3", "text": "人口", "kind": "integer"}]
    numbered = pack_all(build(questions), [{"q3": value} for value in values])
    weights = np.where(np.arange(24) % 6 == 5, 0, rng.uniform(1, 30, 24))
    codes = [made.columns[code].astype(np.intp) - made.columns[code].min() for code in ("q1", "q2")]
    margins = [Margin("甲", codes[0], [400, 600]), Margin("乙", codes[1], [300, 700])]
    design = rake(survey_design(weights=weights), margins)
    row = plainly(numbered, "mean", "q3", design=design).everybody
    told = summarise(numbered, design=design)[0].questions[0].statistics
    ends = (told["mean"], told["standard_error"], told["mean_low"], told["mean_high"])
    assert (row.value, row.se, row.low, row.high) == pytest.approx(ends, rel=1e-12)
    kept = weights > 0
    w, y = design.weights[kept], np.array(values)[kept]
    z = y - w @ y / w.sum()
    cross = np.column_stack([codes[0][kept] == 0, codes[0][kept] == 1, codes[1][kept] == 0])
    explained = cross @ np.linalg.lstsq(cross.astype(float), z, rcond=None)[0]
    u = np.zeros(24)
    u[kept] = w * (z - explained) / w.sum()
    assert row.se == pytest.approx((24 / 23 * np.sum((u - u.mean()) ** 2)) ** 0.5, rel=1e-6)


def test_a_value_below_0_that_has_no_weight_does_not_let_the_interval_go_below_0() -> None:
    made = pack_all(
        build([{"code": "q3", "text": "人口", "kind": "integer"}]),
        [{"q3": value} for value in (0, 0, 0, 9, -40)],
    )
    row = plainly(made, "mean", "q3", design=survey_design(weights=[1, 1, 1, 1, 0])).everybody
    assert (row.n, row.low) == (4, 0)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("values", [[0, 0, 0, 9], [-1, 0, 0, 9]])
def test_an_interval_of_a_mean_is_cut_at_0_in_the_summary_as_well(
    values: list[int], weighted: bool
) -> None:
    questions = [{"code": "q3", "text": "人口", "kind": "integer"}]
    made = pack_all(build(questions), [{"q3": value} for value in values])
    design = survey_design(weights=[1, 2, 1, 1]) if weighted else survey_design(4)
    row = plainly(made, "mean", "q3", design=design).everybody
    told = summarise(made, design=design if weighted else None)[0].questions[0].statistics
    assert (told["mean_low"], told["mean_high"]) == pytest.approx((row.low, row.high), rel=1e-12)
    assert (told["mean_low"] == 0) == (min(values) == 0) and told["mean_low"] <= 0


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "of", "over", "code"),
    [
        ("median", "q1", "", "unknown_choice"),
        ("share", "q9.A", "", "unknown_term"),
        ("share", "q1.Z", "", "unknown_term"),
        ("share", "", "", "unknown_term"),
        ("share", "q1.", "", "unknown_term"),
        ("share", "q1", "", "needs_option"),
        ("count", "q3", "", "needs_option"),
        ("mean", "q1", "", "needs_number_or_plan"),
        ("mean", "q1.E", "", "needs_number_or_plan"),
        ("total", "q1.E", "", "needs_number"),
        ("ratio", "q4", "", "ratio_needs_over"),
        ("ratio", "q4", "q4", "same_terms"),
        ("ratio", "q4", "q1", "needs_number"),
        ("mean", "q4", "q5", "only_ratio_has_over"),
    ],
)
def test_what_does_not_go_together_is_refused(measure: str, of: str, over: str, code: str) -> None:
    with pytest.raises(CannotComputeError) as refusal:
        estimand(build(QUESTIONS), measure, of, over)
    assert refusal.value.code == code
    assert refusal.value.text("zh") != refusal.value.text("en")


@pytest.mark.parametrize(
    ("what", "method", "code"),
    [
        (("mean", "q3"), Method(interval="logit"), "interval_method"),
        (("share", "q1.E"), Method(interval="jeffreys"), "interval_method"),
        (("mean", "q3"), Method(level=1.0), "level_out_of_range"),
        (("mean", "q3"), Method(variance="bootstrap"), "unknown_choice"),  # type: ignore[arg-type]
    ],
)
def test_methods_that_do_not_suit_are_refused(what: Any, method: Method, code: str) -> None:
    with pytest.raises(CannotComputeError) as refusal:
        of_api("clus1", *what, method=method)
    assert refusal.value.code == code


def test_nobody_is_refused() -> None:
    made = pack_all(build(QUESTIONS), [])
    with pytest.raises(CannotComputeError):
        population_estimates(made, None, estimand(made.questionnaire, "share", "q1.E"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", GRID_FORMATS)
def test_every_format_can_be_written_without_nan(form: str, language: str) -> None:
    found = plainly(numbers(), "ratio", "q1", "q2", by="area")
    content = GRID_FORMATS[form].render(estimate_report(found, language), language)
    if GRID_FORMATS[form].is_text:
        text = content.decode("utf-8-sig")
        assert "nan" not in text.casefold() and "None" not in text
        if form == "json":
            assert json.loads(text)["groups"][2]["se"] is None
