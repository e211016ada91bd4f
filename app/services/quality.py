"""Flags of data quality: run and kept until something changes, counted, listed."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.quality.findings import Flagged, Told
from analysis.quality.flags import BY_CODE, FLAGS, Flag, run_checks
from analysis.quality.interviews import UNKNOWN, Interviews
from analysis.quality.thresholds import Thresholds
from app.models import Area, Project, StoredResponse, User
from app.services import questionnaires, reports
from app.services.columns import ColumnStore
from app.services.quality_facts import NO_FACTS, Facts, interviews_of, newer_facts, plan_lines
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters

PAGE = 50
MOST_KEPT = 8
DEFAULT = Thresholds()


@dataclass(frozen=True)
class Note:
    """One flag on a response or an enumerator, with its sentence."""

    flag: Flag
    told: Told


@dataclass(frozen=True, eq=False)
class Checked:
    """The checks of one questionnaire's responses, the excluded ones left out.

    `inside` (n,) are those that the filters let through: the checks compare with all responses,
    the filters choose what is listed.
    """

    interviews: Interviews
    results: tuple[Flagged, ...]
    inside: npt.NDArray[np.bool_]

    def counts(self) -> list[Counted]:
        return [self._counted(result) for result in self.results]

    def _counted(self, result: Flagged) -> Counted:
        count = int(np.count_nonzero(self.inside[result.rows]))
        listed = int(np.count_nonzero(self.inside))
        return Counted(BY_CODE[result.code], result, count, listed, self.interviews.n)

    def flagged(self, codes: Collection[str] = ()) -> npt.NDArray[np.bool_]:
        """(n,) listed and flagged by one of these checks, or by any."""
        found = np.zeros(self.interviews.n, np.bool_)
        for result in self.results:
            if not codes or result.code in codes:
                found[result.rows] = True
        return found & self.inside

    def severities(self) -> npt.NDArray[np.int64]:
        """(n,) of the gravest flag of each, 0 for none."""
        found = np.zeros(self.interviews.n, np.int64)
        for result in self.results:
            found[result.rows] = np.maximum(found[result.rows], BY_CODE[result.code].severity)
        return found

    def n_flagged(self, codes: Collection[str] = ()) -> int:
        return int(np.count_nonzero(self.flagged(codes)))

    @property
    def n_people(self) -> int:
        """Enumerators flagged as a whole."""
        return len({finding.person for result in self.results for finding in result.people})

    def notes_of(self, row: int) -> tuple[Note, ...]:
        told = [(BY_CODE[result.code], result.told_of(row)) for result in self.results]
        return tuple(Note(flag, sentence) for flag, sentence in told if sentence is not None)

    def row_of(self, arrival_no: int) -> int | None:
        numbers = self.interviews.numbers
        place = int(np.searchsorted(numbers, arrival_no))
        return place if place < len(numbers) and numbers[place] == arrival_no else None


@dataclass(frozen=True, eq=False)
class Counted:
    """One check on the page: `count` of the `listed` responses are flagged, `total` were there."""

    flag: Flag
    result: Flagged
    count: int
    listed: int
    total: int

    @property
    def share(self) -> float | None:
        return self.count / self.listed if self.listed else None

    @property
    def unchecked(self) -> int:
        """Of all responses those that lack what the check needs."""
        return self.total - self.result.checked if self.result.refusal is None else 0


@dataclass(frozen=True)
class Line:
    """A flagged response as a list shows it."""

    response: StoredResponse
    area: str
    enumerator: str
    notes: tuple[Note, ...]

    @property
    def place(self) -> str:
        """Where it stands in the list, for the address of the next page."""
        severity = max((note.flag.severity for note in self.notes), default=0)
        return f"{severity}-{self.response.arrival_no}"


@dataclass(frozen=True)
class PersonLine:
    """An enumerator with flagged responses or flagged as a whole."""

    name: str
    collected: int
    flagged: int
    by_flag: tuple[tuple[Flag, int], ...]
    notes: tuple[Note, ...]

    @property
    def share(self) -> float | None:
        return self.flagged / self.collected if self.collected else None


class FlagStore:
    """Keeps facts and results of a few questionnaires; what changed is checked anew as a whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: OrderedDict[int, Facts] = OrderedDict()
        self._kept: OrderedDict[Any, tuple[Interviews, tuple[Flagged, ...]]] = OrderedDict()

    def checked(
        self,
        session: Session,
        store: ColumnStore,
        project: Project,
        published: Published,
        thresholds: Thresholds = DEFAULT,
    ) -> tuple[Interviews, tuple[Flagged, ...]]:
        """In the state that the session's snapshot sees, or a newer one."""
        key = (published.id, thresholds, *_state(session, project))
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is None:
                facts = self._facts.pop(published.id, NO_FACTS)
                facts = newer_facts(session, project, published, facts)
                _keep(self._facts, published.id, facts)
                interviews = interviews_of(session, store, project, published, facts)
                kept = (interviews, run_checks(interviews, thresholds))
            _keep(self._kept, key, kept)
            return kept


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """As the newest one; the oldest go."""
    known[key] = value
    while len(known) > MOST_KEPT:
        known.popitem(last=False)


