"""收发台账: what was handed out and what came back, per tablet, enumerator and area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import problems
from app.models import Area, PaperForms, Project, User
from app.problems import Reason
from app.services import (
    areas,
    assignments,
    differences,
    ledger_facts,
    log,
    projects,
    quarantine,
)
from app.services.access import Actor
from app.services.devices import Known
from app.services.differences import Difference, Material
from app.services.ledger_facts import Counts, Fact, Tablet, grouped, summed
from app.services.sheet_rows import LARGEST_NUMBER
from surveys.definition import Audience

OUTCOMES = ("completed", "not_home", "refused", "replaced")
COMMON = (
    *OUTCOMES,
    *("paper", "web", "issued", "finished", "received", "valid", "counted"),
    *("return_rate", "valid_rate"),
)
COLUMNS = {
    "devices": COMMON,
    "enumerators": ("assigned", *COMMON),
    "areas": ("planned", "assigned", *COMMON),
}
"""What each table shows; a plan is nobody's, and an assignment no tablet's."""
RATES = ("return_rate", "valid_rate")


@dataclass(frozen=True)
class Row:
    """One line; without a name it holds what belongs to no tablet, person or area.

    `note` is the account or the code behind the name, `depth` that of an area (0 at the top).
    """

    name: str
    note: str
    counts: Counts
    depth: int = 0
    is_closed: bool = False
    reported_at: datetime | None = None
    """When a tablet last said what it has finished; without it that number is unknown."""

    def value(self, column: str) -> int | float | None:
        if column == "finished" and not self.counts.finished and self.reported_at is None:
            return None
        number: int | float | None = getattr(self.counts, column)
        return number


@dataclass(frozen=True)
class Table:
    key: Literal["devices", "enumerators", "areas"]
    rows: tuple[Row, ...]
    total: Row

    @property
    def columns(self) -> tuple[str, ...]:
        return COLUMNS[self.key]


@dataclass(frozen=True)
class Ledger:
    """Three views of the same counts; their totals agree. `audience` None: all together.

    The differences are always those of the whole project.
    """

    tables: tuple[Table, ...]
    total: Counts
    differences: tuple[Difference, ...]
    audience: Audience | None
    simulated: bool
    project: str
    as_of: datetime


def of_project(
    session: Session, now: datetime, project: Project, audience: Audience | None = None
) -> Ledger:
    tablets = ledger_facts.tablets(session, project)
    everything = ledger_facts.facts(session, project, tablets)
    chosen = [f for f in everything if audience is None or f.audience == audience.value]
    total = summed(chosen)
    return Ledger(
        (
            _by_device(chosen, tablets, total),
            _by_person(session, chosen, tablets, total),
            _by_area(session, project, chosen, total),
        ),
        total,
        tuple(differences.find(_material(session, now, project, everything, tablets))),
        audience,
        project.practice,
        project.name,
        now,
    )


def of_device(session: Session, known: Known) -> list[dict[str, Any]]:
    """What a tablet shows of itself: JSON-able, one line per area and audience."""
    codes = {area.id: area for area in areas.all_areas(session, known.project)}
    found = grouped(
        ledger_facts.facts_of_device(session, known), lambda fact: (fact.area, fact.audience)
    )
    order = {area_id: place for place, area_id in enumerate(codes)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key[1] or ""))
    return [
        _line(codes.get(area_id), audience, found[area_id, audience]) for area_id, audience in keys
    ]


def set_paper_forms(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    area_code: str,
    audience: Audience,
    quantity: int | None,
) -> None:
    """How many forms on paper were handed out there; 0 forgets it. Raises Problem 403.1, or 422.2
    with all faults (`quantity` None: what was typed is no number)."""
    actor.require("review")
    projects.lock(session, project)
    area = areas.find(session, project, area_code) if area_code.isprintable() else None
    faults = [
        *([] if area else [Reason("assigned_area", area=area_code[:32])]),
        *([] if _fits(quantity) else [Reason("assigned_quantity", most=LARGEST_NUMBER)]),
        *([Reason("paper_in_practice")] if project.practice else []),
    ]
    if faults or area is None or quantity is None:
        raise problems.faulty_values(faults)
    key = {"area_id": area.id, "audience": audience.value}
    if quantity:
        session.merge(PaperForms(**key, handed_out=quantity))
    elif (present := session.get(PaperForms, key)) is not None:
        session.delete(present)
    about = f"{area.code} {audience.value}"
    log.record(session, now, actor, "paper.change", about, project, quantity=quantity)


def paper_forms(session: Session, project: Project) -> list[tuple[Area, Audience, int]]:
    """What was entered, by the codes of the areas."""
    query = (
        select(Area, PaperForms)
        .join(PaperForms, PaperForms.area_id == Area.id)
        .where(Area.project_id == project.id)
        .order_by(Area.code, PaperForms.audience)
    )
    return [(area, Audience(f.audience), f.handed_out) for area, f in session.execute(query)]


def _fits(quantity: int | None) -> bool:
    return quantity is not None and 0 <= quantity <= LARGEST_NUMBER


def _line(area: Any, audience: str | None, counts: Counts) -> dict[str, Any]:
    return {
        "area": area.code if area else None,
        "area_name": area.name if area else None,
        "audience": audience,
        "assigned": counts.assigned,
        "visits": {outcome: getattr(counts, outcome) for outcome in OUTCOMES},
        **{
            name: getattr(counts, name)
            for name in ("issued", "finished", "received", "valid", "counted")
        },
    }


def _material(
    session: Session,
    now: datetime,
    project: Project,
    everything: Sequence[Fact],
    tablets: Sequence[Tablet],
) -> Material:
    by_device = grouped(everything, lambda fact: fact.device)
    return Material(
        now,
        tuple((tablet, by_device[tablet.device.id]) for tablet in tablets),
        by_device[None],
        tuple(assignments.targets(session, project)),
        quarantine.waiting_by_device(session, project),
    )


def _by_device(found: Sequence[Fact], tablets: Sequence[Tablet], total: Counts) -> Table:
    counts = grouped(found, lambda fact: fact.device)
    rows = [
        Row(
            tablet.device.label,
            tablet.user.display_name,
            counts[tablet.device.id],
            is_closed=tablet.device.revoked_at is not None,
            reported_at=tablet.device.reported_at if tablet.is_of_this_mode else None,
        )
        for tablet in tablets
    ]
    return _table("devices", rows, counts[None], total)


def _by_person(
    session: Session, found: Sequence[Fact], tablets: Sequence[Tablet], total: Counts
) -> Table:
    counts = grouped(found, lambda fact: fact.person)
    ids = [person for person in counts if person is not None]
    users = session.scalars(select(User).where(User.id.in_(ids)).order_by(User.username))
    told = {t.user.id: t.device.reported_at for t in tablets if t.is_of_this_mode}
    rows = [
        Row(
            user.display_name,
            user.username,
            counts[user.id],
            is_closed=not user.active,
            reported_at=told.get(user.id),
        )
        for user in users
    ]
    return _table("enumerators", rows, counts[None], total)


def _by_area(session: Session, project: Project, found: Sequence[Fact], total: Counts) -> Table:
    """An area holds all that lies below it; areas without any number are left out."""
    counts = grouped(found, lambda fact: fact.area)
    rest = counts[None]
    ordered = areas.tree(areas.all_areas(session, project))
    for _, area in reversed(ordered):
        if area.parent_id is not None:
            counts[area.parent_id] += counts[area.id]
    rows = [
        Row(area.name, area.code, counts[area.id], depth)
        for depth, area in ordered
        if counts[area.id]
    ]
    return _table("areas", rows, rest, total)


def _table(
    key: Literal["devices", "enumerators", "areas"],
    rows: Sequence[Row],
    rest: Counts,
    total: Counts,
) -> Table:
    shown = any(getattr(rest, column) for column in COLUMNS[key])
    told = max((row.reported_at for row in rows if row.reported_at), default=None)
    last = Row("", "", total, reported_at=told)
    return Table(key, (*rows, *([Row("", "", rest)] if shown else [])), last)
