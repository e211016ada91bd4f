"""The answers of one response as a reviewer reads them, and where two contents differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from surveys.answers import check, is_asked
from surveys.definition import Audience, Question, Questionnaire, note_key

State = Literal["answered", "blank", "not_asked", "faulty"]


@dataclass(frozen=True)
class Told:
    """One answer in words; `faulty` is what breaks a rule and is not counted."""

    state: State
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """One set of answers that a response has or had."""

    answers: Mapping[str, Any]
    audience: Audience | None


@dataclass(frozen=True)
class Line:
    """One question with its answer in each content; the first content is the present one."""

    number: int | None
    code: str
    text: str
    told: tuple[Told, ...]

    @property
    def differs(self) -> tuple[bool, ...]:
        """Per content whether it says something else than the first."""
        return tuple(one != self.told[0] for one in self.told)


def side_by_side(questionnaire: Questionnaire, contents: Sequence[Content]) -> list[Line]:
    """All questions in their order, then keys that the questionnaire does not have."""
    told = [_told(questionnaire, content) for content in contents]
    lines = [
        Line(number, question.code, question.text, tuple(one[question.code] for one in told))
        for number, question in enumerate(questionnaire.questions, start=1)
    ]
    known = questionnaire.by_code.keys() | questionnaire.notes.keys()
    unknown = {key: None for content in contents for key in content.answers if key not in known}
    return lines + [
        Line(
            None,
            _shown(key),
            _shown(key),
            tuple(_unknown(content.answers, key) for content in contents),
        )
        for key in unknown
    ]


def _told(questionnaire: Questionnaire, content: Content) -> dict[str, Told]:
    clean = check(questionnaire, content.answers, content.audience).clean
    return {
        question.code: _answer(question, content, clean) for question in questionnaire.questions
    }


def _answer(question: Question, content: Content, clean: Mapping[str, Any]) -> Told:
    given = content.answers.get(question.code)
    parts, notes = _parts(question, given), _notes(question, content.answers)
    if question.code in clean:
        return Told("answered", parts, notes)
    if parts or notes:
        return Told("faulty", parts, notes)
    asked = is_asked(question, clean, content.audience)
    return Told("blank" if asked else "not_asked")


def _parts(question: Question, given: Any) -> tuple[str, ...]:
    if given is None or given in ("", [], ()):
        return ()
    values = given if isinstance(given, list | tuple) else [given]
    return tuple(_in_words(question, value) for value in values)


def _in_words(question: Question, value: Any) -> str:
    if isinstance(value, str) and value in question.position:
        return f"{value}.{question.option(value).text}"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value}{question.unit}" if number else _shown(value)


def _notes(question: Question, answers: Mapping[str, Any]) -> tuple[str, ...]:
    found = (answers.get(note_key(question, option)) for option in question.options if option.note)
    return tuple(_shown(note) for note in found if note)


def _unknown(answers: Mapping[str, Any], key: str) -> Told:
    return Told("faulty", (_shown(answers[key]),)) if key in answers else Told("blank")


def _shown(value: Any) -> str:
    """Half of a surrogate pair is kept as it came, but no page can hold it."""
    return str(value).encode("utf-8", "replace").decode()
