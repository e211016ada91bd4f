"""form.js hands in what the server would keep, on shared and on random cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from playwright.sync_api import Page
from werkzeug.datastructures import MultiDict

from app.forms import form_class
from surveys.answers import is_asked
from surveys.canonical import is_empty
from surveys.definition import Audience, Question, Questionnaire, note_key
from tests.browser.random_cases import Case, drawn
from tests.browser.test_form_in_browser import TEXT, as_the_page_has_it, in_browser
from tests.surveys.generated import questionnaires, right_answer

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/finalised.json").read_text("utf-8"))["finalised"]
RANDOM_CASES = 400
FINALISED = """async text => {
  const {finalised} = await import("/form.js");
  return JSON.stringify(JSON.parse(text).map(c => finalised(c.asked, c.values, c.audience)));
}"""


def questionnaire(questions: list[Case]) -> Questionnaire:
    return Questionnaire.model_validate(
        {
            "slug": "cases",
            "version": 1,
            "title": "?",
            "audiences": list(Audience),
            "consent": {"version": "1", "text": "?"},
            "questions": [_question(case) for case in questions],
        }
    )


def _question(case: Case) -> Case:
    notes, codes = case.get("notes", ""), case.get("options", "")
    options = [
        {"code": code, "text": code, "note": code in notes}
        | ({"meaning": "dont_know"} if code == "U" else {})
        for code in codes
    ]
    rest = {key: value for key, value in case.items() if key != "notes"}
    return {"text": "?", **rest, "options": options}


def in_the_page(asked: Question) -> Case:
    shown = as_the_page_has_it(asked)
    for option, given in zip(shown["options"], asked.options, strict=True):
        option["note"] = given.note
    condition = asked.asked_if.as_data() if asked.asked_if else None
    return {**shown, "asked_if": condition, "audiences": list(asked.audiences)}


def on_the_server(made: Questionnaire, values: Case, audience: Audience | None) -> Case:
    form = form_class(made, audience)(MultiDict(values))
    checked, given = form.check(), form.final_answers()
    blanks = [
        question.code
        for question in made.questions
        if is_asked(question, checked.clean, audience) and is_empty(given.get(question.code))
    ]
    keys = {c.key for c in checked.complaints if c.code != "required"}
    wrong = [q.code for q in made.questions if keys.intersection(_keys_of(q))]
    return {"answers": checked.kept, "blanks": blanks, "wrong": wrong}


def _keys_of(question: Question) -> list[str]:
    return [question.code, *(note_key(question, option) for option in question.noted)]


def case_audience(case: Case) -> Audience | None:
    chosen = case.get("audience", "recipient")
    return Audience(chosen) if chosen else None


def expected_of(case: Case) -> Case:
    return {name: case[name] for name in ("answers", "blanks", "wrong")}


def as_cases(made: Questionnaire, values: Case, audience: Audience | None) -> Case:
    asked = [in_the_page(question) for question in made.questions]
    return {"asked": asked, "values": values, "audience": audience}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_server_keeps_what_the_shared_cases_say(case: Case) -> None:
    made = questionnaire(case["questions"])
    assert on_the_server(made, case["values"], case_audience(case)) == expected_of(case)


def test_browser_hands_in_what_the_shared_cases_say(page: Page, scripts: str) -> None:
    cases = [
        as_cases(questionnaire(case["questions"]), case["values"], case_audience(case))
        for case in CASES
    ]
    results = in_browser(page, scripts, FINALISED, cases)
    named = {case["name"]: expected_of(case) for case in CASES}
    assert dict(zip(named, results, strict=True)) == named


def test_browser_hands_in_random_forms_as_the_server_keeps_them(page: Page, scripts: str) -> None:
    drawn_cases = drawn(FORMS, RANDOM_CASES)
    cases = [as_cases(*(case[name] for name in ARGUMENTS)) for case in drawn_cases]
    expected = [on_the_server(*(case[name] for name in ARGUMENTS)) for case in drawn_cases]
    for seen in ("answers", "blanks", "wrong"):
        assert sum(bool(one[seen]) for one in expected) > RANDOM_CASES / 10
    results = in_browser(page, scripts, FINALISED, cases)
    found = zip(cases, expected, results, strict=True)
    assert [(case, want, got) for case, want, got in found if want != got] == []


ARGUMENTS = ("made", "values", "audience")


@st.composite
def forms(draw: st.DrawFn) -> Case:
    """A questionnaire and the texts in its fields: mostly right, some missing, some odd."""
    made = draw(questionnaires(5))
    values: dict[str, Any] = {}
    for question in made.questions:
        how = draw(st.integers(0, 9))
        if how < 7:
            answer = draw(right_answer(question))
            texts = answer if isinstance(answer, list) else [answer]
            values[question.code] = [_typed(text) for text in texts]
        elif how < 9:
            values[question.code] = draw(st.lists(TEXT, max_size=3))
        for option in question.noted:
            values[note_key(question, option)] = draw(st.lists(TEXT, max_size=1))
    return {"made": made, "values": values, "audience": draw(AUDIENCES)}


def _typed(answer: Any) -> str:
    """Python's own text of a small number has an exponent, which nobody types."""
    return f"{answer:f}" if isinstance(answer, float) else str(answer)


AUDIENCES = st.none() | st.sampled_from(list(Audience))
FORMS = forms()
