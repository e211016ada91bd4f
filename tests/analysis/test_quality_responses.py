"""Flags of single responses: honest data raise almost none, each planted fault is found."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.quality.flags import BY_CODE, FLAGS, run_checks
from analysis.quality.interviews import UNKNOWN, Interviews, Plan
from analysis.quality.sample_plan import arrival_in_cell
from analysis.quality.straight_lining import chance_of_string, longest_string
from analysis.quality.tendencies import WEIGHTS, correlation, shares_of_people
from analysis.quality.thresholds import Thresholds
from analysis.refusals import CannotComputeError, NotApplicableError
from surveys.records import BLANK, FIRST_OPTION, NOT_ASKED
from tests.analysis.quality_samples import (
    N_CHOICES,
    OPTIONS,
    SHARES,
    START,
    answer,
    honest,
    questionnaire,
    run,
    with_columns,
)

N = 4000
PROMISED = {"too_fast": 0.00135, "straight_lining": 0.001, "duplicates": 0.001}
PROMISED |= {"identical_blocks": 0.002}
"""How often a response in order is flagged at most, as each check's docstring says."""
CHOICES = [f"q{i:02}" for i in range(1, N_CHOICES + 1)]


@pytest.mark.parametrize("code", PROMISED)
def test_honest_responses_are_flagged_no_more_often_than_promised(code: str) -> None:
    found = sum(run(code, honest(N, seed)).count for seed in range(5))
    assert found <= stats.binom.ppf(0.9999, 5 * N, PROMISED[code])


def test_honest_responses_one_after_the_other_never_overlap() -> None:
    assert run("overlapping", honest(N, 1)).count == 0


def test_a_fast_one_is_found_and_told_with_its_numbers() -> None:
    interviews = honest(200, 2)
    interviews.elapsed_ms[7] = 14_000
    flagged = run("too_fast", interviews)
    assert flagged.rows.tolist() == [7]
    assert flagged.tell(0).text().startswith("用时 14.0 秒问了 14 题，平均每题 1.0 秒；下限为每题 ")
    assert "14 questions in 14.0 seconds, 1.0 each" in flagged.tell(0).text("en")


def test_far_below_the_median_is_too_fast_although_above_the_lowest_pace() -> None:
    interviews = honest(200, 3)
    interviews.elapsed_ms[:] = 14 * 20_000
    interviews.elapsed_ms[:100] = 14 * 21_000
    interviews.elapsed_ms[5] = 14 * 7_000
    assert run("too_fast", interviews).rows.tolist() == [5]
    assert run("too_fast", interviews, median_share=0.3).count == 0


def test_questions_that_are_not_asked_do_not_make_an_interview_fast() -> None:
    interviews = honest(200, 3)
    interviews.elapsed_ms[:] = 14 * 20_000
    short = with_columns(interviews)
    for code in CHOICES:
        short.responses.columns[code][9] = NOT_ASKED  # type: ignore[index]
    short.elapsed_ms[9] = 2 * 20_000
    assert run("too_fast", short).count == 0


def test_without_times_speed_and_overlap_do_not_apply() -> None:
    interviews = honest(50, 4)
    nothing = np.full(50, UNKNOWN)
    blank = replace(interviews, elapsed_ms=nothing, started_ms=nothing, finished_ms=nothing)
    for code in ("too_fast", "overlapping"):
        with pytest.raises(NotApplicableError) as refused:
            run(code, blank)
        assert refused.value.text().startswith("不适用")


def test_some_without_time_are_not_checked_and_counted_so() -> None:
    interviews = honest(50, 4)
    interviews.elapsed_ms[:20] = UNKNOWN
    assert run("too_fast", interviews).checked == 30


def test_the_same_place_throughout_is_a_straight_line() -> None:
    interviews = with_columns(honest(300, 5))
    for code in CHOICES:
        interviews.responses.columns[code][[3, 40]] = FIRST_OPTION + 2  # type: ignore[index]
    flagged = run("straight_lining", interviews, chance=0.0001)
    assert flagged.rows.tolist() == [3, 40]
    assert "连续 12 题" in flagged.tell(0).text()


