"""One figure has one interval, in whatever table, page or file it is printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from test_satisfaction_estimates import EVEN, answered, by_area, plan

from analysis.design_intervals import mean_intervals
from analysis.group_report import group_report
from analysis.grouping import memberships
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.sample_design_files import read_sample_design
from analysis.sample_designs import design_of
from analysis.satisfaction import score
from analysis.satisfaction_differences import compare_two
from analysis.satisfaction_estimates import satisfaction_by
from analysis.scored_domains import scored_domain
from analysis.tabulate import summarise
from analysis.weighted_score import weighted_score
from analysis.weighting_report import scores_compared

LETTERS = "ABCAUUAD" + "BBAE-CAU"
AREAS = "x" * 8 + "y" * 8


def scipys(letters: str) -> tuple[float, float]:
    values = [EVEN[letter] for letter in letters if letter in EVEN]
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    return max(float(low), 0.0), min(float(high), 1.0)


@pytest.mark.parametrize(("place", "letters"), [(0, LETTERS[:8]), (1, LETTERS[8:])])
def test_unweighted_index_of_a_group_has_the_interval_of_its_own_answers(
    place: int, letters: str
) -> None:
    wanted = pytest.approx(scipys(letters), rel=1e-12)
    row = by_area(LETTERS, AREAS).groups[place]
    assert (row.index_low, row.index_high) == wanted
    of_counts = score(plan(), {letter: letters.count(letter) for letter in EVEN})
    assert (of_counts.index_low, of_counts.index_high) == wanted
    report = group_report(answered(LETTERS, AREAS), "area", {"q1": plan()})
    of_group = report.scores[0].groups[place].score
    assert (of_group.index_low, of_group.index_high) == wanted


def test_unweighted_index_of_everybody_has_the_interval_of_its_answers_everywhere() -> None:
    wanted = pytest.approx(scipys(LETTERS), rel=1e-12)
    made = answered(LETTERS, AREAS)
    everybody = by_area(LETTERS, AREAS).everybody
    assert (everybody.index_low, everybody.index_high) == wanted
    (compared,) = scores_compared(made, design_of(made, read_sample_design({})), {"q1": plan()})
    assert compared.index is not None
    for one in (compared.index.plain, compared.index.weighted):
        assert (one.low, one.high) == wanted


def test_index_of_a_single_response_is_everywhere_all_that_is_possible() -> None:
    row = by_area("AABBA", "xxxxy").groups[1]
    of_counts = score(plan(), {"A": 1})
    assert (of_counts.index_low, of_counts.index_high) == (row.index_low, row.index_high) == (0, 1)


Q1 = {"A": 20, "B": 30, "C": 10, "D": 30, "E": 10}
MET = (20 + 30 * 0.75 + 10 * 0.5 + 30 * 0.25) / 100


def calibrated(*margins: dict[str, Any], letters: str = "AABBCDDEBA" * 4) -> tuple[Responses, Any]:
    made = answered(letters, "xy" * (len(letters) // 2))
    description = read_sample_design(
        {"margins": list(margins), "method": "rake" if len(margins) > 1 else "post_stratify"}
        | {"unknown": "keep"}
    )
    return made, design_of(made, description)


ANSWERS: dict[str, Any] = {"by": ["q1"], "population": Q1}
SIDES: dict[str, Any] = {"by": ["area"], "population": {"x": 40, "y": 60}}


@pytest.mark.parametrize("margins", [(ANSWERS,), (ANSWERS, SIDES), (SIDES, ANSWERS)])
def test_index_of_the_question_that_the_weights_meet_is_known(margins: Any) -> None:
    made, design = calibrated(*margins)
    row = satisfaction_by(made, design, plan()).everybody
    known = pytest.approx(MET, rel=1e-9)
    assert (row.index_low, float(row.index or 0), row.index_high) == (known, known, known)
    assert (row.rate_low, row.rate, row.rate_high) == (pytest.approx(0.5),) * 3
    assert "calibrated" in row.notes and not {"census", "no_variance"} & set(row.notes)
    table = summarise(made, design=design)[0].questions[0]
    told = weighted_score(plan(), table, made, design)
    assert (told.index_low, told.index_high) == (known, known)
    share = table.rows[0].cell
    assert (share.low, share.share, share.high) == (pytest.approx(0.2),) * 3
    (compared,) = scores_compared(made, design, {"q1": plan()})
    assert compared.index is not None
    assert (compared.index.weighted.low, compared.index.weighted.high) == (known, known)


def test_groups_are_known_only_where_the_margin_is_crossed_with_them() -> None:
    made, design = calibrated(ANSWERS, SIDES)
    for group in satisfaction_by(made, design, plan(), "area").groups:
        assert group.index_low is not None and group.index_high is not None
        assert group.index_low + 0.1 < group.index_high
    crossed = {f"{a} × {area}": n + (area == "x") for a, n in Q1.items() for area in "xy"}
    made, design = calibrated(
        {"by": ["q1", "area"], "population": crossed}, letters="AABBCCDDEE" * 4
    )
    found = satisfaction_by(made, design, plan(), "area")
    values = [
        sum(EVEN[a] * (n + extra) for a, n in Q1.items()) / (100 + 5 * extra) for extra in (1, 0)
    ]
    assert [g.index_low for g in found.groups] == pytest.approx(values, rel=1e-12)
    assert [g.index_high for g in found.groups] == pytest.approx(values, rel=1e-12)
    refusal = compare_two(found, 0, 1).refusal
    assert isinstance(refusal, CannotComputeError) and "校准" in refusal.text("zh")


def test_a_filter_or_a_blank_that_counts_leaves_the_index_an_estimate() -> None:
    made, design = calibrated(ANSWERS)
    inside = made.groups["area"].codes == 0
    filtered = satisfaction_by(made, design, plan(), inside=inside).everybody
    assert filtered.index_low < filtered.index < filtered.index_high
    made, design = calibrated(ANSWERS, letters="AABBCDDEB-" * 4)
    assert satisfaction_by(made, design, plan()).everybody.index == pytest.approx(MET)
    assert scored_domain(made, design, plan(), memberships(made)).is_calibrated
    counting = satisfaction_by(made, design, plan(blank="zero")).everybody
    assert "calibrated" not in counting.notes
    assert counting.index_low < counting.index < counting.index_high


def test_a_mean_that_is_known_has_an_interval_without_length() -> None:
    made, design = calibrated(ANSWERS)
    domain = scored_domain(made, design, plan(), memberships(made))
    assert domain.index is not None
    own = domain.own(domain.index, 0)
    assert own is not None
    (told,) = mean_intervals(own, 0, 1)
    assert (told.low, told.high) == pytest.approx((MET, MET))
    (unsure,) = mean_intervals(domain.index, 0, 1)
    assert unsure.low < MET < unsure.high
