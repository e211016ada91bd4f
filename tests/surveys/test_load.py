"""A questionnaire file is accepted whole or refused with every reason; nothing else is raised."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.catalogue import UnknownQuestionnaireError, find, shipped
from surveys.definition import Questionnaire
from surveys.load import LARGEST_FILE, DefinitionError, load_bytes, load_file
from tests.surveys.generated import JSON_LIKE, questionnaires

Data = dict[str, Any]

SOUND: Data = {
    "slug": "a-b",
    "version": 1,
    "title": "问卷",
    "audiences": ["recipient"],
    "consent": {"version": "1", "text": "同意吗？"},
    "questions": [
        {"code": "q01", "text": "年龄", "kind": "integer"},
        {
            "code": "q02",
            "text": "满意吗",
            "kind": "single",
            "options": [{"code": "A", "text": "是"}, {"code": "B", "text": "否"}],
            "asked_if": {"question": "q01", "at_least": 18},
        },
    ],
}


def as_yaml(data: Any) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode("utf-8")


def with_question(**changes: Any) -> bytes:
    data = copy.deepcopy(SOUND)
    data["questions"][1] |= changes
    return as_yaml(data)


def without(field: str) -> bytes:
    return as_yaml({key: value for key, value in SOUND.items() if key != field})


def refused(content: bytes) -> list[tuple[str, str]]:
    """(question, code) of every fault."""
    with pytest.raises(DefinitionError) as error:
        load_bytes(content, "问卷.yaml")
    for fault in error.value.faults:
        assert fault.file == "问卷.yaml"
        for language in ("zh", "en"):
            assert fault.text(language).startswith("问卷.yaml：")
            assert len(fault.text(language).encode("utf-8")) < 3000
        assert fault.text() in str(error.value)
    return [(fault.question, fault.code) for fault in error.value.faults]


def test_a_sound_file_is_loaded() -> None:
    loaded = load_bytes(as_yaml(SOUND), "a.yaml")
    assert loaded.reference == "a-b@1"
    assert [question.code for question in loaded.questions] == ["q01", "q02"]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load_bytes(b"\xef\xbb\xbf" + as_yaml(SOUND), "a") == load_bytes(as_yaml(SOUND), "a")


@given(questionnaires())
@settings(max_examples=20)
def test_whatever_is_written_is_read_back_the_same(questionnaire: Questionnaire) -> None:
    data = questionnaire.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert load_bytes(as_yaml(data), "a.yaml") == questionnaire


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_questionnaire"),
        (b"# nothing\n", "not_a_questionnaire"),
        (b"- a\n- b\n", "not_a_questionnaire"),
        (b"just text", "not_a_questionnaire"),
        ("标题: 问卷".encode("gbk"), "not_utf8"),
        ("slug: a".encode("utf-16"), "not_utf8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_utf8"),
        (b"PK\x03\x04\x00\x01", "not_yaml"),
        (b"slug: [a", "not_yaml"),
        (b"slug: a\n\tversion: 1", "not_yaml"),
        (b"a: &x [*x]", "too_nested"),
        (b"[" * 20_000, "too_nested"),
        (b"{a: " * 20_000, "too_nested"),
        (b"[" * 60 + b"]" * 60, "too_nested"),
        (b"a" * (LARGEST_FILE + 1), "file_too_large"),
        (b"a: " + b"9" * 5000, "not_yaml"),
        (b"a: !!int x", "not_yaml"),
        (b"a: !!int ''", "not_yaml"),
        (b"a: !!bool x", "not_yaml"),
        (b"a: !!float x", "not_yaml"),
        (b"a: !!timestamp x", "not_yaml"),
        (b"a: !!set {x}", "not_yaml"),
        (b"a: !!python/object/apply:os.getcwd []", "not_yaml"),
        (b"? [a]\n: b", "not_yaml"),
        (b"? {a: b}\n: b", "not_yaml"),
        (b"a: &a {x: 1}\nb: {<<: *a}", "not_yaml"),
        (b"---\na: 1\n---\nb: 1", "not_yaml"),
        (rb'a: "\ud800"', "unprintable"),
        (rb'"a\0": 1', "unprintable"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_what_is_no_questionnaire_at_all_is_refused_with_one_reason(
    content: bytes, code: str
) -> None:
    assert refused(content) == [("", code)]


def test_aliases_that_unfold_to_billions_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert refused("\n".join(lines).encode()) == [("", "too_many_nodes")]


def test_a_long_text_repeated_by_alias_is_shown_in_short() -> None:
    long = "x" * 50_000
    content = f"a: &a {long}\nslug: [{', '.join(['*a'] * 5000)}]\n".encode()
    assert ("", "must_be_text") in refused(content)


def test_many_keys_in_one_mapping_are_read_at_once() -> None:
    content = "".join(f"k{n}: 1\n" for n in range(10_000)).encode()
    assert ("", "unknown_field") in refused(content)


@pytest.mark.parametrize("key", ["slug", "version", "questions"])
def test_a_key_given_twice_is_refused(key: str) -> None:
    with pytest.raises(DefinitionError, match=key):
        load_bytes(as_yaml(SOUND) + f"{key}: x\n".encode(), "a.yaml")


def test_a_key_given_twice_within_a_question_is_refused() -> None:
    content = as_yaml(SOUND).replace(b"  kind: integer", b"  kind: integer\n  kind: text")
    assert refused(content) == [("", "not_yaml")]


@pytest.mark.parametrize("field", sorted(SOUND.keys() - {"language"}))
def test_a_missing_field_is_named(field: str) -> None:
    assert refused(without(field)) == [("", "missing_field")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("slug", "A B", "malformed_code"),
        ("slug", 7, "must_be_text"),
        ("version", 0, "under_limit"),
        ("version", True, "not_a_whole_number"),
        ("version", "1", "not_a_whole_number"),
        ("title", "", "must_not_be_empty"),
        ("title", " \u3000 ", "must_not_be_empty"),
        ("title", "长" * 1001, "too_many_characters"),
        ("audiences", [], "must_not_be_empty"),
        ("audiences", ["everybody"], "not_one_of"),
        ("audiences", "recipient", "not_a_list"),
        ("language", "fr", "not_one_of"),
        ("consent", "yes", "not_a_mapping"),
        ("questions", [], "must_not_be_empty"),
        ("questions", {"q01": {}}, "not_a_list"),
        ("questions", None, "not_a_list"),
        ("titel", "x", "unknown_field"),
        (True, "x", "key_not_text"),
    ],
    ids=repr,
)
def test_a_wrong_field_is_refused_with_its_reason(field: str, value: Any, code: str) -> None:
    assert refused(as_yaml(SOUND | {field: value})) == [("", code)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "choice"}, "not_one_of"),
        ({"required": "maybe"}, "not_yes_or_no"),
        ({"options": "A B"}, "not_a_list"),
        ({"options": ["A"]}, "not_a_mapping"),
        ({"options": [{"code": True, "text": "是"}]}, "must_be_text"),
        ({"options": [{"code": 1, "text": "是"}]}, "must_be_text"),
        ({"options": [{"code": "A-1", "text": "是"}]}, "malformed_code"),
        ({"options": [{"code": "A"}]}, "missing_field"),
        ({"options": [{"code": "A", "text": "是", "meaning": "blank"}]}, "not_one_of"),
        ({"places": 7}, "over_limit"),
        ({"at_most": 0}, "under_limit"),
        ({"at_most": "two"}, "not_a_whole_number"),
        ({"minimum": [1]}, "not_a_value"),
        ({"minimum": True}, "not_a_value"),
        ({"ask_if": {}}, "unknown_field"),
        ({"asked_if": "q01"}, "not_a_mapping"),
        ({"asked_if": {}}, "malformed_condition"),
        ({"asked_if": {"question": "q01"}}, "malformed_condition"),
        ({"asked_if": {"question": "q01", "equals": True}}, "not_a_value"),
        ({"asked_if": {"all": [{"question": "q01", "equals": {}}]}}, "not_a_value"),
        ({"asked_if": {"question": "q01", "equals": [1]}}, "not_a_value"),
        ({"asked_if": {"question": "q01", "equals": 1, "includes": "A"}}, "malformed_condition"),
    ],
    ids=repr,
)
def test_a_wrong_question_is_named_with_one_reason(changes: Data, code: str) -> None:
    assert refused(with_question(**changes)) == [("q02", code)]


def test_codes_that_yaml_takes_for_booleans_are_refused_with_advice() -> None:
    content = as_yaml(SOUND).replace(b"code: A", b"code: yes")
    with pytest.raises(DefinitionError, match="请加引号"):
        load_bytes(content, "a.yaml")


def test_a_question_without_a_code_is_named_by_its_place() -> None:
    assert refused(with_question(code=None)) == [("questions[2]", "must_be_text")]
    assert refused(as_yaml(SOUND | {"questions": [7]})) == [("questions[1]", "not_a_mapping")]


def test_a_date_without_quotes_is_the_day_that_was_written() -> None:
    content = as_yaml(SOUND) + b"- {code: q03, text: when, kind: date, minimum: 2018-01-31}\n"
    assert load_bytes(content, "a.yaml").by_code["q03"].minimum == "2018-01-31"


SIX_FAULTS = """
slug: a-b
version: 1
title: T
audiences: [recipient]
consent: {version: "1", text: t}
questions:
- {code: q01, text: a, kind: single}
- {code: q02, text: b, kind: single, options: [{code: A, text: x}, {code: A, text: y}]}
- {code: q03, text: c, kind: integer, minimum: 9, maximum: 1}
- {code: q04, text: d, kind: number}
- {code: q05, text: e, kind: text, asked_if: {question: q99, equals: x}}
- {code: q06, text: f, kind: text, audiences: [cadre]}
- {code: q07, text: g, kind: text, asked_if: {question: q04, equals: x}}
"""


def test_a_file_with_six_faults_gives_six() -> None:
    assert sorted(refused(SIX_FAULTS.encode())) == [
        ("q01", "no_options"),
        ("q02", "duplicate_option"),
        ("q03", "bounds_swapped"),
        ("q04", "not_one_of"),
        ("q05", "condition_on_unknown"),
        ("q06", "foreign_audience"),
    ]


def test_a_code_used_again_by_a_question_with_a_fault_is_a_duplicate_too() -> None:
    content = SIX_FAULTS.replace("code: q04", "code: q03").encode()
    assert ("q03", "duplicate_question") in refused(content)


@given(JSON_LIKE.filter(lambda value: "\\ud" not in repr(value)))
@settings(max_examples=100)
def test_any_data_is_loaded_or_refused(value: Any) -> None:
    _load_or_refuse(yaml.dump(value, allow_unicode=True).encode("utf-8", "replace"))


@given(
    st.sampled_from([*SOUND, "questions.1", "code", "options", "asked_if", "minimum", "audiences"]),
    JSON_LIKE,
)
@settings(max_examples=200)
def test_any_value_in_any_place_is_loaded_or_refused(field: str, value: Any) -> None:
    data = copy.deepcopy(SOUND)
    if field in SOUND:
        data[field] = value
    elif field == "questions.1":
        data["questions"][1] = value
    else:
        data["questions"][1][field] = value
    _load_or_refuse(yaml.dump(data, allow_unicode=True).encode("utf-8", "replace"))


@given(st.data())
@settings(max_examples=200)
def test_a_damaged_file_is_loaded_or_refused(data: st.DataObject) -> None:
    content = bytearray(as_yaml(SOUND))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        upto = at + data.draw(st.integers(0, 6))
        content[at:upto] = data.draw(
            st.sampled_from([*b"[]{}&*!|>'\"%@`:-# \n\t\x00\xff?,<"])
        ).to_bytes(1, "big")
    _load_or_refuse(bytes(content))


def _load_or_refuse(content: bytes) -> None:
    try:
        load_bytes(content, "a.yaml")
    except DefinitionError as error:
        assert error.faults
        assert all(fault.text() and fault.text("en") for fault in error.faults)


def test_a_file_is_named_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "坏.yaml"
    path.write_bytes(b"")
    with pytest.raises(DefinitionError) as error:
        load_file(path)
    assert error.value.faults[0].text().startswith("坏.yaml：")


def test_the_newest_version_is_found_without_naming_it() -> None:
    slugs = {slug for slug, _ in shipped()}
    for slug in slugs:
        newest = max(version for other, version in shipped() if other == slug)
        assert find(slug).version == newest
        assert find(f"{slug}@1").version == 1


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(as_yaml(SOUND))
    assert find(str(tmp_path / "a.yaml")).reference == "a-b@1"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "@1",
        *(f"dibao-residents@{v}" for v in ("9", "²", "-1", "x", "0", "1@1", "9" * 5000)),
    ],
    ids=lambda name: name[:20],
)
def test_an_unknown_questionnaire_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(UnknownQuestionnaireError) as error:
        find(name)
    assert "dibao-residents@1" in error.value.known


def test_the_order_of_options_is_part_of_a_definition_only_where_it_is_told() -> None:
    told = load_bytes(with_question(worst_first=True), "q.yaml").by_code["q02"]
    assert [option.code for option in told.levels] == ["B", "A"]
    silent = load_bytes(as_yaml(SOUND), "q.yaml")
    assert [option.code for option in silent.by_code["q02"].levels] == ["A", "B"]
    # Stored questionnaires keep their content and with it their hashes.
    assert silent.model_dump(mode="json", by_alias=True, exclude_defaults=True) == SOUND
    assert ("q02", "not_yes_or_no") in refused(with_question(worst_first="sometimes"))