def correlated(n: int, seed: int, rho: float) -> Interviews:
    """Honest answers with the sample's shares and one normal tendency per person."""
    draw = np.random.default_rng(seed)
    cuts = stats.norm.ppf(np.cumsum(SHARES)[:-1])
    person, own = draw.normal(size=(n, 1)), draw.normal(size=(n, N_CHOICES))
    places = np.digitize(np.sqrt(rho) * person + np.sqrt(1 - rho) * own, cuts) + FIRST_OPTION
    given = {code: places[:, i].astype(np.uint8) for i, code in enumerate(CHOICES)}
    return with_columns(honest(n, seed), **given)


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.5])
def test_honest_answers_that_hang_together_are_flagged_no_more_often_than_told(rho: float) -> None:
    found = sum(run("straight_lining", correlated(N, seed, rho)).count for seed in range(5))
    assert found <= stats.binom.ppf(0.9999, 5 * N, PROMISED["straight_lining"])


@pytest.mark.parametrize("rho", [0, 0.3, 0.5])
def test_straight_lines_of_middle_places_are_found_among_answers_that_hang_together(
    rho: float,
) -> None:
    interviews = correlated(1000, 3, rho)
    for code in CHOICES:
        interviews.responses.columns[code][:10] = FIRST_OPTION + np.arange(10) % 2 + 1  # type: ignore[index]
    flagged = run("straight_lining", interviews)
    assert set(range(10)) <= set(flagged.rows.tolist())
    assert abs(float(flagged.tell(0).numbers["related"]) - rho) < 0.06


def test_the_popular_place_throughout_is_no_straight_line_where_the_content_choose_it() -> None:
    interviews = correlated(1000, 4, 0.5)
    content = np.all([interviews.responses.columns[c] == FIRST_OPTION for c in CHOICES], axis=0)
    assert 20 < np.count_nonzero(content) < 80
    flagged = run("straight_lining", interviews)
    assert not set(np.flatnonzero(content)) & set(flagged.rows.tolist())
    assert "认真作答出现的机会约不超过 0.10%" in flagged.rule.text()  # type: ignore[union-attr]


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7])
def test_people_of_one_tendency_have_the_chances_of_the_normal_distribution(rho: float) -> None:
    shares = np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]])
    people = shares_of_people(0.9 * shares, rho)
    assert np.einsum("q,kqj->kj", WEIGHTS, people) == pytest.approx(0.9 * shares, abs=1e-6)
    joint = stats.multivariate_normal(np.zeros(3), np.full((3, 3), rho) + (1 - rho) * np.eye(3))
    edges = stats.norm.ppf(np.column_stack([np.zeros(3), np.cumsum(shares, axis=1)]))
    for place in range(4):
        low, high = np.maximum(edges[:, place], -9), np.minimum(edges[:, place + 1], 9)
        wanted = 0.9**3 * joint.cdf(high, lower_limit=low)
        chance = WEIGHTS @ chance_of_string(people[:, :, [place]], 3)
        assert chance == pytest.approx(wanted, abs=1e-4)


def test_correlation_is_that_of_the_tendencies_whatever_is_blank() -> None:
    columns = correlated(20_000, 5, 0.4).responses.columns
    places = [columns[code].astype(np.int16) - FIRST_OPTION for code in CHOICES]
    assert correlation(places, 4) == pytest.approx(0.4, abs=0.02)
    places[3][:9000] = -1
    assert correlation(places, 4) == pytest.approx(0.4, abs=0.02)
    assert correlation([np.full(50, -1, np.int16)] * 5, 4) == 0


def test_a_straight_line_goes_on_over_questions_not_asked_and_ends_at_a_blank() -> None:
    places = [np.array([1, 1]), np.array([-1, -1]), np.array([1, 1]), np.array([2, 2])]
    asked = [np.array([True, True]), np.array([False, True]), *[np.array([True, True])] * 2]
    assert longest_string(places, asked).tolist() == [2, 1]


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_the_chance_of_a_string_is_that_of_all_possible_answers(length: int) -> None:
    draw = np.random.default_rng(6)
    shares = draw.dirichlet([1, 1, 1, 1], 5)[:, :3]
    counted = 0.0
    for line in itertools.product(range(4), repeat=5):
        whole = np.column_stack([shares, 1 - shares.sum(axis=1)])
        runs = [len(list(g)) for place, g in itertools.groupby(line) if place != 3]
        if max(runs, default=0) >= length:
            counted += float(np.prod(whole[range(5), line]))
    assert chance_of_string(shares, length) == pytest.approx(counted, rel=1e-12)


def test_straight_lines_need_enough_questions() -> None:
    few = honest(100, 7, questions=[{**q} for q in _questions(4)])
    with pytest.raises(NotApplicableError, match="4 single choice") as refused:
        run("straight_lining", few)
    assert "至少需要 5 道" in refused.value.text()


