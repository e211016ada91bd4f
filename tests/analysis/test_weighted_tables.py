"""Weighted summary tables: against pandas, R's numbers and textbook variances, in every format."""

from __future__ import annotations

import csv
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml
from api_samples import design_of, reference, schools
from by_hand import total_variance
from scipy.stats import t as student
from spreadsheet_arithmetic import calculate
from survey_of_areas import AREAS, MULTIPLE, NUMBER, SINGLE, expected, frame, loaded, questionnaire

from analysis import kinds, wording
from analysis.answer_codes import AnswerCodes
from analysis.counting import Part
from analysis.designs import survey_design
from analysis.kinds import grouped_kinds, kinds_of, tables_by_group
from analysis.linearisation import CellTotals
from analysis.reports.excel import render_xlsx
from analysis.reports.json_file import table_data
from analysis.reports.table_formats import TABLE_FORMATS
from analysis.table import Group, QuestionTable
from analysis.tabulate import summarise, summary_table
from analysis.tallies import tally
from analysis.weighting import Margin, post_stratify, rake
from tests.analysis.conftest import build, options, pack_all
from tests.commands import manyi

ROWS = frame()
R = reference("survey_designs")


def assert_equals_pandas(question: QuestionTable, rows: pd.DataFrame, *, weighted: bool) -> None:
    wanted = expected(rows, question.code)
    assert (question.asked, question.answered) == (wanted["asked"], wanted["answered"])
    assert {row.code: row.cell.count for row in question.rows} == wanted["counts"]
    base = wanted["weighted_base"] if weighted else wanted["answered"]
    for row in question.rows:
        amount = (wanted["weighted"] if weighted else wanted["counts"])[row.code]
        if not base:
            assert (row.cell.share, row.cell.low, row.cell.high) == (None, None, None)
            continue
        assert row.cell.share == pytest.approx(amount / base, rel=1e-12)
        assert 0 <= row.cell.low <= row.cell.share <= row.cell.high <= 1
        if weighted:
            assert row.cell.weighted_count == pytest.approx(amount, rel=1e-12)
    if weighted:
        assert question.weighted_base == pytest.approx(base, rel=1e-12)


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("by", [None, "area", SINGLE, MULTIPLE])
def test_every_group_agrees_with_pandas(by: str | None, weighted: bool) -> None:
    rows = ROWS if weighted else ROWS.drop(columns="weight")
    responses, _ = loaded(rows)
    for group in summarise(responses, by=by):
        own = rows if by is None else rows[members(rows, by, group.label)]
        assert group.n == len(own)
        for question in group.questions:
            assert_equals_pandas(question, own, weighted=weighted)


def members(rows: pd.DataFrame, by: str, label: str) -> pd.Series:
    if by == "area":
        return rows["area"] == label
    asked = rows[SINGLE].isin(["B", "C"]) if by == MULTIPLE else pd.Series(True, rows.index)
    if label == "未问":
        return ~asked
    wanted = "" if label == "未填" else label[0]
    return asked & (rows[by].str.contains(wanted) if wanted else rows[by] == "")


def test_base_all_weighs_everybody_of_the_group() -> None:
    responses, _ = loaded(ROWS)
    for question in summarise(responses, base="all")[0].questions[:2]:
        wanted = expected(ROWS, question.code)
        for row in question.rows:
            share = wanted["weighted"][row.code] / wanted["weighted_all"]
            assert row.cell.share == pytest.approx(share, rel=1e-12)
            assert row.cell.base == len(ROWS)


@pytest.mark.parametrize("weighted", [True, False])
def test_shares_of_mentions_sum_to_one(weighted: bool) -> None:
    rows = ROWS if weighted else ROWS.drop(columns="weight")
    responses, _ = loaded(rows)
    wanted = expected(rows, MULTIPLE)
    amounts = wanted["weighted" if weighted else "counts"]
    question = summarise(responses, multiple="mentions")[0].questions[1]
    assert question.base == question.mentions == sum(wanted["counts"].values())
    for row in question.rows:
        assert row.cell.share == pytest.approx(amounts[row.code] / sum(amounts.values()))
        assert row.cell.low <= row.cell.share <= row.cell.high
        assert (row.cell.weighted_count is None) == (not weighted)


