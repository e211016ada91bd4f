"""Indicators that a survey measures: base, n, interval, plan, and answers that give no score."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from small_frameworks import BANDS, framework, inputs, leaf, tree

from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import stored_framework
from analysis.evaluation.scorecard import Row, Scorecard, scorecard
from analysis.responses import Responses
from analysis.satisfaction import default_plan
from analysis.tabulate import summarise

GOLDEN = Path(__file__).parents[2] / "golden" / "proportions.json"
WILSON = [c for c in json.loads(GOLDEN.read_text("utf-8"))["single"] if c["level"] == 0.95]


def asked(question: str, *options: str, **more: Any) -> dict[str, Any]:
    known = {"questionnaire": "own", "question": question}
    return known | ({"options": list(options)} if options else {}) | more


def share(*questions: dict[str, Any], scale: Any = None) -> dict[str, Any]:
    scale = scale or {"kind": "proportional"}
    return {"kind": "survey_share", "asked": list(questions), "scale": scale}


def satisfaction(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "satisfaction", "asked": list(questions)} | more


def surveyed(rule: Any, counts: Any, points: Any = 10, **more: Any) -> Row:
    of = framework([leaf("A", points, rule)], points)
    survey = {"questionnaire": "own@1", "counts": counts}
    return scorecard(of, inputs(of, surveys=[survey], **more)).rows[0]


def codes(row: Row) -> list[str]:
    return [fault.code for fault in row.earned.remarks]


def test_a_share_has_base_estimate_and_counts() -> None:
    row = surveyed(share(asked("q1", "A", "B")), {"q1": {"A": 31, "B": 48, "C": 21}})
    found = row.earned.surveyed
    assert found is not None
    assert (row.score, found.base, found.estimate) == (Fraction("7.9"), 100, Fraction(79, 100))
    assert row.earned.formula == "79/100×10 = 7.9"
    assert [c.counts for c in found.counts] == [{"A": 31, "B": 48, "C": 21}]


@pytest.mark.parametrize("case", WILSON, ids=lambda c: f"{c['x']}of{c['n']}")
def test_the_interval_of_a_share_is_that_of_r(case: dict[str, Any]) -> None:
    counts = {"A": case["x"], "B": case["n"] - case["x"]}
    found = surveyed(share(asked("q1", "A")), {"q1": counts}).earned.surveyed
    assert found is not None
    assert [found.low, found.high] == pytest.approx(case["wilson"], rel=1e-9, abs=1e-15)
    ends = [float(found.score_low or 0) / 10, float(found.score_high or 0) / 10]
    assert ends == pytest.approx(case["wilson"], rel=1e-9, abs=1e-15)


def test_the_ends_of_an_interval_go_through_the_bands() -> None:
    """Wilson of 79 of 100 is 0.700…0.858, all within the band of half the points."""
    rule = share(asked("q1", "A"), scale=BANDS)
    found = surveyed(rule, {"q1": {"A": 79, "B": 21}}).earned.surveyed
    assert found is not None
    assert (found.score, found.score_low, found.score_high) == (5, 5, 5)


def test_a_note_does_not_stand_in_the_way_of_the_survey() -> None:
    of = framework([leaf("A", 10, share(asked("q1", "A")))])
    survey = {"questionnaire": "own", "counts": {"q1": {"A": 3, "B": 1}}}
    card = scorecard(of, inputs(of, {"A": {"note": "见附件2"}}, surveys=[survey]))
    assert card.total == Fraction("7.5")
    assert card.rows[0].measure.note == "见附件2"


def test_blanks_are_not_in_the_base() -> None:
    found = surveyed(share(asked("q1", "A")), {"q1": {"A": 3, "B": 1, "blank": 6}}).earned.surveyed
    assert found is not None
    assert (found.base, found.estimate) == (4, Fraction(3, 4))
    assert (found.counts[0].asked, found.counts[0].blank) == (10, 6)


def of_shipped(rule: dict[str, Any], **counts: dict[str, int]) -> Row:
    """Of questions of the shipped form of residents, whose R is 拒绝回答."""
    of = framework([leaf("A", 10, rule)])
    survey = {"questionnaire": "dibao-residents@2", "counts": counts}
    return scorecard(of, inputs(of, surveys=[survey])).rows[0]


def resident(question: str, *options: str) -> dict[str, Any]:
    return asked(question, *options) | {"questionnaire": "dibao-residents"}


def aware(counts: dict[str, int], *options: str) -> Row:
    return of_shipped(share(resident("q05", *options)), q05=counts)


def test_an_option_that_an_older_framework_names_twice_counts_once() -> None:
    """31 of 100 chose A, 48 chose B: with A named twice it is still 79%, not 110%."""
    rule = share(resident("q05", "A", "A", "B"))
    of = stored_framework(tree([leaf("A", 10, rule)]), "framework.yaml")
    counts = {"q05": {"A": 31, "B": 48, "C": 21}}
    survey = {"questionnaire": "dibao-residents@1", "counts": counts}
    row = scorecard(of, inputs(of, surveys=[survey])).rows[0]
    assert row.score == Fraction("7.9")


def refusals_told(row: Row) -> list[str]:
    return [f.sentence() for f in row.earned.remarks if f.code == "refusals_left_out"]


def test_who_refused_to_answer_is_not_in_the_base_and_that_is_said() -> None:
    row = aware({"A": 6, "C": 4, "R": 5}, "A")
    assert row.earned.surveyed is not None
    assert (row.score, row.earned.surveyed.base) == (6, 10)
    assert row.earned.formula.startswith("6/10×10")
    assert "refusals_left_out" in codes(row)


def test_an_indicator_of_refusals_counts_them() -> None:
    row = aware({"A": 6, "R": 4}, "R")
    assert row.score == 4
    assert "refusals_left_out" not in codes(row)


def test_refusals_are_told_where_nobody_else_answered() -> None:
    row = aware({"A": 0, "R": 10}, "A")
    assert (row.score, codes(row)) == (None, ["refusals_left_out", "no_base"])
    assert refusals_told(row) == ["10 人拒答，不计入基数"]


@pytest.mark.parametrize(
    ("plan", "told"), [({}, ["10 人拒答，不计入基数"]), ({"refused": "zero"}, [])]
)
def test_satisfaction_tells_how_many_refusals_its_plan_leaves_out(plan: Any, told: Any) -> None:
    counts = {"A": 60, "B": 20, "C": 10, "D": 0, "R": 10}
    row = of_shipped(satisfaction(resident("q18"), plan=plan), q18=counts)
    assert row.earned.surveyed is not None
    assert row.earned.surveyed.base == (90 if told else 100)
    assert refusals_told(row) == told


def test_mean_of_questions_tells_the_refusals_of_all() -> None:
    counts = {"A": 60, "B": 20, "C": 10, "D": 0, "R": 10}
    rule = satisfaction(resident("q18"), resident("q15"), combine="mean")
    assert refusals_told(of_shipped(rule, q18=counts, q15=counts)) == ["20 人拒答，不计入基数"]


def test_questions_of_several_groups_are_pooled_by_head() -> None:
    row = surveyed(
        share(asked("q1", "A"), asked("q2", "B")),
        {"q1": {"A": 93, "B": 7}, "q2": {"A": 0, "B": 20}},
    )
    assert row.earned.surveyed is not None
    assert row.earned.surveyed.estimate == Fraction(113, 120)
    assert row.earned.formula.startswith("(93+20)/(100+20)×10")


def test_satisfaction_without_a_plan_takes_the_default_of_as_many_levels() -> None:
    row = surveyed(satisfaction(asked("q1")), {"q1": {"A": 87, "B": 10, "C": 3, "D": 0}}, 3)
    assert row.score == Fraction("2.877")
    assert row.earned.formula == "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877"
    found = row.earned.surveyed
    assert found is not None
    assert [dict(plan.weights) for plan in found.plans] == [
        {"A": 1, "B": Decimal("0.8"), "C": Decimal("0.3"), "D": 0}
    ]


THRESHOLD = {"preset": "four-rate", "point_rule": "threshold", "target": 0.98}


@pytest.mark.parametrize(
    ("framework_plan", "project_plan", "score"),
    [
        ({}, {"preset": "four-rate"}, "9.7"),
        ({"preset": "four-rate"}, {}, "9.7"),
        ({"preset": "four-rate"}, {"preset": "four-half"}, "9.7"),
        ({"point_rule": "gate_linear"}, {"preset": "four-rate"}, "9.25"),
        ({"point_rule": "bands"}, {}, "10"),
        ({}, THRESHOLD, "485/49"),  # 0.97/0.98×10
        ({"point_rule": "bands"}, THRESHOLD, "10"),
        ({"point_rule": "threshold", "target": 1}, THRESHOLD, "9.7"),
    ],
)
def test_the_framework_states_what_it_states_and_the_project_the_rest(
    framework_plan: Any, project_plan: Any, score: str
) -> None:
    row = surveyed(
        satisfaction(asked("q1"), plan=framework_plan),
        {"q1": {"A": 87, "B": 10, "C": 3, "D": 0}},
        plans={"own/q1": project_plan} if project_plan else {},
    )
    assert row.score == Fraction(score)


def test_the_same_point_rule_keeps_the_target_of_the_project() -> None:
    """0.97/0.98×10; of a framework from before a threshold without a target was refused."""
    rule = satisfaction(asked("q1"), plan={"point_rule": "threshold"})
    of = stored_framework(tree([leaf("A", 10, rule)], 10), "framework.yaml")
    survey = {"questionnaire": "own@1", "counts": {"q1": {"A": 87, "B": 10, "C": 3, "D": 0}}}
    given = inputs(of, surveys=[survey], plans={"own/q1": THRESHOLD})
    assert scorecard(of, given).rows[0].score == Fraction(485, 49)


TWO = {"q1": {"A": 90, "B": 0, "C": 0, "D": 0}, "q2": {"A": 0, "B": 10, "C": 0, "D": 0}}


def test_several_questions_are_pooled_by_head_count() -> None:
    row = surveyed(satisfaction(asked("q1"), asked("q2")), TWO)
    assert row.score == Fraction("9.8")
    assert row.earned.surveyed is not None and row.earned.surveyed.base == 100


def test_several_questions_are_averaged_with_their_weights() -> None:
    rule = satisfaction(asked("q1", weight=3), asked("q2"), combine="mean")
    row = surveyed(rule, TWO)
    assert row.score == Fraction("9.5")
    assert row.earned.formula == "(3×1+1×0.8)/4×10 = 9.5"
    found = row.earned.surveyed
    assert found is not None and found.low is not None and found.high is not None
    assert found.low < 0.95 < found.high
    assert "interval_combined" in codes(row)


def test_few_responses_to_one_question_are_not_hidden_by_those_to_another() -> None:
    rule = satisfaction(asked("q1"), asked("q2"), combine="mean")
    few = surveyed(rule, {"q1": {"A": 90, "B": 0}, "q2": {"A": 18, "B": 0}})
    assert "其中一道题的应答基数仅为 18，不足 30 份，结果仅供参考" in [
        fault.sentence() for fault in few.earned.remarks
    ]
    enough = surveyed(rule, {"q1": {"A": 90, "B": 0}, "q2": {"A": 30, "B": 0}})
    assert codes(enough) == ["interval_combined"]


def test_few_responses_are_said() -> None:
    assert "few_responses" in codes(surveyed(satisfaction(asked("q1")), {"q1": {"A": 29, "B": 0}}))
    assert codes(surveyed(satisfaction(asked("q1")), {"q1": {"A": 30, "B": 0}})) == []


@pytest.mark.parametrize(
    ("rule", "counts", "code"),
    [
        (share(asked("q9", "A")), {"q1": {"A": 1}}, "not_surveyed"),
        (share(asked("q1", "Z")), {"q1": {"A": 1}}, "option_not_there"),
        (share(asked("q1", "A")), {"q1": {"A": 0, "B": 0}}, "no_base"),
        (satisfaction(asked("q1")), {"q1": {"A": 0, "B": 0}}, "no_base"),
        (satisfaction(asked("q1")), {"q1": {"A": 5}}, "bad_plan"),
        (satisfaction(asked("q1"), plan={"preset": "five"}), {"q1": {"A": 1, "B": 1}}, "bad_plan"),
        (
            satisfaction(asked("q1"), asked("q2")),
            {"q1": {"A": 1, "B": 1}, "q2": {"A": 1, "B": 1, "C": 1}},
            "other_options",
        ),
        (
            satisfaction(asked("q1"), asked("q2"), combine="mean"),
            {"q1": {"A": 1, "B": 1}, "q2": {"A": 0, "B": 0}},
            "no_base",
        ),
    ],
)
def test_answers_that_give_no_score_say_why(rule: Any, counts: Any, code: str) -> None:
    row = surveyed(rule, counts)
    assert row.score is None
    assert code in codes(row)


def live(rule: dict[str, Any], responses: Responses, slug: str, plans: Any = None) -> Scorecard:
    """Scored from a tabulated project, as pages do it."""
    of = framework([leaf("A", 10, rule)])
    tables = {table.code: table for table in summarise(responses)[0].questions}
    return scorecard(of, Inputs(surveys={slug: tables}, plans=plans or {}))


def test_tabulated_responses_fill_an_indicator_live(residents: Responses) -> None:
    asked_ = {"questionnaire": "dibao-residents", "question": "q05", "options": ["A", "B"]}
    row = live(share(asked_), residents, "dibao-residents").rows[0]
    assert row.score == Fraction("7.9")
    assert row.earned.surveyed is not None
    assert row.earned.surveyed.counts[0].text == "您对“低保”这一政策及申请审批程序是否了解"


def test_the_plan_of_the_project_scores_live(residents: Responses) -> None:
    question = residents.questionnaire.by_code["q18"]
    own = replace(default_plan(question, 3), weights=dict.fromkeys("ABCD", Decimal(1)))
    rule = satisfaction({"questionnaire": "dibao-residents", "question": "q18"})
    plans = {"dibao-residents/q18": own}
    card = live(rule, residents, "dibao-residents", plans)
    assert card.total == 10


def test_ticks_of_several_options_are_not_people(residents: Responses) -> None:
    asked_ = {"questionnaire": "dibao-residents", "question": "q04", "options": ["A", "B"]}
    row = live(share(asked_), residents, "dibao-residents").rows[0]
    assert codes(row) == ["ticks_not_people"]
