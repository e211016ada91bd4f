"""Texts and template of the report of a project: stored in versions, with who, when and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from analysis.reports.report_values import TEXTS
from analysis.reports.template_check import LARGEST_TEMPLATE, missing_tags, template_faults
from app import problems
from app.models import Project, ReportTemplate, ReportVersion, User
from app.problems import Reason
from app.services import evidence, log, projects
from app.services.access import Actor
from app.services.evaluation_versions import Change, Upload
from surveys.canonical import UNSTORABLE

ORGANISATION = "organisation"
LONGEST_ORGANISATION = 128
LONGEST_TEXT = 20_000
TAGS = (ORGANISATION, *TEXTS)


@dataclass(frozen=True)
class Version:
    """One version with its template (None: the standard one), as a page shows it."""

    number: int
    texts: Mapping[str, str]
    template: ReportTemplate | None
    deed: str
    reason: str
    created_at: datetime
    author: str


def version_of(session: Session, project: Project, number: int | None = None) -> Version | None:
    """The version of this number, or the newest; None where there is none."""
    query = _versions(project)
    if number is not None:
        query = query.where(ReportVersion.number == number)
    return next(_read(session, query.limit(1)), None)


def versions(session: Session, project: Project) -> list[Version]:
    """The newest first."""
    return list(_read(session, _versions(project)))


def _versions(project: Project) -> Any:
    return (
        select(ReportVersion, ReportTemplate, User.display_name)
        .outerjoin(ReportTemplate, ReportTemplate.id == ReportVersion.template_id)
        .outerjoin(User, User.id == ReportVersion.created_by)
        .where(ReportVersion.project_id == project.id)
        .order_by(ReportVersion.number.desc())
    )


def _read(session: Session, query: Any) -> Iterator[Version]:
    for row, template, by in session.execute(query):
        told = (row.deed, row.reason, row.created_at, by or "")
        yield Version(row.number, row.texts, template, *told)


def template_of(session: Session, project: Project) -> Upload | None:
    """Name and content of the template in use; None for the standard one."""
    newest = _newest(session, project)
    if newest is None or newest.template_id is None:
        return None
    query = select(ReportTemplate).where(ReportTemplate.id == newest.template_id)
    row = session.scalars(query.options(undefer(ReportTemplate.content))).one()
    return row.name, row.content


def missing_of(template: Upload | None) -> tuple[str, ...]:
    """Tags of the standard template that this one does without; none where it is the standard."""
    return missing_tags(template[1]) if template else ()


def change_texts(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    typed: Mapping[str, str],
    change: Change,
) -> None:
    """All texts by tag; what is empty stays 待补充. Raises Problem 403.1, 422.2 or 422.3."""
    before = _begun(session, actor, project, change)
    texts = {tag: text for tag in TAGS if (text := _clean(typed.get(tag, "")))}
    _refuse_long(texts)
    if before is not None and before.texts:
        _reason_given(change)
    if before is None or texts != before.texts:
        template_id = before.template_id if before else None
        _add(session, now, actor, project, ("texts", change), texts, template_id)


def upload_template(
    session: Session, now: datetime, actor: Actor, project: Project, file: Upload, change: Change
) -> None:
    """Used from now on. Raises Problem 403.1, 422.1 with its faults, 422.2 or 422.3."""
    before = _begun(session, actor, project, change)
    name, content = evidence.clean_name(file[0]), file[1]
    faults = template_faults(content[: LARGEST_TEMPLATE + 1])
    if faults:
        raise problems.faulty_file(name, len(faults), faults)
    if before is not None and before.template_id is not None:
        _reason_given(change)
    template_id = _stored(session, now, actor, project, name, content)
    if before is None or template_id != before.template_id:
        texts = before.texts if before else {}
        _add(session, now, actor, project, ("template", change), texts, template_id)


def remove_template(
    session: Session, now: datetime, actor: Actor, project: Project, change: Change
) -> None:
    """Back to the standard template. Raises Problem 403.1, 404.1, 422.2 or 422.3."""
    before = _begun(session, actor, project, change)
    if before is None or before.template_id is None:
        raise problems.not_found()
    _reason_given(change)
    _add(session, now, actor, project, ("no_template", change), before.texts, None)


def _begun(
    session: Session, actor: Actor, project: Project, change: Change
) -> ReportVersion | None:
    """The newest version, locked; refused where the person saw another."""
    actor.require("edit_plan")
    projects.lock(session, project)
    found = _newest(session, project)
    newest = found.number if found else 0
    if change.based_on is not None and change.based_on != newest:
        raise problems.faulty_values([Reason("report_texts_newer", newest=newest)])
    return found


def _newest(session: Session, project: Project) -> ReportVersion | None:
    query = select(ReportVersion).where(ReportVersion.project_id == project.id)
    return session.scalars(query.order_by(ReportVersion.number.desc()).limit(1)).one_or_none()


def _reason_given(change: Change) -> None:
    if not change.reason.strip():
        raise problems.reason_needed()


def _clean(text: str) -> str:
    return UNSTORABLE.sub("", text).replace("\r\n", "\n").strip()


def _refuse_long(texts: Mapping[str, str]) -> None:
    organisation = texts.get(ORGANISATION, "")
    reasons = []
    if len(organisation) > LONGEST_ORGANISATION or not organisation.isprintable():
        reasons.append(Reason("organisation_too_long", longest=LONGEST_ORGANISATION))
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        reasons.append(Reason("report_text_long", longest=LONGEST_TEXT))
    if reasons:
        raise problems.faulty_values(reasons)


def _stored(
    session: Session, now: datetime, actor: Actor, project: Project, name: str, content: bytes
) -> int:
    """The same file under the same name is kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    query = select(ReportTemplate.id).where(
        ReportTemplate.project_id == project.id,
        ReportTemplate.sha256 == sha256,
        ReportTemplate.name == name,
    )
    known = session.scalar(query)
    if known is not None:
        return known
    row = ReportTemplate(
        project_id=project.id,
        name=name,
        size=len(content),
        sha256=sha256,
        content=content,
        uploaded_at=now,
        uploaded_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    return row.id


def _add(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    told: tuple[str, Change],
    texts: Mapping[str, Any],
    template_id: int | None,
) -> None:
    newest = _newest(session, project)
    row = ReportVersion(
        project_id=project.id,
        number=(newest.number if newest else 0) + 1,
        texts=dict(texts),
        template_id=template_id,
        deed=told[0],
        reason=UNSTORABLE.sub("", told[1].reason).strip(),
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    log.record(session, now, actor, f"report.{row.deed}", "", project, number=row.number)
