"""Two wrong cells in one report: no true cell is 'corrected', and each of the two is told."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.model import Report
from analysis.audit.rules import MISPRINTS, RULES, audit
from analysis.printed import Printed
from tests.analysis.audit.clean_reports import Data, clean_report
from tests.analysis.audit.test_bases_and_skips import asked, past, table

Cell = tuple[str | int, ...]
COLUMNS = {
    "scores": {"points", "score"},
    "surveys": {"count", "share", "base"},
    "funds": {"planned", "arrived", "spent", "balance", "arrived_rate", "execution_rate"},
}


def found(data: Data) -> tuple[Finding, ...]:
    return audit(load_data(copy.deepcopy(data), "made"))


def told(data: Data) -> set[tuple[str, str, str]]:
    return {(f.code, f.place.row, f.place.column) for f in found(data)}


def changed(seed: int, *cells: tuple[Cell, Any]) -> Data:
    data = clean_report(seed)
    for cell, value in cells:
        put(data, cell, value)
    return data


def put(data: Any, cell: Cell, value: Any) -> None:
    *path, column = cell
    for key in path:
        data = data[key]
    data[column] = value


def corrected(data: Data) -> dict[Cell, tuple[Any, Any]]:
    """The cells that the passes of misprints changed, as printed and as meant."""
    printed = load_data(copy.deepcopy(data), "made")
    meant: Report = printed
    for misprints in MISPRINTS:
        _, meant = misprints(meant)
    before, after = dict(leaves(printed)), dict(leaves(meant))
    return {cell: (before[cell], after[cell]) for cell in after if before[cell] != after[cell]}


def leaves(value: Any, path: Cell = ()) -> Iterator[tuple[Cell, Any]]:
    if isinstance(value, Printed):
        yield path, value.value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, tuple | list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    else:
        yield path, value


def indicator_cell(place: int, column: str) -> Cell:
    return ("scores", "indicators", place, column)


@pytest.mark.parametrize(
    ("seed", "cells"),
    [
        (5, [(indicator_cell(4, "points"), "50"), (indicator_cell(5, "points"), "2")]),
        (30, [(indicator_cell(3, "score"), "6"), (("scores", "sections", 1, "points"), "42")]),
        (6, [(("scores", "sections", 2, "points"), "30"), (indicator_cell(4, "score"), "8")]),
        (25, [(indicator_cell(4, "points"), "120"), (indicator_cell(5, "score"), "40")]),
        (11, [(indicator_cell(4, "score"), "50"), (indicator_cell(5, "score"), "10")]),
    ],
)
def test_a_row_that_something_still_speaks_against_is_left_to_the_rules(
    seed: int, cells: list[tuple[Cell, Any]]
) -> None:
    data, right = changed(seed, *cells), dict(leaves(load_data(clean_report(seed), "made")))
    assert all(after == right[cell] for cell, (_, after) in corrected(data).items())
    wrong = {(f.code, f.place.row[:2]) for f in found(data)}
    assert any(code in ("subtotal.points", "subtotal.score") for code, _ in wrong)


@pytest.mark.parametrize("above", [18, 19, 20, 30])
def test_however_many_rows_another_sum_has_two_that_could_be_it_are_two(above: int) -> None:
    """6 of 10 is no ratio of the rubric: either row of 乙 could be meant as 8."""
    names = [*["甲"] * above, "乙", "乙"]
    row = {"points": "10", "score": "6", "note": "不足", "scoring": {"kind": "words"}}
    rows = [row | {"id": f"A{n}", "path": [of], "name": f"{n}"} for n, of in enumerate(names)]
    sums = [("甲", above * 10, above * 6 + 999), ("乙", 20, 14)]
    sections = [
        {"place": "表1", "of": [of], "points": str(points), "score": str(score)}
        for of, points, score in sums
    ]
    rubric = ["0", "0.5", "0.8", "1"]
    scores = {"place": "附件1", "rubric": rubric, "indicators": rows, "sections": sections}
    codes = [f.code for f in found({"title": "t", "scores": scores})]
    assert "subtotal.cell" not in codes and codes.count("subtotal.score") == 2


def rows_told(data: Data) -> set[str]:
    return {f.place.row for f in found(data)}


def rows_contradicted(data: Data) -> set[str]:
    """The row of a wrong cell, and those that do not fit it."""
    report = load_data(copy.deepcopy(data), "made")
    return rows_told(data) | {f.place.row for rule in RULES.values() for f in rule(report)}


def printed_cells(value: Any, path: Cell = ()) -> Iterator[Cell]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if isinstance(part, dict | list):
            yield from printed_cells(part, (*path, key))
        elif key in COLUMNS.get(str(path[0] if path else key), ()):
            yield (*path, key)


def misprinted(value: Any, chance: random.Random) -> Any:
    """One digit is another, or the number is off by a little."""
    text = str(value)
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    while True:
        place = chance.choice(digits)
        other = text[:place] + chance.choice("0123456789") + text[place + 1 :]
        if Decimal(other.rstrip("%")) != Decimal(text.rstrip("%")):
            return int(other) if isinstance(value, int) else other


@pytest.mark.parametrize("part", COLUMNS)
def test_no_true_cell_is_corrected_and_each_fault_is_told(part: str) -> None:
    """Where one is found alone, it or what follows from it is found beside another, too."""
    chance = random.Random(part)
    for seed in range(15):
        cells = [cell for cell in printed_cells(clean_report(seed)) if cell[0] == part]
        for pair in (chance.sample(cells, 2) for _ in range(5)):
            if make_up_for_each_other(*pair):
                continue
            faults = [(cell, misprinted(get(clean_report(seed), cell), chance)) for cell in pair]
            data = changed(seed, *faults)
            assert set(corrected(data)) <= set(pair), (seed, faults)
            together = rows_told(data)
            for fault in faults:
                alone = rows_contradicted(changed(seed, fault))
                assert not alone or alone & together, (seed, faults, fault)


def make_up_for_each_other(one: Cell, other: Cell) -> bool:
    """A total may follow from a wrong sub-total, and two amounts of one column may give it."""
    is_total = "total" in one or "total" in other
    return (one[-1] == other[-1]) and (one[0] == "funds" or is_total)


def test_a_base_that_a_skip_rule_sets_is_no_misprint() -> None:
    """60 are left: ten too many answered question 2."""
    one = asked(1, 60, 40, of=100, skips=past(B=[2]))
    codes = [f.code for f in found(table(one, asked(2, 40, 30, of=70, base=60)))]
    assert "single_sum" in codes and not {"share_count.base", "base_skip"} & set(codes)


def test_a_base_of_the_audience_is_no_misprint() -> None:
    data = table(asked(1, 60, 40, of=100), asked(2, 40, 30, of=70, base=60, audience=["低保户"]))
    data["sample"] = {"place": "正文", "total": 100}
    data["sample"]["groups"] = [{"name": "低保户", "n": 60}, {"name": "非低保户", "n": 40}]
    data["surveys"][0]["groups"] = ["低保户", "非低保户"]
    codes = [f.code for f in found(data)]
    assert "single_sum" in codes and not {"share_count.base", "base_audience"} & set(codes)


def test_a_base_of_the_table_is_no_misprint() -> None:
    codes = [f.code for f in found(table(asked(1, 61, 30, 10, of=101, base=100)))]
    assert "single_sum" in codes and "share_count.base" not in codes


def test_what_quotes_a_corrected_number_shows_what_is_printed() -> None:
    """69 is meant as 60, and the score follows from neither."""
    one = asked(1, 60, 30, 10, of=100)
    one["options"][0]["count"] = 69
    weights = [{"option": letter, "p": p} for letter, p in (("A", "1"), ("B", "0.8"), ("C", "0"))]
    score = {"survey": "s", "question": "1", "points": "10", "score": "9.00", "weights": weights}
    data = table(one) | {"satisfaction": [{"place": "附件1", "name": "满意度"} | score]}
    every = {f.code: f for f in found(data)}
    assert set(every) == {"share_count.count", "satisfaction_formula"}
    assert "[69→60]×1.0+30×0.8" in every["satisfaction_formula"].expected()
    assert "[69→60]" in every["share_count.count"].why("en")


def test_a_satisfaction_score_of_no_points_is_told() -> None:
    data = changed(11, (("satisfaction", 0, "points"), "0"))
    assert told(data) == {("score_above_points", "满意一", "score")}


def test_a_corrected_base_is_not_said_to_be_printed() -> None:
    """80 answered where 60 were asked, and 90 are printed."""
    one = asked(1, 60, 40, of=100, skips=past(B=[2]))
    two = asked(2, 47, 31, of=80, base=90, kind="multiple", base_note="按人数计算")
    every = {f.code: f for f in found(table(one, two))}
    assert set(every) == {"share_count.base", "base_skip"}
    assert "应答基数为 80（更正后；表中印 90）" in every["base_skip"].found()


def test_another_error_of_the_fund_table_does_not_hide_a_wrong_row() -> None:
    (row,) = [r for r in told(funds(3, {"planned": "120.00"}, spent="250.00")) if r[1] == "项目0"]
    assert row == ("fund_sum.cell", "项目0", "planned")


@pytest.mark.parametrize("rows", [100, 101, 400])
def test_a_wrong_row_is_told_however_long_the_table_is(rows: int) -> None:
    assert told(funds(rows, {"planned": "33.00"})) == {("fund_sum.cell", "项目0", "planned")}


def funds(number: int, wrong: Data, **total: str) -> Data:
    """Rows of 100 planned, 90 arrived and 80 spent."""
    row = {"planned": "100.00", "arrived": "90.00", "spent": "80.00", "balance": "10.00"}
    rows: list[Data] = [
        row | {"name": f"项目{n}", "arrived_rate": "90.00%", "execution_rate": "88.89%"}
        for n in range(number)
    ]
    added = {column: f"{Decimal(value) * number}" for column, value in row.items()}
    rows[0] |= wrong
    total_row = {"name": "合计"} | added | total
    return {"title": "t", "funds": [{"place": "表4", "rows": rows, "total": total_row}]}


def get(data: Any, cell: Cell) -> Any:
    for key in cell:
        data = data[key]
    return data
