"""form.js reads answers in a real browser as the server does, on shared and on random cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from playwright.sync_api import Page
from werkzeug.datastructures import MultiDict

from app.forms import form_class
from surveys.definition import Question, Questionnaire
from tests.browser.random_cases import Case, drawn

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "form_answers.json").read_text("utf-8"))
RANDOM_CASES = 500

# Cases travel as text: Playwright's own transport would not carry -0.0 as JSON does.
CANONICAL = """async text => {
  const {canonical} = await import("/form.js");
  return JSON.stringify(JSON.parse(text).map(c => canonical(c.asked, c.given) ?? null));
}"""
TICKED = """async text => {
  const {ticked} = await import("/form.js");
  return JSON.stringify(JSON.parse(text).map(c => ticked(c.asked, c.chosen, c.code, c.on)));
}"""


def question(case: Case) -> Question:
    """U is 不清楚, which stands alone, and the other options are answers."""
    options = [
        {"code": code, "text": code, **({"meaning": "dont_know"} if code == "U" else {})}
        for code in case.get("options", "")
    ]
    return Question.model_validate({"code": "q01", "text": "?", **case, "options": options})


def as_the_page_has_it(asked: Question) -> Case:
    limits = {"at_most", "minimum", "maximum", "places", "max_length", "required"}
    return {
        "code": asked.code,
        "kind": asked.kind.value,
        "options": [{"code": o.code, "alone": o.stands_alone} for o in asked.options],
        "limits": {name: getattr(asked, name) for name in limits},
    }


def on_the_server(asked: Question, texts: list[str]) -> Any:
    questionnaire = Questionnaire.model_validate(
        {
            "slug": "cases",
            "version": 1,
            "title": "?",
            "audiences": ["recipient"],
            "consent": {"version": "1", "text": "?"},
            "questions": [asked.model_dump(by_alias=True)],
        }
    )
    form = form_class(questionnaire)(MultiDict([("q01", text) for text in texts]))
    return form.check().clean.get("q01")


def in_browser(page: Page, scripts: str, script: str, cases: list[Case]) -> list[Any]:
    page.goto(f"{scripts}/form.js")
    results = json.loads(page.evaluate(script, json.dumps(cases)))
    assert len(results) == len(cases)
    return list(results)


@pytest.mark.parametrize("case", CASES["canonical"], ids=lambda case: str(case["name"]))
def test_server_reads_as_the_shared_cases_say(case: Case) -> None:
    assert on_the_server(question(case["question"]), case["given"]) == case["expected"]


def test_browser_reads_as_the_shared_cases_say(page: Page, scripts: str) -> None:
    cases = [
        {**case, "asked": as_the_page_has_it(question(case["question"]))}
        for case in CASES["canonical"]
    ]
    results = in_browser(page, scripts, CANONICAL, cases)
    named = {case["name"]: case["expected"] for case in cases}
    assert dict(zip(named, results, strict=True)) == named


def test_browser_ticks_as_the_shared_cases_say(page: Page, scripts: str) -> None:
    cases = [
        {
            **case,
            "asked": as_the_page_has_it(
                question(
                    {"kind": "multiple", "options": case["options"], "at_most": case["at_most"]}
                )
            ),
        }
        for case in CASES["ticked"]
    ]
    results = in_browser(page, scripts, TICKED, cases)
    assert results == [{"chosen": c["expected"], "refused": c["refused"]} for c in cases]


def test_browser_reads_random_texts_as_the_server_does(page: Page, scripts: str) -> None:
    cases = drawn(st.fixed_dictionaries({"question": QUESTIONS, "given": TEXTS}), RANDOM_CASES)
    for case in cases:
        asked = question(case["question"])
        case["asked"] = as_the_page_has_it(asked)
        case["expected"] = on_the_server(asked, case["given"])
    assert {case["expected"] is None for case in cases} == {True, False}
    results = in_browser(page, scripts, CANONICAL, cases)
    wrong = [
        (case["question"], case["given"], case["expected"], result)
        for case, result in zip(cases, results, strict=True)
        if result != case["expected"]
    ]
    assert wrong == []


def test_browser_tells_the_time_with_the_offset_of_the_device(page: Page, scripts: str) -> None:
    page.goto(f"{scripts}/form.js")
    script = """async minutes => {
      const {isoWithOffset} = await import("/form.js");
      const date = new Date("2026-11-21T02:30:00.000Z");
      date.getTimezoneOffset = () => -minutes;
      return isoWithOffset(date);
    }"""
    told = [page.evaluate(script, minutes) for minutes in (480, 0, -210)]
    assert told == [
        "2026-11-21T10:30:00.000+08:00",
        "2026-11-21T02:30:00.000+00:00",
        "2026-11-20T23:00:00.000-03:30",
    ]


QUESTIONS = st.sampled_from(
    [
        {"kind": "single", "options": "ABU"},
        {"kind": "multiple", "options": "ABCU", "at_most": 2},
        {"kind": "integer", "options": "U", "minimum": 0},
        {"kind": "integer", "minimum": -5, "maximum": 5},
        {"kind": "decimal", "places": 1, "maximum": 100.5},
        {"kind": "date", "minimum": "2018-01-01", "options": "U"},
        {"kind": "text", "max_length": 6},
    ]
)
TEXT = st.one_of(
    st.sampled_from(["A", "B", "C", "U", "", "　", "Ａ", "2018-06-30", "2018-02-30", "-0", "+5"]),
    st.text("0123456789０１２.．+-−eE ", max_size=6),
    st.text("一é\r\n\t \u200b\ufeff\x1c\x85e\u0301𠮷\x00\x7f", max_size=8),
)
TEXTS = st.lists(TEXT, max_size=3)
