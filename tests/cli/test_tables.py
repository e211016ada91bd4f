"""summary and score on a bare CSV, as a script would call them: no database, real processes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest
import yaml

from surveys.catalogue import find
from surveys.sheets import csv_line
from tests.commands import COMMAND, environment, manyi

PUBLISHED = yaml.safe_load(
    (Path(__file__).parents[1] / "published/nanchong-2018-questionnaires.yaml").read_text("utf-8")
)["questionnaires"]


@pytest.fixture
def cadres(tmp_path: Path) -> Path:
    """20 rows whose counts are those published for the cadres, dealt out by hand."""
    questionnaire = find("dibao-cadres@1")
    rows: list[dict[str, list[str]]] = [{} for _ in range(20)]
    for question, published in zip(questionnaire.questions, PUBLISHED[1]["questions"], strict=True):
        place = 0
        for option in published["options"]:
            for _ in range(option["count"]):
                rows[place % 20].setdefault(question.code, []).append(option["letter"])
                place += 1
    codes = [question.code for question in questionnaire.questions]
    notes = list(questionnaire.notes)
    lines = [csv_line(["id", "area", *codes, *notes])]
    for number, row in enumerate(rows):
        answered = [" ".join(row.get(code, [])) for code in codes]
        written = [
            "说明" if option.code in row.get(question.code, []) else ""
            for question, option in questionnaire.notes.values()
        ]
        lines.append(csv_line([str(number), "东" if number < 5 else "西", *answered, *written]))
    path = tmp_path / "cadres.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_prints_the_published_counts_as_json(cadres: Path) -> None:
    done = manyi("summary", "dibao-cadres@1", cadres.name, "--format", "json", folder=cadres.parent)
    assert done.returncode == 0, done.stderr
    table = json.loads(done.stdout)
    assert (table["questionnaire"], table["version"], table["n"]) == ("dibao-cadres", 1, 20)
    counts = [[o["count"] for o in question["options"]] for question in table["questions"]]
    assert counts == [[o["count"] for o in q["options"]] for q in PUBLISHED[1]["questions"]]


def test_needs_no_database_and_leaves_nothing_behind(cadres: Path) -> None:
    done = manyi("summary", "dibao-cadres@1", cadres.name, folder=cadres.parent)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in cadres.parent.iterdir()] == ["cadres.csv"]


def test_groups_by_area(cadres: Path) -> None:
    arguments = ("summary", "dibao-cadres@1", cadres.name, "--by", "area", "--format", "json")
    groups = json.loads(manyi(*arguments, folder=cadres.parent).stdout)["groups"]
    assert [(group["label"], group["n"]) for group in groups] == [("东", 5), ("西", 15)]


def test_writes_a_workbook_named_by_its_extension(cadres: Path) -> None:
    target = cadres.parent / "表.xlsx"
    done = manyi("summary", "dibao-cadres", cadres.name, "-o", target.name, folder=cadres.parent)
    assert done.returncode == 1, "version 2 has other rules, so that the rows are refused"
    done = manyi("summary", "dibao-cadres@1", cadres.name, "-o", target.name, folder=cadres.parent)
    assert done.returncode == 0, done.stderr
    cells = [cell.value for row in openpyxl.load_workbook(target).worksheets[0] for cell in row]
    assert "A.思想教育" in cells


def test_scores_as_the_contract_says(cadres: Path) -> None:
    arguments = ("score", "dibao-cadres@1", cadres.name, "--question", "q07", "--points", "3")
    done = manyi(*arguments, "--format", "json", folder=cadres.parent)
    assert done.returncode == 0, done.stderr
    score = json.loads(done.stdout)
    # 5 very and 15 fairly satisfied under 1/.8/.3/0: (5 + 12)/20 × 3.
    assert (score["score"], score["index"], score["base"], score["points"]) == (2.55, 0.85, 20, 3)
    assert score["formula"] == "(5×1.0+15×0.8+0×0.3+0×0)/20×3 = 2.55"
    assert score["counts"] == {"A": 5, "B": 15, "C": 0, "D": 0}


def test_takes_a_plan_file(cadres: Path) -> None:
    plan = cadres.parent / "plan.yaml"
    plan.write_text("preset: four-rate\npoints: 10\n", encoding="utf-8")
    arguments = ("score", "dibao-cadres@1", cadres.name, "--question", "q07", "--plan", plan.name)
    done = manyi(*arguments, "--format", "json", folder=cadres.parent)
    assert json.loads(done.stdout)["score"] == 10


def test_names_each_fault_of_a_plan(cadres: Path) -> None:
    plan = cadres.parent / "plan.yaml"
    plan.write_text("weights: {A: 0.5, B: 0.8, C: 0.3}\npoints: 0\n", encoding="utf-8")
    arguments = ("score", "dibao-cadres@1", cadres.name, "--question", "q07", "--plan", plan.name)
    done = manyi(*arguments, folder=cadres.parent)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 3, done.stderr


def test_shows_the_first_fifty_faults_and_their_number(tmp_path: Path) -> None:
    lines = ["id,q01", *(f"{n},X" for n in range(60)), "60,A"]
    (tmp_path / "wrong.csv").write_text("\n".join(lines), encoding="utf-8")
    done = manyi("summary", "dibao-cadres@1", "wrong.csv", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len([line for line in done.stderr.splitlines() if "“X”" in line]) == 50
    assert "第 2 行，q01，值“X”" in done.stderr
    assert "60 处错误，涉及 60 行" in done.stderr


def test_a_file_of_headings_only_is_called_so_and_names_no_row(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("id,q01\n", encoding="utf-8")
    done = manyi("summary", "dibao-cadres@1", "empty.csv", folder=tmp_path)
    assert done.returncode == 1
    told = done.stderr.strip().splitlines()
    assert told == ["只有标题行，没有数据", "empty.csv 共有 1 处错误"]


def test_goes_on_with_the_right_rows_if_told_to(tmp_path: Path) -> None:
    (tmp_path / "mixed.csv").write_text("id,q01\n1,A\n2,X\n", encoding="utf-8")
    arguments = ("summary", "dibao-cadres@1", "mixed.csv", "--keep-valid", "--format", "json")
    done = manyi(*arguments, folder=tmp_path)
    assert json.loads(done.stdout)["n"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("summary", "no-such@1", "a.csv"), "no-such@1"),
        (("summary", "dibao-cadres@1", "missing.csv"), "missing.csv"),
        (("summary", "dibao-cadres@1", "a.csv", "--by", "q99"), "q99"),
        (("score", "dibao-cadres@1", "a.csv", "--question", "q99"), "q99"),
        (("score", "dibao-cadres@1", "a.csv", "--question", "q07"), "--points"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_use_ends_with_two(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "a.csv").write_text("id,q01\n1,A\n", encoding="utf-8")
    done = manyi(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_weights_are_used_and_told_unless_they_are_to_be_ignored(tmp_path: Path) -> None:
    rows = "id,weight,q01\n1,2.5,A\n2,0.5,B\n3,1,B\n"
    (tmp_path / "weighted.csv").write_text(rows, encoding="utf-8")
    arguments = ("summary", "dibao-cadres@1", "weighted.csv", "--format", "json")
    done = manyi(*arguments, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "权重大于0" in done.stderr
    table = json.loads(done.stdout)
    assert table["weighted"] is True
    options = table["questions"][0]["options"]
    # 2.5 of 4 in weight, 1 of 3 in number.
    assert (options[0]["count"], options[0]["weighted_count"], options[0]["share"]) == (
        1,
        2.5,
        0.625,
    )
    done = manyi(*arguments, "--unweighted", folder=tmp_path)
    plain = json.loads(done.stdout)
    assert "weighted" not in plain
    assert plain["questions"][0]["options"][0]["share"] == 1 / 3


@pytest.mark.parametrize("command", ["summary", "score"])
def test_refuses_weights_that_cannot_be_used(tmp_path: Path, command: str) -> None:
    rows = ["id,weight,q01", "1,,A", "2,1,A", "3,,B"]
    (tmp_path / "odd.csv").write_text("\n".join(rows), encoding="utf-8")
    scored = ("--question", "q07", "--points", "3") if command == "score" else ()
    done = manyi(command, "dibao-cadres@1", "odd.csv", *scored, folder=tmp_path)
    assert done.returncode == 1
    assert "2 份答卷没有填（如第 2, 4 行）" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_lonely_stratum_passes_with_a_treatment(tmp_path: Path) -> None:
    rows = "id,抽样层,q01\n1,甲,A\n2,甲,B\n3,乙,B\n"
    (tmp_path / "lonely.csv").write_text(rows, encoding="utf-8")
    arguments = ("summary", "dibao-cadres@1", "lonely.csv", "--lonely", "adjust")
    done = manyi(*arguments, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "分 2 层" in done.stderr


def test_a_weighted_score_keeps_the_contract_and_tells_its_sums(tmp_path: Path) -> None:
    rows = ["id,weight,q07", "1,2.25,A", "2,1.5,B", "3,0.25,C", "4,9,"]
    (tmp_path / "score.csv").write_text("\n".join(rows), encoding="utf-8")
    arguments = ("score", "dibao-cadres@1", "score.csv", "--question", "q07", "--points", "3")
    done = manyi(*arguments, "--format", "json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # (2.25×1 + 1.5×.8 + .25×.3)/4 = 3.525/4 = 0.88125, × 3 = 2.64375
    assert found["formula"] == "(2.25×1.0+1.5×0.8+0.25×0.3+0×0)/4×3 = 2.64375"
    assert (found["index"], found["score"], found["base"]) == (0.88125, 2.64375, 3)
    assert found["counts"] == {"A": 1, "B": 1, "C": 1, "D": 0}
    assert found["weighted_counts"] == {"A": 2.25, "B": 1.5, "C": 0.25, "D": 0}
    assert found["low"] < found["score"] < found["high"]
    text = manyi(*arguments, folder=tmp_path).stdout
    assert "加权基数" in text
    assert "(2.25×1.0+" in text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,q01\n1,A\n", encoding="utf-8")
    arguments = ("summary", "dibao-cadres@1", "a.csv", "-o", "missing/table.csv")
    done = manyi(*arguments, folder=tmp_path)
    assert done.returncode == 1
    assert "missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_fault_of_a_file(cadres: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "summary", "dibao-cadres@1", str(cadres)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), **pipes) as process:  # type: ignore[call-overload]
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (1, b"")
