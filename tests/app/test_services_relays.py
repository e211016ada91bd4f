"""Tablets that carry each other's envelopes at the same time, on both databases."""

from __future__ import annotations

import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import select

from app.models import Project, StoredResponse
from app.services import devices, intake, keys
from app.services.intake import Outcome
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.app.sealing import Lock, sealed

ROUNDS, EACH = 6, 3


@dataclass(frozen=True)
class Enrolled:
    id: uuid.UUID
    token: str


@pytest.fixture
def pair(place: Place) -> tuple[Enrolled, Enrolled]:
    return enrolled(place, "alpha-enumerator"), enrolled(place, "alpha-evaluator")


def enrolled(place: Place, username: str) -> Enrolled:
    made, token = place.write(devices.create, username), devices.make_token()
    with place.database.writing() as session:
        devices.enrol(session, NOW, made.code, token)
    return Enrolled(made.id, token)


def item(place: Place, lock: Lock, maker: Enrolled, seed: int) -> dict[str, Any]:
    chance = random.Random(f"relay {seed}")
    given = uuid.UUID(int=chance.getrandbits(128), version=4)
    content = {
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "answers": simulate(place.residents.questionnaire, Audience.RECIPIENT, chance),
        "consent": {"version": "2", "given": True},
    }
    return {"id": str(given), **sealed(lock, maker, given, content)}


def test_batches_that_cross_store_each_once_and_wait_for_nobody_for_ever(
    place: Place, pair: tuple[Enrolled, Enrolled]
) -> None:
    with place.database.writing() as session:
        key = keys.current(session, NOW, session.get_one(Project, place.project.id))
    lock = Lock(key.id, key.public_key)
    made = {
        one["id"]: (maker, one)
        for seed in range(EACH)
        for maker in pair
        for one in [item(place, lock, maker, seed * 2 + pair.index(maker))]
    }
    batch = json.dumps({"responses": [one for _, one in made.values()]}).encode()

    def carry(turn: int) -> Any:
        moment, carrier = NOW + timedelta(minutes=turn), pair[turn % 2]
        with place.database.writing() as session:  # not together: that would queue them
            return intake.take_many(session, moment, carrier.id, batch)

    with ThreadPoolExecutor(ROUNDS) as pool:
        outcomes = [one for found in pool.map(carry, range(ROUNDS)) for one in found]
    assert all(isinstance(one, Outcome) and one.receipt for one in outcomes)
    assert len({one.receipt.token for one in outcomes}) == 2 * EACH
    with place.database.reading() as session:
        rows = {str(row.id): row for row in session.scalars(select(StoredResponse))}
    assert {given: row.device_id for given, row in rows.items()} == {
        given: maker.id for given, (maker, _) in made.items()
    }
    assert {row.status for row in rows.values()} == {"accepted"}