def test_where_everybody_says_the_same_straight_lines_do_not_apply() -> None:
    content = with_columns(honest(500, 8))
    for code in CHOICES:
        content.responses.columns[code][:480] = FIRST_OPTION  # type: ignore[index]
    with pytest.raises(NotApplicableError, match="too much agreement"):
        run("straight_lining", content)


def test_the_same_answers_twice_are_found_and_name_each_other() -> None:
    interviews = with_columns(honest(500, 9))
    interviews.responses.groups["audience"].codes[[10, 77, 301]] = 0
    answer(interviews, 77, 10)
    answer(interviews, 301, 10)
    flagged = run("duplicates", interviews)
    assert flagged.rows.tolist() == [10, 77, 301]
    assert flagged.told_of(77) is not None and flagged.told_of(78) is None
    assert "与 #11、#302 的回答完全相同（共 3 份）" in flagged.tell(1).text()


def test_the_same_answers_of_other_respondents_are_no_duplicates() -> None:
    interviews = with_columns(honest(500, 9))
    interviews.responses.groups["audience"].codes[[10, 77]] = [0, 1]
    answer(interviews, 77, 10)
    assert run("duplicates", interviews).count == 0


def test_the_chance_of_a_twin_is_the_binomial_one() -> None:
    interviews = with_columns(honest(60, 10, people=2))
    codes = interviews.responses.groups["audience"].codes
    codes[:] = 0
    answer(interviews, 1, 0)
    p = 1.0
    for column in interviews.responses.columns.values():
        p *= float(np.mean(column == column[0]))
    flagged = run("duplicates", interviews)
    expected = stats.binom.sf(0, 59, p)
    assert flagged.tell(0).numbers["chance"] == pytest.approx(expected, rel=1e-9)


def test_a_short_questionnaire_has_twins_by_chance_and_says_so() -> None:
    with pytest.raises(NotApplicableError, match="equal ones by chance"):
        run("duplicates", honest(2000, 11, questions=_questions(3)))


def test_what_many_answer_alike_is_no_duplicate() -> None:
    flagged = run("duplicates", honest(600, 12, questions=_questions(6)))
    assert flagged.count <= stats.binom.ppf(0.9999, 600, 0.001)


def test_a_run_of_identical_blocks_of_one_enumerator_is_found() -> None:
    interviews = with_columns(honest(1000, 13))
    own = np.flatnonzero(interviews.enumerator == 4)[20:25]
    for row in own[1:]:
        answer(interviews, int(row), int(own[0]), CHOICES[2:])
    flagged = run("identical_blocks", interviews)
    assert set(own.tolist()) <= set(flagged.rows.tolist())
    assert [finding.person for finding in flagged.people] == [4]
    assert "连续交来的 5 份中" in flagged.told_of(int(own[2])).text()  # type: ignore[union-attr]
    assert flagged.people[0].told.numbers["runs"] == 1


def test_two_alike_are_a_run_only_if_two_are_asked_for() -> None:
    interviews = with_columns(honest(1000, 13))
    one, two = np.flatnonzero(interviews.enumerator == 4)[20:22]
    answer(interviews, int(two), int(one), CHOICES[2:])
    assert two not in run("identical_blocks", interviews).rows
    assert {one, two} <= set(run("identical_blocks", interviews, run=2).rows.tolist())


def test_the_same_answers_of_different_enumerators_are_no_block() -> None:
    interviews = with_columns(honest(1000, 14))
    interviews.enumerator[100:104] = [1, 2, 3, 4]
    for row in range(101, 104):
        answer(interviews, row, 100)
    assert not set(run("identical_blocks", interviews).rows.tolist()) & set(range(100, 104))


def test_blocks_need_two_enumerators() -> None:
    with pytest.raises(NotApplicableError):
        run("identical_blocks", honest(100, 15, people=1))


def test_two_interviews_at_once_are_both_found() -> None:
    interviews = honest(50, 16)
    interviews.enumerator[[3, 9]], interviews.device[[3, 9]] = 2, [6, 7]
    interviews.started_ms[9] = interviews.started_ms[3] + 60_000
    interviews.finished_ms[[3, 9]] = interviews.started_ms[3] + 6 * 60_000
    flagged = run("overlapping", interviews)
    assert flagged.rows.tolist() == [3, 9]
    assert flagged.tell(0).text() == "与同一调查员的 #10 访问时间重叠 5.0 分钟"
    assert run("overlapping", interviews, overlap=300.0).count == 0


