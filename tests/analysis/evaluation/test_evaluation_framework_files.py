"""Framework files: every fault at once, each with its indicator; nothing dangerous is unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_frameworks import BANDS, HEAD, content, framework, framework_faults, leaf, tree

from analysis.evaluation.load import find_framework, framework_from
from analysis.evaluation.messages import MESSAGES, EvaluationFileError

BILLION_LAUGHS = b"a0: &a0 [1, 1]\n" + b"".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n".encode() for n in range(1, 10)
)
MANUAL = {"kind": "manual", "text": "评判"}


def codes(data: bytes) -> list[tuple[str, str]]:
    return [(fault.place, fault.code) for fault in framework_faults(data)]


def test_a_right_file_has_no_faults() -> None:
    parts = [{"name": "一级", "points": 10, "parts": [leaf("A", 4, MANUAL), leaf("B", 6, BANDS)]}]
    assert codes(tree(parts)) == []


def test_points_must_add_up_level_by_level() -> None:
    second = {"name": "二级", "points": 5, "parts": [leaf("A", 2, MANUAL), leaf("B", 2, MANUAL)]}
    parts = [{"name": "一级", "points": 8, "parts": [second]}]
    assert codes(tree(parts)) == [
        ("", "total_points"),
        ("一级", "points_sum"),
        ("一级/二级", "points_sum"),
    ]


def test_a_heading_without_points_has_those_of_its_parts() -> None:
    parts = [{"name": "一级", "parts": [leaf("A", "2.5", MANUAL), leaf("B", "7.5", MANUAL)]}]
    assert framework(parts).parts[0].full == 10


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (BANDS | {"bands": BANDS["bands"][:2]}, "band_gap"),
        (BANDS | {"range": "x≥0%"}, "band_gap"),
        (BANDS | {"bands": [*BANDS["bands"], {"ratio": 0, "when": "x≤0%"}]}, "band_overlap"),
        (
            {"kind": "count_bands", "bands": [{"ratio": 1, "when": "x=0"}]},
            "band_gap",
        ),
        (
            {
                "kind": "qualitative_bands",
                "levels": [{"label": "好", "ratio": 1}, {"label": "好", "ratio": 0}],
            },
            "level_repeated",
        ),
        ({"kind": "checklist", "items": [{"name": "一", "points": 9}]}, "checklist_sum"),
        (
            {"kind": "deductions", "full": 9, "items": [{"name": "一", "points": 1}]},
            "deductions_full",
        ),
        ({"kind": "fund_rate", "rate": "arrived", "scale": BANDS | {"range": "x"}}, "band_gap"),
        (
            {
                "kind": "satisfaction",
                "asked": [{"questionnaire": "dibao-cadres", "question": "q99"}],
            },
            "unknown_question",
        ),
        (
            {
                "kind": "survey_share",
                "asked": [
                    {"questionnaire": "dibao-cadres", "question": "q09", "options": ["A", "Z"]}
                ],
                "scale": {"kind": "proportional"},
            },
            "unknown_option",
        ),
        ({"kind": "guess"}, "unknown_kind"),
        ({"kind": "manual"}, "missing_field"),
        (MANUAL | {"more": 1}, "unknown_field"),
        (BANDS | {"bands": [{"ratio": 2, "when": "x≥0"}]}, "above_most"),
        (BANDS | {"bands": [{"ratio": 1, "when": "60%"}]}, "not_an_interval"),
        ({"kind": "threshold", "target": 0}, "not_above"),
    ],
)
def test_a_fault_of_a_rule_names_its_indicator(rule: Any, code: str) -> None:
    found = codes(tree([leaf("A", 10, rule)]))
    assert found
    assert set(found) == {("A（指标A）", code)}


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"name": "指标", "points": 10, "rule": MANUAL}, "no_id"),
        ({"id": "A", "name": "指标", "rule": MANUAL}, "no_points"),
        ({"id": "A", "name": "指标", "points": 10}, "no_rule"),
        ({"id": "A", "points": 10, "rule": MANUAL}, "missing_field"),
        ({"id": "A", "name": "指标", "points": -1, "rule": MANUAL}, "below_least"),
        ({"id": "A", "name": "指标", "points": True, "rule": MANUAL}, "not_a_number"),
        ({"id": "A", "name": "指标", "points": 10, "rule": MANUAL, "x": 1}, "unknown_field"),
        ("指标", "not_a_mapping"),
        ({"id": "A", "name": "指标", "parts": [leaf("B", 10, MANUAL)]}, "heading_field"),
        ({"name": "指标", "parts": "B"}, "not_a_list"),
    ],
)
def test_a_fault_of_an_indicator_is_told_once(part: Any, code: str) -> None:
    found = [c for _, c in codes(tree([part]))]
    assert found.count(code) == 1
    assert "total_points" not in found


def test_all_faults_of_a_file_are_told_at_once() -> None:
    parts = [leaf("A", 3, {"kind": "guess"}), leaf("B", 3, BANDS | {"bands": BANDS["bands"][:2]})]
    found = framework_faults(tree([*parts, leaf("B", 3, MANUAL)], scheme="none", more=1))
    assert {fault.code for fault in found} == {
        *("unknown_field", "unknown_kind", "band_gap", "duplicate_id"),
    }


def test_more_than_four_levels_are_refused() -> None:
    part = leaf("A", 10, MANUAL)
    for number in range(4):
        part = {"name": f"第{number}级", "parts": [part]}
    assert [code for _, code in codes(tree([part]))] == ["too_deep"]


def test_an_unknown_grade_scheme_is_refused() -> None:
    assert codes(tree([leaf("A", 10, MANUAL)], scheme="none")) == [("", "unknown_scheme")]


def test_a_framework_without_indicators_is_refused() -> None:
    assert ("", "no_parts") in codes(content(HEAD | {"points": 10}))


def test_a_published_document_keeps_its_faults_as_findings() -> None:
    found = framework([leaf("A", 9, MANUAL)], published=True)
    assert [fault.code for fault in found.findings] == ["total_points"]


def test_a_published_document_that_cannot_be_read_is_refused_all_the_same() -> None:
    found = codes(tree([leaf("A", 9, {"kind": "guess"})], published=True))
    assert ("A（指标A）", "unknown_kind") in found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: [", "not_yaml"),
        (b"a: 1\na: 2", "not_yaml"),
        (b"a: &x [*x]", "too_many_nodes"),
        (BILLION_LAUGHS, "too_many_nodes"),
        (b"- 1", "not_a_mapping"),
        (b"", "not_a_mapping"),
        ("标题".encode("gbk"), "not_utf8"),
        (b'a: "\\x07"', "unprintable"),
        (b"a: " + b"[" * 5000, "not_yaml"),
        (b"#" * 600_000, "file_too_large"),
        (b"a: !!python/object/apply:os.system [ls]", "not_yaml"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [("", code)]


def test_a_framework_is_found_by_name_or_path(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(tree([leaf("A", 10, MANUAL)]))
    assert find_framework(str(file)).slug == "small"
    assert find_framework("caiyu-2020-10").slug == "caiyu-2020-10"
    with pytest.raises(EvaluationFileError, match="nanchong-2018"):
        find_framework("none")


def test_an_error_tells_file_and_every_reason() -> None:
    with pytest.raises(EvaluationFileError) as refused:
        framework_from(tree([leaf("A", 9, {"kind": "guess"})]), "我的.yaml")
    text = str(refused.value)
    assert text.startswith("我的.yaml：A（指标A）：没有“guess”这种评分规则")
    assert "分值之和为 9" in text


def test_every_message_has_both_languages() -> None:
    assert all(len(texts) == 2 and all(texts) for texts in MESSAGES.values())
