"""The questions of the survey tables, and where in them a finding lies."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.audit.bases import Base
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.survey_model import Option, Question, Survey


def questions(report: Report) -> Iterator[tuple[Survey, Question]]:
    for survey in report.surveys:
        yield from ((survey, question) for question in survey.questions)


def of_base(base: Base) -> dict[str, object]:
    return {"base": base.value, "basis": base.basis}


def at(code: str, survey: Survey, question: Question, column: str, **details: object) -> Finding:
    return Finding(code, cell(survey, question, column), details)


def cell(survey: Survey, question: Question, column: str, option: Option | None = None) -> Place:
    row = f"{question.shown} {question.text}".strip()
    letter = f" · {option.letter} {option.text}".rstrip() if option else ""
    return Place(survey.place, row + letter, column)
