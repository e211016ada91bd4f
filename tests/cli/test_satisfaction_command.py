"""manyi satisfaction on a bare CSV: figures by hand, four formats, and what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from app.cli import main

WEIGHTS = {"A": 1, "B": 0.8, "C": 0.3, "D": 0}
EAST, WEST = "AAAAAAAABBABAAAAAAAA", "BBCCDDDDBACDDBBBCDCA"
DEFINITION = """
slug: small
version: 1
title: 小问卷
audiences: [recipient, non_recipient]
consent: {version: "1", text: 自愿参加。}
questions:
  - code: q1
    text: 是否满意
    kind: scale
    options:
      - {code: A, text: 非常满意}
      - {code: B, text: 比较满意}
      - {code: C, text: 不太满意}
      - {code: D, text: 很不满意}
  - code: q2
    text: 收入来源
    kind: multiple
    options: [{code: X, text: 务农}, {code: Y, text: 打工}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(DEFINITION, encoding="utf-8")
    lines = ["id,area,q1,q2"]
    for area, letters in (("东镇", EAST), ("西镇", WEST)):
        lines += [f"{area}{n},{area},{letter},X Y" for n, letter in enumerate(letters)]
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def manyi(folder: Path, *arguments: str, file: str = "r.csv") -> Result:
    command = ["satisfaction", str(folder / "small.yaml"), str(folder / file)]
    return CliRunner().invoke(main, [*command, "--question", "q1", *arguments])


def test_prints_index_and_interval_as_json(folder: Path) -> None:
    done = manyi(folder, "--points", "3", "--by", "area", "--format", "json")
    assert done.exit_code == 0, done.output
    (question,) = json.loads(done.stdout)["questions"]
    values = [WEIGHTS[letter] for letter in EAST + WEST]
    low, _ = stats.t.interval(0.95, 39, sum(values) / 40, stats.sem(values))
    assert question["everybody"]["index"] == pytest.approx(sum(values) / 40)
    assert question["everybody"]["index_low"] == pytest.approx(low)
    assert question["everybody"]["score"] == pytest.approx(3 * sum(values) / 40)
    assert [(group["label"], group["n"]) for group in question["groups"]] == [
        ("东镇", 20),
        ("西镇", 20),
    ]


def test_compares_two_groups_in_plain_words(folder: Path) -> None:
    done = manyi(folder, "--points", "3", "--by", "area", "--compare", "西镇", "东镇")
    assert done.exit_code == 0, done.output
    assert "西镇的满意度指数比东镇低" in done.stdout and "差异显著（p < 0.001）" in done.stdout


def test_groups_by_a_multiple_choice_named_by_option_codes(folder: Path) -> None:
    done = manyi(folder, "--points", "3", "--by", "q2", "--compare", "X", "Y")
    assert "X.务农" in done.stdout and "没有差异可检验" in done.stdout


def test_writes_a_workbook_and_a_csv_named_by_their_extension(folder: Path) -> None:
    for name in ("表.xlsx", "表.csv"):
        done = manyi(folder, "--points", "3", "--by", "area", "-o", str(folder / name))
        assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(io.BytesIO((folder / "表.xlsx").read_bytes()))
    assert book.sheetnames == ["满意度比较", "组间差异", "计算说明"]
    assert (folder / "表.csv").read_text("utf-8-sig").startswith("问卷,代码,问题,分组")


def test_takes_a_plan_file(folder: Path) -> None:
    (folder / "plan.yaml").write_text("preset: four-rate\npoints: 10\n", encoding="utf-8")
    done = manyi(folder, "--plan", str(folder / "plan.yaml"), "--format", "json")
    (question,) = json.loads(done.stdout)["questions"]
    satisfied = sum(letter in "AB" for letter in EAST + WEST) / 40
    assert question["everybody"]["score"] == pytest.approx(10 * satisfied)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("weight", "抽样设计：不分层，逐份抽取"),
        ("stratum", "抽样设计：分 2 层。"),
        ("cluster", "抽样设计：整群抽样（8 个抽样单元）"),
        ("weight,stratum,cluster", "抽样设计：分 2 层、整群抽样（8 个抽样单元）"),
    ],
)
def test_notes_name_the_design_that_was_used(folder: Path, columns: str, told: str) -> None:
    lines = ["id,area,q1,q2," + columns]
    for n, letter in enumerate(EAST + WEST):
        values = {"weight": 1 + n % 3, "stratum": "甲" if n < 20 else "乙", "cluster": n // 5}
        own = ",".join(str(values[name]) for name in columns.split(","))
        lines.append(f"{n},{'东镇' if n < 20 else '西镇'},{letter},X,{own}")
    (folder / "w.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    printed = manyi(folder, "--points", "3", "--by", "area", file="w.csv")
    assert printed.exit_code == 0, printed.output
    assert told in printed.stdout and "视为" not in printed.stdout
    written = manyi(folder, "--points", "3", "--format", "json", file="w.csv")
    assert told in "".join(json.loads(written.stdout)["design"])


def test_single_response_has_all_that_is_possible_as_its_interval(folder: Path) -> None:
    (folder / "one.csv").write_text("id,q1,q2\n1,A,X\n", encoding="utf-8")
    done = manyi(folder, "--points", "3", file="one.csv")
    assert done.exit_code == 0, done.output
    assert "0.00%–100.00%" in done.stdout and "只有一个抽样单元" in done.stdout


def test_file_without_responses_is_refused_in_words(folder: Path) -> None:
    (folder / "none.csv").write_text("id,q1\n", encoding="utf-8")
    done = manyi(folder, "--points", "3", file="none.csv")
    assert done.exit_code == 1
    assert "没有数据" in done.stderr


def test_faults_of_a_plan_are_all_named(folder: Path) -> None:
    (folder / "plan.yaml").write_text("weights: {A: 0.5, B: 0.8}\npoints: 0\n", encoding="utf-8")
    done = manyi(folder, "--plan", str(folder / "plan.yaml"))
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) >= 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--points"),
        (("--points", "3", "--question", "q9"), "q9"),
        (("--points", "3", "--by", "q9"), "q9"),
        (("--points", "3", "--compare", "a", "b"), "--by"),
        (("--points", "3", "--by", "area", "--compare", "东镇", "北镇"), "北镇"),
        (("--points", "3", "--format", "docx"), "docx"),
    ],
)
def test_wrong_use_ends_with_two(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = manyi(folder, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_same_group_twice_is_refused(folder: Path) -> None:
    done = manyi(folder, "--points", "3", "--by", "area", "--compare", "东镇", "东镇")
    assert done.exit_code == 2 and "两组相同，都是“东镇”" in done.stderr


def test_plan_that_is_no_yaml_is_refused(folder: Path) -> None:
    for text in ("a: [", "- 1"):
        (folder / "plan.yaml").write_text(text, encoding="utf-8")
        assert manyi(folder, "--plan", str(folder / "plan.yaml")).exit_code == 2
