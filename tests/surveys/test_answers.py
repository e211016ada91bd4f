"""The one checker: whatever comes in, what is counted is right and what was given is kept."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.answers import Checked, check, finalise, is_asked
from surveys.canonical import is_empty
from surveys.definition import Audience, Questionnaire
from surveys.records import pack
from tests.surveys.generated import (
    JSON_LIKE,
    NAUGHTY,
    audiences,
    made,
    questionnaires,
    raw_answers,
    responses,
)

Data = dict[str, Any]
Response = tuple[Questionnaire, Data, Audience | None]
CALM = settings(max_examples=60)

AB = [{"code": "A", "text": "甲"}, {"code": "B", "text": "乙"}]
REFUSED = {"code": "R", "text": "拒答", "meaning": "refused"}
OTHER = {"code": "E", "text": "其他", "note": True}
OPTIONAL = {"required": False}
ONE_OF_EACH = made(
    {"code": "q0", "kind": "text", **OPTIONAL},
    {"code": "q1", "kind": "date", **OPTIONAL},
    {"code": "q2", "kind": "integer", **OPTIONAL},
    {"code": "q3", "kind": "decimal", **OPTIONAL},
    {"code": "q4", "kind": "single", "options": [*AB, OTHER], **OPTIONAL},
    {"code": "q5", "kind": "multiple", "options": [*AB, OTHER], **OPTIONAL},
)


def nest(depth: int) -> Any:
    value: Any = "A"
    for _ in range(depth):
        value = [value]
    return value


def shown(value: Any) -> str:
    return "huge" if isinstance(value, int) and abs(value) > 10**20 else ascii(value)[:20]


def outcome(question: Data, answer: Any) -> Any:
    """The clean answer to one question, or the codes of the complaints about it."""
    checked = check(made({"code": "q01", **question}), {"q01": answer})
    return checked.clean.get("q01", [complaint.code for complaint in checked.complaints])


def codes(checked: Checked) -> list[tuple[str, str]]:
    return [(complaint.key, complaint.code) for complaint in checked.complaints]


# What holds for every questionnaire


@given(responses())
@CALM
def test_nothing_is_raised_and_every_complaint_can_be_said(response: Response) -> None:
    for complaint in check(*response).complaints:
        for language in ("zh", "en"):
            assert complaint.text(language).encode("utf-8")


@given(st.dictionaries(st.sampled_from([*ONE_OF_EACH.answer_keys, "?"]), JSON_LIKE))
@CALM
def test_any_json_is_answered_with_complaints(raw: Data) -> None:
    checked = check(ONE_OF_EACH, raw)
    assert all(complaint.text() and complaint.text("en") for complaint in checked.complaints)
    assert pack(ONE_OF_EACH, checked.clean, None)


@pytest.mark.parametrize("value", [10**5000, -(10**5000), nest(900)], ids=["huge", "low", "deep"])
def test_endless_numbers_and_nesting_are_answered_with_complaints(value: Any) -> None:
    for answer in (value, [value], {"a": value}):
        checked = check(ONE_OF_EACH, dict.fromkeys(ONE_OF_EACH.answer_keys, answer))
        assert len(checked.complaints) >= len(ONE_OF_EACH.questions)
        assert all(len(complaint.text()) < 500 for complaint in checked.complaints)


@given(responses())
@CALM
def test_checking_clean_answers_again_changes_nothing(response: Response) -> None:
    questionnaire, raw, audience = response
    clean = check(questionnaire, raw, audience).clean
    again = check(questionnaire, clean, audience)
    assert again.clean == clean
    assert {complaint.code for complaint in again.complaints} <= {"required", "note_missing"}
    for code, answer in clean.items():
        assert repr(again.clean[code]) == repr(answer)


@given(responses())
@CALM
def test_checking_what_was_kept_finds_the_same(response: Response) -> None:
    questionnaire, raw, audience = response
    first = check(questionnaire, raw, audience)
    second = check(questionnaire, first.kept, audience)
    assert second.clean == first.clean
    assert codes(second) == codes(first)


@given(responses())
@CALM
def test_nothing_that_was_given_is_lost(response: Response) -> None:
    questionnaire, raw, audience = response
    checked = check(questionnaire, raw, audience)
    assert checked.kept.keys() == {key for key, value in raw.items() if not is_empty(value)}
    for key, value in checked.kept.items():
        assert value is raw[key] or value == checked.clean[key]
    assert checked.clean.items() <= checked.kept.items()


@given(responses())
@CALM
def test_whatever_was_given_and_does_not_count_has_a_complaint_of_the_response(
    response: Response,
) -> None:
    questionnaire, raw, audience = response
    checked = check(questionnaire, raw, audience)
    if checked.kept.keys() - checked.clean.keys():
        assert checked.complaints


@given(responses())
@CALM
def test_clean_answers_are_json_with_nothing_that_a_database_refuses(response: Response) -> None:
    clean = check(*response).clean
    text = json.dumps(clean, ensure_ascii=False, allow_nan=False)
    assert json.loads(text) == clean
    assert b"\\u0000" not in text.encode("utf-8")


@given(questionnaires(), st.data())
@CALM
def test_right_answers_bring_no_complaint_but_about_blanks(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    audience = data.draw(audiences())
    raw = data.draw(raw_answers(questionnaire, faulty=False))
    found = check(questionnaire, finalise(questionnaire, raw, audience), audience).complaints
    assert {complaint.code for complaint in found} <= {
        *("required", "note_missing", "control_character")
    }


@given(responses())
@CALM
def test_after_finalising_no_answer_is_one_too_many(response: Response) -> None:
    questionnaire, raw, audience = response
    left = finalise(questionnaire, raw, audience)
    found = {complaint.code for complaint in check(questionnaire, left, audience).complaints}
    assert not found & {"not_asked", "note_without_option"}
    assert check(questionnaire, left, audience).clean == check(questionnaire, raw, audience).clean
    assert repr(finalise(questionnaire, left, audience)) == repr(left)


@given(responses())
@CALM
def test_only_what_is_asked_counts(response: Response) -> None:
    questionnaire, raw, audience = response
    clean = check(questionnaire, raw, audience).clean
    for question in questionnaire.questions:
        if question.code in clean:
            assert is_asked(question, clean, audience)


# Kind by kind


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("１２", 12),
        ("－３", -3),
        ("−3", -3),
        ("+7", 7),
        ("007", 7),
        (5.0, 5),
        (-0.0, 0),
        (10**12, 10**12),
        (10**12 + 1, ["too_high"]),
        (-(10**12) - 1, ["too_low"]),
        (10**5000, ["too_high"]),
        (1e300, ["too_high"]),
        ("9999999999999", ["too_high"]),
        *(
            (wrong, ["not_an_integer"])
            for wrong in ("1.5", "1e5", "1_0", "²", "1²", "٣", "一", "0x1F")
        ),
        *((wrong, ["not_an_integer"]) for wrong in (1.5, True, math.nan, math.inf, {}, {"a": 1})),
        ([5], ["one_answer_only"]),
        ("99999999999999", ["not_an_integer"]),
    ],
    ids=shown,
)
def test_an_integer_is_a_whole_number_written_in_any_width(answer: Any, expected: Any) -> None:
    assert outcome({"kind": "integer"}, answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("12.50", 12.5),
        ("１２．５", 12.5),
        (3, 3.0),
        (2.675, ["too_many_places"]),
        ("2.670", 2.67),
        (0.1 + 0.2, ["too_many_places"]),
        (1e-7, ["too_many_places"]),
        (1e-300, ["too_many_places"]),
        (1e12, 1e12),
        (1e13, ["too_high"]),
        (1e22, ["too_high"]),
        (10**5000, ["too_high"]),
        (-(10**5000), ["too_low"]),
        *(
            (wrong, ["not_a_number"])
            for wrong in ("1e5", "1_0", "1,5", ".5", "5.", "½", "NaN", "inf")
        ),
        *((wrong, ["not_a_number"]) for wrong in (True, math.nan, -math.inf, {})),
    ],
    ids=shown,
)
def test_a_decimal_keeps_its_places_and_nothing_else(answer: Any, expected: Any) -> None:
    assert outcome({"kind": "decimal"}, answer) == expected


@pytest.mark.parametrize("nought", [-0.0, "-0", "-0.00", "－０"])
def test_minus_nought_is_nought(nought: Any) -> None:
    assert repr(outcome({"kind": "decimal"}, nought)) == "0.0"


def test_six_places_are_kept_down_to_the_smallest() -> None:
    assert outcome({"kind": "decimal", "places": 6}, "0.000001") == 1e-6
    assert outcome({"kind": "decimal", "places": 6}, 1e-6) == 1e-6


@pytest.mark.parametrize("kind", ["integer", "decimal"])
def test_bounds_belong_to_the_range(kind: str) -> None:
    ages = {"kind": kind, "minimum": 18, "maximum": 120}
    assert [outcome(ages, age) for age in (18, "120")] == [18, 120]
    assert outcome(ages, 17) == outcome(ages, "121") == ["out_of_bounds"]
    assert outcome({"kind": kind, "minimum": 18}, 17) == ["too_low"]
    assert outcome({"kind": kind, "maximum": 18}, 19) == ["too_high"]


def test_a_decimal_bound_belongs_to_the_range_though_no_binary_fraction_equals_it() -> None:
    shares = {"kind": "decimal", "minimum": 0.1, "maximum": 0.3}
    assert [outcome(shares, share) for share in ("0.1", 0.1, "0.3", 0.3)] == [0.1, 0.1, 0.3, 0.3]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("2020-02-29", "2020-02-29"),
        ("２０２０－０２－２９", "2020-02-29"),
        ("2000-02-29", "2000-02-29"),
        ("0001-01-01", "0001-01-01"),
        *((w, ["not_a_date"]) for w in ("2019-02-29", "1900-02-29", "2018-13-01", "2018-00-10")),
        *((w, ["not_a_date"]) for w in ("20180630", "2018-6-30", "2018/06/30", "2018-W05-1")),
        *((w, ["not_a_date"]) for w in ("2018-06-30T00:00", "10000-01-01", 20180630, True, {})),
    ],
)
def test_a_date_is_a_day_of_the_calendar_in_iso_form(answer: Any, expected: Any) -> None:
    assert outcome({"kind": "date"}, answer) == expected


def test_first_and_last_day_belong_to_the_range() -> None:
    year = {"kind": "date", "minimum": "2018-01-01", "maximum": "2018-12-31"}
    assert outcome(year, "2018-01-01") == "2018-01-01"
    assert outcome(year, "2017-12-31") == outcome(year, "2019-01-01") == ["out_of_bounds"]
    assert outcome({"kind": "date", "minimum": "2018-01-01"}, "2017-12-31") == ["too_low"]
    assert outcome({"kind": "date", "maximum": "2018-01-01"}, "2018-01-02") == ["too_high"]


@pytest.mark.parametrize("kind", ["integer", "decimal", "date"])
def test_a_number_or_date_can_be_refused(kind: str) -> None:
    assert outcome({"kind": kind, "options": [REFUSED]}, "R") == "R"
    assert outcome({"kind": kind, "options": [REFUSED], "minimum": None}, "X") != "X"


@pytest.mark.parametrize("answer", ["A", " A ", "Ａ", "\u3000A\u200b"])
def test_an_option_is_known_in_any_width(answer: str) -> None:
    assert outcome({"kind": "single", "options": AB}, answer) == "A"
    assert outcome({"kind": "multiple", "options": AB}, [answer]) == ["A"]
    assert outcome({"kind": "multiple", "options": AB}, answer) == ["A"]


@pytest.mark.parametrize("answer", ["C", "a", "A B", "甲", 1, 0, True, {}, {"A": 1}, 1.5])
def test_a_single_choice_takes_nothing_but_its_options(answer: Any) -> None:
    assert outcome({"kind": "single", "options": AB}, answer) == ["unknown_option"]
    assert outcome({"kind": "scale", "options": AB}, answer) == ["unknown_option"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["B", "A"], ["A", "B"]),
        (("A",), ["A"]),
        (["A", "A"], ["option_twice"]),
        (["A", "Ａ"], ["option_twice"]),
        (["A", "C"], ["unknown_option"]),
        ("A B", ["unknown_option"]),
        (["A", 1], ["not_a_list_of_options"]),
        ([["A"]], ["not_a_list_of_options"]),
        ([None], ["not_a_list_of_options"]),
        ({"A": True}, ["not_a_list_of_options"]),
        (True, ["not_a_list_of_options"]),
        ([], ["required"]),
    ],
    ids=repr,
)
def test_a_multiple_choice_is_a_list_of_different_options(answer: Any, expected: Any) -> None:
    assert outcome({"kind": "multiple", "options": AB}, answer) == expected


def test_at_most_k_options_can_be_ticked() -> None:
    three = {"kind": "multiple", "options": [*AB, REFUSED, OTHER | {"note": False}], "at_most": 2}
    assert outcome(three, ["A", "B"]) == ["A", "B"]
    assert outcome(three, ["A", "B", "E"]) == ["too_many"]


@pytest.mark.parametrize("alone", [REFUSED, {"code": "R", "text": "都没有", "exclusive": True}])
def test_an_exclusive_option_and_a_refusal_stand_alone(alone: Data) -> None:
    question = {"kind": "multiple", "options": [*AB, alone]}
    assert outcome(question, ["R"]) == ["R"]
    assert outcome(question, ["A", "R"]) == ["exclusive"]


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b", "\ufeff\n", [], ()])
@pytest.mark.parametrize("question", ONE_OF_EACH.questions, ids=lambda q: q.kind)
def test_white_and_unseen_characters_are_a_blank(question: Any, blank: Any) -> None:
    assert check(ONE_OF_EACH, {question.code: blank}) == Checked({}, (), {})


def test_a_required_question_left_blank_is_complained_about() -> None:
    assert outcome({"kind": "text"}, " ") == ["required"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (" a\r\nb\rc ", "a\nb\nc"),
        ("e\u0301", "é"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("=1+1", "=1+1"),
        ("'); DROP TABLE responses;--", "'); DROP TABLE responses;--"),
        ("a" * 500, "a" * 500),
        ("a" * 501, ["too_long"]),
        *((w, ["control_character"]) for w in ("a\x00b", "\ud800", "\x1b[31m", "\uffff", "a\x85b")),
        *((w, ["not_a_text"]) for w in (1, True, {"a": 1}, math.nan)),
        (["a"], ["one_answer_only"]),
    ],
    ids=shown,
)
def test_a_text_is_kept_as_written_if_it_can_be_stored(answer: Any, expected: Any) -> None:
    assert outcome({"kind": "text"}, answer) == expected


@given(st.text() | NAUGHTY)
@CALM
def test_a_text_that_is_accepted_stays_the_same_ever_after(text: str) -> None:
    first = check(ONE_OF_EACH, {"q0": text}).clean
    assert check(ONE_OF_EACH, first) == Checked(first, (), first)


# Notes, audiences, skip rules


@pytest.mark.parametrize(("kind", "other"), [("single", "E"), ("multiple", ["A", "E"])])
def test_a_note_belongs_to_its_option_and_to_nothing_else(kind: str, other: Any) -> None:
    questionnaire = made({"code": "q01", "kind": kind, "options": [*AB, OTHER]})
    with_note = {"q01": other, "q01_E_note": "养鱼"}
    assert check(questionnaire, with_note).clean == with_note
    assert codes(check(questionnaire, {"q01": other})) == [("q01_E_note", "note_missing")]
    without = check(questionnaire, {"q01": "A", "q01_E_note": "养鱼"})
    assert codes(without) == [("q01_E_note", "note_without_option")]
    assert without.kept["q01_E_note"] == "养鱼"
    assert codes(check(questionnaire, {"q01": "A", "q01_A_note": "x"})) == [
        ("q01_A_note", "unknown_question")
    ]


def test_an_unknown_audience_is_asked_everything() -> None:
    questionnaire = made(
        *(
            {"code": f"q0{i}", "kind": "integer", "audiences": [audience]}
            for i, audience in enumerate(Audience)
        )
    )
    everything = {"q00": 1, "q01": 2, "q02": 3}
    assert check(questionnaire, everything, None).clean == everything
    cadre = check(questionnaire, everything, Audience.CADRE)
    assert cadre.clean == {"q02": 3}
    assert codes(cadre) == [("q00", "not_asked"), ("q01", "not_asked")]


def test_an_audience_that_the_questionnaire_is_not_for_is_complained_about() -> None:
    data = made({"code": "q01", "kind": "integer"}).model_dump()
    residents = Questionnaire.model_validate(data | {"audiences": ["recipient"]})
    assert codes(check(residents, {"q01": 1}, Audience.CADRE)) == [("audience", "wrong_audience")]


CHAIN = made(
    {"code": "q01", "kind": "integer"},
    {"code": "q02", "kind": "single", "options": [*AB, OTHER]}
    | {"asked_if": {"question": "q01", "at_least": 60}},
    {"code": "q03", "kind": "text", "asked_if": {"question": "q02", "equals": "A"}},
)


def test_an_answer_that_became_hidden_is_not_used_by_later_conditions() -> None:
    checked = check(CHAIN, {"q01": 30, "q02": "A", "q03": "在"})
    assert checked.clean == {"q01": 30}
    assert codes(checked) == [("q02", "not_asked"), ("q03", "not_asked")]
    assert finalise(CHAIN, {"q01": 30, "q02": "A", "q03": "在"}) == {"q01": 30}


def test_finalising_drops_notes_of_options_no_longer_chosen() -> None:
    raw = {"q01": 70, "q02": "B", "q02_E_note": "x"}
    assert finalise(CHAIN, raw) == {"q01": 70, "q02": "B"}


def test_a_typing_error_costs_neither_later_answers_nor_notes() -> None:
    raw = {"q01": "7O", "q02": "A", "q03": "在"}
    assert finalise(CHAIN, raw) == raw
    checked = check(CHAIN, raw)
    assert checked.clean == {}
    assert codes(checked) == [("q01", "not_an_integer")]
    assert checked.kept == raw
    noted = {"q01": 70, "q02": "X", "q02_E_note": "养鱼"}
    assert finalise(CHAIN, noted) == noted


def test_finalising_keeps_what_the_questionnaire_does_not_know() -> None:
    assert finalise(CHAIN, {"q01": 70, "q02": "B", "q02_A_note": "?"})["q02_A_note"] == "?"


def test_complaints_stand_in_the_order_of_the_form() -> None:
    found = codes(check(ONE_OF_EACH, {"z": 1, "y": 1, "q5": 1, "q2": "x", "q0": 1}))
    assert [key for key, _ in found] == ["q0", "q2", "q5", "z", "y"]
