"""Filling the scorecard of a project: measures, funds, whole files; each change is a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.evaluation.files import parse
from analysis.evaluation.framework import Leaf
from analysis.evaluation.measure_files import read_inputs, read_measure
from analysis.evaluation.messages import EvaluationFileError
from app import problems
from app.models import Project, ScorecardVersion
from app.problems import Reason
from app.services import evidence
from app.services.access import Actor
from app.services.evaluation_frameworks import faulty, framework_of
from app.services.evaluation_versions import (
    MEASURED,
    Change,
    Upload,
    add_version,
    begin,
    clean,
    measures_of,
    reason_given,
)

LONGEST_TEXT = 2000


def change_measure(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    indicator: str,
    raw: Mapping[str, Any],
    change: Change,
    *,
    uploads: Sequence[Upload] = (),
    kept: Sequence[int] = (),
) -> None:
    """What is known of one indicator; nothing at all clears it. `kept` are evidence files that
    stay beside the new ones. Raises Problem 403.1, 404.1, 422.2 or 422.3."""
    before = _begin(session, actor, project, change)
    leaf = leaf_of(session, before, indicator)
    typed = {key: clean(value) for key, value in raw.items() if value not in ("", None, {})}
    if typed:
        _refuse([*_too_long(typed), *read_measure(leaf, typed)[1]])
    files = {**(before.data.get("files") or {})}
    attached = [n for n in files.get(indicator, []) if n in kept]
    for name, content in uploads:
        number = evidence.keep(session, now, actor, project, name, content).id
        attached += [number] if number not in attached else []
    measures = {**measures_of(before)}
    if indicator in measures or files.get(indicator):
        reason_given(change)
    _put(measures, indicator, typed)
    _put(files, indicator, attached)
    data = {**before.data, "measures": measures, "files": files}
    deed = "measure" if typed or attached else "clear"
    _change(session, now, actor, project, before, data, deed, indicator, change)


def change_funds(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    raw: Mapping[str, Any],
    change: Change,
) -> None:
    """The whole fund table as plain data. Raises Problem 403.1, 404.1, 422.2 or 422.3."""
    before = _begin(session, actor, project, change)
    framework = framework_of(session, before)[0]
    try:
        read_inputs({"framework": framework.slug, "funds": raw}, "", framework)
    except EvaluationFileError as error:
        raise problems.faulty_values(error.faults) from None
    if before.data.get("funds"):
        reason_given(change)
    data = {**before.data, "funds": dict(raw)}
    _change(session, now, actor, project, before, data, "funds", "", change)


def import_measures(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    file: Upload,
    change: Change,
) -> None:
    """A measures file replaces measures, funds, printed figures and sub-projects.

    Counts in it are left aside: the project has its own. Raises Problem 403.1, 404.1, 422.1 or
    422.3.
    """
    before = _begin(session, actor, project, change)
    if before.data.get("measures") or before.data.get("funds"):
        reason_given(change)
    content, name = file[1], evidence.clean_name(file[0])
    framework = framework_of(session, before)[0]
    try:
        read = parse(content, name)
        inputs = read_inputs(read, name, framework)
    except EvaluationFileError as error:
        raise faulty(error) from None
    data = _sourced({key: read[key] for key in MEASURED if read.get(key)})
    known = before.data.get("files") or {}
    data["files"] = {id_: ids for id_, ids in known.items() if id_ in inputs.measures}
    scheme = inputs.scheme or before.scheme
    _change(session, now, actor, project, before, data, "import", name, change, scheme)


def leaf_of(session: Session, version: ScorecardVersion | None, indicator: str) -> Leaf:
    """Raises Problem 404.1."""
    if version is None:
        raise problems.not_found()
    leaf = framework_of(session, version)[0].by_id.get(indicator)
    if leaf is None:
        raise problems.not_found()
    return leaf


def _begin(session: Session, actor: Actor, project: Project, change: Change) -> ScorecardVersion:
    found = begin(session, actor, project, change)
    if found is None:
        raise problems.not_found()
    return found


def _change(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    before: ScorecardVersion,
    data: dict[str, Any],
    deed: str,
    subject: str,
    change: Change,
    scheme: str = "",
) -> None:
    """What changes nothing makes no version."""
    if data == before.data and scheme in ("", before.scheme):
        return
    add_version(
        session,
        now,
        actor,
        project,
        ScorecardVersion(
            framework_id=before.framework_id,
            scheme=scheme or before.scheme,
            data=data,
            deed=deed,
            subject=subject,
            reason=clean(change.reason),
        ),
    )


def _sourced(data: dict[str, Any]) -> dict[str, Any]:
    """The source of the file stands with each measure and sub-project that states none itself."""
    source = {"source": data["source"]} if data.get("source") else {}
    measures = {id_: {**source, **raw} for id_, raw in (data.get("measures") or {}).items()}
    parts = [{**source, **part} for part in data.get("sub_projects") or []]
    changed = {"measures": measures, "sub_projects": parts}
    return {**data, **{key: value for key, value in changed.items() if value}}


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    data.pop(key, None)
    if value:
        data[key] = value


def _too_long(typed: Mapping[str, Any]) -> list[Reason]:
    long = [v for v in typed.values() if isinstance(v, str) and len(v) > LONGEST_TEXT]
    return [Reason("evaluation_text", most=LONGEST_TEXT)] if long else []


def _refuse(lines: Sequence[Any]) -> None:
    if lines:
        raise problems.faulty_values(lines)
