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
        ("80≤得分<90", 80, True, 90, False),
        ("60分≤评价得分（S）＜80分", 60, True, 80, False),
        ("S≥90", 90, True, None, False),
        ("[80,90)", 80, True, 90, False),
        ("（60，80]", 60, False, 80, True),
        ("[90,+∞)", 90, True, None, False),
        ("(-∞,60)", None, False, 60, False),
        ("90分（含）以上", 90, True, None, False),
        ("90分以上（含90分）", 90, True, None, False),
        ("90（不含）以上", 90, False, None, False),
        ("60分以下", None, False, 60, False),
        ("60及以下", None, False, 60, True),
        ("80分（含）-90分", 80, True, 90, False),
        ("60（不含）~80（含）", 60, False, 80, True),
        ("90（含）–100", 90, True, 100, True),
        ("85%以上（含85%）", 85, True, None, False),
        ("60分以下（不含60分）", None, False, 60, False),
        ("60分以下（包含60分）", None, False, 60, True),
        ("≥90分", 90, True, None, False),
        ("<60%", None, False, 60, False),
        ("不低于90分", 90, True, None, False),
        ("得分不低于90%", 90, True, None, False),
        ("低于60分", None, False, 60, False),
        ("满意度超过95%", 95, False, None, False),
        ("不超过5", None, False, 5, True),
    ],
)
def test_a_range_is_read(
    text: str, low: int | None, low_in: bool, high: int | None, high_in: bool
) -> None:
    assert read_interval(text) == Interval(low, low_in, high, high_in)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "不明确", "70%-80%", "80≤x<70", "5<x<5", "1<x>2", "x", "x<a", "[90,80)", "以上"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|sign"):
        read_interval(text)


@pytest.mark.parametrize(
    "printed",
    [
        ["90分（含）以上", "80分（含）-90分", "60分（含）-80分", "60分以下"],
        ["90（含）–100", "80（含）–90", "60（含）–80", "60以下"],  # 财预〔2020〕10号
        ["[90,100]", "[80,90)", "[60,80)", "[0,60)"],
        ["90≤得分≤100", "80≤得分<90", "60≤得分<80", "得分<60"],
    ],
)
def test_grades_as_reports_print_them_cover_the_line_once(printed: list[str]) -> None:
    read = [read_interval(band) for band in printed]
    assert not [*gaps(read, "percent"), *overlaps(read, "percent")]


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
