"""One error of an author is one finding, at its own level, whatever else was made from it.

Tables of three levels with 12 indicators; the arithmetic of the tables is this module's own.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.rules import audit
from tests.analysis.audit.clean_reports import Data, clean_report, indicator, percent, rounded
from tests.analysis.audit.survey_faults import shifted

TREE = {"决策": ("立项", "目标"), "产出": ("数量", "质量"), "效益": ("影响", "满意")}
POINTS = ("4", "6", "12", "8", "7", "9", "10", "14", "5", "5", "8", "12")
GRADES = (("优", "90≤x≤100"), ("良", "80≤x<90"), ("中", "60≤x<80"), ("差", "x<60"))
LEVELS = {"lowest": "立项", "middle": "决策"}
SEEDS = range(8)


def table(seed: int) -> Data:
    chance = random.Random(seed)
    paths = [(top, second) for top, seconds in TREE.items() for second in seconds for _ in "ab"]
    indicators = [
        {
            "id": f"I{place:02}",
            "path": list(path),
            "points": points,
            "score": rounded(Decimal(points) * chance.randint(60, 99) / 100, chance.choice([1, 2])),
            "note": "有不足之处",
        }
        for place, (path, points) in enumerate(zip(paths, POINTS, strict=True), 1)
    ]
    seconds = [[top, second] for top, names in TREE.items() for second in names]
    sections = [{"place": "表1", "of": of} for of in [*([top] for top in TREE), *seconds]]
    bands = [{"grade": name, "when": when} for name, when in GRADES]
    made: Data = {
        "place": "附件1",
        "indicators": indicators,
        "sections": sections,
        "total": {"place": "表1"},
        "grades": {"place": "正文", "bands": bands},
    }
    for row in [*sections, made["total"]]:
        of = row.get("of", [])
        below = [i for i in indicators if i["path"][: len(of)] == of]
        row |= {key: str(sum(Decimal(i[key]) for i in below)) for key in ("points", "score")}
        row["rate"] = percent(Decimal(row["score"]), Decimal(row["points"]))
    made["total"]["grade"] = grade_of(made["total"]["score"])
    return {"title": "t", "scores": made}


def grade_of(score: str) -> str:
    return next(
        n
        for n, least in zip("优良中差", (90, 80, 60, -999), strict=True)
        if Decimal(score) >= least
    )


def section(data: Data, name: str) -> Data:
    found: Data = next(s for s in data["scores"]["sections"] if s["of"][-1] == name)
    return found


def without(data: Data, *levels: str) -> Data:
    """The same report with fewer rows."""
    scores = data["scores"]
    depth = {"middle": 1, "lowest": 2}
    left_out = {depth[level] for level in levels if level in depth}
    scores["sections"] = [s for s in scores["sections"] if len(s["of"]) not in left_out]
    if "indicators" in levels:
        del scores["indicators"]
    return data


def carry(data: Data, name: str, column: str, by: str, upwards: bool) -> None:
    """The row is wrong; upwards, so is every sum that was made from it, with rates and grade."""
    row = section(data, name)
    rows = [row]
    if upwards:
        above = [s for s in data["scores"]["sections"] if s["of"] == row["of"][:-1]]
        rows += [*above, data["scores"]["total"]]
    for one in rows:
        one[column] = shifted(one[column], by)
        if upwards:
            one["rate"] = percent(Decimal(one["score"]), Decimal(one["points"]))
    if upwards:
        data["scores"]["total"]["grade"] = grade_of(data["scores"]["total"]["score"])


def findings(data: Data) -> list[Finding]:
    return list(audit(load_data(data, "made")))


def told(data: Data) -> list[tuple[str, str, str]]:
    return [(f.code, f.place.row, f.place.column) for f in findings(data)]


SHAPES = [(), ("middle",), ("lowest",), ("lowest", "middle"), ("indicators",)]


@pytest.mark.parametrize("levels", SHAPES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_table_of_three_levels_gives_nothing(seed: int, levels: tuple[str, ...]) -> None:
    assert told(without(table(seed), *levels)) == []


@pytest.mark.parametrize("levels", SHAPES[:4])
@pytest.mark.parametrize("column", ["points", "score"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_indicator_is_told_at_the_lowest_sum_above_it(
    seed: int, column: str, levels: tuple[str, ...]
) -> None:
    data = without(table(seed), *levels)
    row = indicator(data, "I01")
    row[column] = shifted(row[column], "0.5" if column == "points" else "-0.5")
    printed = [name for level, name in LEVELS.items() if level not in levels]
    rule, where = ("subtotal", printed[0]) if printed else ("total", "")
    assert told(data) == [(f"{rule}.{column}", where, column)]


@pytest.mark.parametrize("upwards", [False, True])
@pytest.mark.parametrize("by", ["1", "-1", "9", "-3.5"])
@pytest.mark.parametrize("column", ["points", "score"])
@pytest.mark.parametrize(
    ("level", "levels"),
    [("lowest", ()), ("lowest", ("middle",)), ("middle", ()), ("middle", ("lowest",))],
)
def test_a_wrong_sub_total_is_told_once_where_it_is(
    level: str, levels: tuple[str, ...], column: str, by: str, upwards: bool
) -> None:
    for seed in SEEDS:
        data = without(table(seed), *levels)
        carry(data, LEVELS[level], column, by, upwards)
        assert told(data) == [(f"subtotal.{column}", LEVELS[level], column)], seed


def test_what_a_wrong_sub_total_went_into_is_told_with_it() -> None:
    data = table(0)
    before = data["scores"]["total"]["grade"]
    carry(data, "立项", "score", "15", upwards=True)
    middle, total = section(data, "决策"), data["scores"]["total"]
    assert total["grade"] != before
    (found,) = findings(data)
    for printed in (middle["score"], total["score"], total["grade"], "决策"):
        assert printed in found.why()
        assert printed in found.why("en")
    carry(alone := table(0), "立项", "score", "-1", upwards=False)
    (found,) = findings(alone)
    assert section(alone, "决策")["score"] not in found.why()


def test_the_same_wrong_sub_total_in_two_tables_is_told_once() -> None:
    data = table(0)
    carry(data, "立项", "score", "1", upwards=False)
    data["scores"]["sections"].append(section(data, "立项") | {"place": "附件1"})
    (found,) = findings(data)
    assert found.place.table == "表1" and "附件1" in found.why()


def test_two_wrong_sub_totals_are_two_findings() -> None:
    data = table(0)
    carry(data, "立项", "score", "1", upwards=True)
    carry(data, "质量", "score", "2", upwards=True)
    rows = [("subtotal.score", name, "score") for name in ("立项", "质量")]
    assert told(data) == rows


@pytest.mark.parametrize("levels", SHAPES)
@pytest.mark.parametrize("column", ["points", "score"])
@pytest.mark.parametrize("by", ["1", "-9", "-30"])
def test_a_wrong_total_is_told_once_with_or_without_the_grade_it_leads_to(
    levels: tuple[str, ...], column: str, by: str
) -> None:
    for seed in SEEDS:
        for follows in (False, True):
            data = without(table(seed), *levels)
            total = data["scores"]["total"]
            total[column] = shifted(total[column], by)
            if follows:
                total["rate"] = percent(Decimal(total["score"]), Decimal(total["points"]))
                total["grade"] = grade_of(total["score"])
            assert told(data) == [(f"total.{column}", "", column)], (seed, follows)


@pytest.mark.parametrize("levels", SHAPES)
@pytest.mark.parametrize("name", ["立项", "决策", ""])
def test_a_wrong_rate_is_told_once(levels: tuple[str, ...], name: str) -> None:
    data = without(table(1), *levels)
    rows = {s["of"][-1]: s for s in data["scores"]["sections"]} | {"": data["scores"]["total"]}
    if name in rows:
        rows[name]["rate"] = shifted(rows[name]["rate"], "0.30")
        assert told(data) == [("rate", name, "rate")]


@pytest.mark.parametrize("levels", SHAPES)
def test_a_wrong_grade_is_told_once(levels: tuple[str, ...]) -> None:
    for seed in SEEDS:
        data = without(table(seed), *levels)
        total = data["scores"]["total"]
        for grade in set("优良中差") - {total["grade"]}:
            assert told(
                {**data, "scores": data["scores"] | {"total": total | {"grade": grade}}}
            ) == [("grade", "", "grade")]


@pytest.mark.parametrize("by", ["1", "-1.5"])
@pytest.mark.parametrize("column", ["points", "score"])
def test_without_indicators_the_rate_tells_which_sub_total_is_misprinted(
    column: str, by: str
) -> None:
    for seed in SEEDS:
        data = without(table(seed), "indicators")
        carry(data, "立项", column, by, upwards=False)
        assert told(data) == [("subtotal.cell", "立项", column)], seed


def test_without_indicators_and_rates_the_sum_above_is_told() -> None:
    data = without(table(0), "indicators")
    carry(data, "立项", "score", "1", upwards=False)
    for row in data["scores"]["sections"]:
        del row["rate"]
    assert told(data) == [("subtotal.score", "决策", "score")]


@pytest.mark.parametrize("id", ["A1", "A2", "B1", "B2", "C1", "C2"])
@pytest.mark.parametrize("column", ["points", "score"])
def test_a_misprinted_number_of_an_indicator_is_one_finding(id: str, column: str) -> None:
    """Whatever it contradicts: bands, reason, checklist, survey, another table, the sub-total."""
    for seed in range(40):
        data = clean_report(seed)
        row: dict[str, Any] = indicator(data, id)
        right = row[column]
        row[column] = shifted(right, random.Random(seed).choice(["1", "-1", "3", "-4", "10"]))
        (found,) = findings(data)
        assert found.severity == "error"
        if found.code == "subtotal.cell":
            assert found.place.row.startswith(id) and found.place.column == column
            assert f"{Decimal(right)}" in found.expected() and right in found.expected("en")
        else:
            assert found.code == f"subtotal.{column}", seed
            assert found.place.row == row["path"][0]
