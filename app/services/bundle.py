"""What a tablet takes along into the field: its project, forms, areas, assignments and a key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import problems
from app.models import ProjectKey
from app.services import areas, assignments, devices, keys, ledger, questionnaires
from app.services.devices import Known
from app.services.questionnaires import Published
from surveys.definition import Audience

GRACE_DAYS = 7
"""How long a tablet keeps its sealed copy after the receipt."""


@dataclass(frozen=True)
class Form:
    """One questionnaire as one audience is asked it."""

    published: Published
    audience: Audience


@dataclass(frozen=True)
class Bundle:
    """`facts` is JSON already; the forms are still to be drawn."""

    facts: dict[str, Any]
    forms: tuple[Form, ...]


def of_device(session: Session, now: datetime, known: Known) -> Bundle:
    """Raises Problem 403.2 for a device that was revoked: it may hand in, but reads nothing."""
    if not known.is_open:
        raise problems.device_closed()
    devices.seen(session, now, known)
    project = known.project
    facts = {
        "device": {
            "id": str(known.device.id),
            "label": known.device.label,
            "enumerator": known.user.display_name,
        },
        "project": {
            "slug": project.slug,
            "name": project.name,
            "practice": project.practice,
            "asks_position": project.asks_position,
        },
        "key": _key(keys.current(session, now, project)),
        "grace_days": GRACE_DAYS,
        "areas": list(_areas(session, known)),
        "assignments": [
            {
                "area": one.area.code,
                "area_name": one.area.name,
                "audience": one.audience.value,
                "quantity": one.quantity,
                "done": one.done,
            }
            for one in assignments.of_person(session, project, known.user.id)
        ],
        "ledger": ledger.of_device(session, known),
    }
    return Bundle(facts, tuple(_forms(session, known)))


def _key(key: ProjectKey) -> dict[str, str]:
    return {"id": key.id, "public": urlsafe_b64encode(key.public_key).rstrip(b"=").decode()}


def _areas(session: Session, known: Known) -> Iterator[dict[str, Any]]:
    found = areas.all_areas(session, known.project)
    codes = {area.id: area.code for area in found}
    for _, area in areas.tree(found):
        parent = codes.get(area.parent_id) if area.parent_id else None
        yield {"code": area.code, "name": area.name, "parent": parent}


def _forms(session: Session, known: Known) -> Iterator[Form]:
    for audience in Audience:
        try:
            published = questionnaires.offered_to(session, known.project, audience)
        except problems.Problem:
            continue
        yield Form(published, audience)
