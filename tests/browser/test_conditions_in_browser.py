"""conditions.js decides in a real browser as conditions.py does, on shared and on random cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from playwright.sync_api import Page

from surveys.answers import is_asked
from surveys.conditions import Condition, holds
from surveys.definition import Audience, Question
from tests.browser.random_cases import Case, drawn

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "conditions.json").read_text("utf-8"))
RANDOM_CASES = 600

# Cases travel as text: Playwright's own transport would not carry -0.0 or "__proto__" as JSON does.
HOLDS = """async text => {
  const {holds} = await import("/conditions.js");
  return JSON.parse(text).map(({condition, answers}) => holds(condition, answers));
}"""
IS_ASKED = """async text => {
  const {isAsked} = await import("/conditions.js");
  return JSON.parse(text).map(c => isAsked(c.question, c.answers, c.audience));
}"""


def test_browser_holds_as_the_shared_cases_say(page: Page, scripts: str) -> None:
    assert wrong_in_browser(page, scripts, HOLDS, CASES["holds"]) == []


def test_browser_is_asked_as_the_shared_cases_say(page: Page, scripts: str) -> None:
    assert wrong_in_browser(page, scripts, IS_ASKED, CASES["is_asked"]) == []


def test_browser_decides_random_conditions_as_python_does(page: Page, scripts: str) -> None:
    cases = drawn(
        st.fixed_dictionaries({"condition": CONDITIONS, "answers": ANSWERS}), RANDOM_CASES
    )
    for case in cases:
        case["expected"] = holds(Condition.model_validate(case["condition"]), case["answers"])
    assert {case["expected"] for case in cases} == {True, False}
    assert wrong_in_browser(page, scripts, HOLDS, cases) == []


def test_browser_asks_random_questions_as_python_does(page: Page, scripts: str) -> None:
    cases = drawn(
        st.fixed_dictionaries({"question": QUESTIONS, "answers": ANSWERS, "audience": AUDIENCES}),
        RANDOM_CASES,
    )
    for case in cases:
        question = Question.model_validate({"text": "?", "kind": "single", **case["question"]})
        audience = Audience(case["audience"]) if case["audience"] else None
        case["expected"] = is_asked(question, case["answers"], audience)
    assert {case["expected"] for case in cases} == {True, False}
    assert wrong_in_browser(page, scripts, IS_ASKED, cases) == []


def test_browser_refuses_what_is_no_condition(page: Page, scripts: str) -> None:
    page.goto(f"{scripts}/conditions.js")
    refusals = page.evaluate(
        """async conditions => {
          const {holds} = await import("/conditions.js");
          const refused = condition => {
            try { holds(condition, {}); return false; } catch (error) { return true; }
          };
          return conditions.map(refused);
        }""",
        [{}, {"question": "q01"}, {"question": "q01", "contains": "A"}],
    )
    assert refusals == [True, True, True]


def wrong_in_browser(page: Page, scripts: str, script: str, cases: list[Case]) -> list[Case]:
    """The cases whose result in the browser, strictly true or false, is not the expected one."""
    page.goto(f"{scripts}/conditions.js")
    results = page.evaluate(script, json.dumps(cases))
    assert len(results) == len(cases)
    return [c for c, result in zip(cases, results, strict=True) if result is not c["expected"]]


# Few codes and values, so that conditions often hit; odd ones, where two languages could differ.
CODES = st.sampled_from(["q01", "q02", "constructor", "__proto__"])
OPTIONS = st.sampled_from(["A", "B", "1", "", "低保户", "𠮷", "é", "e\u0301"])
NUMBERS = st.sampled_from([0, 1, 2, 10, -1, 0.3, 0.1 + 0.2, 1.0, -0.0, 10**12]) | st.floats(
    -(10.0**12), 10.0**12
)
DATES = st.sampled_from(
    ["2018-06-30", "2018-07-01", "2018-7-1", "2018-07-01\n", "２０１８-０７-０１", "٢٠١٨-٠٧-٠١"]
)
LISTS = st.lists(OPTIONS, max_size=3)
BOUNDS = NUMBERS | DATES | OPTIONS
ANSWERS = st.dictionaries(
    CODES, BOUNDS | LISTS | st.booleans() | st.none() | st.lists(NUMBERS, max_size=2), max_size=4
)


def comparison(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries({"question": CODES, name: values})


COMPARISONS = st.one_of(
    comparison("equals", BOUNDS | LISTS),
    comparison("includes", OPTIONS),
    *(comparison(name, BOUNDS) for name in ("at_least", "more_than", "at_most", "less_than")),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)
AUDIENCES = st.none() | st.sampled_from([audience.value for audience in Audience])
QUESTIONS = st.fixed_dictionaries(
    {"code": st.just("q09")},
    optional={
        "audiences": st.lists(AUDIENCES.filter(bool), unique=True, max_size=3),
        "asked_if": CONDITIONS,
    },
)
