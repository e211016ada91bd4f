"""From what was opened to what can be stored: its questionnaire, its area, what is wrong around it.

Only what cannot be stored at all is refused; everything else that is wrong becomes a complaint.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app import problems
from app.models import Area, Project, as_json
from app.services import areas, questionnaires
from app.services.desk import Desk
from app.services.opening import Opened, read
from app.services.quarantine import Refusal
from app.services.questionnaires import Published
from app.services.responses import Arrival, Submission
from app.services.sent import Position, SentResponse
from app.services.sent_faults import brief
from surveys.answers import Complaint
from surveys.definition import Audience

AUDIENCES = {audience.value: audience for audience in Audience}
ALLOWED = "、".join(Audience)


@dataclass(frozen=True)
class Filed:
    """What is to be stored, and as what it was opened."""

    arrival: Arrival
    opened: Opened


def file(desk: Desk, response_id: uuid.UUID, value: Any) -> Filed:
    """Raises Refusal."""
    opened = read(desk, response_id, value)
    sent, project = opened.sent, desk.bearer.project
    if sent.project != project.slug:
        raise Refusal(problems.wrong_project, brief(sent.project))
    published = _published(desk, sent)
    submission = _submission(desk, response_id, opened)
    return Filed(Arrival(opened.author.actor, published, submission), opened)


def _published(desk: Desk, sent: SentResponse) -> Published:
    found = desk.once(questionnaires.exact, sent.questionnaire, sent.version)
    if found is None:
        reference = f"{sent.questionnaire}@{sent.version}"
        raise Refusal(problems.not_published, brief(reference))
    return found


def _submission(desk: Desk, response_id: uuid.UUID, opened: Opened) -> Submission:
    sent, device = opened.sent, opened.author.device
    area = _area(desk, sent.area)
    position, misplaced = _position(desk.bearer.project, sent)
    return Submission(
        id=response_id,
        audience=AUDIENCES.get(sent.audience or ""),
        area=area,
        answers=sent.answers,
        consent=sent.consent or {},
        started_at=sent.started_at,
        finished_at=sent.finished_at,
        elapsed_ms=sent.elapsed_ms,
        device_id=device.id if device else None,
        practice=sent.practice,
        position=position,
        complaints=(*_complaints(opened, area), *misplaced),
    )


def _area(desk: Desk, code: str | None) -> Area | None:
    # PostgreSQL would refuse to look for a NUL.
    return desk.once(areas.find, code) if code and code.isprintable() else None


def _position(
    project: Project, sent: SentResponse
) -> tuple[dict[str, Any] | None, list[Complaint]]:
    """None unless the project asks for it and the respondent takes part: what nobody asked for is
    not kept, however it came to be sent, and not complained about either."""
    if sent.position is None or not project.asks_position or not _consented(sent):
        return None, []
    try:
        return Position.model_validate(sent.position).model_dump(), []
    except ValidationError:
        given = {"given": as_json(sent.position)}
        return None, [Complaint("position", "malformed_position", given)]


def _complaints(opened: Opened, area: Area | None) -> Iterator[Complaint]:
    sent = opened.sent
    yield from opened.complaints
    if not opened.author.is_open:
        yield Complaint("device", "device_revoked", {})
    if sent.audience and sent.audience not in AUDIENCES:
        yield Complaint(
            "audience", "unknown_audience", {"value": sent.audience, "allowed": ALLOWED}
        )
    if sent.area and area is None:
        yield Complaint("area", "unknown_area", {"area": sent.area})
    if not _consented(sent):
        yield Complaint("consent", "no_consent", {})


def _consented(sent: SentResponse) -> bool:
    return sent.consent is not None and sent.consent.get("given") is True
