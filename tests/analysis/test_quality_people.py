"""Flags of enumerators against scipy; contradictions against the plain rule."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.quality.contradictions import fulfilled
from analysis.quality.interviews import UNKNOWN
from analysis.quality.preferences import expected_counts
from analysis.refusals import NotApplicableError
from surveys.conditions import Condition, holds
from surveys.definition import Audience, Questionnaire
from surveys.records import FIRST_OPTION, columns, pack
from surveys.simulate import simulate
from tests.analysis.quality_samples import N_CHOICES, honest, run, with_columns

CHOICES = [f"q{i:02}" for i in range(1, N_CHOICES + 1)]


def one_audience(n: int, seed: int, people: int = 10) -> Any:
    interviews = with_columns(honest(n, seed, people))
    interviews.responses.groups["audience"].codes[:] = 0
    return interviews


def prefer(interviews: Any, person: int, code: str, place: int, share: float, seed: int) -> None:
    own = np.flatnonzero(interviews.enumerator == person)
    draw = np.random.default_rng(seed)
    chosen = own[draw.random(len(own)) < share]
    interviews.responses.columns[code][chosen] = FIRST_OPTION + place


@pytest.mark.parametrize("code", ["option_preference", "digit_preference"])
def test_where_nobody_differs_somebody_is_flagged_as_seldom_as_promised(code: str) -> None:
    # The gap of shares is set to 0, so that the tests alone decide.
    hit = sum(bool(run(code, honest(1500, seed), difference=0.0).people) for seed in range(40))
    assert hit <= stats.binom.ppf(0.9999, 40, 0.05)


def test_an_enumerator_with_a_favourite_option_is_found_and_nobody_else() -> None:
    interviews = one_audience(2000, 1)
    prefer(interviews, 3, "q05", 3, 0.5, seed=2)
    flagged = run("option_preference", interviews)
    assert [finding.person for finding in flagged.people] == [3]
    text = flagged.people[0].told.text()
    assert text.startswith("q05 第5题 选“D.D”的占 5") and "应为 10." in text
    assert flagged.count == 0


def test_the_statistic_is_pearsons_and_p_is_adjusted_as_scipy_does() -> None:
    interviews = one_audience(1200, 3, people=4)
    prefer(interviews, 1, "q02", 2, 0.3, seed=4)
    flagged = run("option_preference", interviews, difference=0.0, false_share=0.2)
    least = []
    for person in range(4):
        p_values = [_pearson(interviews, code, person)[1] for code in CHOICES]
        least.append(min(min(p_values) * len(CHOICES), 1))
    adjusted = stats.false_discovery_control(least)
    found = {finding.person: finding.told.numbers for finding in flagged.people}
    numbers = found[1]
    assert str(numbers["question"]).startswith("q02 ")
    assert numbers["statistic"] == pytest.approx(_pearson(interviews, "q02", 1)[0])
    assert numbers["p"] == pytest.approx(adjusted[1])
    assert numbers["df"] == 3


def _pearson(interviews: Any, code: str, person: int) -> tuple[float, float]:
    """scipy's χ² of the enumerator against the others, × (N-1)/N as in Mantel's test."""
    column, own = interviews.responses.columns[code], interviews.enumerator == person
    places = range(FIRST_OPTION, FIRST_OPTION + 4)
    table = [[np.sum(column[who] == place) for place in places] for who in (own, ~own)]
    n = interviews.n
    statistic = stats.chi2_contingency(table, correction=False).statistic * (n - 1) / n
    return statistic, float(stats.chi2.sf(statistic, 3))


def test_enumerators_of_other_respondents_do_not_differ_by_that_alone() -> None:
    interviews = with_columns(honest(2000, 5, people=4))
    groups = interviews.responses.groups["audience"].codes
    draw = np.random.default_rng(6)
    # Enumerator 0 sees audience 1 nearly always, and audience 1 says D to q01 nearly always.
    groups[:] = draw.random(2000) < np.where(interviews.enumerator == 0, 0.9, 0.2)
    column = interviews.responses.columns["q01"]
    column[(groups == 1) & (draw.random(2000) < 0.9)] = FIRST_OPTION + 3
    assert run("option_preference", interviews).people == ()
    groups[:] = 0
    people = run("option_preference", interviews).people
    assert 0 in [finding.person for finding in people]


def test_expected_shares_are_those_of_the_others_of_each_kind() -> None:
    own, others = np.array([[3.0, 1], [0, 6]]), np.array([[10.0, 30], [5, 5]])
    # 4 × (1/4, 3/4) + 6 × (1/2, 1/2)
    assert expected_counts(own, others).tolist() == [4.0, 6.0]


def test_round_numbers_of_one_enumerator_are_found() -> None:
    interviews = one_audience(1500, 7, people=5)
    own = interviews.enumerator == 2
    values = interviews.responses.columns["income:value"]
    values[own] = values[own] // 10 * 10
    flagged = run("digit_preference", interviews)
    assert [finding.person for finding in flagged.people] == [2]
    assert "末位数字为 0 的占 100.00%" in flagged.people[0].told.text()


def test_round_numbers_of_everybody_are_usual() -> None:
    interviews = one_audience(1500, 8, people=5)
    values = interviews.responses.columns["income:value"]
    values[:] = values // 10 * 10
    assert run("digit_preference", interviews).people == ()


def test_single_digits_have_no_last_digit_to_prefer() -> None:
    interviews = one_audience(300, 8)
    interviews.responses.columns["income:value"][:] = 4
    with pytest.raises(NotApplicableError):
        run("digit_preference", interviews)


def test_enumerators_with_few_responses_are_not_judged() -> None:
    with pytest.raises(NotApplicableError, match="30 responses"):
        run("option_preference", honest(100, 9, people=50))
    with pytest.raises(NotApplicableError):
        run("option_preference", honest(100, 9, people=1))


def test_responses_of_nobody_known_belong_to_no_enumerator() -> None:
    interviews = one_audience(900, 10, people=3)
    interviews.enumerator[interviews.enumerator == 2] = UNKNOWN
    assert run("option_preference", interviews).checked == np.sum(interviews.enumerator >= 0)


RULED: dict[str, Any] = {
    "slug": "ruled",
    "version": 1,
    "title": "有矛盾规则的问卷",
    "audiences": ["recipient"],
    "consent": {"version": "1", "text": "同意吗"},
    "questions": [
        {
            "code": "q01",
            "text": "是否低保户",
            "kind": "single",
            "required": False,
            "options": [{"code": "A", "text": "是"}, {"code": "B", "text": "否"}],
        },
        {
            "code": "q02",
            "text": "领取元数",
            "kind": "decimal",
            "minimum": 0,
            "maximum": 12,
            "options": [{"code": "R", "text": "拒答", "meaning": "refused"}],
        },
        {
            "code": "q03",
            "text": "困难",
            "kind": "multiple",
            "options": [{"code": c, "text": c} for c in "ABC"],
            "asked_if": {"question": "q01", "equals": "A"},
        },
        {"code": "q04", "text": "起始日", "kind": "date"},
    ],
    "contradictions": [
        {
            "when": {
                "all": [{"question": "q01", "equals": "B"}, {"question": "q02", "more_than": 0}],
            },
            "message": "不是低保户却领取低保金",
            "message_en": "No recipient, yet draws an allowance",
        },
        {"when": {"question": "q04", "less_than": "2018-03-01"}, "message": "早于项目开始"},
    ],
}
CONDITIONS = [
    {"question": "q01", "equals": "A"},
    {"not": {"question": "q01", "equals": "A"}},
    {"question": "q02", "equals": "R"},
    {"question": "q02", "at_least": 6.5},
    {"question": "q02", "less_than": 3},
    {"question": "q03", "includes": "B"},
    {"question": "q03", "equals": ["A", "C"]},
    {"question": "q04", "at_most": "2018-06-30"},
    {"any": [{"question": "q01", "equals": "B"}, {"not": {"question": "q03", "includes": "A"}}]},
    {"all": [{"question": "q02", "at_most": 9}, {"question": "q04", "more_than": "2018-02-01"}]},
]


@pytest.fixture(scope="module")
def filled() -> tuple[Questionnaire, list[dict[str, Any]]]:
    questionnaire = Questionnaire.model_validate(RULED)
    chance = random.Random(11)
    made = [simulate(questionnaire, Audience.RECIPIENT, chance) for _ in range(400)]
    for place in range(0, 400, 5):
        made[place]["q01"] = None
        made[place + 1]["q02"] = "R"
    return questionnaire, made


@pytest.mark.parametrize("data", CONDITIONS, ids=str)
def test_a_rule_on_columns_says_what_it_says_of_each_response(data: Any, filled: Any) -> None:
    questionnaire, answers = filled
    asked = [{k: v for k, v in a.items() if a.get("q01") == "A" or k != "q03"} for a in answers]
    records = b"".join(pack(questionnaire, a, Audience.RECIPIENT) for a in asked)
    condition = Condition.model_validate(data)
    found = fulfilled(condition, questionnaire, columns(questionnaire, records))
    assert found.tolist() == [holds(condition, a) for a in asked]
    assert 0 < found.sum() < len(asked)


def test_contradictory_answers_are_found_and_told_in_the_words_of_the_questionnaire() -> None:
    interviews = with_columns(
        honest(
            100,
            12,
            contradictions=[
                {
                    "when": {"question": "income", "at_least": 5000},
                    "message": "收入过高",
                    "message_en": "Income too high",
                }
            ],
        )
    )
    interviews.responses.columns["income:value"][[4, 9]] = 6000  # type: ignore[index]
    flagged = run("contradictory", interviews)
    assert flagged.rows.tolist() == [4, 9]
    assert [flagged.tell(0).text(), flagged.tell(0).text("en")] == ["收入过高", "Income too high"]


def test_a_questionnaire_without_rules_has_no_contradictions() -> None:
    with pytest.raises(NotApplicableError, match="which answers contradict"):
        run("contradictory", honest(100, 12))


def test_a_small_gap_with_the_smaller_p_does_not_hide_a_large_one() -> None:
    """Enumerator 0 says A to q01 9 points more often in 2000 responses (p near 1e-13), and 35
    points more often to q02, which 60 of them answered (p near 1e-7)."""
    interviews = one_audience(12_000, 12, people=6)
    interviews.enumerator[:] = np.arange(12_000) % 6
    place = np.arange(12_000) // 6
    for code in CHOICES:
        interviews.responses.columns[code][:] = FIRST_OPTION + place % 2
    own = np.flatnonzero(interviews.enumerator == 0)
    small, wide = (interviews.responses.columns[code] for code in ("q01", "q02"))
    small[own] = FIRST_OPTION + (np.arange(2000) >= 1180)
    wide[own] = 1
    wide[own[:60]] = FIRST_OPTION + (np.arange(60) >= 51)
    assert _binary_p(1180, 2000, 5000, 10_000) < _binary_p(51, 60, 5000, 10_000)
    found = run("option_preference", interviews).people
    assert [finding.person for finding in found] == [0]
    numbers = found[0].told.numbers
    assert str(numbers["question"]).startswith("q02 ")
    # Bonferroni over all 12 questions, then BH: 0 is the first of 6 people.
    assert numbers["p"] == pytest.approx(_binary_p(51, 60, 5000, 10_000) * 12 * 6)


def _binary_p(own: int, of: int, others: int, of_others: int) -> float:
    table = [[own, of - own], [others, of_others - others]]
    n = of + of_others
    statistic = stats.chi2_contingency(table, correction=False).statistic * (n - 1) / n
    return float(stats.chi2.sf(statistic, 1))
