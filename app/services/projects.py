"""Projects: making them, finding those that a person may see, practice mode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import problems
from app.models import Membership, Project, User
from app.problems import Reason
from app.services import log
from app.services.access import Actor

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40
LONGEST_NAME = 128


def create(
    session: Session,
    now: datetime,
    actor: Actor,
    slug: str,
    name: str,
    year: int,
    *,
    client: str = "",
    unit: str = "",
    practice: bool = False,
    remark: str = "",
    base_rule: str = "answered",
) -> Project:
    """A new project with its maker as first member. Raises Problem 403.1, 409.2 or 422.2."""
    actor.require("create_project")
    names = {"name": name.strip(), "client": client.strip(), "unit": unit.strip()}
    faults = list(_faults(slug, year, names))
    if faults:
        raise problems.faulty_values(faults)
    project = Project(
        slug=slug,
        year=year,
        **names,
        practice=practice,
        remark=remark,
        base_rule=base_rule,
        change_seq=0,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(project)
    except IntegrityError:
        raise problems.slug_taken(slug) from None
    if actor.user_id is not None:
        session.add(Membership(project_id=project.id, user_id=actor.user_id))
    log.record(session, now, actor, "project.create", slug, project, practice=practice)
    return project


def _faults(slug: str, year: int, names: Mapping[str, str]) -> Iterator[Reason]:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        yield Reason("project_code", slug=slug, longest=LONGEST_SLUG)
    if not names["name"]:
        yield Reason("project_name")
    if not 1990 <= year <= 2100:
        yield Reason("project_year", year=year)
    for key, value in names.items():
        if len(value) > LONGEST_NAME or not value.isprintable():
            yield Reason(f"{key}_too_long", longest=LONGEST_NAME)


def lock(session: Session, project: Project) -> None:
    """Hold the project's row until the commit, so that changes of its set-up follow each other."""
    session.execute(select(Project.id).where(Project.id == project.id).with_for_update())


def visible(session: Session, actor: Actor) -> Sequence[Project]:
    """The projects that the person belongs to; an administrator sees all."""
    query = select(Project).order_by(Project.year.desc(), Project.id)
    if not actor.sees_all_projects:
        query = query.join(Membership).where(Membership.user_id == actor.user_id)
    return session.scalars(query).all()


def find(session: Session, actor: Actor, slug: str) -> Project:
    """Raises Problem 404.1, for a project of others just as for none."""
    if not SLUG.fullmatch(slug):
        raise problems.not_found()
    query = select(Project).where(Project.slug == slug)
    if not actor.sees_all_projects:
        query = query.join(Membership).where(Membership.user_id == actor.user_id)
    project = session.scalar(query)
    if project is None:
        raise problems.not_found()
    return project


def add_member(session: Session, now: datetime, actor: Actor, project: Project, user: User) -> None:
    """Raises Problem 403.1, or 404.1 for an account with which the person shares no project."""
    actor.require("manage_project")
    if not are_colleagues(session, actor, user):
        raise problems.not_found()
    lock(session, project)
    if session.get(Membership, (project.id, user.id)) is None:
        session.add(Membership(project_id=project.id, user_id=user.id))
        log.record(session, now, actor, "project.add_member", user.username, project)


def are_colleagues(session: Session, actor: Actor, user: User) -> bool:
    """Whether both work in one project; an administrator is everybody's colleague."""
    if actor.sees_all_projects:
        return True
    own = select(Membership.project_id).where(Membership.user_id == actor.user_id)
    query = select(Membership.project_id).where(
        Membership.user_id == user.id, Membership.project_id.in_(own)
    )
    return session.scalar(query.limit(1)) is not None


def set_practice(
    session: Session, now: datetime, actor: Actor, project: Project, practice: bool
) -> None:
    """What arrived in practice mode stays 模拟数据 and is never counted afterwards."""
    actor.require("manage_project")
    project.practice = practice
    log.record(session, now, actor, "project.practice", project.slug, project, practice=practice)


def set_asks_position(
    session: Session, now: datetime, actor: Actor, project: Project, asks: bool
) -> None:
    """Whether tablets offer to record where an interview took place; each respondent decides."""
    actor.require("manage_project")
    project.asks_position = asks
    log.record(session, now, actor, "project.position", project.slug, project, asks=asks)


def set_closing(
    session: Session, now: datetime, actor: Actor, project: Project, closes_on: date | None
) -> None:
    """The last day of fieldwork, or none. What was received before is not judged again.

    Raises Problem 403.1, or 422.2 for a year that no fieldwork has.
    """
    actor.require("manage_project")
    if closes_on is not None and not 1990 <= closes_on.year <= 2100:
        raise problems.faulty_values([Reason("project_year", year=closes_on.year)])
    project.closes_on = closes_on
    told = closes_on.isoformat() if closes_on else ""
    log.record(session, now, actor, "project.closing", project.slug, project, closes_on=told)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Project)) or 0
