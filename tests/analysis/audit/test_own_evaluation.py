"""The own scorecard and funds pass the audit; what was typed wrong is found by its own rule."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from analysis.audit.finding import Finding
from analysis.audit.model import Report
from analysis.audit.own import survey_of
from analysis.audit.own_evaluation import own_reports
from analysis.audit.rules import audit
from analysis.audit.survey_model import Collected
from analysis.evaluation.load import find_framework, read_framework, shipped_frameworks
from analysis.evaluation.measure_files import find_inputs, read_inputs
from analysis.evaluation.report import evaluate
from analysis.table import Group

BANDS = [
    {"label": "好", "ratio": 1, "when": "x≥90%"},
    {"label": "较好", "ratio": 0.8, "when": "80%≤x<90%"},
    {"label": "差", "ratio": 0, "when": "x<80%"},
]
FRAMEWORK: dict[str, Any] = {
    "slug": "own",
    "title": "自己的指标体系",
    "points": 20,
    "scheme": "caiyu-2020-10",
    "parts": [
        {
            "name": "过程",
            "points": 12,
            "parts": [
                {"id": "A", "name": "到位", "points": 4,
                 "rule": {"kind": "percent_bands", "bands": BANDS}},
                {"id": "B", "name": "评判", "points": 3, "rule": {"kind": "manual", "text": "酌"}},
                {"id": "C", "name": "清单", "points": 5, "rule": {"kind": "checklist", "items": [
                    {"name": "甲", "points": 2}, {"name": "乙", "points": 3}]}},
            ],
        },
        {
            "name": "效益",
            "points": 8,
            "parts": [
                {"id": "D", "name": "三分之一", "points": 1, "rule": {"kind": "proportional"}},
                {"id": "E", "name": "知晓", "points": 3, "rule": {"kind": "survey_share",
                 "asked": [{"questionnaire": "q", "question": "q01", "options": ["A"]}],
                 "scale": {"kind": "percent_bands", "bands": BANDS}}},
                {"id": "F", "name": "满意", "points": 4, "rule": {"kind": "satisfaction",
                 "asked": [{"questionnaire": "q", "question": "q02"}],
                 "plan": {"weights": {"A": 1, "B": 0.5, "C": 0}}}},
            ],
        },
    ],
}  # fmt: skip
# q01: 85 of 100 know, so 0.8 × 3 = 2.4; q02: (70 + 20/2)/100 × 4 = 3.2.
MEASURES: dict[str, Any] = {
    "framework": "own",
    "measures": {
        "A": {"value": "85%"},
        "B": {"score": 2, "reason": "档案不全"},
        "C": {"value": {"甲": True, "乙": True}},
        "D": {"value": "1/3"},
    },
    "surveys": [
        {
            "questionnaire": "q@1",
            "counts": {
                "q01": {"A": 85, "B": 15},
                "q02": {"A": 70, "B": 20, "C": 10},
            },
        }
    ],
    "funds": {
        "stated_items": 1,
        "items": [
            {
                "name": "低保金",
                "arrived": "113.23",
                "spent": "70.32",
                "balance": "42.91",
                "executed_rate": "62.10%",
                "sources": [
                    {"level": "中央", "arrived": "66.00"},
                    {"level": "省", "arrived": "47.23"},
                ],
            }
        ],
    },
}


def findings(
    of: dict[str, Any] = FRAMEWORK, /, plan: dict[str, Any] | None = None, **changed: Any
) -> list[Finding]:
    """Of the clean evaluation with some parts of its measures file changed, and the plan of F."""
    data = copy.deepcopy(of)
    if plan:
        data["parts"][1]["parts"][2]["rule"]["plan"] |= plan
    framework = read_framework(data, "own.yaml")
    given = copy.deepcopy(MEASURES) | changed
    inputs = read_inputs(given, "m.yaml", framework)
    tables = tuple(inputs.surveys["q"].values())
    collected = Collected(distributed=100, returned=100, valid=100)
    survey = survey_of(Group("全部", 100, tables), "q@1", "附件2", "问卷", collected)
    whole = Report(title="本项目", surveys=(survey,))
    made = own_reports(whole, evaluate(framework, inputs), inputs, {"q": survey})
    return [finding for report in made for finding in audit(report)]


def measures(**changed: Any) -> dict[str, Any]:
    return {"measures": MEASURES["measures"] | changed}


def funds(**changed: Any) -> dict[str, Any]:
    (item,) = MEASURES["funds"]["items"]
    return {"funds": {"items": [item | changed]}}


def test_clean_evaluation_has_no_finding() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("changed", "rule", "row"),
    [
        (measures(A={"score": "3.3", "reason": "x"}), "score_ratio", "A 到位"),
        (measures(A={"score": "3.2"}), "reason_missing", "A 到位"),
        (measures(A={"score": "3.2", "note": "未扣分"}), "reason_denied", "A 到位"),
        (measures(E={"score": 3}), "survey_contradicts", "E 知晓"),
        (measures(F={"score": 4}), "satisfaction_formula", "F 满意"),
        ({"printed": {"parts": {"过程": {"score": "10.3"}}}}, "subtotal", "过程"),
        ({"printed": {"parts": {"过程": {"rate": "85.01%"}}}}, "rate", "过程"),
        ({"printed": {"total": "17"}}, "total", ""),
        ({"printed": {"grade": "优"}}, "grade", ""),
        (funds(arrived="114.23", balance="43.91", executed_rate="61.56%"), "fund_sum", "低保金"),
        (funds(balance="43.91"), "fund_balance", "低保金"),
        (
            funds(spent="143.23", balance="-30.00", executed_rate="126.49%"),
            "fund_overspent",
            "低保金",
        ),
        (funds(executed_rate="63.10%"), "fund_rate", "低保金"),
        ({"funds": MEASURES["funds"] | {"stated_items": 6}}, "number_of_things", None),
        (
            funds(planned="100", sources=[{"level": "省", "arrived": "113.23", "planned": "90"}]),
            "part_sum",
            None,
        ),
    ],
)
def test_each_typed_fault_fires_its_own_rule_at_its_cell(
    changed: dict[str, Any], rule: str, row: str | None
) -> None:
    (found,) = findings(**changed)
    assert found.rule == rule
    assert found.place.table
    assert row is None or found.place.row == row


@pytest.mark.parametrize(
    ("plan", "right"),
    [
        # (70 + 20×0.7)/100 = 0.84 is in the second band: 0.8 × 4
        ({"point_rule": "bands", "weights": {"A": 1, "B": 0.7, "C": 0}}, "3.2"),
        ({"point_rule": "gate_linear"}, "2"),  # (0.8 − 0.6)/0.4 × 4
        ({"point_rule": "threshold", "target": 0.95}, "3.37"),  # 0.8/0.95 × 4
    ],
)
def test_stated_satisfaction_is_judged_under_the_point_rule_of_its_plan(
    plan: dict[str, Any], right: str
) -> None:
    (found,) = findings(plan=plan, **measures(F={"score": 4}))
    assert (found.rule, found.place.row) == ("satisfaction_formula", "F 满意")
    stated = {"score": right, "reason": "部分群众不满意"}
    assert findings(plan=plan, **measures(F=stated)) == []


def test_blanks_of_a_question_for_some_people_are_none_of_the_others() -> None:
    """30 of 100 were asked, two of whom left it blank."""
    given = copy.deepcopy(MEASURES["surveys"])
    given[0]["counts"]["q03"] = {"A": 20, "B": 8, "blank": 2}
    assert findings(surveys=given) == []


def test_stated_number_of_items_is_not_quoted_as_a_sentence_of_the_report() -> None:
    (found,) = findings(funds=MEASURES["funds"] | {"stated_items": 6})
    for language in ("zh", "en"):
        assert "6" in found.found(language)
        assert "“" not in found.found(language) and "正文" not in found.found(language)


@pytest.mark.parametrize(
    ("measure", "table"),
    [
        ({"score": "3.2", "note": "表3-3：未扣分"}, "表3-3"),
        ({"score": "3.2", "note": "附件1：此项未扣分；表3-4：不够完整"}, "附件1"),
        ({"score": "3.2", "reason": "不够完整", "note": "附件1：未扣分"}, "附件1"),
    ],
)
def test_note_of_another_table_is_judged_by_itself(measure: dict[str, str], table: str) -> None:
    (found,) = findings(measures=MEASURES["measures"] | {"A": measure})
    assert (found.rule, found.place.table, found.place.row) == ("reason_denied", table, "A 到位")


def test_reasons_of_two_tables_are_reasons() -> None:
    note = "附件1：不完整；表3-4：不够完整"
    assert findings(**measures(A={"score": "3.2", "note": note})) == []


def test_faults_of_a_sub_project_are_told_under_its_name() -> None:
    part = {key: MEASURES[key] for key in ("measures", "surveys", "funds")}
    wrong = measures(A={"score": "3.2"})
    parts = [{"name": "甲", "weight": 1, **part}, {"name": "乙", "weight": 2, **part, **wrong}]
    (found,) = findings(sub_projects=parts, funds={"stated_items": 2})
    assert (found.rule, found.place.table) == ("reason_missing", "指标体系评分表（乙）")
    (stated,) = findings(sub_projects=parts[:1], funds={"stated_items": 6})
    assert stated.rule == "number_of_things"


@pytest.mark.parametrize(
    ("rule", "value", "rules"),
    [
        ("checklist", {"甲": True, "乙": 1}, []),
        ("deductions", {"甲": 1}, []),
        ("qualitative_bands", "一般", ["reason_missing"]),
    ],
)
def test_level_that_somebody_chose_wants_a_reason_and_items_are_one(
    rule: str, value: Any, rules: list[str]
) -> None:
    framework = copy.deepcopy(FRAMEWORK)
    items = [{"name": "甲", "points": 2}, {"name": "乙", "points": 3}]
    levels = [{"label": "好", "ratio": 1}, {"label": "一般", "ratio": 0.5}]
    by_kind = {"qualitative_bands": {"levels": levels}}
    changed = {"kind": rule, **by_kind.get(rule, {"items": items})}
    framework["parts"][0]["parts"][2]["rule"] = changed
    found = findings(framework, **measures(C={"value": value}))
    assert [one.rule for one in found if one.place.row == "C 清单"] == rules


def test_unfinished_scorecard_has_no_false_alarm() -> None:
    assert findings(measures={"B": {"score": 3, "reason": "好"}}, funds={}) == []


@pytest.mark.parametrize("name", shipped_frameworks())
def test_empty_scorecards_of_shipped_frameworks_have_only_their_published_faults(name: str) -> None:
    framework = find_framework(name)
    inputs = read_inputs({"framework": name}, "m.yaml", framework)
    (made,) = own_reports(Report(title="x"), evaluate(framework, inputs), inputs, {})
    rules = {finding.rule for finding in audit(made)}
    assert rules == (
        {"band_gap", "band_overlap", "checklist_points"} if framework.findings else set()
    )


def test_published_scores_of_2018_give_the_faults_of_the_published_report() -> None:
    framework = find_framework("nanchong-2018")
    inputs = find_inputs("nanchong-2018", framework)
    (made,) = own_reports(Report(title="x"), evaluate(framework, inputs), inputs, {})
    found = {(finding.code, finding.place.row[:3]) for finding in audit(made)}
    assert found == {
        *(("score_ratio", id_) for id_ in ("I22", "I28", "I31", "I32")),
        *(("band_gap", id_) for id_ in ("I01", "I24")),
        ("band_overlap", "I24"),
        *(("checklist_points", id_) for id_ in ("I04", "I06")),
        *(("reason_denied", id_) for id_ in ("I20", "I27")),
        ("rate.rounding", "项目绩"),
    }
