"""The report by group as values: counts, scores, ranks, tests, against numbers made apart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.designs import survey_design
from analysis.group_report import GroupReport, group_report, small_groups
from analysis.grouping import memberships_of_tables
from analysis.plans import ScoringPlan, default_plan
from analysis.refusals import CannotComputeError
from analysis.responses import Labels, Responses
from analysis.tabulate import UnknownGroupingError, summarise
from surveys import records
from surveys.answers import check
from surveys.catalogue import find
from surveys.definition import Audience, Kind
from surveys.records import FIRST_OPTION, FIRST_OPTION_BIT
from surveys.simulate import simulate

RESIDENTS = find("dibao-residents@2")
PLANS = {"q18": default_plan(RESIDENTS.by_code["q18"], 10)}


def responses_of(
    given: Sequence[dict[str, Any]], places: Sequence[int], names: Sequence[str]
) -> Responses:
    """Responses to dibao-residents@2, some of their answers given, in these areas."""
    packed = []
    for number, own in enumerate(given):
        answers = simulate(RESIDENTS, Audience.RECIPIENT, random.Random(number)) | own
        clean = check(RESIDENTS, answers, Audience.RECIPIENT).clean
        packed.append(records.pack(RESIDENTS, clean, Audience.RECIPIENT))
    labels = Labels(np.array(places), tuple(names))
    columns = records.columns(RESIDENTS, b"".join(packed))
    return Responses(RESIDENTS, columns, len(given), {"area": labels})


def answered(letters: str) -> list[dict[str, Any]]:
    return [{"q18": letter} for letter in letters]


@pytest.fixture(scope="module")
def three() -> Responses:
    """40 satisfied people, 40 dissatisfied ones and nobody."""
    letters = "A" * 38 + "BB" + "D" * 38 + "CC"
    return responses_of(answered(letters), [0] * 40 + [1] * 40, ("甲县", "乙县", "空县"))


@pytest.fixture(scope="module")
def report(three: Responses) -> GroupReport:
    return group_report(three, "area", PLANS)


def test_groups_are_those_of_the_summary_table(three: Responses, report: GroupReport) -> None:
    assert report.groups == summarise(three, by="area")
    assert report.everybody == summarise(three)[0]
    assert [group.n for group in report.groups] == [40, 40, 0]


def test_scores_are_the_points_of_the_mean_weight(report: GroupReport) -> None:
    """0.95·1 + 0.05·0.8 = 0.99 and 0.95·0 + 0.05·0.3 = 0.015, of 10 points."""
    (question,) = report.scores
    scores = [one.score.score for one in question.groups]
    assert scores == [Decimal("9.9"), Decimal("0.15"), None]
    assert question.everybody.score.score == pytest.approx(Decimal("5.025"))


def test_groups_whose_intervals_do_not_overlap_have_one_rank_each(report: GroupReport) -> None:
    (question,) = report.scores
    assert [one.ranks for one in question.groups] == [(1, 1), (2, 2), None]
    assert question.certain_order


def test_groups_that_answer_alike_share_all_ranks() -> None:
    same = responses_of(answered("AB" * 30), [0] * 20 + [1] * 20 + [2] * 20, ("a", "b", "c"))
    (question,) = group_report(same, "area", PLANS).scores
    assert [one.ranks for one in question.groups] == [(1, 3)] * 3
    assert not question.certain_order


def test_ranks_rest_on_intervals_that_hold_together() -> None:
    """Means 0.95 and 0.85 of 40 each: 95 % intervals apart would call an order that the
    simultaneous ones of level 97.5 % do not."""
    letters = "A" * 30 + "B" * 10 + "A" * 20 + "B" * 10 + "C" * 10
    two = responses_of(answered(letters), [0] * 40 + [1] * 40, ("a", "b"))
    (question,) = group_report(two, "area", PLANS).scores
    values = np.array([1.0] * 30 + [0.8] * 10)
    half = stats.t.ppf(1 - 0.025 / 2, 39) * values.std(ddof=1) / np.sqrt(40)
    wide = question.groups[0].simultaneous
    assert wide is not None
    assert wide.low == pytest.approx(values.mean() - half, rel=1e-12)


def test_chi_squared_is_scipys(three: Responses) -> None:
    made = group_report(three, "area", PLANS)
    tests = made.tests
    for code in ("q01", "q18"):
        table = np.array(
            [
                [row.cell.count for row in q.rows]
                for g in made.groups[:2]
                for q in g.questions
                if q.code == code
            ]
        )
        table = table[:, table.sum(axis=0) > 0]
        expected = stats.chi2_contingency(table, correction=False)
        assert tests[code].test is not None and tests[code].test.df == expected.dof
        assert tests[code].p == pytest.approx(expected.pvalue, rel=1e-9)
        v = np.sqrt(expected.statistic / table.sum() / (min(table.shape) - 1))
        assert tests[code].v == pytest.approx(v, rel=1e-9)


def test_every_question_with_options_is_tested_or_says_why_not(report: GroupReport) -> None:
    choices = {q.code for q in RESIDENTS.questions if q.is_choice}
    assert set(report.tests) == choices
    assert all((one.test is None) != (one.refusal is None) for one in report.tests.values())


def test_question_that_makes_the_groups_is_not_tested_against_itself(three: Responses) -> None:
    assert "q18" not in group_report(three, "q18", PLANS).tests


def test_overlapping_groups_of_a_multiple_choice_are_not_tested(three: Responses) -> None:
    made = group_report(three, "q04", PLANS)
    assert made.tests == {}
    assert sum(group.n for group in made.groups) > made.table.n


@pytest.mark.parametrize("by", ["area", "q18", "q04", "q12"])
def test_members_are_in_the_order_and_numbers_of_the_groups(three: Responses, by: str) -> None:
    found = memberships_of_tables(three, by)
    counts = found.members[found.codes[found.codes >= 0]].sum(axis=0).tolist()
    groups = summarise(three, by=by)
    assert (counts, found.names) == ([g.n for g in groups], tuple(g.label for g in groups))


def test_filter_keeps_the_groups_of_the_responses_inside(three: Responses) -> None:
    inside = np.zeros(three.n, dtype=bool)
    inside[:50] = True
    made = group_report(three, "area", PLANS, inside=inside)
    assert [group.n for group in made.groups] == [40, 10, 0]
    assert [group.label for group in small_groups(made)] == ["乙县", "空县"]


def test_weights_of_a_design_change_index_and_margin(three: Responses) -> None:
    weights = np.array([1.0, 3.0] * 40)
    made = group_report(three, "area", PLANS, design=survey_design(three.n, weights=weights))
    (question,) = made.scores
    p = np.array([1.0] * 38 + [0.8] * 2 + [0.0] * 38 + [0.3] * 2)
    assert question.estimated
    assert question.everybody.score.index == pytest.approx(
        Decimal(float((weights * p).sum() / weights.sum())), rel=Decimal("1e-12")
    )
    first = (weights[:40] * p[:40]).sum() / weights[:40].sum()
    assert float(question.groups[0].score.index or 0) == pytest.approx(first, rel=1e-12)
    assert question.groups[2].score.index is None
    effects = [
        _mean_effect(three, weights, rows) for rows in (slice(None), slice(40), slice(40, 80))
    ]
    wanted = [1.959964 * np.sqrt(e * 0.25 / n) for e, n in zip(effects, (80, 40, 40), strict=True)]
    assert [made.margin, *made.margins[:2]] == pytest.approx(wanted, rel=1e-6)
    assert made.margins[2] is None
    top = (np.array(three.columns["q18"]) <= FIRST_OPTION + 1).astype(float)
    parts = (slice(None), slice(40), slice(40, 80))
    rates = [np.average(top[part], weights=weights[part]) for part in parts]
    found = [one.score.rate for one in (question.everybody, *question.groups[:2])]
    assert [float(rate or 0) for rate in found] == pytest.approx(rates, rel=1e-11)


def _mean_effect(responses: Responses, weights: Any, rows: slice) -> float:
    """Design effect of every option's share among these rows, by the formulas written out."""
    n, found = responses.n, []
    w = weights[rows]
    for question in RESIDENTS.questions:
        states = np.asarray(responses.columns[question.code])[rows].astype(np.int64)
        multiple = question.kind is Kind.MULTIPLE
        answered = states >= (1 << FIRST_OPTION_BIT if multiple else FIRST_OPTION)
        for place in range(len(question.options)):
            bit = 1 << (place + FIRST_OPTION_BIT)
            y = ((states & bit) != 0) if multiple else (states == place + FIRST_OPTION)
            y, own = y[answered].astype(float), w[answered]
            p = np.average(y, weights=own)
            if 0 < p < 1:
                squares = (own * (y - p) ** 2).sum() / own.sum()
                variance = n / (n - 1) * ((own * (y - p)) ** 2).sum() / own.sum() ** 2
                found.append(variance / (squares / (len(y) - 1)))
    return float(np.mean(found))


