"""An index of satisfaction that is typed in: it earns what the same index of the survey would."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from small_frameworks import framework, inputs, leaf, tree

from analysis.evaluation.load import find_framework, stored_framework
from analysis.evaluation.scorecard import scorecard


def satisfaction(**plan: Any) -> dict[str, Any]:
    asked = [{"questionnaire": "own", "question": "q1"}]
    return {"kind": "satisfaction", "asked": asked, "plan": plan}


FOUR = {"A": 80, "B": 10, "C": 5, "D": 5}  # (80 + 8 + 1.5)/100 = 0.895


@pytest.mark.parametrize(
    ("stated", "project", "score"),
    [
        ({}, None, "8.95"),
        ({"point_rule": "threshold", "target": 0.9}, None, "895/90"),
        ({"point_rule": "bands"}, None, "8"),
        ({"point_rule": "gate_linear"}, None, "7.375"),
        ({}, {"point_rule": "bands"}, "8"),
        ({}, {"point_rule": "threshold", "target": 0.8}, "10"),
        ({"point_rule": "bands"}, {"point_rule": "threshold", "target": 0.8}, "8"),
        ({"target": 0.9}, {"point_rule": "threshold", "target": 0.8}, "895/90"),
    ],
)
def test_an_index_earns_the_same_whether_it_is_counted_or_typed_in(
    stated: Any, project: Any, score: str
) -> None:
    of = framework([leaf("A", 10, satisfaction(**stated))])
    survey = {"questionnaire": "own", "counts": {"q1": FOUR}}
    more = {"surveys": [survey]} | ({"plans": {"own/q1": project}} if project else {})
    counted = scorecard(of, inputs(of, **more)).rows[0]
    typed = scorecard(of, inputs(of, {"A": {"value": "89.5%"}}, **more)).rows[0]
    assert (counted.earned.basis, typed.earned.basis) == ("survey", "measured")
    assert (counted.score, typed.score) == (Fraction(score), Fraction(score))


@pytest.mark.parametrize(
    ("slug", "id_", "value", "score", "formula"),
    [
        ("self-evaluation", "S41", "92%", 10, "92% = 0.92 ≥ 90% → 1.0×10 = 10"),
        ("self-evaluation", "S41", "45%", 5, "45%÷90%×10 = 5"),
        ("caiyu-2020-10", "D21", "85%", "4.8", "85% = 0.85 ≥ 80% → 0.8×6 = 4.8"),
        ("caiyu-2020-10", "D22", "55%", 0, "55% = 0.55 < 60% → 0×4 = 0"),
        ("nanchong-2018", "I34", "95.9%", "2.877", "95.9%×3 = 2.877"),
    ],
)
def test_an_index_typed_into_a_shipped_framework_earns_by_its_rule(
    slug: str, id_: str, value: str, score: Any, formula: str
) -> None:
    of = find_framework(slug)
    row = scorecard(of, inputs(of, {id_: {"value": value}})).by_id[id_]
    assert (row.score, row.earned.formula) == (Fraction(score), formula)


def test_an_index_under_a_plan_that_is_wrong_has_no_score_and_says_why() -> None:
    rule = satisfaction(point_rule="guess")
    of = stored_framework(tree([leaf("A", 10, rule)]), "framework.yaml")
    row = scorecard(of, inputs(of, {"A": {"value": "90%"}})).rows[0]
    assert (row.score, [f.code for f in row.earned.remarks]) == (None, ["bad_plan"])
