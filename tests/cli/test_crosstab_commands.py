"""crosstab, reliability and sample-size as a script would call them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from app.cli import main
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.sheets import csv_line
from surveys.simulate import simulate

Q = "dibao-residents@2"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 simulated responses of both audiences in two areas."""
    questionnaire, chance = find(Q), random.Random(7)
    keys = list(questionnaire.answer_keys)
    lines = [csv_line(["id", "audience", "area", *keys])]
    for number in range(200):
        audience = Audience.RECIPIENT if number % 3 else Audience.NON_RECIPIENT
        answers = simulate(questionnaire, audience, chance)
        values = [answers.get(key, "") for key in keys]
        texts = [" ".join(v) if isinstance(v, list) else str(v) for v in values]
        lines.append(csv_line([str(number), audience.value, "东" if number % 2 else "西", *texts]))
    path = tmp_path_factory.mktemp("crosstab") / "answers.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def manyi(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_table_as_json_has_the_counts_and_the_test_of_pandas_and_scipy(file: Path) -> None:
    sides = ("--rows", "q05", "--columns", "area")
    done = manyi("crosstab", Q, str(file), *sides, "--format", "json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    frame = pd.read_csv(file, dtype=str)
    names = [c["name"] for c in found["columns"]["categories"]]
    wanted = pd.crosstab(frame["q05"], frame["area"])[names]
    counts = [[cell["count"] for cell in line] for line in found["cells"]]
    assert [line for line in counts if any(line)] == wanted.to_numpy().tolist()
    test = stats.chi2_contingency(wanted, correction=False)
    own = found["association"]["tests"][0]
    assert (own["statistic"], own["p"]) == pytest.approx((test.statistic, test.pvalue))


def test_all_pairs_have_the_counts_and_tests_of_pandas_and_scipy(file: Path) -> None:
    done = manyi("crosstab", Q, str(file), "--format", "json")
    assert done.exit_code == 0, done.output
    pairs = json.loads(done.stdout)["pairs"]
    strengths = [pair["cramers_v"] for pair in pairs if pair["cramers_v"] is not None]
    assert strengths == sorted(strengths, reverse=True)
    (own,) = [
        p for p in pairs if (p["rows"]["question"], p["columns"]["question"]) == ("q01", "q18")
    ]
    frame = pd.read_csv(file, dtype=str)
    wanted = pd.crosstab(frame["q01"], frame["q18"])
    test = stats.chi2_contingency(wanted, correction=False)
    figures = (own["n"], own["statistic"], own["df"], own["p"])
    n = int(wanted.to_numpy().sum())
    assert figures == pytest.approx((n, test.statistic, test.dof, test.pvalue))
    ps = [pair["p"] for pair in pairs if pair["p"] is not None]
    adjusted = [pair["adjusted"] for pair in pairs if pair["p"] is not None]
    assert adjusted == pytest.approx(stats.false_discovery_control(ps))


@pytest.mark.parametrize("form", ["text", "json", "csv", "xlsx", "docx"])
def test_all_pairs_come_in_every_format(file: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"pairs.{form}"
    done = manyi("crosstab", Q, str(file), "--format", form, "-o", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_size > 1000


def test_rows_without_columns_are_wrong_use(file: Path) -> None:
    done = manyi("crosstab", Q, str(file), "--rows", "q05")
    assert (done.exit_code, "--columns" in done.output) == (2, True)


@pytest.mark.parametrize("form", ["text", "json", "csv", "xlsx", "docx"])
def test_every_format_with_a_layer(file: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"table.{form}"
    sides = ("--rows", "q18", "--columns", "area", "--layer", "audience", "--adjust", "bh")
    done = manyi("crosstab", Q, str(file), *sides, "--format", form, "-o", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_size > 500


def test_the_extension_of_the_output_chooses_the_format(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "table.xlsx"
    done = manyi("crosstab", Q, str(file), "--columns", "audience", "-o", str(target))
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(target).sheetnames


def test_without_rows_all_questions_are_listed(file: Path) -> None:
    done = manyi("crosstab", Q, str(file), "--columns", "area", "--format", "json")
    assert len(json.loads(done.stdout)["questions"]) == 19


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--rows", "q99", "--columns", "area"), 2, "q99"),
        (("--rows", "q05", "--columns", "nothing"), 2, "nothing"),
        (("--rows", "q05"), 2, "--columns"),
        (("--rows", "q05", "--columns", "q05"), 1, "同一项"),
        (("--rows", "q05", "--columns", "area", "--adjust", "sidak"), 2, "sidak"),
    ],
)
def test_what_cannot_be_crossed_is_one_clear_line(
    file: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = manyi("crosstab", Q, str(file), *arguments)
    assert done.exit_code == code
    assert told in done.output and "Traceback" not in done.output


def test_reliability_of_chosen_items_and_of_none(file: Path) -> None:
    done = manyi("reliability", Q, str(file), "--items", "q16,q18", "--format", "json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    frame = pd.read_csv(file, dtype=str)[["q16", "q18"]]
    kept = frame[~frame.isin(["R", "U"]).any(axis=1)].dropna()
    numbers = kept.map(lambda code: -ord(code))
    k, total = 2, numbers.sum(axis=1).var()
    wanted = k / (k - 1) * (1 - numbers.var().sum() / total)
    assert (found["n"], found["alpha"]) == (len(kept), pytest.approx(wanted))
    assert "不适用" in manyi("reliability", Q, str(file), "--items", "q18").stdout
    assert manyi("reliability", Q, str(file), "--items", "q04").exit_code == 2


def test_sample_size_of_a_population_and_of_a_comparison() -> None:
    """Krejcie & Morgan 1970: 370 of 10,000; R's power.prop.test(p1 = .8, p2 = .7): 294."""
    done = manyi("sample-size", "--margin", "5", "--population", "10000")
    assert done.exit_code == 0 and "需要 370 份" in done.stdout
    done = manyi("sample-size", "--compare", "80", "70", "--power", "80", "--format", "json")
    assert json.loads(done.stdout)["comparison"]["per_group"] == 294


@pytest.mark.parametrize(
    "arguments", [(), ("--margin", "0"), ("--margin", "x"), ("--margin", "5", "--deff", "0")]
)
def test_sample_size_refuses_wrong_use(arguments: tuple[str, ...]) -> None:
    assert manyi("sample-size", *arguments).exit_code == 2


def test_equal_shares_are_refused_with_the_reason() -> None:
    done = manyi("sample-size", "--compare", "50", "50")
    assert done.exit_code == 1 and "两个比例相同" in done.output


def test_the_interval_of_shares_can_be_chosen(file: Path) -> None:
    sides = ("--rows", "q18", "--columns", "area", "--format", "json")
    found = json.loads(manyi("crosstab", Q, str(file), *sides, "--interval", "jeffreys").stdout)
    cell, base = found["cells"][0][0], found["columns"]["categories"][0]["base"]
    wanted = stats.beta.ppf([0.025, 0.975], cell["count"] + 0.5, base - cell["count"] + 0.5)
    own = (cell["column"]["low"], cell["column"]["high"])
    assert (found["interval"], own) == ("jeffreys", pytest.approx(tuple(wanted)))
    refused = manyi("crosstab", Q, str(file), *sides, "--interval", "logit")
    assert (refused.exit_code, "不适用于这样的数据" in refused.output) == (1, True)