def test_the_margin_of_a_group_is_that_of_its_own_sample(three: Responses) -> None:
    """With weights that differ in one group only, the other one's margin is the simple one."""
    weights = np.concatenate([np.tile([1.0, 9.0], 20), np.ones(40)])
    made = group_report(three, "area", PLANS, design=survey_design(three.n, weights=weights))
    simple = 1.959964 * np.sqrt(0.25 / 40)
    assert made.margins[1] == pytest.approx(simple, rel=0.02)
    assert (made.margins[0] or 0) > 1.2 * simple


def test_clusters_widen_the_margin(three: Responses) -> None:
    """Whole clusters that answer alike say no more than one of each."""
    rows = np.repeat(np.arange(20), 4)
    alike = three.take(rows)
    flat = {"area": Labels(np.zeros(80, dtype=np.int64), ("县",))}
    alike = Responses(RESIDENTS, alike.columns, 80, flat)
    made = group_report(alike, "area", PLANS, design=survey_design(80, clusters=rows))
    # Four times the variance of 80 independent ones: n / (n - 1) of 20 clusters for that of 80.
    assert made.margin == pytest.approx(1.959964 * np.sqrt(4 * 0.25 / 80), rel=0.05)
    assert made.margins == (made.margin,)


def test_equal_weights_of_a_design_change_nothing(three: Responses, report: GroupReport) -> None:
    made = group_report(three, "area", PLANS, design=survey_design(three.n))
    assert made.scores == report.scores and not made.scores[0].estimated


