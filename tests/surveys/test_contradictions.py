"""Rules on contradictory answers in a questionnaire file are read and checked."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from surveys.catalogue import contradictions, find, shipped, shipped_rules
from surveys.conditions import holds
from surveys.consistency import contradiction_faults
from surveys.definition import Questionnaire
from surveys.load import DefinitionError, load_bytes

OPTIONS = [{"code": "A", "text": "是"}, {"code": "B", "text": "否"}]
WHOLE: dict[str, Any] = {
    "slug": "small",
    "version": 1,
    "title": "小问卷",
    "audiences": ["recipient"],
    "consent": {"version": "1", "text": "同意吗？"},
    "questions": [
        {"code": "q01", "text": "是否领取低保金", "kind": "single", "options": OPTIONS},
        {"code": "q02", "text": "每月领取多少元", "kind": "integer"},
        {"code": "q03", "text": "有什么建议", "kind": "text"},
        {"code": "q04", "text": "困难", "kind": "multiple", "options": OPTIONS},
    ],
}
RULE = {
    "code": "paid",
    "when": {
        "all": [{"question": "q01", "equals": "B"}, {"question": "q02", "more_than": 0}],
    },
    "message": "没有领取低保金，却有领取金额",
    "message_en": "Draws no allowance, yet states an amount",
}


def load(*contradictions: Any, **changed: Any) -> Questionnaire:
    data = WHOLE | {"contradictions": list(contradictions)} | changed
    return load_bytes(yaml.safe_dump(data, allow_unicode=True).encode(), "small.yaml")


def faults(*contradictions: Any, **changed: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as refused:
        load(*contradictions, **changed)
    assert all(fault.text("zh") and fault.text("en") for fault in refused.value.faults)
    return [(fault.question, fault.code) for fault in refused.value.faults]


def rule(**when: Any) -> dict[str, Any]:
    return {"when": when, "message": "矛盾"}


def test_a_rule_is_read_with_both_texts() -> None:
    (read,) = load(RULE).contradictions
    assert read.code == "paid"
    assert [read.text("zh"), read.text("en")] == [RULE["message"], RULE["message_en"]]


def test_without_english_the_chinese_text_is_shown() -> None:
    assert load(rule(question="q01", equals="A")).contradictions[0].text("en") == "矛盾"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (rule(question="q09", equals="A"), "condition_on_unknown"),
        (rule(question="q01", equals="Z"), "comparison_does_not_fit"),
        (rule(question="q01", includes="A"), "comparison_does_not_fit"),
        (rule(question="q03", equals="没有"), "contradiction_on_text"),
        (rule(all=[]), "empty_combination"),
        (rule(any=[{"question": "q04", "includes": "Z"}]), "comparison_does_not_fit"),
    ],
)
def test_what_the_questions_do_not_know_is_refused_and_named(wrong: Any, code: str) -> None:
    assert faults(wrong) == [("contradictions[1]", code)]


def test_two_rules_of_one_code_are_refused() -> None:
    assert faults(RULE, RULE) == [("paid", "duplicate_contradiction")]


def test_a_malformed_rule_and_a_wrong_one_are_told_at_once() -> None:
    nothing = {"when": {"question": "q01"}, "message": "无"}
    told = faults(nothing, rule(question="q09", equals="A"))
    assert {code for _, code in told} == {"malformed_condition", "condition_on_unknown"}


def test_a_rule_without_message_is_refused() -> None:
    assert faults({"when": RULE["when"]}) == [("", "missing_field")]


def test_a_rule_may_look_at_a_later_question_than_asked_if_may() -> None:
    assert load(RULE).contradictions[0].when.all is not None


def test_definitions_without_rules_are_stored_as_before() -> None:
    for slug, version in shipped():
        data = find(f"{slug}@{version}").model_dump(mode="json", exclude_defaults=True)
        assert "contradictions" not in data


def test_a_definition_with_rules_survives_being_stored() -> None:
    made = load(RULE, rule(**{"not": {"question": "q04", "equals": ["A", "B"]}}))
    stored = made.model_dump_json(by_alias=True, exclude_defaults=True)
    assert Questionnaire.model_validate_json(stored) == made


def test_rules_of_shipped_questionnaires_fit_their_questions() -> None:
    assert set(shipped_rules()) == {("dibao-cadres", 2), ("dibao-residents", 2)}
    for key, rules in shipped_rules().items():
        assert contradiction_faults(rules, shipped()[key].questions) == []
        assert contradictions(shipped()[key]) == rules
        assert all(rule.message_en for rule in rules)


@pytest.mark.parametrize(
    ("name", "answers", "code"),
    [
        ("dibao-residents", {"q05": "C", "q08": "A"}, "reviewed"),
        ("dibao-residents", {"q16": "E", "q19": "A"}, "useless"),
        ("dibao-residents", {"q18": "A", "q19": "B"}, "spoils"),
        ("dibao-cadres", {"q03": "B", "q05": ["G"]}, "accurate"),
        ("dibao-cadres", {"q02": "C", "q05": ["G"]}, "covered"),
        ("dibao-cadres", {"q07": "A", "q08": "D"}, "unfair"),
        ("dibao-cadres", {"q02": "A", "q03": "A", "q05": ["G"], "q07": "A", "q08": "A"}, None),
    ],
)
def test_answers_that_cannot_all_be_true(name: str, answers: Any, code: str | None) -> None:
    rules = contradictions(find(f"{name}@2"))
    assert [rule.code for rule in rules if holds(rule.when, answers)] == ([code] if code else [])


def test_only_the_very_questionnaire_that_ships_gets_its_rules() -> None:
    ours = find("dibao-residents@2")
    published = Questionnaire.model_validate_json(ours.model_dump_json(by_alias=True))
    assert len(contradictions(published)) == 3
    assert contradictions(ours.model_copy(update={"title": "另一份问卷"})) == ()
    assert contradictions(load(RULE))[0].code == "paid"
