"""The form that a tablet takes along: in each language, the same for everybody, and no more."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from app.routes.tablet_forms import form_html, wanted
from app.services.questionnaires import Published
from surveys.catalogue import find
from surveys.definition import Audience, Question, Questionnaire
from tests.app.test_english import chinese_left
from tests.conftest import World, csrf_token

RESIDENTS = find("dibao-residents@2")
LANGUAGES = ("zh", "en")


def drawn(
    app: Flask,
    language: str = "zh",
    questionnaire: Questionnaire = RESIDENTS,
    audience: Audience = Audience.RECIPIENT,
) -> str:
    with app.app_context():
        return form_html(Published(1, True, questionnaire), audience, language)


def codes_in(text: str) -> list[str]:
    return re.findall(r'data-question="(\w+)"', text)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_form_has_the_questions_of_its_audience(app: Flask, audience: Audience) -> None:
    questionnaire = find("dibao-cadres@2") if audience is Audience.CADRE else RESIDENTS
    text = drawn(app, "zh", questionnaire, audience)
    asked = [one.code for one in questionnaire.questions if one.is_for(audience)]
    assert codes_in(text) == asked
    assert f'data-audience="{audience.value}"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_sends_nothing_anywhere_by_itself(app: Flask, language: str) -> None:
    text = drawn(app, language)
    assert (
        re.findall(r"<form|<script|<style|csrf|type=.hidden|\saction=|https?:| on\w+=", text) == []
    )
    assert 'type="submit"' not in text
    assert re.findall(r"<button(?![^>]*type=.button)", text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_has_one_root_that_names_its_language(app: Flask, language: str) -> None:
    text = drawn(app, language).strip()
    name = "zh-CN" if language == "zh" else "en"
    assert text.startswith(f'<div class="interview tablet-interview" lang="{name}"')
    assert text.endswith("</div>")
    assert text.count("<div") == text.count("</div>")


def test_the_english_form_leaves_only_the_questionnaire_in_chinese(app: Flask) -> None:
    text = drawn(app, "en")
    assert f'<span class="question-text" lang="zh-CN">{RESIDENTS.questions[0].text}' in text
    assert chinese_left(text) == []


def test_the_chinese_form_marks_no_words_as_foreign(app: Flask) -> None:
    assert '<span class="question-text">' in drawn(app, "zh")


def test_a_form_is_the_same_whoever_asks_in_whatever_language(world: World) -> None:
    client = world.client("alpha-enumerator")
    token = csrf_token(client, "/account")
    client.post("/language", data={"language": "en", "csrf_token": token})
    alone = drawn(world.app)
    with client:
        client.get("/account")
        published = Published(7, False, RESIDENTS)
        assert form_html(published, Audience.RECIPIENT, "zh") == alone


def test_what_people_wrote_into_a_questionnaire_is_text_and_no_markup(app: Flask) -> None:
    wicked = "<img src=x onerror=alert(1)>'\""
    first = RESIDENTS.questions[0].model_copy(update={"text": wicked, "hint": wicked})
    changed = RESIDENTS.model_copy(update={"title": wicked, "questions": (first,)})
    text = drawn(app, "zh", changed)
    assert "<img" not in text
    assert html.unescape(text).count(wicked) >= 3


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        ({"kind": "text"}, "", ""),
        ({"kind": "integer"}, "请填整数，例如 12", "Enter a whole number such as 12"),
        (
            {"kind": "integer", "minimum": 1, "maximum": 30},
            "请填整数，例如 12；应在 1 到 30 之间",
            "Enter a whole number such as 12; Must be between 1 and 30",
        ),
        (
            {"kind": "decimal", "minimum": 0, "places": 1},
            "请填数字，例如 12.5；不能小于 0；最多保留 1 位小数",
            "Enter a number such as 12.5; Must be 0 or more; At most 1 digits after the point",
        ),
        (
            {"kind": "date", "maximum": "2018-12-31"},
            "请填日期，例如 2018-06-30；不能大于 2018-12-31",
            "Enter a date such as 2018-06-30; Must be 2018-12-31 or less",
        ),
    ],
)
def test_it_is_said_what_an_answer_must_be(question: dict[str, object], zh: str, en: str) -> None:
    made = Question.model_validate({"code": "q01", "text": "?", **question})
    assert (wanted(made, "zh"), wanted(made, "en")) == (zh, en)