def _state(session: Session, project: Project) -> tuple[Any, ...]:
    """Whatever the checks depend on besides answers: those move the project's change_seq."""
    areas_of = select(Area.id, Area.parent_id, Area.name).where(Area.project_id == project.id)
    known = tuple(map(tuple, session.execute(areas_of.order_by(Area.id))))
    plan = tuple(sorted(plan_lines(session, project).items()))
    return (project.id, project.change_seq, project.practice, hash(known), hash(plan))


def check(
    session: Session,
    store: ColumnStore,
    flags: FlagStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
    thresholds: Thresholds = DEFAULT,
) -> Checked:
    interviews, results = flags.checked(session, store, project, published, thresholds)
    columns = store.columns(session, published.id, published.questionnaire)
    passed = columns.arrays["#arrival_no"][reports.received(session, columns, project, filters)]
    return Checked(interviews, results, np.isin(interviews.numbers, passed))


def lines(
    session: Session,
    project: Project,
    checked: Checked,
    codes: Collection[str] = (),
    after: tuple[int, int] | None = None,
    limit: int = PAGE,
) -> list[Line]:
    """Flagged responses, the gravest first and of these the newest; paged by the severity and
    arrival number of the last one seen, so that what arrives meanwhile doubles or skips none."""
    rows = np.flatnonzero(checked.flagged(codes))
    numbers, severity = checked.interviews.numbers[rows], checked.severities()[rows]
    if after is not None:
        further = (severity < after[0]) | ((severity == after[0]) & (numbers < after[1]))
        rows, numbers, severity = rows[further], numbers[further], severity[further]
    order = np.lexsort((-numbers, -severity))
    return lines_of(session, project, checked, rows[order[:limit]].tolist())


def lines_of(
    session: Session, project: Project, checked: Checked, rows: Sequence[int]
) -> list[Line]:
    numbers = [int(checked.interviews.numbers[row]) for row in rows]
    query = (
        select(StoredResponse, Area.name, User.display_name)
        .outerjoin(Area, Area.id == StoredResponse.area_id)
        .outerjoin(User, User.id == StoredResponse.enumerator_id)
        .where(StoredResponse.project_id == project.id, StoredResponse.arrival_no.in_(numbers))
    )
    found = {row[0].arrival_no: row for row in session.execute(query)}
    return [
        Line(found[number][0], found[number][1] or "", found[number][2] or "", notes)
        for number, row in zip(numbers, rows, strict=True)
        if number in found
        for notes in [checked.notes_of(row)]
    ]


def people(checked: Checked) -> list[PersonLine]:
    """Enumerators with anything flagged: first those flagged as a whole, then by their share."""
    interviews, size = checked.interviews, len(checked.interviews.enumerators)
    collected = _per_person(interviews, checked.inside, size)
    flagged = _per_person(interviews, checked.flagged(), size)
    by_flag = {
        result.code: _per_person(interviews, checked.flagged([result.code]), size)
        for result in checked.results
    }
    notes = _people_notes(checked.results)
    found = [
        PersonLine(
            interviews.enumerators[person],
            int(collected[person]),
            int(flagged[person]),
            tuple((f, int(n)) for f in FLAGS if (n := by_flag[f.code][person])),
            notes.get(person, ()),
        )
        for person in range(size)
        if collected[person] and (flagged[person] or person in notes)
    ]
    return sorted(found, key=lambda line: (-len(line.notes), -(line.share or 0), line.name))


def _per_person(
    interviews: Interviews, chosen: npt.NDArray[np.bool_], size: int
) -> npt.NDArray[np.intp]:
    own = interviews.enumerator[chosen & (interviews.enumerator != UNKNOWN)]
    return np.bincount(own, minlength=size)


def _people_notes(results: Iterable[Flagged]) -> Mapping[int, tuple[Note, ...]]:
    found: dict[int, tuple[Note, ...]] = {}
    for result in results:
        for finding in result.people:
            note = Note(BY_CODE[result.code], finding.told)
            found[finding.person] = (*found.get(finding.person, ()), note)
    return found


def notes(
    session: Session,
    store: ColumnStore,
    flags: FlagStore,
    project: Project,
    responses: Sequence[StoredResponse],
) -> dict[uuid.UUID, tuple[Note, ...]]:
    """The flags of these responses by the default thresholds; the excluded ones have none."""
    found: dict[uuid.UUID, tuple[Note, ...]] = {}
    for questionnaire_id in {response.questionnaire_id for response in responses}:
        published = questionnaires.by_id(session, questionnaire_id)
        interviews, results = flags.checked(session, store, project, published)
        everything = Checked(interviews, results, np.ones(interviews.n, np.bool_))
        for response in responses:
            if response.questionnaire_id == questionnaire_id:
                row = everything.row_of(response.arrival_no)
                found[response.id] = () if row is None else everything.notes_of(row)
    return found