def test_weighted_statistics_of_numbers() -> None:
    responses, _ = loaded(ROWS)
    given = ROWS[(ROWS[NUMBER] != "") & (ROWS["weight"].astype(float) > 0)]
    values, weights = given[NUMBER].astype(float), given["weight"].astype(float)
    found = summarise(responses)[0].questions[2].statistics
    assert found["mean"] == pytest.approx(np.average(values, weights=weights), rel=1e-12)
    assert (found["minimum"], found["maximum"]) == (values.min(), values.max())
    # Each value as often as its weight says in hundredths.
    repeated = np.repeat(values.to_numpy(), np.rint(weights * 100).astype(int))
    assert found["median"] == pytest.approx(np.median(repeated), rel=1e-12)


def test_equal_weights_leave_shares_and_statistics_as_they_were() -> None:
    plain, _ = loaded(ROWS.drop(columns="weight"))
    same, _ = loaded(ROWS.assign(weight="2.5"))
    for one, other in zip(summarise(plain, by="area"), summarise(same, by="area"), strict=True):
        for a, b in zip(one.questions, other.questions, strict=True):
            assert a.statistics == pytest.approx(b.statistics)
            assert [r.cell.share for r in a.rows] == pytest.approx([r.cell.share for r in b.rows])


def test_intervals_are_those_of_textbook_variances() -> None:
    """Strata and clusters: ratio linearised by hand, Wilson on the effective size with t."""
    responses, design = loaded(ROWS)
    assert design is not None
    weight = ROWS["weight"].astype(float).to_numpy()
    units = (ROWS["stratum"] + ROWS["cluster"]).tolist()
    for group in summarise(responses, by="area", design=design):
        inside = ((ROWS["area"] == group.label) & (ROWS[SINGLE] != "")).to_numpy()
        if not (weight * inside).sum():
            continue
        present = ROWS[weight * inside > 0]
        df = len(present.groupby(["stratum", "cluster"])) - present["stratum"].nunique()
        for row in group.questions[0].rows:
            ticked = (ROWS[SINGLE] == row.code).to_numpy() & inside
            p = (weight @ ticked) / (weight @ inside)
            z = weight * (ticked - p * inside) / (weight @ inside)
            variance = total_variance(
                z, [ROWS["stratum"].tolist()], [units], [[math.inf] * len(ROWS)]
            )
            assert_wilson(row.cell, p, variance, df)


def assert_wilson(cell: Any, p: float, variance: float, df: int) -> None:
    n, quantile = p * (1 - p) / variance, student.ppf(0.975, df)
    centre = (p + quantile**2 / (2 * n)) / (1 + quantile**2 / n)
    half = quantile * math.sqrt(p * (1 - p) / n + quantile**2 / (4 * n * n))
    half /= 1 + quantile**2 / n
    assert cell.share == pytest.approx(p, rel=1e-12)
    assert [cell.low, cell.high] == pytest.approx([centre - half, centre + half], rel=1e-9)


@pytest.mark.parametrize("name", sorted(R))
def test_tables_have_the_shares_and_wilson_ends_of_r(name: str) -> None:
    """R survey 4.5: svyciprop(method="wilson") of each design of the api schools."""
    rows, design = schools(name), design_of(name)
    questions = [
        {"code": "sch", "text": "s", "kind": "single", "options": options("YN")},
        {"code": "type", "text": "t", "kind": "single", "options": options("EHM")},
    ]
    answers = [
        {"sch": wide[0], "type": kind}
        for wide, kind in zip(rows["sch.wide"], rows["stype"], strict=True)
    ]
    responses = pack_all(build(questions), answers)
    wide, kind = summarise(responses, design=design)[0].questions
    wanted = R[name]["svyciprop"]["sch.wide_Yes"]["wilson"]["ci95"]
    cell = wide.rows[0].cell
    assert [cell.low, cell.high] == pytest.approx(wanted, rel=1e-9)
    shares = R[name]["svymean_stype"]["estimate"]
    shares = shares if isinstance(shares, list) else list(shares.values())
    assert [row.cell.share for row in kind.rows] == pytest.approx(shares, rel=1e-9)


def designs() -> dict[str, Any]:
    chance = np.random.default_rng(3)
    n = 500
    weights = np.where(chance.random(n) < 0.1, 0, chance.uniform(0.2, 3, n))
    strata = chance.integers(0, 3, n)
    villages = strata * 10 + chance.integers(0, 10, n)
    homes = villages * 5 + chance.integers(0, 5, n)
    drawn = {
        "equal": survey_design(n),
        "weights": survey_design(weights=weights),
        "strata": survey_design(weights=weights, strata=strata, population=300.0 + 10 * strata),
        "clusters": survey_design(weights=weights, strata=strata, clusters=villages),
        "stages": survey_design(
            weights=weights,
            strata=strata,
            clusters=(villages, homes),
            population=(np.full(n, 30), np.full(n, 12)),
        ),
    }
    margins = [
        Margin("a", chance.integers(0, 3, n), [100, 200, 300]),
        Margin("b", chance.integers(0, 2, n), [250, 350]),
    ]
    raked = {f"{name}, raked": rake(one, margins) for name, one in drawn.items()}
    post = {f"{name}, post": post_stratify(one, margins[0]) for name, one in drawn.items()}
    return drawn | raked | post


