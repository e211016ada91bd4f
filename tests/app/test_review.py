"""Looking at single responses and deciding on them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import Action
from surveys.definition import Audience
from tests.app.filled import answers, database, page, revision_kinds, store, stored
from tests.conftest import World, csrf_token

LIST, QUEUE = "/projects/alpha/responses", "/projects/alpha/queue"


def at(response_id: uuid.UUID, verb: str = "", slug: str = "alpha") -> str:
    return f"/projects/{slug}/responses/{response_id}" + (f"/{verb}" if verb else "")


def send(client: FlaskClient, address: str, **data: Any) -> TestResponse:
    return client.post(address, data=data | {"csrf_token": csrf_token(client, "/account")})


def decide(
    client: FlaskClient, response_id: uuid.UUID, status: str, reason: str = "核实"
) -> TestResponse:
    return send(client, at(response_id, "decision"), status=status, reason=reason)


def conflict(world: World) -> uuid.UUID:
    """An accepted response with q18 A, of which a second content with q18 D arrived."""
    response_id = store(world, answers(1, q18="A"))
    store(world, answers(1, q18="D"), response_id=response_id)
    return response_id


def n_counted(client: FlaskClient) -> int:
    return int(json.loads(client.get("/projects/alpha/summary.json").data)["n"])


def counts_of_q18(client: FlaskClient) -> dict[str, int]:
    scores = json.loads(client.get("/projects/alpha/scores.json").data)["scores"]
    return {code: count for code, count in scores[0]["counts"].items() if count}


def verbs(world: World, response_id: uuid.UUID) -> list[str]:
    with database(world.app).reading() as session:
        found = session.query(Action).filter_by(subject=str(response_id)).order_by(Action.id)
        return [action.verb for action in found]


def test_list_shows_responses_newest_first(world: World) -> None:
    first, second = store(world, answers(1)), store(world, answers(2))
    text = page(world.client("alpha-supervisor"), LIST)
    assert text.index(str(second)) < text.index(str(first))


def test_list_can_be_narrowed_by_status(world: World) -> None:
    right, wrong = store(world, answers(1)), store(world, {"q01": "A"})
    client = world.client("alpha-evaluator")
    text = page(client, f"{LIST}?status=accepted")
    assert str(right) in text and str(wrong) not in text
    assert "没有符合条件的答卷" in page(client, f"{LIST}?status=excluded")


def test_list_finds_a_receipt_code_however_it_is_typed(world: World) -> None:
    wanted, other = store(world, answers(1)), store(world, answers(2))
    code = stored(world, wanted).short_code
    client = world.client("alpha-evaluator")
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} "):
        text = client.get(LIST, query_string={"code": typed}).get_data(as_text=True)
        assert str(wanted) in text and str(other) not in text


def test_list_is_paged_without_doubling_or_skipping_when_data_arrive(world: World) -> None:
    ids = [store(world, answers(seed)) for seed in range(55)]
    client = world.client("alpha-evaluator")
    first = page(client, LIST)
    older = first.split("before=", 1)[1].split('"', 1)[0]
    newcomer = store(world, answers(99))
    second = page(client, f"{LIST}?before={older}")
    assert [(str(i) in first) + (str(i) in second) for i in ids] == [1] * 55
    assert str(newcomer) not in second


def test_empty_list_and_queue_are_friendly(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert "还没有收到答卷" in page(client, LIST)
    assert "没有待审的答卷" in page(client, QUEUE)


def test_wrong_status_and_wrong_place_are_refused(world: World) -> None:
    client = world.client("alpha-evaluator")
    for query in ("status=maybe", "before=x", "before=-1", "before=" + "9" * 40):
        page(client, f"{LIST}?{query}", status=400)


def test_queue_has_rule_breakers_and_conflicts(world: World) -> None:
    fine, faulty, double = store(world, answers(2)), store(world, {"q01": "A"}), conflict(world)
    text = page(world.client("alpha-supervisor"), QUEUE)
    assert str(faulty) in text and str(double) in text and str(fine) not in text


def test_detail_tells_answers_in_words_with_not_asked_and_blank(world: World) -> None:
    given = answers(1, q05="C", q03="E", q03_E_note="捡废品")
    given.pop("q06", None)
    given.pop("q02")
    text = page(world.client("alpha-evaluator"), at(store(world, given)))
    assert "C.完全不了解" in text and "说明：捡废品" in text
    assert "未问" in text and "未填" in text
    assert "此题必答" in text


def test_detail_escapes_what_people_wrote(world: World) -> None:
    given = answers(1, q03="E", q03_E_note="<script>alert(1)</script>")
    client = world.client("alpha-evaluator")
    assert "<script>alert" not in client.get(at(store(world, given))).get_data(as_text=True)


def test_viewing_is_logged(world: World) -> None:
    response_id = store(world, answers(1))
    text = page(world.client("alpha-evaluator"), at(response_id))
    assert verbs(world, response_id) == ["response.view"]
    assert "<b>查看答卷</b>" in text


def test_detail_marks_where_the_second_content_differs(world: World) -> None:
    text = page(world.client("alpha-evaluator"), at(conflict(world)))
    assert text.count('class="differs"') == 1
    assert "A.非常满意" in text and "D.很不满意" in text


def test_detail_shows_what_excluding_would_do_to_the_score(world: World) -> None:
    store(world, answers(1, q18="A"))
    out = store(world, answers(2, q18="D"))
    client = world.client("alpha-evaluator")
    cells = " ".join(page(client, at(out)).split())
    before, after = '<td class="num">5</td>', '<td class="num">10</td>'
    assert f'{before}{after}<td class="num">2 → 1</td>' in cells
    decide(client, out, "excluded")
    scores = json.loads(client.get("/projects/alpha/scores.json").data)["scores"]
    assert (scores[0]["score"], scores[0]["base"]) == (10, 1)


@pytest.mark.parametrize(("status", "n"), [("accepted", 1), ("excluded", 0)])
def test_decision_counts_or_leaves_out_and_keeps_its_reason(
    world: World, status: str, n: int
) -> None:
    response_id = store(world, {"q01": "A", "q18": "B"})
    client = world.client("alpha-supervisor")
    assert n_counted(client) == 0
    assert decide(client, response_id, status, "电话核实过").status_code == 302
    assert n_counted(client) == n
    assert "电话核实过" in page(client, at(response_id))
    assert f"response.{status}" in verbs(world, response_id)


def test_same_decision_twice_changes_nothing_more(world: World) -> None:
    response_id = store(world, answers(1))
    client = world.client("alpha-evaluator")
    assert [decide(client, response_id, "excluded").status_code for _ in range(2)] == [302, 302]
    assert n_counted(client) == 0
    assert revision_kinds(world, response_id) == []


def test_decision_without_reason_is_refused_on_the_same_page(world: World) -> None:
    response_id = store(world, answers(1))
    answer = decide(world.client("alpha-evaluator"), response_id, "excluded", " ")
    assert answer.status_code == 422
    assert "请填写理由" in answer.get_data(as_text=True)
    assert stored(world, response_id).status == "accepted"


def test_unknown_decision_is_refused(world: World) -> None:
    response_id = store(world, answers(1))
    client = world.client("alpha-evaluator")
    for status in ("", "needs_review", "deleted"):
        assert decide(client, response_id, status).status_code == 400
    assert stored(world, response_id).status == "accepted"


def test_chosen_content_counts_and_the_first_is_kept(world: World) -> None:
    response_id, client = conflict(world), world.client("alpha-evaluator")
    assert counts_of_q18(client) == {"A": 1}
    answer = send(client, at(response_id, "revision"), number="1", reason="第二份才对")
    assert answer.status_code == 302
    assert counts_of_q18(client) == {"D": 1}
    assert sorted(revision_kinds(world, response_id)) == ["decided", "replaced"]
    assert str(response_id) not in page(client, QUEUE)


def test_keeping_the_first_content_settles_the_conflict(world: World) -> None:
    response_id, client = conflict(world), world.client("alpha-evaluator")
    assert decide(client, response_id, "accepted").status_code == 302
    assert counts_of_q18(client) == {"A": 1}
    assert str(response_id) not in page(client, QUEUE)


def test_choosing_a_content_that_is_not_there_is_refused(world: World) -> None:
    response_id, client = conflict(world), world.client("alpha-evaluator")
    address = at(response_id, "revision")
    assert send(client, address, number="9", reason="x").status_code == 404
    assert send(client, address, number="one", reason="x").status_code == 400
    assert send(client, address, number="1", reason="").status_code == 422


def test_correction_counts_and_keeps_what_was_there(world: World) -> None:
    response_id = store(world, {"q01": "A"})
    client = world.client("alpha-supervisor")
    assert "此题必答" not in page(client, at(response_id, "correction"))
    data = answers(1, q18="C") | {"reason": "按纸质问卷补录"}
    assert send(client, at(response_id, "correction"), **data).status_code == 302
    assert counts_of_q18(client) == {"C": 1}
    assert revision_kinds(world, response_id) == ["replaced", "correction"]
    assert "按纸质问卷补录" in page(client, at(response_id))


def test_correction_drops_what_the_skip_rules_hide(world: World) -> None:
    response_id = store(world, answers(1))
    client = world.client("alpha-evaluator")
    data = answers(1, q05="C", q06=["A"]) | {"reason": "补录"}
    assert send(client, at(response_id, "correction"), **data).status_code == 302
    assert "q06" not in stored(world, response_id).answers


def test_wrong_correction_keeps_what_was_typed_and_stores_nothing(world: World) -> None:
    response_id = store(world, answers(1, q18="A"))
    client = world.client("alpha-evaluator")
    data = answers(1, q18="B", q04=["A", "B", "C", "D"]) | {"reason": "补录"}
    answer = send(client, at(response_id, "correction"), **data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "最多选 3 项" in text and '<option value="B" selected>B.比较满意' in text
    assert stored(world, response_id).answers["q18"] == "A"


def test_correction_without_reason_is_refused(world: World) -> None:
    response_id = store(world, answers(1))
    answer = send(world.client("alpha-evaluator"), at(response_id, "correction"), **answers(2))
    assert answer.status_code == 422
    assert revision_kinds(world, response_id) == []


def test_pages_are_closed_to_strangers_visitors_and_enumerators(world: World) -> None:
    response_id = store(world, answers(1))
    pages = [LIST, QUEUE, at(response_id), at(response_id, "correction")]
    posts = [at(response_id, verb) for verb in ("decision", "revision", "correction")]
    data = {"status": "excluded", "number": "1", "reason": "x"}
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        client = world.client(who)
        assert {client.get(address).status_code for address in pages} == {status}
        assert {send(client, address, **data).status_code for address in posts} == {status}
    visitor = world.client()
    assert {visitor.get(address).status_code for address in pages} == {302}
    token = {"csrf_token": csrf_token(visitor)}
    assert {visitor.post(a, data=data | token).status_code for a in posts} == {401}
    assert stored(world, response_id).status == "accepted"


def test_response_of_another_project_does_not_exist_here(world: World) -> None:
    foreign = store(world, answers(1), slug="beta")
    client = world.client("alpha-evaluator")
    page(client, at(foreign), status=404)
    assert decide(client, foreign, "excluded").status_code == 404
    assert stored(world, foreign).status == "accepted"
    assert verbs(world, foreign) == []


def test_missing_responses_and_malformed_ids_do_not_exist(world: World) -> None:
    client = world.client("alpha-evaluator")
    page(client, at(uuid.uuid4()), status=404)
    page(client, f"{LIST}/not-a-uuid", status=404)


def test_wrong_methods_are_refused(world: World) -> None:
    response_id = store(world, answers(1))
    client = world.client("alpha-evaluator")
    for verb in ("decision", "revision"):
        assert client.get(at(response_id, verb)).status_code == 405
    for address in (LIST, QUEUE, at(response_id)):
        assert send(client, address).status_code == 405


def test_response_of_cadres_and_of_unknown_people_can_be_looked_at(world: World) -> None:
    client = world.client("alpha-evaluator")
    cadre = store(world, answers(1, Audience.CADRE), Audience.CADRE)
    unknown = store(world, answers(1), None)
    assert "干部" in page(client, at(cadre))
    assert "未注明" in page(client, at(unknown))
