"""Indicator frameworks of a project: chosen from those that ship or uploaded, kept as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.evaluation import load
from analysis.evaluation.framework import Framework
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.load import stored_framework
from analysis.evaluation.measure_files import read_measure
from analysis.evaluation.messages import EvaluationFileError, Fault
from app import problems
from app.models import Project, ScorecardVersion, StoredFramework
from app.problems import Problem, Reason
from app.services import evidence
from app.services.access import Actor
from app.services.evaluation_versions import (
    Change,
    Upload,
    add_version,
    begin,
    clean,
    reason_given,
)

FAULTS_SHOWN = 50


def choose_framework(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    chosen: Upload | None,
    scheme: str,
    change: Change,
) -> int:
    """A framework (None keeps the present one) and a grade scheme ("" takes the framework's).

    Measures stay where the new framework is a revision of the old one (the same slug) and still
    can read them; returns how many do not. Raises Problem 403.1, 422.1, 422.2 or 422.3.
    """
    before = begin(session, actor, project, change)
    if scheme and scheme not in SCHEMES:
        details = {"value": scheme, "allowed": tuple(SCHEMES)}
        raise problems.faulty_values([Fault("", "unknown_scheme", details)])
    if before is not None:
        reason_given(change)
    read, row_id = _chosen(session, now, actor, project, chosen, before)
    scheme = scheme or read.scheme
    if before is not None and (row_id, scheme) == (before.framework_id, before.scheme):
        return 0
    data = {} if before is None else _carried(session, before, read)
    lost = _measured(before.data) - _measured(data) if before else 0
    add_version(
        session,
        now,
        actor,
        project,
        ScorecardVersion(
            framework_id=row_id,
            scheme=scheme,
            data=data,
            deed="framework",
            subject=read.title[:128],
            reason=clean(change.reason),
        ),
    )
    return lost


@lru_cache(maxsize=32)
def parsed(content: str) -> Framework:
    """A stored framework was read once without a fault; parsing takes a while."""
    return stored_framework(content.encode(), "framework.yaml")


def framework_of(session: Session, version: ScorecardVersion) -> tuple[Framework, int]:
    """With its number in the project."""
    row = session.get_one(StoredFramework, version.framework_id)
    return parsed(row.content), row.number


def framework_text(session: Session, project: Project, number: int) -> tuple[str, str]:
    """File name and YAML text of a framework of the project. Raises Problem 404.1."""
    query = select(StoredFramework).where(
        StoredFramework.project_id == project.id, StoredFramework.number == number
    )
    row = session.scalar(query)
    if row is None:
        raise problems.not_found()
    return row.file_name, row.content


def shipped() -> dict[str, Framework]:
    return {name: parsed(_shipped_text(name)) for name in load.shipped_frameworks()}


def shipped_file(name: str) -> Upload:
    """Raises Problem 404.1."""
    if name not in load.shipped_frameworks():
        raise problems.not_found()
    return f"{name}.yaml", _shipped_text(name).encode()


def faulty(error: EvaluationFileError) -> Problem:
    return problems.faulty_file(error.name, len(error.faults), error.faults[:FAULTS_SHOWN])


def _chosen(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    chosen: Upload | None,
    before: ScorecardVersion | None,
) -> tuple[Framework, int]:
    """The framework and the key of its row; without a choice those of the version before."""
    if chosen is not None:
        read = _read_framework(*chosen)
        return read, _stored(session, now, actor, project, chosen, read)
    if before is None:
        raise problems.faulty_values([Reason("framework_needed")])
    return framework_of(session, before)[0], before.framework_id


def _shipped_text(name: str) -> str:
    return (load.SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")


def _read_framework(name: str, content: bytes) -> Framework:
    try:
        return load.framework_from(content, evidence.clean_name(name))
    except EvaluationFileError as error:
        raise faulty(error) from None


def _stored(
    session: Session, now: datetime, actor: Actor, project: Project, chosen: Upload, read: Framework
) -> int:
    """The same text as before is the same framework."""
    of_project = StoredFramework.project_id == project.id
    text = chosen[1].decode("utf-8-sig")
    known = session.scalar(
        select(StoredFramework.id).where(of_project, StoredFramework.content == text)
    )
    if known is not None:
        return known
    newest = session.scalar(select(func.max(StoredFramework.number)).where(of_project)) or 0
    row = StoredFramework(
        project_id=project.id,
        number=newest + 1,
        title=read.title[:1000],
        file_name=evidence.clean_name(chosen[0]),
        content=text,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    return row.id


def _carried(session: Session, before: ScorecardVersion, framework: Framework) -> dict[str, Any]:
    """What the new framework can take over; ids of another framework mean other things."""
    same = framework_of(session, before)[0].slug == framework.slug
    take = _readable if same else _without_measures
    data: dict[str, Any] = take(before.data, framework)
    parts = [take(part, framework) for part in before.data.get("sub_projects") or []]
    return {**data, "sub_projects": parts} if parts else data


def _without_measures(data: Mapping[str, Any], framework: Framework) -> dict[str, Any]:
    return {key: data[key] for key in ("name", "weight", "funds") if data.get(key)}


def _readable(data: Mapping[str, Any], framework: Framework) -> dict[str, Any]:
    """Of the whole or of a sub-project: the measures that the framework can still read."""
    measures = {
        id_: raw
        for id_, raw in (data.get("measures") or {}).items()
        if id_ in framework.by_id and not read_measure(framework.by_id[id_], raw)[1]
    }
    files = {id_: n for id_, n in (data.get("files") or {}).items() if id_ in framework.by_id}
    return {**data, "measures": measures, "files": files}


def _measured(data: Mapping[str, Any]) -> int:
    """How many measures there are, with those of sub-projects."""
    filled = (data, *(data.get("sub_projects") or []))
    return sum(len(one.get("measures") or {}) for one in filled)
