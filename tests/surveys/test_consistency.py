"""Every rule between and within questions refuses what breaks it, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from surveys import consistency
from surveys.consistency import RESERVED_CODES, inconsistencies
from surveys.definition import Audience, Question, Questionnaire
from surveys.sheets import EXPORTED_ONLY, FIXED
from tests.surveys.generated import questionnaires

Data = dict[str, Any]

A = {"code": "A", "text": "甲"}
B = {"code": "B", "text": "乙"}
R = {"code": "R", "text": "拒答", "meaning": "refused"}
FIRST: Data = {"code": "q01", "kind": "single", "options": [A, B]}
TICKED: Data = {"code": "q01", "kind": "multiple", "options": [A, B, R]}
NUMBER: Data = {"code": "q01", "kind": "integer", "options": [R]}
DECIMAL: Data = {"code": "q01", "kind": "decimal"}
DAY: Data = {"code": "q01", "kind": "date"}
TEXT: Data = {"code": "q01", "kind": "text"}


def found(*questions: Data) -> list[tuple[str, str]]:
    made = [Question.model_validate({"text": q["code"], **q}) for q in questions]
    return [(fault.question, fault.code) for fault in inconsistencies(made, [Audience.CADRE])]


def asks_after(other: Data, **condition: Any) -> list[tuple[str, str]]:
    return found(
        other, {"code": "q02", "kind": "text", "asked_if": {"question": "q01", **condition}}
    )


def many(count: int) -> list[Data]:
    return [{"code": f"A{i}", "text": f"选项{i}"} for i in range(count)]


FAULTS: list[tuple[str, Data]] = [
    ("reserved_code", FIRST | {"code": "weight"}),
    ("no_options", FIRST | {"options": []}),
    ("options_on_text", TEXT | {"options": [R]}),
    ("answer_option_on_number", NUMBER | {"options": [A]}),
    ("answer_option_on_number", DAY | {"options": [A]}),
    ("option_looks_like_answer", NUMBER | {"options": [R | {"code": "9"}]}),
    ("too_many_options", FIRST | {"options": many(254)}),
    ("too_many_options", TICKED | {"options": many(64)}),
    ("duplicate_option", FIRST | {"options": [A, B | {"code": "A"}]}),
    ("duplicate_option_text", FIRST | {"options": [A, B | {"text": " 甲 "}]}),
    ("at_most_without_multiple", FIRST | {"at_most": 1}),
    ("exclusive_without_multiple", FIRST | {"options": [A, B | {"exclusive": True}]}),
    ("at_most_over_options", TICKED | {"at_most": 4}),
    ("worst_first_without_scale", TICKED | {"worst_first": True}),
    ("note_without_choice", NUMBER | {"options": [R | {"note": True}]}),
    ("bounds_without_number", FIRST | {"minimum": 1}),
    ("bounds_without_number", TEXT | {"maximum": 1}),
    ("malformed_bound", NUMBER | {"minimum": 1.5}),
    ("malformed_bound", NUMBER | {"minimum": "1"}),
    ("malformed_bound", NUMBER | {"maximum": 10**12 + 1}),
    ("malformed_bound", DECIMAL | {"minimum": float("nan")}),
    ("malformed_bound", DECIMAL | {"maximum": float("inf")}),
    ("malformed_bound", DAY | {"minimum": 2018}),
    ("malformed_bound", DAY | {"minimum": "2018-02-29"}),
    ("malformed_bound", DAY | {"minimum": "20180228"}),
    ("bounds_swapped", NUMBER | {"minimum": 2, "maximum": 1}),
    ("bounds_swapped", DAY | {"minimum": "2018-02-02", "maximum": "2018-02-01"}),
    ("foreign_audience", FIRST | {"audiences": ["recipient"]}),
    ("condition_on_unknown", FIRST | {"asked_if": {"question": "q99", "equals": "A"}}),
    ("condition_cycle", FIRST | {"asked_if": {"question": "q01", "equals": "A"}}),
    ("empty_combination", FIRST | {"asked_if": {"all": []}}),
    ("empty_combination", FIRST | {"asked_if": {"not": {"any": []}}}),
]


@pytest.mark.parametrize(("code", "question"), FAULTS)
def test_a_question_that_breaks_a_rule_is_refused_for_that_alone(code: str, question: Data) -> None:
    assert found(question) == [(question["code"], code)]


@pytest.mark.parametrize(
    "question",
    [
        *(FIRST, TICKED, NUMBER, DECIMAL, DAY, TEXT),
        TICKED | {"at_most": 3},
        FIRST | {"options": many(253)},
        TICKED | {"options": many(63)},
        FIRST
        | {
            "kind": "scale",
            "options": [{"code": "1", "text": "很差"}, {"code": "2", "text": "很好"}],
        },
        NUMBER | {"minimum": 1, "maximum": 1},
        DECIMAL | {"minimum": 0.5, "maximum": 1},
        DAY | {"minimum": "2020-02-29", "maximum": "2020-02-29"},
        FIRST | {"audiences": ["cadre"]},
        FIRST | {"options": [A | {"note": True}, R]},
    ],
)
def test_a_question_at_the_edge_of_a_rule_is_accepted(question: Data) -> None:
    assert found(question) == []


@pytest.mark.parametrize(
    ("other", "condition"),
    [
        (FIRST, {"equals": "A"}),
        (TICKED, {"includes": "R"}),
        (TICKED, {"equals": ["A", "B"]}),
        (NUMBER, {"equals": 3}),
        (NUMBER, {"equals": "R"}),
        (NUMBER, {"at_least": 1.5}),
        (DECIMAL, {"equals": 1.5}),
        (DAY, {"less_than": "2018-01-01"}),
        (DAY, {"equals": "2018-01-01"}),
        (TEXT, {"equals": "有"}),
    ],
)
def test_a_comparison_that_can_hold_is_accepted(other: Data, condition: Data) -> None:
    assert asks_after(other, **condition) == []


@pytest.mark.parametrize(
    ("other", "condition"),
    [
        (FIRST, {"equals": "C"}),
        (FIRST, {"equals": 1}),
        (FIRST, {"equals": ["A"]}),
        (FIRST, {"includes": "A"}),
        (FIRST, {"at_least": 1}),
        (TICKED, {"equals": "A"}),
        (TICKED, {"equals": ["B", "A"]}),
        (TICKED, {"equals": ["A", "A"]}),
        (TICKED, {"equals": ["A", "C"]}),
        (TICKED, {"equals": []}),
        (TICKED, {"includes": "C"}),
        (NUMBER, {"equals": "3"}),
        (NUMBER, {"equals": 1.5}),
        (NUMBER, {"at_least": "2018-01-01"}),
        (DECIMAL, {"more_than": float("nan")}),
        (DAY, {"at_most": 2018}),
        (DAY, {"at_most": "2018-02-29"}),
        (DAY, {"equals": "yesterday"}),
        (TEXT, {"at_least": 1}),
        (TEXT, {"equals": 1}),
    ],
)
def test_a_comparison_that_can_never_hold_is_refused(other: Data, condition: Data) -> None:
    assert asks_after(other, **condition) == [("q02", "comparison_does_not_fit")]


def test_a_question_code_used_twice_is_refused() -> None:
    assert found(FIRST, FIRST) == [("q01", "duplicate_question")]


def test_a_condition_on_a_later_question_is_refused() -> None:
    early = {"code": "q00", "kind": "text", "asked_if": {"question": "q01", "equals": "A"}}
    assert found(early, FIRST) == [("q00", "condition_on_later")]


def test_a_cycle_is_told_from_a_condition_that_only_comes_near_it() -> None:
    def after(code: str, *others: str) -> Data:
        condition = {"all": [{"question": other, "equals": "A"} for other in others]}
        return FIRST | {"code": code, "asked_if": condition}

    assert found(after("q01", "q02"), after("q02", "q01"), after("q03", "q01")) == [
        ("q01", "condition_cycle"),
        ("q02", "condition_cycle"),
    ]
    assert found(after("a", "c"), after("b", "a"), after("c", "b"), after("d", "d", "a")) == [
        *((code, "condition_cycle") for code in "abcd")
    ]


def test_all_faults_are_reported_in_the_order_of_the_questions() -> None:
    faulty = TEXT | {"options": [A]}, NUMBER | {"code": "q02", "options": [A]}, DAY
    assert [question for question, _ in found(*faulty, DAY | {"code": "q03", "minimum": 1})] == [
        *("q01", "q01", "q02", "q03")
    ]


def test_no_question_can_take_the_name_of_another_column_of_a_sheet() -> None:
    columns = {name for name in (*FIXED, *EXPORTED_ONLY) if name.isalnum()}
    assert columns <= set(RESERVED_CODES)


@given(questionnaires())
@settings(max_examples=100)
def test_a_sound_questionnaire_has_no_fault(questionnaire: Questionnaire) -> None:
    assert inconsistencies(questionnaire.questions, questionnaire.audiences) == []


def test_every_code_of_the_module_is_provoked_here() -> None:
    tree = ast.parse(Path(consistency.__file__).read_text("utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and len(n.args) == 3]
    written = {
        str(call.args[1].value)
        for call in calls
        if ast.unparse(call.func) == "Inconsistency" and isinstance(call.args[1], ast.Constant)
    }
    beside = {"duplicate_question", "condition_on_later", "comparison_does_not_fit"}
    # In test_contradictions.py:
    beside |= {"duplicate_contradiction", "contradiction_on_text"}
    assert written == {code for code, _ in FAULTS} | beside
