"""What was handed in, taken out of its envelope, and whose it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app import problems
from app.models import Device
from app.services import devices, envelopes, keys
from app.services.bearers import Bearer, of_tablet
from app.services.envelopes import Envelope, Letter, SealedError
from app.services.quarantine import Refusal
from app.services.sent import SealedResponse, SentResponse, read_json
from surveys.answers import Complaint

M = TypeVar("M", bound=BaseModel)
UNPROVEN = Complaint("device", "device_unproven", {})
LONGEST_SHOWN = 40
FAULTS_SHOWN = 5
FAULTS = {
    "missing": "缺少",
    "extra_forbidden": "不认识的项",
    "string_type": "应为文字",
    "string_unicode": "含有无法存储的字符",
    "string_pattern_mismatch": "含有不该有的字符",
    "string_too_short": "过短",
    "string_too_long": "过长",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
    "dict_type": "应由“名称: 内容”各项组成",
    "model_type": "应由“名称: 内容”各项组成",
}
"""What pydantic found, in plain words."""


@dataclass(frozen=True)
class Opened:
    """A response that can be read; `author` is the bearer unless the seal proves another tablet.

    `is_bearers` if the bearer knows the content anyway, so that it may be talked about.
    """

    sent: SentResponse
    author: Bearer
    is_bearers: bool = True
    complaints: tuple[Complaint, ...] = ()


def read(session: Session, bearer: Bearer, response_id: uuid.UUID, body: bytes) -> Opened:
    """Raises Refusal; an envelope is never shown opened, so neither are its contents there."""
    value = _json(body)
    if not isinstance(value, dict) or "sealed" not in value:
        return _plain(bearer, _sent(value, response_id))
    frame = _as(SealedResponse, value, problems.not_opened)
    _require_id(frame.id, response_id)
    letter = _letter(session, bearer, response_id, frame.sealed)
    sent = _sent(_json(letter.response.encode()), response_id)
    maker = _maker(session, bearer, response_id, letter)
    if maker is None:
        return Opened(sent, bearer, False, (UNPROVEN,))
    return Opened(sent, maker, is_bearers=maker.device is bearer.device)


def _plain(bearer: Bearer, sent: SentResponse) -> Opened:
    return Opened(sent, bearer, complaints=() if bearer.device is not None else (UNPROVEN,))


def _letter(session: Session, bearer: Bearer, response_id: uuid.UUID, envelope: Envelope) -> Letter:
    key = keys.find(session, bearer.project, envelope.key)
    if key is None:
        raise Refusal(problems.not_opened, f"项目没有密钥 {envelope.key}")
    try:
        return envelopes.open_envelope(envelope, response_id, key.private_key, key.public_key)
    except SealedError as error:
        raise Refusal(problems.not_opened, str(error)) from None


def _maker(
    session: Session, bearer: Bearer, response_id: uuid.UUID, letter: Letter
) -> Bearer | None:
    """The tablet named in the letter, if it proves itself and is one of the project."""
    device = _device(session, letter.device)
    if device is None or device.token_hash is None or device.project_id != bearer.project.id:
        return None
    if not envelopes.is_proven(letter, response_id, device.token_hash):
        return None
    return of_tablet(devices.known(session, device.id))


def _device(session: Session, given: str | None) -> Device | None:
    try:
        return session.get(Device, uuid.UUID(given or ""))
    except ValueError:
        return None


def _sent(value: Any, response_id: uuid.UUID) -> SentResponse:
    sent = _as(SentResponse, value, problems.unreadable)
    _require_id(sent.id, response_id)
    return sent


def _require_id(given: str | None, response_id: uuid.UUID) -> None:
    if given is not None and given.lower() != str(response_id):
        raise Refusal(problems.wrong_response_id, f"{brief(given)} ≠ {response_id}")


def _json(body: bytes) -> Any:
    try:
        return read_json(body)
    except ValueError as error:
        raise Refusal(problems.unreadable, str(error)) from None


def _as(model: type[M], value: Any, problem: Any) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Refusal(problem, "；".join(_faults(error))) from None


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False)[:FAULTS_SHOWN]:
        place = ".".join(brief(str(part)) for part in fault["loc"]) or "JSON"
        yield f"{place}：{FAULTS.get(fault['type'], fault['msg'])}"


def brief(text: str) -> str:
    """Something that came from outside, short enough for a reason and without what breaks one."""
    shown = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"
