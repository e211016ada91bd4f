"""Raw answers in, clean answers and complaints out; nothing is raised.

The one checker for every way in: page, tablet, paper entry, import. Raw answers are what JSON, a
form or a sheet gives: option codes, lists of option codes, numbers or their text, ISO dates, text.
Clean answers hold only what is asked, answered and right, in one canonical form: option code,
list of option codes in the questionnaire's order, int, float, ISO date, text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.canonical import AnswerError, canonical, canonical_text, is_empty
from surveys.conditions import holds
from surveys.definition import Audience, Question, Questionnaire, note_key
from surveys.messages import say

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with one answer. `key` is the question code or the note's key."""

    key: str
    code: str
    details: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        return say(self.code, self.details, language)

    def as_data(self) -> dict[str, Any]:
        # A key that came from outside may hold half of a surrogate pair, which no page can show.
        key = self.key.encode("utf-8", "replace").decode()
        texts = {"text": self.text("zh"), "text_en": self.text("en")}
        return {"key": key, "code": self.code, **texts}


@dataclass(frozen=True)
class Checked:
    """`clean` is what may be counted; `kept` is `clean` and, untouched, whatever was wrong."""

    clean: dict[str, Any]
    complaints: tuple[Complaint, ...]
    kept: dict[str, Any]


def is_asked(question: Question, answers: Raw, audience: Audience | None) -> bool:
    """Whether skip rules and audience let this question be asked, given the earlier answers."""
    return question.is_for(audience) and holds(question.asked_if, answers)


def check(questionnaire: Questionnaire, raw: Raw, audience: Audience | None = None) -> Checked:
    """Check all answers of one response; all complaints are collected, in the form's order."""
    clean: dict[str, Any] = {}
    complaints: list[Complaint] = []
    if audience is not None and audience not in questionnaire.audiences:
        complaints.append(Complaint("audience", "wrong_audience", {"value": audience.value}))
    for _, _, found, wrong in _walk(questionnaire, raw, audience):
        clean |= found
        complaints += wrong
    given = {key: value for key, value in raw.items() if not is_empty(value)}
    complaints += [
        Complaint(str(key), "unknown_question", {"key": key})
        for key in given
        if key not in questionnaire.by_code and key not in questionnaire.notes
    ]
    kept = {key: clean.get(key, value) for key, value in given.items()}
    return Checked(clean, tuple(complaints), kept)


def finalise(
    questionnaire: Questionnaire, raw: Raw, audience: Audience | None = None
) -> dict[str, Any]:
    """Drop the answers that became hidden, and the notes of options that are no longer chosen.

    The pages do this before they check: when an enumerator goes back and changes an earlier answer,
    the later, now invisible ones must be neither counted nor complained about. What hangs on an
    answer that is given but wrong stays, or correcting a typing error would cost later answers.
    """
    left = dict(raw)
    for question, asked, found, _ in _walk(questionnaire, raw, audience):
        given = raw.get(question.code)
        if asked is None or (asked and question.code not in found and not is_empty(given)):
            continue
        if not asked:
            left.pop(question.code, None)
        for option in question.noted:
            if not asked or not _is_chosen(option.code, found.get(question.code)):
                left.pop(note_key(question, option), None)
    return left


def _walk(
    questionnaire: Questionnaire, raw: Raw, audience: Audience | None
) -> Iterator[tuple[Question, bool | None, dict[str, Any], list[Complaint]]]:
    """Each question: whether it is asked, what it adds to the clean answers, what is wrong.

    Asked is None, and nothing is judged, where that hangs on an earlier answer that is given but
    wrong: nobody knows yet.
    """
    clean: dict[str, Any] = {}
    doubtful: set[str] = set()
    for question in questionnaire.questions:
        asked = is_asked(question, clean, audience)
        if not asked and doubtful and _hangs_on(question, doubtful, audience):
            doubtful.add(question.code)
            yield question, None, {}, []
            continue
        found, wrong = _check_question(question, raw, asked)
        clean |= found
        if asked and wrong and question.code not in found and not is_empty(raw.get(question.code)):
            doubtful.add(question.code)
        yield question, asked, found, wrong


def _hangs_on(question: Question, doubtful: set[str], audience: Audience | None) -> bool:
    if question.asked_if is None or not question.is_for(audience):
        return False
    return not doubtful.isdisjoint(question.asked_if.questions())


def _check_question(
    question: Question, raw: Raw, asked: bool
) -> tuple[dict[str, Any], list[Complaint]]:
    """What one question and its notes add to the clean answers, and what is wrong with them."""
    given = raw.get(question.code)
    if not asked:
        keys = (question.code, *(note_key(question, option) for option in question.noted))
        return {}, [Complaint(k, "not_asked", {}) for k in keys if not is_empty(raw.get(k))]
    try:
        answer = None if is_empty(given) else canonical(question, given)
        if answer is None and question.required:
            raise AnswerError("required")
    except AnswerError as wrong:
        return {}, [Complaint(question.code, wrong.code, {"given": given, **wrong.details})]
    found = {} if answer is None else {question.code: answer}
    if not question.noted:
        return found, []
    notes, complaints = _check_notes(question, raw, answer)
    return found | notes, complaints


def _check_notes(
    question: Question, raw: Raw, answer: Any
) -> tuple[dict[str, Any], list[Complaint]]:
    notes: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for option in question.noted:
        key, given = note_key(question, option), raw.get(note_key(question, option))
        chosen = _is_chosen(option.code, answer)
        try:
            if chosen and is_empty(given):
                raise AnswerError("note_missing", option=option.text)
            if not chosen and not is_empty(given):
                raise AnswerError("note_without_option", option=option.text)
            if chosen:
                notes[key] = canonical_text(question, given)
        except AnswerError as wrong:
            complaints.append(Complaint(key, wrong.code, {"given": given, **wrong.details}))
    return notes, complaints


def _is_chosen(option: str, answer: Any) -> bool:
    return option in answer if isinstance(answer, list) else option == answer
