"""manyi estimate on a bare file: figures of pandas and scipy, every format, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from app.cli import main
from tests.cli.test_satisfaction_command import DEFINITION, EAST, WEIGHTS, WEST

NUMBERS = """
  - {code: q3, text: 人口, kind: integer, unit: 人}
  - {code: q4, text: 月收入, kind: decimal, unit: 元, required: false}
  - {code: q5, text: 住在哪里, kind: single, required: false,
     options: [{code: A, text: 城}, {code: B, text: 乡}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """40 households in two towns; `w.csv` has weights of 5 and 2 and the towns as strata."""
    (tmp_path / "small.yaml").write_text(DEFINITION + NUMBERS, encoding="utf-8")
    lines, weighted = ["id,area,q1,q2,q3,q4"], ["id,area,q1,q2,q3,q4,weight,stratum"]
    for area, letters, weight in (("东镇", EAST, 5), ("西镇", WEST, 2)):
        for n, letter in enumerate(letters):
            income = "" if n % 7 == 0 else 500 + 37.5 * n
            line = f"{area}{n},{area},{letter},{'X Y' if n % 3 else 'X'},{1 + n % 4},{income}"
            lines.append(line)
            weighted.append(f"{line},{weight},{area}")
    for name, rows in (("r.csv", lines), ("w.csv", weighted)):
        (tmp_path / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def manyi(folder: Path, *arguments: str, file: str = "w.csv") -> Result:
    command = ["estimate", str(folder / "small.yaml"), str(folder / file)]
    return CliRunner().invoke(main, [*command, *arguments])


def found(folder: Path, *arguments: str, file: str = "w.csv") -> dict:
    done = manyi(folder, *arguments, "--format", "json", file=file)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("variance", ["taylor", "jackknife"])
def test_a_weighted_total_by_strata_is_that_of_pandas(folder: Path, variance: str) -> None:
    """Of a stratified draw with replacement: Σ n·s²(wy), by either method."""
    frame = pd.read_csv(folder / "w.csv")
    own = (frame["weight"] * frame["q3"]).groupby(frame["stratum"])
    se = (own.var(ddof=1) * own.count()).sum() ** 0.5
    row = found(folder, "--measure", "total", "--of", "q3", "--variance", variance)["everybody"]
    assert row["value"] == pytest.approx((frame["weight"] * frame["q3"]).sum())
    assert row["se"] == pytest.approx(se)
    half = stats.t.ppf(0.975, 38) * se
    assert (row["low"], row["high"]) == pytest.approx((row["value"] - half, row["value"] + half))
    assert (row["population"], row["df"]) == (140, 38)


def test_a_ratio_leaves_out_who_did_not_answer_both(folder: Path) -> None:
    frame = pd.read_csv(folder / "w.csv").dropna(subset="q4")
    groups = found(folder, "--measure", "ratio", "--of", "q4", "--over", "q3", "--by", "area")
    for group in groups["groups"]:
        own = frame[frame["area"] == group["label"]]
        assert group["n"] == len(own)
        assert group["value"] == pytest.approx(own["q4"].sum() / own["q3"].sum())


def test_a_plain_mean_and_share_are_scipys(folder: Path) -> None:
    values = pd.read_csv(folder / "r.csv")["q4"].dropna()
    row = found(folder, "--measure", "mean", "--of", "q4", "--level", "90", file="r.csv")
    ends = stats.t.interval(0.9, len(values) - 1, values.mean(), stats.sem(values))
    assert (row["everybody"]["low"], row["everybody"]["high"]) == pytest.approx(ends)
    assert (row["level"], row["unit"]) == (0.9, "元")
    share = found(folder, "--of", "q2.Y", "--interval", "clopper-pearson", file="r.csv")
    wanted = stats.binomtest(26, 40).proportion_ci(method="exact")
    assert (share["everybody"]["low"], share["everybody"]["high"]) == pytest.approx(tuple(wanted))


def test_a_mean_score_uses_the_plan(folder: Path) -> None:
    row = found(folder, "--measure", "mean", "--of", "q1", file="r.csv")
    values = [WEIGHTS[letter] for letter in EAST + WEST]
    assert row["everybody"]["value"] == pytest.approx(sum(values) / 40)
    (folder / "plan.yaml").write_text("weights: {A: 1, B: 1, C: 0, D: 0}\n", encoding="utf-8")
    plan = str(folder / "plan.yaml")
    row = found(folder, "--measure", "mean", "--of", "q1", "--plan", plan, file="r.csv")
    wanted = sum(letter in "AB" for letter in EAST + WEST) / 40
    assert row["everybody"]["value"] == pytest.approx(wanted)


def test_a_mean_score_says_which_plan_it_uses_and_its_scores(folder: Path) -> None:
    told = manyi(folder, "--measure", "mean", "--of", "q1").stdout
    assert "默认计分方案" in told and "第 1 版：A 1.0  B 0.8  C 0.3  D 0。" in told
    (folder / "plan.yaml").write_text("weights: {A: 1, B: 1, C: 0, D: 0}\n", encoding="utf-8")
    plan = ("--plan", str(folder / "plan.yaml"))
    own = manyi(folder, "--measure", "mean", "--of", "q1", *plan).stdout
    assert "默认计分方案" not in own and "：A 1.0  B 1.0  C 0  D 0。" in own


def test_options_without_order_are_scored_only_by_a_plan_that_is_given(folder: Path) -> None:
    rows = ["id,q1,q2,q3,q4,q5", *(f"{n},A,X,1,2,{letter}" for n, letter in enumerate("ABBB"))]
    (folder / "five.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "plan.yaml").write_text("weights: {A: 1, B: 0.2}\n", encoding="utf-8")
    mean = ("--measure", "mean", "--of", "q5")
    assert manyi(folder, *mean, file="five.csv").exit_code == 2
    row = found(folder, *mean, "--plan", str(folder / "plan.yaml"), file="five.csv")
    assert row["everybody"]["value"] == pytest.approx(0.4)


@pytest.mark.parametrize("form", ["text", "json", "csv", "xlsx", "docx"])
def test_every_format(folder: Path, form: str) -> None:
    target = folder / f"out.{form}"
    done = manyi(folder, "--of", "q1.A", "--by", "area", "--format", form, "-o", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_size > 300


def test_totals_without_weights_are_said_to_be_of_the_sample(folder: Path) -> None:
    done = manyi(folder, "--measure", "count", "--of", "q1.A", file="r.csv")
    assert "只是样本合计，不是总体的数" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--of", "q9.A"), 2, "问卷中没有“q9.A”"),
        (("--of", "q1"), 2, "“q1”不是选项"),
        (("--measure", "total", "--of", "q1"), 2, "数值题有：q3, q4"),
        (("--measure", "ratio", "--of", "q3"), 2, "比率还要选分母"),
        (("--of", "q1.A", "--by", "nothing"), 2, "--by nothing 不可用"),
        (("--of", "q1.A", "--level", "100"), 2, "100"),
        (("--of", "q1.A", "--interval", "jeffreys"), 1, "不适用于这样的数据"),
        (("--measure", "mean", "--of", "q3", "--interval", "logit"), 1, "可用：t"),
        (("--measure", "mean", "--of", "q2"), 2, "“q2”既不是数值题，也没有计分方案"),
        (("--measure", "mean", "--of", "q5"), 2, "“q5”既不是数值题，也没有计分方案"),
    ],
)
def test_wrong_use_and_what_does_not_suit(
    folder: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = manyi(folder, *arguments)
    assert (done.exit_code, told in done.output) == (code, True), done.output
