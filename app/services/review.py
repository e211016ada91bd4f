"""Looking at single responses and deciding on them: accept, exclude, correct, choose a revision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from analysis.satisfaction import Score
from app import problems
from app.models import (
    Area,
    Project,
    PublishedQuestionnaire,
    Revision,
    RevisionKind,
    Status,
    StoredResponse,
    User,
)
from app.problems import Reason
from app.services import log, reports, scoring
from app.services.access import Actor
from app.services.arrivals import next_change
from app.services.columns import ColumnStore, record_of
from app.services.questionnaires import Published
from app.services.responses import (
    SHORT_CODE_ALPHABET,
    content_hash,
    revision_of,
    settle_conflicts,
)
from surveys.answers import check, finalise
from surveys.definition import Audience

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One response as a list shows it."""

    response: StoredResponse
    questionnaire: str
    area: str
    enumerator: str
    conflicts: int


@dataclass(frozen=True)
class Effect:
    """What a decision on one response does to the score of a question."""

    question: str
    before: Score
    after: Score


def list_responses(
    session: Session,
    actor: Actor,
    project: Project,
    *,
    status: Status | None = None,
    code: str = "",
    before: int | None = None,
    limit: int = PAGE,
    own_only: bool = False,
) -> list[Line]:
    """Newest first, paged by arrival number (`before`), never by offset.

    Who may not review sees only what they collected. The queue (status needs_review) also has
    accepted responses of which a second content arrived.
    """
    query = (
        select(
            StoredResponse,
            PublishedQuestionnaire.slug,
            PublishedQuestionnaire.version,
            Area.name,
            User.display_name,
        )
        .join(PublishedQuestionnaire, PublishedQuestionnaire.id == StoredResponse.questionnaire_id)
        .outerjoin(Area, Area.id == StoredResponse.area_id)
        .outerjoin(User, User.id == StoredResponse.enumerator_id)
        .where(StoredResponse.project_id == project.id)
        .order_by(StoredResponse.arrival_no.desc())
        .limit(limit)
    )
    conflicts = select(Revision.response_id).where(Revision.kind == RevisionKind.CONFLICT.value)
    if own_only or not actor.may("review"):
        query = query.where(StoredResponse.enumerator_id == actor.user_id)
    if status is Status.NEEDS_REVIEW:
        query = query.where(
            or_(StoredResponse.status == status.value, StoredResponse.id.in_(conflicts))
        )
    elif status is not None:
        query = query.where(StoredResponse.status == status.value)
    if code.strip():
        query = query.where(StoredResponse.short_code == _as_short_code(code))
    if before is not None:
        query = query.where(StoredResponse.arrival_no < before)
    found = session.execute(query).all()
    ids = [row[0].id for row in found]
    in_conflict = list(
        session.scalars(conflicts.where(Revision.response_id.in_(ids))) if ids else ()
    )
    return [
        Line(
            response,
            f"{slug}@{version}",
            area or "",
            enumerator or "",
            in_conflict.count(response.id),
        )
        for response, slug, version, area, enumerator in found
    ]


def find(
    session: Session, actor: Actor, project: Project, response_id: uuid.UUID
) -> StoredResponse:
    """Raises Problem 404.1, also for a response that somebody else collected."""
    response = session.get(StoredResponse, response_id)
    if response is None or response.project_id != project.id:
        raise problems.not_found()
    if not actor.may("review") and response.enumerator_id != actor.user_id:
        raise problems.not_found()
    return response


def revisions(session: Session, response: StoredResponse) -> Sequence[Revision]:
    query = select(Revision).where(Revision.response_id == response.id)
    return session.scalars(query.order_by(Revision.number)).all()


def decide(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    response: StoredResponse,
    status: Status,
    reason: str,
) -> None:
    """Accept or exclude. The complaints stay on record. Raises Problem 403.1 or 422.3."""
    _require_reviewer(actor, reason)
    _lock(session, project, response)
    response.status = status.value
    response.status_reason = reason.strip()
    settle_conflicts(session, response)
    response.record = record_of(response, published.questionnaire)
    details = {"reason": reason.strip()}
    log.record(
        session, now, actor, f"response.{status.value}", str(response.id), project, **details
    )


