"""Who does how many interviews where: setting and importing assignments, done against them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import problems
from app.models import (
    Area,
    Assignment,
    Membership,
    PlannedSample,
    Project,
    Status,
    StoredResponse,
    User,
)
from app.problems import Reason
from app.services import areas, log, projects
from app.services.access import Actor
from app.services.sheet_rows import AUDIENCES, LARGEST_NUMBER, Row, number_faults, read_rows
from surveys.definition import Audience
from surveys.sheets import SheetFault

HEADINGS = {"账号": "account", "区域代码": "area", **AUDIENCES}
NEEDED = ("account", "area")
FAULTS_SHOWN = 50

Place = tuple[int, str]
"""The id of an area, and an audience."""
Collected = Sequence[tuple[int | None, int | None, str | None, int]]
"""Person, area, audience, and how many responses."""


@dataclass(frozen=True)
class Assigned:
    """What one person is to do; `done` are their responses there, without the excluded ones."""

    user: User
    area: Area
    audience: Audience
    quantity: int
    done: int

    @property
    def over(self) -> int:
        """More than assigned is kept and flagged."""
        return max(self.done - self.quantity, 0)


@dataclass(frozen=True)
class Target:
    """One area and audience: planned (None: no plan), and everybody who is assigned there.

    `done` counts whoever collected it. Where only an area above has a plan, the assignments of its
    villages are lines of that one.
    """

    area: Area
    audience: Audience
    planned: int | None
    done: int
    lines: tuple[Assigned, ...]

    @property
    def assigned(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def surplus(self) -> int:
        """Assigned beyond the plan; negative where some of the plan is nobody's."""
        return 0 if self.planned is None else self.assigned - self.planned

    @property
    def over(self) -> int:
        """Done beyond the plan; kept and flagged."""
        return 0 if self.planned is None else max(self.done - self.planned, 0)


def of_person(session: Session, project: Project, user_id: int) -> list[Assigned]:
    """In the order of the directory of areas. A response counts for the nearest area at or above
    its own in which the person has an assignment for that audience."""
    collected = _collected(session, project, user_id)
    return _assigned(session, project, collected, user_id)


def targets(session: Session, project: Project) -> list[Target]:
    """Every area and audience with a plan or an assignment, in the order of the directory."""
    known, collected = areas.all_areas(session, project), _collected(session, project)
    lines = _assigned(session, project, collected)
    planned = _planned(session, project)
    homes = _homes(known, planned)
    by_home: dict[Place, list[Assigned]] = defaultdict(list)
    for line in lines:
        home = homes[line.audience.value].get(line.area.id, line.area.id)
        by_home[home, line.audience.value].append(line)
    places = planned.keys() | by_home.keys()
    done = _done(collected, _homes(known, places))
    return [
        Target(
            area,
            audience,
            planned.get((area.id, audience.value)),
            done[area.id, audience.value],
            tuple(by_home[area.id, audience.value]),
        )
        for _, area in areas.tree(known)
        for audience in Audience
        if (area.id, audience.value) in places
    ]


def assign(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    username: str,
    area_code: str,
    audience: Audience,
    quantity: int | None,
) -> None:
    """Set how many; 0 takes the assignment away. Raises Problem 403.1, or 422.2 with all faults
    (`quantity` None: what was typed is no number)."""
    actor.require("manage_project")
    projects.lock(session, project)
    people = _people(session, project)
    area = areas.find(session, project, area_code) if area_code.isprintable() else None
    faults = list(_value_faults(people.get(username), username, area, area_code, quantity))
    if faults or area is None:
        raise problems.faulty_values(faults)
    _set(session, people[username], area, audience.value, quantity or 0)
    about = f"{username} {area.code} {audience.value}"
    log.record(session, now, actor, "assignment.change", about, project, quantity=quantity)


def import_sheet(
    session: Session, now: datetime, actor: Actor, project: Project, content: bytes, name: str
) -> int:
    """Set assignments from .csv or .xlsx; returns how many rows. An empty cell changes nothing, 0
    takes away, what the file does not name stays. Raises Problem 403.1, or 422.1 with all faults.
    """
    actor.require("manage_project")
    projects.lock(session, project)
    people = _people(session, project)
    known = {area.code: area for area in areas.all_areas(session, project)}
    rows, faults = read_rows(content, name, HEADINGS, NEEDED)
    faults += _row_faults(rows, people, known)
    if faults:
        faults.sort(key=lambda fault: fault.row)
        raise problems.faulty_file(name, len(faults), faults[:FAULTS_SHOWN])
    for _, row in rows:
        for audience in Audience:
            if given := row.get(audience.value):
                user, area = people[row["account"]], known[row["area"]]
                _set(session, user, area, audience.value, int(given))
    log.record(session, now, actor, "assignment.import", name, project, rows=len(rows))
    return len(rows)


