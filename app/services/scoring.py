"""Scoring plans of a project (each change a new version) and the scores under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.plan_files import read_plan
from analysis.plans import SCORABLE, PlanError, ScoringPlan, default_plan, levels
from analysis.responses import Responses
from analysis.satisfaction import ScoreRow, score
from app import problems
from app.models import Project, StoredPlan, User
from app.problems import Reason
from app.services import log, projects
from app.services.access import Actor
from app.services.questionnaires import Published
from surveys.definition import Question

DEFAULT_POINTS = Decimal(10)
"""The 满意度 of a self-evaluation under 财预〔2020〕10号, until the evaluator says otherwise."""


@dataclass(frozen=True)
class PlanVersion:
    """One version of a plan with who made it, when and why."""

    plan: ScoringPlan
    reason: str
    created_at: datetime
    author: str


def begin(
    session: Session,
    now: datetime,
    actor: Actor,
    published: Published,
    points: Decimal = DEFAULT_POINTS,
) -> None:
    """Give each satisfaction question that has no plan yet the default one."""
    have = current(session, published)
    for question in published.questionnaire.questions:
        if question.satisfaction and question.code not in have:
            _add(session, now, actor, published, default_plan(question, points), "默认方案")


def current(session: Session, published: Published) -> dict[str, ScoringPlan]:
    """The newest plan per question that has one, in the questionnaire's order."""
    newest = {row.question: row for row in _rows(session, published)}
    return {
        question.code: _plan(newest[question.code], question)
        for question in published.questionnaire.questions
        if question.code in newest
    }


def history(session: Session, published: Published, question: str) -> Sequence[StoredPlan]:
    """All versions of a question's plan, the newest first."""
    return [row for row in reversed(_rows(session, published)) if row.question == question]


def versions(session: Session, published: Published, question: Question) -> list[PlanVersion]:
    """The history of a question's plan as a page shows it, the newest first."""
    rows = history(session, published, question.code)
    query = select(User.id, User.display_name).where(User.id.in_({row.created_by for row in rows}))
    names = {row.id: row.display_name for row in session.execute(query)}
    return [
        PlanVersion(
            _plan(row, question), row.reason, row.created_at, names.get(row.created_by or 0, "")
        )
        for row in rows
    ]


def scorable(published: Published) -> list[Question]:
    """The questions that may have a plan."""
    return [
        question
        for question in published.questionnaire.questions
        if question.kind in SCORABLE and len(levels(question)) >= 2
    ]


def without_plan(session: Session, published: Published) -> list[Question]:
    have = {row.question for row in _rows(session, published)}
    return [question for question in scorable(published) if question.code not in have]


def find_question(published: Published, code: str) -> Question:
    """A question that may have a plan. Raises Problem 404.1."""
    for question in scorable(published):
        if question.code == code:
            return question
    raise problems.not_found()


def proposed(question: Question, data: dict[str, Any]) -> ScoringPlan:
    """The plan that these values make, not stored. Raises Problem 422.2 with every fault."""
    try:
        return read_plan({k: v for k, v in data.items() if k != "version"}, question)
    except PlanError as error:
        raise problems.faulty_values(error.faults) from None


def change(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    question_code: str,
    data: dict[str, Any],
    reason: str,
    based_on: int | None = None,
) -> ScoringPlan:
    """A new version of a plan. Raises Problem 403.1, 404.1, 422.2 or 422.3.

    `based_on` is the version that the person saw, 0 for none: if somebody has made a newer one
    since (or the same form is sent twice), nothing is stored.
    """
    actor.require("edit_plan")
    question = published.questionnaire.by_code.get(question_code)
    if question is None:
        raise problems.not_found()
    if not reason.strip():
        raise problems.reason_needed()
    plan = proposed(question, data)
    projects.lock(session, project)
    newest = max((row.number for row in history(session, published, question_code)), default=0)
    if based_on is not None and based_on != newest:
        raise problems.faulty_values([Reason("plan_is_newer", newest=newest)])
    stored = _add(session, now, actor, published, plan, reason.strip())
    subject = f"{published.questionnaire.reference} {question_code}"
    log.record(session, now, actor, "plan.change", subject, project, number=stored.number)
    return _plan(stored, question)


def scores(
    plans: dict[str, ScoringPlan], responses: Responses, by: str | None = None
) -> dict[str, list[ScoreRow]]:
    """Per scored question the score of all together and, if asked for, of each group."""
    questionnaire = responses.questionnaire.reference
    groups = list(tabulate.summarise(responses))
    if by is not None:
        groups += tabulate.summarise(responses, by=by)
    return {
        code: [
            ScoreRow(group.label, score(plan, table), questionnaire)
            for group in groups
            for table in group.questions
            if table.code == code
        ]
        for code, plan in plans.items()
    }


def _rows(session: Session, published: Published) -> Sequence[StoredPlan]:
    query = select(StoredPlan).where(StoredPlan.questionnaire_id == published.id)
    return session.scalars(query.order_by(StoredPlan.question, StoredPlan.number)).all()


def _plan(row: StoredPlan, question: Question) -> ScoringPlan:
    return read_plan({**row.plan, "version": row.number}, question)


def _add(
    session: Session,
    now: datetime,
    actor: Actor,
    published: Published,
    plan: ScoringPlan,
    reason: str,
) -> StoredPlan:
    query = select(func.max(StoredPlan.number)).where(
        StoredPlan.questionnaire_id == published.id, StoredPlan.question == plan.question
    )
    row = StoredPlan(
        questionnaire_id=published.id,
        question=plan.question,
        number=(session.scalar(query) or 0) + 1,
        plan=plan.as_data(),
        reason=reason,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    return row
