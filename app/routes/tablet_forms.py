"""The form of one questionnaire and audience as a piece of a page, which tablets take along."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale

from app.forms import form_class
from app.request import LANGUAGES, audience_name
from app.routes.display import lang_attribute
from app.services.questionnaires import Published
from surveys.definition import Audience, Kind, Question, Questionnaire
from surveys.messages import say
from surveys.rules_in_words import rule_in_words


def form_html(published: Published, audience: Audience, language: str) -> str:
    return _drawn(published.questionnaire, audience, language)


# Every tablet asks each minute whether anything changed; what is published never does.
@lru_cache(maxsize=256)
def _drawn(questionnaire: Questionnaire, audience: Audience, language: str) -> str:
    """The same for everybody: the template gets nothing of the request, as a shared copy must."""
    with force_locale(LANGUAGES[language]):
        return current_app.jinja_env.get_template("tablet/form.html").render(
            form=form_class(questionnaire, audience)(),
            audience=audience.value,
            language=language,
            who=audience_name(audience),
            lang_of=lambda said: lang_attribute(said.language, language),
            rule_of=lambda field: rule_in_words(questionnaire, field.question, language),
            wanted_of=lambda field: wanted(field.question, language),
            note_missing=say("note_missing", {"option": "{option}"}, language),
        )


def wanted(question: Question, language: str) -> str:
    """What an answer that is typed must be, as the checker would complain; else empty."""
    if question.kind not in WANTED:
        return ""
    texts = [say(WANTED[question.kind], {}, language), *_bounds(question, language)]
    return SEPARATORS[language].join(texts)


def _bounds(question: Question, language: str) -> list[str]:
    low, high = question.minimum, question.maximum
    given: dict[str, Any] = {}
    given |= {} if low is None else {"minimum": low}
    given |= {} if high is None else {"maximum": high}
    code = BOUNDS.get(tuple(given))
    texts = [say(code, given, language)] if code else []
    if question.kind is Kind.DECIMAL:
        texts.append(say("too_many_places", {"places": question.places}, language))
    return texts


WANTED = {
    Kind.INTEGER: "not_an_integer",
    Kind.DECIMAL: "not_a_number",
    Kind.DATE: "not_a_date",
}
BOUNDS = {
    ("minimum", "maximum"): "out_of_bounds",
    ("minimum",): "too_low",
    ("maximum",): "too_high",
}
SEPARATORS = {"zh": "；", "en": "; "}
