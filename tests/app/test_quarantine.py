"""What cannot be read: kept aside once, told to the tablet, looked at, replayed."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models import Action, StoredResponse
from app.services import projects, questionnaires, responses
from app.services.access import COMMAND_LINE
from surveys.catalogue import find
from tests.app.filled import database, page, stored
from tests.app.tablets import (
    Tablet,
    code_of,
    counts,
    item,
    kept_aside,
    new_uuid,
    response,
    tablet,
)
from tests.conftest import NOW, World, csrf_token

LIST = "/projects/alpha/quarantine"
PORTAL = b"<html><body>Please log in to the Wi-Fi \xe4\xb8\xad</body></html>"


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in response(1).items() if name != field}


UNREADABLE: dict[str, Any] = {
    "html of a captive portal": PORTAL,
    "a form": b"project=alpha&answers=q01",
    "half a body": json.dumps(response(1)).encode()[:100],
    "no text": b"\xff\xfe\x00\x01",
    "null": b"null",
    "a number": b"1",
    "a list": [response(1)],
    "an empty object": {},
    "not a number": b'{"version": NaN}',
    "a number without end": b'{"version": 1e999}',
    "an endless number": b'{"version": ' + b"9" * 5000 + b"}",
    "one name twice": b'{"project": "alpha", "project": "beta"}',
    "nested without end": b"[" * 100_000,
    "nested deeply": response(1, answers={"q01": json.loads("[" * 40 + "]" * 40)}),
    "no project": without("project"),
    "no questionnaire": without("questionnaire"),
    "no version": without("version"),
    "no answers": without("answers"),
    "answers as a list": response(1, answers=["A"]),
    "answers as text": response(1, answers="A"),
    "project as a number": response(1, project=7),
    "version as text": response(1, version="2"),
    "version as a fraction": response(1, version=2.5),
    "version as truth": response(1, version=True),
    "version zero": response(1, version=0),
    "a huge version": response(1, version=10**30),
    "audience as a list": response(1, audience=["recipient"]),
    "time as a number": response(1, finished_at=1_700_000_000),
    "elapsed as text": response(1, elapsed_ms="1000"),
    "consent as text": response(1, consent="yes"),
    "something unknown": response(1, position=[30.8, 106.1]),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_body_is_kept_as_it_came_and_gets_no_receipt(own: Tablet, body: Any) -> None:
    answers = [own.put(new_uuid(1), body) for _ in range(2)]
    for answer in answers:
        assert (answer.status_code, code_of(answer)) == (422, "422.5")
        assert "receipt" not in json.loads(answer.data)
    assert counts(own.world) == (0, 0, 1), "the same body is kept once"
    row = kept_aside(own.world)[0]
    assert row.body == (body if isinstance(body, bytes) else json.dumps(body).encode())
    assert (row.device_id, row.response_id, row.code) == (own.id, str(new_uuid(1)), "422.5")
    assert str(row.id) in json.loads(answers[0].data)["title"]


@pytest.mark.parametrize("given", ["1", "not-a-uuid", "%00", "x" * 500, "{" + "0" * 32 + "}"])
def test_id_that_is_no_uuid_loses_nothing(own: Tablet, given: str) -> None:
    answers = [own.put(given, response(1)) for _ in range(2)]
    assert {(a.status_code, code_of(a)) for a in answers} == {(422, "422.6")}
    assert counts(own.world) == (0, 0, 1)


def test_id_in_the_body_has_to_be_that_of_the_address(own: Tablet) -> None:
    assert code_of(own.put(new_uuid(2), item(1))) == "422.6"
    assert own.put(str(new_uuid(1)).upper(), item(1)).status_code == 201
    assert own.put(new_uuid(1), item(1)).status_code == 200


@pytest.mark.parametrize("changed", [{"questionnaire": "a@b"}, {"version": 99}])
def test_unknown_questionnaire_is_kept_aside(own: Tablet, changed: dict[str, Any]) -> None:
    assert code_of(own.put(new_uuid(1), response(1, **changed))) == "422.8"
    assert counts(own.world) == (0, 0, 1)


@pytest.mark.parametrize("body", [b"", b"  \r\n "])
def test_empty_body_gets_a_clear_error_and_is_not_kept(own: Tablet, body: bytes) -> None:
    for answer in (own.put(new_uuid(1), body), own.post(body)):
        assert (answer.status_code, code_of(answer)) == (400, "400.2")
    assert counts(own.world) == (0, 0, 0)


@pytest.mark.parametrize(
    "body", [PORTAL, [], {"responses": {}}, {"receipts": []}, {"responses": [], "more": 1}]
)
def test_batch_without_a_frame_is_kept_whole(own: Tablet, body: Any) -> None:
    answer = own.post(body)
    assert (answer.status_code, code_of(answer)) == (422, "422.5")
    assert kept_aside(own.world)[0].response_id is None


def test_items_without_id_are_kept_aside_one_by_one(own: Tablet) -> None:
    answer = own.post({"responses": [response(1), response(2), None, 7, "\ud800"]})
    receipts = json.loads(answer.data)["receipts"]
    assert [one["problem"]["code"] for one in receipts] == ["422.6"] * 5
    assert counts(own.world) == (0, 0, 5)


def test_fault_of_the_program_costs_one_item_and_keeps_it(
    own: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(response_id: uuid.UUID) -> str:
        if response_id == new_uuid(2):
            raise ZeroDivisionError
        return short_code(response_id)

    short_code = responses.short_code
    monkeypatch.setattr(responses, "short_code", break_down)
    receipts = json.loads(own.post({"responses": [item(n) for n in (1, 2, 3)]}).data)["receipts"]
    assert [one["status"] for one in receipts] == ["stored", "quarantined", "stored"]
    assert receipts[1]["problem"]["code"] == "500.2"
    assert counts(own.world) == (2, 0, 1)


def publish_first_version(world: World) -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        questionnaires.publish(session, NOW, COMMAND_LINE, project, find("dibao-residents@1"))


def old_response(own: Tablet) -> int:
    """Number in quarantine of a response on a version that is not published yet."""
    own.put(new_uuid(1), response(1, version=1, answers={"q01": "A"}))
    return kept_aside(own.world)[0].id


def press_replay(client: FlaskClient, number: int) -> Any:
    token = csrf_token(client, "/account")
    return client.post(f"{LIST}/{number}/replay", data={"csrf_token": token})


def test_replay_stores_it_as_the_tablet_would_have_and_the_tablet_gets_its_receipt(
    own: Tablet,
) -> None:
    number, client = old_response(own), own.world.client("alpha-supervisor")
    publish_first_version(own.world)
    assert press_replay(client, number).headers["Location"] == LIST
    row = stored(own.world, new_uuid(1))
    assert (row.device_id, row.status, row.answers) == (own.id, "accepted", {"q01": "A"})
    answer = own.put(new_uuid(1), response(1, version=1, answers={"q01": "A"}))
    assert (answer.status_code, json.loads(answer.data)["status"]) == (200, "stored")
    assert counts(own.world) == (1, 0, 1)
    assert kept_aside(own.world)[0].replayed_at == NOW
    assert "没有隔离的内容" in page(client, LIST)


def test_replay_before_the_cause_is_mended_keeps_it_and_says_why(own: Tablet) -> None:
    number, client = old_response(own), own.world.client("alpha-evaluator")
    assert press_replay(client, number).headers["Location"] == f"{LIST}/{number}"
    assert "问卷没有发布：dibao-residents@1" in page(client, f"{LIST}/{number}")
    assert counts(own.world) == (0, 0, 1)
    assert kept_aside(own.world)[0].replayed_at is None


def test_pages_show_the_body_as_text_and_note_who_looked(own: Tablet) -> None:
    own.put(new_uuid(1), PORTAL.replace(b"Please", b"<script>alert(1)</script>\xff\x00"))
    client = own.world.client("alpha-supervisor")
    number = kept_aside(own.world)[0].id
    assert f"{LIST}/{number}" in client.get(LIST).get_data(as_text=True)
    assert '<span class="tag tag-over">1</span>' in page(client, "/projects/alpha/queue")
    text = client.get(f"{LIST}/{number}").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\ufffd" in text
    assert "<script>alert" not in text
    with database(own.world.app).reading() as session:
        verbs = [action.verb for action in session.query(Action)]
    assert verbs.count("quarantine.view") == 1


def test_pages_are_closed_to_strangers_visitors_and_enumerators(own: Tablet) -> None:
    number = old_response(own)
    publish_first_version(own.world)
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        client = own.world.client(who)
        assert {client.get(a).status_code for a in (LIST, f"{LIST}/{number}")} == {status}
        assert press_replay(client, number).status_code == status
    beta = own.world.client("beta-evaluator")
    address = f"/projects/beta/quarantine/{number}"
    assert beta.get(address).status_code == 404
    assert beta.post(f"{address}/replay", data={"csrf_token": csrf_token(beta, "/account")})
    assert own.world.client().get(LIST).status_code == 302
    client = own.world.client("alpha-evaluator")
    assert client.get(f"{LIST}/{number}/replay").status_code == 405
    assert {client.get(f"{LIST}/{n}").status_code for n in (0, 999, 2**40)} == {404}
    with database(own.world.app).reading() as session:
        assert session.query(StoredResponse).count() == 0
