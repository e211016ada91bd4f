"""Scores: the published counts, exact arithmetic, treatments, point rules and intervals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import wording
from analysis.plans import ScoringPlan
from analysis.points import POINT_RULES
from analysis.responses import Responses
from analysis.satisfaction import Score, ScoreReport, default_plan, read_plan, score
from analysis.table import QuestionTable
from analysis.tabulate import summarise
from surveys.definition import Question

FOUR = Question.model_validate(
    {
        "code": "q18",
        "text": "是否满意",
        "kind": "single",
        "options": [
            *({"code": code, "text": code} for code in "ABCD"),
            {"code": "U", "text": "不清楚", "meaning": "dont_know"},
            {"code": "R", "text": "拒答", "meaning": "refused"},
        ],
    }
)
PUBLISHED_18 = {"A": 87, "B": 10, "C": 3, "D": 0}


def plan(points: int = 3, **fields: Any) -> ScoringPlan:
    return read_plan(fields, FOUR, points=points)


def test_question_18_of_the_residents_scores_2_877(report: ScoreReport) -> None:
    found = report.rows[0].score
    assert found.score == Decimal("2.877")
    assert found.index == Decimal("0.959")
    assert found.rate == Decimal("0.97")
    assert (found.base, found.excluded, found.blank) == (100, 0, 0)
    assert found.formula == "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877"


def test_question_7_of_the_cadres_scores_2_55(report: ScoreReport) -> None:
    found = report.rows[1].score
    assert found.score == Decimal("2.55")
    assert found.formula == "(5×1.0+15×0.8+0×0.3+0×0)/20×3 = 2.55"


def test_no_usual_scale_gives_the_published_2_025() -> None:
    """The published report prints 2.025 for these counts; its own range is 2.61 to 3.00."""
    lowest = plan(weights={"A": 1, "B": 0, "C": 0, "D": 0})
    highest = plan(weights={"A": 1, "B": 1, "C": 1, "D": 1})
    assert score(lowest, PUBLISHED_18).score == Decimal("2.61")
    assert score(highest, PUBLISHED_18).score == 3


def test_a_table_and_bare_counts_score_alike(residents: Responses) -> None:
    table = summarise(residents)[0].questions[17]
    question = residents.questionnaire.by_code["q18"]
    of_table = score(default_plan(question, 3), table)
    of_counts = score(default_plan(question, 3), PUBLISHED_18)
    for field in ("index", "rate", "score", "low", "high", "base", "excluded", "formula", "counts"):
        assert getattr(of_table, field) == getattr(of_counts, field)


def test_the_interval_of_the_score_is_that_of_the_mean_times_points() -> None:
    everybody = np.repeat([1, 0.8, 0.3], [87, 10, 3])
    low, high = stats.t.interval(0.95, 99, loc=everybody.mean(), scale=stats.sem(everybody))
    found = score(plan(), PUBLISHED_18)
    assert (found.index_low, found.index_high) == pytest.approx((low, high), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((3 * low, 3 * high), rel=1e-12)


COUNTED = {"A": 5, "B": 3, "C": 1, "D": 1, "dont_know": 2, "refused": 4, "blank": 6}


@pytest.mark.parametrize(
    ("treatments", "base", "excluded", "index"),
    [
        ({}, 10, 12, Fraction(77, 100)),
        ({"dont_know": "zero"}, 12, 10, Fraction(77, 120)),
        ({"dont_know": 0.5}, 12, 10, Fraction(87, 120)),
        ({"dont_know": "zero", "refused": 0.5, "blank": "zero"}, 22, 0, Fraction(97, 220)),
    ],
)
def test_each_treatment_moves_base_and_index(
    treatments: dict[str, Any], base: int, excluded: int, index: Fraction
) -> None:
    found = score(plan(**treatments), COUNTED)
    assert (found.base, found.excluded) == (base, excluded)
    assert found.index == wording.as_decimal(index)


def test_included_dont_knows_stand_in_the_formula() -> None:
    found = score(plan(dont_know=0.5), COUNTED)
    assert found.formula == "(5×1.0+3×0.8+1×0.3+1×0+2×0.5)/12×3 = 2.175"


def test_excluded_answers_are_listed_by_reason() -> None:
    assert score(plan(), COUNTED).excluded_by == {"dont_know": 2, "refused": 4, "blank": 6}


def test_nobody_gets_no_score_and_the_formula_says_so() -> None:
    found = score(plan(), {"blank": 4})
    assert (found.index, found.rate, found.score, found.low, found.high) == (None,) * 5
    assert "应答基数为 0，不计分" in found.formula
    assert found.formula.startswith("(0×1.0+0×0.8+0×0.3+0×0)/0×3")
    assert [warning.code for warning in found.warnings] == ["no_base"]


@pytest.mark.parametrize(("unsure", "warned"), [(5, False), (6, True)])
def test_more_than_5_percent_dont_know_is_warned_of(unsure: int, warned: bool) -> None:
    found = score(plan(), {"A": 100 - unsure, "dont_know": unsure, "blank": 1})
    assert [warning.code for warning in found.warnings] == ["much_dont_know"] * warned
    if warned:
        assert "6.00%" in found.warnings[0].text()


@pytest.mark.parametrize(
    ("rule", "counts", "points", "formula"),
    [
        (
            {"point_rule": "gate_linear"},
            {"A": 5, "B": 15},
            Decimal("1.875"),
            "((5×1.0+15×0.8+0×0.3+0×0)/20−60%)/(1−60%)×3 = 1.875",
        ),
        (
            {"point_rule": "gate_linear"},
            {"A": 1, "D": 1},
            Decimal(0),
            "(1×1.0+0×0.8+0×0.3+1×0)/2 = 0.5 < 60% → 0×3 = 0",
        ),
        (
            {"point_rule": "bands"},
            {"A": 1, "B": 1},
            Decimal(3),
            "(1×1.0+1×0.8+0×0.3+0×0)/2 = 0.9 ≥ 90% → 1.0×3 = 3",
        ),
        (
            {"point_rule": "bands"},
            {"B": 1},
            Decimal("2.4"),
            "(0×1.0+1×0.8+0×0.3+0×0)/1 = 0.8 ≥ 80% → 0.8×3 = 2.4",
        ),
        (
            {"point_rule": "bands"},
            {"A": 6, "D": 4},
            Decimal("1.5"),
            "(6×1.0+0×0.8+0×0.3+4×0)/10 = 0.6 ≥ 60% → 0.5×3 = 1.5",
        ),
        (
            {"point_rule": "bands"},
            {"A": 1, "D": 1},
            Decimal(0),
            "(1×1.0+0×0.8+0×0.3+1×0)/2 = 0.5 < 60% → 0×3 = 0",
        ),
        (
            {"point_rule": "threshold", "target": 0.9},
            {"A": 9, "D": 1},
            Decimal(3),
            "(9×1.0+0×0.8+0×0.3+1×0)/10 = 0.9 ≥ 90% → 1.0×3 = 3",
        ),
        (
            {"point_rule": "threshold", "target": 0.8},
            {"A": 1, "D": 1},
            Decimal("1.875"),
            "(1×1.0+0×0.8+0×0.3+1×0)/2÷80%×3 = 1.875",
        ),
    ],
)
def test_point_rules_earn_and_write_what_the_rule_says(
    rule: dict[str, Any], counts: dict[str, int], points: Decimal, formula: str
) -> None:
    found = score(plan(**rule), counts)
    assert found.score == points
    assert found.formula == formula


def test_a_score_without_an_end_is_written_as_about() -> None:
    found = score(plan(), {"A": 1, "D": 6})
    assert found.formula == "(1×1.0+0×0.8+0×0.3+6×0)/7×3 ≈ 0.428571"
    assert wording.number(found.score) == "0.43"


def test_an_index_just_on_the_bound_reaches_it_without_binary_noise() -> None:
    weights = {"A": 0.9, "B": 0.9, "C": 0, "D": 0}
    found = score(plan(point_rule="bands", weights=weights), {"A": 3, "B": 7})
    assert found.score == 3


def test_the_wrong_table_is_refused(residents: Responses) -> None:
    with pytest.raises(ValueError, match="q18"):
        score(plan(), summarise(residents)[0].questions[0])


@pytest.mark.parametrize("counts", [{"Z": 1}, {"A": -1}])
def test_impossible_counts_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        score(plan(), counts)


@given(
    counts=st.fixed_dictionaries({code: st.integers(0, 60) for code in "ABCD"}),
    rule=st.sampled_from(sorted(POINT_RULES)),
)
def test_scores_stay_within_their_points_and_intervals(counts: dict[str, int], rule: str) -> None:
    target = {"target": 0.9} if rule == "threshold" else {}
    found = score(plan(point_rule=rule, **target), counts)
    if not sum(counts.values()):
        assert found.score is None
        return
    assert 0 <= found.score <= 3
    assert found.low - 1e-9 <= float(found.score) <= found.high + 1e-9


@given(counts=st.fixed_dictionaries({code: st.integers(0, 60) for code in "ABCD"}))
def test_one_more_very_satisfied_person_never_lowers_a_score(counts: dict[str, int]) -> None:
    before: Score = score(plan(), counts)
    after = score(plan(), counts | {"A": counts["A"] + 1})
    assert before.score is None or after.score >= before.score


def test_a_question_table_with_blanks_can_be_scored(residents: Responses) -> None:
    table: QuestionTable = summarise(residents)[0].questions[17]._replace(blank=5)
    question = residents.questionnaire.by_code["q18"]
    found = score(replace(default_plan(question, 3), blank="zero"), table)
    assert (found.base, found.excluded, found.blank) == (105, 0, 5)
    assert found.formula == "(87×1.0+10×0.8+3×0.3+0×0+5×0)/105×3 = 2.74"
