"""The workbook of an unfinished scorecard: a score that is typed into it counts at once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_frameworks import framework, inputs, leaf
from test_reports_excel import recalculated

from analysis.evaluation.report import CombinedReport, evaluate
from analysis.reports.scorecard_excel import render_scorecard_xlsx

PROPORTIONAL = {"kind": "proportional"}
TREE = [
    {
        "name": "甲",
        "points": 20,
        "parts": [leaf("A", 10, PROPORTIONAL), leaf("B", 10, PROPORTIONAL)],
    },
    {"name": "乙", "points": 10, "parts": [leaf("C", 10, PROPORTIONAL)]},
]
RESULTS = ("总分（保留两位小数）", "等级（按未取舍的总分）", "等级（按两位小数的总分）")


def filled(content: bytes, scores: dict[tuple[str, str], float]) -> bytes:
    """With these numbers typed into the 得分 of (sheet, indicator)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (name, id_), score in scores.items():
        sheet = book[name]
        row = next(row for row in sheet.iter_rows() if id_ in [cell.value for cell in row])
        place = [cell.value for cell in row].index(id_)
        row[place + 2].value = score
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def results(content: bytes, folder: Path) -> dict[tuple[str, str], list[Any]]:
    """(sheet, first text of a row) -> what its formulas come to."""
    folder.mkdir(exist_ok=True)
    found = recalculated(content, folder)
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows: dict[tuple[str, str], list[Any]] = {}
    for sheet in book:
        for row in sheet.iter_rows():
            values = [found[sheet.title, c.coordinate] for c in row if c.data_type == "f"]
            texts = [c.value for c in row if isinstance(c.value, str) and c.data_type == "s"]
            if values and texts:
                rows[sheet.title, texts[0].strip("　")] = values
    return rows


@pytest.fixture(scope="module")
def unfinished() -> bytes:
    """A has all its 10 points; B and C are open."""
    of = framework(TREE, 30)
    return render_scorecard_xlsx(evaluate(of, inputs(of, {"A": {"value": "100%"}})))


def test_open_scores_leave_rates_total_and_grade_open(unfinished: bytes, tmp_path: Path) -> None:
    found = results(unfinished, tmp_path)
    card = "指标体系评分表"
    assert found[card, "甲小计"] == [20, 10, "—"]
    assert found[card, "合计"] == [30, 10, "—"]
    assert [found[card, one] for one in RESULTS] == [["—"], ["暂不定等级"], ["暂不定等级"]]
    assert found["分级得分", "甲"] == [20, "—", "—"]


def test_typed_scores_give_rates_total_and_grade(unfinished: bytes, tmp_path: Path) -> None:
    """9 and 8 besides 10: 19 of 20, 8 of 10, and 27 of 30 is 90%, 优."""
    card = "指标体系评分表"
    found = results(filled(unfinished, {(card, "B"): 9, (card, "C"): 8}), tmp_path)
    assert found[card, "甲小计"] == [20, 19, pytest.approx(0.95)]
    assert found[card, "乙小计"] == [10, 8, pytest.approx(0.8)]
    assert found[card, "合计"] == [30, 27, pytest.approx(0.9)]
    assert [found[card, one] for one in RESULTS] == [[27], ["优"], ["优"]]
    assert found["分级得分", "甲"] == [20, 19, pytest.approx(0.95)]


def test_rates_of_typed_scores_are_alive_in_their_rows(unfinished: bytes, tmp_path: Path) -> None:
    card = "指标体系评分表"
    content = filled(unfinished, {(card, "B"): 9})
    found = recalculated(content, tmp_path)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[card]
    rates = {
        id_: found[card, row[place + 3].coordinate]
        for row in sheet.iter_rows()
        for place, id_ in enumerate(cell.value for cell in row)
        if id_ in ("A", "B", "C")
    }
    assert rates == {"A": 1, "B": pytest.approx(0.9), "C": "—"}


@pytest.fixture(scope="module")
def two_parts() -> bytes:
    """东 has 24 of 30, 良 at 80; 西 with twice its weight lacks C."""
    of = framework(TREE, 30)
    whole = {id_: {"value": "80%"} for id_ in "ABC"}
    subs = [
        {"name": "东", "weight": 1, "measures": whole},
        {"name": "西", "weight": 2, "measures": {id_: whole[id_] for id_ in "AB"}},
    ]
    found = evaluate(of, inputs(of, {}, sub_projects=subs))
    assert isinstance(found, CombinedReport)
    return render_scorecard_xlsx(found)


def test_sub_project_without_a_score_leaves_the_combined_total_open(
    two_parts: bytes, tmp_path: Path
) -> None:
    found = results(two_parts, tmp_path)
    sheet = "子项目合并得分"
    assert found[sheet, "东"] == [pytest.approx(80), pytest.approx(80 / 3), "良"]
    assert found[sheet, "西"] == ["—", "—", "—"]
    assert found[sheet, "合计"] == [3, "—", "—"]


def test_typed_score_gives_the_part_its_grade_and_moves_the_whole(
    two_parts: bytes, tmp_path: Path
) -> None:
    """西: 8 + 8 + 2 = 18 of 30 is 60, 中; (80 + 2×60)/3 = 66.67, 中. 东 falls to 14 of 30, 差."""
    typed = {("西", "C"): 2, ("东", "A"): 0, ("东", "B"): 6}
    found = results(filled(two_parts, {("西", "C"): 2}), tmp_path / "one")
    sheet = "子项目合并得分"
    assert found[sheet, "西"] == [pytest.approx(60), pytest.approx(40), "中"]
    assert found[sheet, "合计"] == [3, pytest.approx(200 / 3), "中"]
    found = results(filled(two_parts, typed), tmp_path / "two")
    assert found[sheet, "东"] == [pytest.approx(140 / 3), pytest.approx(140 / 9), "差"]
