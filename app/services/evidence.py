"""Evidence files (佐证材料) of an evaluation: kept in the database, handed out as attachments."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from app import problems
from app.models import EvidenceFile, Project
from app.problems import Reason
from app.services import log
from app.services.access import Actor

LARGEST_MB = 10
LONGEST_NAME = 120
UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def keep(
    session: Session, now: datetime, actor: Actor, project: Project, name: str, content: bytes
) -> EvidenceFile:
    """The same content under the same name is kept once. Raises Problem 403.1 or 422.2."""
    actor.require("edit_plan")
    name = clean_name(name)
    if not content:
        raise problems.faulty_values([Reason("evidence_empty", name=name)])
    if len(content) > LARGEST_MB * 2**20:
        raise problems.faulty_values([Reason("evidence_large", name=name, most=LARGEST_MB)])
    sha256 = hashlib.sha256(content).hexdigest()
    known = session.scalar(
        _of(project).where(EvidenceFile.sha256 == sha256, EvidenceFile.name == name)
    )
    if known is not None:
        return known
    file = EvidenceFile(
        project_id=project.id,
        name=name,
        size=len(content),
        sha256=sha256,
        content=content,
        uploaded_at=now,
        uploaded_by=actor.user_id,
    )
    session.add(file)
    session.flush()
    log.record(session, now, actor, "evaluation.evidence", name, project, number=file.id)
    return file


def find(
    session: Session, now: datetime, actor: Actor, project: Project, file_id: int
) -> EvidenceFile:
    """With its content, and logged as seen. Raises Problem 404.1."""
    query = _of(project).where(EvidenceFile.id == file_id).options(undefer(EvidenceFile.content))
    file = session.scalar(query)
    if file is None:
        raise problems.not_found()
    log.record(session, now, actor, "evaluation.evidence_view", file.name, project, number=file.id)
    return file


def named(session: Session, project: Project, ids: Iterable[int]) -> Mapping[int, EvidenceFile]:
    """Those of the project among these ids, without their content."""
    rows = session.scalars(_of(project).where(EvidenceFile.id.in_(list(ids))))
    return {row.id: row for row in rows}


def clean_name(name: str) -> str:
    """The last part of a path, without what could disguise its extension."""
    last = UNSAFE_IN_NAMES.sub("", re.split(r"[\\/]", name)[-1]).strip()
    stem, dot, extension = last.rpartition(".")
    if len(last) <= LONGEST_NAME:
        return last or "file"
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension[:16]


def _of(project: Project) -> Select[EvidenceFile]:
    return select(EvidenceFile).where(EvidenceFile.project_id == project.id)
