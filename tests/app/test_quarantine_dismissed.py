"""What need not be looked at any more: dismissed with a reason, or stored later by itself."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models import Action
from app.services import projects, quarantine
from app.services.access import COMMAND_LINE
from tests.app.filled import database, page
from tests.app.tablets import Tablet, code_of, item, kept_aside, new_uuid, response, tablet
from tests.conftest import NOW, World, csrf_token

LIST = "/projects/alpha/quarantine"
QUEUE = "/projects/alpha/queue"
TAG = '<span class="tag tag-over">'


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


@pytest.fixture
def number(own: Tablet) -> int:
    assert code_of(own.put(new_uuid(1), b"half a bo")) == "422.5"
    return kept_aside(own.world)[0].id


def press_dismiss(client: FlaskClient, number: int, **fields: str) -> Any:
    token = csrf_token(client, "/account")
    return client.post(f"{LIST}/{number}/dismiss", data={"csrf_token": token, **fields})


def waiting(world: World) -> int:
    with database(world.app).reading() as session:
        return quarantine.count_waiting(session, projects.find(session, COMMAND_LINE, "alpha"))


def test_dismissed_stays_with_who_when_and_why_and_waits_no_more(own: Tablet, number: int) -> None:
    client = own.world.client("alpha-evaluator")
    assert waiting(own.world) == 1
    assert press_dismiss(client, number, reason=" 断线的半份 ").headers["Location"] == LIST
    (row,) = kept_aside(own.world)
    assert (row.dismissed_at, row.dismissed_reason, row.body) == (NOW, "断线的半份", b"half a bo")
    assert waiting(own.world) == 0
    text = page(client, LIST)
    assert "没有隔离的内容" in text
    assert "断线的半份 · evaluator" in text
    assert "不需处理" in page(client, f"{LIST}/{number}")
    assert TAG not in page(client, QUEUE)
    with database(own.world.app).reading() as session:
        (noted,) = session.query(Action).filter(Action.verb == "quarantine.dismiss")
        assert (noted.subject, noted.details) == (str(number), {"reason": "断线的半份"})


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": " \n"}])
def test_dismissing_wants_a_reason(own: Tablet, number: int, fields: dict[str, str]) -> None:
    answer = press_dismiss(own.world.client("alpha-supervisor"), number, **fields)
    assert answer.status_code == 422
    assert "请填写理由" in answer.get_data(as_text=True)
    assert waiting(own.world) == 1


def test_dismissing_is_closed_to_strangers_and_enumerators(own: Tablet, number: int) -> None:
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        answer = press_dismiss(own.world.client(who), number, reason="x")
        assert answer.status_code == status
    beta = own.world.client("beta-evaluator")
    form = {"csrf_token": csrf_token(beta, "/account"), "reason": "x"}
    assert beta.post(f"/projects/beta/quarantine/{number}/dismiss", data=form).status_code == 404
    assert own.world.client("alpha-evaluator").get(f"{LIST}/{number}/dismiss").status_code == 405
    assert waiting(own.world) == 1


def test_same_bytes_sent_again_stay_dismissed(own: Tablet, number: int) -> None:
    client = own.world.client("alpha-evaluator")
    press_dismiss(client, number, reason="断线的半份")
    assert code_of(own.put(new_uuid(1), b"half a bo")) == "422.5"
    press_dismiss(client, number, reason="第二个理由")
    assert [row.dismissed_reason for row in kept_aside(own.world)] == ["断线的半份"]
    assert waiting(own.world) == 0


def test_what_was_stored_later_waits_no_more(own: Tablet, number: int) -> None:
    assert own.put(str(new_uuid(1)).upper(), response(1)).status_code == 201
    assert waiting(own.world) == 0
    assert kept_aside(own.world)[0].replayed_at is None
    client = own.world.client("alpha-evaluator")
    assert "后来已另行收下" in page(client, LIST)
    assert TAG not in page(client, QUEUE)
    assert "没有发现差异" not in page(client, "/projects/alpha/ledger"), "a visit is missing"
    assert "无法识别，已隔离" not in page(client, "/projects/alpha/ledger")


def test_response_of_another_project_settles_nothing(own: Tablet, number: int) -> None:
    other = tablet(own.world, "beta")
    assert other.put(new_uuid(1), response(1, project="beta")).status_code == 201
    assert waiting(own.world) == 1
    assert "无法识别，已隔离" in page(own.world.client("alpha-evaluator"), "/projects/alpha/ledger")


def test_batch_and_id_that_is_no_uuid_go_on_waiting(own: Tablet) -> None:
    own.post(b"half a bo")
    own.put("x", response(1))
    own.put(new_uuid(1), item(1))
    assert waiting(own.world) == 2
