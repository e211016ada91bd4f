"""From stored responses to the values of `analysis`: columns, summary tables, flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.interval_methods import DEFAULT
from analysis.responses import Labels, Responses
from analysis.table import BaseRule, Flow, SummaryTable
from app.models import Area, Project, Status
from app.services import areas, groupings
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


@dataclass(frozen=True, eq=False)
class Domain:
    """All counted responses with what the filters let through.

    `flow` is of what the filters let through; `inside` (n,) is true for those of it that count,
    None for all; `areas_below` are the groups of areas below the filter's one, -1 outside.
    """

    responses: Responses
    flow: Flow
    inside: npt.NDArray[np.bool_] | None = None
    areas_below: Labels | None = None


def summary_table(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
    *,
    base: BaseRule | None = None,
    by: str | None = None,
    interval: str = DEFAULT,
) -> SummaryTable:
    """The table of all counted responses. Raises UnknownGroupingError for an unknown `by`."""
    counted, flow = responses(session, store, project, published, filters)
    return tabulate.summary_table(
        only(counted, by),
        base=base or ("all" if project.base_rule == "all" else "answered"),
        by=by,
        interval=interval,
        flow=flow,
        simulated=project.practice,
        project=project.name,
        remarks=project.remarks,
    )


def only(counted: Responses, by: str | None) -> Responses:
    """Without the groupings that are not asked for, which every group would copy its part of."""
    if by is not None and by not in counted.groups and by not in counted.questionnaire.by_code:
        return counted
    return replace(counted, groups={k: v for k, v in counted.groups.items() if k == by})


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
    flow, counted = _flow(received, status)
    return _grouped(session, columns, counted, known_areas, filters.area_id), flow


def domain(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
) -> Domain:
    """All counted responses, among which the filters only mark some."""
    columns = store.columns(session, published.id, published.questionnaire)
    known_areas = areas.all_areas(session, project)
    status = columns.arrays["#status"]
    flow, counted = _flow(_received(columns, project, EVERYTHING, known_areas), status)
    whole = _grouped(session, columns, counted, known_areas, None)
    if filters == EVERYTHING:
        return Domain(whole, flow)
    flow, chosen = _flow(_received(columns, project, filters, known_areas), status)
    inside = chosen[counted]
    if filters.area_id is None:
        return Domain(whole, flow, inside)
    places = columns.arrays["#area"][counted]
    below = groupings.area_labels(known_areas, places[inside], filters.area_id)
    codes = np.full(whole.n, -1, dtype=np.int32)
    codes[inside] = below.codes
    return Domain(whole, flow, inside, Labels(codes, below.names))


def of_columns(session: Session, project: Project, columns: Columns) -> Responses:
    """All rows of columns that came from elsewhere, such as a frozen dataset, with groupings."""
    known_areas = areas.all_areas(session, project)
    everybody = np.ones(columns.n, dtype=np.bool_)
    return _grouped(session, columns, everybody, known_areas, None)


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


def _flow(
    received: npt.NDArray[np.bool_], status: npt.NDArray[Any]
) -> tuple[Flow, npt.NDArray[np.bool_]]:
    """What became of those received, and true for the ones that count."""
    counted: npt.NDArray[np.bool_] = received & (status == STATUS_CODE[Status.ACCEPTED])
    flow = Flow(
        received=int(np.count_nonzero(received)),
        counted=int(np.count_nonzero(counted)),
        under_review=int(np.count_nonzero(received & (status == STATUS_CODE["needs_review"]))),
        excluded=int(np.count_nonzero(received & (status == STATUS_CODE["excluded"]))),
    )
    return flow, counted


def _grouped(
    session: Session,
    columns: Columns,
    counted: npt.NDArray[np.bool_],
    known_areas: Sequence[Area],
    under: int | None,
) -> Responses:
    names = {name for name in columns.arrays if name not in (HEAD.names or ())}
    if counted.all():
        arrays = dict(columns.arrays)
    else:
        arrays = {name: columns.arrays[name][counted] for name in names | groupings.NEEDED}
    return Responses(
        questionnaire=columns.questionnaire,
        columns={name: arrays[name] for name in names},
        n=int(np.count_nonzero(counted)),
        groups=groupings.groupings(session, columns.questionnaire, arrays, known_areas, under),
    )
