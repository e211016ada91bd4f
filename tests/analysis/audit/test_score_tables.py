"""Tables of scores as reports print them: rows of sub-totals, sub-totals alone, rounded columns."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.audit.load import ReportError, load_data
from analysis.audit.rules import audit


def found(scores: dict[str, Any], **given: Any) -> list[tuple[str, str, str]]:
    data = {"title": "t", "scores": {"place": "附件1"} | scores} | given
    return [(f.code, f.place.row, f.place.column) for f in audit(load_data(data, "made"))]


def section(of: str, points: str, score: str, **given: str) -> dict[str, Any]:
    row = {"place": "表1", "of": of.split("›"), "points": points, "score": score}
    return row | given


@pytest.mark.parametrize(
    ("name", "differs"),
    [
        *[(name, False) for name in (
            "决策", "小计", "合计", "决策小计", "决策 小计", "决策合计", "决策得分", "一、决策",
            "（一）决策", "1.决策", "1、决策", "1 决策", "（1）决策", "1.1 决策", "１．决策",
            "A.决策", "第一部分 决策", "决策（20分）", "决策(20)", "决策（满分20分）",
            "决策【20分】", "一、决策（20分）小计", "小计（20分）", "小计：决策", "小计（决策）",
            "决策, sub-total", "Subtotal of 决策", "决策 (20 points)", "—", "",
        )],
        *[(name, True) for name in (
            "决定", "政策决策", "决策（25分）", "一、过程", "过程小计", "决策管理小计",
            "决策（试行）",
        )],
    ],
)  # fmt: skip
def test_how_a_row_of_sub_totals_is_printed_is_no_other_name(name: str, differs: bool) -> None:
    indicators = [{"id": "1", "path": ["决策"], "points": "20", "score": "20"}]
    sections = [section("决策", "20", "20", name=name)]
    codes = [code for code, _, _ in found({"indicators": indicators, "sections": sections})]
    assert codes == (["name_differs"] if differs else [])


def test_a_numbered_part_of_the_tree_may_be_printed_without_its_number() -> None:
    indicators = [{"id": "1", "path": ["一、决策"], "points": "20", "score": "20"}]
    sections = [section("一、决策", "20", "20", name="决策小计")]
    assert found({"indicators": indicators, "sections": sections}) == []


def test_a_wrong_sub_total_called_no_more_than_that_says_of_what() -> None:
    indicators = [{"id": "1", "path": ["决策"], "points": "20", "score": "20"}]
    sections = [section("决策", "20", "19", name="小计")]
    told = found({"indicators": indicators, "sections": sections})
    assert told == [("subtotal.score", "决策 小计", "score")]


FIRST = section("决策", "20", "18", rate="90%")
SECOND = section("产出", "80", "70", rate="87.5%")
TOTAL = {"place": "表1", "points": "100", "score": "88", "rate": "88%"}


@pytest.mark.parametrize(
    ("sections", "total", "told"),
    [
        ([FIRST, SECOND], TOTAL, []),
        ([FIRST, SECOND], TOTAL | {"score": "89", "rate": "89%"}, [("total.score", "", "score")]),
        ([FIRST, SECOND], TOTAL | {"points": "110"}, [("total.points", "", "points")]),
        ([FIRST | {"rate": "91%"}, SECOND], TOTAL, [("rate", "决策", "rate")]),
        # 18 = 8 + 10, and 9 + 10 is not; 88 follows from the 18
        ([FIRST, section("决策›立项", "8", "8"), section("决策›目标", "12", "10"), SECOND],
         TOTAL, []),
        ([FIRST, section("决策›立项", "9", "9"), section("决策›目标", "11", "10"), SECOND],
         TOTAL, [("subtotal.score", "决策", "score")]),
        # 41.38 of 50 may be 41.375, of which 82.75% is the rate; of 41.38 it is 82.76%
        ([section("决策", "50", "41.38", rate="82.75%")], None, []),
        ([section("决策", "50", "41.38", rate="82.76%")], None, []),
        ([section("决策", "50", "41.38", rate="82.70%")], None, [("rate", "决策", "rate")]),
        ([section("决策", "20", "21")], None, [("score_above_points", "决策", "score")]),
        ([FIRST, FIRST | {"place": "表2", "score": "17", "rate": "85%"}], None,
         [("figure_differs", "决策", "score")]),
    ],
)  # fmt: skip
def test_sub_totals_without_indicators(
    sections: list[Any], total: Any, told: list[tuple[str, str, str]]
) -> None:
    scores = {"sections": sections} | ({"total": total} if total else {})
    assert found(scores) == told


def test_points_in_the_text_are_those_of_a_sub_total() -> None:
    scores = {"sections": [FIRST, SECOND]}
    claim = {"place": "正文", "says": "决策25分", "of": ["决策"], "points": "25"}
    assert found(scores, claims={"points": [claim]}) == [("points_in_text", "决策25分", "points")]
    assert found(scores, claims={"points": [claim | {"points": "20"}]}) == []


def test_a_sub_total_of_no_indicator_beside_indicators_is_refused_and_told_how() -> None:
    indicators = [{"id": "1", "path": ["产出"], "points": "80", "score": "80"}]
    with pytest.raises(ReportError) as refused:
        found({"indicators": indicators, "sections": [FIRST]})
    (fault,) = refused.value.faults
    assert "“决策”" in fault.text() and "sections" in fault.text()
    assert "sections" in fault.text("en")


def banded(*rows: tuple[str, str], rubric: str = "0 0.3 0.5 0.8 1") -> list[tuple[str, str, str]]:
    indicators = [
        {
            "id": str(place),
            "path": [f"第{place}"],
            "points": points,
            "score": score,
            "note": "有不足" if points != score else "",
            "scoring": {"kind": "words"},
        }
        for place, (points, score) in enumerate(rows, 1)
    ]
    return found({"rubric": rubric.split(), "indicators": indicators})


def test_three_of_five_is_no_rounded_half_in_a_column_of_exact_scores() -> None:
    assert banded(("10", "8"), ("5", "3"), ("5", "4")) == [("score_ratio", "2 第2", "score")]
    assert banded(("10", "8"), ("5", "2.5")) == []
    assert banded(("5", "3"), rubric="0 0.6 1") == []


def test_a_column_that_was_rounded_to_whole_numbers_is_sound() -> None:
    # 2 of 3 is no ratio of any rubric: 2.4, and so 3 of 5 may be 2.5
    assert banded(("3", "2"), ("5", "3"), ("10", "8")) == []
    # 0.3, 0.5 and 0.8 of 3 are 0.9, 1.5 and 2.4
    assert banded(("3", "1"), ("3", "2"), ("3", "3")) == []


def test_an_indicator_may_have_bands_of_its_own() -> None:
    bands = [{"ratio": "0"}, {"ratio": "0.6"}, {"ratio": "1"}]
    row = {"id": "1", "path": ["甲"], "points": "5", "score": "3", "note": "有不足"}
    scoring = {"scoring": {"kind": "words", "bands": bands}}
    assert found({"rubric": ["0", "0.5", "1"], "indicators": [row | scoring]}) == []


def figures(*values: str) -> list[str]:
    printed = [{"place": f"表{n}", "value": value} for n, value in enumerate(values)]
    data = {"title": "t", "figures": [{"what": "满意率", "printed": printed}]}
    return [finding.code for finding in audit(load_data(data, "made"))]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (("91.43%", "91.34%"), ["figure_differs"]),
        (("91.43%", "91.4%"), ["figure_differs.rounding"]),
        (("91.43%", "91.5%"), ["figure_differs"]),
        (("91.40%", "91.4%", "91.4 ％"), []),
        (("-3.2%", "3.2%"), ["figure_differs"]),
    ],
)
def test_a_percentage_in_several_places_is_one_figure(
    values: tuple[str, ...], codes: list[str]
) -> None:
    assert figures(*values) == codes


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (("91.43%", "91.43"), "figures[1]"),
        (("91.43%", "%"), "figures[1].printed[2].value"),
        (("九成", "90%"), "figures[1].printed[1].value"),
    ],
)
def test_a_mixed_or_unreadable_figure_is_refused(values: tuple[str, ...], place: str) -> None:
    with pytest.raises(ReportError) as refused:
        figures(*values)
    (fault,) = refused.value.faults
    assert fault.at == place
    assert fault.text() and "{" not in fault.text("en")


@pytest.mark.parametrize(
    ("number", "listed", "code"),
    [
        ("6", "甲 乙 丙 丁 戊 戊", "number_of_things.twice"),
        ("5", "甲 乙 丙 丁 戊 戊", "number_of_things.twice"),
        ("7", "甲 乙 丙 丁 戊 戊", "number_of_things"),
        ("6", "甲 乙 丙 丁 戊 “戊”", "number_of_things.twice"),
        ("6", "甲 乙 丙 丁 戊 己", None),
    ],
)
def test_what_is_listed_twice_is_no_further_thing(
    number: str, listed: str, code: str | None
) -> None:
    claim = {"place": "正文", "says": "若干项目", "number": number, "listed": listed.split()}
    found = audit(load_data({"title": "t", "claims": {"numbers": [claim]}}, "made"))
    assert [finding.code for finding in found] == ([code] if code else [])
