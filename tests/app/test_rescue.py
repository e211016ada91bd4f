"""A filled form that cannot be taken comes back whole, and is stored at the press of a button."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.models import Membership, User
from tests.app.interviewing import (
    answers_in,
    begin,
    filled,
    hand_in,
    rescue_form,
    stored,
    text,
)
from tests.conftest import World

NAME = "alpha-enumerator"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client("alpha-enumerator")


def test_a_session_that_ended_costs_nothing(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    stranger = world.client()
    first = hand_in(stranger, address, form)
    assert first.status_code == 401
    carried = rescue_form(first)
    assert answers_in(carried) == answers_in(form)
    wrong = {"login_username": "alpha-enumerator", "login_password": "wrong"}
    second = hand_in(stranger, address, MultiDict([*carried.items(multi=True), *wrong.items()]))
    assert second.status_code == 401
    assert "账号或密码不对" in text(second)
    assert stored(world) == []
    right = {**wrong, "login_password": world.passwords["alpha-enumerator"]}
    third = hand_in(
        stranger,
        address,
        MultiDict([*rescue_form(second).items(multi=True), *right.items()]),
    )
    assert third.status_code == 303
    assert stranger.get(third.location).status_code == 200
    assert len(stored(world)) == 1


def test_an_account_of_another_project_is_turned_away_with_the_answers_kept(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    form = filled(client, address)
    stranger = world.client()
    carried = rescue_form(hand_in(stranger, address, form))
    name = "beta-enumerator"
    login = {"login_username": name, "login_password": world.passwords[name]}
    answer = hand_in(stranger, address, MultiDict([*carried.items(multi=True), *login.items()]))
    assert answer.status_code == 404
    assert answers_in(rescue_form(answer)) == answers_in(form)
    assert "login_password" in text(answer)
    assert stored(world) == []


@pytest.mark.parametrize("token", ["", "stale"])
def test_without_a_valid_token_nothing_is_stored_until_the_button_is_pressed(
    world: World, client: FlaskClient, token: str
) -> None:
    address = begin(client)
    form = filled(client, address)
    form["csrf_token"] = token
    answer = hand_in(client, address, form)
    assert answer.status_code == 400
    assert stored(world) == []
    assert hand_in(client, address, rescue_form(answer)).status_code == 303
    assert answers_in(rescue_form(answer)) == answers_in(form)


def test_a_database_that_fails_gives_the_answers_back(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    database = world.app.extensions["manyi.database"]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE responses RENAME TO away")
    answer = hand_in(client, address, form)
    assert answer.status_code == 503
    assert answers_in(rescue_form(answer)) == answers_in(form)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO responses")
    assert hand_in(client, address, rescue_form(answer)).status_code == 303


def test_markup_in_an_answer_is_carried_as_text(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    form["q04_H_note"] = """"><script>alert('1')</script>"""
    answer = hand_in(world.client(), address, form)
    assert b"<script>" not in answer.data
    assert rescue_form(answer)["q04_H_note"] == form["q04_H_note"]


def test_who_was_removed_from_the_project_keeps_the_answers_and_the_session(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    form = filled(client, address)
    database = world.app.extensions["manyi.database"]
    with database.writing() as db:
        removed = db.scalars(select(Membership).join(User).where(User.username == NAME)).one()
        project_id, user_id = removed.project_id, removed.user_id
        db.delete(removed)
    answer = hand_in(client, address, form)
    assert answer.status_code == 404
    assert answers_in(rescue_form(answer)) == answers_in(form)
    assert "没有这个页面或数据" in text(answer) and "请联系项目负责人" in text(answer)
    assert client.get("/account").status_code == 200
    with database.writing() as db:
        db.add(Membership(project_id=project_id, user_id=user_id))
    assert hand_in(client, address, rescue_form(answer)).status_code == 303
    assert stored(world)[0].status == "accepted"


@pytest.mark.parametrize(("reference", "status"), [("", 400), ("unknown@1", 404)])
def test_a_form_that_names_no_questionnaire_of_ours_comes_back_whole(
    world: World, client: FlaskClient, reference: str, status: int
) -> None:
    address = begin(client)
    form = filled(client, address)
    form["questionnaire_ref"] = reference
    answer = hand_in(client, address, form)
    assert answer.status_code == status
    assert answers_in(rescue_form(answer)) == answers_in(form)
    assert "重新登录过" not in text(answer)
    assert stored(world) == []
