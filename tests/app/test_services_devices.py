"""Devices and what they hand in, on both databases."""

from __future__ import annotations

import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Device, Project, Quarantined, Revision, StoredResponse
from app.problems import Problem
from app.services import devices, intake, quarantine
from app.services.devices import NewDevice
from app.services.intake import Outcome
from app.services.replay import replay
from surveys.definition import Audience
from surveys.simulate import simulate

MOST_PARALLEL = 8


@dataclass(frozen=True)
class Made:
    """An enrolled device and the token that it made for itself."""

    id: uuid.UUID
    token: str


@pytest.fixture
def made(place: Place) -> Made:
    return enrolled(place, "一号")


def enrolled(place: Place, label: str = "") -> Made:
    device: NewDevice = place.write(devices.create, "alpha-enumerator", label)
    token = devices.make_token()
    assert enrol(place, device.code, token).device.id == device.id
    return Made(device.id, token)


def enrol(place: Place, code: str, token: str, later: timedelta = timedelta()) -> devices.Known:
    with place.database.writing() as session:
        return devices.enrol(session, NOW + later, code, token)


def content(place: Place, seed: int, **changed: Any) -> bytes:
    answers = simulate(place.residents.questionnaire, Audience.RECIPIENT, random.Random(seed))
    sent = {
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "area": "01",
        "answers": answers,
        "consent": {"version": "2", "given": True},
    }
    return json.dumps(sent | changed).encode()


def hand_in(place: Place, made: Made, given_id: object, body: bytes) -> Outcome:
    """As a request does: in a transaction shared with whatever comes meanwhile."""
    return place.database.together(
        lambda session: intake.take_one(session, NOW, made.id, str(given_id), body)
    )


def counts(place: Place) -> tuple[int, int, int]:
    with place.database.reading() as session:
        tables = (StoredResponse, Revision, Quarantined)
        found = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return found[0] or 0, found[1] or 0, found[2] or 0


def by_token(place: Place, token: str) -> devices.Known:
    with place.database.reading() as session:
        return devices.by_token(session, token)


