"""Measures files: every fault at once, each with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_frameworks import BANDS, content, framework, inputs, inputs_faults, leaf

from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs, inputs_from, published_measures
from analysis.evaluation.messages import EvaluationFileError

QUESTIONNAIRES = Path(__file__).parents[2] / "published" / "nanchong-2018-questionnaires.yaml"
LIST = {"kind": "checklist", "items": [{"name": "一", "points": 4}, {"name": "二", "points": 6}]}
TAKEN = {"kind": "deductions", "items": [{"name": "漏", "points": 3}]}
LEVELS = {
    "kind": "qualitative_bands",
    "levels": [{"label": "是", "ratio": 1}, {"label": "否", "ratio": 0}],
}
CASES = {"kind": "count_bands", "bands": [{"ratio": 1, "when": "x=0"}, {"ratio": 0, "when": "x>0"}]}


@pytest.fixture
def small() -> Framework:
    rules = {"A": BANDS, "B": LIST, "C": TAKEN, "D": LEVELS, "E": CASES}
    parts = [leaf(id_, 10, rule) for id_, rule in rules.items()]
    return framework([*parts, leaf("F", 10, {"kind": "manual", "text": "评"})], 60)


def codes(of: Framework, **data: Any) -> list[tuple[str, str]]:
    found = inputs_faults(of, {"framework": "small"} | data)
    return [(fault.place, fault.code) for fault in found]


def test_everything_that_is_known_of_a_measure_is_kept(small: Framework) -> None:
    told = {
        "value": "95%",
        "source": "抽查",
        "evidence": "底稿/抽查表.xlsx",
        "note": "备注",
        "reason": "理由",
    }
    found = inputs(small, {"A": told}).measures["A"]
    assert (found.source, found.evidence, found.note, found.reason) == (
        *("抽查", "底稿/抽查表.xlsx", "备注", "理由"),
    )
    assert found.value is not None and found.value.text == "95%"


def test_what_survey_or_funds_fill_may_have_evidence_only(nanchong: Framework) -> None:
    found = inputs(nanchong, {"I08": {"evidence": "拨款单.pdf"}, "I29": {"note": "见附件2"}})
    assert found.measures["I08"].evidence == "拨款单.pdf"
    assert inputs_faults(
        nanchong, {"framework": nanchong.slug, "measures": {"I23": {"note": "无"}}}
    )


def test_the_source_of_the_file_stands_for_those_that_state_none(small: Framework) -> None:
    found = inputs(small, {"A": {"score": 5}}, source="附件1")
    assert found.measures["A"].source == "附件1"


@pytest.mark.parametrize(
    ("id_", "measure", "code"),
    [
        ("Z", {"score": 1}, "unknown_indicator"),
        ("A", 5, "not_a_mapping"),
        ("A", {}, "nothing_measured"),
        ("A", {"value": "90%", "score": 5}, "value_and_score"),
        ("A", {"score": 11}, "score_out_of_range"),
        ("A", {"score": -1}, "below_least"),
        ("A", {"score": "good"}, "not_a_number"),
        ("A", {"more": 1, "score": 1}, "unknown_field"),
        ("A", {"value": 90}, "not_a_share"),
        ("A", {"value": "5/0"}, "not_a_share"),
        ("A", {"value": [1]}, "not_a_share"),
        ("B", {"value": "是"}, "not_items"),
        ("B", {"value": {"一": "是"}}, "items_missing"),
        ("B", {"value": {"一": 5, "二": 1}}, "item_out_of_range"),
        ("B", {"value": {"一": 1, "二": 1, "三": 1}}, "unknown_item"),
        ("C", {"value": {"漏": -1}}, "not_an_item_count"),
        ("C", {"value": {"漏": "1.5"}}, "not_an_item_count"),
        ("D", {"value": "也许"}, "unknown_level"),
        ("E", {"value": "1.5"}, "not_a_count"),
        ("E", {"value": -1}, "not_a_count"),
        ("F", {"score": 5}, "manual_needs_reason"),
        ("F", {"reason": "评"}, "manual_needs_score"),
        ("F", {"value": "好", "reason": "评"}, "manual_needs_score"),
    ],
)
def test_a_fault_of_a_measure_names_its_indicator(
    small: Framework, id_: str, measure: Any, code: str
) -> None:
    assert codes(small, measures={id_: measure}) == [(id_, code)]


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        ({"scheme": "none"}, "", "unknown_scheme"),
        ({"framework": "other"}, "", "other_framework"),
        ({"more": 1}, "", "unknown_field"),
        ({"measures": []}, "measures", "not_a_mapping"),
        ({"surveys": {}}, "", ""),
        ({"surveys": {"q1": 1}}, "surveys", "not_a_list"),
        ({"surveys": [{"counts": {}}]}, "surveys[1]", "missing_field"),
        (
            {"surveys": [{"questionnaire": "own", "counts": {"q1": {"A": -1}}}]},
            "own/q1",
            "bad_count",
        ),
        (
            {"surveys": [{"questionnaire": "own", "counts": {"q1": {"A": True}}}]},
            "own/q1",
            "bad_count",
        ),
        (
            {"surveys": [{"questionnaire": "dibao-cadres", "counts": {"q99": {"A": 1}}}]},
            "dibao-cadres/q99",
            "unknown_question",
        ),
        (
            {"surveys": [{"questionnaire": "dibao-cadres@1", "counts": {"q09": {"Z": 1}}}]},
            "dibao-cadres@1/q09",
            "unknown_option",
        ),
        ({"plans": {"own/q1": {}}}, "own/q1", "not_surveyed"),
        (
            {
                "surveys": [{"questionnaire": "own", "counts": {"q1": {"A": 1, "B": 1}}}],
                "plans": {"own/q1": {"preset": "none"}},
            },
            "own/q1",
            "bad_plan",
        ),
        ({"funds": {"items": [{"name": "低保", "arrived": "many"}]}}, "funds", "not_a_number"),
        ({"funds": []}, "funds", "not_a_mapping"),
        ({"printed": {"total": "many"}}, "printed", "not_a_number"),
        ({"printed": {"parts": {"甲": {"rate": "0.8"}}}}, "printed", "not_a_percent"),
    ],
)
def test_a_fault_of_another_part_names_its_place(
    small: Framework, data: Any, place: str, code: str
) -> None:
    assert codes(small, **data) == ([(place, code)] if code else [])


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({"name": "甲"}, [("sub_projects[1]", "missing_field")]),
        ({"name": "甲", "weight": 0}, [("sub_projects[1]", "not_above")]),
        ({"name": "甲", "weight": 1, "more": 1}, [("sub_projects[1]", "unknown_field")]),
        ({"name": "甲", "weight": 1, "sub_projects": []}, [("sub_projects[1]", "unknown_field")]),
        (
            {"name": "甲", "weight": 1, "measures": {"Z": {"score": 1}}},
            [("甲/Z", "unknown_indicator")],
        ),
        ("甲", [("sub_projects[1]", "not_a_mapping")]),
    ],
)
def test_a_fault_of_a_sub_project_names_it(small: Framework, part: Any, found: Any) -> None:
    assert codes(small, sub_projects=[part]) == found


def test_all_faults_of_a_file_are_told_at_once(small: Framework) -> None:
    found = codes(
        small,
        scheme="none",
        measures={"A": {"value": 90}, "Z": {"score": 1}, "F": {"score": 50}},
        funds={"items": [{"nam": "低保"}]},
    )
    assert [place for place, _ in found] == ["", "A", "Z", "F", "F", "funds", "funds"]


def test_the_options_of_a_shipped_questionnaire_keep_their_words(nanchong: Framework) -> None:
    data = content(
        {
            "framework": "nanchong-2018",
            "surveys": [
                {"questionnaire": "dibao-residents@2", "counts": {"q18": {"A": 3, "U": 1}}}
            ],
        }
    )
    table = inputs_from(data, "m.yaml", nanchong).surveys["dibao-residents"]["q18"]
    assert [row.cell.count for row in table.rows if row.cell.count] == [3, 1]
    assert {row.code: row.meaning for row in table.rows}["U"] == "dont_know"


def test_the_finished_evaluation_that_ships_is_complete(measured: Inputs) -> None:
    assert published_measures() == ["nanchong-2018"]
    assert len(measured.measures) == 35
    assert measured.measures["I34"].score == Decimal("2.025")


def test_a_file_is_found_by_its_path(small: Framework, tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_bytes(content({"framework": "small", "measures": {"A": {"value": "9/10"}}}))
    assert find_inputs(str(file), small).measures["A"].value is not None


def test_the_published_counts_are_those_of_the_questionnaires(measured: Inputs) -> None:
    published = yaml.safe_load(QUESTIONNAIRES.read_text(encoding="utf-8"))["questionnaires"]
    for slug, entry in zip(("dibao-residents", "dibao-cadres"), published, strict=True):
        for code, table in measured.surveys[slug].items():
            options = entry["questions"][int(code[1:]) - 1]["options"]
            counts = {row.code: row.cell.count for row in table.rows}
            assert counts == {option["letter"]: option["count"] for option in options}


@pytest.mark.parametrize("data", [b"", "# 只有注释\n".encode()])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(EvaluationFileError, match="文件是空的"):
        inputs_from(data, "measures.yaml", find_framework("self-evaluation"))
