"""Index, rate and score by group with their uncertainty: golden designs, exact scores, edges."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from scipy import stats

from analysis.designs import Design, survey_design
from analysis.plans import ScoringPlan
from analysis.responses import Labels, Responses
from analysis.satisfaction import read_plan, score
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.tabulate import UnknownGroupingError, summarise
from surveys.definition import Questionnaire
from surveys.records import columns, pack

R = reference("survey_designs")
DESIGNS = sorted(R)
LEVELS = "EDCBA"
"""sat = 1 is option E with pᵢ = 0, sat = 5 is option A with pᵢ = 1: the index is sat100/100."""
QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "q1",
        "text": "是否满意",
        "kind": "scale",
        "options": [
            *({"code": c, "text": c} for c in "ABCDE"),
            {"code": "U", "text": "不清楚", "meaning": "dont_know"},
        ],
    },
    {
        "code": "q2",
        "text": "收入来源",
        "kind": "multiple",
        "options": [{"code": c, "text": c} for c in "XYZ"],
    },
]
EVEN = {"A": 1, "B": 0.75, "C": 0.5, "D": 0.25, "E": 0}


def questionnaire() -> Questionnaire:
    return Questionnaire.model_validate(
        {
            "slug": "small",
            "version": 1,
            "title": "小问卷",
            "audiences": ["recipient"],
            "consent": {"version": "1", "text": "自愿参加。"},
            "questions": QUESTIONS,
        }
    )


def plan(**fields: Any) -> ScoringPlan:
    given: dict[str, Any] = {"weights": EVEN, "top": ["A", "B"], "points": 3}
    return read_plan(given | fields, questionnaire().by_code["q1"])


def answered(letters: str, groups: str = "", ticks: list[str] | None = None) -> Responses:
    """One response per letter (- for a blank), the area given by the letter in `groups`."""
    ticked = ticks or [""] * len(letters)
    answers = [
        {k: v for k, v in (("q1", letter.strip("-")), ("q2", list(boxes))) if v}
        for letter, boxes in zip(letters, ticked, strict=True)
    ]
    made = questionnaire()
    records = b"".join(pack(made, answer, None) for answer in answers)
    names = tuple(sorted(set(groups)))
    codes = np.array([names.index(group) for group in groups], dtype=int)
    areas = {"area": Labels(codes, names)} if groups else {}
    return Responses(made, columns(made, records), len(letters), areas)


def api(name: str) -> Responses:
    frame = schools(name)
    letters = "".join(LEVELS[sat - 1] for sat in frame["sat"])
    return answered(letters, "".join(frame["stype"]))


def by_area(letters: str, groups: str, design: Design | None = None, **fields: Any) -> Satisfaction:
    made = answered(letters, groups)
    return satisfaction_by(made, design or survey_design(made.n), plan(**fields), "area")


@pytest.mark.parametrize("name", DESIGNS)
def test_everybody_has_the_mean_and_the_interval_of_r(name: str) -> None:
    found = satisfaction_by(api(name), design_of(name), plan()).everybody
    wanted = R[name]["svymean_sat_scores"]
    assert found.index == pytest.approx(wanted["estimate"]["sat100"] / 100, rel=1e-9)
    ends = [end / 100 for end in wanted["ci95_t_degf"][1]]
    assert [found.index_low, found.index_high] == pytest.approx(ends, rel=1e-9)
    assert found.rate == pytest.approx(wanted["estimate"]["top2"], rel=1e-9)
    of_rate = R[name]["svyciprop"]["top2"]["wilson"]["ci95"]
    assert [found.rate_low, found.rate_high] == pytest.approx(of_rate, rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_groups_have_the_means_and_standard_errors_of_r(name: str) -> None:
    found = satisfaction_by(api(name), design_of(name), plan(), "area")
    for column, key in (("sat100", "index"), ("top2", "rate")):
        wanted = R[name][f"svyby_{column}_stype"]
        scale = 100 if column == "sat100" else 1
        assert [g.label for g in found.groups] == wanted["group"]
        means = [mean / scale for mean in wanted["mean"]]
        assert [getattr(g, key) for g in found.groups] == pytest.approx(means, rel=1e-9)
        estimates = getattr(found.domain, key)
        assert estimates.se * scale == pytest.approx(wanted["se"], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_interval_of_a_group_is_t_with_the_degrees_of_freedom_of_its_own_units(name: str) -> None:
    frame, wanted = schools(name), R[name]["svyby_sat100_stype"]
    found = satisfaction_by(api(name), design_of(name), plan(), "area")
    units = "dnum" if name == "clus1" else "snum"
    for group, mean, se in zip(found.groups, wanted["mean"], wanted["se"], strict=True):
        inside = frame[frame["stype"] == group.label]
        half = stats.t.ppf(0.975, inside[units].nunique() - 1) * se
        assert group.units == inside[units].nunique()
        assert group.index_low == pytest.approx(max(mean - half, 0) / 100, rel=1e-9)
        assert group.index_high == pytest.approx(min(mean + half, 100) / 100, rel=1e-9)
        assert group.margin == pytest.approx(half / 100, rel=1e-9)


def test_domain_of_a_filter_keeps_the_design_as_r_does() -> None:
    inside = (schools("clus1")["sch.wide"] == "No").to_numpy()
    found = satisfaction_by(api("clus1"), design_of("clus1"), plan(), inside=inside)
    wanted = R["clus1"]["skip_base_sch.wide_No"]
    assert found.everybody.n == wanted["n"]
    ends = [end / 100 for end in wanted["sat100"]["ci95_t_degf"][0]]
    assert [found.everybody.index_low, found.everybody.index_high] == pytest.approx(ends, rel=1e-9)


def test_design_effect_is_that_of_r_and_effective_n_follows() -> None:
    found = satisfaction_by(api("clus1"), design_of("clus1"), plan()).everybody
    se = R["clus1"]["svymean_sat_scores"]["se"]["sat100"]
    values = schools("clus1")["sat100"]
    deff = se**2 / (values.var(ddof=1) / len(values))
    assert found.deff == pytest.approx(deff, rel=1e-9)
    assert found.effective_n == pytest.approx(len(values) / deff, rel=1e-9)


SIMPLE = "AAAABBBCCDAEBA-UUABAACB-AABCDEAAABBA"


@pytest.mark.parametrize("treatment", ["exclude", "zero", 0.6])
def test_simple_sample_equals_the_score_exactly(treatment: Any) -> None:
    made, chosen = answered(SIMPLE), plan(dont_know=treatment, blank=treatment)
    (table, _) = summarise(made)[0].questions
    wanted = score(chosen, table)
    found = satisfaction_by(made, survey_design(made.n), chosen).everybody
    assert (found.n, found.left_out) == (wanted.base, wanted.excluded)
    assert Decimal(repr(found.index)) == pytest.approx(wanted.index, abs=Decimal("1e-15"))
    assert found.index == float(wanted.index or 0)
    assert found.rate == pytest.approx(float(wanted.rate or 0), rel=1e-15)
    assert found.score == float(wanted.score or 0)
    if treatment != "exclude":
        assert found.low == pytest.approx(wanted.low, rel=1e-12)
        assert found.high == pytest.approx(wanted.high, rel=1e-12)


def test_interval_of_a_simple_sample_is_students() -> None:
    letters = "AAAABBBCCDAEBA"
    found = satisfaction_by(answered(letters), survey_design(len(letters)), plan()).everybody
    values = [EVEN[letter] for letter in letters]
    low, high = stats.t.interval(0.95, 13, np.mean(values), stats.sem(values))
    assert (found.index_low, found.index_high) == pytest.approx((low, high), rel=1e-12)


def test_weights_count_as_inverse_probabilities() -> None:
    weights = np.array([1.0, 3.0, 2.0, 2.0])
    found = satisfaction_by(answered("ABEA"), survey_design(4, weights=weights), plan()).everybody
    values = np.array([1, 0.75, 0, 1])
    mean = (weights * values).sum() / 8
    errors = weights * (values - mean) / 8
    se = math.sqrt(4 / 3 * (errors**2).sum())
    assert found.index == pytest.approx(mean, rel=1e-12)
    assert found.index_low == pytest.approx(max(0, mean - stats.t.ppf(0.975, 3) * se), abs=1e-12)


def test_index_that_reaches_a_band_is_in_it_with_and_without_weights() -> None:
    """Full points begin at 90%; in floats this weighted quotient of 0.9 comes out below."""
    weights = np.array([1.5, 1.1, 0.7, 1.6, 0.7, 1.0, 0.4, 0.9, 0.9875, 0.9875])
    assert weights @ np.array([1] * 8 + [0.5] * 2) / weights.sum() < 0.9
    made, chosen = answered("A" * 8 + "C" * 2), plan(point_rule="bands")
    for given in (None, weights):
        found = satisfaction_by(made, survey_design(10, weights=given), chosen).everybody
        assert (found.index, found.score) == (0.9, 3)


def test_multiple_choice_makes_overlapping_domains() -> None:
    ticks = ["XY", "X", "Y", "", "XYZ", "X", "Y", "XY"]
    letters = "AABBCADE"
    found = satisfaction_by(answered(letters, ticks=ticks), survey_design(8), plan(), "q2")
    assert [group.label for group in found.groups] == ["X.X", "Y.Y", "Z.Z"]
    for option, group in zip("XYZ", found.groups, strict=True):
        own = [EVEN[one] for one, boxes in zip(letters, ticks, strict=True) if option in boxes]
        assert group.n == len(own)
        assert group.index == pytest.approx(sum(own) / len(own), rel=1e-12)


def test_overlapping_groups_have_the_covariance_of_their_common_responses() -> None:
    ticks, letters = ["XY", "X", "Y", "XY", "X", "Y"], "ABCDEA"
    found = satisfaction_by(answered(letters, ticks=ticks), survey_design(6), plan(), "q2")
    values = np.array([EVEN[letter] for letter in letters])
    members = np.array([[option in boxes for boxes in ticks] for option in "XY"], dtype=float)
    means = members @ values / members.sum(axis=1)
    errors = members * (values - means[:, None]) / members.sum(axis=1)[:, None]
    assert found.domain.index is not None
    np.testing.assert_allclose(found.domain.index.covariance, 6 / 5 * errors @ errors.T, rtol=1e-12)
    assert found.domain.shared_units[:2, :2].tolist() == [[4, 2], [2, 4]]
    assert found.domain.degrees_of_freedom(0, 1) == 5


def test_overlapping_groups_share_clusters() -> None:
    ticks, letters = ["XY", "X", "Y", "Y", "X", "Y"], "ABCDEA"
    design = survey_design(6, clusters=np.array([1, 1, 2, 3, 4, 4]))
    found = satisfaction_by(answered(letters, ticks=ticks), design, plan(), "q2")
    assert found.domain.shared_units[:2, :2].tolist() == [[2, 2], [2, 4]]
    assert found.domain.degrees_of_freedom(0, 1) == 3


def test_degrees_of_freedom_are_units_less_strata_of_the_groups() -> None:
    strata = np.array([1, 1, 1, 2, 2, 2, 3, 3])
    made = answered("ABCDEABC", "xxxxyyyy")
    found = satisfaction_by(made, survey_design(8, strata=strata), plan(), "area")
    assert [found.domain.degrees_of_freedom(i, i) for i in (0, 1)] == [4 - 2, 4 - 2]
    assert found.domain.degrees_of_freedom(0, 1) == 8 - 3


def test_empty_group_has_no_figures_and_says_so() -> None:
    found = by_area("AAB-U", "xxxyy")
    empty = found.groups[1]
    assert (empty.n, empty.left_out, empty.notes) == (0, 2, ("empty",))
    assert empty.index is empty.rate is empty.score is empty.low is empty.margin is None
    assert empty.ranks is None and found.groups[0].ranks is None
    assert found.ranked == ""


def test_question_that_nobody_answered_has_no_figures() -> None:
    found = by_area("---", "xxy")
    assert [row.notes for row in found.rows] == [("empty",)] * 3


def test_single_response_has_no_error_and_all_values_are_possible() -> None:
    one = by_area("AABBA", "xxxxy").groups[1]
    assert (one.n, one.units, one.margin) == (1, 1, None)
    assert (one.index_low, one.index_high) == (0, 1)
    assert (one.low, one.high) == (0, 3)
    assert one.notes == ("one_unit", "small")


def test_group_within_one_cluster_has_no_error_either() -> None:
    clusters = np.array([1, 1, 1, 2, 2, 3, 3])
    found = by_area("AABBACD", "xxxyyyy", survey_design(7, clusters=clusters))
    assert found.groups[0].units == 1
    assert "one_unit" in found.groups[0].notes
    assert (found.groups[0].index_low, found.groups[0].index_high) == (0, 1)
    assert found.groups[0].ranks == (1, 2)


def test_all_answers_alike_have_wilsons_interval() -> None:
    found = by_area("A" * 40 + "B" * 3, "x" * 40 + "y" * 3).groups[0]
    z = stats.norm.ppf(0.975)
    assert found.index_low == pytest.approx(40 / (40 + z * z), rel=1e-12)
    assert found.index_high == 1
    assert found.notes == ("same_answers",)
    assert 0 < found.margin < 0.1


def test_group_of_weight_0_has_no_figures_and_says_why() -> None:
    weights = np.array([1, 2, 1, 0, 0.0])
    found = by_area("AABBA", "xxxyy", survey_design(5, weights=weights)).groups[1]
    assert (found.n, found.index, found.notes) == (0, None, ("zero_weight",))


def test_groups_under_30_and_much_dont_know_are_warned_about() -> None:
    found = by_area("AB" * 15 + "AAAUC" * 2, "x" * 30 + "y" * 10)
    assert found.groups[0].notes == ()
    assert found.groups[1].notes == ("small", "much_dont_know")
    assert found.groups[1].dont_know == 0.2
    assert by_area("AB" * 14 + "A" + "C", "x" * 29 + "y").groups[0].notes == ("small",)


def test_no_number_is_nan_or_infinite_whatever_the_group() -> None:
    weights = np.array([1, 2, 1, 0, 1, 1, 1.0])
    found = by_area("AA-BAEU", "xxyyzww", survey_design(7, weights=weights))
    for row in found.rows:
        numbers = [value for value in vars(row).values() if isinstance(value, float)]
        assert all(map(math.isfinite, numbers)), row


def test_ranks_hold_all_at_once() -> None:
    letters = "A" * 60 + "E" * 60 + ("A" * 30 + "E" * 30) * 2
    found = by_area(letters, "p" * 60 + "q" * 60 + "r" * 60 + "s" * 60)
    assert [group.ranks for group in found.groups] == [(1, 1), (4, 4), (2, 3), (2, 3)]
    assert found.ranked == "partly"


def ends_at(level: float, letters: str, n: int) -> tuple[float, float]:
    """Interval of a group in a simple sample of n, by hand."""
    values, size = [EVEN[one] for one in letters], len(letters)
    se = math.sqrt(n / (n - 1) * np.var(values) / size)
    half = stats.t.ppf((1 + level) / 2, size - 1) * se
    return float(np.mean(values) - half), float(np.mean(values) + half)


def test_ranks_use_intervals_of_the_bonferroni_level() -> None:
    """Intervals of 95% do not overlap, those of 97.5%, as two groups need, do."""
    first, second = "A" * 18 + "E" * 12, "A" * 7 + "E" * 23
    assert ends_at(0.95, first, 60)[0] > ends_at(0.95, second, 60)[1]
    assert ends_at(0.975, first, 60)[0] < ends_at(0.975, second, 60)[1]
    found = by_area(first + second, "x" * 30 + "y" * 30)
    assert [group.ranks for group in found.groups] == [(1, 2), (1, 2)]
    assert found.ranked == "none"


def test_unknown_grouping_is_refused() -> None:
    with pytest.raises(UnknownGroupingError):
        satisfaction_by(answered("AB"), survey_design(2), plan(), "q9")
