"""Framework files: every fault at once, each with its indicator; nothing dangerous is unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_frameworks import BANDS, HEAD, content, framework, framework_faults, leaf, tree

from analysis.evaluation.load import find_framework, framework_from, stored_framework
from analysis.evaluation.messages import MESSAGES, EvaluationFileError
from analysis.evaluation.rules import KINDS

BILLION_LAUGHS = b"a0: &a0 [1, 1]\n" + b"".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n".encode() for n in range(1, 10)
)
MANUAL = {"kind": "manual", "text": "评判"}


def percent(*bands: tuple[str, float]) -> dict[str, Any]:
    known = [{"when": when, "ratio": ratio} for when, ratio in bands]
    return {"kind": "percent_bands", "bands": known}


def questions(references: tuple[str, ...], **more: Any) -> list[dict[str, Any]]:
    pairs = (reference.split("/") for reference in references)
    return [{"questionnaire": slug, "question": code} | more for slug, code in pairs]


def share(*references: str, **more: Any) -> dict[str, Any]:
    asked = questions(references, **more)
    return {"kind": "survey_share", "asked": asked, "scale": {"kind": "proportional"}}


def satisfaction(*references: str, **more: Any) -> dict[str, Any]:
    return {"kind": "satisfaction", "asked": questions(references)} | more


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
        (percent(("x<60", 0), ("60≤x<80", 0.5), ("x≥80", 1)), "band_without_percent"),
        (percent(("x<60%", 0), ("x≥60%", 1)) | {"range": "x≤100"}, "band_without_percent"),
        (BANDS | {"kind": "count_bands", "range": "x≥0"}, "band_with_percent"),
        (BANDS | {"bands": [*BANDS["bands"], {"ratio": 1, "when": "x>100%"}]}, "band_out_of_reach"),
        (
            {
                "kind": "count_bands",
                "bands": [{"ratio": 1, "when": "x≥0"}, {"ratio": 0, "when": "2<x<3"}],
            },
            "band_out_of_reach",
        ),
        (share("dibao-residents/q05", options=["A", "A", "B"]), "option_repeated"),
        (share("own/q1", options=["A", "A"]), "option_repeated"),
        (share("own/q1", "own/q1", options=["A"]), "question_repeated"),
        (satisfaction("own/q1", "own/q1"), "question_repeated"),
        (satisfaction("dibao-residents/q18", plan={"weights": [1, 2, 3]}), "bad_plan"),
        (satisfaction("dibao-residents/q18", plan={"foo": 1}), "bad_plan"),
        (satisfaction("dibao-residents/q18", plan={"preset": "five"}), "bad_plan"),
        (satisfaction("dibao-residents/q04"), "bad_plan"),
        (satisfaction("own/q1", plan={"point_rule": "guess"}), "bad_plan"),
        (satisfaction("own/q1", plan={"weights": {"A": 2, "B": 0}}), "bad_plan"),
        ({"kind": "guess"}, "unknown_kind"),
        ({"bands": []}, "no_kind"),
        ("guess", "mapping_needed"),
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
    "rule",
    [
        percent(("x<60%", 0), ("60%≤x≤100%", 1)) | {"range": "0≤x≤100%"},
        {
            "kind": "count_bands",
            "bands": [{"ratio": 1, "when": "x=0%"}, {"ratio": 0, "when": "x>0"}],
        },
        satisfaction("dibao-residents/q18", plan={"point_rule": "threshold", "target": 0.9}),
        satisfaction("dibao-residents/q18", plan={"preset": "four-half"}),
        satisfaction("own/q1", plan={"preset": "five"}),
        satisfaction("own/q1", plan={"weights": {"A": 1, "B": 0.5, "C": 0}}),
        satisfaction("own/q1", plan={"target": 0.9}),
    ],
)
def test_what_looks_like_a_fault_of_a_rule_but_is_none_is_accepted(rule: Any) -> None:
    """0 is the same with % and without; a target alone is for the point rule of the project."""
    assert codes(tree([leaf("A", 10, rule)])) == []


def test_the_kinds_of_rules_are_told_to_the_last() -> None:
    (fault,) = framework_faults(tree([leaf("A", 10, {"kind": "guess"})]))
    for language in ("zh", "en"):
        assert all(kind in fault.text(language) for kind in KINDS)
    (fault,) = framework_faults(tree([leaf("A", 10, {"bands": []})]))
    assert "缺少“kind”" in fault.text() and "None" not in fault.text()


def test_a_faulty_plan_is_told_in_the_language_of_the_reader() -> None:
    rule = satisfaction("dibao-residents/q18", plan={"foo": 1})
    (fault,) = framework_faults(tree([leaf("A", 10, rule)]))
    assert "计分方案中没有“foo”这一项" in fault.text() and "point_rule" in fault.text()
    assert "A scoring plan has no “foo”" in fault.text("en")


def test_where_the_only_indicator_is_wrong_nobody_says_that_there_is_none() -> None:
    assert codes(tree(["指标"])) == [("1", "not_a_mapping")]


def test_a_stored_framework_that_would_be_refused_now_opens_with_findings() -> None:
    data = tree([leaf("A", 10, share("dibao-residents/q05", options=["A", "A"]))])
    assert codes(data) == [("A（指标A）", "option_repeated")]
    found = stored_framework(data, "framework.yaml")
    assert [fault.code for fault in found.findings] == ["option_repeated"]


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
        (b"", "file_empty"),
        ("# 只有注释\n".encode(), "file_empty"),
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