def test_overlap_on_one_tablet_counts_whoever_used_it() -> None:
    interviews = honest(50, 16)
    interviews.device[[3, 9]], interviews.enumerator[[3, 9]] = 2, [6, 7]
    interviews.started_ms[9] = interviews.started_ms[3]
    interviews.finished_ms[[3, 9]] = interviews.started_ms[3] + 600_000
    flagged = run("overlapping", interviews)
    assert flagged.tell(1).text("en") == "Overlaps #4 on the same tablet by 10.0 minutes"


def test_every_overlap_is_found_as_by_comparing_all_pairs() -> None:
    interviews = honest(300, 17, people=4)
    draw = np.random.default_rng(18)
    interviews.started_ms[:] = START + draw.integers(0, 200, 300) * 600_000
    interviews.finished_ms[:] = interviews.started_ms + draw.integers(0, 30, 300) * 60_000
    start, end, who = interviews.started_ms, interviews.finished_ms, interviews.enumerator
    common = np.minimum.outer(end, end) - np.maximum.outer(start, start)
    meets = (common > 60_000) & np.equal.outer(who, who) & ~np.eye(300, dtype=bool)
    assert run("overlapping", interviews).rows.tolist() == np.flatnonzero(meets.any(1)).tolist()


def test_impossible_times_are_not_compared() -> None:
    interviews = honest(10, 19, people=1)
    interviews.started_ms[:] = interviews.started_ms[0]
    interviews.finished_ms[:] = interviews.started_ms - 1
    with pytest.raises(NotApplicableError):
        run("overlapping", interviews)


def test_what_no_line_of_the_plan_covers_and_the_surplus_are_found() -> None:
    interviews = honest(8, 20)
    cell = np.array([0, 1, 0, UNKNOWN, 0, 1, 0, 0])
    plan = Plan(
        cell, arrival_in_cell(cell), (3, 2), (("东镇 低保户", "East"), ("西镇 低保户", "West"))
    )
    flagged = run("out_of_plan", replace(interviews, plan=plan))
    assert flagged.rows.tolist() == [3, 6, 7]
    assert flagged.tell(1).text() == "“东镇 低保户”计划 3 份，这是收到的第 4 份"
    assert flagged.tell(2).text("en") == "“East” has 3 planned, this is number 5 to arrive"


def test_without_a_plan_nothing_is_out_of_it() -> None:
    with pytest.raises(NotApplicableError):
        run("out_of_plan", honest(8, 20))


def test_a_blank_answer_ends_a_string() -> None:
    interviews = with_columns(honest(300, 5))
    for code in CHOICES:
        interviews.responses.columns[code][3] = FIRST_OPTION + 2  # type: ignore[index]
    interviews.responses.columns["q06"][3] = BLANK  # type: ignore[index]
    assert 3 not in run("straight_lining", interviews, chance=0.0001, items=7).rows


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_or_no_responses_give_reasons_and_no_error(n: int) -> None:
    results = run_checks(honest(n, 21))
    assert [result.code for result in results] == [flag.code for flag in FLAGS]
    assert all(result.count == 0 for result in results)
    assert n or all(result.refusal is not None for result in results)


def test_responses_that_are_all_the_same_give_results_or_reasons() -> None:
    interviews = with_columns(honest(100, 22))
    for row in range(100):
        answer(interviews, row, 0)
    for result in run_checks(interviews):
        assert result.refusal is not None or result.count == 0 or result.tell(0).text("en")


def test_every_flag_can_be_named_and_explained_in_both_languages() -> None:
    for flag in FLAGS:
        for say in (flag.name, flag.explains, flag.matters, flag.todo, flag.severity_name):
            assert say("zh") != say("en")
    assert len(BY_CODE) == len(FLAGS)


def test_thresholds_are_bounded_and_whole_where_they_count() -> None:
    assert Thresholds().changed({"pace": 5, "run": 4}).pace == 5.0
    for name, value in (("pace", -1), ("pace", 61), ("run", 2.5), ("chance", 0), ("speed", 1)):
        with pytest.raises(CannotComputeError):
            Thresholds().changed({name: value})
    with pytest.raises(CannotComputeError):
        Thresholds().changed({"pace": float("nan")})


def _questions(count: int) -> list[dict[str, Any]]:
    return [
        {"code": f"q{i:02}", "text": "题", "kind": "single", "options": OPTIONS}
        for i in range(count)
    ]


def test_the_sample_has_a_questionnaire_of_fourteen_questions() -> None:
    assert len(questionnaire().questions) == 14
