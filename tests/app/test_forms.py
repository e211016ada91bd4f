"""A form has a field per question and hands on what came, for the one checker to judge."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.forms import AnswerForm, Fault, form_class, raw_answers
from surveys.catalogue import find
from surveys.definition import Audience, Questionnaire

RESIDENTS = find("dibao-residents@2")
OPTIONS = [
    {"code": "A", "text": "甲"},
    {"code": "B", "text": "乙"},
    {"code": "E", "text": "其他（请说明）", "note": True},
]
REFUSED = [{"code": "R", "text": "拒绝回答", "meaning": "refused"}]
# Codes that are names of a form's own attributes, in WTForms and in the browser.
KINDS = Questionnaire.model_validate(
    {
        "slug": "kinds",
        "version": 1,
        "title": "每种题型各一题",
        "audiences": ["recipient"],
        "consent": {"version": "1", "text": "同意吗？"},
        "questions": [
            {"code": "data", "text": "单选", "kind": "single", "options": OPTIONS},
            {"code": "process", "text": "多选", "kind": "multiple", "options": OPTIONS},
            {"code": "errors", "text": "量表", "kind": "scale", "options": OPTIONS},
            {"code": "submit", "text": "人口", "kind": "integer", "options": REFUSED},
            {"code": "income", "text": "收入", "kind": "decimal", "options": REFUSED},
            {"code": "day", "text": "日期", "kind": "date", "options": REFUSED},
            {"code": "words", "text": "建议", "kind": "text", "required": False},
        ],
    }
)
FILLED = [
    ("data", "E"),
    ("data_E_note", "A"),
    ("process", "A"),
    ("process", "B"),
    ("errors", "B"),
    ("submit", ""),
    ("submit", "R"),
    ("income", "12.5"),
    ("day", "2018-06-30"),
    ("words", " 谢谢 "),
]


def kinds(*sent: tuple[str, str]) -> AnswerForm:
    return form_class(KINDS)(MultiDict(sent))


def test_every_kind_of_question_is_handed_on_as_the_checker_wants_it() -> None:
    form = kinds(*FILLED)
    assert raw_answers(form) == {
        "data": "E",
        "data_E_note": "A",
        "process": ["A", "B"],
        "errors": "B",
        "submit": "R",
        "income": "12.5",
        "day": "2018-06-30",
        "words": " 谢谢 ",
    }
    assert form.check().complaints == ()
    assert form.check().clean["words"] == "谢谢"


def test_blank_fields_are_no_answers() -> None:
    assert raw_answers(kinds(("data", ""), ("submit", " "), ("words", "\u3000"))) == {}


def test_fields_that_the_questionnaire_does_not_have_are_ignored() -> None:
    assert raw_answers(kinds(("csrf_token", "x"), ("q99", "A"), ("_fields", "x"))) == {}


@pytest.mark.parametrize(
    ("key", "sent"), [("data", "AB"), ("submit", "5R"), ("errors", "AA"), ("day", "AB")]
)
def test_several_values_where_one_is_wanted_are_complained_about(key: str, sent: str) -> None:
    form = kinds(*((key, value) for value in sent))
    complaints = {c.key: c.code for c in form.check().complaints}
    assert complaints[key] == "one_answer_only"


def test_a_number_typed_beside_a_refusal_is_shown_again_with_it() -> None:
    field = kinds(("submit", "１２"), ("submit", "R")).field("submit")
    assert field.typed == "１２"
    assert field.chosen(KINDS.by_code["submit"].option("R"))


def test_a_note_that_reads_like_an_option_code_is_shown_again() -> None:
    assert kinds(*FILLED).field("data_E_note").typed == "A"


def test_complaints_stand_beside_their_fields_and_in_the_summary() -> None:
    form = kinds(("data", "E"), ("process", "X"))
    form.complain(form.check().complaints, "zh")
    assert form.field("data_E_note").errors == ["选了“其他（请说明）”，请填写说明"]
    assert form.field("process").errors == ["没有“X”这个选项，可选：A B E"]
    assert form.faults[0] == Fault(1, "note-data_E_note", "选了“其他（请说明）”，请填写说明")
    assert [fault.number for fault in form.faults] == [1, 2, 3, 4, 5, 6]


def test_complaints_are_in_english_on_request() -> None:
    form = kinds()
    form.complain(form.check().complaints, "en")
    assert form.faults[0].text == "This question needs an answer"


def test_a_complaint_about_no_question_is_in_the_summary_only() -> None:
    form = form_class(KINDS, Audience.CADRE)()
    form.complain(form.check().complaints[:1], "zh")
    assert form.faults == [Fault(0, "questions", form.form_errors[0])]


def test_a_form_has_only_the_questions_for_its_audience_under_their_own_numbers() -> None:
    form = form_class(RESIDENTS, Audience.NON_RECIPIENT)()
    numbers = {field.question.code: field.number for field in form.questions()}
    assert numbers.keys() == RESIDENTS.by_code.keys() - {"q12", "q13", "q15"}
    assert numbers["q14"] == 14


def test_an_answer_that_became_hidden_is_dropped_with_its_notes() -> None:
    sent = [("q05", "C"), ("q06", "F"), ("q06_F_note", "广播")]
    form = form_class(RESIDENTS, Audience.RECIPIENT)(MultiDict(sent))
    assert form.final_answers() == {"q05": "C"}
    assert form.field("q06_F_note").typed == "广播"


@pytest.mark.parametrize(
    "answers",
    [
        {"data": "A", "process": ["A", "E"], "process_E_note": "丙"},
        {"submit": 5, "income": 12.5, "day": "2018-06-30", "words": "好\n很好"},
    ],
)
def test_a_form_of_stored_answers_shows_them(answers: dict[str, Any]) -> None:
    form = form_class(KINDS)(answers=answers)
    shown = {key: form.field(key).values for key in answers}
    assert shown == {
        key: list(map(str, value if isinstance(value, list) else [value]))
        for key, value in answers.items()
    }
