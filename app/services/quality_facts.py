"""How each response was collected, as the checks of data quality want it: from rows to arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.loading import AUDIENCE_NAMES
from analysis.quality.interviews import UNKNOWN, Interviews, Ints, Plan
from analysis.quality.sample_plan import arrival_in_cell
from analysis.reports.words import label_of
from app.models import Area, PlannedSample, Project, Status, User
from app.services import areas, questionnaires, reports
from app.services.columns import AUDIENCE_CODE, STATUS_CODE, Columns, ColumnStore
from app.services.questionnaires import Published
from surveys.definition import Audience

Place = tuple[int, str]
QUERY = (
    "SELECT arrival_no, elapsed_ms, started_at, finished_at, device_id FROM responses "
    "WHERE project_id = {mark} AND arrival_no > {mark} AND questionnaire_id = {mark} "
    "ORDER BY arrival_no"
)
ROWS_PER_FETCH = 10_000


@dataclass(frozen=True, eq=False)
class Facts:
    """What the packed records lack, per response in order of arrival; never changes afterwards."""

    arrival_no: Ints
    elapsed_ms: Ints
    started_ms: Ints
    finished_ms: Ints
    device: npt.NDArray[np.object_]

    def at(self, arrival_no: Ints) -> Facts:
        """Those of these arrivals; one that is not known yet has no time and no tablet."""
        if not len(self.arrival_no):
            return _unknown(arrival_no)
        place = np.searchsorted(self.arrival_no, arrival_no).clip(max=len(self.arrival_no) - 1)
        known = self.arrival_no[place] == arrival_no
        return Facts(
            arrival_no,
            np.where(known, self.elapsed_ms[place], UNKNOWN),
            np.where(known, self.started_ms[place], UNKNOWN),
            np.where(known, self.finished_ms[place], UNKNOWN),
            _only(known, self.device[place]),
        )


def _only(known: npt.NDArray[np.bool_], device: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    device[~known] = None
    return device


def _unknown(arrival_no: Ints) -> Facts:
    nothing = np.full(len(arrival_no), UNKNOWN, np.int64)
    return Facts(arrival_no, nothing, nothing, nothing, np.full(len(arrival_no), None))


NO_FACTS = _unknown(np.zeros(0, np.int64))


def newer_facts(
    session: Session, project: Project, published: Published, facts: Facts = NO_FACTS
) -> Facts:
    """With those that arrived since. Goes through the driver's own cursor, as `columns.fetch`."""
    mark = "?" if session.get_bind().dialect.name == "sqlite" else "%s"
    after = int(facts.arrival_no[-1]) if len(facts.arrival_no) else 0
    cursor: Any = session.connection().connection.cursor()
    parts = [facts]
    try:
        cursor.execute(QUERY.format(mark=mark), (project.id, after, published.id))
        while rows := cursor.fetchmany(ROWS_PER_FETCH):
            parts.append(_facts(rows))
    finally:
        cursor.close()
    return _joined(parts)


def _joined(parts: Sequence[Facts]) -> Facts:
    names = ("arrival_no", "elapsed_ms", "started_ms", "finished_ms", "device")
    return Facts(*(np.concatenate([getattr(part, n) for part in parts]) for n in names))


def _facts(rows: Sequence[Any]) -> Facts:
    numbers, elapsed, started, finished, devices = zip(*rows, strict=True)
    device = np.empty(len(rows), dtype=object)
    device[:] = devices
    return Facts(
        np.array(numbers, np.int64),
        np.array([UNKNOWN if ms is None else ms for ms in elapsed], np.int64),
        _milliseconds(started),
        _milliseconds(finished),
        device,
    )


def _milliseconds(moments: Iterable[str | None]) -> Ints:
    return np.array([UNKNOWN if m is None else _ms(m) for m in moments], np.int64)


def _ms(moment: str) -> int:
    try:
        return int(datetime.fromisoformat(moment).timestamp() * 1000)
    except (ValueError, OverflowError):
        return UNKNOWN


