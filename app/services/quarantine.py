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
from app.services.bearers import Bearer

LONGEST_ID = 200
LONGEST_REASON = 2000


class Refusal(Exception):  # noqa: N818 - not a failure of the program
    """Why something cannot be stored as a response; becomes a problem once it is kept aside."""

    def __init__(self, make: Callable[[int, str], Problem], reason: str) -> None:
        super().__init__(reason)
        self.make, self.reason = make, reason[:LONGEST_REASON]


@dataclass(frozen=True)
class Kept:
    """One body in quarantine, where it came from and in which project.

    Without a device it came in a file, which `person` brought; none if that was the command.
    """

    row: Quarantined
    project: Project
    device: str | None
    person: User | None

    @property
    def enumerator(self) -> str:
        return self.person.display_name if self.person else ""


def put_aside(
    session: Session,
    now: datetime,
    bearer: Bearer,
    given_id: str | None,
    body: bytes,
    refusal: Refusal,
) -> Problem:
    """Keep the bytes as they came, once per device; returns what the tablet is told.

    What came in a file is of no device, and kept once per project. The project's row is locked by
    whoever takes something in, so looking first is safe.
    """
    response_id = None if given_id is None else _storable(given_id)[:LONGEST_ID]
    hashed = hashlib.sha256(repr(response_id).encode() + b"\n" + body).hexdigest()
    device_id = bearer.device.id if bearer.device else None
    query = select(Quarantined).where(
        Quarantined.project_id == bearer.project.id,
        Quarantined.device_id == device_id,
        Quarantined.body_hash == hashed,
    )
    row = session.scalar(query)
    if row is None:
        row = Quarantined(
            received_at=now,
            project_id=bearer.project.id,
            device_id=device_id,
            user_id=bearer.actor.user_id,
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
        select(Quarantined, Project, Device.label, User)
        .join(Project, Project.id == Quarantined.project_id)
        .outerjoin(Device, Device.id == Quarantined.device_id)
        .outerjoin(User, User.id == Quarantined.user_id)
    )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
