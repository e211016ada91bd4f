"""Frozen datasets: the same manifest gives the same numbers, whatever happens afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import read_inputs
from analysis.evaluation.report import ScorecardReport
from analysis.reports.json_file import render_json, render_scores_json
from app.models import FrozenDataset, Project, Revision, Status, StoredResponse
from app.problems import Problem
from app.services import (
    freezing,
    frozen_tables,
    manifests,
    report_documents,
    reports,
    review,
    scoring,
)
from app.services.columns import ColumnStore
from app.services.responses import Submission

Make = Callable[..., Submission]


@contextmanager
def reading(place: Place) -> Iterator[tuple[Session, Project]]:
    with place.database.reading() as session:
        yield session, session.get_one(Project, place.project.id)


@pytest.fixture
def collected(place: Place, submission: Make) -> list[Submission]:
    sent = [submission() for _ in range(6)]
    for one in sent:
        place.send(one)
    return sent


def freeze(place: Place, note: str = "") -> Any:
    return place.write(freezing.freeze, note)


def numbers(place: Place, number: int = 1) -> tuple[str, str]:
    """Tables and scores of the frozen dataset as JSON."""
    with reading(place) as (session, project):
        frozen = freezing.manifest(session, project, number)
        tables = frozen_tables.summary_tables(session, project, frozen)
        scores = frozen_tables.score_report(session, project, frozen)
        return "".join(map(render_json, tables)), render_scores_json(scores)


def since(place: Place, number: int = 1) -> Any:
    with reading(place) as (session, project):
        frozen = freezing.manifest(session, project, number)
        (residents,) = (
            one
            for one in freezing.since(session, ColumnStore(), project, frozen)
            if one.reference == place.residents.questionnaire.reference
        )
        return residents


def test_frozen_tables_are_those_of_the_project_at_that_time(
    place: Place, collected: list[Submission]
) -> None:
    with reading(place) as (session, project):
        live = reports.summary_table(session, ColumnStore(), project, place.residents)
    freeze(place)
    assert numbers(place)[0] == render_json(live)
    assert live.n == len(collected)


def test_numbers_stay_byte_for_byte_when_responses_come_go_and_change(
    place: Place, collected: list[Submission], submission: Make
) -> None:
    freeze(place)
    before = numbers(place)
    place.send(submission())
    exclude(place, collected[0])
    correct(place, collected[1])
    plan = _plan(place).as_data() | {"points": 7}
    place.write(scoring.change, place.residents, "q18", plan, "合同改了")
    assert numbers(place) == before
    found = since(place)
    assert (found.frozen, found.added, found.removed, found.changed) == (6, 1, 1, 1)


def test_effect_of_what_came_later_is_the_difference_of_the_two_scores(
    place: Place, submission: Make
) -> None:
    best, worst = submission(), submission()
    place.send(_answering(best, "A"))
    freeze(place)
    place.send(_answering(worst, "D"))
    (change,) = (one for one in since(place).scores if one.question == "q18")
    assert change.before.counts["A"] == 1 and change.before.base == 1
    assert change.after.counts["D"] == 1 and change.after.base == 2
    assert change.change == change.after.score - change.before.score < 0


def test_frozen_dataset_fills_the_scorecard_whatever_arrives_later(
    place: Place, collected: list[Submission], submission: Make
) -> None:
    freeze(place)
    before = satisfaction_score(place)
    place.send(_answering(submission(), "D"))
    assert satisfaction_score(place) == before
    freeze(place)
    assert satisfaction_score(place, 2) != before


def satisfaction_score(place: Place, number: int = 1) -> Any:
    """Score and base of the indicator 群众满意度, which question q18 measures."""
    framework = find_framework("nanchong-2018")
    inputs = read_inputs({"framework": framework.slug}, "measures.yaml", framework)
    with reading(place) as (session, project):
        found = report_documents.evaluation_of(session, project, number, framework, inputs)
    assert isinstance(found, ScorecardReport)
    row = next(row for row in found.card.rows if row.leaf.name == "群众满意度")
    assert row.earned.basis == "survey" and row.earned.surveyed is not None
    return row.score, row.earned.surveyed.base


def test_nothing_changed_means_the_same_dataset(place: Place, collected: list[Submission]) -> None:
    first, second = freeze(place, "送审稿"), freeze(place, "再来一次")
    assert second == first
    assert since(place).is_same


def test_changed_project_gives_a_second_dataset_and_the_first_stays(
    place: Place, collected: list[Submission], submission: Make
) -> None:
    first = freeze(place)
    place.send(submission())
    second = freeze(place)
    assert (first.number, second.number) == (1, 2)
    assert second.sha256 != first.sha256
    with reading(place) as (session, project):
        assert [one.number for one in freezing.all_frozen(session, project)] == [2, 1]


def test_hash_is_sha256_of_the_manifest_and_lists_each_response(
    place: Place, collected: list[Submission]
) -> None:
    frozen = freeze(place)
    with reading(place) as (session, project):
        manifest = freezing.manifest_text(session, project, 1)
        stored = session.scalars(select(StoredResponse)).all()
        listed = dict(
            pair for part in json.loads(manifest)["questionnaires"] for pair in part["responses"]
        )
        assert listed == {str(row.id): row.content_hash for row in stored}
    assert hashlib.sha256(manifest.encode()).hexdigest() == frozen.sha256
    assert len(listed) == len(collected)


def test_database_refuses_to_change_a_frozen_dataset(
    place: Place, collected: list[Submission]
) -> None:
    freeze(place)
    with pytest.raises(DBAPIError, match="never changed"), place.database.writing() as session:
        session.execute(text("UPDATE frozen_datasets SET manifest = '{}'"))


def test_lost_response_is_reported_and_not_left_out_silently(
    place: Place, collected: list[Submission]
) -> None:
    freeze(place)
    with place.database.writing() as session:
        session.execute(delete(StoredResponse).where(StoredResponse.id == collected[0].id))
    with pytest.raises(Problem, match=r"409\.4"):
        numbers(place)


def test_damaged_manifest_is_not_used(place: Place, collected: list[Submission]) -> None:
    freeze(place)
    with place.database.writing() as session:
        old = session.scalars(select(FrozenDataset)).one()
        session.execute(delete(FrozenDataset))
        session.expunge(old)
        session.add(
            FrozenDataset(
                project_id=old.project_id,
                number=1,
                manifest=old.manifest.replace("answered", "all"),
                sha256=old.sha256,
                responses=old.responses,
                created_at=NOW,
            )
        )
    with pytest.raises(Problem, match=r"409\.4"):
        numbers(place)


def test_project_without_counted_responses_cannot_be_frozen(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        freeze(place)
    assert refused.value.code == "422.2"
    assert refused.value.lines_in("en")[0].startswith("No response counts")


def test_note_of_several_lines_is_refused(place: Place, collected: list[Submission]) -> None:
    with pytest.raises(Problem, match=r"422\.2"):
        freeze(place, "一\n二")


def test_enumerator_may_not_freeze(place: Place, collected: list[Submission]) -> None:
    with pytest.raises(Problem, match=r"403\.1"), place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        freezing.freeze(session, NOW, place.enumerator, project)


def test_dataset_of_another_project_is_not_found(place: Place, collected: list[Submission]) -> None:
    freeze(place)
    with place.database.reading() as session, pytest.raises(Problem, match=r"404\.1"):
        freezing.find(session, session.get_one(Project, place.other.id), 1)


def test_manifest_reads_back_as_it_was_written(place: Place, collected: list[Submission]) -> None:
    freeze(place)
    with reading(place) as (session, project):
        found = freezing.manifest(session, project, 1)
        assert found.n == len(collected)
        assert manifests.write(session, project) == freezing.manifest_text(session, project, 1)
        (part,) = (one for one in found.parts if one.responses)
        assert part.scoring_plans(place.residents) == scoring.current(session, place.residents)


def exclude(place: Place, sent: Submission) -> None:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        response = session.get_one(StoredResponse, sent.id)
        who = (session, NOW, place.evaluator, project, place.residents, response)
        review.decide(*who, Status.EXCLUDED, "重复访问")


def correct(place: Place, sent: Submission) -> None:
    """Another answer to q18; the content that it had becomes a revision."""
    answers = {**sent.answers, "q18": _other(sent)}
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        response = session.get_one(StoredResponse, sent.id)
        who = (session, NOW, place.evaluator, project, place.residents, response)
        review.correct(*who, answers, "核对录音")
        assert session.scalars(select(Revision).where(Revision.response_id == sent.id)).all()


def _other(sent: Submission) -> str:
    return "B" if sent.answers.get("q18") != "B" else "C"


def _answering(sent: Submission, q18: str) -> Submission:
    return Submission(
        id=sent.id,
        audience=sent.audience,
        area=sent.area,
        answers={**sent.answers, "q18": q18},
        consent=sent.consent,
    )


def _plan(place: Place) -> Any:
    with reading(place) as (session, _):
        return scoring.current(session, place.residents)["q18"]
