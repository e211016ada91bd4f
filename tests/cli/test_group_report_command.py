"""group-report as a script would call it: of a file of responses, and of a project."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import docx
import openpyxl
import pytest

from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.commands import manyi

RESIDENTS = find("dibao-residents@2")
FILES = ["group-report.docx", "group-report.xlsx"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine responses of three areas in `r.csv`."""
    rows = [simulate(RESIDENTS, Audience.RECIPIENT, random.Random(seed)) for seed in range(9)]
    codes = sorted({key for row in rows for key in row})
    with (tmp_path / "r.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "audience", "area", *codes])
        for number, row in enumerate(rows):
            given = [row.get(code, "") for code in codes]
            cells = [" ".join(v) if isinstance(v, list) else v for v in given]
            writer.writerow([number, "recipient", f"第{number % 3}县", *cells])
    return tmp_path


def test_file_of_responses_becomes_a_workbook_and_a_document(folder: Path) -> None:
    done = manyi("group-report", "dibao-residents@2", "r.csv", "-o", "out", folder=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(path.name for path in (folder / "out").iterdir()) == FILES
    book = openpyxl.load_workbook(folder / "out" / "group-report.xlsx")
    assert book.sheetnames[5:] == ["第0县", "第1县", "第2县"]
    assert docx.Document(str(folder / "out" / "group-report.docx")).tables


def test_parts_and_grouping_can_be_chosen(folder: Path) -> None:
    chosen = ("--by", "audience", "--part", "scores", "-o", "out")
    done = manyi("group-report", "dibao-residents@2", "r.csv", *chosen, folder=folder)
    assert done.returncode == 0
    book = openpyxl.load_workbook(folder / "out" / "group-report.xlsx")
    assert book.sheetnames == ["目录", "得分"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("dibao-residents@2", "r.csv", "--by", "weather"), 2, "可选：audience、area、q01"),
        (("dibao-residents@2", "r.csv", "--questionnaire", "x@1"), 2, "--questionnaire"),
        (("nothing@1", "r.csv"), 2, "没有问卷"),
        (("dibao-residents@2", "none.csv"), 2, "none.csv"),
        (("no-such-project",), 1, "404.1"),
    ],
)
def test_wrong_use_is_one_clear_line_and_leaves_no_file(
    folder: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = manyi("group-report", *arguments, "-o", "out", folder=folder)
    assert done.returncode == code and told in done.stderr
    assert not list(folder.glob("out/*"))


def test_project_needs_its_questionnaire_named_where_there_are_two(folder: Path) -> None:
    assert manyi("demo", folder=folder).returncode == 0
    wrong = manyi("group-report", "practice", "-o", "out", folder=folder)
    assert wrong.returncode == 2 and "dibao-cadres@2" in wrong.stderr
    chosen = ("--questionnaire", "dibao-cadres@2", "--part", "comparison", "-o", "out")
    done = manyi("group-report", "practice", *chosen, folder=folder)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(folder / "out" / "group-report.xlsx", data_only=True)
    rows = list(book["总表"].iter_rows(min_row=2, max_row=4, values_only=True))
    counted = dict(zip(rows[0], rows[1], strict=True))
    assert (counted["计入份数"], counted["计划份数"]) == (30, 30)