def test_token_finds_its_device_and_only_the_hash_is_kept(place: Place, made: Made) -> None:
    known = by_token(place, f" {made.token.lower()}\n")
    assert (known.device.id, known.project.slug, known.is_open) == (made.id, "alpha", True)
    assert known.user.username == "alpha-enumerator"
    assert known.device.token_hash == devices.hash_of(made.token)
    assert made.token not in str(vars(known.device))


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "2" * 10**6, "22222-22222"])
def test_wrong_token_finds_nothing(place: Place, made: Made, token: str) -> None:
    with pytest.raises(Problem) as refused:
        by_token(place, token)
    assert refused.value.code == "401.3"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {devices.make_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(devices.TOKEN.fullmatch(token) for token in tokens)
    assert len(devices.ALPHABET) ** (devices.TOKEN_GROUPS * devices.GROUP_LENGTH) > 2**128


def new_code(place: Place) -> str:
    device: NewDevice = place.write(devices.create, "alpha-enumerator")
    return device.code


def refused(place: Place, code: str, token: str, later: timedelta = timedelta()) -> str:
    with pytest.raises(Problem) as problem:
        enrol(place, code, token, later)
    return problem.value.code


def test_code_is_good_for_one_tablet_which_may_ask_again(place: Place) -> None:
    code, token = new_code(place), devices.make_token()
    ids = {enrol(place, given, token).device.id for given in (code, f" {code.lower()} ", code)}
    assert len(ids) == 1
    assert refused(place, code, devices.make_token()) == "401.4"
    assert by_token(place, token).device.enrolled_at == NOW


def test_token_that_another_tablet_holds_is_refused_and_leaves_the_code_good(
    place: Place, made: Made
) -> None:
    code = new_code(place)
    assert refused(place, code, made.token) == "401.4"
    assert by_token(place, made.token).device.id == made.id
    assert enrol(place, code, devices.make_token()).device.id != made.id


def test_code_is_good_for_a_week(place: Place) -> None:
    code, token = new_code(place), devices.make_token()
    assert refused(place, code, token, later=devices.CODE_IS_GOOD_FOR) == "401.4"
    just_before = devices.CODE_IS_GOOD_FOR - timedelta(seconds=1)
    enrol(place, code, token, later=just_before)
    assert enrol(place, code, token, later=timedelta(days=30)).is_open


def test_code_of_a_revoked_device_is_no_good(place: Place) -> None:
    device: NewDevice = place.write(devices.create, "alpha-enumerator")
    place.write(devices.revoke, device.id)
    assert refused(place, device.code, devices.make_token()) == "401.4"


@pytest.mark.parametrize("wrong", ["", "x", "\0", "\ud800", "2" * 10**6, "22222-22222-22222"])
def test_wrong_code_or_token_enrols_nothing(place: Place, wrong: str) -> None:
    code = new_code(place)
    assert refused(place, wrong, devices.make_token()) == "401.4"
    if wrong != "22222-22222-22222":
        assert refused(place, code, wrong) == "401.4"
    assert refused(place, code, "22222-22222-22222") == "401.4"


def test_one_of_eight_tablets_with_the_same_code_is_enrolled(place: Place) -> None:
    code, tokens = new_code(place), [devices.make_token() for _ in range(MOST_PARALLEL)]

    def attempt(token: str) -> bool:
        try:
            return enrol(place, code, token).is_open
        except Problem:
            return False

    with ThreadPoolExecutor(MOST_PARALLEL) as pool:
        assert sorted(pool.map(attempt, tokens)) == [False] * (MOST_PARALLEL - 1) + [True]


def test_devices_are_made_and_closed_by_those_who_manage_the_project(place: Place) -> None:
    for do, argument in ((devices.create, "alpha-enumerator"), (devices.revoke, uuid.uuid4())):
        with pytest.raises(Problem) as refused:
            replace(place, evaluator=place.enumerator).write(do, argument)
        assert refused.value.code == "403.1"


def test_device_of_another_project_cannot_be_closed_here(place: Place, made: Made) -> None:
    with pytest.raises(Problem) as refused:
        replace(place, project=place.other).write(devices.revoke, made.id)
    assert refused.value.code == "404.1"
    assert by_token(place, made.token).is_open


def test_revoked_device_is_still_known_but_closed(place: Place, made: Made) -> None:
    place.write(devices.revoke, made.id)
    assert not by_token(place, made.token).is_open
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        assert [known.is_open for known in devices.all_devices(session, project)] == [False]


def test_seen_is_noted_at_most_once_a_minute(place: Place, made: Made) -> None:
    def see(seconds: int) -> None:
        with place.database.writing() as session:
            moment = NOW + timedelta(seconds=seconds)
            devices.seen(session, moment, devices.known(session, made.id))

    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        see(seconds)
        with place.database.reading() as session:
            seen = session.get_one(Device, made.id).last_seen_at
        assert seen == NOW + timedelta(seconds=noted)


def test_eight_parallel_sends_of_one_response_store_one_row(place: Place, made: Made) -> None:
    given, body = uuid.uuid4(), content(place, 1)
    with ThreadPoolExecutor(MOST_PARALLEL) as pool:
        jobs = range(MOST_PARALLEL)
        outcomes = list(pool.map(lambda _: hand_in(place, made, given, body), jobs))
    receipts = [outcome.receipt for outcome in outcomes if outcome.receipt]
    assert [receipt.created for receipt in receipts].count(True) == 1
    assert len({(receipt.token, receipt.status) for receipt in receipts}) == 1
    assert (len(receipts), counts(place)) == (MOST_PARALLEL, (1, 0, 0))


def test_several_tablets_at_once_wait_for_nobody_for_ever(place: Place, made: Made) -> None:
    other = enrolled(place, "二号")
    jobs = [
        (device, uuid.uuid4(), content(place, seed) if seed % 3 else b"<html>%d" % seed)
        for seed in range(24)
        for device in (made, other)
    ]
    with ThreadPoolExecutor(MOST_PARALLEL) as pool:
        outcomes = list(pool.map(lambda job: hand_in(place, *job), jobs))
    assert sum(outcome.receipt is not None for outcome in outcomes) == 32
    assert counts(place) == (32, 0, 16)


def test_other_answers_under_the_same_id_become_one_revision(place: Place, made: Made) -> None:
    given = uuid.uuid4()
    outcomes = [hand_in(place, made, given, content(place, seed)) for seed in (1, 2, 2, 1)]
    told = [outcome.receipt.status for outcome in outcomes if outcome.receipt]
    assert told == ["stored", "conflict", "conflict", "stored"]
    tokens = [outcome.receipt.token for outcome in outcomes if outcome.receipt]
    assert tokens[0] == tokens[3] != tokens[1] == tokens[2]
    assert counts(place) == (1, 1, 0)


def test_batch_keeps_its_order_around_spoilt_items(place: Place, made: Made) -> None:
    items = [json.loads(content(place, seed)) | {"id": str(uuid.uuid4())} for seed in range(6)]
    items[1]["answers"] = "A"
    items[3]["area"] = "\0"
    items[5] = dict(items[0])
    body = json.dumps({"responses": items}).encode()
    outcomes = place.database.together(
        lambda session: intake.take_many(session, NOW, made.id, body)
    )
    assert isinstance(outcomes, list)
    assert [o.receipt.status if o.receipt else None for o in outcomes] == [
        *("stored", None, "stored", "needs_review", "stored", "stored")
    ]
    assert counts(place) == (4, 0, 1)


@pytest.mark.parametrize("given", ["\0", "\ud800", "not-a-uuid", ""])
def test_whatever_stands_for_the_id_is_kept(place: Place, made: Made, given: str) -> None:
    for _ in range(2):
        problem = hand_in(place, made, given, content(place, 1)).problem
        assert problem is not None and problem.code == "422.6"
    assert counts(place) == (0, 0, 1)


@pytest.mark.parametrize("name", ["project", "questionnaire", "area", "audience", "started_at"])
@pytest.mark.parametrize("value", ["\0", "a\0b", "😀", "x" * 5000, "a@b@c", "'; --"])
def test_hostile_texts_are_stored_or_kept_aside_and_never_fail(
    place: Place, made: Made, name: str, value: str
) -> None:
    outcome = hand_in(place, made, uuid.uuid4(), content(place, 1, **{name: value}))
    stored, _, aside = counts(place)
    assert (outcome.receipt is not None, outcome.problem is not None) == (stored == 1, aside == 1)
    assert stored + aside == 1
    assert outcome.problem is None or outcome.problem.code in ("422.7", "422.8")


def test_unreadable_bytes_are_kept_once_per_device(place: Place, made: Made) -> None:
    other = enrolled(place)
    body = bytes(range(256))
    given = uuid.uuid4()
    for device in (made, made, other):
        assert hand_in(place, device, given, body).problem
    with place.database.reading() as session:
        rows = list(session.scalars(select(Quarantined)))
    assert [row.body for row in rows] == [body] * 2
    assert {row.device_id for row in rows} == {made.id, other.id}


def test_replay_takes_a_batch_apart(place: Place, made: Made) -> None:
    """A frame that an older server could not read: what is readable by now leaves quarantine."""
    items = [json.loads(content(place, seed)) | {"id": str(uuid.uuid4())} for seed in range(3)]
    items[1]["version"] = 99
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        number = _put_frame_aside(session, made, json.dumps({"responses": items}).encode())
        kept = quarantine.find(session, place.evaluator, project, number)
        done = replay(session, NOW, place.evaluator, kept)
    assert (done.stored, [problem.code for problem in done.problems]) == (2, ["422.8"])
    with place.database.reading() as session:
        waiting = quarantine.waiting(session, place.evaluator)
        assert [kept.row.response_id for kept in waiting] == [items[1]["id"]]
    assert counts(place) == (2, 0, 2)


def _put_frame_aside(session: Session, made: Made, body: bytes) -> int:
    from app import problems
    from app.services.quarantine import Refusal, put_aside

    known = devices.known(session, made.id)
    put_aside(session, NOW, known, None, body, Refusal(problems.unreadable, "old server"))
    return session.scalars(select(Quarantined.id)).one()


def test_quarantine_is_closed_to_enumerators(place: Place) -> None:
    with place.database.reading() as session, pytest.raises(Problem) as refused:
        quarantine.waiting(session, place.enumerator)
    assert refused.value.code == "403.1"
