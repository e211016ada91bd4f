"""Bodies that could not be read: kept aside once each, looked at, replayed or dismissed."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app import problems
from app.models import Device, Project, Quarantined, StoredResponse, User
from app.problems import Problem, Told
from app.services import log, projects
from app.services.access import Actor
from app.services.bearers import Bearer

LONGEST_ID = 200
LONGEST_REASON = 2000
IDS_AT_ONCE = 500


class Refusal(Exception):  # noqa: N818 - not a failure of the program
    """Why something cannot be stored as a response; becomes a problem once it is kept aside."""

    def __init__(self, make: Callable[[int, Told], Problem], reason: Told) -> None:
        super().__init__(reason)
        self.make, self.reason = make, reason

    def in_chinese(self) -> str:
        """What is kept with the body."""
        told = self.reason if isinstance(self.reason, str) else self.reason.text()
        return _storable(told)[:LONGEST_REASON]


State = Literal["waiting", "stored", "replayed", "dismissed"]
"""Only what waits is anybody's business; `stored`: a response with its id came later by itself."""


@dataclass(frozen=True)
class Kept:
    """One body in quarantine, where it came from and in which project.

    Without a device it came in a file, which `person` brought; none if that was the command.
    `dismisser` is the name of who dismissed it on a page.
    """

    row: Quarantined
    project: Project
    device: str | None
    person: User | None
    dismisser: str | None
    state: State

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
    row.reason, row.replayed_at = refusal.in_chinese(), None
    session.flush()
    return refusal.make(row.id, refusal.reason)


def waiting(session: Session, actor: Actor, project: Project | None = None) -> list[Kept]:
    """What waits to be looked at, the oldest first. Raises Problem 403.1."""
    return [kept for kept in _all(session, actor, project) if kept.state == "waiting"]


def settled(session: Session, actor: Actor, project: Project | None = None) -> list[Kept]:
    """What was replayed, dismissed or stored later, the oldest first. Raises Problem 403.1."""
    return [kept for kept in _all(session, actor, project) if kept.state != "waiting"]


def waiting_by_device(session: Session, project: Project) -> Counter[uuid.UUID | None]:
    query = select(
        Quarantined.id,
        Quarantined.device_id,
        Quarantined.project_id,
        Quarantined.response_id,
        Quarantined.received_at,
    ).where(
        Quarantined.project_id == project.id,
        Quarantined.replayed_at.is_(None),
        Quarantined.dismissed_at.is_(None),
    )
    rows = session.execute(query).all()
    stored = _stored_later(session, rows)
    return Counter(row.device_id for row in rows if row.id not in stored)


def count_waiting(session: Session, project: Project) -> int:
    return waiting_by_device(session, project).total()


def find(session: Session, actor: Actor, project: Project | None, number: int) -> Kept:
    """Without a project in any. Raises Problem 403.1 or 404.1."""
    actor.require("review")
    query = _kept().where(Quarantined.id == number)
    if project is not None:
        query = query.where(Quarantined.project_id == project.id)
    found = session.execute(query).first()
    if found is None:
        raise problems.not_found()
    return _with_state(found, _stored_later(session, [found[0]]))


def dismiss(session: Session, now: datetime, actor: Actor, kept: Kept, reason: str) -> None:
    """Nothing need be done about it; the row stays, and can still be replayed. The first reason
    stays too. Raises Problem 403.1 or 422.3."""
    actor.require("review")
    if not reason.strip():
        raise problems.reason_needed()
    projects.lock(session, kept.project)
    row = kept.row
    if row.dismissed_at is not None or row.replayed_at is not None:
        return
    row.dismissed_at, row.dismissed_by = now, actor.user_id
    row.dismissed_reason = _storable(reason.strip())[:LONGEST_REASON]
    details = {"reason": row.dismissed_reason}
    log.record(session, now, actor, "quarantine.dismiss", str(row.id), kept.project, **details)
    session.flush()


def _all(session: Session, actor: Actor, project: Project | None) -> list[Kept]:
    actor.require("review")
    query = _kept().order_by(Quarantined.id)
    if project is not None:
        query = query.where(Quarantined.project_id == project.id)
    found = session.execute(query).all()
    stored = _stored_later(session, [line[0] for line in found])
    return [_with_state(line, stored) for line in found]


def _kept() -> Any:
    dismisser = aliased(User)
    return (
        select(Quarantined, Project, Device.label, User, dismisser.display_name)
        .join(Project, Project.id == Quarantined.project_id)
        .outerjoin(Device, Device.id == Quarantined.device_id)
        .outerjoin(User, User.id == Quarantined.user_id)
        .outerjoin(dismisser, dismisser.id == Quarantined.dismissed_by)
    )


def _with_state(found: Any, stored: Collection[int]) -> Kept:
    row, project, device, person, dismisser = found
    return Kept(row, project, device, person, dismisser, _state(row, stored))


def _state(row: Quarantined, stored: Collection[int]) -> State:
    if row.replayed_at is not None:
        return "replayed"
    if row.dismissed_at is not None:
        return "dismissed"
    return "stored" if row.id in stored else "waiting"


def _stored_later(session: Session, rows: Sequence[Any]) -> set[int]:
    """Numbers of the rows whose response came again, could be read and was stored.

    Not in SQL: what was given as an id may be anything, and each database keeps a UUID its own way.
    """
    given: dict[int, Any] = {row.id: _uuid(row.response_id) for row in rows}
    arrived: dict[tuple[int, uuid.UUID], datetime] = {}
    ids = sorted({one for one in given.values() if one is not None})
    query = select(StoredResponse.project_id, StoredResponse.id, StoredResponse.received_at)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = query.where(StoredResponse.id.in_(ids[start : start + IDS_AT_ONCE]))
        arrived |= {(row[0], row[1]): row[2] for row in session.execute(some)}
    return {
        row.id
        for row in rows
        if (at := arrived.get((row.project_id, given[row.id]))) and at >= row.received_at
    }


def _uuid(given: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        return None


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
