"""Numbers as text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from analysis import wording


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.025, "2.03"),
        (2.675, "2.68"),
        (1.005, "1.01"),
        (-1.005, "-1.01"),
        (Decimal("2.025"), "2.03"),
        (Fraction(81, 40), "2.03"),
        (np.float64(2.025), "2.03"),
        (3, "3.00"),
        (-0.001, "0.00"),
        (1e15, "1000000000000000.00"),
        (1e60, "1" + "0" * 60 + ".00"),
        (-2.5e100, "-25" + "0" * 99 + ".00"),
        (1e-9, "0.00"),
        (None, "—"),
        (float("nan"), "—"),
        (float("inf"), "—"),
    ],
)
def test_number_rounds_half_up_on_the_decimal_number(value: object, expected: str) -> None:
    assert wording.number(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.67, "67.00%"),
        (1, "100.00%"),
        (0.0, "0.00%"),
        (0.00005, "0.01%"),
        (0.10005, "10.01%"),
        (2 / 3, "66.67%"),
        (3.94, "394.00%"),
        (None, "—"),
    ],
)
def test_percent_has_two_places(share: object, expected: str) -> None:
    assert wording.percent(share) == expected


def test_percent_without_places() -> None:
    assert wording.percent(0.005, places=0) == "1%"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Decimal("2.877"), "2.877"), (3, "3"), (100, "100"), (Fraction(1, 3), "0.333333"), (0, "0")],
)
def test_exact_has_all_digits_and_no_trailing_zeros(value: object, expected: str) -> None:
    assert wording.exact(value) == expected


def test_exact_tells_when_it_rounds() -> None:
    assert wording.is_exact(Decimal("2.877"))
    assert not wording.is_exact(Fraction(1, 3))


def test_weights_are_written_as_in_the_printed_formula() -> None:
    written = [wording.weight(Decimal(p)) for p in ("1", "1.00", "0.80", "0.67", "0")]
    assert written == ["1.0", "1.0", "0.8", "0.67", "0"]


def test_counts_have_no_separators() -> None:
    assert wording.count(1234567) == "1234567"
    assert wording.count(None) == "—"


def test_spans_need_both_ends() -> None:
    assert wording.span(0.1, 0.25) == "10.00%–25.00%"
    assert wording.span(None, 0.25) == "—"


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (0.0502, "0.0502"),
        (0.0498, "0.0498"),
        (0.04996, "0.04996"),
        (0.050004, "0.050004"),
        (0.05, "0.050"),
        (0.0506, "0.051"),
        (0.0494, "0.049"),
        (1.0, ">0.999"),
        (0.0004, "<0.001"),
    ],
)
def test_a_chance_near_the_limit_shows_on_which_side_it_is(p: float, told: str) -> None:
    assert wording.p_value(p) == told


def test_a_chance_in_a_sentence_reads_the_same_everywhere() -> None:
    found = [wording.p_equation(p) for p in (0.0132, 0.0001, 0.99999, None)]
    assert found == ["p = 0.013", "p < 0.001", "p > 0.999", "—"]


def test_differences_have_their_sign_and_nothing_has_none() -> None:
    assert [wording.signed(v) for v in (1.25, -0.4, 0, 0.001, None)] == [
        "+1.25",
        "-0.40",
        "0.00",
        "0.00",
        "—",
    ]
    assert [wording.signed_points(v) for v in (0.02845, -0.0365, None)] == ["+2.85", "-3.65", "—"]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1,113.23", "1113.23"),
        ("１，１１３", "1113"),
        ("12 345 678", "12345678"),
        (" 85 % ", "85%"),
        ("\u22125", "-5"),
        ("1,5", "1,5"),
        ("1,113,23", "1,113,23"),
        ("9,3.99", "9,3.99"),
        ("1 5", "1 5"),
    ],
)
def test_only_separators_of_thousands_go_from_what_was_typed(typed: str, plain: str) -> None:
    assert wording.plain_number(typed) == plain


def test_enormous_numbers_are_written_in_every_form() -> None:
    assert wording.exact(1e60) == "1" + "0" * 60
    assert wording.percent(1e60) == "1" + "0" * 62 + ".00%"
    assert wording.amount(1e60) == "1" + "0" * 60 + ".00"
    assert wording.signed(1e60) == "+1" + "0" * 60 + ".00"
