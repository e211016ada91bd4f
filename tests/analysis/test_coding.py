"""From packed columns to codes, patterns and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.coding import categories, numbers, scale_items, scale_questions, ticks
from analysis.crosstab import joint_counts
from analysis.design_estimates import shares
from analysis.designs import survey_design
from analysis.multiple_response import shares_of_cases
from analysis.refusals import CannotComputeError, NotApplicableError
from analysis.reliability import items_of
from analysis.responses import Labels, Responses
from tests.analysis.conftest import build, options, pack_all


def test_not_asked_and_blank_are_outside(small: Responses) -> None:
    found = categories(small, "q1")
    assert found.codes.tolist() == [0, 1, 1, 1, -1]
    assert found.names == ("A.选项A", "B.选项B", "C.选项C")
    estimate = shares(survey_design(small.n), found.codes, found.size)
    assert estimate.values.tolist() == [0.25, 0.75, 0]


def test_a_grouping_is_a_classification(small: Responses) -> None:
    labels = Labels(np.array([0, 0, 1, 1, 1]), ("甲县", "乙县"))
    grouped = Responses(small.questionnaire, small.columns, small.n, {"area": labels})
    area, answer = categories(grouped, "area"), categories(grouped, "q1")
    assert area.names == ("甲县", "乙县")
    counts = joint_counts(answer.codes, answer.size, area.codes, area.size)
    assert counts.tolist() == [[1, 0], [1, 2], [0, 0]]


def test_ticks_of_those_who_answered_and_of_all_asked(small: Responses) -> None:
    design = survey_design(small.n)
    answered = shares_of_cases(design, ticks(small, "q2"))
    asked = shares_of_cases(design, ticks(small, "q2", of_all_asked=True))
    assert (answered.values.tolist(), answered.counts.tolist()) == ([1, 0, 0.5], [2] * 3)
    assert asked.values == pytest.approx([2 / 3, 0, 1 / 3])
    assert asked.counts.tolist() == [3] * 3


def test_numbers_are_in_their_unit_and_missing_is_nan(small: Responses) -> None:
    found = numbers(small, "q3")
    assert found[[0, 1, 3]].tolist() == [10.25, 20.5, 0.75]
    assert np.isnan(found[[2, 4]]).all()


def test_scale_items_leave_out_who_does_not_know() -> None:
    levels: list[dict[str, Any]] = [*options("ABC")]
    levels.append({"code": "X", "text": "不清楚", "meaning": "dont_know"})
    responses = pack_all(
        build([{"code": c, "text": c, "kind": "scale", "options": levels} for c in ("q1", "q2")]),
        [{"q1": "A", "q2": "C"}, {"q1": "X", "q2": "B"}, {"q2": "A"}],
    )
    found = scale_items(responses, scale_questions(responses))
    assert scale_questions(responses) == ("q1", "q2")
    assert found[0].tolist() == [3, 1]
    assert np.isnan(found[1:, 0]).all()
    assert found[1:, 1].tolist() == [2, 3]
    assert categories(responses, "q1").codes.tolist() == [0, 3, -1]


def test_a_questionnaire_without_a_scale_is_told_so(small: Responses) -> None:
    with pytest.raises(NotApplicableError) as caught:
        items_of(scale_items(small, scale_questions(small)))
    assert caught.value.text() == "不适用：只有 0 个量表题，至少需要 2 个"


@pytest.mark.parametrize(
    ("read", "code"), [(categories, "q2"), (categories, "nowhere"), (ticks, "q1"), (numbers, "q4")]
)
def test_questions_of_another_kind_are_refused(small: Responses, read: Any, code: str) -> None:
    with pytest.raises(CannotComputeError, match="possible: q"):
        read(small, code)


def test_options_from_worst_to_best_count_the_other_way_round() -> None:
    levels: list[dict[str, Any]] = [*options("ABC")]
    levels.append({"code": "X", "text": "不清楚", "meaning": "dont_know"})
    first = {"code": "q1", "text": "q1", "kind": "scale", "options": levels}
    other = {**first, "code": "q2", "worst_first": True}
    responses = pack_all(build([first, other]), [{"q1": one, "q2": one} for one in "ABCX"])
    found = scale_items(responses, ("q1", "q2"))
    assert found[:3].tolist() == [[3, 1], [2, 2], [1, 3]]
    assert np.isnan(found[3]).all()
