"""Decisions on single responses: no content is ever lost, and effects equal a recount."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import select

from app.models import Project, Revision, Status, StoredResponse
from app.problems import Problem
from app.services import reports, review, scoring
from app.services.columns import ColumnStore, record_of
from app.services.responses import Submission

Make = Callable[..., Submission]


def act(place: Place, verb: Any, sent: Submission, *arguments: Any) -> Any:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        response = review.find(session, place.evaluator, project, sent.id)
        return verb(session, NOW, place.evaluator, project, place.residents, response, *arguments)


def row(place: Place, sent: Submission) -> StoredResponse:
    with place.database.reading() as session:
        return session.get_one(StoredResponse, sent.id)


def contents(place: Place, sent: Submission) -> list[dict[str, Any]]:
    """Every content that is kept of a response: the present one and all revisions."""
    with place.database.reading() as session:
        response = session.get_one(StoredResponse, sent.id)
        return [response.answers, *(r.answers for r in review.revisions(session, response))]


def queue(place: Place) -> list[uuid.UUID]:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        lines = review.list_responses(session, place.evaluator, project, status=Status.NEEDS_REVIEW)
    return [line.response.id for line in lines]


def assert_record_follows(place: Place, sent: Submission) -> None:
    response = row(place, sent)
    assert response.record == record_of(response, place.residents.questionnaire)


def test_decision_counts_at_once_and_is_kept_with_its_reason(
    place: Place, submission: Make
) -> None:
    sent = submission()
    place.send(sent)
    before = row(place, sent).change_seq
    for _ in range(2):  # the button pressed twice
        act(place, review.decide, sent, Status.EXCLUDED, " 重复受访 ")
    after = row(place, sent)
    assert (after.status, after.status_reason) == ("excluded", "重复受访")
    assert after.change_seq > before
    assert_record_follows(place, sent)


def test_correction_keeps_what_was_there(place: Place, submission: Make) -> None:
    first, second, third = (submission() for _ in range(3))
    place.send(first)
    act(place, review.correct, first, second.answers, "录入有误")
    act(place, review.correct, first, third.answers, "再次核对")
    assert row(place, first).answers == third.answers
    assert row(place, first).status == "accepted"
    kept = contents(place, first)
    assert all(sent.answers in kept for sent in (first, second, third))
    assert_record_follows(place, first)


def test_correction_back_and_forth_is_possible(place: Place, submission: Make) -> None:
    first, second = submission(), submission()
    place.send(first)
    for other in (second, first, second, first):
        act(place, review.correct, first, other.answers, "反复核对")
        assert row(place, first).answers == other.answers
        assert_record_follows(place, first)


def test_correction_sent_twice_is_one_revision(place: Place, submission: Make) -> None:
    first, second = submission(), submission()
    place.send(first)
    for _ in range(2):
        act(place, review.correct, first, second.answers, "录入有误")
    assert len(contents(place, first)) == 3


def test_faulty_correction_is_refused_and_changes_nothing(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    with pytest.raises(Problem) as refused:
        act(place, review.correct, sent, {**sent.answers, "q03": "Z"}, "录入有误")
    assert refused.value.code == "422.2"
    assert contents(place, sent) == [sent.answers]


def test_chosen_conflict_counts_and_the_first_content_is_kept(
    place: Place, submission: Make
) -> None:
    first = submission()
    second = submission(id=first.id, area=None, consent={"version": "2", "given": True})
    place.send(first)
    place.send(second)
    assert queue(place) == [first.id]
    act(place, review.choose, first, 1, "第二份为准")
    response = row(place, first)
    assert (response.answers, response.area_id) == (second.answers, None)
    assert response.consent == second.consent
    assert first.answers in contents(place, first)
    assert queue(place) == []
    assert place.send(second).status == "stored"
    assert place.send(first).status == "stored"
    assert_record_follows(place, first)


def test_chosen_back_and_forth_loses_nothing(place: Place, submission: Make) -> None:
    sends = [submission()]
    sends += [submission(id=sends[0].id) for _ in range(3)]
    for sent in sends:
        place.send(sent)
    for number in (3, 1, 4, 2, 3):
        act(place, review.choose, sends[0], number, "核对")
        assert all(sent.answers in contents(place, sends[0]) for sent in sends)
        assert_record_follows(place, sends[0])


@pytest.mark.parametrize("verb", ["decide", "correct"])
def test_decision_on_a_conflict_empties_the_queue(
    place: Place, submission: Make, verb: str
) -> None:
    first = submission()
    second = submission(id=first.id)
    place.send(first)
    place.send(second)
    arguments = (Status.ACCEPTED, "以第一份为准") if verb == "decide" else (first.answers, "同上")
    act(place, getattr(review, verb), first, *arguments)
    assert queue(place) == []
    assert second.answers in contents(place, first)
    assert place.send(second).status == "stored"  # decided; the same again is no new conflict
    place.send(submission(id=first.id))
    assert queue(place) == [first.id]


def test_content_for_another_questionnaire_cannot_be_chosen(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    with place.database.writing() as session:
        session.add(
            Revision(
                response_id=sent.id,
                number=1,
                kind="conflict",
                questionnaire_id=place.cadres.id,
                answers={},
                consent={},
                content_hash="x",
                reason="",
                created_at=NOW,
            )
        )
    with pytest.raises(Problem) as refused:
        act(place, review.choose, sent, 1, "核对")
    assert refused.value.code == "422.2"


def test_unknown_revision_is_not_found(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    with pytest.raises(Problem) as refused:
        act(place, review.choose, sent, 7, "核对")
    assert refused.value.code == "404.1"


def test_every_decision_needs_a_reason_and_a_reviewer(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    verbs = ((review.decide, Status.EXCLUDED), (review.correct, sent.answers), (review.choose, 1))
    for verb, argument in verbs:
        with pytest.raises(Problem) as refused:
            act(place, verb, sent, argument, "  ")
        assert refused.value.code == "422.3"
        with pytest.raises(Problem) as refused:
            act(replace(place, evaluator=place.enumerator), verb, sent, argument, "核对")
        assert refused.value.code == "403.1"


def test_parallel_decisions_leave_a_sound_record(place: Place, submission: Make) -> None:
    sent, other = submission(), submission()
    place.send(sent)
    jobs = [
        (review.decide, Status.EXCLUDED),
        (review.correct, other.answers),
        (review.decide, Status.ACCEPTED),
        (review.correct, sent.answers),
    ] * 3
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: act(place, job[0], sent, job[1], "核对"), jobs))
    assert_record_follows(place, sent)
    assert all(content.answers in contents(place, sent) for content in (sent, other))


def test_effect_of_a_decision_equals_the_recount_after_it(place: Place, submission: Make) -> None:
    sends = [submission() for _ in range(8)]
    for sent in sends:
        place.send(sent)
    store = ColumnStore()
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        response = session.get_one(StoredResponse, sends[0].id)
        foretold = review.effects(
            session, store, project, place.residents, response, Status.EXCLUDED
        )
    act(place, review.decide, sends[0], Status.EXCLUDED, "核对")
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        counted, _ = reports.responses(session, store, project, place.residents)
        recount = scoring.scores(scoring.current(session, place.residents), counted)
    assert foretold
    assert [e.after for e in foretold] == [recount[e.question][0].score for e in foretold]
    assert [e.before.base for e in foretold] == [e.after.base + 1 for e in foretold]


def test_list_is_paged_without_doubles_while_responses_arrive(
    place: Place, submission: Make
) -> None:
    sends = [submission() for _ in range(7)]
    for sent in sends:
        place.send(sent)
    seen: list[uuid.UUID] = []
    before = None
    while True:
        with place.database.reading() as session:
            project = session.get_one(Project, place.project.id)
            page = review.list_responses(session, place.evaluator, project, before=before, limit=3)
        if not page:
            break
        seen += [line.response.id for line in page]
        before = page[-1].response.arrival_no
        place.send(submission())
    assert seen == [sent.id for sent in reversed(sends)]


def test_response_is_found_by_its_code_however_it_is_typed(place: Place, submission: Make) -> None:
    sent = submission()
    code = place.send(sent).short_code
    spoken = code.replace("0", "o").replace("1", "l").lower()
    with place.database.reading() as session:
        for typed in (code, spoken, f" {code.replace('-', ' ')} ", code.replace("-", "")):
            found = review.list_responses(session, place.evaluator, place.project, code=typed)
            assert [line.response.id for line in found] == [sent.id]
        assert review.list_responses(session, place.evaluator, place.project, code="x\0") == []


def test_enumerator_sees_only_the_own_responses(place: Place, submission: Make) -> None:
    mine = submission()
    place.send(mine)
    others = replace(place, enumerator=place.evaluator)
    theirs = submission()
    others.send(theirs)
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        lines = review.list_responses(session, place.enumerator, project)
        assert [line.response.id for line in lines] == [mine.id]
        with pytest.raises(Problem) as refused:
            review.find(session, place.enumerator, project, theirs.id)
        assert refused.value.code == "404.1"


def test_response_of_another_project_is_not_found(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    with place.database.reading() as session:
        for project, key in ((place.other, sent.id), (place.project, uuid.uuid4())):
            with pytest.raises(Problem) as refused:
                review.find(session, place.evaluator, project, key)
            assert refused.value.code == "404.1"
        assert session.scalars(select(Revision)).all() == []