def test_group_within_one_cluster_has_no_interval(three: Responses) -> None:
    clusters = np.repeat([0, 1, 2, 3], [40, 14, 13, 13])
    weights = np.linspace(1, 2, 80)
    design = survey_design(three.n, weights=weights, clusters=clusters)
    (question,) = group_report(three, "area", PLANS, design=design).scores
    assert question.groups[0].score.low is None and question.groups[0].ranks is None
    assert question.groups[0].score.index is not None
    assert question.groups[1].score.low is not None


def test_treatments_of_the_plan_hold_under_a_design(three: Responses) -> None:
    """不清楚 counts as 0.5 here and blank as 0."""
    plan = ScoringPlan(
        question="q18",
        weights=PLANS["q18"].weights,
        points=Decimal(10),
        top=("A",),
        dont_know=Decimal("0.5"),
        blank="zero",
    )
    given = [{"q18": letter} for letter in "AAAUUR"] + [{"q18": None}] * 2
    six = responses_of(given, [0] * 8, ("a",))
    weights = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    design = survey_design(8, weights=weights)
    (question,) = group_report(six, "area", {"q18": plan}, design=design).scores
    values = np.array([1, 1, 1, 0.5, 0.5, np.nan, 0, 0])
    used = ~np.isnan(values)
    mean = np.average(values[used], weights=weights[used])
    assert float(question.everybody.score.index or 0) == pytest.approx(mean, rel=1e-12)


def test_nothing_to_report_and_unknown_groupings_are_refused(three: Responses) -> None:
    with pytest.raises(CannotComputeError, match="no response"):
        group_report(three.take(np.array([], dtype=int)), "area", PLANS)
    with pytest.raises(UnknownGroupingError):
        group_report(three, "weather", PLANS)


def test_too_many_groups_are_refused_with_their_number(three: Responses) -> None:
    labels = Labels(np.arange(three.n), tuple(f"村{i}" for i in range(1001)))
    many = Responses(RESIDENTS, three.columns, three.n, {"area": labels})
    with pytest.raises(CannotComputeError, match="1001"):
        group_report(many, "area", PLANS)


def test_many_groups_of_a_multiple_choice_are_tested_option_by_option(three: Responses) -> None:
    names = tuple(f"村{i}" for i in range(200))
    rows = np.resize(np.arange(three.n), 4000)
    many = three.take(rows)
    many = Responses(RESIDENTS, many.columns, 4000, {"area": Labels(np.arange(4000) % 200, names)})
    test = group_report(many, "area", {}).tests["q04"]
    assert test.by_option and test.p is not None and 0 <= test.p <= 1
