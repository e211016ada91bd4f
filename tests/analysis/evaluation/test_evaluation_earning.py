"""Each kind of rule: what a measure earns, and how the formula says it. Expected by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from small_frameworks import BANDS, framework, inputs, leaf, scored

from analysis.evaluation.load import find_framework
from analysis.evaluation.scorecard import scorecard

CASES = {
    "kind": "count_bands",
    "bands": [
        {"ratio": 1, "when": "x=0"},
        {"ratio": 0.5, "when": "1≤x≤3"},
        {"ratio": 0, "when": "x>3"},
    ],
}
LEVELS = {
    "kind": "qualitative_bands",
    "levels": [
        {"label": "规范", "ratio": 1},
        {"label": "较规范", "ratio": 0.8},
        {"label": "不规范", "ratio": 0},
    ],
}
LIST = {"kind": "checklist", "items": [{"name": "一", "points": 6}, {"name": "二", "points": 4}]}
TAKEN = {
    "kind": "deductions",
    "items": [{"name": "漏", "points": 3}, {"name": "迟", "points": 0.5}],
}
PROPORTIONAL: dict[str, Any] = {"kind": "proportional"}
GATE: dict[str, Any] = {"kind": "gate_linear"}
TARGET = {"kind": "threshold", "target": 0.9}


@pytest.mark.parametrize(
    ("rule", "value", "score", "formula"),
    [
        (BANDS, "90%", "10", "90%，90%≤x≤100%（好） → 1.0×10 = 10"),
        (BANDS, "89.99%", "5", "89.99%，60%≤x<90%（一般） → 0.5×10 = 5"),
        (BANDS, "79/100", "5", "79/100 = 79%，60%≤x<90%（一般） → 0.5×10 = 5"),
        (BANDS, "59/99", "0", "59/99 ≈ 59.59596%，0%≤x<60%（差） → 0×10 = 0"),
        (CASES, 0, "10", "0，x=0 → 1.0×10 = 10"),
        (CASES, 3, "5", "3，1≤x≤3 → 0.5×10 = 5"),
        (CASES, 4, "0", "4，x>3 → 0×10 = 0"),
        (LEVELS, "较规范", "8", "较规范 → 0.8×10 = 8"),
        (LIST, {"一": "是", "二": "否"}, "6", "6+0 = 6"),
        (LIST, {"一": True, "二": 1.5}, "7.5", "6+1.5 = 7.5"),
        (TAKEN, 0, "10", "10"),
        (TAKEN, {"漏": 2, "迟": 1}, "3.5", "10−2×3−1×0.5 = 3.5"),
        (TAKEN, {"漏": 4}, "0", "max(0, 10−4×3) = 0"),
        (PROPORTIONAL, "87.5%", "8.75", "87.5%×10 = 8.75"),
        (PROPORTIONAL, "120%", "10", "min(120%×10, 10) = 10"),
        (PROPORTIONAL, "-5%", "0", "max(-5%×10, 0) = 0"),
        (GATE, "120%", "10", "min((120%−60%)/(1−60%)×10, 10) = 10"),
        (TARGET, "-5%", "0", "max(-5%÷90%×10, 0) = 0"),
        (GATE, "80%", "5", "(80%−60%)/(1−60%)×10 = 5"),
        (GATE, "3/5", "0", "(3/5−60%)/(1−60%)×10 = 0"),
        (TARGET, "45/100", "5", "45/100÷90%×10 = 5"),
        (TARGET, "95%", "10", "95% = 0.95 ≥ 90% → 1.0×10 = 10"),
    ],
)
def test_a_measure_earns_what_its_rule_says(
    rule: Any, value: Any, score: str, formula: str
) -> None:
    row = scored(rule, value)
    assert row.score == Fraction(score)
    assert row.earned.formula == formula
    assert row.earned.basis == "measured"


def test_below_the_gate_there_is_nothing() -> None:
    assert scored(GATE, "59.9%").score == 0


def test_a_value_in_a_gap_takes_the_lower_band_and_tells_both() -> None:
    rule = BANDS | {"bands": [BANDS["bands"][0], BANDS["bands"][2]]}
    row = scored(rule, "75%", published=True)
    assert row.score == 0
    assert row.earned.readings == (0, 10)
    assert [fault.code for fault in row.earned.remarks] == ["no_band"]


FULL_ONLY_AT_100 = {
    "kind": "percent_bands",
    "bands": [
        {"ratio": 0, "when": "x=0%"},
        {"ratio": 0.3, "when": "0%<x<95%"},
        {"ratio": 0.8, "when": "95%≤x<100%"},
        {"ratio": 1, "label": "好", "when": "x=100%"},
    ],
}


@pytest.mark.parametrize(
    ("value", "score", "band"),
    [("120%", 10, "x=100%"), ("105/100", 10, "x=100%"), ("-5%", 0, "x=0%")],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_value_beyond_all_bands_takes_the_nearest_one(
    value: str, score: int, band: str, turned: bool
) -> None:
    """95%≤x<100% ends at 100% too, but only x=100% reaches it, whichever is written first."""
    bands = FULL_ONLY_AT_100["bands"]
    known = FULL_ONLY_AT_100 | {"bands": list(reversed(bands)) if turned else bands}
    row = scored(known, value)
    assert (row.score, row.earned.readings) == (score, None)
    (remark,) = row.earned.remarks
    assert (remark.code, remark.details["band"]) == ("beyond_bands", band)


@pytest.mark.parametrize(("id_", "score"), [("I01", 1), ("I18", 3), ("I23", 6)])
def test_more_than_all_earns_all_of_the_published_framework(id_: str, score: int) -> None:
    of = find_framework("nanchong-2018")
    assert scorecard(of, inputs(of, {id_: {"value": "120%"}})).by_id[id_].score == score


def test_a_value_in_two_bands_takes_the_lower_one_and_tells_both() -> None:
    rule = BANDS | {"bands": [*BANDS["bands"], {"ratio": 0.3, "when": "60%≤x<70%"}]}
    row = scored(rule, "65%", published=True)
    assert row.score == 3
    assert row.earned.readings == (3, 5)
    assert [fault.code for fault in row.earned.remarks] == ["several_bands"]


def test_items_worth_more_than_the_indicator_are_capped_and_said() -> None:
    row = scored(LIST, {"一": "是", "二": "是"}, points=8, published=True)
    assert row.score == 8
    assert row.earned.formula == "min(6+4, 8) = 8"
    assert [fault.code for fault in row.earned.remarks] == ["item_points_capped"]


def stated(rule: Any, score: Any, **more: Any) -> Any:
    of = framework([leaf("A", 10, rule)], **more)
    return scorecard(of, inputs(of, {"A": {"score": score}})).rows[0]


def test_a_stated_score_counts_as_it_is() -> None:
    row = stated(BANDS, 5)
    assert (row.score, row.earned.formula, row.earned.basis) == (5, "0.5×10 = 5", "stated")
    assert row.earned.readings is None


def test_a_stated_ratio_that_no_band_has_is_read_down_and_up() -> None:
    row = stated(BANDS, 6)
    assert row.score == 6
    assert row.earned.readings == (5, 10)
    assert [fault.code for fault in row.earned.remarks] == ["ratio_not_in_rule"]


def test_the_rubric_of_the_framework_decides_which_ratios_there_are() -> None:
    assert stated(BANDS, 6, rubric=[0, 0.3, 0.5, 0.8, 1]).earned.readings == (5, 8)


def test_any_stated_part_fits_a_smooth_rule() -> None:
    assert stated(PROPORTIONAL, "6.66").earned.readings is None


FUNDS = {
    "items": [
        {
            "name": "低保",
            "sources": [
                {"level": "市级", "planned": 200, "arrived": 150},
                {"level": "省级", "planned": 100, "arrived": 100},
            ],
            "spent": 200,
        },
        {"name": "临时救助", "planned": 100, "arrived": 100, "spent": 100},
    ]
}


@pytest.mark.parametrize(
    ("rule", "score", "formula"),
    [
        ({"rate": "arrived", "level": "市级"}, "7.5", "150/200×10 = 7.5"),
        ({"rate": "arrived", "item": "低保"}, "25/3", "250/300×10 ≈ 8.333333"),
        ({"rate": "arrived"}, "8.75", "350/400×10 = 8.75"),
        ({"rate": "executed"}, "60/7", "300/350×10 ≈ 8.571429"),
        ({"rate": "executed", "item": "临时救助"}, "10", "100/100×10 = 10"),
    ],
)
def test_a_fund_rate_is_filled_from_the_fund_table(rule: Any, score: str, formula: str) -> None:
    of = framework([leaf("A", 10, {"kind": "fund_rate", "scale": PROPORTIONAL} | rule)])
    row = scorecard(of, inputs(of, funds=FUNDS)).rows[0]
    assert (row.score, row.earned.formula) == (Fraction(score), formula)
    assert row.earned.basis == "funds"


def test_a_fund_rate_that_nobody_stated_has_no_score() -> None:
    rule = {"kind": "fund_rate", "rate": "executed", "level": "市级", "scale": PROPORTIONAL}
    of = framework([leaf("A", 10, rule)])
    row = scorecard(of, inputs(of, funds=FUNDS)).rows[0]
    assert row.score is None
    assert [fault.code for fault in row.earned.remarks] == ["no_fund_rate"]


def test_what_was_not_measured_has_no_score() -> None:
    of = framework([leaf("A", 10, BANDS)])
    row = scorecard(of, inputs(of)).rows[0]
    assert (row.score, row.rate, row.earned.basis) == (None, None, "none")
