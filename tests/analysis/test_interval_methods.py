"""Intervals of a table's shares by every method: scipy's, R's, and textbook formulas."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from scipy import stats
from survey_of_areas import MULTIPLE, frame, loaded

from analysis.designs import survey_design
from analysis.interval_methods import DESIGNED, NAMES, PLAIN, name_of
from analysis.refusals import CannotComputeError
from analysis.reports.json_file import table_data
from analysis.reports.table_formats import TABLE_FORMATS
from analysis.reports.words import foot_notes
from analysis.table import Cell
from analysis.tabulate import summarise, summary_table
from tests.analysis.conftest import build, options, pack_all

PLAIN_RESPONSES = loaded(frame().drop(columns=["weight", "stratum", "cluster"]))[0]
R = reference("survey_designs")
Z = float(stats.norm.ppf(0.975))
R_NAMES = {"wilson": "wilson", "logit": "xlogit", "beta": "beta"}


def by_scipy(method: str) -> Any:
    return lambda x, n: stats.binomtest(x, n).proportion_ci(method=method)


def agresti_coull(x: int, n: int) -> tuple[float, float]:
    size = n + Z * Z
    p = (x + Z * Z / 2) / size
    half = Z * math.sqrt(p * (1 - p) / size)
    return max(p - half, 0), min(p + half, 1)


def jeffreys(x: int, n: int) -> tuple[float, float]:
    low, high = stats.beta.ppf([0.025, 0.975], x + 0.5, n - x + 0.5)
    return (0 if x == 0 else low), (1 if x == n else high)


def wilson_cc(x: int, n: int) -> Any:
    """R's prop.test corrects by no more than |x - n/2|, scipy by 1/2 throughout."""
    return by_scipy("wilson" if 2 * x == n else "wilsoncc")(x, n)


WANTED = {
    "wilson": by_scipy("wilson"),
    "wilson-cc": wilson_cc,
    "clopper-pearson": by_scipy("exact"),
    "agresti-coull": agresti_coull,
    "jeffreys": jeffreys,
}


@pytest.mark.parametrize("by", [None, "area"])
@pytest.mark.parametrize("method", sorted(WANTED))
def test_counts_have_the_interval_of_the_method(method: str, by: str | None) -> None:
    cells = cells_of(summarise(PLAIN_RESPONSES, by=by, interval=method))
    assert any(cell.count == 0 for cell in cells)
    for cell in cells:
        wanted = WANTED[method](cell.count, cell.base)
        assert [cell.low, cell.high] == pytest.approx(list(wanted), rel=1e-9, abs=1e-12)


def cells_of(groups: Any) -> list[Cell]:
    return [row.cell for g in groups for q in g.questions for row in q.rows if row.cell.base]


def test_goodman_holds_for_all_options_of_a_single_choice_at_once() -> None:
    """The roots of (p - π)² = χ² π(1 - π)/n with the quantile at 1 - 5%/3 (Goodman 1965)."""
    single, multiple, _ = summarise(PLAIN_RESPONSES, interval="goodman")[0].questions
    square = stats.chi2.ppf(1 - 0.05 / 3, 1)
    for row in single.rows:
        n, p = single.base, row.cell.count / single.base
        wanted = sorted(np.roots([1 + square / n, -(2 * p + square / n), p * p]))
        assert [row.cell.low, row.cell.high] == pytest.approx(wanted, rel=1e-9)
    assert multiple.code == MULTIPLE
    assert multiple.rows == summarise(PLAIN_RESPONSES)[0].questions[1].rows, "Wilson's"


def test_group_without_a_base_has_none() -> None:
    nobody = PLAIN_RESPONSES.where(np.zeros(PLAIN_RESPONSES.n, dtype=bool))
    for method in PLAIN:
        cells = [
            row.cell for q in summarise(nobody, interval=method)[0].questions for row in q.rows
        ]
        assert {(cell.low, cell.high) for cell in cells} == {(None, None)}


@pytest.mark.parametrize("method", sorted(R_NAMES))
@pytest.mark.parametrize("name", sorted(R))
def test_designs_have_the_interval_of_r(name: str, method: str) -> None:
    survey = build([{"code": "sch", "text": "s", "kind": "single", "options": options("YN")}])
    responses = pack_all(survey, [{"sch": wide[0]} for wide in schools(name)["sch.wide"]])
    found = summarise(responses, design=design_of(name), interval=method)[0].questions[0]
    wanted = R[name]["svyciprop"]["sch.wide_Yes"][R_NAMES[method]]["ci95"]
    cell = found.rows[0].cell
    assert [cell.low, cell.high] == pytest.approx(wanted, rel=1e-7)


def test_shares_of_mentions_take_the_method_too() -> None:
    responses, design = loaded(frame())
    found = {
        method: summarise(responses, design=design, multiple="mentions", interval=method)
        for method in DESIGNED
    }
    ends = {m: [row.cell[:5] for row in g[0].questions[1].rows] for m, g in found.items()}
    assert len({str(one) for one in ends.values()}) >= 3


@pytest.mark.parametrize(
    ("method", "weighted", "multiple", "possible"),
    [
        ("wald", False, "cases", PLAIN),
        ("logit", False, "cases", PLAIN),
        ("jeffreys", True, "cases", tuple(DESIGNED)),
        ("goodman", True, "cases", tuple(DESIGNED)),
        ("jeffreys", False, "mentions", ("wilson",)),
    ],
)
def test_unknown_or_unsuitable_method_is_refused_with_the_possible_ones(
    method: str, weighted: bool, multiple: Any, possible: tuple[str, ...]
) -> None:
    design = survey_design(PLAIN_RESPONSES.n) if weighted else None
    with pytest.raises(CannotComputeError) as refused:
        summarise(PLAIN_RESPONSES, multiple=multiple, interval=method, design=design)
    for language, comma in (("zh", "、"), ("en", ", ")):
        told = refused.value.text(language)
        assert f"“{name_of(method, language) if method in NAMES else method}”" in told
        assert comma.join(name_of(one, language) for one in possible) in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_method_is_named_under_its_table(language: str) -> None:
    responses, design = loaded(frame())
    for method in NAMES:
        drawn = design if method in DESIGNED and method != "wilson" else None
        given = PLAIN_RESPONSES if drawn is None else responses
        table = summary_table(given, design=drawn, interval=method)
        name = NAMES[method][language == "en"]
        assert sum(name in note for note in foot_notes(table, table.groups[0], language)) == 1
        assert table_data(table)["interval"] == method


@pytest.mark.parametrize("form", ["csv", "json", "text"])
@pytest.mark.parametrize("method", ["wilson", "jeffreys"])
def test_files_name_the_method_and_the_level(form: str, method: str) -> None:
    table = summary_table(PLAIN_RESPONSES, interval=method, by="area")
    text = TABLE_FORMATS[form].render(table, "zh").decode("utf-8-sig")
    if form == "json":
        data = json.loads(text)
        assert (data["interval"], data["level"]) == (method, 0.95)
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        for row in rows:
            kind = "t" if row["代码"] == "q3" else NAMES[method][0]
            has = row["95%下限"] not in ("", "—")
            assert (row["区间方法"], row["置信水平"]) == ((kind, "95%") if has else ("", ""))
        assert {row["区间方法"] for row in rows} == {"", "t", NAMES[method][0]}
    else:
        assert f"95%区间的算法：{NAMES[method][0]}" in text or NAMES[method][0] in text
