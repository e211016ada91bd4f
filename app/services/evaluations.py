"""Filling the scorecard of a project: measures, funds, whole files; each change is a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.evaluation.files import parse
from analysis.evaluation.framework import Leaf, headings
from analysis.evaluation.measure_files import read_inputs, read_measure
from analysis.evaluation.messages import EvaluationFileError, Fault
from app import problems
from app.models import Project, ScorecardVersion
from app.problems import Reason
from app.problems.reasons import REASONS
from app.services import evidence
from app.services.access import Actor
from app.services.evaluation_frameworks import faulty, framework_of
from app.services.evaluation_parts import (
    part_data,
    printed_above_points,
    subject_of,
    whole_or_part,
    with_part,
)
from app.services.evaluation_versions import (
    MEASURED,
    Change,
    Upload,
    add_changed,
    begun,
    clean,
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
    part: int | None = None,
    uploads: Sequence[Upload] = (),
    kept: Sequence[int] = (),
) -> None:
    """What is known of one indicator; nothing at all clears it. `part` is the sub-project, from 1;
    `kept` are evidence files that stay beside the new ones.

    Raises Problem 403.1, 404.1, 422.2 or 422.3."""
    before = begun(session, actor, project, change)
    whole_or_part(before, part)
    leaf, filled = leaf_of(session, before, indicator), part_data(before, part)
    typed = {key: clean(value) for key, value in raw.items() if value not in ("", None, {})}
    if typed:
        _refuse([*_too_long(typed), *map(_in_words_of_the_form, read_measure(leaf, typed)[1])])
    files = {**(filled.get("files") or {})}
    attached = [n for n in files.get(indicator, []) if n in kept]
    for name, content in uploads:
        number = evidence.keep(session, now, actor, project, name, content).id
        attached += [number] if number not in attached else []
    measures = {**(filled.get("measures") or {})}
    if indicator in measures or files.get(indicator):
        reason_given(change)
    _put(measures, indicator, typed)
    _put(files, indicator, attached)
    data = with_part(before, part, {**filled, "measures": measures, "files": files})
    deed = "measure" if typed or attached else "clear"
    told = (deed, subject_of(before, part, indicator), change)
    add_changed(session, now, actor, project, before, data, told)


def change_funds(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    raw: Mapping[str, Any],
    change: Change,
    *,
    part: int | None = None,
) -> None:
    """The whole fund table as plain data, of the sub-project `part` (from 1) where one is named.

    Raises Problem 403.1, 404.1, 422.2 or 422.3.
    """
    _replace(session, now, actor, project, part, ("funds", raw), change)


def change_printed(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    raw: Mapping[str, Any],
    change: Change,
    *,
    part: int | None = None,
) -> None:
    """The figures that a finished report prints (公布数), to be compared with ours.

    Of all sub-projects together there are a total and a grade. Raises Problem 403.1, 404.1,
    422.2 or 422.3.
    """
    before = begun(session, actor, project, change)
    _refuse(printed_above_points(framework_of(session, before)[0], before, part, raw))
    _replace(session, now, actor, project, part, ("printed", raw), change)


def _replace(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    part: int | None,
    given: tuple[str, Mapping[str, Any]],
    change: Change,
) -> None:
    """One section of the inputs by its name, whole; nothing in it removes it."""
    section, raw = given
    before = begun(session, actor, project, change)
    filled, framework = part_data(before, part), framework_of(session, before)[0]
    try:
        read_inputs({"framework": framework.slug, section: dict(raw)}, "", framework)
    except EvaluationFileError as error:
        raise problems.faulty_values(error.faults) from None
    if filled.get(section):
        reason_given(change)
    changed = dict(filled)
    _put(changed, section, dict(raw))
    told = (section, subject_of(before, part, ""), change)
    data = with_part(before, part, changed)
    add_changed(session, now, actor, project, before, data, told)


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
    before = begun(session, actor, project, change)
    if any(
        before.data.get(section) for section in ("measures", "funds", "printed", "sub_projects")
    ):
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
    _keep_files_of_parts(before.data, data)
    scheme = inputs.scheme or before.scheme
    told = ("import", name, change)
    add_changed(session, now, actor, project, before, data, told, scheme)


def leaf_of(session: Session, version: ScorecardVersion | None, indicator: str) -> Leaf:
    """Raises Problem 404.1."""
    if version is None:
        raise problems.not_found()
    leaf = framework_of(session, version)[0].by_id.get(indicator)
    if leaf is None:
        raise problems.not_found()
    return leaf


def headings_of(session: Session, version: ScorecardVersion) -> list[str]:
    """The names of the headings that have sums, each above its parts."""
    found = headings(framework_of(session, version)[0].parts)
    return [indicator.name for _, indicator in found if indicator.parts]


def _sourced(data: dict[str, Any]) -> dict[str, Any]:
    """The source of the file stands with each measure and sub-project that states none itself."""
    source = {"source": data["source"]} if data.get("source") else {}
    measures = {id_: {**source, **raw} for id_, raw in (data.get("measures") or {}).items()}
    parts = [{**source, **part} for part in data.get("sub_projects") or []]
    changed = {"measures": measures, "sub_projects": parts}
    return {**data, **{key: value for key, value in changed.items() if value}}


def _keep_files_of_parts(before: Mapping[str, Any], data: dict[str, Any]) -> None:
    """Evidence of a sub-project stays with the one of the same name."""
    known = {part["name"]: part.get("files") or {} for part in before.get("sub_projects") or []}
    for part in data.get("sub_projects") or []:
        files, measured = known.get(part["name"], {}), part.get("measures") or {}
        _put(part, "files", {id_: ids for id_, ids in files.items() if id_ in measured})


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    data.pop(key, None)
    if value:
        data[key] = value


def _in_words_of_the_form(fault: Fault) -> Fault | Reason:
    """A measures file has value and score where the form has fields with names of their own."""
    key = f"measure_{fault.code}"
    return Reason(key) if key in REASONS else fault


def _too_long(typed: Mapping[str, Any]) -> list[Reason]:
    long = [v for v in typed.values() if isinstance(v, str) and len(v) > LONGEST_TEXT]
    return [Reason("evaluation_text", most=LONGEST_TEXT)] if long else []


def _refuse(lines: Sequence[Any]) -> None:
    if lines:
        raise problems.faulty_values(lines)
