"""Weighted beside unweighted, against pandas, scipy and numbers by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.plans import default_plan
from analysis.refusals import CannotComputeError
from analysis.responses import Labels, Responses
from analysis.sample_design_files import read_sample_design
from analysis.sample_designs import design_of
from analysis.weighting_report import (
    margins_compared,
    question_compared,
    scores_compared,
)
from surveys.catalogue import find
from surveys.records import BLANK, FIRST_OPTION, NOT_ASKED

QUESTIONNAIRE = find("dibao-residents@2")
OPTIONS = [option.code for option in QUESTIONNAIRE.by_code["q18"].options]
PLAN = default_plan(QUESTIONNAIRE.by_code["q18"], 10)
ANSWERS = ["A"] * 5 + ["B"] * 3 + ["D"] * 2 + ["U", None]
AUDIENCE = [0] * 8 + [1] * 4
MARGIN = {"by": ["audience"], "population": {"低保户": 80, "非低保户": 120}}
DESIGN = read_sample_design({"margins": [MARGIN]})
WEIGHTS = np.array([10.0] * 8 + [30.0] * 4)


def responses(answers: list[str | None] = ANSWERS) -> Responses:
    codes = [BLANK if a is None else OPTIONS.index(a) + FIRST_OPTION for a in answers]
    ticked = [0b0010, 0b0110] * 6
    columns = {"q18": np.array(codes, np.uint8), "q04": np.array(ticked, np.uint16)}
    groups = {"audience": Labels(np.array(AUDIENCE), ("低保户", "非低保户"))}
    return Responses(QUESTIONNAIRE, columns, len(codes), groups)


def test_shares_are_those_that_pandas_computes_from_the_weights() -> None:
    given = responses()
    found = question_compared(given, design_of(given, DESIGN), "q18", DESIGN)
    frame = pd.DataFrame({"answer": ANSWERS, "weight": WEIGHTS}).dropna()
    plain = frame["answer"].value_counts(normalize=True)
    weighted = frame.groupby("answer")["weight"].sum() / frame["weight"].sum()
    assert found.base == 11
    for option in found.options:
        code = option.name.partition(".")[0]
        assert option.plain.value == pytest.approx(plain.get(code, 0))
        assert option.weighted.value == pytest.approx(weighted.get(code, 0))
        assert option.difference == pytest.approx(weighted.get(code, 0) - plain.get(code, 0))


def test_unweighted_interval_is_wilsons_as_in_the_tables_of_counts() -> None:
    given = responses()
    found = question_compared(given, design_of(given, DESIGN), "q18", DESIGN).options[0].plain
    wilson = stats.binomtest(5, 11).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high))


def test_a_multiple_choice_is_compared_by_percent_of_cases() -> None:
    given = responses()
    found = question_compared(given, design_of(given, DESIGN), "q04", DESIGN)
    shares = [(o.plain.value, o.weighted.value) for o in found.options[:2]]
    assert shares == [(1.0, 1.0), (0.5, pytest.approx(0.5))]


def test_the_share_that_the_weights_are_made_to_meet_is_known() -> None:
    given = responses(["A"] * 8 + ["B"] * 4)
    margin = read_sample_design({"margins": [{"by": ["q18"], "population": {"A": 30, "B": 70}}]})
    found = question_compared(given, design_of(given, margin), "q18", margin).options[0]
    assert (found.weighted.low, found.weighted.high) == pytest.approx((0.3, 0.3))
    assert found.plain.low < 8 / 12 < found.plain.high


def test_index_and_score_are_the_weighted_mean_of_the_plan() -> None:
    given = responses()
    (found,) = scores_compared(given, design_of(given, DESIGN), {"q18": PLAN})
    values = {"A": 1.0, "B": 0.8, "D": 0.0}
    scored = [(values[a], w) for a, w in zip(ANSWERS, WEIGHTS, strict=True) if a in values]
    index = np.average([v for v, _ in scored], weights=[w for _, w in scored])
    assert found.index is not None
    assert found.score is not None
    assert found.base == 10
    assert found.index.plain.value == pytest.approx((5 + 2.4) / 10)
    assert found.index.weighted.value == pytest.approx(index)
    assert found.score.weighted.value == pytest.approx(10 * index)
    assert found.score.weighted.low < found.score.weighted.value < found.score.weighted.high


def test_treatments_of_a_plan_decide_who_is_in_the_base() -> None:
    given = responses()
    plan = replace(PLAN, dont_know=Decimal("0.5"), blank="zero")
    (whole,) = scores_compared(given, design_of(given, DESIGN), {"q18": plan})
    values = [1] * 5 + [0.8] * 3 + [0, 0, 0.5, 0]
    assert whole.index is not None
    assert whole.base == len(values)
    assert whole.index.plain.value == pytest.approx(np.mean(values))
    assert whole.index.weighted.value == pytest.approx(np.average(values, weights=WEIGHTS))


def test_not_asked_is_never_scored() -> None:
    given = responses()
    given.columns["q18"][:] = NOT_ASKED
    plan = replace(PLAN, blank="zero")
    (found,) = scores_compared(given, design_of(given, DESIGN), {"q18": plan})
    assert found.error is not None
    assert found.error.code == "no_responses"
    with pytest.raises(CannotComputeError):
        question_compared(given, design_of(given, DESIGN), "q18", DESIGN)


def test_an_index_of_exactly_the_bound_of_a_band_reaches_it() -> None:
    given = responses(["A"] * 6 + ["B"] * 6)
    plan = replace(PLAN, point_rule="bands")
    weights = read_sample_design({"margins": [{"by": ["q18"], "population": {"A": 0.1, "B": 0.1}}]})
    (found,) = scores_compared(given, design_of(given, weights), {"q18": plan})
    assert found.score is not None
    assert (found.score.plain.value, found.score.weighted.value) == (10.0, 10.0)


def test_margins_show_sample_population_and_weights() -> None:
    given = responses()
    (met,) = margins_compared(given, design_of(given, DESIGN), DESIGN)
    assert met.name.text("zh") == "调查对象"
    rows = [(m.name, m.count, m.population, m.sample_share, m.weighted_share) for m in met.lines]
    assert rows == [
        ("低保户", 8, 80.0, 8 / 12, pytest.approx(0.4)),
        ("非低保户", 4, 120.0, 4 / 12, pytest.approx(0.6)),
    ]
    assert [line.population_share for line in met.lines] == [0.4, 0.6]


def test_a_question_that_is_no_choice_is_refused() -> None:
    given = responses()
    with pytest.raises(CannotComputeError) as refused:
        question_compared(given, design_of(given, DESIGN), "q99", DESIGN)
    assert refused.value.code == "unknown_choice"
