"""Counts: against the published table, against plain counting, and state by state."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import wording
from analysis.responses import UNSTATED, Labels, Responses
from analysis.table import Group, QuestionTable
from analysis.tabulate import (
    UnknownGroupingError,
    groupings,
    shares_by_group,
    summarise,
    summary_table,
)
from surveys.definition import Kind
from surveys.records import columns, pack
from tests.analysis.conftest import build, options, pack_all


def counts(question: QuestionTable) -> list[int]:
    return [row.cell.count for row in question.rows]


@pytest.mark.parametrize("name", ["residents", "cadres"])
def test_base_all_reproduces_every_published_cell(
    name: str, published: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    responses = request.getfixturevalue(name)
    (group,) = summarise(responses, base="all")
    source = published["masses" if name == "residents" else "cadres"]["questions"]
    assert len(group.questions) == len(source)
    for question, expected in zip(group.questions, source, strict=True):
        printed = [(row.cell.count, wording.percent(row.cell.share)) for row in question.rows]
        assert printed == [(o["count"], o["pct"]) for o in expected["options"]]


def test_base_answered_leaves_out_the_blank_of_question_12(residents: Responses) -> None:
    question = summarise(residents)[0].questions[11]
    assert (question.asked, question.answered, question.blank, question.base) == (100, 99, 1, 99)
    assert question.rows[0].cell.share == 67 / 99


def test_a_question_that_is_not_asked_is_in_no_base(small: Responses) -> None:
    question = summarise(small)[0].questions[1]
    assert (question.asked, question.answered, question.blank, question.base) == (3, 2, 1, 2)
    assert [row.cell.share for row in question.rows] == [1.0, 0.0, 0.5]
    assert question.mentions == 3


def test_base_all_counts_everybody_of_the_group(small: Responses) -> None:
    question = summarise(small, base="all")[0].questions[1]
    assert question.base == 5
    assert [row.cell.share for row in question.rows] == [0.4, 0.0, 0.2]


def test_numbers_have_statistics_over_the_values_only(small: Responses) -> None:
    income = summarise(small)[0].questions[2]
    assert income.answered == 4
    assert counts(income) == [1]
    assert dict(income.statistics) == pytest.approx(of_numbers([0.75, 10.25, 20.5]))
    members = summarise(small)[0].questions[4]
    assert dict(members.statistics) == pytest.approx(of_numbers([-1, 3, 4, 4]))


def of_numbers(values: list[float]) -> dict[str, float]:
    """By numpy and scipy alone; the interval does not go below 0 where no value does."""
    mean, error = np.mean(values), stats.sem(values)
    low, high = stats.t.interval(0.95, len(values) - 1, mean, error)
    floor = 0 if min(values) >= 0 else -math.inf
    told = {"standard_error": error, "mean_low": max(low, floor), "mean_high": high}
    middle = float(np.median(values))
    return {"mean": mean, **told, "median": middle, "minimum": min(values), "maximum": max(values)}


def test_texts_and_dates_are_only_asked_answered_and_blank(small: Responses) -> None:
    for question in (summarise(small)[0].questions[place] for place in (3, 5)):
        assert (question.asked, question.answered, question.blank) == (5, 1, 4)
        assert question.rows == ()
        assert question.statistics == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("integer", 4), ("decimal", "3.25"), ("date", "2026-11-21"), ("text", "路远，看病难")],
)
@pytest.mark.parametrize("blanks", [0, 1])
@pytest.mark.parametrize("is_weighted", [False, True])
@pytest.mark.parametrize("by", [None, "q2"])
def test_values_of_every_kind_are_counted_however_many_answered(
    kind: str, value: Any, blanks: int, is_weighted: bool, by: str | None
) -> None:
    """A column without a blank begins at the values themselves, which lie far above any option."""
    asked = [
        {"code": "q1", "text": "一", "kind": kind},
        {"code": "q2", "text": "二", "kind": "single", "options": options("AB")},
    ]
    answers: list[dict[str, Any]] = [{"q1": value, "q2": "AB"[i % 2]} for i in range(6)]
    for answer in answers[:blanks]:
        del answer["q1"]
    responses = pack_all(build(asked), answers)
    if is_weighted:
        responses = replace(responses, weights=np.arange(1.0, 7.0))
    groups = summarise(responses, by=by)
    for group, n, missing in zip(groups, (3, 3) if by else (6,), (blanks, 0), strict=False):
        first, second = group.questions
        assert (first.asked, first.answered, first.blank) == (n, n - missing, missing)
        assert sum(row.cell.count for row in second.rows) == n
    if by is None and is_weighted:
        assert first.weighted_base == pytest.approx(21 - blanks)


def test_nobody_gives_no_share_and_no_interval(small: Responses) -> None:
    nobody = small.where(np.zeros(5, dtype=bool))
    (group,) = summarise(nobody)
    assert group.n == 0
    cells = [row.cell for question in group.questions for row in question.rows]
    assert {(cell.base, cell.share, cell.low, cell.high) for cell in cells} == {
        (0, None, None, None)
    }
    assert all(question.statistics == {} for question in group.questions)


def test_groups_by_label_keep_order_and_empty_groups(small: Responses) -> None:
    audience = Labels(np.array([2, 0, 0, 3, 2]), ("低保户", "非低保户", "干部", UNSTATED))
    labelled = Responses(small.questionnaire, small.columns, 5, {"audience": audience})
    groups = summarise(labelled, by="audience")
    assert [(group.label, group.n) for group in groups] == [
        ("低保户", 2),
        ("非低保户", 0),
        ("干部", 2),
        (UNSTATED, 1),
    ]
    assert counts(groups[0].questions[0]) == [0, 2, 0]
    assert counts(groups[2].questions[0]) == [1, 0, 0]


def test_groups_by_a_single_choice_add_the_blank_ones(small: Responses) -> None:
    assert [(group.label, group.n) for group in summarise(small, by="q1")] == [
        ("A.选项A", 1),
        ("B.选项B", 3),
        ("C.选项C", 0),
        ("未填", 1),
    ]


def test_groups_by_a_multiple_choice_overlap(small: Responses) -> None:
    assert [(group.label, group.n) for group in summarise(small, by="q2")] == [
        ("A.选项A", 2),
        ("B.选项B", 0),
        ("C.选项C", 1),
        ("未填", 1),
        ("未问", 2),
    ]


@pytest.mark.parametrize("by", ["q3", "q4", "area", "q99"])
def test_grouping_by_anything_else_is_refused(small: Responses, by: str) -> None:
    with pytest.raises(UnknownGroupingError, match="q1, q2"):
        summarise(small, by=by)
    assert groupings(small) == ("q1", "q2")


def test_the_table_carries_what_it_is_of(residents: Responses) -> None:
    table = summary_table(residents, base="all", project="评价", remarks=("注",))
    assert (table.slug, table.version, table.n) == ("dibao-residents", 1, 100)
    assert (table.base_rule, table.grouped_by, table.project) == ("all", None, "评价")


@pytest.mark.parametrize("by", [None, "q1", "q2"])
@pytest.mark.parametrize("base", ["answered", "all"])
def test_arrays_have_the_numbers_of_the_tables(small: Responses, by: Any, base: Any) -> None:
    groups = iter(summarise(small, by=by, base=base))
    for grouping, questions in shares_by_group(small, by=by, base=base):
        for place, name in enumerate(grouping.names):
            group = next(groups)
            assert group.label == name
            for question, table in zip(questions, group.questions, strict=True):
                assert question.counts[place].tolist() == counts(table)
                for row, share, low in zip(
                    table.rows, question.shares[place], question.lows[place], strict=True
                ):
                    assert (row.cell.share is None) == bool(np.isnan(share))
                    assert row.cell.share in (None, share)
                    assert row.cell.low in (None, low)


@given(data=st.data())
def test_counts_equal_plain_counting(small: Responses, data: st.DataObject) -> None:
    questionnaire = small.questionnaire
    single = st.sampled_from([None, "A", "B", "C"])
    several = st.none() | st.lists(st.sampled_from("ABC"), min_size=1, unique=True).map(sorted)
    drawn = data.draw(st.lists(st.tuples(single, several), max_size=30))
    answers = [
        {"q1": one} | ({"q2": more} if one == "B" and more else {}) if one else {}
        for one, more in drawn
    ]
    records = b"".join(pack(questionnaire, answer, None) for answer in answers)
    responses = Responses(questionnaire, columns(questionnaire, records), len(answers))
    whole = summarise(responses)[0]
    assert_counted(whole, answers)
    for group, code in zip(summarise(responses, by="q1"), "ABC", strict=False):
        assert_counted(group, [answer for answer in answers if answer.get("q1") == code])


def assert_counted(group: Group, answers: list[dict[str, Any]]) -> None:
    single, multiple = group.questions[:2]
    ones = Counter(answer.get("q1") for answer in answers)
    ticks = Counter(tick for answer in answers for tick in answer.get("q2", []))
    assert group.n == len(answers)
    assert counts(single) == [ones[code] for code in "ABC"]
    assert single.blank == ones[None]
    assert multiple.kind is Kind.MULTIPLE
    assert counts(multiple) == [ticks[code] for code in "ABC"]
    assert multiple.answered == sum("q2" in answer for answer in answers)
    assert multiple.asked == ones["B"]


def test_the_tables_of_a_group_read_like_a_tuple(small: Responses) -> None:
    once, again = (summarise(small)[0].questions for _ in range(2))
    everything = tuple(once)
    assert [one.code for one in everything] == [q.code for q in small.questionnaire.questions]
    assert (len(once), once[-1], once[1:3]) == (len(everything), everything[-1], everything[1:3])
    assert once == again == everything
    assert once != everything[1:]
    assert everything[1] in once
