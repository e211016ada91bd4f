"""Scales and plans through the functions that pages and commands call, against R and by hand."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from api_samples import GOLDEN, listed, reference

from analysis.planning import Assumptions, allocate, compare_shares, reached, sample_plan
from analysis.refusals import CannotComputeError
from analysis.reports.grid_files import GRID_FORMATS
from analysis.reports.planning_file import planning_file, reached_grid
from analysis.reports.scale_file import reading, scale_file
from analysis.responses import Responses
from analysis.scales import scale_report
from surveys.definition import Questionnaire
from surveys.records import FIRST_OPTION

R = reference("reliability")["attitude"]["complete_cases"]
SIZES = reference("sample_size")


def survey(values: pd.DataFrame, kind: str = "scale") -> Responses:
    """Numbers as places of options: option 1 is the highest number, so that codes keep order."""
    top = int(values.max().max())
    options = [{"code": f"{top - i}", "text": str(top - i)} for i in range(top)]
    questions = [
        {"code": name, "text": name, "kind": kind, "options": options} for name in values.columns
    ]
    made = Questionnaire.model_validate(
        {
            "slug": "t",
            "version": 1,
            "title": "测试",
            "audiences": ["recipient"],
            "consent": {"version": "1", "text": "同意"},
            "questions": questions,
        }
    )
    places = top - values.fillna(top + FIRST_OPTION - 1).astype(int) + FIRST_OPTION
    columns = {name: places[name].to_numpy().astype(np.uint8) for name in values.columns}
    return Responses(made, columns, len(values))


@pytest.fixture(scope="module")
def attitude() -> Responses:
    return survey(pd.read_csv(GOLDEN / "attitude.csv"))


def test_coefficients_are_those_of_r(attitude: Responses) -> None:
    found = scale_report(attitude)
    assert found.alpha and found.omega and found.kmo and found.bartlett
    assert (found.n, found.refusals) == (30, ())
    ends = [found.alpha.interval.low, found.alpha.interval.high]
    assert [found.alpha.alpha, *ends] == pytest.approx([R["alpha"], *R["feldt_ci95"]], rel=1e-9)
    assert found.alpha.if_deleted == pytest.approx(listed(R["alpha_if_deleted"]), rel=1e-9)
    assert found.alpha.item_rest == pytest.approx(listed(R["corrected_item_total_r"]), rel=1e-9)
    omega = R["ml_one_factor"]["omega_total_standardized"]
    assert found.omega.standardised == pytest.approx(omega, rel=1e-7)
    assert found.kmo.overall == pytest.approx(R["KMO"]["overall"], rel=1e-9)
    assert found.kmo.items == pytest.approx(listed(R["KMO"]["items"]), rel=1e-9)
    assert found.bartlett.statistic == pytest.approx(R["bartlett"]["chisq"], rel=1e-9)


def test_a_reversed_item_gives_the_same_coefficients_as_its_mirror(attitude: Responses) -> None:
    frame = pd.read_csv(GOLDEN / "attitude.csv")
    top = int(frame.max().max())
    turned = survey(frame.assign(learning=top + 1 - frame["learning"]))
    plain, found = scale_report(attitude), scale_report(turned, reverse=("learning",))
    assert found.alpha and plain.alpha
    assert found.alpha.alpha == pytest.approx(plain.alpha.alpha, rel=1e-12)
    without = scale_report(turned)
    assert "反向" in "".join(reading(without)) and "learning" in "".join(reading(without))


def test_means_count_the_first_option_highest(attitude: Responses) -> None:
    frame = pd.read_csv(GOLDEN / "attitude.csv")
    means = {item.code: item.mean for item in scale_report(attitude).items}
    assert means == pytest.approx(frame.mean().to_dict())


def test_readings_cite_their_rules_of_thumb(attitude: Responses) -> None:
    """R: alpha 0.843, KMO 0.77, see tests/golden/reliability.json."""
    file = scale_file(scale_report(attitude))
    told = " ".join([*file.lines, *file.notes])
    assert f"α = {R['alpha']:.3f}" in told and "内部一致性良好" in told
    assert "Nunnally（1978）" in told and "Kaiser（1974）" in told


@pytest.mark.parametrize(
    ("items", "code"), [((), "one_item"), (("rating",), "one_item"), (("zero", "rating"), None)]
)
def test_too_few_or_unknown_items(attitude: Responses, items: tuple[str, ...], code: str) -> None:
    if code is None:
        with pytest.raises(CannotComputeError):
            scale_report(attitude, items)
        return
    found = scale_report(attitude, items)
    assert [(part, why.code) for part, why in found.refusals] == [("items", code)]
    assert "不适用" in "".join(reading(found)) and "Not applicable" in "".join(reading(found, "en"))


def test_two_items_have_no_kmo_whatever_they_say(attitude: Responses) -> None:
    """Of two items q = r, so that r²/(r² + q²) is 0.5 and its verdict a matter of rounding."""
    found = scale_report(attitude, ("rating", "learning"))
    assert found.kmo is None and found.alpha is not None and found.bartlett is not None
    told = " ".join(reading(found))
    assert "只有 2 个量表题，至少需要 3 个" in told and "KMO = " not in told


def test_reversing_what_is_not_chosen_is_refused(attitude: Responses) -> None:
    with pytest.raises(CannotComputeError) as refused:
        scale_report(attitude, ("rating", "learning"), reverse=("raises",))
    assert refused.value.text("zh") == "反向计分的 raises 不在选用的题目中"


def test_single_choices_are_named_for_nobody_said_that_they_are_in_order() -> None:
    single = survey(pd.read_csv(GOLDEN / "attitude.csv"), "single")
    told = " ".join(reading(scale_report(single, ("rating", "learning"))))
    assert "rating、learning 是单选题" in told
    assert "是单选题" not in " ".join(reading(scale_report(survey_of_scales())))


def survey_of_scales() -> Responses:
    return survey(pd.read_csv(GOLDEN / "attitude.csv"))


def test_the_interval_of_alpha_can_be_read_below_zero() -> None:
    """Two items that run against each other: alpha and its interval are negative."""
    turned = survey(pd.DataFrame({"a": [1, 2, 3, 4, 5, 1], "b": [5, 4, 3, 2, 2, 4]}))
    assert re.search(r"95% 区间 -[\d.]+ 至 -?[\d.]+", " ".join(reading(scale_report(turned))))


def test_a_file_without_items_has_no_empty_table(attitude: Responses) -> None:
    assert scale_file(scale_report(attitude, ())).grids == ()


def test_blanks_leave_a_response_out(attitude: Responses) -> None:
    frame = pd.read_csv(GOLDEN / "attitude.csv").astype(float)
    frame.loc[0, "rating"] = np.nan
    found = scale_report(survey(frame))
    assert (found.n, found.n_given) == (29, 30)
    inside = np.arange(30) > 9
    assert scale_report(survey(frame), inside=inside).n_given == 20


@pytest.mark.parametrize("case", SIZES["with_fpc_e05"], ids=lambda case: f"N{case['N']}")
def test_sizes_of_groups_are_those_of_the_reference(case: dict[str, float]) -> None:
    plan = sample_plan(Assumptions(), groups=[("甲", int(case["N"]))])
    assert plan.total.responses == plan.groups[0].alone.responses == case["n"]
    assert plan.groups[0].part == case["n"]
    assert plan.groups[0].alone.finite == pytest.approx(case["n_exact"], rel=1e-9)


@pytest.mark.parametrize("case", SIZES["cochran"], ids=str)
def test_size_without_a_population(case: dict[str, float]) -> None:
    plan = sample_plan(Assumptions(case["e"], case["p"], case["conf"]))
    assert plan.total.responses == case["n"]


@pytest.mark.parametrize("case", SIZES["power_prop_test"], ids=str)
def test_comparison_is_that_of_the_reference(case: dict[str, float]) -> None:
    shares = (case["p1"], case["p2"])
    found = compare_shares(*shares, case["power"], significance=case["sig"])
    assert found.size == pytest.approx(case["n_per_group"], rel=1e-7)
    assert found.per_group == math.ceil(case["n_per_group"])
    again = compare_shares(*shares, case["power"], significance=case["sig"], n=found.per_group)
    assert again.reached is not None and again.reached >= case["power"]
    double = compare_shares(*shares, case["power"], significance=case["sig"], design_effect=2)
    assert double.size == pytest.approx(2 * case["n_per_group"], rel=1e-7)


def test_allocation_keeps_the_total_and_rounds_the_largest_remainders_up() -> None:
    assert allocate(10, [1, 1, 1]) == [4, 3, 3]
    assert allocate(100, [505, 305, 190]) == [51, 30, 19]
    assert allocate(7, [0, 10]) == [0, 7]
    assert allocate(0, [5, 5]) == [0, 0]
    assert allocate(5, []) == []


def test_effect_and_response_rate_raise_what_is_needed() -> None:
    """n0 = 1.96² 0.25 / 0.05² = 384.15; of 12,000 that is 372.26; times 1.5: 558.4; / 0.8: 698."""
    plan = sample_plan(Assumptions(design_effect=1.5, response_rate=0.8), 12_000)
    steps = (plan.total.simple, plan.total.finite, plan.total.needed, plan.total.to_invite)
    assert steps == pytest.approx((384.1459, 372.2601, 558.3901, 697.9876), abs=1e-4)
    assert (plan.total.responses, plan.total.invitations) == (559, 698)


def test_small_parts_are_named_and_margins_stand_beside_them() -> None:
    plan = sample_plan(Assumptions(), groups=[("大县", 9_900), ("小县", 100)])
    report = planning_file(plan)
    assert any("不足 30 份" in line and "小县" in line for line in report.lines)
    small = plan.groups[1]
    assert (small.part, small.alone.responses) == (4, 80)
    wanted = 1.959963984540054 * math.sqrt(0.25 / 4 * 96 / 99)
    assert small.part_margin == pytest.approx(wanted)


def test_a_group_without_responses_has_no_margin() -> None:
    rows = reached(Assumptions(), [("甲", 40, 0), ("乙", 0, 1)])
    assert rows[0].margin is None and rows[1].planned_margin is None
    assert rows[0].planned_margin == pytest.approx(1.959963984540054 / 2 / math.sqrt(40))
    assert reached_grid(rows).rows[0][4].text() == "—"  # type: ignore[union-attr]


@pytest.mark.parametrize("form", GRID_FORMATS)
def test_every_format_is_made_in_both_languages(attitude: Responses, form: str) -> None:
    reports = (
        planning_file(sample_plan(Assumptions(), groups=[("=1+1", 500)])),
        planning_file(None, compare_shares(0.8, 0.7, n=100)),
        scale_file(scale_report(attitude)),
        scale_file(scale_report(attitude, ("rating",))),
    )
    for report in reports:
        content = GRID_FORMATS[form].render(report, "zh")
        assert content
        assert b"nan" not in content.lower() or not GRID_FORMATS[form].is_text
        if form == "csv":
            assert b"\r\n=1" not in content
        if form == "json":
            json.loads(content)


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0.0},
        {"share": 1.0},
        {"level": 1.0},
        {"design_effect": 0.0},
        {"response_rate": 1.5},
    ],
)
def test_figures_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(CannotComputeError):
        sample_plan(Assumptions(**wrong), 100)


def test_groups_that_are_an_area_and_an_audience_have_both_names_in_english() -> None:
    names = ["全部", "未注明区域", "未注明调查对象", "未注明区域　未注明调查对象", "顺庆区　低保户"]
    rows = reached(Assumptions(), [(name, 0, 100) for name in names])
    assert [row[0] for row in reached_grid(rows).rows] == names
    assert [row[0] for row in reached_grid(rows, "en").rows] == [
        "All",
        "Area not stated",
        "Audience not stated",
        "Area not stated, Audience not stated",
        "顺庆区, Recipients",
    ]
