"""An "asked if" rule as a sentence for paper and for browsers without scripts, zh and en."""

from __future__ import annotations

from typing import Any

from surveys.conditions import Condition
from surveys.definition import Question, Questionnaire

LANGUAGES = {"zh": 0, "en": 1}


def rule_in_words(questionnaire: Questionnaire, question: Question, language: str = "zh") -> str:
    """`仅当第5题不选“C.完全不了解”时回答`; empty if the question is always asked."""
    if question.asked_if is None:
        return ""
    said = _said(questionnaire, question.asked_if, LANGUAGES[language], negated=False)
    return WHOLE[LANGUAGES[language]].format(said)


def _said(questionnaire: Questionnaire, rule: Condition, language: int, negated: bool) -> str:
    if rule.not_ is not None:
        return _said(questionnaire, rule.not_, language, not negated)
    children = rule.all if rule.all is not None else rule.any
    if children is not None:
        # Not all = one of them not; not any = all of them not.
        joined_by_and = (rule.all is not None) != negated
        parts = [_said(questionnaire, child, language, negated) for child in children]
        return (AND if joined_by_and else OR)[language].join(map(_bracketed, parts))
    return _comparison(questionnaire, rule, language, negated)


def _bracketed(text: str) -> str:
    is_compound = any(word in text for word in (*AND, *OR))
    return f"（{text}）" if is_compound else text


def _comparison(questionnaire: Questionnaire, rule: Condition, language: int, negated: bool) -> str:
    asked = questionnaire.by_code[rule.question or ""]
    number = questionnaire.questions.index(asked) + 1
    name, wanted = rule.comparison
    about_options = name in ("equals", "includes") and _is_option(asked, wanted)
    template = (CHOSEN if about_options else COMPARED[name])[negated][language]
    return template.format(number=number, value=_value(asked, wanted, language))


def _is_option(question: Question, wanted: Any) -> bool:
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    return all(isinstance(value, str) and value in question.position for value in values)


def _value(question: Question, wanted: Any, language: int) -> str:
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    if not _is_option(question, wanted):
        return "、".join(map(str, values)) + question.unit
    named = [f"“{value}.{question.option(value).text}”" for value in values]
    return AND[language].join(named)


Texts = tuple[str, str]
WHOLE: Texts = ("仅当{}时回答", "Only if {}")
AND: Texts = ("，并且", " and ")
OR: Texts = ("，或者", " or ")
CHOSEN: tuple[Texts, Texts] = (
    ("第{number}题选{value}", "question {number} is {value}"),
    ("第{number}题不选{value}", "question {number} is not {value}"),
)
COMPARED: dict[str, tuple[Texts, Texts]] = {
    "equals": (
        ("第{number}题为 {value}", "question {number} is {value}"),
        ("第{number}题不为 {value}", "question {number} is not {value}"),
    ),
    "includes": (
        ("第{number}题包括 {value}", "question {number} includes {value}"),
        ("第{number}题不包括 {value}", "question {number} does not include {value}"),
    ),
    "at_least": (
        ("第{number}题不小于 {value}", "question {number} is {value} or more"),
        ("第{number}题未达到 {value}", "question {number} is not {value} or more"),
    ),
    "more_than": (
        ("第{number}题大于 {value}", "question {number} is more than {value}"),
        ("第{number}题未超过 {value}", "question {number} is not more than {value}"),
    ),
    "at_most": (
        ("第{number}题不大于 {value}", "question {number} is {value} or less"),
        ("第{number}题不是不大于 {value}", "question {number} is not {value} or less"),
    ),
    "less_than": (
        ("第{number}题小于 {value}", "question {number} is less than {value}"),
        ("第{number}题不是小于 {value}", "question {number} is not less than {value}"),
    ),
}
