"""What would change the grade, printed figures, two scorecards side by side, sub-projects."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from small_frameworks import BANDS, card_of, framework, inputs, leaf

from analysis.evaluation.combined import SubProject, combine
from analysis.evaluation.comparison import compare
from analysis.evaluation.grade_changes import Outlook, outlook
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.inputs import Inputs, Printed, PrintedPart
from analysis.evaluation.load import find_framework
from analysis.evaluation.printed import printed_faults
from analysis.evaluation.report import scorecard_report
from analysis.evaluation.scorecard import Scorecard, scorecard
from analysis.reports.scorecard_words import outlook_lines

CASES = {
    "kind": "count_bands",
    "bands": [{"ratio": 1, "when": "x≤2"}, {"ratio": 0, "when": "x>2"}],
}


def found(card: Scorecard) -> Outlook:
    told = outlook(card)
    assert told is not None
    return told


def test_the_points_to_the_next_grades_are_told(card: Scorecard) -> None:
    told = found(card)
    assert (told.grade, told.better) == ("良好", "优秀")
    assert (told.to_better, told.to_worse) == (Fraction("1.625"), Fraction("13.375"))


def test_four_published_ratios_are_not_in_the_rubric(card: Scorecard) -> None:
    """1.8 of 3 and 2.4 of 4 are 0.6, which lies between 0.5 and 0.8."""
    told = found(card)
    readings = {a.down.row.leaf.id: (a.down.score, a.up.score) for a in told.ambiguous}
    low, high = Fraction("1.5"), Fraction("2.4")
    assert readings == {
        "I22": (low, high),
        "I28": (2, Fraction("3.2")),
        "I31": (low, high),
        "I32": (low, high),
    }


def test_reading_every_ambiguous_ratio_up_changes_the_grade(card: Scorecard) -> None:
    """88.375 − (0.3 + 0.4 + 0.3 + 0.3) and 88.375 + (0.6 + 0.8 + 0.6 + 0.6)."""
    told = found(card)
    assert (told.lowest, told.grade_lowest) == (Fraction("87.075"), "良好")
    assert (told.highest, told.grade_highest) == (Fraction("90.975"), "优秀")


def test_one_ambiguous_ratio_alone_is_followed_to_the_total(card: Scorecard) -> None:
    told = next(a for a in found(card).ambiguous if a.down.row.leaf.id == "I28")
    assert (told.down.total, told.up.total) == (Fraction("87.975"), Fraction("89.175"))
    assert not told.up.changes_grade


def test_of_stated_scores_no_distance_to_an_edge_is_claimed(card: Scorecard) -> None:
    told = found(card)
    assert told.edges == ()
    assert told.unmeasured == 19


def test_the_distance_to_the_next_band_is_told_with_what_it_gives(rescored: Scorecard) -> None:
    edges = {(e.there.row.leaf.id, e.band.when): e for e in found(rescored).edges}
    up = edges["I29", "85%≤x<90%"]
    assert (up.distance, up.there.score) == (Fraction(6, 100), Fraction("1.2"))
    assert up.there.total == Fraction("86.427")
    down = edges["I30", "80%≤x<90%"]
    assert (down.distance, down.there.score) == (
        Fraction(113, 120) - Fraction(9, 10),
        Fraction("1.5"),
    )


def test_chance_alone_is_told_for_what_the_survey_measured(rescored: Scorecard) -> None:
    told = found(rescored)
    assert told.chance is not None and rescored.total is not None
    assert told.chance[0] < rescored.total < told.chance[1]
    assert told.grade_chance == ("良好", "良好")


def small(value: Any, rule: Any = BANDS, points: int = 40) -> Outlook:
    of = framework([leaf("A", points, rule), leaf("B", 60, {"kind": "manual", "text": "评"})], 100)
    measures = {"A": {"value": value}, "B": {"score": 60, "reason": "评"}}
    return found(scorecard(of, inputs(of, measures)))


def test_an_edge_that_changes_the_grade_comes_first() -> None:
    edges = small("60%").edges
    assert [(e.distance, e.there.grade) for e in edges] == [
        (Fraction(0), "中"),
        (Fraction(3, 10), "优"),
    ]
    assert all(e.there.changes_grade for e in edges)


def test_of_cases_the_distance_is_in_cases() -> None:
    """There are no parts of cases: from 1 the band x>2 is reached with 3."""
    (edge,) = small(1, CASES).edges
    assert (edge.distance, edge.is_share, edge.there.total) == (2, False, 60)


@pytest.mark.parametrize(
    ("cases", "distances"),
    [(5, {"1≤x<3": 3}), (3, {"1≤x<3": 1}), (0, {"1≤x<3": 1}), (1, {"x<1": 1, "x≥3": 2})],
)
def test_an_open_end_is_the_next_whole_case(cases: int, distances: Any) -> None:
    """5 cases: 2 is the most in 1≤x<3, so 3 fewer; only the nearest band of each side is told."""
    bands = [(1, "x<1"), (0.5, "1≤x<3"), (0, "x≥3")]
    known = [{"ratio": ratio, "when": when} for ratio, when in bands]
    edges = small(cases, {"kind": "count_bands", "bands": known}).edges
    assert {edge.band.when: edge.distance for edge in edges} == distances


def test_at_an_edge_no_distance_of_nothing_is_told() -> None:
    lines = list(outlook_lines(small("60%"), "zh"))
    assert "A 指标A：正在“0%≤x<60%”一档的边界上，越过即得 0 分，总分 60（中）。" in lines
    assert not any(" 0 个百分点" in line for line in lines)


def test_the_best_and_the_worst_grade_have_one_neighbour() -> None:
    best = found(card_of({"A": 95}, {"A": 100}))
    assert (best.better, best.to_better, best.to_worse) == ("", None, 5)
    worst = found(card_of({"A": 10}, {"A": 100}))
    assert (worst.better, worst.to_better, worst.to_worse) == ("中", 50, None)


def test_an_incomplete_scorecard_has_no_outlook() -> None:
    assert outlook(card_of({}, {"A": 100})) is None


def test_the_printed_figures_of_nanchong_agree_but_for_one_rate(
    card: Scorecard, measured: Inputs
) -> None:
    (fault,) = printed_faults(card, measured.printed)
    assert (fault.place, fault.severity) == ("项目绩效", "note")
    assert fault.sentence() == (
        "得分率为 82.75%；公布的 82.76% 由取舍后的得分 41.38 算出（未取舍的得分为 41.375）"
    )


def test_the_printed_figures_are_those_of_the_document(
    measured: Inputs, document: dict[str, Any]
) -> None:
    totals = document["totals"]
    assert float(measured.printed.total or 0) == totals["score_published"]
    assert measured.printed.grade == document["published_grade"]
    assert {
        name: (str(part.score), part.rate) for name, part in measured.printed.parts.items()
    } == {entry["name"]: (entry["score_body"], entry["rate_body"]) for entry in totals["level1"]}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        (Printed(total=Decimal("88.37")), "printed_score"),
        (Printed(total=Decimal("88.3")), "printed_score"),
        (Printed(grade="优秀"), "printed_grade"),
        (Printed(parts={"项目管理": PrintedPart(Decimal(33))}), "printed_score"),
        (Printed(parts={"项目管理": PrintedPart(rate="91.42%")}), "printed_rate"),
        (Printed(parts={"财务": PrintedPart(rate="91.43%")}), "printed_unknown"),
    ],
)
def test_a_wrong_printed_figure_is_an_error(card: Scorecard, printed: Printed, code: str) -> None:
    faults = printed_faults(card, printed)
    assert [(fault.code, fault.severity) for fault in faults] == [(code, "error")]


@pytest.mark.parametrize(
    "printed",
    [
        Printed(total=Decimal("88.4"), grade="良好"),
        Printed(total=Decimal("88.375")),
        Printed(parts={"项目管理": PrintedPart(Decimal("32.00"), "91.4%")}),
    ],
)
def test_a_figure_printed_with_other_digits_is_right(card: Scorecard, printed: Printed) -> None:
    assert printed_faults(card, printed) == ()


def test_published_and_rescored_stand_side_by_side(card: Scorecard, rescored: Scorecard) -> None:
    told = compare(card, rescored)
    assert (told.before.total, told.after.total) == (Fraction("88.375"), Fraction("85.227"))
    assert told.change == Fraction("-3.148")
    assert {d.before.leaf.id: d.change for d in told.differences} == {
        "I29": -4,
        "I30": Fraction("-0.6"),
        "I34": Fraction("0.852"),
        "I35": Fraction("0.6"),
    }
    assert told.unchanged == ()


def test_each_difference_has_its_reason(card: Scorecard, rescored: Scorecard) -> None:
    reasons = {d.before.leaf.id: d.reason.sentence() for d in compare(card, rescored).differences}
    assert reasons["I29"] == (
        "按问卷重新计分：79/100 = 79%，x<85%（差） → 0×4 = 0；原为填报 1×4 = 4（附件1：未扣分）"
    )
    assert "(93+20)/(100+20)" in reasons["I30"]
    assert "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877" in reasons["I34"]
    assert "2.025/3（附件1：调查样本32.5%的群众不满意）" in reasons["I34"]
    assert "(5×1.0+15×0.8+0×0.3+0×0)/20×3 = 2.55" in reasons["I35"]


def test_scorecards_of_two_frameworks_are_not_compared(card: Scorecard) -> None:
    with pytest.raises(ValueError, match="two frameworks"):
        compare(card, card_of({"A": 1}, {"A": 1}))


def test_without_a_survey_there_is_nothing_to_compare() -> None:
    framework_ = find_framework("self-evaluation")
    assert scorecard_report(framework_, Inputs()).comparison is None


def test_a_survey_that_fills_what_nobody_stated_is_no_second_way(measured: Inputs) -> None:
    framework_ = find_framework("caiyu-2020-10")
    told = scorecard_report(framework_, Inputs(surveys=measured.surveys))
    assert told.comparison is None
    assert told.card.by_id["D11"].earned.basis == "survey"


def part(name: str, weight: str, score: int, points: int = 100) -> SubProject:
    return SubProject(name, Decimal(weight), card_of({"A": score}, {"A": points}))


def test_sub_projects_are_combined_with_their_weights() -> None:
    parts = [part("城市低保", "3", 96), part("临时救助", "2", 45, 50), part("特困供养", "1", 93)]
    told = combine(parts, SCHEMES["minfa-2016-242"])
    assert told.total == Fraction(3 * 96 + 2 * 90 + 93, 6)
    assert told.formula == "(3×96+2×90+1×93)/6 = 93.5"
    assert told.grade is not None and told.grade.name == "优秀"
    assert [told.share(p) for p in parts] == [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]


def test_five_equal_sub_projects_have_the_mean_score() -> None:
    told = combine([part(str(n), "0.2", n) for n in (91, 92, 93, 94, 95)], SCHEMES["caiyu-2020-10"])
    assert told.total == 93


def test_an_incomplete_sub_project_leaves_the_whole_without_a_score() -> None:
    unfinished = SubProject("乙", Decimal(1), card_of({}, {"A": 1}))
    told = combine([part("甲", "1", 90), unfinished], SCHEMES["caiyu-2020-10"])
    assert (told.total, told.grade) == (None, None)


@pytest.mark.parametrize("parts", [[], [part("甲", "0", 90)]])
def test_nothing_and_no_weight_are_refused(parts: list[SubProject]) -> None:
    with pytest.raises(ValueError, match=r"nothing|above 0"):
        combine(parts, SCHEMES["caiyu-2020-10"])
