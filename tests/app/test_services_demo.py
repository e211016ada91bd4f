"""The sample project equals the published table of the 2018 Nanchong report, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from places import NOW
from sqlalchemy import func, select

from analysis.table import QuestionTable, SummaryTable
from app.models import Action, Project, StoredResponse, User
from app.services import areas, demo, projects, questionnaires, reports, scoring
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.database import Database
from surveys.definition import Audience

PUBLISHED = Path(__file__).parents[1] / "published" / "nanchong-2018-questionnaires.yaml"
Q14 = {"A": 69, "B": 21, "C": 2, "D": 3, "E": 5}
"""102 published answers of 100 people, scaled down by largest remainders (issue 2)."""


@pytest.fixture
def loaded(database: Database) -> Iterator[Database]:
    with database.writing() as session:
        demo.load(session, NOW)
    yield database


def table(database: Database, slug: str, reference: str, **named: Any) -> SummaryTable:
    with database.reading() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        published = questionnaires.find(session, project, reference)
        return reports.summary_table(session, ColumnStore(), project, published, **named)


def published_questions(part: int) -> list[dict[str, Any]]:
    data = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    questions: list[dict[str, Any]] = data["questionnaires"][part]["questions"]
    return questions


def counts(question: QuestionTable) -> dict[str, int]:
    return {row.code: row.cell.count for row in question.rows}


@pytest.mark.parametrize(
    ("part", "reference", "n"), [(0, "dibao-residents@1", 100), (1, "dibao-cadres@1", 20)]
)
def test_every_cell_equals_the_published_one(
    loaded: Database, part: int, reference: str, n: int
) -> None:
    found = table(loaded, "nanchong-2018", reference)
    assert (found.n, found.base_rule) == (n, "all")
    [group] = found.groups
    wanted = published_questions(part)
    assert len(group.questions) == len(wanted)
    for question, original in zip(group.questions, wanted, strict=True):
        if (part, original["number"]) == (0, 14):
            continue
        for row, option in zip(question.rows, original["options"], strict=True):
            place = (reference, original["number"], row.code)
            assert row.cell.count == option["count"], place
            assert row.cell.share is not None
            percent = float(option["pct"].rstrip("%"))
            assert round(100 * row.cell.share, 2) == percent, place


def test_question_14_is_scaled_down_and_question_12_has_one_blank(loaded: Database) -> None:
    [group] = table(loaded, "nanchong-2018", "dibao-residents@1").groups
    by_code = {question.code: question for question in group.questions}
    assert counts(by_code["q14"]) == Q14
    assert counts(by_code["q12"]) == {"A": 67, "B": 30, "C": 2}
    assert (by_code["q12"].asked, by_code["q12"].answered, by_code["q12"].blank) == (100, 99, 1)


def test_page_says_that_it_is_reconstructed(loaded: Database) -> None:
    remarks = "".join(table(loaded, "nanchong-2018", "dibao-residents@1").remarks)
    for words in ("重建", "联合答案", "69/21/2/3/5", "第12题"):
        assert words in remarks


@pytest.mark.parametrize(
    ("reference", "question", "wanted"),
    [("dibao-residents@1", "q18", "2.877"), ("dibao-cadres@1", "q07", "2.55")],
)
def test_scores_are_those_of_the_plan(
    loaded: Database, reference: str, question: str, wanted: str
) -> None:
    """(87·1 + 10·0.8 + 3·0.3)/100·3 = 2.877 and (5·1 + 15·0.8)/20·3 = 2.55."""
    with loaded.reading() as session:
        project = projects.find(session, COMMAND_LINE, "nanchong-2018")
        published = questionnaires.find(session, project, reference)
        counted, _ = reports.responses(session, ColumnStore(), project, published)
        rows = scoring.scores(scoring.current(session, published), counted)
    assert str(rows[question][0].score.score) == wanted


def test_practice_project_has_simulated_responses_over_three_districts(loaded: Database) -> None:
    with loaded.reading() as session:
        project = projects.find(session, COMMAND_LINE, "practice")
        lines = areas.progress(session, project)
    assert project.practice
    assert len({line.area for line in lines}) == 3
    collected = {
        audience: sum(line.collected for line in lines if line.audience is audience)
        for audience in Audience
    }
    assert list(collected.values()) == [60, 30, 30]
    residents = table(loaded, "practice", "dibao-residents@2")
    assert (residents.n, residents.simulated) == (90, True)
    assert residents.flow is not None
    assert residents.flow.under_review == 0


def test_loading_twice_changes_nothing(loaded: Database) -> None:
    tables = (User, Project, StoredResponse, Action)
    with loaded.reading() as session:
        before = [session.scalar(select(func.count()).select_from(t)) for t in tables]
    with loaded.writing() as session:
        assert demo.load(session, NOW) == []
    with loaded.reading() as session:
        assert [session.scalar(select(func.count()).select_from(t)) for t in tables] == before
    assert before[1:3] == [2, 240]


def test_each_role_gets_an_account_with_a_random_password(database: Database) -> None:
    with database.writing() as session:
        made = demo.load(session, NOW)
    assert [account.role.value for account in made] == [
        "administrator",
        "evaluator",
        "supervisor",
        "enumerator",
    ]
    assert len({account.password for account in made}) == 4


def test_accounts_that_exist_are_left_alone(database: Database) -> None:
    with database.writing() as session:
        first = demo._people(session, NOW)
        assert demo.load(session, NOW) == []
        assert len(first) == 4


@pytest.mark.parametrize(
    ("counts", "n", "wanted"),
    [
        ({"A": 70, "B": 22, "C": 2, "D": 3, "E": 5}, 100, Q14),
        ({"A": 1, "B": 1, "C": 1}, 2, {"A": 1, "B": 1, "C": 0}),
        ({"A": 0, "B": 5}, 3, {"A": 0, "B": 3}),
    ],
)
def test_largest_remainders_add_up(counts: dict[str, int], n: int, wanted: dict[str, int]) -> None:
    assert demo.largest_remainder(counts, n) == wanted
