"""Columns of weights and of the sample design in the commands on a bare file of responses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from app.cli import main
from tests.cli.test_satisfaction_command import DEFINITION, EAST, WEIGHTS, WEST

WEIGHTED = ["satisfaction", "crosstab", "reliability", "group-report", "summary", "score"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """r.csv: 40 responses in two strata (the areas) of ten villages each, with weights 1 to 4;
    odd.csv: some without a weight; one.csv: a single one with a weight."""
    scored = DEFINITION.replace("kind: scale", "kind: scale\n    satisfaction: true")
    (tmp_path / "small.yaml").write_text(scored, encoding="utf-8")
    lines = ["id,area,weight,stratum,cluster,q1,q2"]
    for place, (area, letters) in enumerate((("东镇", EAST), ("西镇", WEST))):
        for number, letter in enumerate(letters):
            weight, village = 1 + (number + place) % 4, number // 2
            lines.append(f"{area}{number},{area},{weight},{area},{village},{letter},X")
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "odd.csv").write_text(
        "id,weight,q1,q2\n1,,A,X\n2,1,A,X\n3,2,B,X\n", encoding="utf-8"
    )
    (tmp_path / "one.csv").write_text("id,weight,q1,q2\n1,2.5,A,X\n", encoding="utf-8")
    return tmp_path


def manyi(folder: Path, command: str, *arguments: str, file: str = "r.csv") -> Result:
    given = [command, str(folder / "small.yaml"), str(folder / file), *arguments]
    return CliRunner().invoke(main, given)


def arguments_of(command: str, folder: Path) -> tuple[str, ...]:
    scored = ("--question", "q1", "--points", "3")
    return {
        "satisfaction": scored,
        "score": scored,
        "crosstab": ("--rows", "q1", "--columns", "area"),
        "group-report": ("-o", str(folder / "out")),
    }.get(command, ())


def test_satisfaction_is_of_the_weights_strata_and_villages(folder: Path) -> None:
    """Index Σwp/Σw; variance of the sum of w(p - index)/Σw over villages within strata."""
    done = manyi(folder, "satisfaction", "--question", "q1", "--points", "3", "--format", "json")
    assert done.exit_code == 0, done.output
    (question,) = json.loads(done.stdout)["questions"]
    frame = pd.read_csv(folder / "r.csv")
    frame["p"] = frame["q1"].map(WEIGHTS)
    index = np.average(frame["p"], weights=frame["weight"])
    frame["z"] = frame["weight"] * (frame["p"] - index) / frame["weight"].sum()
    villages = frame.groupby(["stratum", "cluster"])["z"].sum()
    variance = sum(len(z) * z.var() for _, z in villages.groupby("stratum"))
    half = stats.t.ppf(0.975, 20 - 2) * variance**0.5
    found = question["everybody"]
    assert found["index"] == pytest.approx(index)
    assert found["score"] == pytest.approx(3 * index)
    assert (found["index_low"], found["index_high"]) == pytest.approx((index - half, index + half))
    assert "分 2 层" in done.stderr


def test_crosstab_shares_are_of_the_weights(folder: Path) -> None:
    done = manyi(folder, "crosstab", "--rows", "q1", "--columns", "area", "--format", "json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    frame = pd.read_csv(folder / "r.csv")
    names = [column["name"] for column in found["columns"]["categories"]]
    wanted = pd.crosstab(
        frame["q1"], frame["area"], frame["weight"], aggfunc="sum", normalize="columns"
    )[names]
    shares = [[cell["column"]["share"] for cell in row] for row in found["cells"]]
    assert np.array(shares) == pytest.approx(wanted.to_numpy())
    counts = [[cell["count"] for cell in row] for row in found["cells"]]
    assert counts == pd.crosstab(frame["q1"], frame["area"])[names].to_numpy().tolist()


@pytest.mark.parametrize("command", ["satisfaction", "crosstab"])
def test_weights_can_be_ignored_everywhere(folder: Path, command: str) -> None:
    given = (*arguments_of(command, folder), "--unweighted", "--format", "json")
    ignored = manyi(folder, command, *given)
    plain = pd.read_csv(folder / "r.csv").drop(columns=["weight", "stratum", "cluster"])
    plain.to_csv(folder / "plain.csv", index=False)
    assert ignored.exit_code == 0, ignored.output
    assert ignored.stdout == manyi(folder, command, *given, file="plain.csv").stdout
    assert "不加权" in ignored.stderr


@pytest.mark.parametrize("command", WEIGHTED)
def test_weights_that_cannot_be_used_are_refused_in_one_line(folder: Path, command: str) -> None:
    done = manyi(folder, command, *arguments_of(command, folder), file="odd.csv")
    if command == "reliability":
        assert done.exit_code == 0, "it does not take weights"
        return
    assert (done.exit_code, done.stdout) == (1, "")
    assert "1 份答卷没有填（如第 2 行）" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", WEIGHTED)
def test_a_single_response_is_no_lonely_stratum(folder: Path, command: str) -> None:
    done = manyi(folder, command, *arguments_of(command, folder), file="one.csv")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("command", ["satisfaction", "crosstab", "group-report"])
def test_strata_with_one_unit_need_a_treatment(folder: Path, command: str) -> None:
    text = "id,area,stratum,q1,q2\n1,东,甲,A,X\n2,东,甲,B,X\n3,西,甲,B,X\n4,西,乙,B,X\n"
    (folder / "lonely.csv").write_text(text, encoding="utf-8")
    given = arguments_of(command, folder)
    refused = manyi(folder, command, *given, file="lonely.csv")
    assert refused.exit_code == 1 and "只有一个抽样单元（如 乙）" in refused.stderr
    for option in ("（certainty）", "（adjust）", "（average）"):
        assert option in refused.stderr
    treated = manyi(folder, command, *given, "--lonely", "adjust", file="lonely.csv")
    assert treated.exit_code == 0, treated.output


def test_a_sample_of_one_cluster_is_not_called_a_stratum(folder: Path) -> None:
    text = "id,area,cluster,q1,q2\n1,东,c1,A,X\n2,东,c1,B,X\n3,西,c1,B,X\n"
    (folder / "one_cluster.csv").write_text(text, encoding="utf-8")
    refused = manyi(folder, "summary", file="one_cluster.csv")
    assert refused.exit_code == 1 and "全部样本都在同一个抽样单元内" in refused.stderr
    assert "层" not in refused.stderr
    treated = manyi(folder, "summary", "--lonely", "certainty", file="one_cluster.csv")
    assert treated.exit_code == 0, treated.output


def test_scores_of_a_group_report_are_of_the_weights(folder: Path) -> None:
    done = manyi(folder, "group-report", "--part", "scores", *arguments_of("group-report", folder))
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(folder / "out" / "group-report.xlsx", data_only=True)
    frame = pd.read_csv(folder / "r.csv")
    frame["p"] = frame["q1"].map(WEIGHTS)
    numbers = [cell for row in book["得分"].iter_rows(values_only=True) for cell in row]
    for _, part in frame.groupby("area"):
        index = np.average(part["p"], weights=part["weight"])
        assert any(
            isinstance(cell, float) and cell == pytest.approx(index, abs=1e-6) for cell in numbers
        )


def test_interval_of_shares_can_be_chosen(folder: Path) -> None:
    given = ("--format", "json", "--interval")
    found = {
        method: json.loads(manyi(folder, "summary", *given, method).stdout)
        for method in ("wilson", "logit", "beta")
    }
    assert [one["interval"] for one in found.values()] == ["wilson", "logit", "beta"]
    firsts = [one["questions"][0]["options"][0] for one in found.values()]
    assert len({(first["low"], first["high"]) for first in firsts}) == 3
    assert len({first["share"] for first in firsts}) == 1


def test_interval_that_does_not_suit_is_one_line_with_the_possible_ones(folder: Path) -> None:
    for given, possible in (
        (("--interval", "jeffreys"), "wilson, logit, beta, beta-truncated"),
        (("--interval", "logit", "--unweighted"), "wilson-cc, clopper-pearson"),
    ):
        done = manyi(folder, "summary", *given)
        assert (done.exit_code, done.stdout) == (1, "")
        assert possible in done.stderr.splitlines()[-1]


def test_unknown_interval_is_refused_before_the_file_is_read(folder: Path) -> None:
    (folder / "r.csv").write_bytes(b"\xff\x00 no table")
    done = manyi(folder, "summary", "--interval", "foo")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'foo'" in done.stderr and "beta-truncated" in done.stderr
