"""Satisfaction of a project with its uncertainty: by group, between groups, against other years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from analysis.plans import ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase
from analysis.satisfaction_differences import (
    Comparison,
    compare_all_pairs,
    compare_two,
)
from analysis.satisfaction_estimates import Satisfaction
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable
from app import problems
from app.models import Project
from app.services import samples, scoring
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters
from app.services.samples import Sample
from app.services.satisfaction_years import Asked, against, estimated
from surveys.definition import Question


@dataclass(frozen=True)
class Scored:
    """A question with a scoring plan."""

    published: Published
    question: Question
    plan: ScoringPlan


def scored_questions(session: Session, published: Sequence[Published]) -> list[Scored]:
    return [
        Scored(one, one.questionnaire.by_code[code], plan)
        for one in published
        for code, plan in scoring.current(session, one).items()
    ]


def overview(
    session: Session,
    store: ColumnStore,
    project: Project,
    chosen: Sequence[Published],
    filters: Filters = EVERYTHING,
    *,
    by: str | None = None,
) -> SatisfactionReport:
    """Every scored question of these questionnaires; those without counted responses left out.

    Raises UnknownGroupingError for `by`, and CannotComputeError where the design refuses.
    """
    tables: list[SatisfactionTable] = []
    described: dict[Phrase, None] = {}
    offered: dict[str, None] = {}
    for published in chosen:
        sample = samples.sample(session, store, project, published, filters)
        described |= dict.fromkeys(sample.described)
        offered |= dict.fromkeys(_groupings(sample))
        for plan in scoring.current(session, published).values():
            found = estimated(sample, plan, by)
            if found is not None:
                tables.append(SatisfactionTable(published.questionnaire.reference, found))
    titles = "、".join(published.questionnaire.title for published in chosen)
    made = _report(project, titles if len(chosen) == 1 else "", tables)
    return replace(made, described=tuple(described), groupings=tuple(offered))


def report(
    session: Session, store: ColumnStore, actor: Actor, project: Project, asked: Asked
) -> SatisfactionReport:
    """One scored question; without tables where nothing is counted.

    Raises UnknownGroupingError for `by`, Problem 404.1 for a question without plan or another
    project that the person may not see, CannotComputeError for places that are no groups and where
    the design refuses.
    """
    published, plans = asked.published, scoring.current(session, asked.published)
    if asked.question not in plans:
        raise problems.not_found()
    sample = samples.sample(session, store, project, published, asked.filters)
    made = replace(
        _report(project, published.questionnaire.title, []),
        described=sample.described,
        flow=sample.flow,
        groupings=_groupings(sample),
    )
    found = estimated(sample, plans[asked.question], asked.by)
    if found is None:
        return made
    pairs, refusal = _pairs(found)
    own = (asked, sample, found)
    return replace(
        made,
        tables=(SatisfactionTable(published.questionnaire.reference, found),),
        chosen=compare_two(found, *asked.pair) if asked.pair else None,
        pairs=pairs,
        refusal=refusal,
        years=against(session, store, actor, project, own) if asked.other else None,
    )


def _report(
    project: Project, title: str, tables: Sequence[SatisfactionTable]
) -> SatisfactionReport:
    return SatisfactionReport(
        title=title,
        tables=tuple(tables),
        project=project.name,
        simulated=project.practice,
        remarks=project.remarks,
    )


def _groupings(sample: Sample) -> tuple[str, ...]:
    groups = sample.responses.groups
    return tuple(name for name, labels in groups.items() if len(labels.names) > 1)


def _pairs(
    found: Satisfaction,
) -> tuple[tuple[Comparison, ...], CannotComputeError | None]:
    try:
        return compare_all_pairs(found), None
    except CannotComputeError as error:
        return (), error
