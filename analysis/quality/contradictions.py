"""Contradictory answers, by the rules of the questionnaire, on whole columns at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import Bools, Interviews
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError
from surveys.catalogue import contradictions
from surveys.conditions import Condition
from surveys.definition import Kind, Question, Questionnaire
from surveys.records import EPOCH, FIRST_OPTION, FIRST_OPTION_BIT, VALUE, value_field

Columns = Mapping[str, npt.NDArray[Any]]


def contradictory(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Flags what fulfils one of the rules on the questionnaire; clean answers fulfil none.

    Raises NotApplicableError where there are no rules.
    """
    responses = interviews.responses
    rules = contradictions(responses.questionnaire)
    if not rules:
        raise NotApplicableError("no_contradictions")
    broken = np.stack(
        [fulfilled(rule.when, responses.questionnaire, responses.columns) for rule in rules]
    )
    rows = rows_of(np.asarray(broken.any(axis=0)))

    def tell(place: int) -> Told:
        hit = np.flatnonzero(broken[:, rows[place]])
        texts = [(rules[i].text("zh"), rules[i].text("en")) for i in hit]
        return Told("contradictory", {"rules": texts})

    rule = Told("contradictory_rule", {"count": len(rules)})
    return Flagged("contradictory", rows, interviews.n, tell, rule)


def fulfilled(condition: Condition, questionnaire: Questionnaire, columns: Columns) -> Bools:
    """(n,) what `surveys.conditions.holds` says of each response, from packed columns. Texts are
    not in the columns: `surveys.consistency` refuses rules on them."""
    if condition.not_ is not None:
        return ~fulfilled(condition.not_, questionnaire, columns)
    children = condition.all if condition.all is not None else condition.any
    if children is not None:
        parts = [fulfilled(child, questionnaire, columns) for child in children]
        combine = np.all if condition.all is not None else np.any
        return np.asarray(combine(parts, axis=0))
    name, wanted = condition.comparison
    question = questionnaire.by_code[str(condition.question)]
    return COMPARED[name](question, columns, wanted)


def _equals(question: Question, columns: Columns, wanted: Any) -> Bools:
    state = columns[question.code]
    if question.kind is Kind.MULTIPLE:
        mask = sum(1 << (question.position[code] + FIRST_OPTION_BIT) for code in wanted)
        return np.asarray(state == mask)
    if isinstance(wanted, str) and wanted in question.position:
        return np.asarray(state == question.position[wanted] + FIRST_OPTION)
    return _ordered(np.equal)(question, columns, wanted)


def _includes(question: Question, columns: Columns, wanted: Any) -> Bools:
    column = columns[question.code]
    bit = column.dtype.type(1 << (question.position[wanted] + FIRST_OPTION_BIT))
    return np.asarray((column & bit) != 0)


def _ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Question, Columns, Any], Bools]:
    def comparison(question: Question, columns: Columns, wanted: Any) -> Bools:
        values = columns[value_field(question)]
        if question.kind is Kind.DATE:
            wanted = date.fromisoformat(wanted).toordinal() - EPOCH
        elif question.kind is Kind.DECIMAL:
            values = values / 10**question.places
        given = columns[question.code] == VALUE
        return np.asarray(given & compare(values, wanted))

    return comparison


COMPARED: dict[str, Callable[[Question, Columns, Any], Bools]] = {
    "equals": _equals,
    "includes": _includes,
    "at_least": _ordered(np.greater_equal),
    "more_than": _ordered(np.greater),
    "at_most": _ordered(np.less_equal),
    "less_than": _ordered(np.less),
}
