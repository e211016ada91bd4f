"""Two wrong cells in one report: no true cell is 'corrected', and each of the two is told."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.model import Report
from analysis.audit.rules import MISPRINTS, audit
from analysis.printed import Printed
from tests.analysis.audit.clean_reports import Data, clean_report

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
