"""Cross-tabulations and scales of the counted responses of a project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from analysis.cross_tables import association_overview, cross_table
from analysis.cross_values import CrossTable, OverviewRow
from analysis.grouping import groupings
from analysis.interval_methods import DEFAULT, allowed_methods
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase
from analysis.responses import Responses
from analysis.scales import ScaleReport, possible_items, scale_report
from analysis.table import Flow
from app.models import Project
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters
from app.services.samples import Sample, sample


@dataclass(frozen=True)
class Wanted:
    """Which table: without `rows` all questions against `columns`, which defaults to the first
    grouping with two groups. The rest as `analysis.cross_tables.cross_table`."""

    rows: str | None = None
    columns: str | None = None
    layer: str | None = None
    adjust: Any = "holm"
    of: Any = "cases"
    interval: str = DEFAULT
    substantive: bool = False


@dataclass(frozen=True)
class Crossed:
    """groupings, intervals (of shares): what may be chosen. unused_interval: the one that was asked
    for is of shares of cases, and those of mentions have the default one. One of `table`,
    `overview` and `refusal` says what came of it."""

    columns: str
    flow: Flow
    groupings: tuple[str, ...] = ()
    intervals: tuple[str, ...] = ()
    unused_interval: bool = False
    described: tuple[Phrase, ...] = ()
    table: CrossTable | None = None
    overview: tuple[OverviewRow, ...] = ()
    refusal: CannotComputeError | None = None


@dataclass(frozen=True, eq=False)
class Scaled:
    flow: Flow
    possible: tuple[str, ...] = ()
    described: tuple[Phrase, ...] = ()
    report: ScaleReport | None = None
    refusal: CannotComputeError | None = None


def cross(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    wanted: Wanted,
    filters: Filters = EVERYTHING,
) -> Crossed:
    """The table that is wanted, or why there is none. Raises UnknownSideError, and Problem
    409.5 for a design that does not fit the responses."""
    drawn = sample(session, store, project, published, filters)
    responses = drawn.responses
    columns = wanted.columns or _usual(responses)
    _check(responses, (wanted.rows, columns, wanted.layer))
    intervals = intervals_for(drawn, mentions=wanted.of == "mentions")
    # The form still sends the interval that was chosen for shares of cases.
    unused = wanted.interval not in intervals and wanted.interval in intervals_for(drawn)
    if unused:
        wanted = replace(wanted, interval=DEFAULT)
    known: dict[str, Any] = {
        "columns": columns,
        "groupings": tuple(responses.groups),
        "intervals": intervals,
        "unused_interval": unused,
        "flow": drawn.flow,
        "described": drawn.described,
    }
    try:
        return Crossed(**known, **_crossed(drawn, wanted, columns))
    except CannotComputeError as refusal:
        return Crossed(**known, refusal=refusal)


class UnknownSideError(ValueError):
    """`name` is no side of a table (or no item of a scale); `known` are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name, self.known = name, known


def _check(responses: Responses, keys: tuple[str | None, ...]) -> None:
    known = groupings(responses)
    for key in keys:
        if key is not None and key not in known:
            raise UnknownSideError(key, known)


def intervals_for(drawn: Sample, *, mentions: bool = False) -> tuple[str, ...]:
    """Of shares, those that suit the design of the sample."""
    designed = drawn.design is not None and not drawn.design.is_plain
    return allowed_methods(designed=designed, mentions=mentions)


def _usual(responses: Responses) -> str:
    """The first grouping of which more than one group has responses."""
    several = (
        key
        for key, labels in responses.groups.items()
        if np.count_nonzero(np.bincount(labels.codes[labels.codes >= 0])) > 1
    )
    return next(several, next(iter(responses.groups)))


def _crossed(drawn: Sample, wanted: Wanted, columns: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {"inside": drawn.inside, "substantive": wanted.substantive}
    if wanted.rows is None:
        found = association_overview(drawn.responses, drawn.design, columns, **chosen)
        return {"overview": found}
    table = cross_table(
        drawn.responses,
        drawn.design,
        wanted.rows,
        columns,
        layer=wanted.layer,
        adjust=wanted.adjust,
        of=wanted.of,
        interval=wanted.interval,
        **chosen,
    )
    return {"table": table}


def scale(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    items: tuple[str, ...] | None,
    reverse: tuple[str, ...] = (),
    filters: Filters = EVERYTHING,
) -> Scaled:
    """Reliability and validity of these items. Raises UnknownSideError, and Problem
    409.5 for a design that does not fit the responses."""
    drawn = sample(session, store, project, published, filters)
    possible = possible_items(drawn.responses)
    for code in (*(items or ()), *reverse):
        if code not in possible:
            raise UnknownSideError(code, possible)
    known: dict[str, Any] = {
        "possible": possible,
        "flow": drawn.flow,
        "described": drawn.described,
    }
    try:
        report = scale_report(drawn.responses, items, reverse, drawn.inside)
    except CannotComputeError as refusal:
        return Scaled(**known, refusal=refusal)
    return Scaled(**known, report=report)