DESIGNS = designs()


@pytest.mark.parametrize("near", [1, 7, 2**16])
def test_a_row_of_every_kind_is_found_wherever_it_stands(
    near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "NEAR", near)
    cells = np.concatenate([np.zeros(20, dtype=int), [3], np.ones(9, dtype=int), [2]])
    found = kinds_of(post_stratify(survey_design(31), Margin("cell", cells, [20, 9, 1, 1])))
    assert cells[found.rows].tolist() == [0, 1, 2, 3]
    assert found.whole.rows[:, 0].tolist() == [20, 9, 1, 1]


@pytest.mark.parametrize("name", DESIGNS)
def test_a_tally_is_a_pass_over_the_rows(name: str) -> None:
    """CellTotals, which is tested against R, finds the same row by row."""
    design, chance = DESIGNS[name], np.random.default_rng(8)
    answers = chance.integers(0, 6, design.n).astype(np.uint8)
    groups = chance.integers(-1, 4, design.n)
    grouped = grouped_kinds(kinds_of(design), groups, 4)
    flags = np.arange(6) >= 2
    (moments,) = tables_by_group(
        grouped, [AnswerCodes(Part(answers, 6), flags, flags, flags[:, None])]
    )
    scores = chance.random((4, 3))
    for group in range(4):
        one = tally(grouped, moments, group, flags)
        codes = np.where((groups == group) & (answers >= 2), answers.astype(int) - 2, -1)
        wanted = CellTotals(design, codes, 4)
        assert one.counts.tolist() == wanted.counts.tolist()
        assert one.totals == pytest.approx(wanted.totals, rel=1e-10)
        assert one.degrees_of_freedom() == wanted.degrees_of_freedom()
        assert one.covariance(scores) == pytest.approx(wanted.covariance(scores), rel=1e-8)
        bases = scores > 0.4
        units, squares = one.units_and_squares(bases)
        assert units.tolist() == wanted.units_and_squares(bases)[0].tolist()
        assert squares == pytest.approx(wanted.units_and_squares(bases)[1], rel=1e-8)


