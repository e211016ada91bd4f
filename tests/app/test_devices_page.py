"""The page of tablets: registering, the code once as text and QR, closing."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from app.models import Action, Device
from app.services.devices import hash_of, make_token
from tests.app.filled import database, page
from tests.app.tablets import Tablet, device_row, new_uuid, response, tablet
from tests.conftest import World, csrf_token

PAGE = "/projects/alpha/devices"
CODE = re.compile(r"\b(?:[2-9A-Z]{5}-){2}[2-9A-Z]{5}\b")


def send(client: FlaskClient, address: str, **data: Any) -> Any:
    return client.post(address, data=data | {"csrf_token": csrf_token(client, "/account")})


def rows(world: World) -> list[Device]:
    with database(world.app).reading() as session:
        return list(session.query(Device))


def test_registering_shows_the_code_once_as_text_and_qr(world: World) -> None:
    client = world.client("alpha-evaluator")
    answer = send(client, PAGE, username="alpha-enumerator", label="红色平板")
    text = answer.get_data(as_text=True)
    code = CODE.findall(text)[0]
    assert answer.status_code == 200
    assert 'src="data:image/svg+xml' in text and "http://localhost/enrol<" in text
    assert answer.headers["Cache-Control"] == "no-store"
    row = rows(world)[0]
    assert (row.label, row.code_hash, row.token_hash) == ("红色平板", hash_of(code), None)
    waiting = page(client, PAGE)
    assert code not in waiting and "红色平板" in waiting and "等待登记" in waiting
    token = make_token()
    enrolled = world.client().post("/api/v1/enrol", json={"code": code, "token": token})
    assert (enrolled.status_code, enrolled.json["id"]) == (200, str(row.id))
    assert Tablet(world, token, row.id).put(new_uuid(1), response(1)).status_code == 201


def test_token_and_code_stand_in_no_table(world: World) -> None:
    made = tablet(world)
    with database(world.app).reading() as session:
        for table in (Device, Action):
            for row in session.query(table):
                values = [str(value) for value in vars(row).values()]
                assert not any(made.token in value for value in values)


def test_unnamed_tablets_are_numbered(world: World) -> None:
    client = world.client("alpha-evaluator")
    for _ in range(2):
        send(client, PAGE, username="alpha-enumerator", label=" ")
    assert {row.label for row in rows(world)} == {"平板 01", "平板 02"}


def test_only_open_members_of_the_project_get_a_tablet(world: World) -> None:
    client = world.client("alpha-evaluator")
    for data in (
        {"username": "beta-enumerator"},
        {"username": "nobody"},
        {"username": ""},
        {"username": "\0"},
        {"username": "alpha-enumerator", "label": "x" * 65},
        {"username": "alpha-enumerator", "label": "a\tb"},
    ):
        answer = send(client, PAGE, **data)
        assert answer.status_code == 422
        assert "422.2" in answer.get_data(as_text=True)
    assert rows(world) == []


def test_revoking_closes_it_for_good_and_is_logged(world: World) -> None:
    made, client = tablet(world), world.client("admin")
    for _ in range(2):
        assert send(client, f"{PAGE}/{made.id}/revoke").status_code == 303
    assert device_row(made).revoked_at is not None
    assert f"{made.id}/revoke" not in page(client, PAGE)
    log = page(client, "/projects/alpha/log")
    assert (log.count("登记平板"), log.count("停用平板")) == (1, 1)


def test_pages_are_for_evaluators_and_administrators_of_the_project(world: World) -> None:
    made = tablet(world)
    for who, status in (
        ("alpha-supervisor", 403),
        ("alpha-enumerator", 403),
        ("beta-evaluator", 404),
    ):
        client = world.client(who)
        assert client.get(PAGE).status_code == status
        assert send(client, PAGE, username="alpha-enumerator").status_code == status
        assert send(client, f"{PAGE}/{made.id}/revoke").status_code == status
    beta = world.client("beta-evaluator")
    assert send(beta, f"/projects/beta/devices/{made.id}/revoke").status_code == 404
    client = world.client("alpha-evaluator")
    assert send(client, f"{PAGE}/{new_uuid(1)}/revoke").status_code == 404
    assert client.get(f"{PAGE}/{made.id}/revoke").status_code == 405
    assert world.client().get(PAGE).status_code == 302
    assert device_row(made).revoked_at is None
    assert len(rows(world)) == 1
