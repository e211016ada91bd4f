"""The page of a dataset shows what later arrivals do to the evaluation, beside the scores."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.filled import answers, page, store
from tests.app.test_evaluation_pages import send
from tests.app.test_evaluation_parts_pages import list_of
from tests.app.test_frozen_scorecard import evaluator
from tests.app.test_plan_page import ADDRESS as PLAN_PAGE
from tests.app.test_plan_page import VALUES as PLAN
from tests.app.test_report_page import DATASETS, post
from tests.conftest import World

__all__ = ["evaluator"]


def effect(client: FlaskClient) -> str:
    """The part of the page on the evaluation, as words."""
    text = page(client, f"{DATASETS}/1").partition("对评价得分的影响</h2>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def frozen(evaluator: FlaskClient) -> FlaskClient:
    """Frozen at 4 (A) + 2 (B) + 10 (C: four of four 非常满意) = 16."""
    assert post(evaluator, DATASETS).status_code == 303
    return evaluator


def test_nothing_is_told_while_nothing_came(frozen: FlaskClient) -> None:
    assert "没有变化：各指标按现在的答卷计分与冻结时相同" in effect(frozen)


def test_later_arrival_changes_indicator_total_and_grade(world: World, frozen: FlaskClient) -> None:
    """One 很不满意 more: 4×1/5×10 = 8, so 14 of 20 and no longer 16."""
    store(world, answers(9, q18="D"))
    told = effect(frozen)
    first, later = "(4×1.0+0×0.8+0×0.3+0×0)/4×10 = 10", "(4×1.0+0×0.8+0×0.3+1×0)/5×10 = 8"
    assert f"10 {first} -2 0 8 {later} 0 8 -2" in told
    assert "16 良 -2 0 14 中 0 14 中 -2" in told.partition("总分")[2]


def test_later_arrival_changes_every_sub_project_and_their_combined_total(
    world: World, evaluator: FlaskClient
) -> None:
    """甲 16, then 14 of 20; 乙 has A 8 more: 20, then 18. Weights 1 and 1: 90, then 80."""
    send(evaluator, "/sub-projects", **list_of(("甲", "1", ""), ("乙", "1", "")))
    for part, value in ((1, "50%"), (2, "100%")):
        send(evaluator, f"/indicators/A?part={part}", value=value)
        send(evaluator, f"/indicators/B?part={part}", score="2", reason="符合")
    post(evaluator, DATASETS)
    store(world, answers(9, q18="D"))
    told = effect(evaluator)
    assert "甲 · C" in told and "乙 · C" in told
    assert "90 优 -10 0 80 良 0 80 良 -10" in told.partition("总分")[2]


def test_changed_plan_is_told_apart_from_what_the_responses_did(
    world: World, frozen: FlaskClient
) -> None:
    """With one D more 4×1/5×10 = 8, under a plan with 0.5 for A 4×0.5/5×10 = 4: the response took
    2 of the 6 points."""
    store(world, answers(9, q18="D"))
    changed = PLAN | {"weight_A": "0.5", "weight_B": "0.5", "points": "10", "reason": "更严"}
    assert post(frozen, PLAN_PAGE, save="1", **changed).status_code == 302
    told = effect(frozen)
    assert "/5×10 = 8 -4 4 (4×0.5+0×0.5+0×0.3+1×0)/5×10 = 4 -6" in told
    assert "16 良 -2 0 14 中 -4 10 差 -6" in told.partition("总分")[2]
    assert "dibao-residents@2 q18 由第1版改为第2版" in told
    assert "冻结以后改过计分方案" in page(frozen, f"{DATASETS}/1").partition("对评价得分")[0]


def test_exclusions_and_corrections_are_told_apart_from_arrivals(
    world: World, evaluator: FlaskClient
) -> None:
    """Six A: 10. One D more: 6/7×10 = 8.5714. Then two A less: 4/5×10 = 8."""
    first, second = (store(world, answers(seed, q18="A")) for seed in (8, 10))
    post(evaluator, DATASETS)
    store(world, answers(9, q18="D"))
    exclude(evaluator, first)
    exclude(evaluator, second)
    told = effect(evaluator)
    assert "/6×10 = 10 -1.4286 -0.5714 8 (4×1.0+0×0.8+0×0.3+1×0)/5×10 = 8 0 8 -2" in told
    assert "16 良 -1.4286 -0.5714 14 中 0 14 中 -2" in told.partition("总分")[2]


def exclude(client: FlaskClient, response: Any) -> None:
    address = f"/projects/alpha/responses/{response}/decision"
    assert post(client, address, status="excluded", reason="重复").status_code == 302


def test_changed_scorecard_does_not_change_what_the_arrivals_did(frozen: FlaskClient) -> None:
    """The pinned version is computed both times."""
    send(frozen, "/indicators/A", value="100%", why="更正")
    told = effect(frozen)
    assert "没有变化" in told and "第3版评分表" in told


def test_project_without_a_scorecard_tells_nothing_of_it(world: World) -> None:
    store(world, answers(1, q18="A"))
    client = world.client("alpha-evaluator")
    post(client, DATASETS)
    assert "对评价得分的影响" not in page(client, f"{DATASETS}/1")


def test_strangers_see_no_dataset(world: World, frozen: FlaskClient) -> None:
    assert world.client("beta-evaluator").get(f"{DATASETS}/1").status_code == 404
    assert world.client("alpha-enumerator").get(f"{DATASETS}/1").status_code == 403
    assert world.client().get(f"{DATASETS}/1").status_code == 302
