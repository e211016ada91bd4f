"""The shared cases of tests/cases/conditions.json, run by Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from surveys.answers import is_asked
from surveys.conditions import COMPARISONS, Condition, holds
from surveys.definition import Audience, Question

CASES = json.loads((Path(__file__).parents[1] / "cases" / "conditions.json").read_text("utf-8"))
CONDITION: TypeAdapter[Condition | None] = TypeAdapter(Condition | None)

Case = dict[str, Any]


def by_name(case: Case) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES["holds"], ids=by_name)
def test_holds_as_the_shared_case_says(case: Case) -> None:
    condition = CONDITION.validate_python(case["condition"])
    assert holds(condition, case["answers"]) is case["expected"]


@pytest.mark.parametrize("case", CASES["is_asked"], ids=by_name)
def test_is_asked_as_the_shared_case_says(case: Case) -> None:
    question = Question.model_validate({"text": "?", "kind": "single", **case["question"]})
    audience = Audience(case["audience"]) if case["audience"] else None
    assert is_asked(question, case["answers"], audience) is case["expected"]


@pytest.mark.parametrize("case", CASES["holds"], ids=by_name)
def test_what_the_browser_gets_is_the_condition_as_written(case: Case) -> None:
    condition = CONDITION.validate_python(case["condition"])
    sent = condition.as_data() if condition else None
    assert json.loads(json.dumps(sent)) == case["condition"]


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_every_comparison_has_a_case_that_holds_and_one_that_does_not(comparison: str) -> None:
    with_it = [case for case in CASES["holds"] if comparison in (case["condition"] or {})]
    assert {case["expected"] for case in with_it} == {True, False}


@pytest.mark.parametrize(
    "malformed",
    [
        {},
        {"question": "q01"},
        {"equals": "A"},
        {"question": "q01", "equals": "A", "includes": "A"},
        {"question": "q01", "equals": "A", "all": []},
        {"question": "q01", "equals": True},
        {"question": "q01", "equals": None},
        {"question": "q01", "contains": "A"},
        {"all": [], "any": []},
        {"all": [{"question": "q01"}]},
        {"not": []},
    ],
    ids=json.dumps,
)
def test_what_says_nothing_or_two_things_is_no_condition(malformed: Case) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(malformed)


def test_names_all_questions_that_a_nested_condition_looks_at() -> None:
    condition = Condition.model_validate(
        {
            "all": [
                {"question": "q01", "equals": "A"},
                {"not": {"any": [{"question": "q02", "includes": "B"}]}},
            ]
        }
    )
    assert set(condition.questions()) == {"q01", "q02"}


def test_shared_cases_have_names_of_their_own() -> None:
    for cases in (CASES["holds"], CASES["is_asked"]):
        names = [by_name(case) for case in cases]
        assert len(names) == len(set(names))
