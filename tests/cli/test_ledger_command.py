"""manyi ledger: the same numbers as the page, exit 1 where they do not agree."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import openpyxl
import pytest

import config
from tests import commands
from tests.app.fieldworking import in_full_swing
from tests.conftest import World


@pytest.fixture
def folder(world: World, settings: config.Settings) -> Path:
    in_full_swing(world)
    return settings.data_dir


def manyi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.manyi("ledger", *arguments, folder=folder, MANYI_DATA_DIR=str(folder))


def test_text_names_the_rates_and_every_difference(folder: Path) -> None:
    done = manyi(folder, "alpha")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "收发台账：alpha 项目"
    assert lines[1].endswith("收到 12，有效 11，计入 11，回收率 60.00%，有效率 91.67%")
    assert any("还有 2 份在平板上，最早一份 11-20 14:02" in line for line in lines[2:])


def test_project_in_order_ends_with_0(folder: Path) -> None:
    done = manyi(folder, "beta")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "没有发现差异")


def test_json_and_csv_hold_the_same_rows(folder: Path) -> None:
    found = json.loads(manyi(folder, "alpha", "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(manyi(folder, "alpha", "--format", "csv").stdout)))
    received = [
        row["received"] for key in ("devices", "enumerators", "areas") for row in found[key]
    ]
    assert [int(row["收到"]) for row in rows] == received == [10, 2, 10, 2, 12, 9, 3]
    assert found["total"]["return_rate"] == 0.6
    assert {one["code"] for one in found["differences"]} >= {"unsent", "unpersisted"}


def test_workbook_is_written_to_a_file(folder: Path) -> None:
    done = manyi(folder, "alpha", "--format", "xlsx", "-o", "台账.xlsx", "--audience", "cadre")
    assert done.returncode == 1, done.stderr
    assert openpyxl.load_workbook(folder / "台账.xlsx").sheetnames[-1] == "差异"


def test_unknown_project_is_one_clear_line(folder: Path) -> None:
    done = manyi(folder, "nowhere")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
