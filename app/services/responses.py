"""Receiving responses: each stored once, nothing lost, a receipt only for what is durable."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import problems
from app.models import (
    Area,
    Project,
    Revision,
    RevisionKind,
    Status,
    StoredResponse,
    as_json,
)
from app.problems import Problem
from app.services.access import Actor
from app.services.arrivals import insert_new, stored_under
from app.services.columns import RECORD_LAYOUT
from app.services.device_times import read_times
from app.services.questionnaires import Published
from surveys import records
from surveys.answers import Complaint, check
from surveys.definition import Audience

SHORT_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letters that are mistaken for digits when read out over the telephone."""
SHORT_CODE_LENGTH = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RANDOM_BYTES = 10


@dataclass(frozen=True)
class Submission:
    """What a tablet, a page or an import hands in; times are ISO 8601 as the device says."""

    id: uuid.UUID
    audience: Audience | None
    area: Area | None
    answers: Mapping[str, Any]
    consent: Mapping[str, Any] = field(default_factory=dict)
    started_at: str | None = None
    finished_at: str | None = None
    elapsed_ms: int | None = None
    device_id: uuid.UUID | None = None
    external_id: str | None = None
    practice: bool | None = None
    """The mode in which the interview began; None: the one that the project is in now."""
    position: Mapping[str, float] | None = None
    """{latitude, longitude, accuracy_m}, checked, in degrees and metres."""
    complaints: tuple[Complaint, ...] = ()
    """Found before the answers were looked at, such as an area that the project does not have."""


@dataclass(frozen=True)
class Arrival:
    """A submission, the questionnaire that it fills in, and to whom it is credited."""

    actor: Actor
    published: Published
    submission: Submission


@dataclass(frozen=True)
class Receipt:
    """What may be told once the transaction is committed."""

    id: uuid.UUID
    short_code: str
    status: Literal["stored", "needs_review", "conflict"]
    complaints: tuple[dict[str, Any], ...]
    content_hash: str
    """Of the content that counts now; in a conflict not the one that was sent."""
    sent_hash: str
    received_at: datetime
    """When the response first arrived."""
    created: bool

    @property
    def token(self) -> str:
        """SHA-256 (hex) that proves to a tablet that this content was stored under this id.

        It follows from id, content and first arrival alone, so that sending again, even after a
        reviewer decided or the server was restarted, gives the same.
        """
        facts = (str(self.id), self.sent_hash, self.received_at.astimezone(UTC).isoformat())
        return hashlib.sha256(" ".join(facts).encode()).hexdigest()


def receive(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    submission: Submission,
) -> Receipt:
    """Store one response, see `receive_all`. Raises Problem 404.1 for an id of another project."""
    arrival = Arrival(actor, published, submission)
    (received,) = receive_all(session, now, project, [arrival])
    if isinstance(received, Problem):
        raise received
    return received


def receive_all(
    session: Session, now: datetime, project: Project, arrivals: Sequence[Arrival]
) -> list[Receipt | Problem]:
    """Store responses in their order; a receipt holds only once the session has committed.

    The same id with the same content gives the same receipt again; with other content the second
    one is kept as a revision. Problem 404.1 stands for an id that another project has. Uniqueness
    is the primary key's, asked by the insert itself and never by a look-up before it, so that
    parallel sends cannot both succeed. Holds the project's row from here on, also for no arrivals.
    """
    sent = [_new_response(now, project, arrival) for arrival in arrivals]
    new = insert_new(session, project, sent)
    stored = stored_under(session, [one.id for one in sent if one.arrival_no not in new])
    received: list[Receipt | Problem] = []
    for arrival, one in zip(arrivals, sent, strict=True):
        if one.arrival_no in new:
            received.append(_receipt(one, one, created=True))
        elif stored[one.id].project_id != project.id:
            received.append(problems.not_found())
        else:
            actor, first = arrival.actor, stored[one.id]
            received.append(_received_again(session, now, actor, first, one))
    return received


def new_id(now: datetime, random: bytes) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, 5.7): the time in ms, then 74 of the 80 random bits."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes are needed, not {len(random)}")
    bits = int.from_bytes(random, "big")
    milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
    above, below = bits >> 68, bits & (2**62 - 1)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | above << 64 | 2 << 62 | below)


