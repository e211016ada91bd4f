"""One reader of ranges for rubrics and for described reports."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.ranges import Bound, Range, RangeError, read_range


@pytest.mark.parametrize(
    ("text", "low", "low_in", "high", "high_in"),
    [
        ("70%≤x<80%", Bound(Fraction(70), True), True, Bound(Fraction(80), True), False),
        ("15%≥x>10%", Bound(Fraction(10), True), False, Bound(Fraction(15), True), True),
        ("x＞5", Bound(Fraction(5), False), False, None, False),
        ("Ｘ≦−2.5", None, False, Bound(Fraction("-2.5"), False), True),
        ("x＝３％", Bound(Fraction(3), True), True, Bound(Fraction(3), True), True),
        ("x", None, False, None, False),
    ],
)
def test_a_range_has_the_ends_that_are_written(
    text: str, low: Bound | None, low_in: bool, high: Bound | None, high_in: bool
) -> None:
    assert read_range(text) == Range(low, low_in, high, high_in)


def test_percent_is_a_share_where_values_are_compared() -> None:
    assert (Bound(Fraction(70), True).value, Bound(Fraction(3), False).value) == (
        Fraction(7, 10),
        3,
    )
    assert read_range("0.5<x≤60%").low == Bound(Fraction(1, 2), False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_range"),
        ("y<3", "not_a_range"),
        ("x≠3", "not_a_range"),
        ("1<x>2", "range_signs"),
        ("80<x<70", "range_empty"),
        ("5<x≤5", "range_empty"),
        ("60%<x<0.5", "range_empty"),
    ],
)
def test_what_is_no_range_says_why(text: str, code: str) -> None:
    with pytest.raises(RangeError) as found:
        read_range(text)
    assert found.value.code == code
