"""Planning the sample of a project, and the margins of error that its groups reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.grouping import EVERYBODY
from analysis.loading import AUDIENCE_NAMES
from analysis.planning import (
    BETWEEN,
    Assumptions,
    Comparison,
    Reached,
    SamplePlan,
    compare_shares,
    reached,
    sample_plan,
)
from analysis.refusals import CannotComputeError
from analysis.reports.words import NO_AREA, NO_AUDIENCE
from app.models import Project
from app.services import overview
from app.services.overview import AreaRow, Filled, Progresses

MOST_ROWS = 600


@dataclass(frozen=True)
class Figures:
    """What somebody asks. groups: name and population. n: responses whose margin is wanted.
    compared: shares of two groups, 0..1; per_group: responses whose power is wanted."""

    assumptions: Assumptions = Assumptions()  # noqa: RUF009 - a frozen value
    population: int | None = None
    groups: tuple[tuple[str, int], ...] = ()
    n: int | None = None
    compared: tuple[float, float] | None = None
    power: float = 0.8
    per_group: int | None = None


@dataclass(frozen=True)
class Planned:
    """refusal: why there is no plan or no comparison."""

    plan: SamplePlan | None
    comparison: Comparison | None
    reached: tuple[Reached, ...]
    refusal: CannotComputeError | None = None


def plan(session: Session, project: Project, figures: Figures) -> Planned:
    """The sizes that are needed, beside the margins that the project reaches."""
    own = margins(session, project, figures.assumptions)
    found = comparison = None
    try:
        found = sample_plan(figures.assumptions, figures.population, figures.groups)
        comparison = _compared(figures)
    except CannotComputeError as refusal:
        return Planned(found, comparison, own, refusal)
    return Planned(found, comparison, own)


def _compared(figures: Figures) -> Comparison | None:
    if figures.compared is None:
        return None
    given = figures.assumptions
    return compare_shares(
        *figures.compared,
        figures.power,
        significance=round(1 - given.level, 10),
        n=figures.per_group,
        design_effect=given.design_effect,
        response_rate=given.response_rate,
    )


def margins(session: Session, project: Project, assumptions: Assumptions) -> tuple[Reached, ...]:
    """Everybody, each audience, each area, and each audience of each area; empty ones left out."""
    progress = overview.progress(session, project)
    rows = [(name, one.planned, one.collected) for name, one in _groups(progress)]
    return reached(assumptions, [row for row in rows if row[1] or row[2]][:MOST_ROWS])


def _groups(progress: Progresses) -> Iterator[tuple[str, Filled]]:
    yield EVERYBODY, progress.total.total
    audiences = [AUDIENCE_NAMES[a] if a else NO_AUDIENCE for a in progress.audiences]
    if len(audiences) > 1:
        yield from zip(audiences, progress.total.cells, strict=True)
    names = Counter(row.area.name for row in progress.rows if row.area)
    for row in progress.rows:
        yield from _of_area(row, audiences, names)


def _of_area(
    row: AreaRow, audiences: list[str], names: Mapping[str, int]
) -> Iterator[tuple[str, Filled]]:
    """Areas of the same name are told apart by their codes."""
    name = row.area.name if row.area else NO_AREA
    if row.area and names[name] > 1:
        name = f"{name}（{row.area.code}）"
    yield name, row.total
    if len(audiences) > 1:
        crossed = zip(audiences, row.cells, strict=True)
        yield from ((f"{name}{BETWEEN}{audience}", cell) for audience, cell in crossed)
