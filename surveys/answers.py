"""Raw answers in, clean answers and complaints out; nothing is raised.

The one checker for every way in: page, tablet, paper entry, import. Raw answers are what JSON, a
form or a sheet gives: option codes, lists of option codes, numbers or their text, ISO dates, text.
Clean answers hold only what is asked, answered and right, in one canonical form: option code,
list of option codes in the questionnaire's order, int, float, ISO date, text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.conditions import holds
from surveys.definition import Audience, Kind, Question, Questionnaire, note_key
from surveys.messages import say

Raw = Mapping[str, Any]
LARGEST_NUMBER = 10**12
INTEGER = re.compile(r"[+-]?\d{1,13}")
DECIMAL = re.compile(r"[+-]?\d{1,13}(\.\d{1,15})?")


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with one answer. `key` is the question code or the note's key."""

    key: str
    code: str
    details: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        return say(self.code, self.details, language)

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "code": self.code, "text": self.text("zh")}


@dataclass(frozen=True)
class Checked:
    """`clean` is what may be counted; `kept` is `clean` and, untouched, whatever was wrong."""

    clean: dict[str, Any]
    complaints: tuple[Complaint, ...]
    kept: dict[str, Any]


class AnswerError(Exception):
    """An answer that cannot be accepted; becomes a Complaint before `check` returns."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def is_asked(question: Question, answers: Raw, audience: Audience | None) -> bool:
    """Whether skip rules and audience let this question be asked, given the earlier answers."""
    return question.is_for(audience) and holds(question.asked_if, answers)


def check(questionnaire: Questionnaire, raw: Raw, audience: Audience | None = None) -> Checked:
    """Check all answers of one response; all complaints are collected, in the form's order."""
    clean: dict[str, Any] = {}
    complaints: list[Complaint] = []
    if audience is not None and audience not in questionnaire.audiences:
        complaints.append(Complaint("audience", "wrong_audience", {"value": audience.value}))
    for question in questionnaire.questions:
        found, wrong = _check_question(question, raw, clean, audience)
        clean |= found
        complaints += wrong
    known = questionnaire.by_code.keys() | questionnaire.notes.keys()
    given = {key: value for key, value in raw.items() if not _is_empty(value)}
    complaints += [Complaint(str(k), "unknown_question", {"key": k}) for k in given.keys() - known]
    kept = {key: clean.get(key, value) for key, value in given.items()}
    return Checked(clean, tuple(complaints), kept)


def finalise(
    questionnaire: Questionnaire, raw: Raw, audience: Audience | None = None
) -> dict[str, Any]:
    """Drop the answers that became hidden, and the notes of options that are no longer chosen.

    The pages do this before they check: when an enumerator goes back and changes an earlier answer,
    the later, now invisible ones must be neither counted nor complained about.
    """
    left = dict(raw)
    clean: dict[str, Any] = {}
    for question in questionnaire.questions:
        if not is_asked(question, clean, audience):
            left.pop(question.code, None)
        found, _ = _check_question(question, left, clean, audience)
        clean |= found
        for option in question.options:
            if not _is_chosen(option.code, clean.get(question.code)):
                left.pop(note_key(question, option), None)
    return left


def _check_question(
    question: Question, raw: Raw, earlier: Raw, audience: Audience | None
) -> tuple[dict[str, Any], list[Complaint]]:
    """What one question and its notes add to the clean answers, and what is wrong with them."""
    given = raw.get(question.code)
    if not is_asked(question, earlier, audience):
        keys = (question.code, *(note_key(question, o) for o in question.options if o.note))
        return {}, [Complaint(k, "not_asked", {}) for k in keys if not _is_empty(raw.get(k))]
    try:
        answer = None if _is_empty(given) else _canonical(question, given)
        if answer is None and question.required:
            raise AnswerError("required")
    except AnswerError as wrong:
        return {}, [Complaint(question.code, wrong.code, {"given": given, **wrong.details})]
    found = {} if answer is None else {question.code: answer}
    notes, complaints = _check_notes(question, raw, answer)
    return found | notes, complaints


def _check_notes(
    question: Question, raw: Raw, answer: Any
) -> tuple[dict[str, Any], list[Complaint]]:
    notes: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for option in question.options:
        if not option.note:
            continue
        key, given = note_key(question, option), raw.get(note_key(question, option))
        chosen = _is_chosen(option.code, answer)
        try:
            if chosen and _is_empty(given):
                raise AnswerError("note_missing", option=option.text)
            if not chosen and not _is_empty(given):
                raise AnswerError("note_without_option", option=option.text)
            if chosen:
                notes[key] = _text(question, given)
        except AnswerError as wrong:
            complaints.append(Complaint(key, wrong.code, {"given": given, **wrong.details}))
    return notes, complaints