def short_code(response_id: uuid.UUID) -> str:
    """Ten characters (50 bits) that stand for a response on its paper receipt: `7K2QM-0D9XA`."""
    number = int.from_bytes(hashlib.sha256(response_id.bytes).digest()[:8], "big")
    letters = ""
    for _ in range(SHORT_CODE_LENGTH):
        number, place = divmod(number, len(SHORT_CODE_ALPHABET))
        letters += SHORT_CODE_ALPHABET[place]
    return f"{letters[:5]}-{letters[5:]}"


def content_hash(
    published: Published,
    audience: str | None,
    area_code: str | None,
    answers: Mapping[str, Any],
    consent: Mapping[str, Any],
) -> str:
    """SHA-256 (hex) over the canonical JSON of what was answered: docs/decisions/0004."""
    content = {
        "questionnaire": published.questionnaire.slug,
        "version": published.questionnaire.version,
        "audience": audience,
        "area": area_code,
        "answers": answers,
        "consent": consent,
    }
    return hashlib.sha256(as_json(content).encode()).hexdigest()


def settle_conflicts(session: Session, response: StoredResponse) -> None:
    """A conflict on which a reviewer has decided is an ordinary revision from then on."""
    session.execute(
        update(Revision)
        .where(Revision.response_id == response.id, Revision.kind == RevisionKind.CONFLICT.value)
        .values(kind=RevisionKind.DECIDED.value)
    )


def _new_response(now: datetime, project: Project, arrival: Arrival) -> StoredResponse:
    """All but its number."""
    submission, published = arrival.submission, arrival.published
    checked = check(published.questionnaire, submission.answers, submission.audience)
    times, complaints = read_times(submission, now, project.closes_on)
    complaints = [*submission.complaints, *complaints, *checked.complaints]
    audience = submission.audience.value if submission.audience else None
    area = submission.area
    return StoredResponse(
        id=submission.id,
        project_id=project.id,
        questionnaire_id=published.id,
        short_code=short_code(submission.id),
        audience=audience,
        area_id=area.id if area else None,
        enumerator_id=arrival.actor.user_id,
        device_id=submission.device_id,
        practice=project.practice if submission.practice is None else submission.practice,
        **times,
        position=submission.position,
        status=(Status.NEEDS_REVIEW if complaints else Status.ACCEPTED).value,
        status_reason="",
        answers=checked.kept,
        complaints=[complaint.as_data() for complaint in complaints],
        consent=dict(submission.consent),
        external_id=submission.external_id,
        content_hash=content_hash(
            published, audience, area.code if area else None, checked.kept, submission.consent
        ),
        record=records.pack(published.questionnaire, checked.clean, submission.audience),
        record_layout=RECORD_LAYOUT,
        received_at=now,
    )


def _received_again(
    session: Session, now: datetime, actor: Actor, stored: StoredResponse, second: StoredResponse
) -> Receipt:
    """The project's row is locked since `next_change`, so what is looked up here stays true."""
    if stored.content_hash == second.content_hash:
        return _receipt(stored, second, created=False)
    query = select(Revision.kind).where(
        Revision.response_id == stored.id, Revision.content_hash == second.content_hash
    )
    kinds = set(session.scalars(query))
    if not kinds:
        session.add(revision_of(session, now, actor, second, RevisionKind.CONFLICT))
    conflict = kinds <= {RevisionKind.CONFLICT.value}
    return _receipt(stored, second, created=False, conflict=conflict)


def revision_of(
    session: Session,
    now: datetime,
    actor: Actor,
    content: StoredResponse,
    kind: RevisionKind,
    reason: str = "",
) -> Revision:
    """A revision with the content that the response has now."""
    query = select(func.max(Revision.number)).where(Revision.response_id == content.id)
    return Revision(
        response_id=content.id,
        number=(session.scalar(query) or 0) + 1,
        kind=kind.value,
        questionnaire_id=content.questionnaire_id,
        audience=content.audience,
        area_id=content.area_id,
        answers=content.answers,
        consent=content.consent,
        content_hash=content.content_hash,
        reason=reason,
        created_at=now,
        created_by=actor.user_id,
    )


def _receipt(
    stored: StoredResponse, sent: StoredResponse, *, created: bool, conflict: bool = False
) -> Receipt:
    """In a conflict the complaints are about what was sent: the stored content may be of somebody
    else, and a receipt tells nobody about it."""
    needs_review = bool(stored.complaints)
    return Receipt(
        id=stored.id,
        short_code=stored.short_code,
        status="conflict" if conflict else "needs_review" if needs_review else "stored",
        complaints=tuple((sent if conflict else stored).complaints),
        content_hash=stored.content_hash,
        sent_hash=sent.content_hash,
        received_at=stored.received_at,
        created=created,
    )
