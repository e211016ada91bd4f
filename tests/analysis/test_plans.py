"""Scoring plans: what is refused, why, and that everything is said at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from analysis.messages import MESSAGES, Remark
from analysis.plan_files import read_plan
from analysis.plans import (
    PRESETS,
    PlanError,
    default_plan,
    default_weights,
    plan_faults,
    presets_for,
)
from surveys.definition import Question


def question(levels: int = 4, kind: str = "single", meanings: bool = False) -> Question:
    options: list[dict[str, Any]] = [
        {"code": letter, "text": f"等级{letter}"} for letter in "ABCDEFGHIJ"[:levels]
    ]
    if meanings:
        options += [
            {"code": "U", "text": "不清楚", "meaning": "dont_know"},
            {"code": "R", "text": "拒答", "meaning": "refused"},
        ]
    return Question.model_validate(
        {"code": "q18", "text": "是否满意", "kind": kind, "options": options}
    )


def refusal(data: Any, levels: int = 4, **about: Any) -> dict[str, Remark]:
    with pytest.raises(PlanError) as caught:
        read_plan(data, question(levels, **about), points=3)
    return {fault.code: fault for fault in caught.value.faults}


def test_four_levels_start_with_the_default_preset() -> None:
    plan = default_plan(question(), 3)
    assert list(plan.weights.values()) == [1, Decimal("0.8"), Decimal("0.3"), 0]
    assert (plan.preset, plan.top, plan.points, plan.places) == ("four", ("A", "B"), 3, 2)
    assert (plan.dont_know, plan.refused, plan.blank) == ("exclude",) * 3


@pytest.mark.parametrize(
    ("levels", "top"), [(2, ("A",)), (3, ("A",)), (4, ("A", "B")), (5, ("A", "B"))]
)
def test_the_rate_counts_the_upper_levels_and_the_plan_says_which(
    levels: int, top: tuple[str, ...]
) -> None:
    assert default_plan(question(levels), 3).top == top


@pytest.mark.parametrize("levels", range(2, 11))
def test_the_default_plan_of_any_number_of_levels_is_sound(levels: int) -> None:
    asked = question(levels, meanings=True)
    plan = default_plan(asked, 3)
    assert plan_faults(plan, asked) == ()
    assert read_plan(plan.as_data(), asked) == plan


def test_every_preset_is_monotone_and_within_0_and_1() -> None:
    for preset in PRESETS.values():
        assert list(preset.weights) == sorted(preset.weights, reverse=True)
        assert all(0 <= p <= 1 for p in preset.weights)


def test_presets_are_offered_by_number_of_levels() -> None:
    assert list(presets_for(question(5))) == ["five", "five-even"]
    assert list(presets_for(question(4, meanings=True))) == [
        "four",
        "four-half",
        "four-thirds",
        "four-rate",
    ]


def test_even_steps_where_there_is_no_preset() -> None:
    assert default_weights(3) == ("", (Decimal("1.00"), Decimal("0.50"), Decimal("0.00")))


def test_a_plan_survives_yaml() -> None:
    text = """
    preset: four-half
    points: 2.5
    point_rule: threshold
    target: 0.9
    dont_know: zero
    refused: 0.5
    blank: exclude
    top: [A]
    places: 3
    version: 7
    """
    plan = read_plan(yaml.safe_load(text), question())
    assert plan.weights["C"] == Decimal("0.5")
    assert (plan.points, plan.target, plan.refused) == (
        Decimal("2.5"),
        Decimal("0.9"),
        Decimal("0.5"),
    )
    again = yaml.safe_load(yaml.safe_dump(plan.as_data()))
    assert read_plan(again, question()) == plan


def test_numbers_are_taken_by_their_written_form() -> None:
    plan = read_plan({"weights": {"A": 1, "B": ".8", "C": "０．３", "D": 0}}, question(), points=3)
    assert plan.weights["B"] == Decimal("0.8")
    assert plan.weights["C"] == Decimal("0.3")
    assert plan.preset == "four"


def test_weights_other_than_the_presets_drop_its_name() -> None:
    weights = {"A": 1, "B": 0.9, "C": 0.3, "D": 0}
    assert read_plan({"preset": "four", "weights": weights}, question(), points=3).preset == ""


def test_all_faults_are_reported_at_once() -> None:
    found = refusal(
        {
            "colour": "red",
            "weights": {"A": "high", "B": 0.5, "C": 0.7, "E": 0.1, "U": 0},
            "points": -1,
            "point_rule": "random",
            "places": 9,
            "version": True,
            "dont_know": "maybe",
            "blank": 2,
            "top": ["Z"],
        },
        meanings=True,
    )
    assert set(found) == {
        "unknown_field",
        "not_a_number",
        "not_monotone",
        "weight_missing",
        "weight_unknown",
        "weight_of_meaning",
        "points_not_positive",
        "unknown_rule",
        "not_an_integer",
        "unknown_treatment",
        "top_unknown",
    }
    assert found["weight_missing"].details == {"option": "D"}
    assert found["not_monotone"].details["option"] == "C"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], "not_a_plan"),
        ("four", "not_a_plan"),
        ({"weights": [1, 0.8, 0.3, 0]}, "weights_not_a_list"),
        ({"weights": {"A": 1.2, "B": 1, "C": 1, "D": 1}}, "weight_out_of_range"),
        ({"weights": {"A": 1, "B": 1, "C": 1, "D": -0.1}}, "weight_out_of_range"),
        ({"weights": {"A": True, "B": 1, "C": 1, "D": 1}}, "not_a_number"),
        ({"weights": {"A": float("nan"), "B": 0, "C": 0, "D": 0}}, "not_a_number"),
        ({"weights": {"A": "1e999999999", "B": 0, "C": 0, "D": 0}}, "not_a_number"),
        ({"points": 0}, "points_not_positive"),
        ({"points": "three"}, "not_a_number"),
        ({"point_rule": "threshold"}, "target_missing"),
        ({"point_rule": "threshold", "target": 90}, "target_out_of_range"),
        ({"point_rule": "bands", "target": 0.9}, "target_unused"),
        ({"preset": "six"}, "unknown_preset"),
        ({"preset": "five"}, "preset_levels"),
        ({"top": []}, "top_not_a_list"),
        ({"top": "AB"}, "top_not_a_list"),
        ({"question": "q07"}, "other_question"),
        ({"version": 0}, "not_an_integer"),
    ],
)
def test_one_fault_alone_is_named_alone(data: Any, fault: str) -> None:
    assert set(refusal(data)) == {fault}


def test_missing_points_are_asked_for() -> None:
    with pytest.raises(PlanError, match="缺少分值"):
        read_plan({}, question())


def test_only_single_choice_and_scale_questions_are_scored() -> None:
    assert "not_scorable" in refusal({}, kind="multiple")
    assert plan_faults(default_plan(question(kind="scale"), 3), question(kind="scale")) == ()


def test_one_level_is_too_few() -> None:
    assert "no_levels" in refusal({}, levels=1)


def test_the_default_plan_refuses_what_cannot_be_scored() -> None:
    with pytest.raises(PlanError):
        default_plan(question(kind="multiple"), 3)
    with pytest.raises(PlanError):
        default_plan(question(), 0)


def test_every_sentence_exists_in_both_languages_with_the_same_details() -> None:
    for zh, en in MESSAGES.values():
        assert zh != en
        fields = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (zh, en)]
        assert fields[0] == fields[1]


def test_faults_speak_both_languages() -> None:
    fault = refusal({"points": -1})["points_not_positive"]
    assert fault.text() == "分值应大于 0，现为 -1"
    assert fault.text("en") == "Points must be above 0, not -1"


def test_a_plan_cannot_be_changed_in_place() -> None:
    with pytest.raises(TypeError):
        default_plan(question(), 3).weights["A"] = Decimal(0)  # type: ignore[index]


def test_options_from_worst_to_best_get_their_points_the_other_way_round() -> None:
    turned = question().model_copy(update={"worst_first": True})
    plan = default_plan(turned, 3)
    assert plan.weights == {"D": 1, "C": Decimal("0.8"), "B": Decimal("0.3"), "A": 0}
    assert plan.top == ("D", "C")
    assert plan_faults(plan, turned) == ()
    # A plan and the order of the options never contradict each other.
    assert {fault.code for fault in plan_faults(plan, question())} == {"not_monotone"}
    straight = default_plan(question(), 3)
    assert {fault.code for fault in plan_faults(straight, turned)} == {"not_monotone"}