def test_a_long_multiple_choice_is_estimated_in_parts() -> None:
    letters = "ABCDEFGHIJKLMNO"
    chance = np.random.default_rng(2)
    answers = [
        {"q1": [letter for letter in letters if chance.random() < 0.3] or ["A"]} for _ in range(300)
    ]
    question = {"code": "q1", "text": "多", "kind": "multiple", "options": options(letters)}
    responses = pack_all(build([question]), answers)
    weights = chance.uniform(1, 3, 300)
    for group in (None, "q1"):
        for table in summarise(responses, by=group, design=survey_design(weights=weights)):
            letter = table.label[0]
            own = [letter in a["q1"] if group else True for a in answers]
            for row in table.questions[0].rows:
                ticked = np.array([row.code in a["q1"] for a in answers]) & own
                share = weights[ticked].sum() / weights[own].sum()
                assert row.cell.share == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("form", TABLE_FORMATS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_format_prints_what_is_no_number(form: str, language: str) -> None:
    responses, design = loaded(ROWS)
    table = summary_table(responses, by="area", design=design)
    content = TABLE_FORMATS[form].render(table, language)
    assert content
    if TABLE_FORMATS[form].is_text:
        shown = content.decode("utf-8-sig").lower()
        assert not any(word in shown for word in ("nan", "none", "inf,", "infinity"))


def test_json_keeps_its_keys_and_adds_the_weights() -> None:
    responses, _ = loaded(ROWS)
    data = table_data(summary_table(responses))
    assert data["weighted"] is True
    assert data["weighting"]["total"] == pytest.approx(ROWS["weight"].astype(float).sum())
    first = data["questions"][0]["options"][0]
    assert set(first) == {"code", "text", "count", "share", "low", "high", "weighted_count"}
    plain, _ = loaded(ROWS.drop(columns="weight"))
    data = table_data(summary_table(plain))
    assert "weighted" not in data
    assert set(data["questions"][0]["options"][0]) == set(first) - {"weighted_count"}


def test_csv_and_text_and_word_print_the_weighted_shares() -> None:
    responses, _ = loaded(ROWS)
    table = summary_table(responses)
    wanted = expected(ROWS, SINGLE)
    share = wording.percent(wanted["weighted"]["A"] / wanted["weighted_base"])
    lines = csv.DictReader(
        io.StringIO(TABLE_FORMATS["csv"].render(table, "zh").decode("utf-8-sig"))
    )
    first = next(iter(lines))
    assert (first["比例"], first["份数"]) == (share, str(wanted["counts"]["A"]))
    assert float(first["加权份数"]) == pytest.approx(wanted["weighted"]["A"], abs=1e-6)
    assert Decimal(first["加权基数"]) == Decimal(str(round(wanted["weighted_base"], 6)))
    assert share in TABLE_FORMATS["text"].render(table, "zh").decode()
    document = docx.Document(io.BytesIO(TABLE_FORMATS["docx"].render(table, "zh")))
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells[-1] == share
    assert cells[-2] == wording.number(wanted["weighted"]["A"])
    assert any("本表已加权" in paragraph.text for paragraph in document.paragraphs)


def test_excel_recalculates_the_weighted_shares(tmp_path: Path) -> None:
    responses, _ = loaded(ROWS)
    table = summary_table(responses, by="area")
    content = render_xlsx(table)
    book = openpyxl.load_workbook(io.BytesIO(content))
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    values = calculate(book)
    for (sheet, cell), value in values.items():
        assert value == pytest.approx(shown[sheet][cell].value, rel=1e-12), (sheet, cell)
    live = [values[sheet, cell] for sheet, cell in values if sheet == AREAS[0]]
    wanted = expected(ROWS[ROWS["area"] == AREAS[0]], SINGLE)
    share = wanted["weighted"]["A"] / wanted["weighted_base"]
    assert any(value == pytest.approx(share, rel=1e-12) for value in live)


def test_a_group_without_weight_is_blank_and_keeps_its_counts() -> None:
    responses, _ = loaded(ROWS)
    group = next(g for g in summarise(responses, by="area") if g.label == "无权镇")
    assert group.n > 0
    for question in group.questions:
        assert question.weighted_base == 0
        assert {(row.cell.share, row.cell.low) for row in question.rows} <= {(None, None)}
    assert group.questions[2].statistics == {}


def test_a_group_within_one_cluster_has_an_interval_of_everything() -> None:
    rows = ROWS.assign(cluster=ROWS["area"], stratum="一")
    responses, design = loaded(rows)
    first: Group = summarise(responses, by="area", design=design)[0]
    ends = {(row.cell.low, row.cell.high) for row in first.questions[0].rows}
    assert ends == {(0.0, 1.0)}


def test_the_json_text_is_sound_for_nobody() -> None:
    responses, _ = loaded(ROWS)
    nobody = responses.where(np.zeros(len(ROWS), dtype=bool))
    text = TABLE_FORMATS["json"].render(summary_table(nobody, by="area"), "zh")
    numbers: list[str] = []
    found = json.loads(text, parse_constant=numbers.append)
    assert [group["n"] for group in found["groups"]] == [0] * len(found["groups"])
    assert numbers == [], "NaN and Infinity are no JSON"


@pytest.mark.parametrize("weighted", [True, False])
def test_the_command_agrees_with_pandas_by_area(tmp_path: Path, weighted: bool) -> None:
    form = questionnaire().model_dump(mode="json", exclude_defaults=True)
    (tmp_path / "form.yaml").write_text(yaml.safe_dump(form, allow_unicode=True), "utf-8")
    ROWS.to_csv(tmp_path / "rows.csv", index=False)
    arguments = ["summary", "form.yaml", "rows.csv", "--by", "area", "--format", "json"]
    unweighted = [] if weighted else ["--unweighted"]
    done = manyi(*arguments, *unweighted, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for group in json.loads(done.stdout)["groups"]:
        rows = ROWS[ROWS["area"] == group["label"]]
        assert group["n"] == len(rows)
        for question in group["questions"]:
            wanted = expected(rows, question["code"])
            base = wanted["weighted_base"] if weighted else wanted["answered"]
            assert question["answered"] == wanted["answered"]
            for option in question["options"]:
                assert option["count"] == wanted["counts"][option["code"]]
                amount = wanted["weighted" if weighted else "counts"][option["code"]]
                share = pytest.approx(amount / base, rel=1e-12) if base else None
                assert option["share"] == share