def correct(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    response: StoredResponse,
    answers: Mapping[str, Any],
    reason: str,
) -> None:
    """Put other answers in place of the present ones, which are kept as a revision.

    Raises Problem 403.1, 422.3, or 422.2 if the new answers break a rule.
    """
    _require_reviewer(actor, reason)
    _lock(session, project, response)
    audience = Audience(response.audience) if response.audience else None
    left = finalise(published.questionnaire, answers, audience)
    checked = check(published.questionnaire, left, audience)
    if checked.complaints:
        wrong = [Reason("answer", key=c.key, complaint=c) for c in checked.complaints]
        raise problems.faulty_values(wrong)
    area = session.get(Area, response.area_id) if response.area_id else None
    hashed = content_hash(
        published, response.audience, area.code if area else None, checked.kept, response.consent
    )
    if hashed != response.content_hash:
        _keep_present_content(session, now, actor, response)
        response.answers, response.content_hash = checked.kept, hashed
        kind = RevisionKind.CORRECTION
        session.add(revision_of(session, now, actor, response, kind, reason.strip()))
    _accept_content(session, now, actor, project, published, response, reason)


def choose(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    response: StoredResponse,
    number: int,
    reason: str,
) -> None:
    """Let the content of a revision count. Raises Problem 403.1, 404.1 or 422.3."""
    _require_reviewer(actor, reason)
    _lock(session, project, response)
    chosen = next((r for r in revisions(session, response) if r.number == number), None)
    if chosen is None:
        raise problems.not_found()
    if chosen.questionnaire_id != response.questionnaire_id:
        raise problems.faulty_values([Reason("other_questionnaire")])
    _keep_present_content(session, now, actor, response)
    response.audience, response.area_id = chosen.audience, chosen.area_id
    response.answers, response.consent = chosen.answers, chosen.consent
    response.content_hash = chosen.content_hash
    _accept_content(session, now, actor, project, published, response, reason)


def effects(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    response: StoredResponse,
    status: Status,
) -> list[Effect]:
    """How each score would change if the response had this status."""
    plans = scoring.current(session, published)
    now, _ = reports.responses(session, store, project, published)
    then, _ = reports.responses(
        session, store, project, published, overrule=(response.arrival_no, status)
    )
    before, after = scoring.scores(plans, now), scoring.scores(plans, then)
    return [Effect(code, before[code][0].score, after[code][0].score) for code in plans]


def _accept_content(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    response: StoredResponse,
    reason: str,
) -> None:
    audience = Audience(response.audience) if response.audience else None
    checked = check(published.questionnaire, response.answers, audience)
    response.complaints = [c.as_data() for c in checked.complaints]
    response.status = Status.ACCEPTED.value
    response.status_reason = reason.strip()
    settle_conflicts(session, response)
    response.record = record_of(response, published.questionnaire)
    details = {"reason": reason.strip()}
    log.record(session, now, actor, "response.correct", str(response.id), project, **details)


def _keep_present_content(
    session: Session, now: datetime, actor: Actor, response: StoredResponse
) -> None:
    kept = {revision.content_hash for revision in revisions(session, response)}
    if response.content_hash not in kept:
        session.add(revision_of(session, now, actor, response, RevisionKind.REPLACED))
        session.flush()


def _lock(session: Session, project: Project, response: StoredResponse) -> None:
    """Decisions on one project happen one after the other, each on the newest state of the row."""
    number = next_change(session, project)
    session.refresh(response)
    response.change_seq = number


def _require_reviewer(actor: Actor, reason: str) -> None:
    actor.require("review")
    if not reason.strip():
        raise problems.reason_needed()


def _as_short_code(text: str) -> str:
    spoken = text.upper().translate(str.maketrans("OIL", "011"))
    letters = "".join(letter for letter in spoken if letter in SHORT_CODE_ALPHABET)
    return f"{letters[:5]}-{letters[5:]}"
