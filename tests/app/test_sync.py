"""Handing in responses: one by one and in batches, once each, a receipt only for what is stored."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from app.models import Status
from surveys.definition import Audience
from tests.app.filled import add_areas, database, stored
from tests.app.tablets import (
    ADDRESS,
    Tablet,
    code_of,
    counts,
    device_row,
    item,
    kept_aside,
    new_uuid,
    response,
    revoke,
    tablet,
)
from tests.conftest import NOW, World, csrf_token

RECEIPT = {"id", "receipt", "status", "complaints", "short_code", "content_hash", "received_at"}


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


def told(answer: Any) -> dict[str, Any]:
    assert answer.mimetype == "application/json", answer.data
    return dict(json.loads(answer.data))


def test_stores_and_tells_201_first_and_200_again_with_the_same_receipt(own: Tablet) -> None:
    add_areas(own.world)
    first, second = (own.put(new_uuid(1), response(1, area="5101")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert told(first) == told(second)
    assert set(told(first)) == RECEIPT
    assert (told(first)["status"], told(first)["complaints"]) == ("stored", [])
    assert len(told(first)["receipt"]) == 64
    row = stored(own.world, new_uuid(1))
    assert (row.short_code, row.content_hash) == (
        told(first)["short_code"],
        told(first)["content_hash"],
    )
    assert (row.answers, row.audience) == (response(1)["answers"], Audience.RECIPIENT.value)
    assert (row.finished_at, row.elapsed_ms) == ("2026-11-21T10:20:00.500+08:00", 1_200_500)
    assert (row.device_id, row.received_at, row.status) == (own.id, NOW, "accepted")
    assert counts(own.world) == (1, 0, 0)


def test_eight_parallel_sends_store_one_row(own: Tablet) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: own.put(new_uuid(1), response(1)), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.data for answer in answers}) == 1
    assert counts(own.world) == (1, 0, 0)


def test_same_id_with_other_answers_is_kept_as_one_revision(own: Tablet) -> None:
    first = own.put(new_uuid(1), response(1))
    others = [own.put(new_uuid(1), response(2)) for _ in range(3)]
    assert [(a.status_code, told(a)["status"]) for a in others] == [(200, "conflict")] * 3
    assert len({told(answer)["receipt"] for answer in (first, *others)}) == 2
    assert counts(own.world) == (1, 1, 0)
    assert told(own.put(new_uuid(1), response(1))) == told(first)


def test_conflict_tells_nothing_about_what_is_stored(own: Tablet) -> None:
    own.put(new_uuid(1), response(1, answers={"q01": "no such option"}))
    other = tablet(own.world, username="alpha-supervisor")
    answer = told(other.put(new_uuid(1), response(2)))
    assert (answer["status"], answer["complaints"]) == ("conflict", [])


def test_receipt_stays_the_same_after_a_reviewer_corrected_the_response(own: Tablet) -> None:
    first = told(own.put(new_uuid(1), response(1)))
    client = own.world.client("alpha-evaluator")
    page = f"/projects/alpha/responses/{new_uuid(1)}/correction"
    data = {**response(2)["answers"], "reason": "核实", "csrf_token": csrf_token(client, page)}
    assert client.post(page, data=data).status_code == 302
    again = told(own.put(new_uuid(1), response(1)))
    assert (again["receipt"], again["content_hash"]) == (first["receipt"], first["content_hash"])


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"answers": {"q01": "Z"}}, "q01", "unknown_option"),
        ({"answers": {"\ud800": "A"}}, "?", "unknown_question"),
        ({"answers": {"q01": "\ud800", "q03_E_note": "\ud800"}}, "q01", "unknown_option"),
        ({"answers": {"q01\0": ["\ud800", 10**400]}}, "q01\0", "unknown_question"),
        ({"audience": "martian"}, "audience", "unknown_audience"),
        ({"audience": "cadre"}, "audience", "wrong_audience"),
        ({"area": "9999"}, "area", "unknown_area"),
        ({"area": "\0"}, "area", "unknown_area"),
        ({"started_at": "yesterday"}, "started_at", "malformed_time"),
        ({"finished_at": "2026-11-21T10:20:00"}, "finished_at", "malformed_time"),
        ({"finished_at": "2026-11-21T09:59:59+08:00"}, "finished_at", "finished_before_started"),
        ({"finished_at": "2026-11-22T10:30:01+08:00"}, "finished_at", "finished_in_future"),
        ({"finished_at": "9999-12-31T23:59:59-12:00"}, "finished_at", "finished_in_future"),
        ({"elapsed_ms": -1}, "elapsed_ms", "malformed_time"),
        ({"elapsed_ms": 10**40}, "elapsed_ms", "malformed_time"),
        ({"consent": None}, "consent", "no_consent"),
        ({"consent": {"version": "2", "given": False}}, "consent", "no_consent"),
        ({"consent": {"version": "2", "given": "yes"}}, "consent", "no_consent"),
    ],
)
def test_rule_breaker_is_stored_for_review_and_never_refused(
    own: Tablet, changed: dict[str, Any], key: str, code: str
) -> None:
    answers = [own.put(new_uuid(1), response(1, **changed)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert told(answers[0])["status"] == "needs_review"
    assert (key, code) in {(c["key"], c["code"]) for c in told(answers[0])["complaints"]}
    assert stored(own.world, new_uuid(1)).status == Status.NEEDS_REVIEW.value
    assert counts(own.world) == (1, 0, 0)
    client = own.world.client("alpha-supervisor")
    for address in ("queue", f"responses/{new_uuid(1)}"):
        assert client.get(f"/projects/alpha/{address}").status_code == 200


def test_late_upload_is_judged_by_the_time_of_completion(own: Tablet) -> None:
    """Weeks without a network, and a tablet whose clock stood still, cost nothing."""
    for seed, year in ((1, "2026-01-05"), (2, "1970-01-01")):
        times = {f"{name}_at": f"{year}T10:00:00+08:00" for name in ("started", "finished")}
        assert told(own.put(new_uuid(seed), response(seed, **times)))["status"] == "stored"
    assert stored(own.world, new_uuid(2)).received_at == NOW


def test_old_version_is_accepted_after_a_newer_one_replaced_it(own: Tablet) -> None:
    from app.services import projects, questionnaires
    from app.services.access import COMMAND_LINE
    from surveys.catalogue import find

    with database(own.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        old = find("dibao-residents@1")
        questionnaires.publish(session, NOW, COMMAND_LINE, project, old)
        assert not questionnaires.find(session, project, old.reference).offered
    answer = own.put(new_uuid(1), response(1, version=1, answers={"q01": "A"}))
    assert (answer.status_code, told(answer)["status"]) == (201, "stored")


def test_batch_answers_in_its_order_and_a_spoilt_item_spoils_no_other(own: Tablet) -> None:
    items: list[Any] = [item(seed) for seed in range(9)]
    items[2] = "not a response"
    items[4] = item(4, answers=["q01"])
    items[6] = item(6, answers={"q01": "Z"})
    items[7] = items[0]
    answer = own.post({"responses": items})
    assert answer.status_code == 200
    receipts = told(answer)["receipts"]
    ids = [one["id"] if isinstance(one, dict) else "" for one in items]
    assert [one["id"] for one in receipts] == ids
    assert [one["status"] for one in receipts] == [
        *("stored", "stored", "quarantined", "stored", "quarantined"),
        *("stored", "needs_review", "stored", "stored"),
    ]
    assert receipts[7] == receipts[0]
    assert [receipts[n]["receipt"] for n in (2, 4)] == [None, None]
    assert receipts[4]["problem"]["code"] == "422.5"
    assert counts(own.world) == (6, 0, 2)
    assert told(own.post({"responses": items}))["receipts"] == receipts
    assert counts(own.world) == (6, 0, 2)


def test_item_and_single_send_give_the_same_receipt(own: Tablet) -> None:
    single = told(own.put(new_uuid(1), response(1)))
    assert told(own.post({"responses": [item(1)]}))["receipts"] == [single]


def test_empty_batch_has_no_receipts(own: Tablet) -> None:
    assert told(own.post({"responses": []})) == {"receipts": []}


def test_too_large_is_refused_with_the_remedy_and_stores_nothing(own: Tablet) -> None:
    many = {"responses": [item(seed) for seed in range(501)]}
    own.world.app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    huge = response(1, answers={"q01": "字" * 2 * 1024 * 1024})
    for answer in (own.post(many), own.put(new_uuid(1), huge)):
        assert (answer.status_code, code_of(answer)) == (413, "413.2")
        assert "MANYI_MAX_UPLOAD_MB" in answer.get_data(as_text=True)
    assert counts(own.world) == (0, 0, 0)


def test_five_hundred_at_once_are_stored_by_one_commit(own: Tablet) -> None:
    commits: list[int] = []
    event.listen(database(own.world.app).engine, "commit", lambda connection: commits.append(1))
    answer = own.post({"responses": [item(seed) for seed in range(500)]})
    assert {one["status"] for one in told(answer)["receipts"]} == {"stored"}
    assert counts(own.world) == (500, 0, 0)
    assert len(commits) == 1


def test_stranger_missing_malformed_and_revoked_tokens(own: Tablet) -> None:
    body = response(1)
    tokens = {
        "none": "",
        "another scheme": f"Basic {own.token}",
        "no token": "Bearer ",
        "malformed": "Bearer not-a-token",
        "unknown": f"Bearer {own.token[:-1]}{'3' if own.token[-1] != '3' else '4'}",
        "two": f"Bearer {own.token} {own.token}",
        "a byte of Latin 1": "Bearer é",
    }
    for name, header in tokens.items():
        for answer in (
            own.put(new_uuid(1), body, Authorization=header),
            own.post({"responses": [item(1)]}, Authorization=header),
            own.send("get", "/api/v1/device", Authorization=header),
        ):
            assert (name, answer.status_code, code_of(answer)) == (name, 401, "401.3")
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert counts(own.world) == (0, 0, 0)


def test_token_may_be_typed_in_small_letters(own: Tablet) -> None:
    answer = own.put(new_uuid(1), response(1), Authorization=f"bearer {own.token.lower()}")
    assert answer.status_code == 201


def test_closing_day_is_judged_by_the_end_on_the_tablet_not_by_the_arrival(own: Tablet) -> None:
    from datetime import date

    from app.services import projects
    from app.services.access import COMMAND_LINE

    with database(own.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        projects.set_closing(session, NOW, COMMAND_LINE, project, date(2026, 11, 20))
    ends = {
        "2026-11-20T23:59:59+08:00": "stored",
        "2026-11-20T15:59:59+00:00": "stored",
        "2026-11-21T00:00:00+08:00": "needs_review",
    }
    for seed, (end, status) in enumerate(ends.items()):
        began = {"started_at": "2026-11-20T08:00:00+08:00", "finished_at": end}
        answer = told(own.put(new_uuid(seed), response(seed, **began)))
        codes = ["finished_after_closing"] if status == "needs_review" else []
        assert (answer["status"], [c["code"] for c in answer["complaints"]]) == (status, codes)


def test_tablet_of_another_project_hands_in_nothing_here(own: Tablet) -> None:
    stranger = tablet(own.world, "beta")
    answer = stranger.put(new_uuid(1), response(1))
    assert (answer.status_code, code_of(answer)) == (422, "422.7")
    assert counts(own.world) == (0, 0, 1)
    own.put(new_uuid(1), response(1))
    taken = stranger.put(new_uuid(1), response(1, project="beta"))
    assert code_of(taken) == "422.6"
    assert [row.project_id for row in kept_aside(own.world)] == [2, 2]


def test_revoked_tablet_hands_in_for_review_and_reads_nothing(own: Tablet) -> None:
    before = told(own.put(new_uuid(1), response(1)))
    revoke(own)
    answer = own.put(new_uuid(2), response(2))
    assert (answer.status_code, told(answer)["status"]) == (201, "needs_review")
    assert [c["code"] for c in told(answer)["complaints"]] == ["device_revoked"]
    assert stored(own.world, new_uuid(2)).status == Status.NEEDS_REVIEW.value
    assert told(own.put(new_uuid(1), response(1))) == before
    assert code_of(own.send("get", "/api/v1/device")) == "403.2"


def test_closed_account_counts_as_a_revoked_tablet(own: Tablet) -> None:
    from app.services import accounts
    from app.services.access import COMMAND_LINE

    with database(own.world.app).writing() as session:
        user = accounts.find(session, "alpha-enumerator")
        accounts.set_active(session, NOW, COMMAND_LINE, user, active=False)
    assert told(own.put(new_uuid(1), response(1)))["status"] == "needs_review"
    assert code_of(own.send("get", "/api/v1/device")) == "403.2"


def test_device_learns_what_its_token_stands_for_and_is_seen(own: Tablet) -> None:
    assert device_row(own).last_seen_at is None
    answer = told(own.send("get", "/api/v1/device"))
    assert (answer["project"], answer["id"]) == ("alpha", str(own.id))
    assert set(answer["questionnaires"]) == {"dibao-residents@2", "dibao-cadres@2"}
    assert device_row(own).last_seen_at == NOW


def test_wrong_methods_are_refused(own: Tablet) -> None:
    for method, address in (
        ("get", ADDRESS),
        ("put", ADDRESS),
        ("post", f"{ADDRESS}/{new_uuid(1)}"),
        ("get", f"{ADDRESS}/{new_uuid(1)}"),
        ("delete", f"{ADDRESS}/{new_uuid(1)}"),
        ("post", "/api/v1/device"),
    ):
        answer = own.send(method, address, response(1))
        assert (method, answer.status_code) == (method, 405)
        assert answer.headers["Allow"]
    assert counts(own.world) == (0, 0, 0)


def test_cookie_of_a_session_opens_nothing_here(own: Tablet) -> None:
    client = own.world.client("alpha-evaluator")
    token = {"X-CSRFToken": csrf_token(client, "/account")}
    for answer in (
        client.put(f"{ADDRESS}/{new_uuid(1)}", json=response(1), headers=token),
        client.post(ADDRESS, json={"responses": [item(1)]}, headers=token),
        client.get("/api/v1/device", headers=token),
    ):
        assert (answer.status_code, code_of(answer)) == (401, "401.3")
        assert "Set-Cookie" not in answer.headers
    assert counts(own.world) == (0, 0, 0)


def test_token_opens_no_page_and_form_tokens_are_still_needed_elsewhere(own: Tablet) -> None:
    for address in ("/projects/alpha/summary", "/projects/alpha/settings", "/account"):
        assert own.send("get", address).status_code == 302
    assert code_of(own.send("get", "/api/v1/projects/alpha/summary.json")) == "401.2"
    client = own.world.client("alpha-evaluator")
    answer = client.post("/projects/alpha/devices", data={"username": "alpha-enumerator"})
    assert answer.status_code == 400
    assert own.put(uuid.uuid4(), response(1)).status_code == 201
