"""What was handed in, taken out of its envelope, and whose it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app import problems
from app.models import Device, Project
from app.problems import Reason
from app.services import devices, envelopes, keys
from app.services.bearers import Bearer, of_tablet
from app.services.desk import Desk
from app.services.devices import Known
from app.services.envelopes import Envelope, Letter, SealedError
from app.services.quarantine import Refusal
from app.services.sent import SealedResponse, SentResponse, UnreadableError, read_json
from app.services.sent_faults import brief, faults_of
from surveys.answers import Complaint

M = TypeVar("M", bound=BaseModel)
UNPROVEN = Complaint("device", "device_unproven", {})


@dataclass(frozen=True)
class Opened:
    """A response that can be read; `author` is the bearer unless the seal proves another tablet.

    `is_bearers` if the bearer knows the content anyway, so that it may be talked about.
    """

    sent: SentResponse
    author: Bearer
    is_bearers: bool = True
    complaints: tuple[Complaint, ...] = ()


def read(desk: Desk, response_id: uuid.UUID, value: Any) -> Opened:
    """Raises Refusal; an envelope is never shown opened, so neither are its contents there."""
    bearer = desk.bearer
    if not isinstance(value, dict) or "sealed" not in value:
        return _plain(bearer, _sent(value, response_id))
    frame = _as(SealedResponse, value, problems.not_opened)
    _require_id(frame.id, response_id)
    letter = _letter(desk, response_id, frame.sealed)
    sent = _sent(value_of(letter.response.encode()), response_id)
    maker = _maker(desk, response_id, letter)
    if maker is None:
        return Opened(sent, bearer, False, (UNPROVEN,))
    return Opened(sent, maker, is_bearers=maker.device is bearer.device)


def value_of(body: bytes) -> Any:
    """Raises Refusal."""
    try:
        return read_json(body)
    except UnreadableError as error:
        raise Refusal(problems.unreadable, error.reason) from None


def _plain(bearer: Bearer, sent: SentResponse) -> Opened:
    return Opened(sent, bearer, complaints=() if bearer.device is not None else (UNPROVEN,))


def _letter(desk: Desk, response_id: uuid.UUID, envelope: Envelope) -> Letter:
    key = desk.once(keys.find, envelope.key)
    if key is None:
        raise Refusal(problems.not_opened, Reason("sealed_no_key", key=envelope.key))
    try:
        return envelopes.open_envelope(envelope, response_id, key.private_key, key.public_key)
    except SealedError as error:
        raise Refusal(problems.not_opened, error.reason) from None


def _maker(desk: Desk, response_id: uuid.UUID, letter: Letter) -> Bearer | None:
    """The tablet named in the letter, if it proves itself and is one of the project."""
    known = desk.once(_tablet, letter.device)
    if known is None or known.device.token_hash is None:
        return None
    if not envelopes.is_proven(letter, response_id, known.device.token_hash):
        return None
    return of_tablet(known)


def _tablet(session: Session, project: Project, given: str | None) -> Known | None:
    try:
        device = session.get(Device, uuid.UUID(given or ""))
    except ValueError:
        return None
    if device is None or device.project_id != project.id:
        return None
    return devices.known(session, device.id)


def _sent(value: Any, response_id: uuid.UUID) -> SentResponse:
    sent = _as(SentResponse, value, problems.unreadable)
    _require_id(sent.id, response_id)
    return sent


def _require_id(given: str | None, response_id: uuid.UUID) -> None:
    if given is not None and given.lower() != str(response_id):
        raise Refusal(problems.wrong_response_id, f"{brief(given)} ≠ {response_id}")


def _as(model: type[M], value: Any, problem: Any) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Refusal(problem, faults_of(error)) from None
