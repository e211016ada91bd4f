"""The scorecard of Nanchong, published and re-scored; sums, grades and what is not scored yet."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_frameworks import card_of, framework, inputs, leaf

from analysis import wording
from analysis.evaluation.framework import Framework
from analysis.evaluation.grades import SCHEMES, grade
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.scorecard import Scorecard, scorecard

MANUAL = {"kind": "manual", "text": "评判"}


def test_nanchong_published_gives_88_375(card: Scorecard) -> None:
    assert [sub.score for sub in card.first_level] == [15, 32, Fraction("41.375")]
    assert card.total == Fraction("88.375")
    assert wording.number(card.total) == "88.38"
    assert card.grade is not None and card.grade.name == "良好"


def test_nanchong_published_gives_the_rates(card: Scorecard) -> None:
    rates = [wording.percent(sub.rate) for sub in card.first_level]
    assert rates == ["100.00%", "91.43%", "82.75%"]


def test_each_published_score_is_on_the_card(card: Scorecard, document: dict[str, Any]) -> None:
    published = {entry["id"]: Fraction(entry["score"]) for entry in document["indicators"]}
    assert {row.leaf.id: row.score for row in card.rows} == published


def test_each_published_note_is_on_the_card(card: Scorecard, document: dict[str, Any]) -> None:
    for entry in document["indicators"]:
        note = entry["deduction_note"] or entry["body_table"]["deduction_note"]
        assert note in card.by_id[entry["id"]].measure.note


def test_the_survey_rescores_what_a_question_measures(rescored: Scorecard) -> None:
    scores = {row.leaf.id: row.score for row in rescored.rows if row.earned.basis == "survey"}
    assert scores == {
        "I29": 0,
        "I30": Fraction("2.4"),
        "I34": Fraction("2.877"),
        "I35": Fraction("2.55"),
    }


def test_what_no_question_measures_stays_as_published(card: Scorecard, rescored: Scorecard) -> None:
    surveyed = {"I29", "I30", "I34", "I35"}
    before = {row.leaf.id: row.score for row in card.rows if row.leaf.id not in surveyed}
    after = {row.leaf.id: row.score for row in rescored.rows if row.leaf.id not in surveyed}
    assert before == after


def test_the_rescored_total_is_the_sum_of_its_changes(rescored: Scorecard) -> None:
    """88.375 − 4 − 0.6 + 0.852 + 0.6."""
    assert rescored.total == Fraction("85.227")
    assert rescored.grade is not None and rescored.grade.name == "良好"


def test_every_heading_is_the_sum_of_its_parts(rescored: Scorecard) -> None:
    by_path = {sub.path: sub.score for sub in rescored.sub_totals}
    assert by_path["项目绩效",] == Fraction("38.227")
    assert by_path["项目绩效", "项目效益"] == Fraction("19.427")
    assert by_path["项目绩效", "项目效益", "服务对象满意度"] == Fraction("5.427")


def test_another_scheme_may_be_chosen(nanchong: Framework, measured: Inputs) -> None:
    names = {
        slug: found.name
        for slug in SCHEMES
        if (found := scorecard(nanchong, measured, slug).grade) is not None
    }
    assert names == {"caiyu-2020-10": "良", "nanchong-2018": "良好", "minfa-2016-242": "良好"}


@pytest.mark.parametrize(
    ("scheme", "total", "name"),
    [
        ("caiyu-2020-10", "90", "优"),
        ("caiyu-2020-10", "89.5", "良"),
        ("caiyu-2020-10", "79.999", "中"),
        ("caiyu-2020-10", "59.9", "差"),
        ("nanchong-2018", "89.5", "良好"),
        ("nanchong-2018", "75", "良好"),
        ("nanchong-2018", "74.99", "一般"),
        ("minfa-2016-242", "75", "合格"),
        ("minfa-2016-242", "0", "不合格"),
    ],
)
def test_lower_bounds_belong_to_the_grade(scheme: str, total: str, name: str) -> None:
    assert grade(Fraction(total), Decimal(100), SCHEMES[scheme]).name == name


def test_the_grade_of_other_points_is_that_of_the_percentage() -> None:
    assert grade(Fraction(45), Decimal(50), SCHEMES["caiyu-2020-10"]).name == "优"


def test_where_rounding_changes_the_grade_both_are_shown() -> None:
    card = card_of({"A": "89.996"}, {"A": 100})
    assert card.grade is not None
    assert (card.grade.name, card.grade.name_of_printed) == ("良", "优")
    assert [fault.code for fault in card.remarks] == ["rounding_changes_grade"]
    assert "89.996" in card.remarks[0].text() and "90.00" in card.remarks[0].text()


def test_thirds_add_up_to_a_whole_without_losing_the_grade() -> None:
    rule = {"kind": "proportional"}
    of = framework([leaf(id_, 30, rule) for id_ in "ABC"], 90)
    card = scorecard(of, inputs(of, {id_: {"value": "9/10"} for id_ in "ABC"}))
    assert card.total == 81
    of = framework([leaf(id_, "33.3", rule) for id_ in "ABC"], "99.9")
    card = scorecard(of, inputs(of, {id_: {"value": "1/3"} for id_ in "ABC"}))
    assert card.total == Fraction("33.3")


def test_an_incomplete_scorecard_has_no_total_and_no_grade() -> None:
    card = card_of({"A": 4}, {"A": 5, "B": 5})
    assert (card.total, card.rate, card.grade, card.scored) == (None, None, None, 4)
    assert [fault.code for fault in card.remarks] == ["incomplete"]
    assert "B" in card.remarks[0].text()


def test_a_sub_total_waits_for_all_of_its_parts() -> None:
    parts = [
        {"name": "甲", "parts": [leaf("A", 5, MANUAL)]},
        {"name": "乙", "parts": [leaf("B", 5, MANUAL)]},
    ]
    of = framework(parts)
    card = scorecard(of, inputs(of, {"A": {"score": 4, "reason": "评判"}}))
    assert [sub.score for sub in card.first_level] == [4, None]


def test_headings_of_the_same_name_are_summed_apart() -> None:
    parts = [{"name": "同", "parts": [leaf(id_, 5, MANUAL)]} for id_ in "AB"]
    of = framework(parts)
    judged = {"A": {"score": 1, "reason": "评判"}, "B": {"score": 2, "reason": "评判"}}
    card = scorecard(of, inputs(of, judged))
    assert [sub.score for sub in card.sub_totals] == [1, 2]


@pytest.mark.parametrize("name", ["caiyu-2020-10", "nanchong-2018", "self-evaluation"])
def test_an_empty_scorecard_of_each_framework_scores_nothing(name: str) -> None:
    card = scorecard(find_framework(name), Inputs())
    assert card.scored == 0
    assert len(card.unscored) == len(card.rows)


@given(st.lists(st.decimals(0, 10, places=3), min_size=1, max_size=12))
def test_the_total_is_the_exact_sum(scores: list[Decimal]) -> None:
    ids = [f"A{number}" for number in range(len(scores))]
    stated = {id_: str(score) for id_, score in zip(ids, scores, strict=True)}
    card = card_of(stated, dict.fromkeys(ids, 10))
    assert card.total == sum(map(Fraction, scores), Fraction(0))