def _canonical(question: Question, given: Any) -> Any:
    if isinstance(given, list | tuple) and question.kind is not Kind.MULTIPLE:
        raise AnswerError("one_answer_only")
    if isinstance(given, str) and given.strip() in question.position:
        given = given.strip()
        return [given] if question.kind is Kind.MULTIPLE else given
    return CANONICAL[question.kind](question, given)


def _choice(question: Question, given: Any) -> str:
    raise AnswerError("unknown_option", value=given, allowed=" ".join(question.position))


def _choices(question: Question, given: Any) -> list[str]:
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list | tuple) or not all(isinstance(item, str) for item in given):
        raise AnswerError("not_a_list_of_options")
    codes = [item.strip() for item in given]
    for code in codes:
        if code not in question.position:
            raise AnswerError("unknown_option", value=code, allowed=" ".join(question.position))
    if len(set(codes)) != len(codes):
        raise AnswerError("option_twice")
    chosen = sorted(codes, key=question.position.__getitem__)
    alone = [code for code in chosen if question.option(code).stands_alone]
    if alone and len(chosen) > 1:
        raise AnswerError("exclusive", option=question.option(alone[0]).text)
    if question.at_most is not None and len(chosen) > question.at_most:
        raise AnswerError("too_many", at_most=question.at_most, count=len(chosen))
    return chosen


def _integer(question: Question, given: Any) -> int:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, str):
        given = _ascii(given)
        given = int(given) if INTEGER.fullmatch(given) else None
    if not isinstance(given, int) or isinstance(given, bool):
        raise AnswerError("not_an_integer")
    return int(_within_bounds(question, given))


def _decimal(question: Question, given: Any) -> float:
    text = _ascii(given) if isinstance(given, str) else repr(given)
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise AnswerError("not_a_number")
    if isinstance(given, float) and math.isfinite(given):
        text = f"{given:.15f}".rstrip("0") if "e" in text else text
    if not DECIMAL.fullmatch(text):
        raise AnswerError("not_a_number")
    if len(text.partition(".")[2].rstrip("0")) > question.places:
        raise AnswerError("too_many_places", places=question.places)
    return float(_within_bounds(question, float(text)))


def _within_bounds(question: Question, number: float) -> float:
    """Packed values are 64-bit integers of up to six places, hence the absolute limit."""
    low = -LARGEST_NUMBER if question.minimum is None else question.minimum
    high = LARGEST_NUMBER if question.maximum is None else question.maximum
    if not low <= number <= high:  # type: ignore[operator]
        raise AnswerError("out_of_bounds", minimum=low, maximum=high)
    return number


def _date(question: Question, given: Any) -> str:
    try:
        day = date.fromisoformat(_ascii(given)) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != _ascii(given):
        raise AnswerError("not_a_date")
    low, high = question.minimum or "0001-01-01", question.maximum or "9999-12-31"
    if not str(low) <= day.isoformat() <= str(high):
        raise AnswerError("out_of_bounds", minimum=low, maximum=high)
    return day.isoformat()


def _text(question: Question, given: Any) -> str:
    if not isinstance(given, str):
        raise AnswerError("not_a_text")
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()
    if any(unicodedata.category(c) in UNSTORABLE and c not in "\n\t" for c in text):
        raise AnswerError("control_character")
    if len(text) > question.max_length:
        raise AnswerError("too_long", max_length=question.max_length, length=len(text))
    return text


def _ascii(text: str) -> str:
    """Full-width digits, signs and points, as Chinese input methods type them, become ASCII."""
    return unicodedata.normalize("NFKC", text).strip()


def _is_empty(given: Any) -> bool:
    return given is None or given in ([], ()) or (isinstance(given, str) and not given.strip())


def _is_chosen(option: str, answer: Any) -> bool:
    return option in answer if isinstance(answer, list) else option == answer


UNSTORABLE = frozenset({"Cc", "Cs"})
CANONICAL: dict[Kind, Callable[[Question, Any], Any]] = {
    Kind.SINGLE: _choice,
    Kind.SCALE: _choice,
    Kind.MULTIPLE: _choices,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.TEXT: _text,
}
