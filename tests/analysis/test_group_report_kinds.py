"""Reports by group of a questionnaire with every kind of question, opened and read back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.group_report import GroupReport, group_report
from analysis.loading import design_of, from_rows
from analysis.reports.group_excel import write_workbook
from analysis.reports.group_word import write_document
from surveys.sheets import read
from tests.analysis.conftest import build, options

N = 30
QUESTIONS = [
    {"code": "q1", "text": "满意吗", "kind": "single", "options": options("ABC")},
    {"code": "q2", "text": "哪些原因", "kind": "multiple", "options": options("ABC")},
    {"code": "q3", "text": "几口人", "kind": "integer", "unit": "人"},
    {"code": "q4", "text": "月收入", "kind": "decimal", "unit": "元"},
    {"code": "q5", "text": "何时开始", "kind": "date"},
    {"code": "q6", "text": "意见", "kind": "text"},
]
SURVEY = build([{**question, "required": False} for question in QUESTIONS])


def rows_of(*, blank: bool, weighted: bool) -> pd.DataFrame:
    """Thirty responses of three areas; with `blank` every fourth leaves each question out."""
    chance = np.random.default_rng(11)
    answers: dict[str, Any] = {
        "q1": chance.choice(list("ABC"), N),
        "q2": chance.choice(["A", "A B", "C"], N),
        "q3": chance.integers(1, 7, N).astype(str),
        "q4": np.round(chance.gamma(2, 400, N), 2).astype(str),
        "q5": [f"2018-0{month}-15" for month in chance.integers(1, 10, N)],
        "q6": [f"意见{place}" for place in range(N)],
    }
    frame = pd.DataFrame({"id": np.arange(N).astype(str), "area": [*"甲乙丙"] * 10, **answers})
    if weighted:
        frame["weight"] = (chance.integers(1, 30, N) / 10).astype(str)
    for place, code in enumerate(answers if blank else ()):
        frame.loc[place % 4 :: 4, code] = ""
    return frame


def report_of(frame: pd.DataFrame) -> GroupReport:
    text = io.StringIO()
    frame.to_csv(text, index=False)
    sheet = read(text.getvalue().encode(), "a.csv", SURVEY)
    assert sheet.faults == []
    return group_report(from_rows(SURVEY, sheet.rows), "area", {}, design=design_of(sheet.rows))


def crossed(path: Path, question: str) -> dict[str, dict[str, Any]]:
    """Rows of the question's block on the sheet 交叉表 by the name of their group."""
    rows = list(openpyxl.load_workbook(path, data_only=True)["交叉表"].iter_rows(values_only=True))
    first = next(place for place, row in enumerate(rows) if str(row[0]).startswith(question))
    start = next(place for place in range(first, len(rows)) if rows[place][0] == "分组")
    block = rows[start + 1 : start + 5]
    return {str(row[0]): dict(zip(rows[start], row, strict=True)) for row in block}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("blank", [False, True])
def test_workbook_has_the_numbers_of_each_group(
    tmp_path: Path, blank: bool, weighted: bool
) -> None:
    frame = rows_of(blank=blank, weighted=weighted)
    write_workbook(report_of(frame), tmp_path / "r.xlsx")
    for code in ("q3", "q4"):
        given = frame[frame[code] != ""]
        found = crossed(tmp_path / "r.xlsx", code)
        assert list(found) == ["全部", "甲", "乙", "丙"]
        for name, row in found.items():
            own = given if name == "全部" else given[given["area"] == name]
            values = own[code].astype(float)
            weights = own["weight"].astype(float) if weighted else None
            assert row["应答基数"] == len(values)
            assert row["平均值"] == pytest.approx(np.average(values, weights=weights))
            assert (row["最小值"], row["最大值"]) == (values.min(), values.max())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("blank", [False, True])
def test_both_files_open_without_a_figure_that_is_none(
    tmp_path: Path, blank: bool, weighted: bool, language: str
) -> None:
    report = report_of(rows_of(blank=blank, weighted=weighted))
    write_workbook(report, tmp_path / "r.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx", data_only=True)
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert not cells & {"nan", "inf", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!"}
    write_document(report, tmp_path / "r.docx", language)
    document = docx.Document(str(tmp_path / "r.docx"))
    texts = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"几口人", "何时开始", "意见"} <= texts
    assert not texts & {"nan", "inf"}
