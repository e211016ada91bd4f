"""Publishing questionnaires in a project and finding the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import problems
from app.models import Project, PublishedQuestionnaire, as_json
from app.services import log, projects
from app.services.access import Actor
from surveys.catalogue import shipped
from surveys.definition import Audience, Questionnaire

EXACT = select(
    PublishedQuestionnaire.id, PublishedQuestionnaire.offered, PublishedQuestionnaire.definition
).where(
    PublishedQuestionnaire.project_id == bindparam("of_project"),
    PublishedQuestionnaire.slug == bindparam("named"),
    PublishedQuestionnaire.version == bindparam("numbered"),
)
"""Made once: making such a query takes longer than answering it."""


@dataclass(frozen=True)
class Published:
    """A published questionnaire: the key of its row and its definition."""

    id: int
    offered: bool
    questionnaire: Questionnaire


def publish(
    session: Session, now: datetime, actor: Actor, project: Project, questionnaire: Questionnaire
) -> Published:
    """Publish a version; again with the same content is no fault. Raises Problem 403.1, 409.1.

    Older versions of the same questionnaire are no longer offered for new interviews, but what is
    filled in on them is accepted for ever.
    """
    actor.require("manage_project")
    projects.lock(session, project)
    _refuse_other_content_under_a_shipped_name(questionnaire)
    data = questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    definition = as_json(data)
    rows = _rows(session, project, questionnaire.slug)
    same = next((row for row in rows if row.version == questionnaire.version), None)
    if same is not None:
        if same.definition != definition:
            raise problems.questionnaire_exists(questionnaire.reference)
        return _published(same)
    row = PublishedQuestionnaire(
        project_id=project.id,
        slug=questionnaire.slug,
        version=questionnaire.version,
        title=questionnaire.title,
        definition=definition,
        offered=all(row.version < questionnaire.version for row in rows),
        published_at=now,
        published_by=actor.user_id,
    )
    if row.offered:
        for older in rows:
            older.offered = False
    session.add(row)
    session.flush()
    log.record(session, now, actor, "questionnaire.publish", questionnaire.reference, project)
    return _published(row)


def all_published(session: Session, project: Project) -> list[Published]:
    query = select(PublishedQuestionnaire).where(PublishedQuestionnaire.project_id == project.id)
    order = (PublishedQuestionnaire.slug.desc(), PublishedQuestionnaire.version.desc())
    return [_published(row) for row in session.scalars(query.order_by(*order))]


def offered_to(session: Session, project: Project, audience: Audience) -> Published:
    """The one with which a new interview of this audience begins: of those offered, the one
    published last. Raises 404.2."""
    fitting = [
        published
        for published in all_published(session, project)
        if published.offered and audience in published.questionnaire.audiences
    ]
    if not fitting:
        raise problems.no_such_questionnaire(audience.value)
    return max(fitting, key=lambda published: published.id)


def find(session: Session, project: Project, reference: str) -> Published:
    """By `slug@version`, or `slug` for its newest version. Raises Problem 404.2."""
    slug, _, version = reference.partition("@")
    known = _rows(session, project, slug) if slug.isprintable() else ()
    rows = [row for row in known if version in ("", str(row.version))]
    if not rows:
        raise problems.no_such_questionnaire(reference)
    return _published(max(rows, key=lambda row: row.version))


def exact(session: Session, project: Project, slug: str, version: int) -> Published | None:
    """This version and no other, as a response names it."""
    if not slug.isprintable():  # PostgreSQL would refuse to look for a NUL
        return None
    named = {"of_project": project.id, "named": slug, "numbered": version}
    row = session.execute(EXACT, named).one_or_none()
    return None if row is None else Published(row.id, row.offered, _parsed(row.definition))


def offer(
    session: Session, now: datetime, actor: Actor, project: Project, reference: str, offered: bool
) -> None:
    """Begin new interviews with it, or no longer; what is filled in on it is always accepted.
    Raises Problem 403.1 or 404.2."""
    actor.require("manage_project")
    projects.lock(session, project)
    row = session.get_one(PublishedQuestionnaire, find(session, project, reference).id)
    row.offered = offered
    verb = "questionnaire.offer" if offered else "questionnaire.withdraw"
    log.record(session, now, actor, verb, reference, project)


def by_id(session: Session, questionnaire_id: int) -> Published:
    """Raises Problem 404.1."""
    row = session.get(PublishedQuestionnaire, questionnaire_id)
    if row is None:
        raise problems.not_found()
    return _published(row)


def _rows(session: Session, project: Project, slug: str) -> Sequence[PublishedQuestionnaire]:
    query = select(PublishedQuestionnaire).where(
        PublishedQuestionnaire.project_id == project.id, PublishedQuestionnaire.slug == slug
    )
    return session.scalars(query).all()


def _published(row: PublishedQuestionnaire) -> Published:
    return Published(row.id, row.offered, _parsed(row.definition))


@lru_cache(maxsize=64)
def _parsed(definition: str) -> Questionnaire:
    """Parsing takes milliseconds, and a published definition never changes."""
    return Questionnaire.model_validate_json(definition)


def _refuse_other_content_under_a_shipped_name(questionnaire: Questionnaire) -> None:
    original = shipped().get((questionnaire.slug, questionnaire.version))
    if original is not None and original != questionnaire:
        raise problems.questionnaire_exists(questionnaire.reference)
