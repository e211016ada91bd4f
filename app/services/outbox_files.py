"""Files that tablets export: what lies in their outbox, sealed, and the visits they made.

`{"format": "manyi-outbox", "version": 1, "project", "device", "exported_at", "items": [{"id",
"sealed"}], "visits": […]}`. Reading one twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import problems
from app.models import Device, Project
from app.problems import Reason
from app.services import devices, fieldwork, intake, log, projects
from app.services.access import Actor
from app.services.bearers import Bearer
from app.services.devices import Known
from app.services.intake import Outcome
from app.services.sent import UnreadableError, read_json
from app.services.sent_faults import brief

FORMAT, VERSION = "manyi-outbox", 1


@dataclass(frozen=True)
class OutboxFile:
    """What a file holds, its frame checked; the items and visits are still as they came."""

    name: str
    project: str
    device: str
    items: Sequence[Any]
    visits: Sequence[Any]


@dataclass(frozen=True)
class Imported:
    """What became of a file. `tablet` is the one that it names, if the project has it."""

    name: str
    tablet: Known | None
    outcomes: Sequence[Outcome]
    repeated: Sequence[str]
    """Ids that stand in the file more than once."""
    visits: Counter[str]
    """By what became of them: stored, known, refused, or left for want of a tablet."""

    @property
    def stored(self) -> int:
        return sum(receipt.created for receipt in self._receipts)

    @property
    def needs_review(self) -> int:
        """Those of `stored` that wait for a reviewer."""
        return sum(r.created and r.status == "needs_review" for r in self._receipts)

    @property
    def conflicts(self) -> int:
        return sum(receipt.status == "conflict" for receipt in self._receipts)

    @property
    def known(self) -> int:
        return len(self._receipts) - self.stored - self.conflicts

    @property
    def aside(self) -> list[Outcome]:
        """Those in quarantine, each with its problem."""
        return [outcome for outcome in self.outcomes if outcome.receipt is None]

    @property
    def is_whole(self) -> bool:
        return not (self.aside or self.visits["refused"] or self.visits["left"])

    @property
    def _receipts(self) -> list[Any]:
        return [outcome.receipt for outcome in self.outcomes if outcome.receipt is not None]


def read_file(content: bytes, name: str) -> OutboxFile:
    """Raises Problem 422.10."""
    if not content.strip():
        raise problems.no_outbox_file(name, [Reason("outbox_empty")])
    try:
        value = read_json(content)
    except UnreadableError as error:
        raise problems.no_outbox_file(name, [_unreadable(content, error.reason)]) from None
    if faults := list(_faults(value)):
        raise problems.no_outbox_file(name, faults[:1])
    device, visits = value.get("device"), value.get("visits", [])
    return OutboxFile(name, value["project"], str(device or ""), value["items"], visits)


def take_in(
    session: Session, now: datetime, actor: Actor, project: Project, file: OutboxFile
) -> Imported:
    """Store what can be read, each item by itself; keep aside what cannot.

    A right proof credits an item to its tablet, whoever brings the file; any other waits for
    review under the person who brought it, for a file proves nothing. Visits carry no proof: they
    are taken for the tablet that the file names, on the word of the evaluator. Raises Problem 403.1
    or 422.10.
    """
    actor.require("manage_project")
    if file.project != project.slug:
        other = Reason("outbox_other_project", given=brief(file.project))
        raise problems.no_outbox_file(file.name, [other])
    projects.lock(session, project)
    tablet = _tablet(session, project, file.device)
    outcomes = intake.take_items(session, now, Bearer(project, actor), file.items)
    done = Imported(
        file.name,
        tablet,
        outcomes,
        _repeated(file.items),
        _visits(session, now, tablet, list(file.visits)),
    )
    details = {"stored": done.stored, "again": done.known, "conflicts": done.conflicts}
    log.record(session, now, actor, "outbox.import", brief(file.name), project, **details)
    return done


def _unreadable(content: bytes, reason: Reason) -> Reason:
    text = content.strip()
    if text.startswith(b"{") and not text.endswith(b"}"):
        return Reason("outbox_truncated")
    return Reason("outbox_unreadable", reason=reason)


def _faults(value: Any) -> Iterator[Reason]:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        yield Reason("outbox_other_format")
        return
    if value.get("version") != VERSION:
        yield Reason("outbox_other_version", given=brief(str(value.get("version"))), ours=VERSION)
    parts = (value.get("items"), value.get("visits", []))
    if not isinstance(value.get("project"), str) or not all(isinstance(p, list) for p in parts):
        yield Reason("outbox_other_format")
    if parts == ([], []):
        yield Reason("outbox_nothing")


def _tablet(session: Session, project: Project, given: str) -> Known | None:
    try:
        device = session.get(Device, uuid.UUID(given))
    except ValueError:
        return None
    if device is None or device.project_id != project.id:
        return None
    return devices.known(session, device.id)


def _repeated(items: Sequence[Any]) -> list[str]:
    ids = Counter(i["id"] for i in items if isinstance(i, dict) and isinstance(i.get("id"), str))
    return [brief(given) for given, times in ids.items() if times > 1]


def _visits(
    session: Session, now: datetime, tablet: Known | None, visits: list[Any]
) -> Counter[str]:
    if tablet is None:
        return Counter(left=len(visits))
    outcomes = fieldwork.take_visits(session, now, tablet, visits)
    return Counter(outcome.status for outcome in outcomes)
