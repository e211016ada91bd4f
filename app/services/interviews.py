"""What an enumerator may begin, and how many interviews they have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app import problems
from app.models import Project, Revision, RevisionKind, Status, StoredResponse
from app.services import questionnaires
from app.services.access import Actor
from app.services.questionnaires import Published
from app.services.reports import CHINA
from surveys.definition import Audience


@dataclass(frozen=True)
class Offer:
    """An audience that can be interviewed now; `done` and `today` are the actor's own of the
    project's present mode, without excluded ones; a day is a day in China."""

    audience: Audience
    published: Published
    done: int
    today: int


def offers(session: Session, now: datetime, actor: Actor, project: Project) -> list[Offer]:
    counts = _own_counts(session, now, actor, project)
    found = []
    for audience in Audience:
        try:
            published = questionnaires.offered_to(session, project, audience)
        except problems.Problem:
            continue
        found.append(Offer(audience, published, *counts.get(audience.value, (0, 0))))
    return found


def is_contested(session: Session, response: StoredResponse) -> bool:
    """Whether another content arrived under the same id and nobody has decided yet."""
    query = select(Revision.id).where(
        Revision.response_id == response.id, Revision.kind == RevisionKind.CONFLICT.value
    )
    return session.scalar(query.limit(1)) is not None


def _own_counts(
    session: Session, now: datetime, actor: Actor, project: Project
) -> dict[str | None, tuple[int, int]]:
    midnight = datetime.combine(now.astimezone(CHINA), time(), CHINA)
    is_today = case((StoredResponse.received_at >= midnight, 1), else_=0)
    query = (
        select(StoredResponse.audience, func.count(), func.coalesce(func.sum(is_today), 0))
        .where(
            StoredResponse.project_id == project.id,
            StoredResponse.enumerator_id == actor.user_id,
            StoredResponse.practice == project.practice,
            StoredResponse.status != Status.EXCLUDED.value,
        )
        .group_by(StoredResponse.audience)
    )
    return {audience: (done, today) for audience, done, today in session.execute(query)}
