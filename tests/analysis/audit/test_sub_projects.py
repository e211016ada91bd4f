"""Sub-projects that are scored each by itself and combined by weights (as 呈贡 2019 was)."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from analysis.audit.load import ReportError, load_data
from analysis.audit.rules import audit
from tests.analysis.audit import score_faults
from tests.analysis.audit.clean_reports import Data, clean_report, percent, rounded
from tests.analysis.audit.survey_faults import Fault

Found = list[tuple[str, str, str]]
URBAN = {"place": "表1", "of": ["城市低保"], "weight": "1", "points": "100", "score": "92"}
RURAL = {"place": "表1", "of": ["农村低保"], "weight": "1", "points": "100", "score": "94"}
# (92 + 94)/2
TOTAL = {"place": "正文", "points": "100", "score": "93"}
NAMES = ("城市低保", "涉诉救助", "临时救助", "特困供养", "精减退职")
FAULTS: dict[Fault, str] = {
    score_faults.wrong_total: "total",
    score_faults.wrong_rate: "rate",
    score_faults.wrong_grade: "grade",
    score_faults.other_points_in_text: "points_in_text",
}


def described(sections: list[Any], total: Any = None, **more: Any) -> Data:
    scores = {"place": "附件1", "sections": sections} | ({"total": total} if total else {}) | more
    return {"title": "t", "scores": scores}


def found(data: Data) -> Found:
    return [(f.code, f.place.row, f.place.column) for f in audit(load_data(data, "made"))]


def refused(sections: list[Any], **more: Any) -> list[str]:
    with pytest.raises(ReportError) as error:
        load_data(described(sections, TOTAL, **more), "made")
    assert all(fault.text("zh") and fault.text("en") for fault in error.value.faults)
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize(
    ("weights", "total", "told"),
    [
        (("1", "1"), {}, []),
        (("50", "50"), {}, []),
        # (3×92 + 94)/4 = 92.5
        (("3", "1"), {"score": "92.5"}, []),
        (("3", "1"), {"score": "92"}, [("total.mean_score", "", "score")]),
        # (2×92 + 94)/3 = 92.666…
        (("2", "1"), {"score": "92.67", "rate": "92.67%"}, []),
        (("2", "1"), {"score": "92.66"}, [("total.mean_score", "", "score")]),
        (("1", "1"), {"points": "200"}, [("total.mean_points", "", "points")]),
        (("1", "1"), {"score": "186"}, [("total.mean_score", "", "score")]),
        (("1", "1"), {"rate": "93.5%"}, [("rate", "", "rate")]),
    ],
)
def test_total_is_the_weighted_mean_and_has_the_points_of_one(
    weights: tuple[str, str], total: Any, told: Found
) -> None:
    sections = [URBAN | {"weight": weights[0]}, RURAL | {"weight": weights[1]}]
    assert found(described(sections, TOTAL | total)) == told


def test_without_weights_the_total_is_a_sum_as_before() -> None:
    sections = [{k: v for k, v in one.items() if k != "weight"} for one in (URBAN, RURAL)]
    assert found(described(sections, TOTAL)) == [
        ("total.points", "", "points"),
        ("total.score", "", "score"),
    ]


def test_wrong_combined_total_with_the_rate_and_grade_that_follow_is_one_finding() -> None:
    bands = [{"grade": "优", "when": "x≥95"}, {"grade": "良", "when": "x<95"}]
    total = TOTAL | {"score": "96", "rate": "96%", "grade": "优"}
    grades = {"place": "正文", "bands": bands}
    data = described([URBAN, RURAL], total, grades=grades)
    (one,) = audit(load_data(data, "made"))
    assert one.code == "total.mean_score"
    assert "93" in one.expected("zh") and "权重" in one.expected("zh")


def test_rounded_scores_of_sub_projects_explain_a_total_off_by_a_cent_as_a_note() -> None:
    """92.34 and 94.35 have the mean 93.345, printed 93.35; unrounded they may be 92.336 and 94.346,
    whose mean 93.341 prints as 93.34. Nothing that prints so has a mean of 93.36."""
    sections = [URBAN | {"score": "92.34"}, RURAL | {"score": "94.35"}]
    assert found(described(sections, TOTAL | {"score": "93.35"})) == []
    assert found(described(sections, TOTAL | {"score": "93.34"})) == [
        ("total.mean_rounding", "", "score")
    ]
    assert found(described(sections, TOTAL | {"score": "93.36"})) == [
        ("total.mean_score", "", "score")
    ]


def test_sub_projects_with_different_points_have_no_expected_mean() -> None:
    assert found(described([URBAN, RURAL | {"points": "120"}], TOTAL)) == []


def test_sub_project_is_added_up_from_its_own_indicators() -> None:
    indicators = [
        {"id": f"{place}{n}", "path": [name], "points": points, "score": score, "note": "有不足"}
        for place, (name, scores) in enumerate((("城市低保", (52, 40)), ("农村低保", (55, 39))))
        for n, (points, score) in enumerate(zip((60, 40), scores, strict=True))
    ]
    assert found(described([URBAN, RURAL], TOTAL, indicators=indicators)) == []
    wrong = RURAL | {"score": "95"}
    # (92 + 95)/2 = 93.5 follows from the wrong sub-total and is told there.
    total = TOTAL | {"score": "93.5"}
    told = found(described([URBAN, wrong], total, indicators=indicators))
    assert told == [("subtotal.score", "农村低保", "score")]


def test_misprint_of_one_sub_project_is_told_at_its_cell() -> None:
    sections = [URBAN | {"score": "29", "rate": "92%"}, RURAL | {"rate": "94%"}]
    assert found(described(sections, TOTAL)) == [("subtotal.cell", "城市低保", "score")]


def test_weights_are_given_for_all_sub_projects_or_none() -> None:
    plain = {k: v for k, v in RURAL.items() if k != "weight"}
    part = plain | {"of": ["农村低保", "决策"], "weight": "1"}
    stray = {"id": "X", "path": ["其他"], "points": "1", "score": "1"}
    inside = {"id": "U", "path": ["城市低保"], "points": "100", "score": "92"}
    assert refused([URBAN, plain]) == ["weights_missing"]
    assert refused([URBAN], indicators=[inside, stray]) == ["weights_missing"]
    assert refused([URBAN, RURAL, part]) == ["weight_below"]
    assert refused([URBAN, RURAL, URBAN | {"place": "表2", "weight": "2"}]) == ["weights_differ"]
    assert refused([URBAN, RURAL | {"weight": "0"}]) == ["weight_not_positive"]


def combined(seed: int) -> Data:
    """A clean report whose table has five sub-projects with weights."""
    chance = random.Random(seed)
    data = clean_report(seed)
    weights = [chance.randint(1, 9) for _ in NAMES]
    scores = [Decimal(chance.randint(6000, 9999)) / 100 for _ in NAMES]
    rows = zip(NAMES, weights, scores, strict=True)
    mean = sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
    del data["scores"]["indicators"]
    data["scores"]["sections"] = [
        {"place": "表1", "of": [name], "weight": str(weight), "points": "100"}
        | {"score": str(score), "rate": percent(score, 100)}
        for name, weight, score in rows
    ]
    grades = (("优", 90), ("良", 80), ("中", 60))
    data["scores"]["total"] |= {
        "points": "100",
        "score": rounded(mean),
        "rate": percent(mean, 100),
        "grade": next(name for name, least in grades if Decimal(rounded(mean)) >= least),
    }
    data["claims"]["points"] = [
        {"place": "正文", "says": "每个子项目100分", "of": ["临时救助"], "points": "100"}
    ]
    return data


@pytest.mark.parametrize("seed", range(40))
def test_a_clean_report_of_sub_projects_gives_nothing(seed: int) -> None:
    assert found(combined(seed)) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_injected_fault_fires_its_own_rule_and_no_other(fault: Fault) -> None:
    for seed in range(12):
        data = combined(seed)
        fault(data, random.Random(seed))
        assert {code.partition(".")[0] for code, _, _ in found(data)} == {FAULTS[fault]}, seed
