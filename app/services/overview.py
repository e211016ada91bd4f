"""Where a project stands: collected against planned, what arrived per questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy.orm import Session

from analysis.table import Flow
from app.models import Area, Project
from app.services import areas, questionnaires, reports
from app.services.areas import Progress
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from surveys.definition import Audience


@dataclass(frozen=True)
class Filled:
    """How many interviews of one kind there are; nothing planned is not the same as 0 of 0."""

    planned: int = 0
    collected: int = 0

    def __add__(self, other: Filled) -> Filled:
        return Filled(self.planned + other.planned, self.collected + other.collected)

    @property
    def share(self) -> float | None:
        """Collected of planned, 0..; None where nothing is planned."""
        return self.collected / self.planned if self.planned else None

    @property
    def over(self) -> int:
        return max(self.collected - self.planned, 0) if self.planned else 0

    @property
    def missing(self) -> int:
        return max(self.planned - self.collected, 0)

    @property
    def unplanned(self) -> bool:
        return self.planned == 0 and self.collected > 0


@dataclass(frozen=True)
class AreaRow:
    """One top area (None: 未注明) with a value per audience column, and all together."""

    area: Area | None
    cells: tuple[Filled, ...]
    total: Filled


@dataclass(frozen=True)
class Progresses:
    """The table of areas by audiences; a column None holds those of unknown audience."""

    audiences: tuple[Audience | None, ...]
    rows: tuple[AreaRow, ...]
    total: AreaRow

    @property
    def has_plan(self) -> bool:
        return self.total.total.planned > 0


@dataclass(frozen=True)
class Arrived:
    """What became of the responses to one published questionnaire."""

    published: Published
    flow: Flow
    last_received_at: datetime | None


def progress(session: Session, project: Project) -> Progresses:
    """Collected against planned. Excluded responses are not collected."""
    lines = areas.progress(session, project)
    audiences = _audiences(session, project, lines)
    found: dict[int | None, list[Progress]] = {}
    for line in lines:
        found.setdefault(line.area.id if line.area else None, []).append(line)
    rows = tuple(_row(group[0].area, group, audiences) for group in found.values())
    return Progresses(audiences, rows, _row(None, lines, audiences))


def arrived(session: Session, store: ColumnStore, project: Project) -> list[Arrived]:
    """Per published questionnaire: those offered, and older ones that have responses."""
    found = []
    for published in questionnaires.all_published(session, project):
        _, flow = reports.responses(session, store, project, published)
        if published.offered or flow.received:
            last = _last_received_at(session, store, project, published)
            found.append(Arrived(published, flow, last))
    return found


def _audiences(
    session: Session, project: Project, lines: Sequence[Progress]
) -> tuple[Audience | None, ...]:
    """Those that are asked anything in this project or occur, in the usual order."""
    asked = {
        audience
        for published in questionnaires.all_published(session, project)
        if published.offered
        for audience in published.questionnaire.audiences
    }
    occurring = {line.audience for line in lines}
    known = [audience for audience in Audience if audience in asked | occurring]
    return (*known, None) if None in occurring else tuple(known)


def _row(
    area: Area | None, lines: Iterable[Progress], audiences: tuple[Audience | None, ...]
) -> AreaRow:
    cells = dict.fromkeys(audiences, Filled())
    for line in lines:
        cells[line.audience] += Filled(line.planned, line.collected)
    return AreaRow(area, tuple(cells.values()), sum(cells.values(), Filled()))


def _last_received_at(
    session: Session, store: ColumnStore, project: Project, published: Published
) -> datetime | None:
    arrays = store.columns(session, published.id, published.questionnaire).arrays
    times = arrays["#received_ms"][arrays["#practice"] == int(project.practice)]
    return datetime.fromtimestamp(int(np.max(times)) / 1000, UTC) if len(times) else None
