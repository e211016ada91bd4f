"""Counts of answers in a measures file -> tables of questions; faults are noted, not raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from analysis.evaluation.messages import Fault
from analysis.evaluation.rules import Frozen
from analysis.evaluation.surveyed import bare_question, table_of
from analysis.table import QuestionTable
from surveys.catalogue import UnknownQuestionnaireError, find
from surveys.definition import Question, Questionnaire, Words

BLANK = "blank"
MOST_PEOPLE = 10**9


class SurveyShape(Frozen):
    """`counts` by question and option; "blank" among them is no option.

    The questionnaire is one that ships (`slug` or `slug@version`) or any other.
    """

    questionnaire: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}(@[0-9]{1,6})?$")]
    source: str = ""
    counts: Mapping[Words, Mapping[Words, Any]]


def tables(shape: SurveyShape, faults: list[Fault]) -> dict[str, QuestionTable]:
    """Question code -> table; what is wrong is added to `faults`, with its place."""
    known = _questionnaire(shape.questionnaire)
    found = {code: _table(shape, known, code, faults) for code in shape.counts}
    return {code: table for code, table in found.items() if table is not None}


def _table(
    shape: SurveyShape, known: Questionnaire | None, code: str, faults: list[Fault]
) -> QuestionTable | None:
    place = f"{shape.questionnaire}/{code}"
    counts = _counts(shape.counts[code], place, faults)
    blank = counts.pop(BLANK, 0)
    question = _question(known, code, counts)
    details = {"questionnaire": shape.questionnaire, "question": code}
    if question is None:
        faults.append(Fault(place, "unknown_question", details))
        return None
    for option in counts:
        if option not in question.position:
            faults.append(Fault(place, "unknown_option", details | {"option": option}))
    return table_of(question, counts, blank)


def _counts(raw: Mapping[str, Any], place: str, faults: list[Fault]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for option, count in raw.items():
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_PEOPLE:
            counts[option] = count
        else:
            faults.append(Fault(place, "bad_count", {"option": option, "value": count}))
    return counts


def _questionnaire(reference: str) -> Questionnaire | None:
    """One that ships; of a project's own nothing but the counts is known."""
    try:
        return find(reference)
    except UnknownQuestionnaireError:
        return None


def _question(known: Questionnaire | None, code: str, counts: Mapping[str, int]) -> Question | None:
    if known is not None:
        return known.by_code.get(code)
    try:
        return bare_question(code, list(counts))
    except ValidationError:
        return None
