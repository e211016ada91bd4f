"""Plans that meet the end of the population, and figures that no survey can follow."""

from __future__ import annotations

import math

import pytest

from analysis import sampling
from analysis.planning import Assumptions, compare_shares, sample_plan
from analysis.refusals import CannotComputeError
from analysis.reports.planning_file import groups_grid, plan_lines

Z = 1.959963984540054
SIMPLE = Z * Z * 0.25 / 0.05**2
FINITE = SIMPLE / (1 + (SIMPLE - 1) / 300)


def test_a_design_effect_beyond_the_population_asks_everybody_and_says_so() -> None:
    plan = sample_plan(Assumptions(design_effect=5), 300)
    assert plan.total.needed == pytest.approx(5 * FINITE)
    assert (plan.total.responses, plan.total.invitations) == (300, 300)
    told = " ".join(plan_lines(plan))
    assert f"得 {5 * FINITE:.2f}。超过总体 300，须全部调查" in told
    assert "得 300.00" not in told and "达不到" not in told


def test_a_response_rate_that_cannot_bring_enough_is_told_with_what_it_brings() -> None:
    plan = sample_plan(Assumptions(response_rate=0.5), 300)
    assert plan.total.responses == math.ceil(FINITE) == 169
    assert not plan.total.is_reachable and plan.expected == 150
    margin = 100 * Z * math.sqrt(0.25 / 150 * 150 / 299)
    told = plan_lines(plan)
    assert "达不到" in told[0] and "约 150 份" in told[0] and f"±{margin:.2f}" in told[0]
    assert f"得 {2 * FINITE:.2f}。超过总体 300，全部发放也不够" in " ".join(told)
    assert "cannot be reached" in plan_lines(plan, "en")[0]


def test_enough_people_leave_the_sentences_as_they_were() -> None:
    plan = sample_plan(Assumptions(design_effect=1.5, response_rate=0.8), 12_000)
    told = " ".join(plan_lines(plan))
    assert plan.total.is_reachable and "需要 559 份有效答卷（发放或走访 698 户）" in told
    assert "超过总体" not in told


def test_hardly_any_response_has_no_margin_to_tell() -> None:
    told = plan_lines(sample_plan(Assumptions(response_rate=0.01), 20))
    assert "连一份都难以收回" in told[0] and "—" not in told[0]


def test_groups_that_cannot_be_reported_alone_are_named() -> None:
    plan = sample_plan(Assumptions(response_rate=0.6), groups=[("大县", 9_000), ("小县", 100)])
    assert any("达不到这个误差的组：小县" in line for line in plan_lines(plan))
    assert not any("单独达到这个误差，共需" in line for line in plan_lines(plan))
    assert groups_grid(plan).rows[1][-1] == "单独报告达不到"


def test_parts_are_of_the_responses_that_can_come_in() -> None:
    plan = sample_plan(Assumptions(response_rate=0.5), groups=[("甲县", 200), ("乙县", 100)])
    assert [group.part for group in plan.groups] == [100, 50]
    margin = Z * math.sqrt(0.25 / 100 * 100 / 199)
    assert plan.groups[0].part_margin == pytest.approx(margin)


def test_more_responses_than_people_are_refused() -> None:
    with pytest.raises(CannotComputeError) as caught:
        Assumptions().reached(100, 50)
    assert "100 多于总体 50" in caught.value.text("zh")
    assert Assumptions().reached(50, 50) == 0


@pytest.mark.parametrize("margin", [1e-11, 0.00009])
def test_margins_that_nobody_can_reach_are_refused(margin: float) -> None:
    with pytest.raises(CannotComputeError) as caught:
        sample_plan(Assumptions(margin))
    assert caught.value.code == "margin_too_small"
    assert sample_plan(Assumptions(0.0001)).total.responses < 10**8


def test_differences_that_nobody_can_find_are_refused() -> None:
    with pytest.raises(CannotComputeError) as caught:
        compare_shares(0.6, 0.6000001)
    assert caught.value.code == "difference_too_small"


def test_sizes_without_a_population_are_always_reachable() -> None:
    found = sampling.cochran(0.05, design_effect=100, response_rate=0.01)
    assert found.is_reachable and not found.asks_all
