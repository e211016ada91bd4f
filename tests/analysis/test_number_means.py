"""Means of number questions with error and interval: R's numbers, scipy's, and every format."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from api_samples import design_of, reference, schools
from scipy import stats
from survey_of_areas import NUMBER, frame, loaded

from analysis.designs import survey_design
from analysis.reports.csv_file import render_csv
from analysis.reports.excel import render_xlsx
from analysis.reports.text import render_text
from analysis.reports.words import foot_notes, word
from analysis.tabulate import summarise, summary_table
from tests.analysis.conftest import build, options, pack_all

R = reference("survey_designs")
SCHOOLS = build(
    [
        {"code": "api", "text": "a", "kind": "integer", "minimum": 0, "maximum": 1000},
        {"code": "type", "text": "t", "kind": "single", "options": options("EHM")},
    ]
)


def school_responses(name: str) -> Any:
    rows = schools(name)
    pairs = zip(rows["api00"], rows["stype"], strict=True)
    return pack_all(SCHOOLS, [{"api": int(api), "type": kind} for api, kind in pairs])


@pytest.mark.parametrize("name", sorted(R))
def test_mean_has_the_error_and_interval_of_r(name: str) -> None:
    """svymean with t on the design's degrees of freedom; svyby for the types of schools."""
    responses, design = school_responses(name), design_of(name)
    found = summarise(responses, design=design)[0].questions[0].statistics
    wanted = R[name]["svymean_api00_deff_replace"]
    assert found["mean"] == pytest.approx(wanted["estimate"]["api00"], rel=1e-9)
    assert found["standard_error"] == pytest.approx(wanted["se"]["api00"], rel=1e-9)
    ends = [found["mean_low"], found["mean_high"]]
    assert ends == pytest.approx(wanted["ci95_t_degf"][0], rel=1e-9)
    groups = summarise(responses, by="type", design=design)
    errors = [group.questions[0].statistics["standard_error"] for group in groups]
    assert errors == pytest.approx(R[name]["svyby_api00_stype"]["se"], rel=1e-9)


def test_plain_means_of_areas_are_scipys() -> None:
    rows = frame().drop(columns=["weight", "stratum", "cluster"])
    responses, _ = loaded(rows)
    for group in summarise(responses, by="area"):
        own = rows[(rows["area"] == group.label) & (rows[NUMBER] != "")][NUMBER].astype(float)
        found = group.questions[2].statistics
        wanted = stats.t.interval(0.95, len(own) - 1, own.mean(), stats.sem(own))
        assert found["standard_error"] == pytest.approx(stats.sem(own), rel=1e-9)
        assert [found["mean_low"], found["mean_high"]] == pytest.approx(wanted, rel=1e-9)


def of_values(*values: int, design: Any = None) -> Any:
    responses = pack_all(SCHOOLS, [{"api": value, "type": "E"} for value in values])
    return summarise(responses, design=design)[0].questions[0].statistics


def test_one_number_has_no_error_and_equal_ones_have_no_interval() -> None:
    assert "standard_error" not in of_values(5)
    same = of_values(5, 5, 5)
    assert same["standard_error"] == 0 and "mean_low" not in same
    within = survey_design(weights=[1, 2, 3], clusters=[1, 1, 1], lonely="certainty")
    assert "standard_error" not in of_values(1, 2, 3, design=within), "one sampling unit"


def test_mean_of_a_census_is_known() -> None:
    found = of_values(1, 2, 6, design=survey_design(3, population=3))
    assert (found["standard_error"], found["mean_low"], found["mean_high"]) == (0, 3, 3)


@pytest.mark.parametrize("weighted", [False, True])
def test_every_format_has_the_interval(weighted: bool) -> None:
    rows = frame() if weighted else frame().drop(columns=["weight", "stratum", "cluster"])
    responses, design = loaded(rows)
    table = summary_table(responses, design=design)
    found = table.groups[0].questions[2].statistics
    low, high = (f"{found[end]:.2f}" for end in ("mean_low", "mean_high"))
    text = render_text(table)
    assert f"[{low}–{high}]" in text and "平均值 ± t × 标准误" in text
    told = render_csv(table).decode("utf-8-sig")
    line = next(r for r in csv.DictReader(io.StringIO(told)) if r["选项代码"] == "mean")
    assert (line["95%下限"], line["95%上限"]) == (low, high)
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(table)), data_only=True).active
    assert sheet is not None
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    numbers = [value for value in values if isinstance(value, float)]
    for end in ("mean_low", "mean_high"):
        assert any(number == pytest.approx(found[end], rel=1e-12) for number in numbers)


def test_notes_of_a_page_tell_of_intervals_that_only_a_later_group_has() -> None:
    kinds = "EHHH"
    found = [{"api": 5 + place, "type": kind} for place, kind in enumerate(kinds)]
    table = summary_table(pack_all(SCHOOLS, found), by="type")
    first, second = table.groups[:2]
    note = word("number_note")
    assert note not in foot_notes(table, first, "zh")
    assert note in foot_notes(table, second, "zh")
    assert note in foot_notes(table, first, "zh", table.groups)
