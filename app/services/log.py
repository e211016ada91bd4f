"""The log of actions: who viewed, exported, edited or logged in, kept for at least six months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Action, Project, User
from app.services.access import Actor


def record(
    session: Session,
    now: datetime,
    actor: Actor,
    verb: str,
    subject: str,
    project: Project | None = None,
    **details: Any,
) -> None:
    """Add one line; it is stored with the transaction of what it tells."""
    session.add(
        Action(
            at=now,
            user_id=actor.user_id,
            project_id=project.id if project else None,
            verb=verb,
            subject=subject[:128],
            details=details,
        )
    )


def newest(
    session: Session, project: Project, before_id: int | None = None, limit: int = 100
) -> Sequence[tuple[Action, str | None]]:
    """Lines of a project with the name of who acted, newest first, paged by id."""
    query = (
        select(Action, User.display_name)
        .outerjoin(User, User.id == Action.user_id)
        .where(Action.project_id == project.id)
        .order_by(Action.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Action.id < before_id)
    return [(action, name) for action, name in session.execute(query)]


def about(
    session: Session, project: Project, subject: str, limit: int = 100
) -> Sequence[tuple[Action, str | None]]:
    """The newest lines on one subject, such as the id of a response."""
    query = (
        select(Action, User.display_name)
        .outerjoin(User, User.id == Action.user_id)
        .where(Action.project_id == project.id, Action.subject == subject)
        .order_by(Action.id.desc())
        .limit(limit)
    )
    return [(action, name) for action, name in session.execute(query)]