def _assigned(
    session: Session, project: Project, collected: Collected, user_id: int | None = None
) -> list[Assigned]:
    query = (
        select(Assignment, User, Area)
        .join(User, User.id == Assignment.user_id)
        .join(Area, Area.id == Assignment.area_id)
        .where(Area.project_id == project.id)
        .order_by(User.username)
    )
    if user_id is not None:
        query = query.where(Assignment.user_id == user_id)
    found = session.execute(query).all()
    known = areas.all_areas(session, project)
    done: Counter[tuple[int, Place]] = Counter()
    for user_id in {user.id for _, user, _ in found}:
        own = [(a.area_id, a.audience) for a, user, _ in found if user.id == user_id]
        mine = [line for line in collected if line[0] == user_id]
        for place, count in _done(mine, _homes(known, own)).items():
            done[user_id, place] = count
    place_of = {area.id: place for place, (_, area) in enumerate(areas.tree(known))}
    order = list(Audience)
    lines = [
        Assigned(user, area, Audience(a.audience), a.quantity, done[user.id, (area.id, a.audience)])
        for a, user, area in found
    ]
    return sorted(lines, key=lambda x: (place_of[x.area.id], order.index(x.audience)))


def _collected(session: Session, project: Project, user_id: int | None = None) -> Collected:
    """Without the excluded ones; of one person, or of all."""
    keys = (StoredResponse.enumerator_id, StoredResponse.area_id, StoredResponse.audience)
    query = (
        select(*keys, func.count())
        .where(
            StoredResponse.project_id == project.id,
            StoredResponse.practice == project.practice,
            StoredResponse.status != Status.EXCLUDED.value,
        )
        .group_by(*keys)
    )
    if user_id is not None:
        query = query.where(StoredResponse.enumerator_id == user_id)
    return [(person, area, audience, n) for person, area, audience, n in session.execute(query)]


def _planned(session: Session, project: Project) -> dict[Place, int]:
    query = select(PlannedSample).join(Area).where(Area.project_id == project.id)
    return {(one.area_id, one.audience): one.planned for one in session.scalars(query)}


def _homes(known: Sequence[Area], places: Iterable[Place]) -> Mapping[str, dict[int, int]]:
    """Audience -> area -> the nearest area at or above it that is one of the places."""
    chosen: dict[str, set[int]] = {audience.value: set() for audience in Audience}
    for area_id, audience in places:
        chosen[audience].add(area_id)
    return {audience: areas.closest(known, ids) for audience, ids in chosen.items()}


def _done(
    collected: Collected,
    homes: Mapping[str, dict[int, int]],
) -> Counter[Place]:
    done: Counter[Place] = Counter()
    for _, area_id, audience, count in collected:
        home = homes[audience].get(area_id) if audience and area_id else None
        if home is not None and audience:
            done[home, audience] += count
    return done


def _set(session: Session, user: User, area: Area, audience: str, quantity: int) -> None:
    key = {"user_id": user.id, "area_id": area.id, "audience": audience}
    if quantity:
        session.merge(Assignment(**key, quantity=quantity))
    elif (present := session.get(Assignment, key)) is not None:
        session.delete(present)
    session.flush()


def _people(session: Session, project: Project) -> dict[str, User]:
    query = select(User).join(Membership).where(Membership.project_id == project.id)
    return {user.username: user for user in session.scalars(query)}


def _value_faults(
    user: User | None, username: str, area: Area | None, area_code: str, quantity: int | None
) -> Iterator[Reason]:
    if user is None:
        yield Reason("device_account", username=username[:64])
    elif not user.active and quantity:
        yield Reason("device_account_closed", username=username)
    if area is None:
        yield Reason("assigned_area", area=area_code[:32])
    if quantity is None or not 0 <= quantity <= LARGEST_NUMBER:
        yield Reason("assigned_quantity", most=LARGEST_NUMBER)


def _row_faults(
    rows: Iterable[Row], people: Mapping[str, User], known: Mapping[str, Area]
) -> Iterator[SheetFault]:
    first: dict[tuple[str, str], int] = {}
    for number, row in rows:
        yield from _account_faults(number, row, people)
        code = row.get("area", "")
        if not code:
            yield SheetFault(number, "区域代码", "", "empty_cell", {})
        elif code not in known:
            yield SheetFault(number, "区域代码", code, "unknown_area", {"area": code})
        key = (row.get("account", ""), code)
        if all(key) and first.setdefault(key, number) != number:
            details = {"first": first[key]}
            yield SheetFault(number, "账号", key[0], "duplicate_assignment", details)
        yield from number_faults(number, row)


def _account_faults(
    number: int, row: Mapping[str, str], people: Mapping[str, User]
) -> Iterator[SheetFault]:
    account = row.get("account", "")
    user = people.get(account)
    if not account:
        yield SheetFault(number, "账号", "", "empty_cell", {})
    elif user is None:
        yield SheetFault(number, "账号", account, "unknown_account", {})
    elif not user.active and any(row.get(a.value, "").strip("0") for a in Audience):
        yield SheetFault(number, "账号", account, "closed_account", {})
