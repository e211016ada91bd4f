"""scorecard and audit as a script would call them: real processes, in an empty folder."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import openpyxl
import pytest
import yaml

from tests.commands import manyi

SMALL = {
    "slug": "small",
    "title": "小指标体系",
    "points": 10,
    "scheme": "caiyu-2020-10",
    "parts": [
        {"id": "A", "name": "到位率", "points": 10, "rule": {"kind": "proportional"}},
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A framework of one indicator and its measures, 9 of 10 points."""
    (tmp_path / "f.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    measures = {"framework": "small", "measures": {"A": {"value": "90%"}}}
    (tmp_path / "m.yaml").write_text(yaml.safe_dump(measures), encoding="utf-8")
    return tmp_path


def test_scorecard_of_2018_has_the_published_total_and_the_one_from_the_survey(
    tmp_path: Path,
) -> None:
    done = manyi("scorecard", "nanchong-2018", "nanchong-2018", "--format", "json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert (data["total"], data["printed"], data["grade"]) == (88.375, "88.38", "良好")
    assert data["comparison"]["after"]["total"] == 85.227


def test_scorecard_of_own_files_as_text(small: Path) -> None:
    done = manyi("scorecard", "f.yaml", "m.yaml", folder=small)
    assert done.returncode == 0
    assert "总分 9（9.00）／10，得分率 90.00%，等级：优" in done.stdout


def test_another_grade_scheme_may_be_chosen(small: Path) -> None:
    done = manyi("scorecard", "f.yaml", "m.yaml", "--scheme", "minfa-2016-242", folder=small)
    assert "等级：优秀" in done.stdout


@pytest.mark.parametrize("extension", ["xlsx", "docx"])
def test_extension_of_the_output_decides_the_format(small: Path, extension: str) -> None:
    done = manyi("scorecard", "f.yaml", "m.yaml", "-o", f"card.{extension}", folder=small)
    assert done.returncode == 0
    content = io.BytesIO((small / f"card.{extension}").read_bytes())
    opened = openpyxl.load_workbook(content) if extension == "xlsx" else docx.Document(content)
    assert opened


def test_faulty_files_are_refused_with_every_fault(small: Path) -> None:
    measures = {"framework": "small", "measures": {"A": {"value": "much"}, "B": {"score": 1}}}
    (small / "m.yaml").write_text(yaml.safe_dump(measures), encoding="utf-8")
    done = manyi("scorecard", "f.yaml", "m.yaml", folder=small)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "m.yaml：A：实际值应写成 79% 或 79/100 的形式，现为 much",
        "m.yaml：B：指标体系中没有这个指标",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("scorecard", "nothing.yaml", "m.yaml"),
        ("scorecard", "f.yaml", "nothing"),
        ("scorecard", "f.yaml"),
        ("scorecard", "f.yaml", "m.yaml", "--scheme", "school"),
        ("audit", "nothing.yaml"),
        ("audit", "clean-example", "--format", "xlsx"),
    ],
)
def test_wrong_use_ends_with_2(small: Path, arguments: tuple[str, ...]) -> None:
    done = manyi(*arguments, folder=small)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_audit_of_a_clean_report_finds_nothing_and_ends_with_0(tmp_path: Path) -> None:
    done = manyi("audit", "clean-example", folder=tmp_path)
    assert done.returncode == 0
    assert "没有发现问题。" in done.stdout


def test_audit_of_2018_lists_its_findings_and_ends_with_1(tmp_path: Path) -> None:
    done = manyi("audit", "nanchong-2018", "--format", "json", folder=tmp_path)
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["counts"]["error"] > 0
    assert all(found["place"]["text"] and found["why"] for found in data["findings"])


def test_audit_refuses_what_is_no_report(small: Path) -> None:
    done = manyi("audit", "f.yaml", folder=small)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("f.yaml：")
