"""The project's own tables and scores as a described report prints them, to be audited alike."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from analysis.audit.model import Satisfaction, Weight
from analysis.audit.survey_model import Collected, Option, Question, Survey
from analysis.printed import Printed, as_printed
from analysis.satisfaction import BLANK, Score
from analysis.table import Group, QuestionTable
from surveys.definition import CHOICES, Kind

SHARE_PLACES = 2
MOST_PLACES = 9
NOTE = "多选题比例合计可超过100%"
"""What the foot of our own summary tables says about the base of multiple choice."""


def survey_of(
    group: Group, id: str, place: str, title: str = "", collected: Collected | None = None
) -> Survey:
    """A group of a SummaryTable with the choice questions as printed; at least one is needed.

    The questions are numbered by their codes, which `satisfaction_of` refers to.
    """
    questions = tuple(_question(table) for table in group.questions if table.kind in CHOICES)
    return Survey(
        id=id,
        place=place,
        title=title,
        base=group.n,
        base_note=NOTE,
        collected=collected,
        questions=questions,
    )


def satisfaction_of(score: Score, survey: str, place: str, name: str) -> Satisfaction | None:
    """A score with its pᵢ and point rule; None if it has no base or counts blanks."""
    weighted = [term for term in score.terms if term.weight is not None]
    if score.score is None or any(term.code == BLANK for term in weighted):
        return None
    ordered = sorted(weighted, key=lambda term: term.weight or 0, reverse=True)
    return Satisfaction(
        place=place,
        name=name,
        survey=survey,
        question=score.question,
        options=tuple(term.code for term in ordered),
        points=as_printed(score.points, max(-int(score.points.as_tuple().exponent), 0)),
        score=as_printed(score.score, score.plan.places),
        point_rule=score.plan.point_rule,  # type: ignore[arg-type]
        target=percent_of(score.plan.target),
        weights=tuple(
            Weight(option=term.code, p=as_printed(term.weight or Decimal(0), MOST_PLACES))
            for term in ordered
        ),
    )


def percent_of(share: Decimal | None) -> Printed | None:
    """A target as a report prints it."""
    return None if share is None else as_printed(100 * share, MOST_PLACES, True)


def _question(table: QuestionTable) -> Question:
    options = tuple(
        Option(
            letter=row.code,
            text=row.text,
            count=row.cell.count,
            share=as_printed(Fraction(100 * row.cell.count, row.cell.base), SHARE_PLACES, True)
            if row.cell.base
            else None,
        )
        for row in table.rows
    )
    return Question(
        number=table.code,
        text=table.text,
        kind="multiple" if table.kind is Kind.MULTIPLE else "single",
        asked=table.asked,
        base=table.base,
        blank=table.blank,
        options=options,
    )
