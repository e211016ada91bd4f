"""Sealed responses handed in: credited to the tablet that made them, whoever carries them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Device, Project, ProjectKey, StoredResponse
from app.services import accounts, devices, projects, questionnaires
from app.services.access import COMMAND_LINE
from surveys.catalogue import find
from tests.app.filled import add_areas, database, page, stored
from tests.app.sealing import Lock, envelope, lock_of, sealed
from tests.app.tablets import (
    Tablet,
    code_of,
    counts,
    item,
    kept_aside,
    new_uuid,
    response,
    revoke,
    tablet,
)
from tests.conftest import NOW, World, csrf_token

QUARANTINE = "/projects/alpha/quarantine"


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


@pytest.fixture
def other(world: World) -> Tablet:
    """A tablet of somebody else in the same project."""
    return tablet(world, username="alpha-supervisor")


@pytest.fixture
def lock(world: World) -> Lock:
    return lock_of(world)


def told(answer: Any) -> dict[str, Any]:
    assert answer.mimetype == "application/json", answer.data
    return dict(json.loads(answer.data))


def codes(answer: Any) -> list[str]:
    return [complaint["code"] for complaint in told(answer)["complaints"]]


def user_of(world: World, username: str) -> int:
    with database(world.app).reading() as session:
        return int(accounts.find(session, username).id)


def close(world: World, username: str) -> None:
    with database(world.app).writing() as session:
        user = accounts.find(session, username)
        accounts.set_active(session, NOW, COMMAND_LINE, user, active=False)


def test_sealed_response_is_stored_like_an_open_one(own: Tablet, lock: Lock) -> None:
    add_areas(own.world)
    body = sealed(lock, own, new_uuid(1), response(1, area="5101"))
    first, again = (own.put(new_uuid(1), body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (told(first)["status"], told(first)) == ("stored", told(again))
    row = stored(own.world, new_uuid(1))
    assert (row.answers, row.device_id) == (response(1)["answers"], own.id)
    assert row.enumerator_id == user_of(own.world, "alpha-enumerator")
    assert told(own.put(new_uuid(1), response(1, area="5101"))) == told(first)
    assert counts(own.world) == (1, 0, 0)


def test_sealed_anew_it_gives_the_same_receipt(own: Tablet, lock: Lock) -> None:
    answers = [own.put(new_uuid(1), sealed(lock, own, new_uuid(1), response(1))) for _ in range(3)]
    assert len({told(answer)["receipt"] for answer in answers}) == 1
    assert counts(own.world) == (1, 0, 0)


def test_other_answers_under_the_same_id_are_a_conflict(own: Tablet, lock: Lock) -> None:
    own.put(new_uuid(1), response(1))
    answer = own.put(new_uuid(1), sealed(lock, own, new_uuid(1), response(2)))
    assert told(answer)["status"] == "conflict"
    assert counts(own.world) == (1, 1, 0)


def test_relayed_response_is_of_the_tablet_that_made_it(
    own: Tablet, other: Tablet, lock: Lock
) -> None:
    body = sealed(lock, own, new_uuid(1), response(1))
    relayed = other.put(new_uuid(1), body)
    assert (relayed.status_code, told(relayed)["status"]) == (201, "stored")
    row = stored(own.world, new_uuid(1))
    assert (row.device_id, row.enumerator_id) == (own.id, user_of(own.world, "alpha-enumerator"))
    assert told(own.put(new_uuid(1), body)) == told(relayed)


def test_batch_of_several_tablets_credits_each(own: Tablet, other: Tablet, lock: Lock) -> None:
    makers = {new_uuid(n): own if n % 2 else other for n in range(1, 7)}
    items: list[Any] = [
        {"id": str(given), **sealed(lock, maker, given, response(seed))}
        for seed, (given, maker) in enumerate(makers.items())
    ]
    items[2:2] = [item(9), {"id": str(new_uuid(10)), "sealed": {}}]
    receipts = told(other.post({"responses": items}))["receipts"]
    assert [one["status"] for one in receipts] == [
        *("stored", "stored", "stored", "quarantined", "stored", "stored", "stored", "stored")
    ]
    assert [stored(own.world, given).device_id for given in makers] == [
        maker.id for maker in makers.values()
    ]
    assert stored(own.world, new_uuid(9)).device_id == other.id


def test_state_of_the_maker_counts_and_not_that_of_the_carrier(
    own: Tablet, other: Tablet, lock: Lock
) -> None:
    bodies = [sealed(lock, own, new_uuid(n), response(n)) for n in (1, 2)]
    revoke(other)
    assert told(other.put(new_uuid(1), bodies[0]))["status"] == "stored"
    revoke(own)
    assert told(other.put(new_uuid(2), bodies[1]))["status"] == "needs_review"
    assert [c["code"] for c in stored(own.world, new_uuid(2)).complaints] == ["device_revoked"]


def test_closed_account_of_the_maker_counts_too(own: Tablet, other: Tablet, lock: Lock) -> None:
    close(own.world, "alpha-enumerator")
    body = sealed(lock, own, new_uuid(1), response(1))
    assert told(other.put(new_uuid(1), body))["status"] == "needs_review"


@pytest.mark.parametrize("username", ["alpha-enumerator", "alpha-supervisor"])
@pytest.mark.parametrize(
    "forged",
    [
        *({"proof": "0" * 64}, {"proof": ""}, {"proof": "é"}, {"proof": None}),
        *({"device": None}, {"device": ""}, {"device": "x"}),
        {"device": "6f1e2d3c-4b5a-4978-8a6b-0c1d2e3f4a5b"},
    ],
)
def test_without_a_right_proof_it_is_kept_under_the_carrier_for_review(
    own: Tablet, lock: Lock, username: str, forged: dict[str, Any]
) -> None:
    carrier = tablet(own.world, username=username)
    body = sealed(lock, own, new_uuid(1), response(1), **forged)
    answers = [carrier.put(new_uuid(1), body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert (told(answers[0])["status"], codes(answers[0])) == ("needs_review", ["device_unproven"])
    row = stored(own.world, new_uuid(1))
    assert (row.device_id, row.enumerator_id) == (carrier.id, user_of(own.world, username))
    assert row.answers == response(1)["answers"]
    assert counts(own.world) == (1, 0, 0)


def test_proof_of_a_tablet_elsewhere_proves_nothing_here(own: Tablet, lock: Lock) -> None:
    stranger = tablet(own.world, "beta")
    answer = own.put(new_uuid(1), sealed(lock, stranger, new_uuid(1), response(1)))
    assert codes(answer) == ["device_unproven"]


def test_tablet_that_never_enrolled_proves_nothing(own: Tablet, lock: Lock) -> None:
    with database(own.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        waiting = devices.create(session, NOW, COMMAND_LINE, project, "alpha-enumerator")
    body = sealed(lock, Tablet(own.world, "", waiting.id), new_uuid(1), response(1))
    assert codes(own.put(new_uuid(1), body)) == ["device_unproven"]


def test_carrier_learns_nothing_of_what_it_carries(own: Tablet, other: Tablet, lock: Lock) -> None:
    wrong = response(1, answers={"q01": "no such option"})
    body = sealed(lock, own, new_uuid(1), wrong)
    assert (told(other.put(new_uuid(1), body))["status"], codes(own.put(new_uuid(1), body))) == (
        "needs_review",
        [complaint["code"] for complaint in stored(own.world, new_uuid(1)).complaints],
    )
    assert codes(other.put(new_uuid(1), body)) == []
    forged = sealed(lock, own, new_uuid(2), wrong, proof="")
    assert codes(other.put(new_uuid(2), forged)) == ["device_unproven"]
    assert len(stored(own.world, new_uuid(2)).complaints) > 1


def spoilt(lock: Lock, own: Tablet) -> dict[str, Any]:
    """Bodies that cannot be opened."""
    right = sealed(lock, own, new_uuid(1), response(1))["sealed"]
    text = right["text"]
    return {
        "no envelope": {"sealed": None},
        "text in its place": {"sealed": "x"},
        "an empty one": {"sealed": {}},
        "a member too many": {"sealed": right, "project": "alpha"},
        "of a later form": {"sealed": right | {"v": 2}},
        "a bit changed": {"sealed": right | {"text": ("A" if text[0] != "A" else "B") + text[1:]}},
        "cut off": {"sealed": right | {"text": text[:-8]}},
        "no point of the curve": {"sealed": right | {"ephemeral": "A" * 87}},
        "an unknown key": {"sealed": right | {"key": "0" * 16}},
        "the key of another project": sealed(
            lock_of(own.world, "beta"), own, new_uuid(1), response(1)
        ),
        "of another response": sealed(lock, own, new_uuid(2), response(1)),
        "no letter": {"sealed": envelope(lock, new_uuid(1), response(1))},
    }


def test_what_cannot_be_opened_is_kept_aside_as_it_came(own: Tablet, lock: Lock) -> None:
    bodies = spoilt(lock, own)
    for name, body in bodies.items():
        for _ in range(2):
            answer = own.put(new_uuid(1), body)
            assert (name, answer.status_code, code_of(answer)) == (name, 422, "422.9")
    assert [row.body for row in kept_aside(own.world)] == [
        json.dumps(body).encode() for body in bodies.values()
    ]
    assert counts(own.world) == (0, 0, len(bodies))


def test_id_beside_or_inside_the_envelope_has_to_be_that_of_the_address(
    own: Tablet, lock: Lock
) -> None:
    beside = {"id": str(new_uuid(2))} | sealed(lock, own, new_uuid(1), response(1))
    inside = sealed(lock, own, new_uuid(1), item(2))
    for body in (beside, inside):
        assert code_of(own.put(new_uuid(1), body)) == "422.6"
    right = {"id": str(new_uuid(1)).upper()} | sealed(lock, own, new_uuid(1), item(1))
    assert own.put(new_uuid(1), right).status_code == 201


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("not JSON", "422.5"),
        ("[]", "422.5"),
        ('{"sealed": {}}', "422.5"),
        ({**response(1), "secret": "王小明"}, "422.5"),
        (response(1, project="beta"), "422.7"),
        (response(1, version=1, answers={"q01": "王小明"}), "422.8"),
    ],
)
def test_opened_but_not_storable_stays_sealed_in_quarantine(
    own: Tablet, lock: Lock, content: Any, code: str
) -> None:
    body = sealed(lock, own, new_uuid(1), content)
    assert code_of(own.put(new_uuid(1), body)) == code
    row = kept_aside(own.world)[0]
    assert row.body == json.dumps(body).encode()
    text = page(own.world.client("alpha-evaluator"), f"{QUARANTINE}/{row.id}")
    assert body["sealed"]["text"] in text
    assert '"answers"' not in text
    assert "王小明" not in row.body.decode() + row.reason + text


def press_replay(own: Tablet) -> Any:
    client = own.world.client("alpha-evaluator")
    data = {"csrf_token": csrf_token(client, "/account")}
    return client.post(f"{QUARANTINE}/{kept_aside(own.world)[0].id}/replay", data=data)


def test_replay_opens_it_once_the_key_is_back(own: Tablet, other: Tablet, lock: Lock) -> None:
    with database(own.world.app).writing() as session:
        key = session.get_one(ProjectKey, lock.id)
        saved = {c.key: getattr(key, c.key) for c in ProjectKey.__table__.columns}
        session.delete(key)
    body = sealed(lock, own, new_uuid(1), response(1))
    assert code_of(other.put(new_uuid(1), body)) == "422.9"
    press_replay(own)
    assert kept_aside(own.world)[0].replayed_at is None
    with database(own.world.app).writing() as session:
        session.add(ProjectKey(**saved))
    press_replay(own)
    assert kept_aside(own.world)[0].replayed_at == NOW
    row = stored(own.world, new_uuid(1))
    assert (row.device_id, row.status) == (own.id, "accepted")
    assert told(own.put(new_uuid(1), body))["status"] == "stored"


def test_replay_credits_the_maker_once_the_questionnaire_is_published(
    own: Tablet, other: Tablet, lock: Lock
) -> None:
    given = str(new_uuid(1))
    old = sealed(lock, own, given, response(1, version=1, answers={"q01": "A"}))
    other.post({"responses": [{"id": given, **old}]})
    with database(own.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        questionnaires.publish(session, NOW, COMMAND_LINE, project, find("dibao-residents@1"))
    press_replay(own)
    row = stored(own.world, new_uuid(1))
    assert (row.device_id, row.answers, row.status) == (own.id, {"q01": "A"}, "accepted")


def asks_position(world: World) -> None:
    with database(world.app).writing() as session:
        session.scalars(select(Project).where(Project.slug == "alpha")).one().asks_position = True


HERE = {"latitude": 30.8, "longitude": 106.08, "accuracy_m": 12}
POLE = {"latitude": -90.0, "longitude": 180, "accuracy_m": 0}


@pytest.mark.parametrize("position", [HERE, POLE])
def test_position_is_stored_where_the_project_asks_for_it(
    own: Tablet, position: dict[str, float]
) -> None:
    asks_position(own.world)
    assert told(own.put(new_uuid(1), response(1, position=position)))["status"] == "stored"
    assert stored(own.world, new_uuid(1)).position == position


def test_position_is_never_stored_unasked_or_without_consent(own: Tablet) -> None:
    assert told(own.put(new_uuid(1), response(1, position=HERE)))["status"] == "stored"
    assert stored(own.world, new_uuid(1)).position is None
    asks_position(own.world)
    refused = response(2, position=HERE, consent={"version": "2", "given": False})
    own.put(new_uuid(2), refused)
    assert stored(own.world, new_uuid(2)).position is None


@pytest.mark.parametrize(
    "position",
    [
        {},
        {"latitude": 30.8, "longitude": 106.08},
        HERE | {"name": "王小明"},
        HERE | {"latitude": 90.001},
        HERE | {"latitude": -91},
        HERE | {"longitude": 180.5},
        HERE | {"longitude": 10**400},
        HERE | {"longitude": "106.08"},
        HERE | {"longitude": True},
        HERE | {"accuracy_m": -1},
        HERE | {"accuracy_m": None},
        HERE | {"\ud800": 1},
    ],
)
def test_impossible_position_is_complained_about_and_not_kept(
    own: Tablet, position: dict[str, Any]
) -> None:
    asks_position(own.world)
    answer = own.put(new_uuid(1), response(1, position=position))
    assert (answer.status_code, codes(answer)) == (201, ["malformed_position"])
    assert stored(own.world, new_uuid(1)).position is None


@pytest.mark.parametrize("begun", [True, False])
def test_practice_is_as_the_interview_began(own: Tablet, lock: Lock, begun: bool) -> None:
    with database(own.world.app).writing() as session:
        session.scalars(select(Project).where(Project.slug == "alpha")).one().practice = not begun
    own.put(new_uuid(1), sealed(lock, own, new_uuid(1), response(1, practice=begun)))
    own.put(new_uuid(2), response(2, practice=None))
    found = [stored(own.world, new_uuid(n)).practice for n in (1, 2)]
    assert found == [begun, not begun]


def test_place_and_mode_are_no_part_of_the_content(own: Tablet, lock: Lock) -> None:
    asks_position(own.world)
    bodies = [response(1), response(1, practice=True), response(1, position=HERE)]
    answers = [own.put(new_uuid(1), sealed(lock, own, new_uuid(1), body)) for body in bodies]
    assert len({told(answer)["receipt"] for answer in answers}) == 1
    assert counts(own.world) == (1, 0, 0)


def test_only_the_carrier_is_noted_as_seen(own: Tablet, other: Tablet, lock: Lock) -> None:
    other.put(new_uuid(1), sealed(lock, own, new_uuid(1), response(1)))
    with database(own.world.app).reading() as session:
        seen = {device.id: device.last_seen_at for device in session.scalars(select(Device))}
        assert session.scalars(select(StoredResponse.device_id)).one() == own.id
    assert (seen[other.id], seen[own.id]) == (NOW, None)
