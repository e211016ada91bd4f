"""One given answer -> its canonical form, or the reason why it cannot be one; per kind."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from surveys.definition import Kind, Question

LARGEST_NUMBER = 10**12
INTEGER = re.compile(r"[+-]?[0-9]{1,13}")
DECIMAL = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,15})?")
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that a database, an xlsx or a docx file cannot hold."""
UNSEEN = (
    "".join(filter(str.isspace, map(chr, range(0x3001))))
    + "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
"""White space and zero-width characters: an answer of nothing else is blank."""
FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20, 0x2212: 0x2D}


class AnswerError(Exception):
    """An answer that cannot be accepted; `surveys.answers.check` makes it a Complaint."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def canonical(question: Question, given: Any) -> Any:
    """The form in which a given, not empty answer is stored. Raises AnswerError."""
    if isinstance(given, list | tuple) and question.kind is not Kind.MULTIPLE:
        raise AnswerError("one_answer_only")
    if question.options and isinstance(given, str) and (code := _ascii(given)) in question.position:
        return [code] if question.kind is Kind.MULTIPLE else code
    return CANONICAL[question.kind](question, given)


def _choice(question: Question, given: Any) -> str:
    raise AnswerError("unknown_option", value=given, allowed=" ".join(question.position))


def _choices(question: Question, given: Any) -> list[str]:
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list | tuple) or not all(isinstance(item, str) for item in given):
        raise AnswerError("not_a_list_of_options")
    codes = [_ascii(item) for item in given]
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
    number = _exact(given)
    if number is None:
        raise AnswerError("not_a_number")
    _within_bounds(question, float(number))
    if len(f"{number:f}".partition(".")[2].rstrip("0")) > question.places:
        raise AnswerError("too_many_places", places=question.places)
    return float(number) + 0.0  # -0.0 becomes 0.0


def _exact(given: Any) -> Decimal | None:
    if isinstance(given, str):
        text = _ascii(given)
        return Decimal(text) if DECIMAL.fullmatch(text) else None
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    if isinstance(given, int):
        return Decimal(given)
    return Decimal(repr(given)) if math.isfinite(given) else None


def _within_bounds(question: Question, number: Any) -> Any:
    """Packed values are 64-bit integers of up to six places, hence the absolute limit."""
    low, high = question.minimum, question.maximum
    if low is not None and high is not None:
        if not low <= number <= high:
            raise AnswerError("out_of_bounds", minimum=low, maximum=high)
    elif number < (-LARGEST_NUMBER if low is None else low):
        raise AnswerError("too_low", minimum=-LARGEST_NUMBER if low is None else low)
    elif number > (LARGEST_NUMBER if high is None else high):
        raise AnswerError("too_high", maximum=LARGEST_NUMBER if high is None else high)
    return number


def _date(question: Question, given: Any) -> str:
    text = _ascii(given) if isinstance(given, str) else ""
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if not day or day != text:
        raise AnswerError("not_a_date")
    return str(_within_days(question, day))


def _within_days(question: Question, day: str) -> str:
    low, high = str(question.minimum or ""), str(question.maximum or "")
    if low and high and not low <= day <= high:
        raise AnswerError("out_of_bounds", minimum=low, maximum=high)
    if low and day < low:
        raise AnswerError("too_low", minimum=low)
    if high and day > high:
        raise AnswerError("too_high", maximum=high)
    return day


def canonical_text(question: Question, given: Any) -> str:
    """Also for notes, which are as long as a text of their question may be."""
    if not isinstance(given, str):
        raise AnswerError("not_a_text")
    lines = given.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", lines).strip(UNSEEN)
    if UNSTORABLE.search(text):
        raise AnswerError("control_character")
    if len(text) > question.max_length:
        raise AnswerError("too_long", max_length=question.max_length, length=len(text))
    return text


def is_empty(given: Any) -> bool:
    """Nothing, no option, or white space only: blank."""
    if isinstance(given, str):
        return not given.strip(UNSEEN)
    return given is None or (isinstance(given, list | tuple) and not given)


def _ascii(text: str) -> str:
    """Full-width letters, digits and signs, as Chinese input methods type them, become ASCII."""
    return text.strip() if text.isascii() else text.translate(FULL_WIDTH).strip(UNSEEN)


CANONICAL: dict[Kind, Callable[[Question, Any], Any]] = {
    Kind.SINGLE: _choice,
    Kind.SCALE: _choice,
    Kind.MULTIPLE: _choices,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.TEXT: canonical_text,
}
