"""What a frozen dataset reads: records only, once per session, and no query per response."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import delete, event, update

from analysis.reports.json_file import render_json, render_scores_json
from app.models import Project, StoredResponse
from app.problems import Problem
from app.services import freezing, frozen_tables, review
from app.services.responses import Submission


@pytest.fixture
def frozen(place: Place, submission: Callable[..., Submission]) -> list[Submission]:
    sent = [submission() for _ in range(6)]
    for one in sent:
        place.send(one)
    place.write(freezing.freeze)
    return sent


def read(place: Place) -> tuple[list[str], list[str]]:
    """The dataset's tables and scores as JSON, and the statements on responses that they took."""
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM responses" in statement or "FROM revisions" in statement:
            said.append(statement)

    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        manifest = freezing.manifest(session, project, 1)
        event.listen(session.connection(), "before_cursor_execute", note)
        tables = frozen_tables.summary_tables(session, project, manifest)
        scores = frozen_tables.score_report(session, project, manifest)
        frozen_tables.survey_inputs(session, project, manifest)
        return [*map(render_json, tables), render_scores_json(scores)], said


def correct(place: Place, sent: Submission) -> None:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        response = session.get_one(StoredResponse, sent.id)
        who = (session, NOW, place.evaluator, project, place.residents, response)
        other = "B" if sent.answers.get("q18") != "B" else "C"
        review.correct(*who, {**sent.answers, "q18": other}, "核对录音")


def test_responses_are_loaded_once_and_no_answers_of_what_stayed_the_same(
    place: Place, frozen: list[Submission]
) -> None:
    _, said = read(place)
    assert len(said) == 1 and "answers" not in said[0]


def test_five_corrected_responses_take_no_more_queries_than_one(
    place: Place, frozen: list[Submission]
) -> None:
    before, _ = read(place)
    correct(place, frozen[0])
    after_one, of_one = read(place)
    for sent in frozen[1:5]:
        correct(place, sent)
    after_five, of_five = read(place)
    assert len(of_five) == len(of_one)
    assert before == after_one == after_five


def test_record_in_a_former_layout_is_made_anew_from_the_answers(
    place: Place, frozen: list[Submission]
) -> None:
    before, _ = read(place)
    with place.database.writing() as session:
        former = update(StoredResponse).where(StoredResponse.id == frozen[0].id)
        session.execute(former.values(record=b"of another program", record_layout=1))
    assert read(place)[0] == before


def test_session_that_writes_sees_what_it_changed(place: Place, frozen: list[Submission]) -> None:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        manifest = freezing.manifest(session, project, 1)
        (part,) = (one for one in manifest.parts if one.responses)
        who = (session, project, part, place.residents)
        assert frozen_tables.responses(*who).n == len(frozen)
        session.execute(delete(StoredResponse).where(StoredResponse.id == frozen[0].id))
        with pytest.raises(Problem, match=r"409\.4"):
            frozen_tables.responses(*who)
