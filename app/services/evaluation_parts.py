"""Sub-projects (子项目) of an evaluation: their names and weights, and the data of each of them.

A sub-project is told by its place in the list, from 1; a form names the version that it was drawn
from, so that a list that somebody changed meanwhile is never written to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from analysis import wording
from analysis.evaluation.combined import FULL, doubled
from analysis.evaluation.framework import Framework, headings
from analysis.evaluation.measure_files import read_inputs
from analysis.evaluation.messages import EvaluationFileError
from app import problems
from app.models import Project, ScorecardVersion
from app.problems import Reason
from app.services.access import Actor
from app.services.evaluation_frameworks import framework_of
from app.services.evaluation_versions import Change, add_changed, begun, clean, reason_given

MOST_PARTS = 20
LONGEST_NAME = 60
PARTS = "sub_projects"


@dataclass(frozen=True)
class PartRow:
    """One line of the list as typed; `was` is its place before, None for a new one."""

    name: str
    weight: str
    was: int | None = None


def parts_of(version: ScorecardVersion | None) -> list[dict[str, Any]]:
    return list(version.data.get(PARTS) or []) if version is not None else []


def part_data(version: ScorecardVersion, part: int | None) -> Mapping[str, Any]:
    """What was typed for the sub-project, or without one for the evaluation as a whole.

    Raises Problem 404.1.
    """
    if part is None:
        data: Mapping[str, Any] = version.data
        return data
    known = parts_of(version)
    if not 0 < part <= len(known):
        raise problems.not_found()
    return known[part - 1]


def part_name(version: ScorecardVersion, part: int | None) -> str:
    return "" if part is None else str(part_data(version, part)["name"])


def with_part(
    version: ScorecardVersion, part: int | None, changed: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole data with `changed` in the place of the sub-project, or as a whole."""
    if part is None:
        return dict(changed)
    parts = parts_of(version)
    parts[part - 1] = dict(changed)
    return {**version.data, PARTS: parts}


def subject_of(version: ScorecardVersion, part: int | None, indicator: str) -> str:
    """What a version says that it changed."""
    return "/".join(filter(None, (part_name(version, part), indicator)))[:128]


def whole_or_part(version: ScorecardVersion, part: int | None) -> None:
    """Indicators are filled per sub-project where there are some. Raises Problem 422.2."""
    if part is None and parts_of(version):
        raise problems.faulty_values([Reason("evaluation_choose_part")])


def printed_above_points(
    framework: Framework, version: ScorecardVersion, part: int | None, raw: Mapping[str, Any]
) -> list[Reason]:
    """Printed scores that nobody can have got; scores that are no numbers are told elsewhere."""
    is_whole = part is None and bool(parts_of(version))
    full = {indicator.name: indicator.full for _, indicator in headings(framework.parts)}
    most = [("", raw.get("total"), FULL if is_whole else framework.points)]
    given = raw.get("parts") or {}
    most += [(name, one.get("score"), full[name]) for name, one in given.items() if name in full]
    return [
        Reason("printed_above", name=name or "—", score=score, points=wording.exact(points))
        for name, score, points in most
        if (number := _number(score)) is not None and number > points
    ]


def _number(score: Any) -> Decimal | None:
    try:
        number = Decimal(str(score))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def change_parts(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    rows: Sequence[PartRow],
    change: Change,
) -> None:
    """The whole list; a part keeps what was filled for it, one that is left out is gone from the
    new version. Raises Problem 403.1, 404.1, 422.2 or 422.3.
    """
    before = begun(session, actor, project, change)
    known = parts_of(before)
    _refuse_rows(rows, len(known))
    if known:
        reason_given(change)
    parts = [_part(row, known) for row in rows]
    framework = framework_of(session, before)[0]
    try:
        bare = [{"name": part["name"], "weight": part["weight"]} for part in parts]
        read_inputs({"framework": framework.slug, PARTS: bare}, "", framework)
    except EvaluationFileError as error:
        raise problems.faulty_values(error.faults) from None
    data = {**before.data, PARTS: parts}
    if not parts:
        del data[PARTS]
    add_changed(session, now, actor, project, before, data, (PARTS, "", change))


def _part(row: PartRow, known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kept = known[row.was - 1] if row.was is not None else {}
    same = str(kept.get("weight")) == row.weight
    return {**kept, "name": clean(row.name), "weight": kept["weight"] if same else row.weight}


def _refuse_rows(rows: Sequence[PartRow], known: int) -> None:
    names = [clean(row.name) for row in rows]
    faults = []
    if len(rows) > MOST_PARTS:
        faults.append(Reason("parts_too_many", most=MOST_PARTS))
    if any(not name or len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        faults.append(Reason("part_name", longest=LONGEST_NAME))
    faults += [
        Reason("part_twice", name=name, places="、".join(map(str, places)))
        for name, places in doubled(names)
        if name
    ]
    places = [row.was for row in rows if row.was is not None]
    if len(set(places)) < len(places) or any(not 0 < place <= known for place in places):
        faults.append(Reason("part_unknown"))
    if faults:
        raise problems.faulty_values(faults)
