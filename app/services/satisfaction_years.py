"""Satisfaction of a project against another that the person may see, such as the year before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from analysis.plans import ScoringPlan, levels
from analysis.satisfaction_differences import compare_projects, compare_projects_by_group
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.satisfaction_report import Years, plan_differences
from analysis.tabulate import UnknownGroupingError, groupings
from app import problems
from app.models import Area, Project
from app.services import areas, projects, questionnaires, samples, scoring
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters
from app.services.samples import Sample
from surveys.definition import Question


@dataclass(frozen=True)
class Asked:
    """What a page asks for. pair: places of two groups to compare. other: slug of a project to
    compare with, plan_of: under whose plan ("own", "other"; "": the same plan in both)."""

    published: Published
    question: str
    by: str | None = None
    filters: Filters = EVERYTHING
    pair: tuple[int, int] | None = None
    other: str = ""
    plan_of: str = ""


def comparable(
    session: Session, actor: Actor, project: Project, published: Published, question: str
) -> list[Project]:
    """The other projects that the person may see and that ask this question."""
    return [
        other
        for other in projects.visible(session, actor)
        if other.id != project.id and _counterpart(session, other, published, question) is not None
    ]


def against(
    session: Session,
    store: ColumnStore,
    actor: Actor,
    project: Project,
    own: tuple[Asked, Sample, Satisfaction],
) -> Years:
    """This project less the other one. Days of receipt filter this project only.

    Raises Problem 404.1 for a project that the person may not see, or the same one.
    """
    asked, sample, found = own
    other = projects.find(session, actor, asked.other)
    if other.id == project.id:
        raise problems.not_found()
    published = _counterpart(session, other, asked.published, asked.question)
    years = Years(other=other.name, simulated=other.practice, plan_of=asked.plan_of)
    if published is None:
        return replace(years, unlike="no_question")
    question = published.questionnaire.by_code[asked.question]
    theirs = scoring.current(session, published).get(asked.question)
    years = replace(
        years,
        differing=plan_differences(found.plan, theirs),
        reworded=_wording(question) != _wording(found.question),
        unlike=_unlike(found.question, question, theirs, asked.plan_of),
    )
    filters = _filters_there(session, other, asked.filters)
    if filters is None:
        return replace(years, unlike=years.unlike or "no_area")
    if years.unlike or years.offers_plans:
        return years
    plan = theirs if asked.plan_of == "other" and theirs else found.plan
    there = samples.sample(session, store, other, published, filters)
    mine = found if plan is found.plan else estimated(sample, plan, asked.by)
    return _compared(years, (project.name, other.name), mine, there)


def estimated(sample: Sample, plan: ScoringPlan, by: str | None) -> Satisfaction | None:
    """None where nothing that the filters let through is counted. Raises UnknownGroupingError."""
    if by is not None and by not in groupings(sample.responses):
        raise UnknownGroupingError(by, groupings(sample.responses))
    if sample.design is None or not sample.flow.counted:
        return None
    return satisfaction_by(sample.responses, sample.design, plan, by, inside=sample.inside)


def _compared(
    years: Years, names: tuple[str, str], own: Satisfaction | None, there: Sample
) -> Years:
    if own is None:
        return years
    by = own.grouped_by if own.grouped_by in groupings(there.responses) else None
    theirs = estimated(there, own.plan, by)
    if theirs is None:
        return replace(years, unlike="no_responses")
    groups = () if by is None else compare_projects_by_group(own, theirs, names)
    return replace(years, comparisons=(compare_projects(own, theirs, names), *groups))


def _counterpart(
    session: Session, other: Project, published: Published, question: str
) -> Published | None:
    """The same version of the questionnaire in the other project, else its newest one, if it has
    the question."""
    own = published.questionnaire
    found = [
        one
        for one in questionnaires.all_published(session, other)
        if one.questionnaire.slug == own.slug and question in one.questionnaire.by_code
    ]
    same = [one for one in found if one.questionnaire.version == own.version]
    return next(iter([*same, *found]), None)


def _unlike(own: Question, theirs: Question, plan: ScoringPlan | None, plan_of: str) -> str:
    if _levels(own) != _levels(theirs):
        return "other_options"
    return "no_plan" if plan is None and plan_of == "other" else ""


def _levels(question: Question) -> tuple[str, ...]:
    """What the pᵢ are given to; 不清楚 and 拒答 may be an option of one of the two only."""
    return tuple(option.code for option in levels(question))


def _wording(question: Question) -> tuple[str, ...]:
    return (question.text, *(option.text for option in question.options))


def _filters_there(session: Session, other: Project, filters: Filters) -> Filters | None:
    """The same audience and the area of the same code; None where there is no such area."""
    if filters.area_id is None:
        return Filters(filters.audience)
    own = session.get_one(Area, filters.area_id)
    found = areas.find(session, other, own.code)
    return None if found is None else Filters(filters.audience, found.id)
