"""满意度得分 of a project as one report: every planned question of the chosen questionnaires."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.plans import ScoringPlan
from analysis.satisfaction import ScoreReport, ScoreRow
from app.models import Project
from app.services import reports, scoring
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters


def score_report(
    session: Session,
    store: ColumnStore,
    project: Project,
    chosen: Sequence[Published],
    filters: Filters = EVERYTHING,
    *,
    by: str | None = None,
) -> ScoreReport:
    """Per questionnaire, question and group one row; all together first.

    Raises UnknownGroupingError for an unknown `by`.
    """
    rows: list[ScoreRow] = []
    for published in chosen:
        counted, _ = reports.responses(session, store, project, published, filters)
        plans = scoring.current(session, published)
        found = scoring.scores(plans, reports.only(counted, by), by)
        rows += [row for rows_of_question in found.values() for row in rows_of_question]
    titles = "、".join(published.questionnaire.title for published in chosen)
    return ScoreReport(
        title=titles if len(chosen) == 1 else "",
        rows=tuple(rows),
        simulated=project.practice,
        project=project.name,
        remarks=project.remarks,
    )


def preview(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    plan: ScoringPlan,
) -> ScoreRow:
    """The score of all counted responses under a plan that need not be stored."""
    counted, _ = reports.responses(session, store, project, published)
    return scoring.scores({plan.question: plan}, counted)[plan.question][0]
