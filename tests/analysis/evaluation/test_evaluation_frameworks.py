"""The frameworks that ship: 附件1 of Nanchong as published, and two after 财预〔2020〕10号."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.evaluation.framework import Framework, Leaf
from analysis.evaluation.load import find_framework, shipped_frameworks
from analysis.evaluation.rules import (
    CountBands,
    FundRate,
    PercentBands,
    QualitativeBands,
    Satisfaction,
    SurveyShare,
)

RATIOS = {"差": "0", "较差": "0.3", "一般": "0.5", "较好": "0.8", "好": "1"}


def bands_of(leaf: Leaf) -> Any:
    rule = leaf.rule
    return rule.scale if isinstance(rule, SurveyShare | FundRate) else rule


def test_three_frameworks_ship() -> None:
    assert shipped_frameworks() == ["caiyu-2020-10", "nanchong-2018", "self-evaluation"]


@pytest.mark.parametrize("name", ["caiyu-2020-10", "nanchong-2018", "self-evaluation"])
def test_every_shipped_framework_has_100_points(name: str) -> None:
    framework = find_framework(name)
    assert framework.points == 100
    assert sum(leaf.points for leaf in framework.leaves) == 100


@pytest.mark.parametrize("name", ["caiyu-2020-10", "self-evaluation"])
def test_a_framework_of_ours_has_no_faults(name: str) -> None:
    assert find_framework(name).findings == ()


def test_nanchong_has_the_35_indicators_as_published(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    published = [
        (
            entry["id"],
            (entry["level1"], entry["level2"], entry["level3"], entry["level4"]),
            Decimal(entry["points"]),
            entry["content"].strip(),
        )
        for entry in document["indicators"]
    ]
    ours = [(x.id, x.path, x.points, x.indicator.content) for x in nanchong.leaves]
    assert ours == published
    assert len(ours) == 35


def test_nanchong_has_the_points_of_its_levels(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    first = {part.name: part.points for part in nanchong.parts}
    assert first == {entry["name"]: entry["points"] for entry in document["totals"]["level1"]}
    second = {part.name: part.points for top in nanchong.parts for part in top.parts}
    assert second == document["level2_points_published"]


def test_nanchong_has_every_published_percent_band(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    for entry in document["indicators"]:
        if entry["scoring"]["kind"] == "bands_percent":
            scale = bands_of(nanchong.by_id[entry["id"]])
            assert isinstance(scale, PercentBands)
            ours = [(b.label, float(b.ratio), b.when) for b in scale.bands]
            published = entry["scoring"]["bands"]
            assert ours == [(b["level"], b["ratio"], b["raw"]) for b in published], entry["id"]


def test_a_published_interval_is_read_as_it_was_transcribed(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    for entry in document["indicators"]:
        if entry["scoring"]["kind"] != "bands_percent":
            continue
        scale = bands_of(nanchong.by_id[entry["id"]])
        for ours, band in zip(scale.bands, entry["scoring"]["bands"], strict=True):
            ends, interval = band["interval_percent"], ours.interval
            assert [interval.low, interval.high] == [
                None if ends[key] is None else Decimal(ends[key]) / 100 for key in ("min", "max")
            ]
            assert interval.low_closed == ends["min_inclusive"]
            assert interval.high_closed == ends["max_inclusive"]


def test_nanchong_has_every_published_level_and_number_of_cases(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    for entry in document["indicators"]:
        rule = nanchong.by_id[entry["id"]].rule
        worded = [b for b in entry["scoring"].get("bands", []) if b["raw"] is not None]
        if entry["scoring"]["kind"] == "bands_qualitative":
            assert isinstance(rule, QualitativeBands)
            ours = [(level.label, float(level.ratio)) for level in rule.levels]
            assert ours == [(b["raw"], b["ratio"]) for b in worded]
        if entry["scoring"]["kind"] == "bands_cases":
            assert isinstance(rule, CountBands)
            cases = [(band.printed, float(band.ratio)) for band in rule.bands]
            assert cases == [(b["raw"], b["ratio"]) for b in worded]


def test_nanchong_keeps_the_rubric_of_five_ratios(
    nanchong: Framework, document: dict[str, Any]
) -> None:
    assert [float(ratio) for ratio in nanchong.rubric] == [b["ratio"] for b in document["rubric"]]


def test_nanchong_loads_with_the_faults_of_the_document_and_no_others(nanchong: Framework) -> None:
    found = [(fault.place[:3], fault.code, fault.details) for fault in nanchong.findings]
    assert found == [
        ("I01", "band_gap", {"interval": "60%≤x<80%"}),
        ("I04", "checklist_sum", {"sum": "3", "points": "2"}),
        ("I06", "deductions_full", {"full": "4", "points": "3"}),
        ("I24", "band_gap", {"interval": "x=2"}),
        ("I24", "band_gap", {"interval": "x=4"}),
        ("I24", "band_overlap", {"interval": "x=5", "bands": ["5例以上", "5例"]}),
    ]


def test_a_finding_names_its_indicator_in_both_languages(nanchong: Framework) -> None:
    finding = nanchong.findings[0]
    assert finding.text() == (
        "I01（政策决策/政策目标/目标内容(明确性)/明确）：评分档未覆盖 60%≤x<80%"
    )
    assert finding.text("en").endswith(": No band covers 60%≤x<80%")


def test_a_dash_for_a_name_gives_way_to_the_heading(nanchong: Framework) -> None:
    assert nanchong.by_id["I08"].path[-1] == "——"
    assert nanchong.by_id["I08"].name == "资金到位率"


def test_the_survey_measures_four_indicators_of_nanchong(nanchong: Framework) -> None:
    kinds = {x.id: type(x.rule) for x in nanchong.leaves if x.id in ("I29", "I30", "I34", "I35")}
    assert kinds == {
        "I29": SurveyShare,
        "I30": SurveyShare,
        "I34": Satisfaction,
        "I35": Satisfaction,
    }


def test_caiyu_gives_output_and_benefit_60_percent_at_least() -> None:
    framework = find_framework("caiyu-2020-10")
    points = {part.name: part.full for part in framework.parts}
    assert list(points) == ["决策", "过程", "产出", "效益"]
    assert points["产出"] + points["效益"] >= 60


def test_self_evaluation_has_the_weights_of_the_rule() -> None:
    framework = find_framework("self-evaluation")
    assert [part.full for part in framework.parts] == [10, 50, 30, 10]
