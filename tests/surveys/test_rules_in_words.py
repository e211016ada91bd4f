"""Skip rules read as sentences, with the number of the question and the words of the option."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.catalogue import find
from surveys.definition import Questionnaire
from surveys.rules_in_words import rule_in_words

RESIDENTS = find("dibao-residents@2")


FIRST = {"question": "q01", "equals": "A"}
SECOND = {"question": "q02", "includes": "B"}


def said(rule: dict[str, Any], language: str = "zh") -> str:
    options = [{"code": "A", "text": "甲"}, {"code": "B", "text": "乙"}]
    questionnaire = Questionnaire.model_validate(
        {
            "slug": "rules",
            "version": 1,
            "title": "规则",
            "audiences": ["recipient"],
            "consent": {"version": "1", "text": "同意吗？"},
            "questions": [
                {"code": "q01", "text": "一", "kind": "single", "options": options},
                {"code": "q02", "text": "二", "kind": "multiple", "options": options},
                {"code": "age", "text": "三", "kind": "integer", "unit": "岁"},
                {"code": "q04", "text": "四", "kind": "text", "asked_if": rule},
            ],
        }
    )
    return rule_in_words(questionnaire, questionnaire.questions[3], language)


def test_the_skip_of_question_6_is_said_as_on_paper() -> None:
    rule = rule_in_words(RESIDENTS, RESIDENTS.by_code["q06"])
    assert rule == "仅当第5题不选“C.完全不了解”时回答"


def test_a_question_that_is_always_asked_says_nothing() -> None:
    assert rule_in_words(RESIDENTS, RESIDENTS.by_code["q01"]) == ""


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"question": "q01", "equals": "A"}, "仅当第1题选“A.甲”时回答"),
        ({"question": "q02", "includes": "B"}, "仅当第2题选“B.乙”时回答"),
        ({"question": "age", "at_least": 60}, "仅当第3题不小于 60岁时回答"),
        ({"not": {"question": "age", "equals": 60}}, "仅当第3题不为 60岁时回答"),
        (
            {"all": [FIRST, {"question": "age", "less_than": 60}]},
            "仅当第1题选“A.甲”，并且第3题小于 60岁时回答",
        ),
        (
            {"not": {"any": [FIRST, SECOND]}},
            "仅当第1题不选“A.甲”，并且第2题不选“B.乙”时回答",
        ),
        (
            {
                "any": [
                    {"question": "age", "at_least": 60},
                    {"all": [FIRST, SECOND]},
                ]
            },
            "仅当第3题不小于 60岁，或者（第1题选“A.甲”，并且第2题选“B.乙”）时回答",
        ),
    ],
)
def test_each_form_of_rule_has_its_sentence(rule: dict[str, Any], sentence: str) -> None:
    assert said(rule) == sentence


def test_rules_are_said_in_english_too() -> None:
    assert said({"not": FIRST}, "en") == "Only if question 1 is not “A.甲”"
