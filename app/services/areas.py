"""Areas and the sample plan: importing them, walking the tree, collected against planned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import problems
from app.models import Area, PlannedSample, Project, Setting, Status, StoredResponse
from app.services import log, projects
from app.services.access import Actor
from app.services.sheet_rows import AUDIENCES, Row, number_faults, read_rows
from surveys.definition import Audience
from surveys.sheets import SheetFault

HEADINGS = {
    "区域代码": "code",
    "区域名称": "name",
    "上级代码": "parent",
    **AUDIENCES,
    "城乡": "setting",
}
SETTINGS = {
    **dict.fromkeys(("城镇", "城市", "城", "urban"), Setting.URBAN.value),
    **dict.fromkeys(("农村", "乡村", "乡", "rural"), Setting.RURAL.value),
}
"""What may stand below 城乡; an empty cell is as the area above."""
NEEDED = ("code", "name")
LONGEST = {"code": 32, "name": 64}


@dataclass(frozen=True)
class Progress:
    """Collected against planned for one area and audience, villages summed up to their county."""

    area: Area | None
    audience: Audience | None
    planned: int
    collected: int


def import_plan(
    session: Session, now: datetime, actor: Actor, project: Project, content: bytes, name: str
) -> int:
    """Add or update areas and their planned numbers from .csv or .xlsx; returns how many rows.

    Areas that the file does not name stay. Raises Problem 403.1 or 422.1 with every fault.
    """
    actor.require("manage_project")
    projects.lock(session, project)
    known = {area.code: area for area in all_areas(session, project)}
    rows, faults = _read(content, name, known)
    if faults:
        raise problems.faulty_file(name, len(faults), faults[:50])
    for _, row in rows:
        area = known.get(row["code"]) or Area(project_id=project.id, code=row["code"])
        area.name = row["name"]
        known[row["code"]] = area
        session.add(area)
    session.flush()
    for _, row in rows:
        if "parent" in row:
            known[row["code"]].parent_id = known[row["parent"]].id if row["parent"] else None
        if "setting" in row:
            known[row["code"]].setting = SETTINGS.get(row["setting"])
        for audience in Audience:
            if row.get(audience.value):
                session.merge(
                    PlannedSample(
                        area_id=known[row["code"]].id,
                        audience=audience.value,
                        planned=int(row[audience.value]),
                    )
                )
    log.record(session, now, actor, "plan.import", name, project, rows=len(rows))
    return len(rows)


def all_areas(session: Session, project: Project) -> Sequence[Area]:
    return session.scalars(
        select(Area).where(Area.project_id == project.id).order_by(Area.code)
    ).all()


def find(session: Session, project: Project, code: str) -> Area | None:
    return session.scalar(select(Area).where(Area.project_id == project.id, Area.code == code))


def tree(areas: Sequence[Area]) -> list[tuple[int, Area]]:
    """Areas in the order of a directory, each with its depth (0 at the top)."""
    children: dict[int | None, list[Area]] = defaultdict(list)
    for area in reversed(areas):
        children[area.parent_id].append(area)
    ordered: list[tuple[int, Area]] = []
    pending = [(0, area) for area in children[None]]
    while pending:
        depth, area = pending.pop()
        ordered.append((depth, area))
        pending += [(depth + 1, child) for child in children[area.id]]
    return ordered


def within(areas: Sequence[Area], top: int) -> set[int]:
    """Ids of an area and all areas below it."""
    inside = {top}
    for _, area in tree(areas):
        if area.parent_id in inside:
            inside.add(area.id)
    return inside


def rolled_up(areas: Sequence[Area], under: int | None = None) -> dict[int, Area]:
    """Area id -> the area directly below `under` (or at the top) to which it belongs.

    An area with none below it is a group of its own.
    """
    if under is not None and under not in {area.parent_id for area in areas}:
        return {area.id: area for area in areas if area.id == under}
    groups: dict[int, Area] = {}
    for _, area in tree(areas):
        if area.parent_id == under:
            groups[area.id] = area
        elif area.parent_id in groups:
            groups[area.id] = groups[area.parent_id]
    return groups


def closest(areas: Sequence[Area], chosen: Collection[int]) -> dict[int, int]:
    """Area id -> the one of the chosen areas in which it lies: itself, else the nearest above."""
    found: dict[int, int] = {}
    for _, area in tree(areas):
        if area.id in chosen:
            found[area.id] = area.id
        elif area.parent_id in found:
            found[area.id] = found[area.parent_id]
    return found


def settings(areas: Sequence[Area]) -> dict[int, str]:
    """Area id -> urban or rural: its own, else that of the nearest area above which has one."""
    found: dict[int, str] = {}
    for _, area in tree(areas):
        value = area.setting or found.get(area.parent_id or 0)
        if value:
            found[area.id] = value
    return found


def progress(session: Session, project: Project) -> list[Progress]:
    """Per top area and audience. Excluded responses are not collected; what lies in no area or
    has no audience is a line of its own."""
    areas = all_areas(session, project)
    top = rolled_up(areas)
    planned: Counter[tuple[Area | None, str | None]] = Counter()
    query = select(PlannedSample).join(Area).where(Area.project_id == project.id)
    for sample in session.scalars(query):
        planned[top[sample.area_id], sample.audience] += sample.planned
    collected: Counter[tuple[Area | None, str | None]] = Counter()
    counts = (
        select(StoredResponse.area_id, StoredResponse.audience, func.count())
        .where(
            StoredResponse.project_id == project.id,
            StoredResponse.practice == project.practice,
            StoredResponse.status != Status.EXCLUDED.value,
        )
        .group_by(StoredResponse.area_id, StoredResponse.audience)
    )
    for area_id, audience, count in session.execute(counts):
        collected[top.get(area_id) if area_id else None, audience] += count
    keys = sorted(planned.keys() | collected.keys(), key=_reading_order)
    return [
        Progress(area, Audience(audience) if audience else None, planned[k], collected[k])
        for k in keys
        for area, audience in [k]
    ]


def _reading_order(key: tuple[Area | None, str | None]) -> tuple[bool, str, int]:
    area, audience = key
    order = [a.value for a in Audience]
    return area is None, area.code if area else "", order.index(audience) if audience else 9


def _read(
    content: bytes, name: str, known: Mapping[str, Area]
) -> tuple[list[Row], list[SheetFault]]:
    rows, faults = read_rows(content, name, HEADINGS, NEEDED)
    first: dict[str, int] = {}
    for number, row in rows:
        faults += _row_faults(number, row, first)
    codes = first.keys() | known.keys()
    for number, row in rows:
        if row.get("parent") and row["parent"] not in codes:
            details = {"parent": row["parent"]}
            faults.append(SheetFault(number, "上级代码", row["parent"], "unknown_parent", details))
    return rows, sorted(faults, key=lambda fault: fault.row) or list(_cycles(rows, known))


def _row_faults(number: int, row: dict[str, str], first: dict[str, int]) -> Iterator[SheetFault]:
    for field, heading in (("code", "区域代码"), ("name", "区域名称")):
        value = row.get(field, "")
        if not value:
            yield SheetFault(number, heading, "", "empty_cell", {})
        elif len(value) > LONGEST[field]:
            yield SheetFault(number, heading, value, "too_long_cell", {"limit": LONGEST[field]})
        elif not value.isprintable():
            yield SheetFault(number, heading, value, "control_character", {})
    code = row.get("code", "")
    if code and first.setdefault(code, number) != number:
        yield SheetFault(number, "区域代码", code, "duplicate_area", {"first": first[code]})
    setting = row.get("setting", "")
    if setting and setting not in SETTINGS:
        yield SheetFault(number, "城乡", setting, "not_a_setting", {})
    yield from number_faults(number, row)


def _cycles(
    rows: Sequence[tuple[int, Mapping[str, str]]], known: Mapping[str, Area]
) -> Iterator[SheetFault]:
    codes = {area.id: area.code for area in known.values()}
    parents = {a.code: codes.get(a.parent_id, "") if a.parent_id else "" for a in known.values()}
    parents |= {row["code"]: row["parent"] for _, row in rows if "parent" in row}
    for number, row in rows:
        seen: set[str] = set()
        code = parents.get(row["code"], "")
        while code and code not in seen:
            seen.add(code)
            code = parents.get(code, "")
        if row["code"] in seen:
            yield SheetFault(number, "上级代码", row.get("parent", ""), "area_cycle", {})
