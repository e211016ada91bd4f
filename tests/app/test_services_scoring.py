"""Scoring plans: one per satisfaction question, each change a new version, never overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from places import NOW, Place

from app.models import Project
from app.problems import Problem
from app.services import reports, scoring
from app.services.columns import ColumnStore

QUESTION = "q18"


def change(place: Place, reason: str = "按合同", **fields: Any) -> Any:
    plan = plans(place)[QUESTION].as_data() | fields
    return place.write(scoring.change, place.residents, QUESTION, plan, reason)


def plans(place: Place) -> Any:
    with place.database.reading() as session:
        return scoring.current(session, place.residents)


def test_each_satisfaction_question_begins_with_a_plan(place: Place) -> None:
    wanted = [q.code for q in place.residents.questionnaire.questions if q.satisfaction]
    found = plans(place)
    assert wanted
    assert list(found) == wanted
    assert {plan.version for plan in found.values()} == {1}


def test_beginning_twice_changes_nothing(place: Place) -> None:
    with place.database.writing() as session:
        scoring.begin(session, NOW, place.evaluator, place.residents)
    assert {plan.version for plan in plans(place).values()} == {1}


def test_change_is_a_new_version_and_the_old_one_stays(place: Place) -> None:
    before = plans(place)[QUESTION]
    made = change(place, "改为 5 分", points="5")
    assert (made.version, str(made.points)) == (2, "5")
    assert plans(place)[QUESTION] == made
    with place.database.reading() as session:
        history = scoring.history(session, place.residents, QUESTION)
    assert [(row.number, row.reason) for row in history] == [(2, "改为 5 分"), (1, "默认方案")]
    assert history[1].plan == before.as_data()
    assert history[0].created_by == place.evaluator.user_id


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_change_without_reason_is_refused(place: Place, reason: str) -> None:
    with pytest.raises(Problem) as refused:
        change(place, reason)
    assert refused.value.code == "422.3"


def test_faulty_plan_is_refused_with_its_faults(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        change(place, points="-1")
    assert refused.value.code == "422.2"
    assert refused.value.lines
    assert plans(place)[QUESTION].version == 1


def test_unknown_question_is_not_found(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        place.write(scoring.change, place.residents, "q99", {}, "按合同")
    assert refused.value.code == "404.1"


def test_enumerator_may_not_change_a_plan(place: Place) -> None:
    with place.database.writing() as session, pytest.raises(Problem) as refused:
        project = session.get_one(Project, place.project.id)
        scoring.change(
            session, NOW, place.enumerator, project, place.residents, QUESTION, {}, "按合同"
        )
    assert refused.value.code == "403.1"


def test_parallel_changes_all_become_versions(place: Place) -> None:
    with ThreadPoolExecutor(4) as pool:
        versions = [made.version for made in pool.map(lambda _: change(place), range(4))]
    assert sorted(versions) == [2, 3, 4, 5]


def test_scores_are_for_all_and_each_group(place: Place, submission: Any) -> None:
    for _ in range(6):
        place.send(submission())
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        counted, flow = reports.responses(session, ColumnStore(), project, place.residents)
        rows = scoring.scores(scoring.current(session, place.residents), counted, by="audience")
    assert (flow.received, flow.counted) == (6, 6)
    assert [row.label for row in rows[QUESTION]][1:] == ["低保户", "非低保户"]
    assert rows[QUESTION][0].score.base == 6
