"""Files that tablets exported, brought by an evaluator: once each, credited by their proofs."""

from __future__ import annotations

import html
import json
import re
import uuid
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models import Action, ProjectKey, Visit
from tests.app.filled import database, page, stored
from tests.app.sealing import Lock, lock_of, sealed
from tests.app.tablets import Tablet, counts, kept_aside, new_uuid, response, tablet
from tests.app.test_sealed import user_of
from tests.conftest import NOW, World, csrf_token

ADDRESS = "/projects/alpha/devices/import"


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


@pytest.fixture
def lock(world: World) -> Lock:
    return lock_of(world)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client("alpha-evaluator")


def item(lock: Lock, maker: Tablet, seed: int, **forged: Any) -> dict[str, Any]:
    given = new_uuid(seed)
    return {"id": str(given), **sealed(lock, maker, given, response(seed), **forged)}


def exported(maker: Tablet, *items: Any, **changed: Any) -> dict[str, Any]:
    return {
        "format": "manyi-outbox",
        "version": 1,
        "project": "alpha",
        "device": str(maker.id),
        "exported_at": "2026-11-21T02:00:00.000Z",
        "items": list(items),
        "visits": [],
        **changed,
    }


def visit(seed: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(new_uuid(1000 + seed)),
        "area": None,
        "audience": "recipient",
        "outcome": "not_home",
        "practice": False,
        "replaces": None,
        "response_id": None,
        "visited_at": "2026-11-21T10:00:00.000+08:00",
        **changed,
    }


def bring(client: FlaskClient, *contents: Any, name: str = "平板 01.json") -> Any:
    bodies = [c if isinstance(c, bytes) else json.dumps(c).encode() for c in contents]
    data = {
        "csrf_token": csrf_token(client, "/account"),
        "file": [(BytesIO(body), name) for body in bodies],
    }
    return client.post(ADDRESS, data=data, content_type="multipart/form-data")


def text_of(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True))


def facts(answer: Any) -> dict[str, str]:
    """What the page counts, by its words."""
    assert answer.status_code == 200, text_of(answer)
    found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", text_of(answer))
    return {name: value.strip() for name, value in found}


