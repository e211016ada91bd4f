"""What a tablet hands in: from the bytes to a receipt, or, if they cannot be read, to quarantine.

The rule (docs/decisions/0006): a receipt lets the tablet forget its copy, so only what is stored
as a response gets one. Whatever can be read is stored, however wrong; what cannot be read is kept
aside and the tablet is told to keep it too.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import problems
from app.problems import Problem
from app.services import areas, devices, questionnaires
from app.services.devices import Known
from app.services.quarantine import Refusal, put_aside
from app.services.questionnaires import Published
from app.services.responses import Receipt, Submission, receive
from app.services.sent import SentResponse, as_body, read_json
from surveys.answers import Complaint
from surveys.definition import Audience

MOST_AT_ONCE = 500
CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST_SHOWN = 40
FAULTS_SHOWN = 5
FAULTS = {
    "missing": "缺少",
    "extra_forbidden": "不认识的项",
    "string_type": "应为文字",
    "string_unicode": "含有无法存储的字符",
    "int_type": "应为整数",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
    "dict_type": "应由“名称: 内容”各项组成",
    "model_type": "应由“名称: 内容”各项组成",
}
"""What pydantic found, in plain words."""
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
    known = devices.known(session, device_id)
    devices.seen(session, now, known)
    return _take(session, now, known, given_id, body)


def take_many(
    session: Session,
    now: datetime,
    device_id: uuid.UUID,
    body: bytes,
    most: int | None = MOST_AT_ONCE,
    limit_mb: int = 0,
) -> list[Outcome] | Problem:
    """The responses of a batch, each by itself, in their order; a problem if there are none to be
    found in the body. Raises Problem 413.2 for more than `most`, of which nothing is stored."""
    known = devices.known(session, device_id)
    devices.seen(session, now, known)
    try:
        sent = _responses_of(body)
    except Refusal as refusal:
        return put_aside(session, now, known, None, body, refusal)
    if most is not None and len(sent) > most:
        raise problems.batch_too_large(most, limit_mb)
    return [_take(session, now, known, *_with_id(item)) for item in sent]


def _take(session: Session, now: datetime, known: Known, given_id: str, body: bytes) -> Outcome:
    try:
        with session.begin_nested():
            return Outcome(given_id, _stored(session, now, known, given_id, body))
    except OperationalError:
        raise  # the disk or the lock, not the response: the tablet tries again
    except Exception as error:
        problem = put_aside(session, now, known, given_id, body, _refusal(error))
    return Outcome(_brief(given_id), problem=problem)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    logger.error("a response could not be taken in", exc_info=error)
    return Refusal(problems.not_taken, type(error).__name__)


def _stored(session: Session, now: datetime, known: Known, given_id: str, body: bytes) -> Receipt:
    """Raises Refusal."""
    response_id = _uuid(given_id)
    sent = _sent(body)
    if sent.id is not None and sent.id.lower() != given_id.lower():
        raise Refusal(problems.wrong_response_id, f"{_brief(sent.id)} ≠ {given_id}")
    if sent.project != known.project.slug:
        raise Refusal(problems.wrong_project, _brief(sent.project))
    published = _published(session, known, sent)
    submission = _submission(session, known, published, response_id, sent)
    try:
        return receive(session, now, known.actor, known.project, published, submission)
    except Problem:
        raise Refusal(problems.wrong_response_id, f"{given_id} 已用于别的项目") from None


def _uuid(text: str) -> uuid.UUID:
    if not CANONICAL_UUID.fullmatch(text):
        raise Refusal(problems.wrong_response_id, f"“{_brief(text)}”不是 UUID")
    return uuid.UUID(text)


def _sent(body: bytes) -> SentResponse:
    try:
        return SentResponse.model_validate(read_json(body))
    except ValidationError as error:
        raise Refusal(problems.unreadable, "；".join(_faults(error))) from None
    except ValueError as error:
        raise Refusal(problems.unreadable, str(error)) from None


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False)[:FAULTS_SHOWN]:
        place = ".".join(_brief(str(part)) for part in fault["loc"]) or "JSON"
        yield f"{place}：{FAULTS.get(fault['type'], fault['msg'])}"


def _published(session: Session, known: Known, sent: SentResponse) -> Published:
    reference = f"{sent.questionnaire}@{sent.version}"
    try:
        return questionnaires.find(session, known.project, reference)
    except Problem:
        raise Refusal(problems.not_published, _brief(reference)) from None


def _submission(
    session: Session,
    known: Known,
    published: Published,
    response_id: uuid.UUID,
    sent: SentResponse,
) -> Submission:
    audience = sent.audience if sent.audience in set(Audience) else None
    # PostgreSQL would refuse to look for a NUL.
    known_area = sent.area if sent.area and sent.area.isprintable() else None
    area = areas.find(session, known.project, known_area) if known_area else None
    return Submission(
        id=response_id,
        audience=Audience(audience) if audience else None,
        area=area,
        answers=sent.answers,
        consent=sent.consent or {},
        started_at=sent.started_at,
        finished_at=sent.finished_at,
        elapsed_ms=sent.elapsed_ms,
        device_id=known.device.id,
        complaints=tuple(_complaints(known, sent, area)),
    )


def _complaints(known: Known, sent: SentResponse, area: Any) -> Iterator[Complaint]:
    if not known.is_open:
        yield Complaint("device", "device_revoked", {})
    if sent.audience and sent.audience not in set(Audience):
        yield Complaint(
            "audience", "unknown_audience", {"value": sent.audience, "allowed": ALLOWED}
        )
    if sent.area and area is None:
        yield Complaint("area", "unknown_area", {"area": sent.area})
    if not sent.consent or sent.consent.get("given") is not True:
        yield Complaint("consent", "no_consent", {})


def _responses_of(body: bytes) -> list[Any]:
    try:
        batch = read_json(body)
    except ValueError as error:
        raise Refusal(problems.unreadable, str(error)) from None
    if not isinstance(batch, dict) or not isinstance(batch.get("responses"), list):
        raise Refusal(problems.unreadable, '应为 {"responses": […]}')
    if unknown := sorted(set(batch) - {"responses"}):
        raise Refusal(problems.unreadable, f"不认识的项“{_brief(unknown[0])}”")
    responses: list[Any] = batch["responses"]
    return responses


def _with_id(item: Any) -> tuple[str, bytes]:
    given = item.get("id") if isinstance(item, dict) else None
    return given if isinstance(given, str) else "", as_body(item)


def _brief(text: str) -> str:
    shown = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"
