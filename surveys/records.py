"""Packed records: Questionnaire -> numpy dtype, answers -> fixed-width bytes, bytes -> columns.

A record is derived from the answers by the rule named in `LAYOUT_RULE` and can always be rebuilt.
Each question has a field of its code with one byte of state (a choice question: of answer):

    0 not asked · 1 blank · 2… the option at place 0, 1, … · 255 a value (numbers, dates, texts)

A multiple choice is a bit mask instead: 0 not asked · bit 0 blank · bit 1… the options. Numbers and
dates keep their value in a second field `<code>:value` (decimals as integer of 10^-places, dates as
days since 1970-01-01), zero unless the state says value. A text is only its state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.answers import is_asked
from surveys.definition import Audience, Kind, Question, Questionnaire

LAYOUT_RULE = 1
NOT_ASKED, BLANK, FIRST_OPTION, VALUE = 0, 1, 2, 255
BLANK_BIT, FIRST_OPTION_BIT = 1, 1
MAX_OPTIONS = {Kind.MULTIPLE: 63}
MAX_OPTIONS_OTHERWISE = VALUE - FIRST_OPTION
EPOCH = date(1970, 1, 1).toordinal()

Columns = Mapping[str, npt.NDArray[Any]]


def layout(questionnaire: Questionnaire) -> np.dtype[np.void]:
    """The numpy dtype (packed, no padding) of one record of this questionnaire version."""
    fields: list[tuple[str, str]] = []
    for question in questionnaire.questions:
        fields.append((question.code, _state_type(question)))
        if question.kind in VALUE_TYPES:
            fields.append((value_field(question), VALUE_TYPES[question.kind]))
    return np.dtype(fields)


def pack(
    questionnaire: Questionnaire, answers: Mapping[str, Any], audience: Audience | None
) -> bytes:
    """Clean answers (see `surveys.answers.check`) -> one record."""
    return b"".join(
        _field(question, answers, is_asked(question, answers, audience))
        for question in questionnaire.questions
    )


def columns(questionnaire: Questionnaire, records: bytes) -> Columns:
    """Records laid end to end -> one contiguous array per field, each of length n.

    Raises ValueError if the bytes are no whole number of records.
    """
    rows = np.frombuffer(records, dtype=layout(questionnaire))
    return {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}


def unpack(questionnaire: Questionnaire, record: bytes) -> dict[str, Any]:
    """One record -> its answers without blanks; a text that was given comes back as `True`."""
    row = np.frombuffer(record, dtype=layout(questionnaire))[0]
    answers = {q.code: _answer(q, row) for q in questionnaire.questions}
    return {code: answer for code, answer in answers.items() if answer is not None}


def value_field(question: Question) -> str:
    return f"{question.code}:value"


def _field(question: Question, answers: Mapping[str, Any], asked: bool) -> bytes:
    answer = answers.get(question.code)
    state = _state(question, answer) if asked else NOT_ASKED
    packed = state.to_bytes(_size(_state_type(question)), "little")
    if question.kind not in VALUE_TYPES:
        return packed
    value = _number(question, answer) if state == VALUE else 0
    return packed + value.to_bytes(_size(VALUE_TYPES[question.kind]), "little", signed=True)


def _size(numpy_type: str) -> int:
    """Bytes of `<u4` or `|u1`; asking numpy for it costs more than all the rest of packing."""
    return int(numpy_type[-1])


def _state_type(question: Question) -> str:
    if question.kind is not Kind.MULTIPLE:
        return "|u1"
    bits = len(question.options) + FIRST_OPTION_BIT
    return next(f"<u{size}" for size in (1, 2, 4, 8) if bits <= 8 * size)


def _state(question: Question, answer: Any) -> int:
    if answer is None:
        return BLANK_BIT if question.kind is Kind.MULTIPLE else BLANK
    if question.kind is Kind.MULTIPLE:
        return sum(1 << (question.position[code] + FIRST_OPTION_BIT) for code in answer)
    if question.is_choice or (
        question.options and isinstance(answer, str) and answer in question.position
    ):
        return question.position[answer] + FIRST_OPTION
    return VALUE


def _number(question: Question, answer: Any) -> int:
    if question.kind is Kind.DATE:
        return date.fromisoformat(answer).toordinal() - EPOCH
    if question.kind is Kind.DECIMAL:
        return int(Decimal(repr(float(answer))).scaleb(question.places).to_integral_value())
    return int(answer)


def _answer(question: Question, row: np.void) -> Any:
    state = int(row[question.code])
    if state in (NOT_ASKED, BLANK):
        return None
    if question.kind is Kind.MULTIPLE:
        ticked = state >> FIRST_OPTION_BIT
        return [o.code for place, o in enumerate(question.options) if ticked >> place & 1]
    if state != VALUE:
        return question.options[state - FIRST_OPTION].code
    return _value(question, row)


def _value(question: Question, row: np.void) -> Any:
    if question.kind is Kind.TEXT:
        return True
    value = int(row[value_field(question)])
    if question.kind is Kind.DATE:
        return date.fromordinal(value + EPOCH).isoformat()
    return value / 10**question.places if question.kind is Kind.DECIMAL else value


VALUE_TYPES = {Kind.INTEGER: "<i8", Kind.DECIMAL: "<i8", Kind.DATE: "<i4"}
