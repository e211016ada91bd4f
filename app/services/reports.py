"""From stored responses to the values of `analysis`: columns, summary tables, flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.loading import AUDIENCE_NAMES
from analysis.responses import UNSTATED, Labels, Responses
from analysis.table import BaseRule, Flow, SummaryTable
from app.models import Area, Project, Status
from app.services import areas
from app.services.columns import AUDIENCE_CODE, HEAD, STATUS_CODE, Columns, ColumnStore
from app.services.questionnaires import Published
from surveys.definition import Audience

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Filters:
    """Which responses to count; empty means all. Days are those of receipt, in China."""

    audience: Audience | None = None
    area_id: int | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Filters()


def summary_table(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
    *,
    base: BaseRule | None = None,
    by: str | None = None,
) -> SummaryTable:
    """The table of all counted responses. Raises UnknownGroupingError for an unknown `by`."""
    counted, flow = responses(session, store, project, published, filters)
    return tabulate.summary_table(
        counted,
        base=base or ("all" if project.base_rule == "all" else "answered"),
        by=by,
        flow=flow,
        simulated=project.practice,
        project=project.name,
        remarks=tuple(filter(None, project.remark.split("\n"))),
    )


def responses(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
    overrule: tuple[int | Sequence[int], Status] | None = None,
) -> tuple[Responses, Flow]:
    """The counted responses with their groupings, and what became of all that were received.

    `overrule` (arrival number or numbers, status) answers "what if these had that status".
    """
    columns = store.columns(session, published.id, published.questionnaire)
    known_areas = areas.all_areas(session, project)
    received = _received(columns, project, filters, known_areas)
    status = columns.arrays["#status"]
    if overrule is not None:
        chosen = np.isin(columns.arrays["#arrival_no"], overrule[0])
        status = np.where(chosen, STATUS_CODE[overrule[1]], status)
    counted = received & (status == STATUS_CODE[Status.ACCEPTED])
    flow = Flow(
        received=int(np.count_nonzero(received)),
        counted=int(np.count_nonzero(counted)),
        under_review=int(np.count_nonzero(received & (status == STATUS_CODE["needs_review"]))),
        excluded=int(np.count_nonzero(received & (status == STATUS_CODE["excluded"]))),
    )
    return _grouped(columns, counted, known_areas, filters), flow


def of_columns(session: Session, project: Project, columns: Columns) -> Responses:
    """All rows of columns that came from elsewhere, such as a frozen dataset, with groupings."""
    known_areas = areas.all_areas(session, project)
    return _grouped(columns, np.ones(columns.n, dtype=np.bool_), known_areas, EVERYTHING)


def received(
    session: Session, columns: Columns, project: Project, filters: Filters
) -> npt.NDArray[np.bool_]:
    """(n,) the responses that the filters let through, whatever their status."""
    return _received(columns, project, filters, areas.all_areas(session, project))


def _received(
    columns: Columns, project: Project, filters: Filters, known_areas: Sequence[Area]
) -> npt.NDArray[np.bool_]:
    """True for the responses that the filters let through, whatever their status."""
    arrays = columns.arrays
    chosen: npt.NDArray[np.bool_] = arrays["#practice"] == int(project.practice)
    if filters.audience is not None:
        chosen &= arrays["#audience"] == AUDIENCE_CODE[filters.audience]
    if filters.area_id is not None:
        chosen &= np.isin(arrays["#area"], list(areas.within(known_areas, filters.area_id)))
    if filters.since is not None:
        chosen &= arrays["#received_ms"] >= _midnight_ms(filters.since)
    if filters.until is not None:
        chosen &= arrays["#received_ms"] < _midnight_ms(filters.until + timedelta(days=1))
    return chosen


def _midnight_ms(day: date) -> int:
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)


def _grouped(
    columns: Columns,
    counted: npt.NDArray[np.bool_],
    known_areas: Sequence[Area],
    filters: Filters,
) -> Responses:
    names = {name for name in columns.arrays if name not in (HEAD.names or ())}
    if counted.all():
        arrays = dict(columns.arrays)
    else:
        wanted = names | {"#audience", "#area"}
        arrays = {name: columns.arrays[name][counted] for name in wanted}
    return Responses(
        questionnaire=columns.questionnaire,
        columns={name: arrays[name] for name in names},
        n=int(np.count_nonzero(counted)),
        groups={
            "audience": _audience_labels(columns, arrays["#audience"]),
            "area": _area_labels(known_areas, arrays["#area"], filters.area_id),
        },
    )


def _audience_labels(columns: Columns, codes: npt.NDArray[Any]) -> Labels:
    """Groups of the audiences that the questionnaire is for; 未注明 only where it occurs."""
    present = [a for a in Audience if a in columns.questionnaire.audiences]
    names = [AUDIENCE_NAMES[audience] for audience in present]
    places = np.full(len(AUDIENCE_CODE), len(names), dtype=np.uint8)
    for place, audience in enumerate(present):
        places[AUDIENCE_CODE[audience]] = place
    return _with_unstated(places[codes], names)


def _area_labels(known_areas: Sequence[Area], codes: npt.NDArray[Any], under: int | None) -> Labels:
    """Groups of the areas directly below the chosen one, or at the top."""
    groups = areas.rolled_up(known_areas, under)
    order = {area.id: place for place, area in enumerate(dict.fromkeys(groups.values()))}
    # The columns may be newer than the session's snapshot and name an area that it lacks.
    largest = max([0, *(area.id for area in known_areas), int(codes.max(initial=0))])
    places = np.full(largest + 1, len(order), dtype=np.uint16)
    for area_id, area in groups.items():
        places[area_id] = order[area.id]
    names = [area.name for area in dict.fromkeys(groups.values())]
    return _with_unstated(places[codes], names)


def _with_unstated(codes: npt.NDArray[Any], names: list[str]) -> Labels:
    if len(codes) and int(codes.max()) == len(names):
        names = [*names, UNSTATED]
    return Labels(codes, tuple(names))
