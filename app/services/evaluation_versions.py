"""Versions of a scorecard: each change adds one, with who, when and why; none is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import problems
from app.models import Project, ScorecardVersion, StoredFramework, User
from app.problems import Reason
from app.services import log, projects
from app.services.access import Actor
from surveys.canonical import UNSTORABLE

Upload = tuple[str, bytes]
"""Name and content of a file."""
MEASURED = ("title", "source", "measures", "funds", "printed", "sub_projects")
"""The parts of a measures file that a version stores; surveys and plans are the project's own."""


@dataclass(frozen=True)
class Change:
    """Why something is changed; `based_on` is the version that the person saw, 0 for none.

    None as `based_on` skips the check.
    """

    reason: str = ""
    based_on: int | None = None


@dataclass(frozen=True)
class VersionLine:
    """One version as the page of versions lists it."""

    number: int
    deed: str
    subject: str
    reason: str
    created_at: datetime
    author: str
    framework_title: str
    framework_number: int
    scheme: str


def begin(
    session: Session, actor: Actor, project: Project, change: Change
) -> ScorecardVersion | None:
    """The newest version, locked; refused where the person saw another."""
    actor.require("edit_plan")
    projects.lock(session, project)
    found = version_of(session, project)
    newest = found.number if found else 0
    if change.based_on is not None and change.based_on != newest:
        raise problems.faulty_values([Reason("evaluation_is_newer", newest=newest)])
    return found


def begun(session: Session, actor: Actor, project: Project, change: Change) -> ScorecardVersion:
    """The same where there must be a version already. Raises Problem 404.1."""
    found = begin(session, actor, project, change)
    if found is None:
        raise problems.not_found()
    return found


def add_changed(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    before: ScorecardVersion,
    data: dict[str, Any],
    told: tuple[str, str, Change],
    scheme: str = "",
) -> None:
    """`told` is deed, subject and reason. What changes nothing makes no version."""
    if data == before.data and scheme in ("", before.scheme):
        return
    deed, subject, change = told
    version = ScorecardVersion(
        framework_id=before.framework_id,
        scheme=scheme or before.scheme,
        data=data,
        deed=deed,
        subject=subject,
        reason=clean(change.reason),
    )
    add_version(session, now, actor, project, version)


def reason_given(change: Change) -> None:
    if not change.reason.strip():
        raise problems.reason_needed()


def add_version(
    session: Session, now: datetime, actor: Actor, project: Project, version: ScorecardVersion
) -> None:
    """Under the next number, with who and when; the project is locked already."""
    newest = version_of(session, project)
    version.project_id, version.number = project.id, (newest.number if newest else 0) + 1
    version.created_at, version.created_by = now, actor.user_id
    session.add(version)
    session.flush()
    verb = f"evaluation.{version.deed}"
    log.record(session, now, actor, verb, version.subject, project, number=version.number)


def version_of(
    session: Session, project: Project, number: int | None = None
) -> ScorecardVersion | None:
    """The version of this number, or the newest; None where there is none."""
    query = select(ScorecardVersion).where(ScorecardVersion.project_id == project.id)
    if number is not None:
        query = query.where(ScorecardVersion.number == number)
    newest = query.order_by(ScorecardVersion.number.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def versions(session: Session, project: Project) -> list[VersionLine]:
    """The newest first."""
    query = (
        select(ScorecardVersion, User.display_name, StoredFramework.title, StoredFramework.number)
        .outerjoin(User, User.id == ScorecardVersion.created_by)
        .join(StoredFramework, StoredFramework.id == ScorecardVersion.framework_id)
        .where(ScorecardVersion.project_id == project.id)
        .order_by(ScorecardVersion.number.desc())
    )
    return [
        VersionLine(
            number=row.number,
            deed=row.deed,
            subject=row.subject,
            reason=row.reason,
            created_at=row.created_at,
            author=author or "",
            framework_title=title,
            framework_number=number,
            scheme=row.scheme,
        )
        for row, author, title, number in session.execute(query)
    ]


def clean(value: Any) -> Any:
    return UNSTORABLE.sub("", value).strip() if isinstance(value, str) else value
