"""The score of a weighted sample: against R's numbers and against sums by hand."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import numpy as np
import openpyxl
import pytest
from api_samples import design_of, listed, reference, schools
from scipy.stats import t as student
from spreadsheet_arithmetic import calculate

from analysis.designs import Design, survey_design
from analysis.plan_files import read_plan
from analysis.reports.excel_scores import render_scores_xlsx
from analysis.reports.json_file import score_data
from analysis.reports.text import render_scores_text
from analysis.satisfaction import Score, ScoreReport, ScoreRow
from analysis.tabulate import summarise
from analysis.weighted_score import weighted_score
from tests.analysis.conftest import build, options, pack_all

R = reference("survey_designs")
LEVELS = {"code": "q1", "text": "满意吗", "kind": "scale", "options": options("ABCDE")}
UNSURE = {
    "code": "q1",
    "text": "满意吗",
    "kind": "single",
    "options": [*options("AB"), {"code": "C", "text": "不清楚", "meaning": "dont_know"}],
}


def scored(question: dict[str, Any], answers: list[str], design: Design, **plan: Any) -> Score:
    responses = pack_all(build([question]), [{"q1": one} if one else {} for one in answers])
    asked = responses.questionnaire.by_code["q1"]
    table = summarise(responses)[0].questions[0]
    return weighted_score(read_plan({"points": 100} | plan, asked), table, responses, design)


@pytest.mark.parametrize("name", sorted(R))
def test_index_and_interval_are_those_of_r(name: str) -> None:
    """sat100 of the api schools: 0, 25, 50, 75, 100 for the five answers, here from the last."""
    answers = ["EDCBA"[place - 1] for place in schools(name)["sat"]]
    weights = {"A": 1, "B": 0.75, "C": 0.5, "D": 0.25, "E": 0}
    design = design_of(name)
    found = scored(LEVELS, answers, design, weights=weights)
    wanted = R[name]["svymean_sat_scores"]
    columns = ["sat", "sat100", "top2", "bot2", "net"]
    mean, se = (listed(wanted[key])[columns.index("sat100")] for key in ("estimate", "se"))
    assert float(found.score) == pytest.approx(mean, rel=1e-9)
    half = student.ppf(0.975, design.degrees_of_freedom()) * se
    assert [found.low, found.high] == pytest.approx([mean - half, mean + half], rel=1e-9)


def test_sums_of_weights_take_the_place_of_counts() -> None:
    answers = ["A", "A", "B", "C", ""]
    design = survey_design(weights=[0.1, 0.2, 0.7, 5, 9])
    found = scored(UNSURE, answers, design, weights={"A": 1, "B": 0.5})
    assert found.formula == "(0.3×1.0+0.7×0.5)/1×100 = 65"
    assert (found.index, found.base, found.excluded) == (Decimal("0.65"), 3, 2)
    assert (found.base_amount, found.excluded_amount) == (Decimal("1.0"), Decimal(14))
    assert found.rate is not None
    data = score_data(found)
    assert data["counts"] == {"A": 2, "B": 1, "C": 1}
    assert data["weighted_counts"] == {"A": 0.3, "B": 0.7, "C": 5}


def test_blanks_count_with_their_weight_where_the_plan_says_so() -> None:
    found = scored(
        UNSURE,
        ["A", "", "B"],
        survey_design(weights=[1, 2, 1]),
        weights={"A": 1, "B": 0.5},
        blank="zero",
        dont_know=0.5,
    )
    # (1·1 + 1·0.5 + 2·0)/4
    assert found.index == Decimal("0.375")
    assert found.low <= 37.5 <= found.high


def test_sums_that_are_no_short_decimals_are_only_about_equal() -> None:
    third = 1 / 3
    found = scored(
        UNSURE, ["A", "B", "B"], survey_design(weights=[third] * 3), weights={"A": 1, "B": 0.5}
    )
    assert "≈" in found.formula
    assert float(found.index) == pytest.approx(2 / 3)


@pytest.mark.parametrize("answers", [["", "", "A"], ["C", "C", "A"]])
def test_without_weight_in_the_base_there_is_no_score(answers: list[str]) -> None:
    found = scored(UNSURE, answers, survey_design(weights=[1, 2, 0]), weights={"A": 1, "B": 0.5})
    assert (found.index, found.score, found.low, found.high) == (None, None, None, None)
    assert [warning.code for warning in found.warnings][:1] == ["no_base"]
    report = ScoreReport("评价", (ScoreRow("全部", found),))
    shown = render_scores_text(report)
    assert "nan" not in shown.lower()
    assert "None" not in shown


def test_one_answer_only_still_has_an_interval() -> None:
    found = scored(UNSURE, ["A"] * 9, survey_design(weights=np.arange(1, 10)))
    assert found.score == 100
    assert 0 < found.low < 100
    assert found.high == 100


def test_the_workbook_recalculates_the_weighted_score() -> None:
    found = scored(
        UNSURE,
        ["A", "A", "B", "C", ""],
        survey_design(weights=[0.1, 0.2, 0.7, 5, 9]),
        weights={"A": 1, "B": 0.5},
    )
    content = render_scores_xlsx(ScoreReport("评价", (ScoreRow("全部", found),)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    values = calculate(book)
    for (sheet, cell), value in values.items():
        assert value == pytest.approx(shown[sheet][cell].value, rel=1e-12), (sheet, cell)
    assert any(value == pytest.approx(65) for value in values.values())
