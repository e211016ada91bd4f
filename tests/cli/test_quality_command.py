"""manyi quality: the same findings as the page, exit 1 where there are any."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import config
from tests import commands
from tests.app.flagged_work import planted
from tests.conftest import World


@pytest.fixture
def folder(world: World, settings: config.Settings) -> Path:
    planted(world)
    return settings.data_dir


def manyi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.manyi("quality", *arguments, folder=folder, MANYI_DATA_DIR=str(folder))


def test_text_names_every_check_and_what_it_found(folder: Path) -> None:
    done = manyi(folder, "alpha")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "数据质量：alpha 项目"
    assert "dibao-residents@2：11 份，有标记 3 份" in lines
    assert any(line.startswith("回答完全相同：2 份（18.18%）") for line in lines)
    assert any(line.startswith("超出样本计划：不适用") for line in lines)


def test_json_holds_each_finding_in_both_languages(folder: Path) -> None:
    done = manyi(folder, "alpha", "--format", "json", "--questionnaire", "dibao-residents@2")
    (found,) = json.loads(done.stdout)["questionnaires"]
    checks = {check["code"]: check for check in found["checks"]}
    assert [one["arrival_no"] for one in checks["duplicates"]["responses"]] == [9, 10]
    assert "questions in 20.0 seconds" in checks["too_fast"]["responses"][0]["en"]
    assert checks["contradictory"]["applicable"] is True
    assert checks["out_of_plan"]["applicable"] is False
    assert "no sample plan" in checks["out_of_plan"]["reason"]["en"]
    assert found["enumerators"][0]["by_check"] == {"duplicates": 2, "too_fast": 1}


def test_project_without_findings_ends_with_0(folder: Path) -> None:
    done = manyi(folder, "beta")
    assert done.returncode == 0, done.stderr


def test_findings_are_written_to_a_file(folder: Path) -> None:
    manyi(folder, "alpha", "--format", "json", "-o", "质量.json")
    assert json.loads((folder / "质量.json").read_text("utf-8"))["project"] == "alpha 项目"


def test_unknown_project_and_questionnaire_are_one_clear_line(folder: Path) -> None:
    for arguments in (["nowhere"], ["alpha", "--questionnaire", "nothing"]):
        done = manyi(folder, *arguments)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
