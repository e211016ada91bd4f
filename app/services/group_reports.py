"""The report by group of a project: asking for it, and making its workbook and Word file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.group_report import GroupReport, group_report
from analysis.refusals import CannotComputeError
from analysis.reports.group_excel import write_workbook
from analysis.reports.group_parts import (
    EVERY_PART,
    PART_NAMES,
    document_steps,
    workbook_steps,
)
from analysis.reports.group_pictures import GroupPictures
from analysis.reports.group_word import write_document
from analysis.reports.grouping_names import Phrase, grouping_name
from app import problems
from app.models import Area, Job, PlannedSample, Project
from app.problems import Reason
from app.services import areas, jobs, questionnaires, samples, scoring
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from surveys.definition import Audience, Questionnaire

KIND = "group-report"
LANGUAGES = ("zh", "en")
Told = Callable[[int, int], None]
"""Is given how much is done, of how much; what it raises ends the work."""


@dataclass(frozen=True)
class Wanted:
    """What a report is to show: questionnaire (slug@version), grouping, parts, language."""

    questionnaire: str
    by: str
    parts: tuple[str, ...] = PART_NAMES
    language: str = "zh"

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"parts": sorted(self.parts)}

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Wanted:
        return Wanted(**{**data, "parts": tuple(data["parts"])})


@dataclass(frozen=True)
class Listed:
    """A report that was asked for, as a page shows it; `by_name` in Chinese and English."""

    job: Job
    author: str | None
    wanted: Wanted
    by_name: Phrase
    ahead: int
    expires_at: datetime

    @property
    def is_active(self) -> bool:
        return self.job.state in jobs.ACTIVE


@dataclass(frozen=True)
class Writer:
    """One file of a report: its name, who writes it, and in how many steps."""

    name: str
    write: Callable[..., None]
    steps: Callable[[GroupReport, frozenset[str]], int]


WRITERS = (
    Writer("group-report.xlsx", write_workbook, workbook_steps),
    Writer("group-report.docx", write_document, document_steps),
)


def ask(
    session: Session,
    store: ColumnStore,
    now: datetime,
    actor: Actor,
    project: Project,
    wanted: Wanted,
) -> Job:
    """A job for this report, the same one when asked twice. Raises Problem 403.1, 422.2, 429.2."""
    actor.require("see_results")
    published = questionnaires.find(session, project, wanted.questionnaire)
    counted = samples.sample(session, store, project, published).responses
    faults = []
    if wanted.by not in tabulate.groupings(counted):
        faults.append(Reason("report_grouping", by=wanted.by[:60]))
    if not wanted.parts or not set(wanted.parts) <= EVERY_PART:
        faults.append(Reason("report_parts"))
    if not counted.n:
        faults.append(Reason("nothing_to_report"))
    if faults:
        raise problems.faulty_values(faults)
    return jobs.ask(session, now, actor, project, KIND, wanted.as_data())


def known_groupings(
    session: Session, store: ColumnStore, project: Project, published: Published
) -> list[tuple[str, Phrase]]:
    """Key and names (zh, en) of what a report on this questionnaire can be made by."""
    counted = samples.sample(session, store, project, published).responses
    return [(by, grouping_name(by, published.questionnaire)) for by in tabulate.groupings(counted)]


def listed(session: Session, project: Project) -> list[Listed]:
    """The reports of the project, newest first."""
    known = {
        one.questionnaire.reference: one.questionnaire
        for one in questionnaires.all_published(session, project)
    }
    return [
        _listed(session, job, author, known) for job, author in jobs.newest(session, project, KIND)
    ]


def _listed(
    session: Session, job: Job, author: str | None, known: Mapping[str, Questionnaire]
) -> Listed:
    wanted = Wanted.from_data(job.arguments)
    names = grouping_name(wanted.by, known.get(wanted.questionnaire))
    return Listed(job, author, wanted, names, jobs.ahead(session, job), jobs.expires_at(job))


def report_of(
    session: Session, store: ColumnStore, project: Project, wanted: Wanted
) -> GroupReport:
    """The report as values. Raises Problem, UnknownGroupingError or CannotComputeError."""
    published = questionnaires.find(session, project, wanted.questionnaire)
    sample = samples.sample(session, store, project, published)
    if not sample.responses.n:
        raise CannotComputeError("no_responses")
    frame = tabulate.summary_table(
        sample.responses,
        base="all" if project.base_rule == "all" else "answered",
        flow=sample.flow,
        simulated=project.practice,
        project=project.name,
        remarks=project.remarks,
    )
    planned = _planned(session, project, published.questionnaire.audiences)
    return group_report(
        sample.responses,
        wanted.by,
        scoring.current(session, published),
        table=frame,
        design=sample.design,
        inside=sample.inside,
        planned=planned if wanted.by == "area" else None,
        described=sample.described,
    )


def _planned(session: Session, project: Project, audiences: Sequence[Audience]) -> dict[str, int]:
    """Planned responses of the questionnaire's audiences per top area; empty without a plan.

    Areas with the same name cannot be told apart by their label and are left out.
    """
    top = areas.rolled_up(areas.all_areas(session, project))
    names = Counter(area.name for area in set(top.values()))
    query = (
        select(PlannedSample)
        .join(Area)
        .where(
            Area.project_id == project.id, PlannedSample.audience.in_([a.value for a in audiences])
        )
    )
    found: Counter[str] = Counter()
    for planned in session.scalars(query):
        found[top[planned.area_id].name] += planned.planned
    return {name: number for name, number in found.items() if names[name] == 1}


def write_files(
    report: GroupReport,
    folder: Path,
    wanted: Wanted,
    *,
    told: Told = lambda done, total: None,
) -> list[tuple[str, int]]:
    """Write the workbook and the Word file into an existing folder; names and sizes (bytes)."""
    parts = frozenset(wanted.parts)
    pictures = GroupPictures(report, wanted.language)
    count = _Count(sum(writer.steps(report, parts) for writer in WRITERS), told)
    for writer in WRITERS:
        writer.write(
            report,
            folder / writer.name,
            wanted.language,
            parts=parts,
            pictures=pictures,
            step=count.step,
        )
    return [(writer.name, (folder / writer.name).stat().st_size) for writer in WRITERS]


class _Count:
    """Adds up the steps of several files."""

    def __init__(self, total: int, told: Told) -> None:
        self.done, self.total, self.told = 0, total, told
        told(0, total)

    def step(self) -> None:
        self.done += 1
        self.told(self.done, self.total)
