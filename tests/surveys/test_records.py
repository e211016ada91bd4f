"""Packed records give back what was packed, for every questionnaire and every kind of answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.answers import check, is_asked
from surveys.definition import Audience, Kind, Question, Questionnaire
from surveys.records import BLANK, NOT_ASKED, VALUE, columns, layout, pack, unpack, value_field
from tests.surveys.generated import audiences, made, questionnaires, raw_answers, responses

Data = dict[str, Any]
CALM = settings(max_examples=60)


def options(count: int) -> list[Data]:
    return [{"code": f"A{i}", "text": f"选项{i}"} for i in range(count)]


def expected(questionnaire: Questionnaire, clean: Data) -> Data:
    """What a record remembers of clean answers: a text only as a state, and no notes."""
    return {
        question.code: True if question.kind is Kind.TEXT else clean[question.code]
        for question in questionnaire.questions
        if question.code in clean
    }


def state(question: Question, clean: Data, audience: Audience | None) -> str:
    if not is_asked(question, clean, audience):
        return "not asked"
    return "given" if question.code in clean else "blank"


def state_in(question: Question, packed: int) -> str:
    return {NOT_ASKED: "not asked", BLANK: "blank"}.get(packed, "given")


@given(responses())
@CALM
def test_unpacking_gives_back_what_was_packed(
    response: tuple[Questionnaire, Data, Audience | None],
) -> None:
    questionnaire, raw, audience = response
    clean = check(questionnaire, raw, audience).clean
    record = pack(questionnaire, clean, audience)
    assert len(record) == layout(questionnaire).itemsize
    assert unpack(questionnaire, record) == expected(questionnaire, clean)


@given(responses())
@CALM
def test_a_record_keeps_not_asked_blank_and_given_apart(
    response: tuple[Questionnaire, Data, Audience | None],
) -> None:
    questionnaire, raw, audience = response
    clean = check(questionnaire, raw, audience).clean
    held = columns(questionnaire, pack(questionnaire, clean, audience))
    for question in questionnaire.questions:
        packed = int(held[question.code][0])
        assert state_in(question, packed) == state(question, clean, audience)
        if question.kind is Kind.TEXT:
            assert packed in (NOT_ASKED, BLANK, VALUE)


@given(questionnaires(), st.data())
@settings(max_examples=60)
def test_columns_of_many_records_agree_with_unpacking_each(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    given_by = [
        (check(questionnaire, data.draw(raw_answers(questionnaire)), audience).clean, audience)
        for audience in data.draw(st.lists(audiences(), max_size=4))
    ]
    records = [pack(questionnaire, clean, audience) for clean, audience in given_by]
    held = columns(questionnaire, b"".join(records))
    assert set(held) == set(layout(questionnaire).names or ())
    for place, record in enumerate(records):
        row = np.zeros(1, dtype=layout(questionnaire))
        for name, column in held.items():
            assert len(column) == len(records)
            assert column.flags.c_contiguous
            row[name] = column[place]
        assert row.tobytes() == record
        assert unpack(questionnaire, row.tobytes()) == unpack(questionnaire, record)


def test_no_records_are_columns_of_length_nought() -> None:
    questionnaire = made({"code": "q01", "kind": "integer"})
    assert {name: len(c) for name, c in columns(questionnaire, b"").items()} == {
        "q01": 0,
        "q01:value": 0,
    }


def test_bytes_that_are_no_whole_number_of_records_are_refused() -> None:
    questionnaire = made({"code": "q01", "kind": "integer"})
    with pytest.raises(ValueError, match="multiple"):
        columns(questionnaire, b"\x01" * 10)


@pytest.mark.parametrize(("count", "size"), [(1, 1), (7, 1), (8, 2), (15, 2), (16, 4), (63, 8)])
def test_a_multiple_choice_takes_the_fewest_bytes_that_hold_its_options(
    count: int, size: int
) -> None:
    questionnaire = made({"code": "q01", "kind": "multiple", "options": options(count)})
    everything = [option["code"] for option in options(count)]
    record = pack(questionnaire, {"q01": everything}, None)
    assert len(record) == size
    assert unpack(questionnaire, record) == {"q01": everything}


def test_the_last_of_253_options_is_told_from_a_value() -> None:
    questionnaire = made({"code": "q01", "kind": "single", "options": options(253)})
    record = pack(questionnaire, {"q01": "A252"}, None)
    assert record[0] == VALUE - 1
    assert unpack(questionnaire, record) == {"q01": "A252"}


def test_bytes_are_as_documented() -> None:
    questionnaire = made(
        {"code": "q01", "kind": "single", "options": options(3)},
        {"code": "q02", "kind": "multiple", "options": options(3)},
        {"code": "q03", "kind": "date"},
        {"code": "q04", "kind": "decimal", "places": 1},
        {"code": "q05", "kind": "text", "audiences": ["cadre"]},
    )
    clean = {"q01": "A1", "q02": ["A0", "A2"], "q03": "1970-01-02", "q04": -0.3}
    record = pack(questionnaire, clean, Audience.RECIPIENT)
    assert record == (
        b"\x03"  # the option at place 1
        b"\x0a"  # bits 1 and 3
        b"\xff\x01\x00\x00\x00"  # a value, one day
        b"\xff\xfd\xff\xff\xff\xff\xff\xff\xff"  # a value, -3 tenths
        b"\x00"  # not asked
    )


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2020-02-29", "9999-12-31"])
def test_every_day_of_the_calendar_survives(day: str) -> None:
    questionnaire = made({"code": "q01", "kind": "date"})
    assert unpack(questionnaire, pack(questionnaire, {"q01": day}, None)) == {"q01": day}


@pytest.mark.parametrize("value", [1e-6, 0.1, 2.675, 1.005, -0.000001, 123456789.123456, 1e12])
def test_decimals_come_back_to_the_last_digit(value: float) -> None:
    questionnaire = made({"code": "q01", "kind": "decimal", "places": 6})
    clean = check(questionnaire, {"q01": value}).clean
    assert unpack(questionnaire, pack(questionnaire, clean, None)) == {"q01": value}


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
@CALM
def test_any_decimal_that_the_checker_accepts_comes_back(value: float, places: int) -> None:
    questionnaire = made({"code": "q01", "kind": "decimal", "places": places})
    clean = check(questionnaire, {"q01": round(value, places)}).clean
    assert unpack(questionnaire, pack(questionnaire, clean, None)) == clean


def test_a_refusal_of_a_number_is_no_value() -> None:
    refused = [{"code": "R", "text": "拒答", "meaning": "refused"}]
    questionnaire = made({"code": "q01", "kind": "integer", "options": refused})
    held = columns(questionnaire, pack(questionnaire, {"q01": "R"}, None))
    assert (int(held["q01"][0]), int(held["q01:value"][0])) == (2, 0)
    assert value_field(questionnaire.questions[0]) == "q01:value"


def test_an_answer_to_a_question_that_is_not_asked_leaves_no_trace() -> None:
    questionnaire = made({"code": "q01", "kind": "integer", "audiences": ["cadre"]})
    assert not any(pack(questionnaire, {"q01": 7}, Audience.RECIPIENT))