def test_file_is_stored_once_and_each_response_credited_to_its_tablet(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    other = tablet(own.world, username="alpha-supervisor")
    file = exported(own, item(lock, own, 1), item(lock, other, 2), item(lock, own, 3))
    first, again = (facts(bring(client, file)) for _ in range(2))
    assert (first["新存入"], first["先前已收到"], first["隔离"]) == ("3", "0", "0")
    assert (again["新存入"], again["先前已收到"], again["隔离"]) == ("0", "3", "0")
    for seed, maker, username in ((1, own, "enumerator"), (2, other, "supervisor")):
        row = stored(own.world, new_uuid(seed))
        assert (row.device_id, row.status) == (maker.id, "accepted")
        assert row.enumerator_id == user_of(own.world, f"alpha-{username}")
    assert counts(own.world) == (3, 0, 0)


def test_tablet_that_sends_later_gets_its_receipt(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    one = item(lock, own, 1)
    bring(client, exported(own, one))
    answer = own.put(new_uuid(1), {"sealed": one["sealed"]})
    assert (answer.status_code, json.loads(answer.data)["status"]) == (200, "stored")


def test_without_a_right_proof_it_waits_for_review_under_who_brought_it(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    plain = {"id": str(new_uuid(2)), **response(2)}
    answer = bring(client, exported(own, item(lock, own, 1, proof="0" * 64), plain))
    assert facts(answer)["新存入"] == "2 （其中待审 2）"
    for seed in (1, 2):
        row = stored(own.world, new_uuid(seed))
        assert (row.device_id, row.status) == (None, "needs_review")
        assert row.enumerator_id == user_of(own.world, "alpha-evaluator")
        assert [complaint["code"] for complaint in row.complaints] == ["device_unproven"]
        assert page(client, f"/projects/alpha/responses/{row.id}")
    assert "/projects/alpha/queue" in text_of(answer)


def test_what_cannot_be_read_is_kept_aside_of_no_tablet_and_once(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    items = [item(lock, own, 1), {"id": str(new_uuid(2)), "sealed": {}}, "x", {"id": "7"}, None]
    for _ in range(2):
        answer = bring(client, exported(own, *items))
        assert facts(answer)["隔离"] == "4"
    assert [row.code for row in kept_aside(own.world)] == ["422.9", "422.6", "422.6", "422.6"]
    assert {row.device_id for row in kept_aside(own.world)} == {None}
    assert str(new_uuid(2)) in text_of(answer) and "422.9" in text_of(answer)
    listed = page(client, "/projects/alpha/quarantine")
    assert listed.count("<td>平板文件</td>") == 4
    assert page(client, f"/projects/alpha/quarantine/{kept_aside(own.world)[0].id}")


def test_item_of_a_file_is_replayed_once_its_key_is_back(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    file = exported(own, item(lock, own, 1), item(lock, own, 2, proof=""))
    with database(own.world.app).writing() as session:
        key = session.get_one(ProjectKey, lock.id)
        saved = {column.key: getattr(key, column.key) for column in ProjectKey.__table__.columns}
        session.delete(key)
    assert facts(bring(client, file))["隔离"] == "2"
    with database(own.world.app).writing() as session:
        session.add(ProjectKey(**saved))
    for row in kept_aside(own.world):
        data = {"csrf_token": csrf_token(client, "/account")}
        client.post(f"/projects/alpha/quarantine/{row.id}/replay", data=data)
    assert {row.replayed_at for row in kept_aside(own.world)} == {NOW}
    proven, unproven = (stored(own.world, new_uuid(seed)) for seed in (1, 2))
    assert (proven.device_id, proven.status) == (own.id, "accepted")
    assert (unproven.device_id, unproven.status) == (None, "needs_review")
    assert unproven.enumerator_id == user_of(own.world, "alpha-evaluator")


def test_repeated_ids_are_named_and_cost_nothing(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    other = {"id": str(new_uuid(1)), **sealed(lock, own, new_uuid(1), response(2))}
    answer = bring(client, exported(own, item(lock, own, 1), item(lock, own, 1), other))
    found = facts(answer)
    assert (found["新存入"], found["先前已收到"], found["内容冲突，待审"]) == ("1", "1", "1")
    assert "有 1 个编号重复出现" in text_of(answer) and str(new_uuid(1)) in text_of(answer)
    assert counts(own.world) == (1, 1, 0)


def test_visits_are_taken_for_the_tablet_of_the_file(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    file = exported(own, item(lock, own, 1), visits=[visit(1), visit(2), visit(1), "x"])
    assert facts(bring(client, file))["入户记录"] == "新存入 2，先前已收到 1，未收下 1"
    assert facts(bring(client, file))["入户记录"] == "新存入 0，先前已收到 3，未收下 1"
    with database(own.world.app).reading() as session:
        visits = session.scalars(select(Visit)).all()
    assert [(one.device_id, one.outcome) for one in visits] == [(own.id, "not_home")] * 2


@pytest.mark.parametrize("named", ["", "x", str(uuid.UUID(int=7)), None, 7, "beta"])
def test_visits_of_a_tablet_that_is_not_of_the_project_are_left(
    own: Tablet, lock: Lock, client: FlaskClient, named: Any
) -> None:
    given = str(tablet(own.world, "beta").id) if named == "beta" else named
    file = exported(own, item(lock, own, 1), visits=[visit(1)], device=given)
    answer = bring(client, file)
    assert facts(answer)["入户记录"] == "新存入 0，先前已收到 0，未收下 1"
    assert "请用原平板联网交回" in text_of(answer)
    assert stored(own.world, new_uuid(1)).device_id == own.id


def refused_files(own: Tablet, lock: Lock) -> dict[str, tuple[Any, str]]:
    right = exported(own, item(lock, own, 1))
    whole = json.dumps(right).encode()
    return {
        "empty": (b"", "文件是空的"),
        "blank": (b" \n", "文件是空的"),
        "cut off": (whole[:-20], "文件不完整"),
        "cut off within a character": ('{"项'.encode()[:-1], "文件不完整"),
        "no JSON": (b"<html></html>", "文件内容无法识别"),
        "no text": (b"\xff\xfe\x00", "文件内容无法识别"),
        "one name twice": (b'{"items": [], "items": []}', "同一项出现了两次"),
        "a list": ([right], "不是平板导出的文件"),
        "another format": (right | {"format": "backup"}, "不是平板导出的文件"),
        "a later version": (right | {"version": 2}, "格式版本是 2"),
        "items that are none": (right | {"items": {}}, "不是平板导出的文件"),
        "visits that are none": (right | {"visits": None}, "不是平板导出的文件"),
        "project as a number": (right | {"project": 7}, "不是平板导出的文件"),
        "nothing in it": (exported(own), "文件里没有答卷"),
        "another project": (right | {"project": "beta"}, "文件属于项目“beta”"),
        "markup as project": (right | {"project": "<b>\0"}, "文件属于项目“<b>?”"),
    }


def test_file_that_cannot_be_read_stores_nothing_and_says_why(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    for name, (content, said) in refused_files(own, lock).items():
        answer = bring(client, content)
        assert (name, answer.status_code) == (name, 422)
        assert said in text_of(answer), name
        assert "422.10" in text_of(answer)
        assert b"<b>" not in answer.data
    assert counts(own.world) == (0, 0, 0)


def test_several_files_are_stored_all_or_none(own: Tablet, lock: Lock, client: FlaskClient) -> None:
    files = [exported(own, item(lock, own, seed)) for seed in (1, 2)]
    assert bring(client, files[0], b"{", files[1]).status_code == 422
    assert counts(own.world) == (0, 0, 0)
    assert text_of(bring(client, *files)).count("<h2>平板 01.json</h2>") == 2
    assert counts(own.world) == (2, 0, 0)


def test_huge_file_is_refused_with_the_remedy(own: Tablet, client: FlaskClient, lock: Lock) -> None:
    own.world.app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    answer = bring(client, b" " * 1024 * 1024)
    assert answer.status_code == 413
    assert "MANYI_MAX_UPLOAD_MB" in text_of(answer)


def test_no_file_chosen_is_told(own: Tablet, client: FlaskClient) -> None:
    answer = bring(client)
    assert (answer.status_code, "请先选择文件" in text_of(answer)) == (422, True)


def test_page_is_for_those_who_manage_the_project(own: Tablet, lock: Lock) -> None:
    file = exported(own, item(lock, own, 1))
    for who, status in (
        ("beta-evaluator", 404),
        ("alpha-enumerator", 403),
        ("alpha-supervisor", 403),
    ):
        other = own.world.client(who)
        assert other.get(ADDRESS).status_code == status
        assert bring(other, file).status_code == status
    assert own.world.client().get(ADDRESS).status_code == 302
    client = own.world.client("alpha-evaluator")
    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 400, "no form token"
    assert client.put(ADDRESS).status_code == 405
    assert counts(own.world) == (0, 0, 0)


def test_log_notes_who_brought_which_file(own: Tablet, lock: Lock, client: FlaskClient) -> None:
    bring(client, exported(own, item(lock, own, 1)))
    with database(own.world.app).reading() as session:
        line = session.scalars(select(Action).where(Action.verb == "outbox.import")).one()
    assert (line.subject, line.user_id) == (
        "平板 01.json",
        user_of(own.world, "alpha-evaluator"),
    )
    assert line.details == {"stored": 1, "again": 0, "conflicts": 0}
    assert "导入平板文件" in page(client, "/projects/alpha/log")


def test_outcome_and_faults_are_told_in_english_too(
    own: Tablet, lock: Lock, client: FlaskClient
) -> None:
    token = csrf_token(client, "/account")
    client.post("/language", data={"language": "en", "csrf_token": token})
    aside = {"id": str(new_uuid(2)), "sealed": {}}
    file = exported(own, item(lock, own, 1, proof=""), aside, visits=[visit(1)])
    told = text_of(bring(client, file, name="tablet.json"))
    for said in (
        '<dt>Stored now</dt><dd class="tabular">1 (1 of them await review)</dd>',
        "<dt>Visits</dt><dd>1 stored now, 0 received before, 0 not taken</dd>",
        "The sealed response does not open",
    ):
        assert said in told
    assert "The file is not whole" in text_of(bring(client, b"{", name="tablet.json"))
