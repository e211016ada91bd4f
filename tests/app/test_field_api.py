"""Visits and reports of tablets over HTTP: each stored once, strangers refused, revoked heard."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.app.fieldworking import (
    REPORT,
    VISITS,
    report,
    send_report,
    send_visits,
    visit,
    visits_of,
)
from tests.app.filled import add_areas
from tests.app.tablets import Tablet, code_of, device_row, new_uuid, revoke, tablet
from tests.conftest import NOW, World, csrf_token


@pytest.fixture
def own(world: World) -> Tablet:
    add_areas(world)
    return tablet(world)


def told(answer: Any) -> Any:
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.data
    return json.loads(answer.data)


def statuses(answer: Any) -> list[str]:
    return [one["status"] for one in told(answer)["receipts"]]


def test_visits_are_stored_once_and_known_when_sent_again(own: Tablet) -> None:
    sent = [
        visit(1, response_id=str(new_uuid(7))),
        visit(2, "replaced"),
        visit(3, "not_home", replaces=visit(2)["id"], audience="cadre", area=None),
    ]
    first = send_visits(own, *sent)
    assert [one["id"] for one in told(first)["receipts"]] == [one["id"] for one in sent]
    assert statuses(first) == ["stored"] * 3
    assert statuses(send_visits(own, *sent, visit(4))) == ["known"] * 3 + ["stored"]
    rows = {str(row.id): row for row in visits_of(own.world)}
    assert len(rows) == 4
    assert rows[sent[0]["id"]].response_id == new_uuid(7)
    assert str(rows[sent[2]["id"]].replaces) == sent[1]["id"]
    assert rows[sent[2]["id"]].area_id is None
    row = rows[sent[1]["id"]]
    assert (row.outcome, row.audience, row.device_id) == ("replaced", "recipient", own.id)
    assert (row.visited_at, row.received_at) == (sent[1]["visited_at"], NOW)
    assert device_row(own).last_seen_at == NOW


def test_eight_parallel_sends_of_one_visit_store_one_row(own: Tablet) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send_visits(own, visit(1)), range(8)))
    assert sorted(statuses(answer)[0] for answer in answers) == ["known"] * 7 + ["stored"]
    assert len(visits_of(own.world)) == 1


def test_the_same_visit_twice_in_one_body_is_stored_once(own: Tablet) -> None:
    assert statuses(send_visits(own, visit(1), visit(1))) == ["stored", "known"]


def test_first_content_of_a_visit_stays(own: Tablet) -> None:
    send_visits(own, visit(1, "not_home"))
    assert statuses(send_visits(own, visit(1, "refused"))) == ["known"]
    assert [row.outcome for row in visits_of(own.world)] == ["not_home"]


@pytest.mark.parametrize("area", ["9999", "", "\0", "\ud800", "x" * 10_000, None])
def test_visit_in_an_unknown_area_is_stored_all_the_same(own: Tablet, area: str | None) -> None:
    assert statuses(send_visits(own, visit(1, area=area))) == ["stored"]
    assert [row.area_id for row in visits_of(own.world)] == [None]


MALFORMED: list[Any] = [
    "no visit",
    None,
    7,
    [],
    {},
    visit(1, "gone"),
    visit(1, audience="martian"),
    visit(1, audience=None),
    visit(1, id="not-a-uuid"),
    visit(1, id=f"{visit(1)['id']}\n"),
    visit(1, id="\ud800"),
    visit(1, id=None),
    visit(1, replaces="x"),
    visit(1, response_id=5),
    visit(1, visited_at="yesterday"),
    visit(1, visited_at="2026-11-20T14:02:00"),
    visit(1, visited_at="2026-11-20T14:02:00+08:00\0"),
    visit(1, visited_at=f"2026-11-20T14:02:00.{'0' * 40}+08:00"),
    visit(1, visited_at=None),
    visit(1, practice="yes"),
    visit(1, area=5101),
    visit(1, household="李四"),
]


@pytest.mark.parametrize("spoilt", MALFORMED, ids=range(len(MALFORMED)))
def test_what_cannot_be_read_is_refused_and_spoils_no_other(own: Tablet, spoilt: Any) -> None:
    answer = send_visits(own, visit(8), spoilt, visit(9))
    assert statuses(answer) == ["stored", "refused", "stored"]
    problem = told(answer)["receipts"][1]["problem"]
    assert problem["code"] == "422.11"
    assert "平板上的请保留" in problem["title"] and "keep it on the tablet" in problem["title_en"]
    assert len(visits_of(own.world)) == 2


def test_practice_is_that_of_the_visit_else_that_of_the_project(own: Tablet) -> None:
    send_visits(own, visit(1), visit(2, practice=True), visit(3, practice=None))
    by_id = {str(row.id): row.practice for row in visits_of(own.world)}
    assert [by_id[visit(n)["id"]] for n in (1, 2, 3)] == [False, True, False]


BODIES = [
    b"<html>",
    b"[]",
    b"{}",
    b'{"visits": {}}',
    b'{"visits": [], "x": 1}',
    b'{"visits": NaN}',
    b'{"visits": [], "visits": []}',
    b"\xff\xfe",
    b'{"visits": ' + b"[" * 100 + b"]" * 100 + b"}",
]


@pytest.mark.parametrize("body", BODIES)
def test_malformed_bodies_are_refused_with_their_code(own: Tablet, body: bytes) -> None:
    for method, address in (("post", VISITS), ("put", REPORT)):
        answer = own.send(method, address, body)
        assert (answer.status_code, code_of(answer)) == (422, "422.11")
    assert visits_of(own.world) == []
    assert device_row(own).report is None


def test_empty_bodies_and_too_many_visits_are_refused(own: Tablet) -> None:
    for body in (b"", b" \n"):
        assert code_of(own.send("post", VISITS, body)) == "400.2"
        assert code_of(own.send("put", REPORT, body)) == "400.2"
    assert told(send_visits(own)) == {"receipts": []}
    answer = send_visits(own, *(visit(n) for n in range(501)))
    assert (answer.status_code, code_of(answer)) == (413, "413.2")
    own.world.app.config["MAX_CONTENT_LENGTH"] = 1024
    assert code_of(send_visits(own, *(visit(n) for n in range(20)))) == "413.2"
    assert visits_of(own.world) == []


def test_five_hundred_visits_at_once_are_stored(own: Tablet) -> None:
    assert set(statuses(send_visits(own, *(visit(n) for n in range(500))))) == {"stored"}
    assert len(visits_of(own.world)) == 500


WILD = "9999-12-31T23:59:59-12:00"


def test_moment_that_no_calendar_has_breaks_no_ledger_and_strands_no_visit(own: Tablet) -> None:
    assert send_report(own, report(1, 1, oldest_unsent_at=WILD)).status_code == 422
    assert statuses(send_visits(own, visit(1, visited_at=WILD))) == ["stored"]
    assert own.world.client("alpha-evaluator").get("/projects/alpha/ledger").status_code == 200
    assert own.send("get", "/api/v1/tablet").status_code == 200


def test_the_newest_report_takes_the_place_of_the_one_before(own: Tablet) -> None:
    for finished, unsent in ((3, 3), (12, 2)):
        assert told(send_report(own, report(finished, unsent))) == {}
    row = device_row(own)
    assert (row.report["finished"], row.report["unsent"]) == (12, 2)
    assert (row.report["by"], row.reported_at) == (report(12, 2)["by"], NOW)
    assert row.last_seen_at == NOW


def test_a_report_may_say_little(own: Tablet) -> None:
    least = {"finished": 0, "unsent": 0, "told_at": "2026-11-21T10:30:00+08:00"}
    assert told(send_report(own, least)) == {}
    assert device_row(own).report["persisted"] is None


REPORTS: list[Any] = [
    5,
    {},
    report(-1, 0),
    report(10**40, 0),
    report(1, 0) | {"finished": True},
    report(1, 0) | {"finished": 1.5},
    report(1, 0, told_at="now"),
    report(1, 1, oldest_unsent_at="2026"),
    report(1, 0, by=[{"area": "5101", "audience": "x", "finished": 1}]),
    report(1, 0, by=[{"area": "5101", "audience": "cadre", "finished": -1}]),
    report(1, 0, shell="x" * 65),
    report(1, 0, persisted="no"),
    report(1, 0, more=1),
]


@pytest.mark.parametrize("spoilt", REPORTS, ids=range(len(REPORTS)))
def test_malformed_report_leaves_the_one_before(own: Tablet, spoilt: Any) -> None:
    send_report(own, report(4, 1))
    answer = send_report(own, spoilt)
    assert (answer.status_code, code_of(answer)) == (422, "422.11")
    assert device_row(own).report["finished"] == 4


def test_no_token_and_strange_tokens_are_refused(own: Tablet) -> None:
    for header in ("", "Bearer ", "Bearer x", f"Basic {own.token}", "Bearer é"):
        for answer in (
            own.send("post", VISITS, {"visits": [visit(1)]}, Authorization=header),
            own.send("put", REPORT, report(1, 0), Authorization=header),
        ):
            assert (answer.status_code, code_of(answer)) == (401, "401.3")
    client = own.world.client("alpha-evaluator")
    token = {"X-CSRFToken": csrf_token(client, "/account")}
    answer = client.post(VISITS, json={"visits": [visit(1)]}, headers=token)
    assert (answer.status_code, code_of(answer)) == (401, "401.3")
    assert visits_of(own.world) == []


def test_visit_of_another_project_is_not_taken_for_ones_own(own: Tablet) -> None:
    send_visits(own, visit(1))
    stranger = tablet(own.world, "beta")
    answer = send_visits(stranger, visit(1), visit(2))
    assert statuses(answer) == ["refused", "stored"]
    rows = {str(row.id): row.device_id for row in visits_of(own.world)}
    assert rows == {visit(1)["id"]: own.id, visit(2)["id"]: stranger.id}


def test_revoked_tablet_hands_in_visits_and_its_report(own: Tablet) -> None:
    revoke(own)
    assert statuses(send_visits(own, visit(1))) == ["stored"]
    assert told(send_report(own, report(1, 0))) == {}
    assert (len(visits_of(own.world)), device_row(own).report["finished"]) == (1, 1)


def test_wrong_methods_are_refused(own: Tablet) -> None:
    for method, address in (
        *((method, VISITS) for method in ("get", "put", "delete", "patch")),
        *((method, REPORT) for method in ("get", "post", "delete", "patch")),
    ):
        answer = own.send(method, address, report(1, 0))
        assert (method, answer.status_code) == (method, 405)
        assert answer.headers["Allow"]
    assert device_row(own).report is None