def interviews_of(
    session: Session, store: ColumnStore, project: Project, published: Published, facts: Facts
) -> Interviews:
    """All responses to one questionnaire but the excluded ones; practice and formal apart."""
    columns = store.columns(session, published.id, published.questionnaire)
    inside = _present(columns, project)
    arrays = {name: column[inside] for name, column in columns.arrays.items()}
    kept = Columns(columns.questionnaire, arrays, int(np.count_nonzero(inside)))
    own = facts.at(arrays["#arrival_no"])
    people, enumerator = _places(arrays["#enumerator"])
    _, device = _places(own.device)
    return Interviews(
        reports.of_columns(session, project, kept),
        numbers=arrays["#arrival_no"],
        elapsed_ms=own.elapsed_ms,
        started_ms=own.started_ms,
        finished_ms=own.finished_ms,
        enumerator=enumerator,
        device=device,
        enumerators=_names(session, people),
        plan=_plan(session, store, project, arrays["#arrival_no"]),
    )


def _present(columns: Columns, project: Project) -> npt.NDArray[np.bool_]:
    arrays = columns.arrays
    inside = arrays["#practice"] == int(project.practice)
    return np.asarray(inside & (arrays["#status"] != STATUS_CODE[Status.EXCLUDED]))


def _places(keys: npt.NDArray[Any]) -> tuple[list[Any], Ints]:
    """Who occurs, and (n,) their places; UNKNOWN for 0 and None."""
    place_of: dict[Any, int] = {}
    for key in keys.tolist():
        if key and key not in place_of:
            place_of[key] = len(place_of)
    places = [place_of.get(key, UNKNOWN) for key in keys.tolist()]
    return list(place_of), np.array(places, np.int64)


def _names(session: Session, people: Sequence[int]) -> tuple[str, ...]:
    query = select(User.id, User.display_name, User.username)
    known = {row.id: f"{row.display_name}（{row.username}）" for row in session.execute(query)}
    return tuple(known.get(person, str(person)) for person in people)


def plan_lines(session: Session, project: Project) -> dict[Place, int]:
    query = select(PlannedSample).join(Area).where(Area.project_id == project.id)
    return {(one.area_id, one.audience): one.planned for one in session.scalars(query)}


def _plan(session: Session, store: ColumnStore, project: Project, numbers: Ints) -> Plan | None:
    """None without a plan. What arrived is counted over all questionnaires of the project."""
    lines = plan_lines(session, project)
    if not lines:
        return None
    known = areas.all_areas(session, project)
    keys = list(lines)
    arrived, cells = _cells(session, store, project, _homes(known, keys))
    before = arrival_in_cell(cells)
    if not len(arrived):
        return Plan(cells, before, tuple(lines.values()), _line_names(known, keys))
    place = np.searchsorted(arrived, numbers).clip(max=len(arrived) - 1)
    # Somebody may have excluded one between the two readings.
    cell = np.where(arrived[place] == numbers, cells[place], UNKNOWN)
    return Plan(cell, before[place], tuple(lines.values()), _line_names(known, keys))


def _homes(known: Sequence[Area], keys: Sequence[Place]) -> npt.NDArray[np.int64]:
    """(audience code, area id) -> place of the line: its own area's, else the nearest above."""
    homes = np.full((len(AUDIENCE_CODE), max((a.id for a in known), default=0) + 1), UNKNOWN)
    place_of = {key: place for place, key in enumerate(keys)}
    for audience in Audience:
        chosen = {area for area, of in keys if of == audience.value}
        for area, home in areas.closest(known, chosen).items():
            homes[AUDIENCE_CODE[audience], area] = place_of[home, audience.value]
    return homes


def _cells(
    session: Session, store: ColumnStore, project: Project, homes: npt.NDArray[np.int64]
) -> tuple[Ints, Ints]:
    """Arrival numbers of all responses of the project, ascending, and the line of each."""
    numbers, cells = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for published in questionnaires.all_published(session, project):
        columns = store.columns(session, published.id, published.questionnaire)
        inside = _present(columns, project)
        area = columns.arrays["#area"][inside]
        # The columns may be newer than the session's snapshot and name an area that it lacks.
        named = np.where(area < homes.shape[1], area, 0)
        numbers.append(columns.arrays["#arrival_no"][inside])
        cells.append(homes[columns.arrays["#audience"][inside], named])
    joined = np.concatenate(numbers)
    order = np.argsort(joined, kind="stable")
    return joined[order], np.concatenate(cells)[order]


def _line_names(known: Sequence[Area], keys: Sequence[Place]) -> tuple[tuple[str, str], ...]:
    names: Mapping[int, str] = {area.id: area.name for area in known}
    audiences = {audience.value: AUDIENCE_NAMES[audience] for audience in Audience}
    return tuple(
        (f"{names[area]} {audiences[of]}", f"{names[area]} {label_of(audiences[of], 'en')}")
        for area, of in keys
    )
