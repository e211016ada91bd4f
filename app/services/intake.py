"""What a tablet hands in: from the bytes to a receipt, or, if they cannot be read, to quarantine.

The rule (docs/decisions/0006): a receipt lets the tablet forget its copy, so only what is stored
as a response gets one. Whatever can be read is stored, however wrong; what cannot be read is kept
aside and the tablet is told to keep it too.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import problems
from app.problems import Problem, Reason
from app.services import devices, projects
from app.services.bearers import Bearer, of_tablet
from app.services.desk import Desk
from app.services.filing import Filed, file
from app.services.opening import value_of
from app.services.quarantine import Refusal, put_aside
from app.services.responses import Receipt, receive_all
from app.services.sent import as_body
from app.services.sent_faults import brief

MOST_AT_ONCE = 500
CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one response: a receipt, or a problem and where its bytes are kept."""

    given_id: str
    receipt: Receipt | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class Piece:
    """One thing handed in under an id: the body of a request as it came, or an item of a batch."""

    given_id: str
    body: bytes | None
    item: Any = None

    def value(self) -> Any:
        """Raises Refusal."""
        return self.item if self.body is None else value_of(self.body)

    def as_bytes(self) -> bytes:
        return as_body(self.item) if self.body is None else self.body


def take_one(
    session: Session, now: datetime, device_id: uuid.UUID, given_id: str, body: bytes
) -> Outcome:
    """One response under the id of its address. Raises only what a later try may mend."""
    known = devices.known(session, device_id)
    outcome = take(session, now, of_tablet(known), given_id, body)
    devices.heard_of(session, now, known)
    return outcome


def take_many(
    session: Session,
    now: datetime,
    device_id: uuid.UUID,
    body: bytes,
    most: int | None = MOST_AT_ONCE,
    limit_mb: int = 0,
) -> list[Outcome] | Problem:
    """The responses of a batch, see `take_batch`."""
    known = devices.known(session, device_id)
    outcomes = take_batch(session, now, of_tablet(known), body, most, limit_mb)
    devices.heard_of(session, now, known)
    return outcomes


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
        projects.lock(session, bearer.project)
        return put_aside(session, now, bearer, None, body, refusal)
    if most is not None and len(sent) > most:
        raise problems.batch_too_large(most, limit_mb)
    return take_items(session, now, bearer, sent)


def take_items(
    session: Session, now: datetime, bearer: Bearer, items: Iterable[Any]
) -> list[Outcome]:
    """Each by itself: one that cannot be read spoils no other."""
    return _each(session, now, bearer, [Piece(_id_in(item), None, item) for item in items])


def take(session: Session, now: datetime, bearer: Bearer, given_id: str, body: bytes) -> Outcome:
    """One response for whoever brings it.

    An envelope that was relayed is nothing that its bearer may read, so the receipt is silent
    about what is wrong with the answers in it.
    """
    return _each(session, now, bearer, [Piece(given_id, body)])[0]


def _each(
    session: Session, now: datetime, bearer: Bearer, pieces: Sequence[Piece]
) -> list[Outcome]:
    """All of them in one savepoint; if that fails, one half after the other, down to the piece at
    which our program fails, and only that one is kept aside."""
    try:
        with session.begin_nested():
            return _together(session, now, bearer, pieces)
    except OperationalError:
        raise  # the disk or the lock, not the response: the tablet tries again
    except Exception as error:
        logger.error("%d responses could not be taken in", len(pieces), exc_info=error)
        if len(pieces) == 1:
            # The savepoint took the lock with it.
            projects.lock(session, bearer.project)
            refusal = Refusal(problems.not_taken, type(error).__name__)
            return [_aside(session, now, bearer, pieces[0], refusal)]
    middle = len(pieces) // 2
    halves = (pieces[:middle], pieces[middle:])
    return [outcome for half in halves for outcome in _each(session, now, bearer, half)]


def _together(
    session: Session, now: datetime, bearer: Bearer, pieces: Sequence[Piece]
) -> list[Outcome]:
    """Looked through first, for none of that needs the project's lock; it is held from
    `receive_all` on, also if there is nothing to be stored."""
    desk = Desk(session, bearer)
    looked_through = [_filed(desk, piece) for piece in pieces]
    arrivals = [filed.arrival for filed in looked_through if isinstance(filed, Filed)]
    received = iter(receive_all(session, now, bearer.project, arrivals))
    outcomes = []
    for piece, filed in zip(pieces, looked_through, strict=True):
        told = filed if isinstance(filed, Refusal) else _receipt(filed, next(received), piece)
        if isinstance(told, Refusal):
            outcomes.append(_aside(session, now, bearer, piece, told))
        else:
            outcomes.append(Outcome(piece.given_id, told))
    return outcomes


def _filed(desk: Desk, piece: Piece) -> Filed | Refusal:
    try:
        return file(desk, _uuid(piece.given_id), piece.value())
    except Refusal as refusal:
        return refusal


def _uuid(text: str) -> uuid.UUID:
    if not CANONICAL_UUID.fullmatch(text):
        raise Refusal(problems.wrong_response_id, Reason("sent_no_uuid", given=brief(text)))
    return uuid.UUID(text)


def _receipt(filed: Filed, received: Receipt | Problem, piece: Piece) -> Receipt | Refusal:
    if isinstance(received, Problem):
        return Refusal(problems.wrong_response_id, Reason("sent_elsewhere", given=piece.given_id))
    if filed.opened.is_bearers:
        return received
    return replace(received, complaints=tuple(c.as_data() for c in filed.opened.complaints))


def _aside(
    session: Session, now: datetime, bearer: Bearer, piece: Piece, refusal: Refusal
) -> Outcome:
    problem = put_aside(session, now, bearer, piece.given_id, piece.as_bytes(), refusal)
    return Outcome(brief(piece.given_id), problem=problem)


def _responses_of(body: bytes) -> list[Any]:
    batch = value_of(body)
    if not isinstance(batch, dict) or not isinstance(batch.get("responses"), list):
        raise Refusal(problems.unreadable, Reason("sent_shape", shape='{"responses": […]}'))
    if unknown := sorted(set(batch) - {"responses"}):
        raise Refusal(problems.unreadable, Reason("sent_unknown", name=brief(unknown[0])))
    responses: list[Any] = batch["responses"]
    return responses


def _id_in(item: Any) -> str:
    given = item.get("id") if isinstance(item, dict) else None
    return given if isinstance(given, str) else ""
