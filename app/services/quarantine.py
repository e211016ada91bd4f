"""Bodies that could not be read: kept aside once each, looked at, and replayed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import problems
from app.models import Device, Project, Quarantined, User
from app.problems import Problem
from app.services.access import Actor
from app.services.devices import Known

LONGEST_ID = 200
LONGEST_REASON = 2000


class Refusal(Exception):  # noqa: N818 - not a failure of the program
    """Why something cannot be stored as a response; becomes a problem once it is kept aside."""

    def __init__(self, make: Callable[[int, str], Problem], reason: str) -> None:
        super().__init__(reason)
        self.make, self.reason = make, reason[:LONGEST_REASON]


@dataclass(frozen=True)
class Kept:
    """One body in quarantine, where it came from and in which project."""

    row: Quarantined
    project: Project
    device: str
    enumerator: str


def put_aside(
    session: Session,
    now: datetime,
    known: Known,
    given_id: str | None,
    body: bytes,
    refusal: Refusal,
) -> Problem:
    """Keep the bytes as they came, once per device; returns what the tablet is told.

    The project's row is locked by whoever takes something in, so looking first is safe.
    """
    response_id = None if given_id is None else _storable(given_id)[:LONGEST_ID]
    hashed = hashlib.sha256(repr(response_id).encode() + b"\n" + body).hexdigest()
    query = select(Quarantined).where(
        Quarantined.device_id == known.device.id, Quarantined.body_hash == hashed
    )
    row = session.scalar(query)
    if row is None:
        row = Quarantined(
            received_at=now,
            project_id=known.project.id,
            device_id=known.device.id,
            user_id=known.user.id,
            response_id=response_id,
            body=body,
            body_hash=hashed,
        )
        session.add(row)
    row.code = refusal.make(0, "").code
    row.reason, row.replayed_at = _storable(refusal.reason), None
    session.flush()
    return refusal.make(row.id, refusal.reason)


def waiting(
    session: Session, actor: Actor, project: Project | None = None, *, replayed: bool = False
) -> Sequence[Kept]:
    """What waits to be looked at (or was replayed), the oldest first. Raises Problem 403.1."""
    actor.require("review")
    query = _kept().where(
        Quarantined.replayed_at.is_not(None) if replayed else Quarantined.replayed_at.is_(None)
    )
    if project is not None:
        query = query.where(Quarantined.project_id == project.id)
    return [Kept(*found) for found in session.execute(query.order_by(Quarantined.id))]


def count_waiting(session: Session, project: Project) -> int:
    query = select(func.count()).select_from(Quarantined)
    query = query.where(Quarantined.project_id == project.id, Quarantined.replayed_at.is_(None))
    return session.scalar(query) or 0


def find(session: Session, actor: Actor, project: Project | None, number: int) -> Kept:
    """Without a project in any. Raises Problem 403.1 or 404.1."""
    actor.require("review")
    query = _kept().where(Quarantined.id == number)
    if project is not None:
        query = query.where(Quarantined.project_id == project.id)
    found = session.execute(query).first()
    if found is None:
        raise problems.not_found()
    return Kept(*found)


def _kept() -> Any:
    return (
        select(Quarantined, Project, Device.label, User.display_name)
        .join(Project, Project.id == Quarantined.project_id)
        .join(Device, Device.id == Quarantined.device_id)
        .join(User, User.id == Quarantined.user_id)
    )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
