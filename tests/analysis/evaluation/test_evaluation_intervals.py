"""Intervals of rubrics: read, written, and what they leave uncovered."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evaluation.intervals import Interval, IntervalError, parse, uncovered, written

WHOLE_LINE = ["x<60%", "60%≤x<80%", "x≥80%"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("x=0%", [0], [Fraction(1, 1000)]),
        ("0%<x<30%", [Fraction(1, 1000), Fraction(29, 100)], [0, Fraction(3, 10)]),
        ("30%≤x<60%", [Fraction(3, 10)], [Fraction(6, 10)]),
        ("15%≥x>10%", [Fraction(15, 100)], [Fraction(10, 100), Fraction(16, 100)]),
        ("x≤0", [0, -1], [Fraction(1, 10**6)]),
        ("x >= 100%", [1, 5], [Fraction(99999, 100000)]),
        ("70％≤x＜80％", [Fraction(7, 10)], [Fraction(8, 10)]),
        ("x", [-5, 0, 5], []),
    ],
)
def test_an_interval_holds_what_its_text_says(
    text: str, inside: list[Fraction], outside: list[Fraction]
) -> None:
    found = parse(text)
    assert all(Fraction(value) in found for value in inside)
    assert not any(Fraction(value) in found for value in outside)


@pytest.mark.parametrize("text", ["", "好", "60%", "60%<y", "90%<x<60%", "5<x<5", "1<x>2", "x≠3"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(IntervalError):
        parse(text)


@pytest.mark.parametrize("text", ["x=100%", "60%≤x<80%", "10%<x≤15%", "x<0%", "x≥30%", "x"])
def test_what_is_read_is_written_the_same(text: str) -> None:
    assert written(parse(text), percent=True) == text


def gaps_and_overlaps(
    texts: list[str], within: str, *, whole: bool = False
) -> tuple[list[str], ...]:
    found = uncovered([parse(text) for text in texts], parse(within), whole=whole)
    return tuple([written(i, percent=not whole) for i in part] for part in found)


def test_bands_that_meet_leave_nothing() -> None:
    assert gaps_and_overlaps(WHOLE_LINE, "x") == ([], [])


@pytest.mark.parametrize(
    ("texts", "gaps", "overlaps"),
    [
        (["x<60%", "x≥80%"], ["60%≤x<80%"], []),
        (["x<60%", "x>60%"], ["x=60%"], []),
        (["x≤60%", "x≥60%"], [], ["x=60%"]),
        (["x<70%", "x≥60%"], [], ["60%≤x<70%"]),
        (["60%≤x≤90%"], ["0%≤x<60%", "90%<x≤100%"], []),
    ],
)
def test_a_gap_and_an_overlap_are_named_to_the_end(
    texts: list[str], gaps: list[str], overlaps: list[str]
) -> None:
    assert gaps_and_overlaps(texts, "0%≤x≤100%") == (gaps, overlaps)


def test_of_cases_only_whole_numbers_can_be_missing() -> None:
    assert gaps_and_overlaps(["x=0", "x=1", "x≥2"], "x≥0", whole=True) == ([], [])
    assert gaps_and_overlaps(["x=0", "x=1", "x≥4"], "x≥0", whole=True) == (["2≤x≤3"], [])


@given(
    cuts=st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True).map(sorted),
    value=st.fractions(0, 1),
    left=st.booleans(),
)
def test_a_cut_line_has_each_number_in_one_part(
    cuts: list[int], value: Fraction, left: bool
) -> None:
    ends = [Fraction(cut, 100) for cut in cuts]
    lows, highs = [None, *ends], [*ends, None]
    parts = [
        Interval(low, high, low is not None and left, high is not None and not left)
        for low, high in zip(lows, highs, strict=True)
    ]
    assert sum(value in part for part in parts) == 1
    assert uncovered(parts, Interval(), whole=False) == ([], [])
    removed, rest = parts[0], parts[1:]
    assert uncovered(rest, Interval(), whole=False) == ([removed], [])
