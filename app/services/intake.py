"""What a tablet hands in: from the bytes to a receipt, or, if they cannot be read, to quarantine.

The rule (docs/decisions/0006): a receipt lets the tablet forget its copy, so only what is stored
as a response gets one. Whatever can be read is stored, however wrong; what cannot be read is kept
aside and the tablet is told to keep it too.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import problems
from app.models import Project, as_json
from app.problems import Problem
from app.services import areas, devices, questionnaires
from app.services.bearers import Bearer, of_tablet
from app.services.opening import Opened, brief, read
from app.services.quarantine import Refusal, put_aside
from app.services.questionnaires import Published
from app.services.responses import Receipt, Submission, receive
from app.services.sent import Position, SentResponse, as_body, read_json
from surveys.answers import Complaint
from surveys.definition import Audience

MOST_AT_ONCE = 500
CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ALLOWED = "、".join(Audience)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one response: a receipt, or a problem and where its bytes are kept."""

    given_id: str
    receipt: Receipt | None = None
    problem: Problem | None = None


def take_one(
    session: Session, now: datetime, device_id: uuid.UUID, given_id: str, body: bytes
) -> Outcome:
    """One response under the id of its address. Raises only what a later try may mend."""
    return take(session, now, _tablet(session, now, device_id), given_id, body)


def take_many(
    session: Session,
    now: datetime,
    device_id: uuid.UUID,
    body: bytes,
    most: int | None = MOST_AT_ONCE,
    limit_mb: int = 0,
) -> list[Outcome] | Problem:
    """The responses of a batch, see `take_batch`."""
    return take_batch(session, now, _tablet(session, now, device_id), body, most, limit_mb)


def take_batch(
    session: Session,
    now: datetime,
    bearer: Bearer,
    body: bytes,
    most: int | None = MOST_AT_ONCE,
    limit_mb: int = 0,
) -> list[Outcome] | Problem:
    """The responses of a batch, each by itself, in their order; a problem if there are none to be
    found in the body. Raises Problem 413.2 for more than `most`, of which nothing is stored."""
    try:
        sent = _responses_of(body)
    except Refusal as refusal:
        return put_aside(session, now, bearer, None, body, refusal)
    if most is not None and len(sent) > most:
        raise problems.batch_too_large(most, limit_mb)
    return take_items(session, now, bearer, sent)


def take_items(
    session: Session, now: datetime, bearer: Bearer, items: Iterable[Any]
) -> list[Outcome]:
    """Each by itself: one that cannot be read spoils no other."""
    return [take(session, now, bearer, *_with_id(item)) for item in items]


def take(session: Session, now: datetime, bearer: Bearer, given_id: str, body: bytes) -> Outcome:
    """One response for whoever brings it; the project is locked, see `devices.seen`.

    An envelope that was relayed is nothing that its bearer may read, so the receipt is silent
    about what is wrong with the answers in it.
    """
    try:
        with session.begin_nested():
            return Outcome(given_id, _stored(session, now, bearer, given_id, body))
    except OperationalError:
        raise  # the disk or the lock, not the response: the tablet tries again
    except Exception as error:
        problem = put_aside(session, now, bearer, given_id, body, _refusal(error))
    return Outcome(brief(given_id), problem=problem)


def _tablet(session: Session, now: datetime, device_id: uuid.UUID) -> Bearer:
    """Its maker's row is only read when it relays for another, so this is the only one locked."""
    known = devices.known(session, device_id)
    devices.seen(session, now, known)
    return of_tablet(known)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    logger.error("a response could not be taken in", exc_info=error)
    return Refusal(problems.not_taken, type(error).__name__)


def _stored(session: Session, now: datetime, bearer: Bearer, given_id: str, body: bytes) -> Receipt:
    """Raises Refusal."""
    response_id = _uuid(given_id)
    opened = read(session, bearer, response_id, body)
    author, project = opened.author, bearer.project
    if opened.sent.project != project.slug:
        raise Refusal(problems.wrong_project, brief(opened.sent.project))
    published = _published(session, project, opened.sent)
    submission = _submission(session, project, published, response_id, opened)
    try:
        receipt = receive(session, now, author.actor, project, published, submission)
    except Problem:
        raise Refusal(problems.wrong_response_id, f"{given_id} 已用于别的项目") from None
    if opened.is_bearers:
        return receipt
    return replace(receipt, complaints=tuple(c.as_data() for c in opened.complaints))


def _uuid(text: str) -> uuid.UUID:
    if not CANONICAL_UUID.fullmatch(text):
        raise Refusal(problems.wrong_response_id, f"“{brief(text)}”不是 UUID")
    return uuid.UUID(text)


def _published(session: Session, project: Project, sent: SentResponse) -> Published:
    reference = f"{sent.questionnaire}@{sent.version}"
    try:
        return questionnaires.find(session, project, reference)
    except Problem:
        raise Refusal(problems.not_published, brief(reference)) from None


def _submission(
    session: Session,
    project: Project,
    published: Published,
    response_id: uuid.UUID,
    opened: Opened,
) -> Submission:
    sent, device = opened.sent, opened.author.device
    audience = sent.audience if sent.audience in set(Audience) else None
    # PostgreSQL would refuse to look for a NUL.
    known_area = sent.area if sent.area and sent.area.isprintable() else None
    area = areas.find(session, project, known_area) if known_area else None
    position, misplaced = _position(project, sent)
    return Submission(
        id=response_id,
        audience=Audience(audience) if audience else None,
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


def _complaints(opened: Opened, area: Any) -> Iterator[Complaint]:
    sent = opened.sent
    yield from opened.complaints
    if not opened.author.is_open:
        yield Complaint("device", "device_revoked", {})
    if sent.audience and sent.audience not in set(Audience):
        yield Complaint(
            "audience", "unknown_audience", {"value": sent.audience, "allowed": ALLOWED}
        )
    if sent.area and area is None:
        yield Complaint("area", "unknown_area", {"area": sent.area})
    if not _consented(sent):
        yield Complaint("consent", "no_consent", {})


def _consented(sent: SentResponse) -> bool:
    return sent.consent is not None and sent.consent.get("given") is True


def _responses_of(body: bytes) -> list[Any]:
    try:
        batch = read_json(body)
    except ValueError as error:
        raise Refusal(problems.unreadable, str(error)) from None
    if not isinstance(batch, dict) or not isinstance(batch.get("responses"), list):
        raise Refusal(problems.unreadable, '应为 {"responses": […]}')
    if unknown := sorted(set(batch) - {"responses"}):
        raise Refusal(problems.unreadable, f"不认识的项“{brief(unknown[0])}”")
    responses: list[Any] = batch["responses"]
    return responses


def _with_id(item: Any) -> tuple[str, bytes]:
    given = item.get("id") if isinstance(item, dict) else None
    return given if isinstance(given, str) else "", as_body(item)
