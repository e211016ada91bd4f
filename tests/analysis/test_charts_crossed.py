"""The picture of a cross-table: shares of its columns, or the reason why there is none."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.charts import crossed_bars, render
from analysis.charts.crossed import MOST_ROWS
from analysis.charts.palette import APART, NOMINAL, ORDERED
from analysis.cross_tables import cross_table
from analysis.cross_values import CrossTable
from analysis.designs import survey_design
from analysis.responses import Responses
from tests.analysis.test_group_report import RESIDENTS, answered, responses_of

TITLE = "满意度 × 区域"


@pytest.fixture(scope="module")
def responses() -> Responses:
    """甲县: 15 A, 5 B; 乙县: 10 A, 10 D."""
    return responses_of(
        answered("A" * 15 + "B" * 5 + "A" * 10 + "D" * 10), [0] * 20 + [1] * 20, ("甲县", "乙县")
    )


def crossed(
    responses: Responses, rows: str = "q18", columns: str = "area", **more: str
) -> CrossTable:
    design = survey_design(responses.n, weights=np.ones(responses.n))
    return cross_table(responses, design, rows, columns, **more)  # type: ignore[arg-type]


def test_bars_are_the_shares_of_the_columns_with_their_base(responses: Responses) -> None:
    chart = crossed_bars(crossed(responses), RESIDENTS.by_code["q18"], title=TITLE, is_scale=True)
    assert [row[:4] for row in chart.rows] == [
        ("甲县", "20", "75.00%", "25.00%"),
        ("乙县", "20", "50.00%", "0.00%"),
    ]
    assert "甲县选“A.非常满意”的占75.00%（n=20）" in chart.alt
    assert b"<svg" in render(chart, "svg")


def test_steps_of_a_scale_and_plain_options_have_their_own_colours(responses: Responses) -> None:
    question = RESIDENTS.by_code["q18"]
    for is_scale, fills in ((True, ORDERED[4]), (False, NOMINAL)):
        chart = crossed_bars(crossed(responses), question, title=TITLE, is_scale=is_scale)
        boxes = {mark.fill for mark in chart.draw().marks if hasattr(mark, "fill")}
        assert {fills[0], fills[1], fills[3]} <= boxes


def test_unsure_answers_stand_apart(responses: Responses) -> None:
    question = next(
        q
        for q in RESIDENTS.questions
        if q.is_choice and q.kind.value == "single" and any(o.meaning for o in q.options)
    )
    chart = crossed_bars(crossed(responses, question.code), question, title=TITLE)
    boxes = {mark.fill for mark in chart.draw().marks if hasattr(mark, "fill")}
    assert set(APART) & boxes


def test_multiple_choice_is_drawn_by_mentions_only(responses: Responses) -> None:
    by_cases = crossed_bars(crossed(responses, "q04"), title=TITLE)
    assert by_cases.is_empty and "多选题各项之和可超过100%" in by_cases.alt
    by_mentions = crossed_bars(crossed(responses, "q04", of="mentions"), title=TITLE)
    shares = [float(text.rstrip("%")) for text in by_mentions.rows[0][2:]]
    assert sum(shares) == pytest.approx(100, abs=0.05)


def test_too_many_rows_are_left_to_the_table(responses: Responses) -> None:
    places = [number % (MOST_ROWS + 1) for number in range(40)]
    many = responses_of(answered("A" * 40), places, [f"{n}乡" for n in range(MOST_ROWS + 1)])
    chart = crossed_bars(crossed(many, "area", "q18"), title=TITLE)
    assert chart.is_empty and "选项太多" in chart.alt
