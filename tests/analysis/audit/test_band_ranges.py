"""Ranges of scoring bands are read as written, and their gaps and overlaps are named."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.audit.intervals import Interval, Scale, gaps, overlaps, read_interval


@pytest.mark.parametrize(
    ("text", "low", "low_in", "high", "high_in"),
    [
        ("x<70%", None, False, 70, False),
        ("70%≤x<80%", 70, True, 80, False),
        ("15%≥x>10%", 10, False, 15, True),
        ("x=0%", 0, True, 0, True),
        ("x≥100%", 100, True, None, False),
        ("0% < x <= 30%", 0, False, 30, True),
        ("x＞5", 5, False, None, False),
        ("x≤-2.5", None, False, Fraction("-2.5"), True),
    ],
)
def test_a_range_is_read(
    text: str, low: int | None, low_in: bool, high: int | None, high_in: bool
) -> None:
    assert read_interval(text) == Interval(low, low_in, high, high_in)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "不明确", "70%-80%", "80≤x<70", "5<x<5", "1<x>2", "x", "x<a"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|sign"):
        read_interval(text)


@pytest.mark.parametrize(
    ("bands", "scale", "missing", "double"),
    [
        (["x<60", "60≤x<75", "75≤x<90", "90≤x≤100"], "percent", [], []),
        (["x≤0", "0<x≤5", "x>5"], "percent", [], []),
        (["x=0", "0<x<30", "30≤x<60", "80≤x<100", "x=100"], "percent", ["60≤x<80"], []),
        (["x<60", "60<x≤100"], "percent", ["x=60"], []),
        (["x<60", "60≤x<100"], "percent", ["x=100"], []),
        (["0<x<60", "x≥60"], "percent", ["x=0"], []),
        (["10≤x<60", "x≥60"], "percent", ["0≤x<10"], []),
        (["x≤60", "x≥60"], "percent", [], ["x=60"]),
        (["x<70", "60≤x≤100"], "percent", [], ["60≤x<70"]),
        (["x≤100", "50<x<60"], "percent", [], ["50<x<60"]),
        (["10<x≤20", "10<x≤30", "x≤10", "x>30"], "percent", [], ["10<x≤20"]),
        (["x=0", "x=1", "x=3", "x=5", "x>5"], "count", ["2≤x<3", "4≤x<5"], []),
        (["x=0", "x=1", "x=2", "x≥3"], "count", [], []),
        (["x<1", "1≤x≤2", "x>2"], "count", [], []),
        (["x=0", "1≤x≤3", "x≥3"], "count", [], ["3≤x<4"]),
        (["x=0", "x=1"], "count", ["2≤x"], []),
    ],
)
def test_gaps_and_overlaps_are_named(
    bands: list[str], scale: Scale, missing: list[str], double: list[str]
) -> None:
    read = [read_interval(band) for band in bands]
    for order in (read, read[::-1]):
        assert [gap.text() for gap in gaps(order, scale)] == missing
        assert [overlap.text() for overlap in overlaps(order, scale)] == double
