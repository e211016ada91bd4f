"""The page of a scoring plan: try it out, change it with a reason, see who changed it and why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.app.filled import RESIDENTS, answers, page, plan_count, store
from tests.conftest import World, csrf_token

ADDRESS = f"/projects/alpha/plans/{RESIDENTS}/q18"
VALUES: dict[str, Any] = {
    "weight_A": "1",
    "weight_B": "0.8",
    "weight_C": "0.3",
    "weight_D": "0",
    "top": ["A", "B"],
    "dont_know": "exclude",
    "refused": "exclude",
    "blank": "exclude",
    "point_rule": "proportional",
    "points": "3",
    "target": "",
    "places": "2",
    "reason": "按评价方案",
    "based_on": "1",
}


def send(client: FlaskClient, button: str, address: str = ADDRESS, **changed: Any) -> TestResponse:
    name, _, value = button.partition("=")
    data = VALUES | changed | {name: value or "1", "csrf_token": csrf_token(client, "/account")}
    return client.post(address, data=data)


def satisfied(world: World, *codes: str) -> None:
    for seed, code in enumerate(codes):
        store(world, answers(seed, q18=code))


def score_of(client: FlaskClient) -> Any:
    return json.loads(client.get("/projects/alpha/scores.json").data)["scores"][0]


def test_change_makes_a_new_version_with_who_and_why(world: World) -> None:
    client = world.client("alpha-evaluator")
    before = plan_count(world)
    assert send(client, "save").status_code == 302
    assert plan_count(world) == before + 1
    text = page(client, ADDRESS)
    assert "现用第 2 版" in text and "按评价方案" in text and "默认方案" in text
    assert "<td>evaluator</td>" in text


def test_new_version_is_what_scores_are_made_with(world: World) -> None:
    satisfied(world, "A", "B", "C", "D")
    client = world.client("alpha-evaluator")
    assert score_of(client)["score"] == (1 + 0.8 + 0.3) / 4 * 10
    assert send(client, "save", weight_B="0.5", points="4").status_code == 302
    after = score_of(client)
    assert (after["score"], after["plan"]["version"]) == ((1 + 0.5 + 0.3) / 4 * 4, 2)


def test_preview_shows_the_score_under_the_typed_values_and_stores_nothing(world: World) -> None:
    satisfied(world, "A", "B", "C", "D")
    client, before = world.client("alpha-evaluator"), plan_count(world)
    answer = send(client, "preview", weight_B="0.5", points="4")
    assert answer.status_code == 200
    assert "(1×1.0+1×0.5+1×0.3+1×0)/4×4 = 1.8" in answer.get_data(as_text=True)
    assert plan_count(world) == before


def test_preset_fills_the_fields_and_stores_nothing(world: World) -> None:
    client, before = world.client("alpha-evaluator"), plan_count(world)
    text = send(client, "preset=four-half").get_data(as_text=True)
    assert 'name="weight_C" value="0.5"' in text
    assert plan_count(world) == before
    assert send(client, "preset=five").status_code == 400


def test_same_form_sent_twice_is_stored_once(world: World) -> None:
    client, before = world.client("alpha-evaluator"), plan_count(world)
    assert [send(client, "save").status_code for _ in range(2)] == [302, 422]
    assert plan_count(world) == before + 1


def test_change_without_reason_is_refused_and_keeps_what_was_typed(world: World) -> None:
    client, before = world.client("alpha-evaluator"), plan_count(world)
    answer = send(client, "save", reason=" ", points="7")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "请填写理由" in text and 'name="points" value="7"' in text
    assert plan_count(world) == before


def test_all_faults_of_a_plan_are_named_at_once(world: World) -> None:
    client, before = world.client("alpha-evaluator"), plan_count(world)
    answer = send(client, "save", weight_A="0.2", weight_B="x", points="0", point_rule="magic")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for part in ("weights.B", "magic", "分值应大于 0", "高于排在前面的选项"):
        assert part in text
    assert plan_count(world) == before


def test_empty_and_hostile_forms_are_refused_with_a_page(world: World) -> None:
    client = world.client("alpha-evaluator")
    data = {"csrf_token": csrf_token(client, "/account"), "save": "1", "based_on": "1"}
    assert client.post(ADDRESS, data=data).status_code == 422
    script = "<script>alert(1)</script>"
    answer = send(client, "save", points=script, target="9" * 400, places="１")
    assert answer.status_code == 422
    assert script not in answer.get_data(as_text=True)


def test_target_is_typed_in_percent(world: World) -> None:
    satisfied(world, "B")
    client = world.client("alpha-evaluator")
    text = send(client, "preview", point_rule="threshold", target="90").get_data(as_text=True)
    assert "÷90%×3" in text


def test_dont_know_can_count_with_a_weight_of_its_own(world: World) -> None:
    satisfied(world, "A", "U")
    client = world.client("alpha-evaluator")
    changed = {"dont_know": "weight", "dont_know_weight": "0.5"}
    text = send(client, "preview", **changed).get_data(as_text=True)
    assert "(1×1.0+0×0.8+0×0.3+0×0+1×0.5+0×0)/2" in text or "1×0.5" in text


def test_question_without_a_plan_can_get_one(world: World) -> None:
    client, before = world.client("alpha-evaluator"), plan_count(world)
    address = f"/projects/alpha/plans/{RESIDENTS}/q09"
    assert "还没有方案" in page(client, address)
    question = {"weight_A": "1", "weight_B": "0.5", "weight_C": "0", "top": ["A"], "based_on": "0"}
    assert send(client, "save", address, **question).status_code == 302
    assert plan_count(world) == before + 1
    assert "您是否会关注低保公示信息" in page(client, "/projects/alpha/scores")


def test_question_that_cannot_be_scored_has_no_plan_page(world: World) -> None:
    client = world.client("alpha-evaluator")
    for code in ("q04", "q99"):
        page(client, f"/projects/alpha/plans/{RESIDENTS}/{code}", status=404)
    page(client, "/projects/alpha/plans/none@1/q18", status=404)


def test_supervisor_sees_the_plan_and_cannot_change_it(world: World) -> None:
    client, before = world.client("alpha-supervisor"), plan_count(world)
    assert "保存为新版本" not in page(client, ADDRESS)
    assert send(client, "save").status_code == 403
    assert plan_count(world) == before


def test_plan_page_is_closed_to_strangers_visitors_and_enumerators(world: World) -> None:
    before = plan_count(world)
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        client = world.client(who)
        assert client.get(ADDRESS).status_code == status
        assert send(client, "save").status_code == status
    visitor = world.client()
    assert visitor.get(ADDRESS).status_code == 302
    data = VALUES | {"save": "1", "csrf_token": csrf_token(visitor)}
    assert visitor.post(ADDRESS, data=data).status_code == 401
    assert plan_count(world) == before


def test_plan_page_refuses_other_methods_and_missing_tokens(world: World) -> None:
    client = world.client("alpha-evaluator")
    token = {"X-CSRFToken": csrf_token(client, "/account")}
    assert client.put(ADDRESS, headers=token).status_code == 405
    assert client.post(ADDRESS, data=VALUES | {"save": "1"}).status_code == 400


@pytest.mark.parametrize("given", ["", "abc", "1.0"])
def test_plan_that_does_not_say_which_version_it_changes_is_refused(
    world: World, given: str
) -> None:
    before = plan_count(world)
    answer = send(world.client("alpha-evaluator"), "save", based_on=given)
    assert (answer.status_code, plan_count(world)) == (400, before)
