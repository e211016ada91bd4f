"""The published 2018 tables, rebuilt as responses, and small questionnaires to count with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.responses import Responses
from analysis.satisfaction import ScoreReport, ScoreRow, default_plan, score
from analysis.table import Flow, SummaryTable
from analysis.tabulate import summary_table
from surveys.definition import Kind, Questionnaire
from surveys.records import columns, pack

PUBLISHED = Path(__file__).parents[1] / "published" / "nanchong-2018-questionnaires.yaml"
# 102 answers of 100 people cannot be met: largest remainder, as issue and demo say.
QUESTION_14 = {"A": 69, "B": 21, "C": 2, "D": 3, "E": 5}


@pytest.fixture(scope="session")
def published() -> dict[str, dict[str, Any]]:
    """id (masses, cadres) -> what was published, question 14 mended."""
    data = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    found = {entry["id"]: entry for entry in data["questionnaires"]}
    for option in found["masses"]["questions"][13]["options"]:
        option["count"] = QUESTION_14[option["letter"]]
        option["pct"] = f"{option['count']}.00%"
    return found


@pytest.fixture(scope="session")
def residents(published: dict[str, Any]) -> Responses:
    return rebuild(published["masses"], "dibao-residents", 100)


@pytest.fixture(scope="session")
def cadres(published: dict[str, Any]) -> Responses:
    return rebuild(published["cadres"], "dibao-cadres", 20)


@pytest.fixture
def table(residents: Responses) -> SummaryTable:
    """The published 附件2 of the residents, marked as simulated, with every kind of note."""
    return summary_table(
        residents,
        base="all",
        flow=Flow(received=104, counted=100, under_review=3, excluded=1),
        simulated=True,
        project="2018年低保评价",
        remarks=("由公布的份数重建。",),
    )


@pytest.fixture
def report(residents: Responses, cadres: Responses) -> ScoreReport:
    """Question 18 of the residents and question 7 of the cadres, 3 points each."""
    rows = []
    for responses, code, label in ((residents, "q18", "群众"), (cadres, "q07", "干部")):
        question = responses.questionnaire.by_code[code]
        plan = default_plan(question, 3)
        counted = summary_table(responses).groups[0].questions[int(code[1:]) - 1]
        reference = responses.questionnaire.reference
        rows.append(ScoreRow(label, score(plan, counted), reference))
    return ScoreReport(
        "2018年低保评价", tuple(rows), simulated=True, remarks=("由公布的份数重建。",)
    )


def rebuild(entry: dict[str, Any], slug: str, n: int) -> Responses:
    """n responses whose marginal counts are the published ones; joint answers are arbitrary."""
    questionnaire = build(
        [
            {
                "code": f"q{question['number']:02d}",
                "text": question["text"],
                "kind": question["type"],
                "options": [{"code": o["letter"], "text": o["text"]} for o in question["options"]],
            }
            for question in entry["questions"]
        ],
        slug=slug,
        title=entry["title"],
    )
    answers: list[dict[str, Any]] = [{} for _ in range(n)]
    for question, source in zip(questionnaire.questions, entry["questions"], strict=True):
        start = 0
        for option in source["options"]:
            multiple = question.kind is Kind.MULTIPLE
            for place in range(option["count"]):
                answer = answers[place if multiple else start + place]
                if multiple:
                    answer.setdefault(question.code, []).append(option["letter"])
                else:
                    answer[question.code] = option["letter"]
            start += option["count"]
    return pack_all(questionnaire, answers)


def build(questions: list[dict[str, Any]], **fields: Any) -> Questionnaire:
    standard = {
        "slug": "small",
        "version": 1,
        "title": "小问卷",
        "audiences": ["recipient", "non_recipient", "cadre"],
        "consent": {"version": "1", "text": "自愿参加。"},
    }
    return Questionnaire.model_validate(standard | fields | {"questions": questions})


def pack_all(questionnaire: Questionnaire, answers: list[dict[str, Any]]) -> Responses:
    records = b"".join(pack(questionnaire, answer, None) for answer in answers)
    return Responses(questionnaire, columns(questionnaire, records), len(answers))


@pytest.fixture(scope="session")
def small() -> Responses:
    """Every kind of question; q2 is asked only of those who say B in q1."""
    questionnaire = build(
        [
            {"code": "q1", "text": "单选", "kind": "single", "options": options("ABC")},
            {
                "code": "q2",
                "text": "多选",
                "kind": "multiple",
                "options": options("ABC"),
                "asked_if": {"question": "q1", "equals": "B"},
            },
            {
                "code": "q3",
                "text": "收入",
                "kind": "decimal",
                "unit": "元",
                "options": [{"code": "R", "text": "拒答", "meaning": "refused"}],
            },
            {"code": "q4", "text": "意见", "kind": "text"},
            {"code": "q5", "text": "人口", "kind": "integer"},
            {"code": "q6", "text": "日期", "kind": "date"},
        ]
    )
    return pack_all(
        questionnaire,
        [
            {"q1": "A", "q3": 10.25, "q4": "好", "q5": 3, "q6": "2018-06-30"},
            {"q1": "B", "q2": ["A", "C"], "q3": 20.5, "q5": -1},
            {"q1": "B", "q2": ["A"], "q3": "R", "q5": 4},
            {"q1": "B", "q3": 0.75, "q5": 4},
            {},
        ],
    )


def options(letters: str) -> list[dict[str, str]]:
    return [{"code": letter, "text": f"选项{letter}"} for letter in letters]
