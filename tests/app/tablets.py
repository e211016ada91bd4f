"""Tablets for tests of the interface: their tokens, what they send, what is stored of it."""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.models import Device, Quarantined, Revision, StoredResponse
from app.services import devices, projects
from app.services.access import COMMAND_LINE
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.app.filled import database
from tests.conftest import NOW, World

ADDRESS = "/api/v1/responses"


@dataclass(frozen=True)
class Tablet:
    """A device of `alpha-enumerator` (or another) that sends as the tablet app does."""

    world: World
    token: str
    id: uuid.UUID

    def put(self, given_id: object, body: Any, **headers: str) -> TestResponse:
        return self.send("put", f"{ADDRESS}/{given_id}", body, **headers)

    def post(self, body: Any, **headers: str) -> TestResponse:
        return self.send("post", ADDRESS, body, **headers)

    def send(self, method: str, address: str, body: Any = b"", **headers: str) -> TestResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Authorization": f"Bearer {self.token}"} | headers
        client = self.world.app.test_client()
        return getattr(client, method)(
            address, data=content, headers=told, content_type="application/json"
        )


def tablet(world: World, slug: str = "alpha", username: str = "") -> Tablet:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        made = devices.create(session, NOW, COMMAND_LINE, project, username or f"{slug}-enumerator")
        token = devices.make_token()
        devices.enrol(session, NOW, made.code, token)
    return Tablet(world, token, made.id)


def revoke(tablet: Tablet, slug: str = "alpha") -> None:
    with database(tablet.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        devices.revoke(session, NOW, COMMAND_LINE, project, tablet.id)


def response(seed: int, **changed: Any) -> dict[str, Any]:
    """A right response of a 低保户 as the tablet sends it; fields can be replaced."""
    answers = simulate(find("dibao-residents@2"), Audience.RECIPIENT, random.Random(seed))
    return {
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "area": None,
        "answers": answers,
        "consent": {"version": "2", "given": True},
        "started_at": "2026-11-21T10:00:00.000+08:00",
        "finished_at": "2026-11-21T10:20:00.500+08:00",
        "elapsed_ms": 1_200_500,
        **changed,
    }


def new_uuid(seed: int) -> uuid.UUID:
    return uuid.UUID(int=random.Random(f"id {seed}").getrandbits(128), version=4)


def item(seed: int, **changed: Any) -> dict[str, Any]:
    """The same as an item of a batch."""
    return {"id": str(new_uuid(seed)), **response(seed, **changed)}


def counts(world: World) -> tuple[int, int, int]:
    """Responses, revisions, bodies in quarantine."""
    with database(world.app).reading() as session:
        tables = (StoredResponse, Revision, Quarantined)
        found = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return found[0] or 0, found[1] or 0, found[2] or 0


def kept_aside(world: World) -> list[Quarantined]:
    with database(world.app).reading() as session:
        return list(session.scalars(select(Quarantined).order_by(Quarantined.id)))


def device_row(tablet: Tablet) -> Device:
    with database(tablet.world.app).reading() as session:
        return session.get_one(Device, tablet.id)


def code_of(answer: TestResponse) -> str:
    assert answer.mimetype == "application/problem+json", answer.data
    return str(json.loads(answer.data)["code"])
