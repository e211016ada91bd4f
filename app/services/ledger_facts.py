"""What the ledger adds up: counts by tablet, person, area and audience, each counted once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, and_, case, func, select
from sqlalchemy.orm import Session

from app.models import (
    Area,
    Assignment,
    Device,
    Outcome,
    PaperForms,
    PlannedSample,
    Project,
    Status,
    StoredResponse,
    User,
    Visit,
)
from app.services import devices, questionnaires
from app.services.fieldwork import SentReport, last_report

Checks = Mapping[str, Any]
"""Name in Counts -> the condition that is counted."""


@dataclass(frozen=True)
class Counts:
    """Numbers of forms, households or responses; see ledger_words.DEFINITIONS."""

    planned: int = 0
    assigned: int = 0
    completed: int = 0
    not_home: int = 0
    refused: int = 0
    replaced: int = 0
    paper: int = 0
    web: int = 0
    """Received otherwise than from a tablet and without a visit, beyond the paper forms there."""
    finished: int = 0
    received: int = 0
    valid: int = 0
    counted: int = 0
    told: int = 0
    """Received by the time of the tablet's last report."""
    unvisited: int = 0
    """Received from a tablet without a visit that names them."""
    unanswered: int = 0
    """Visits with the outcome 完成 whose response was not received."""
    unreplaced: int = 0
    """Visits with the outcome 换户 for which no other household stands in."""
    doubled: int = 0
    """Visits with the outcome 完成 that name the response of another; counted nowhere else."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in NAMES)

    @property
    def visits(self) -> int:
        return self.completed + self.not_home + self.refused + self.replaced

    @property
    def issued(self) -> int:
        """发放: every household called at, every form on paper, what web pages add."""
        return self.visits + self.paper + self.web

    @property
    def is_over(self) -> bool:
        return self.received > self.issued

    @property
    def return_rate(self) -> float | None:
        """回收率, 0..1; None where nothing was issued, or less than was received."""
        return None if self.is_over or not self.issued else self.received / self.issued

    @property
    def valid_rate(self) -> float | None:
        """有效率, of what was received, 0..1; None where nothing was received."""
        return self.valid / self.received if self.received else None


NAMES = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True)
class Fact:
    """Numbers (by the names of Counts) that share a tablet, a person, an area and an audience;
    None: of none. A large project has a hundred thousand, so each holds only what is not 0."""

    device: uuid.UUID | None
    person: int | None
    area: int | None
    audience: str | None
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Tablet:
    """A device, its person, and its last report as far as it is about the present mode."""

    device: Device
    user: User
    report: SentReport | None
    is_of_this_mode: bool

    @cached_property
    def finished(self) -> int:
        return self.report.finished if self.report and self.is_of_this_mode else 0


def tablets(session: Session, project: Project) -> list[Tablet]:
    return [_tablet(known) for known in devices.all_devices(session, project)]


def facts(session: Session, project: Project, known: Sequence[Tablet]) -> list[Fact]:
    """Everything that the ledger of a project is made of, in its present mode."""
    received = _of_project(project, StoredResponse)
    found = [
        *_of_areas(session, project),
        *_visits(session, _of_project(project, Visit), _checks_of_visits()),
        *_responses(session, project, received, _checks_of_responses()),
        *_finished(session, project, known),
    ]
    areas = session.execute(select(Area.id, Area.parent_id).where(Area.project_id == project.id))
    return beyond_paper(found, {area[0]: area[1] for area in areas})


def facts_of_device(session: Session, known: devices.Known) -> list[Fact]:
    """What one tablet did, and what its person is assigned."""
    project, device, person = known.project, known.device, known.user.id
    # The person as well, for whose responses there is an index.
    visits = (Visit.device_id == device.id, Visit.enumerator_id == person)
    responses = (StoredResponse.device_id == device.id, StoredResponse.enumerator_id == person)
    return [
        *(fact for fact in _assigned(session, project) if fact.person == person),
        *_visits(session, (*_of_project(project, Visit), *visits), {}),
        *_responses(session, project, (*_of_project(project, StoredResponse), *responses), {}),
        *_finished(session, project, [_tablet(known)]),
    ]


def grouped(found: Iterable[Fact], key: Callable[[Fact], Any]) -> defaultdict[Any, Counts]:
    """Key -> the sum of its facts; nothing for a key without any."""
    sums: dict[Any, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fact in found:
        own = sums[key(fact)]
        for name, number in fact.numbers.items():
            own[name] += number
    return defaultdict(Counts, {group: Counts(**numbers) for group, numbers in sums.items()})


def beyond_paper(found: Sequence[Fact], parents: Mapping[int, int | None]) -> list[Fact]:
    """`web` less the forms on paper of that audience, which are typed in on web pages: first those
    of the area itself, then those of the areas above it (`parents`)."""
    left = {(f.area, f.audience): f.numbers["paper"] for f in found if "paper" in f.numbers}
    # Several people may have typed in one pile of paper.
    ordered = sorted(found, key=lambda f: f.person or 0)
    return [_less_paper(f, left, parents) if "web" in f.numbers else f for f in ordered]


def _less_paper(
    fact: Fact, left: dict[tuple[int | None, str | None], int], parents: Mapping[int, int | None]
) -> Fact:
    web, area = fact.numbers["web"], fact.area
    while area is not None and web:
        pile = left.get((area, fact.audience), 0)
        left[area, fact.audience] = max(pile - web, 0)
        web, area = max(web - pile, 0), parents.get(area)
    return replace(fact, numbers=dict(fact.numbers) | {"web": web})


def summed(found: Iterable[Fact]) -> Counts:
    return grouped(found, lambda _: None)[None]


def _tablet(known: devices.Known) -> Tablet:
    report = last_report(known.device.report)
    mode = None if report is None else report.practice
    return Tablet(known.device, known.user, report, mode in (None, known.project.practice))


def _of_project(project: Project, table: Any) -> tuple[Any, ...]:
    return (table.project_id == project.id, table.practice == project.practice)


def _of_areas(session: Session, project: Project) -> Iterator[Fact]:
    """Forms on paper are real, so there are none while people practise."""
    planned = select(PlannedSample).join(Area).where(Area.project_id == project.id)
    for sample in session.scalars(planned):
        yield Fact(None, None, sample.area_id, sample.audience, {"planned": sample.planned})
    yield from _assigned(session, project)
    paper = select(PaperForms).join(Area).where(Area.project_id == project.id)
    for forms in () if project.practice else session.scalars(paper):
        yield Fact(None, None, forms.area_id, forms.audience, {"paper": forms.handed_out})


def _assigned(session: Session, project: Project) -> Iterator[Fact]:
    query = select(Assignment).join(Area).where(Area.project_id == project.id)
    for one in session.scalars(query):
        yield Fact(None, one.user_id, one.area_id, one.audience, {"assigned": one.quantity})


def _visits(session: Session, chosen: Sequence[Any], checks: Checks) -> Iterator[Fact]:
    keys = (Visit.device_id, Visit.enumerator_id, Visit.area_id, Visit.audience)
    again = _named_before(chosen)
    checks = {"doubled": again, **{name: and_(~again, check) for name, check in checks.items()}}
    query = (
        select(*keys, Visit.outcome, func.count(), *map(_how_many, checks.values()))
        .where(*chosen)
        .group_by(*keys, Visit.outcome)
    )
    for device, person, area, audience, outcome, count, *checked in session.execute(query):
        numbers = _not_0(checks, checked)
        own = count - numbers.get("doubled", 0)
        yield Fact(device, person, area, audience, numbers | ({outcome: own} if own else {}))


def _named_before(chosen: Sequence[Any]) -> Any:
    """Whether an earlier one of these visits is completed by the same response."""
    place = func.row_number().over(partition_by=Visit.response_id, order_by=Visit.id)
    named = (*chosen, Visit.outcome == Outcome.COMPLETED.value, Visit.response_id.is_not(None))
    numbered = select(Visit.id, place.label("place")).where(*named).subquery()
    return Visit.id.in_(select(numbered.c.id).where(numbered.c.place > 1))


def _responses(
    session: Session, project: Project, chosen: Sequence[Any], checks: Checks
) -> Iterator[Fact]:
    """One pass over the responses, which are many."""
    offered = {p.id for p in questionnaires.all_published(session, project) if p.offered}
    keys = (
        StoredResponse.device_id,
        StoredResponse.enumerator_id,
        StoredResponse.area_id,
        StoredResponse.audience,
    )
    more = (StoredResponse.status, StoredResponse.questionnaire_id)
    query = (
        select(*keys, *more, func.count(), *map(_how_many, checks.values()))
        .select_from(StoredResponse)
        .outerjoin(Device, Device.id == StoredResponse.device_id)
        .where(*chosen)
        .group_by(*keys, *more)
    )
    for row in session.execute(query):
        device, person, area, audience, status, questionnaire, count, *checked = row
        numbers = {"received": count} | _not_0(checks, checked)
        if status == Status.ACCEPTED.value:
            numbers |= {"valid": count} | ({"counted": count} if questionnaire in offered else {})
        yield Fact(device, person, area, audience, numbers)


def _not_0(checks: Checks, checked: Iterable[int]) -> dict[str, int]:
    return {name: number for name, number in zip(checks, checked, strict=True) if number}


def _checks_of_visits() -> Checks:
    arrived = select(StoredResponse.id).where(StoredResponse.id == Visit.response_id)
    stands_in = select(Visit.replaces).where(Visit.replaces.is_not(None))
    return {
        "unanswered": and_(Visit.outcome == Outcome.COMPLETED.value, ~arrived.exists()),
        "unreplaced": and_(Visit.outcome == Outcome.REPLACED.value, Visit.id.not_in(stands_in)),
    }


def _checks_of_responses() -> Checks:
    visited = select(Visit.response_id).where(Visit.response_id.is_not(None))
    return {
        "told": StoredResponse.received_at <= Device.reported_at,
        "unvisited": and_(StoredResponse.device_id.is_not(None), StoredResponse.id.not_in(visited)),
        "web": and_(StoredResponse.device_id.is_(None), StoredResponse.id.not_in(visited)),
    }


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _finished(session: Session, project: Project, known: Sequence[Tablet]) -> Iterator[Fact]:
    """By area and audience as the tablet says; what it gives to none is of none."""
    query = select(Area.code, Area.id).where(Area.project_id == project.id)
    ids: dict[str | None, int] = {row[0]: row[1] for row in session.execute(query)}
    for tablet in known:
        lines = tablet.report.by if tablet.report and tablet.is_of_this_mode else []
        owner = (tablet.device.id, tablet.user.id)
        for line in lines:
            yield Fact(*owner, ids.get(line.area), line.audience, {"finished": line.finished})
        rest = tablet.finished - sum(line.finished for line in lines)
        if rest > 0:
            yield Fact(*owner, None, None, {"finished": rest})
