"""Receiving responses: stored once, nothing lost, on both databases."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import func, select

from app.models import Project, Revision, RevisionKind, Status, StoredResponse
from app.problems import Problem
from app.services import responses
from app.services.responses import Submission, content_hash, receive, short_code
from surveys.definition import Audience

Make = Callable[..., Submission]


def counts(place: Place) -> tuple[int, int]:
    with place.database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(StoredResponse))
        revisions = session.scalar(select(func.count()).select_from(Revision))
    return rows or 0, revisions or 0


def stored(place: Place, submission: Submission) -> StoredResponse:
    with place.database.reading() as session:
        return session.get_one(StoredResponse, submission.id)


def test_right_response_is_accepted_and_keeps_everything(place: Place, submission: Make) -> None:
    sent = submission(
        started_at="2026-11-21T10:00:00+08:00",
        finished_at="2026-11-21T10:20:00.500+08:00",
        elapsed_ms=1_200_500,
    )
    receipt = place.send(sent)
    row = stored(place, sent)
    assert (receipt.status, receipt.created, receipt.complaints) == ("stored", True, ())
    assert (row.answers, row.consent) == (sent.answers, sent.consent)
    assert (row.started_at, row.finished_at) == (sent.started_at, sent.finished_at)
    assert (row.elapsed_ms, row.received_at) == (1_200_500, NOW)
    assert (row.area_id, row.enumerator_id) == (place.area.id, place.enumerator.user_id)
    assert row.status == Status.ACCEPTED.value


def test_stored_once_when_sent_twice(place: Place, submission: Make) -> None:
    sent = submission()
    first, second = place.send(sent), place.send(sent)
    assert replace(second, created=True) == first
    assert not second.created
    assert counts(place) == (1, 0)


@pytest.mark.parametrize(("given", "kept"), [(None, False), (True, True), (False, False)])
def test_the_mode_that_is_handed_in_goes_before_the_projects(
    place: Place, submission: Make, given: bool | None, kept: bool
) -> None:
    sent = submission(practice=given)
    place.send(sent)
    assert stored(place, sent).practice is kept


def test_parallel_identical_sends_store_one_row(place: Place, submission: Make) -> None:
    sent = submission()
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: place.send(sent), range(8)))
    assert [receipt.created for receipt in receipts].count(True) == 1
    assert {(r.short_code, r.status, r.content_hash) for r in receipts} == {
        (short_code(sent.id), "stored", receipts[0].content_hash)
    }
    assert counts(place) == (1, 0)


def test_parallel_conflicting_sends_lose_no_content(place: Place, submission: Make) -> None:
    one = submission()
    sends = [submission(id=one.id) for _ in range(4)] * 2
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(place.send, sends))
    assert counts(place) == (1, 3)
    first = stored(place, one).content_hash
    assert {r.content_hash for r in receipts} == {first}
    with place.database.reading() as session:
        hashes = {*session.scalars(select(Revision.content_hash)), first}
    published = place.residents
    assert hashes == {
        content_hash(published, "recipient", "01", s.answers, s.consent) for s in sends
    }


def test_same_id_with_other_answers_is_kept_as_one_revision(place: Place, submission: Make) -> None:
    first = submission()
    second = submission(id=first.id)
    place.send(first)
    assert [place.send(second).status for _ in range(3)] == ["conflict"] * 3
    assert counts(place) == (1, 1)
    with place.database.reading() as session:
        revision = session.scalars(select(Revision)).one()
        row = session.get_one(StoredResponse, first.id)
    assert (revision.kind, revision.answers) == (RevisionKind.CONFLICT.value, second.answers)
    assert row.answers == first.answers
    assert row.status == Status.ACCEPTED.value  # the first content counts until someone decides
    assert place.send(first).status == "stored"


def test_other_consent_is_other_content(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    receipt = place.send(replace(sent, consent={"version": "1", "given": False}))
    assert receipt.status == "conflict"
    with place.database.reading() as session:
        assert session.scalars(select(Revision)).one().consent == {"version": "1", "given": False}


def test_rule_breaker_is_stored_for_review(place: Place, submission: Make) -> None:
    sent = submission()
    answers = {**sent.answers, "q03": "Z", "made_up": "x"}
    receipt = place.send(replace(sent, answers=answers))
    row = stored(place, sent)
    assert (receipt.status, row.status) == ("needs_review", "needs_review")
    assert row.answers == answers
    assert {c["code"] for c in receipt.complaints} >= {"unknown_option", "unknown_question"}
    assert place.send(replace(sent, answers=answers)).status == "needs_review"


@pytest.mark.parametrize(
    "value",
    ["\0", "a\0b", "😀 emoji 👨‍👩‍👧", "\ud800 half", 10**400, -(2**70), 1e308, True, None],
    ids=["nul", "inner nul", "emoji", "surrogate", "huge", "negative", "float", "bool", "null"],
)
def test_whatever_arrives_is_kept(place: Place, submission: Make, value: Any) -> None:
    sent = submission()
    answers = {**sent.answers, "q03": value, "note\0": {"deep": [value, {"x": value}]}}
    place.send(replace(sent, answers=answers))
    kept = stored(place, sent).answers
    assert kept.get("q03") == value
    assert kept["note\0"] == {"deep": [value, {"x": value}]}
    assert place.send(replace(sent, answers=answers)).created is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("started_at", "yesterday"),
        ("started_at", "2026-11-21T10:00:00"),
        ("finished_at", "2026-11-21T10:00:00+08:00\0"),
        ("finished_at", "2026-11-21T10:00:00." + "0" * 99 + "+08:00"),
        ("elapsed_ms", -1),
        ("elapsed_ms", 10**30),
    ],
)
def test_impossible_time_is_a_complaint_and_no_failure(
    place: Place, submission: Make, name: str, value: Any
) -> None:
    sent = submission(**{name: value})
    receipt = place.send(sent)
    assert receipt.status == "needs_review"
    assert [(c["key"], c["code"]) for c in receipt.complaints] == [(name, "malformed_time")]
    assert getattr(stored(place, sent), name) is None


def test_id_of_another_project_is_not_found(place: Place, submission: Make) -> None:
    sent = submission()
    place.send(sent)
    with pytest.raises(Problem) as refused:
        place.send(sent, project=place.other)
    assert refused.value.code == "404.1"
    assert counts(place) == (1, 0)


def test_nothing_is_stored_when_the_transaction_fails(place: Place, submission: Make) -> None:
    with pytest.raises(ZeroDivisionError), place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        receive(session, NOW, place.enumerator, project, place.residents, submission())
        raise ZeroDivisionError
    assert counts(place) == (0, 0)


def test_content_hash_does_not_depend_on_order(place: Place) -> None:
    one = {"q01": "A", "q04": ["A", "B"], "text": "é😀"}
    other = dict(reversed(one.items()))
    consent = {"version": "1", "given": True}
    hashes = {
        content_hash(place.residents, "recipient", "01", answers, given)
        for answers in (one, other)
        for given in (consent, dict(reversed(consent.items())))
    }
    assert len(hashes) == 1
    assert hashes != {content_hash(place.cadres, "recipient", "01", one, consent)}
    assert hashes != {content_hash(place.residents, "recipient", None, one, consent)}


def test_form_and_json_of_the_same_answers_are_the_same_content(
    place: Place, submission: Make
) -> None:
    """A number typed into a form is text there and a number in JSON; both are checked to one."""
    sent = submission()
    place.send(sent)
    as_text = {key: [*v] if isinstance(v, list) else f" {v} " for key, v in sent.answers.items()}
    assert place.send(replace(sent, answers=as_text)).status == "stored"
    assert counts(place) == (1, 0)


def test_change_numbers_grow_with_every_change(place: Place, submission: Make) -> None:
    sends = [submission() for _ in range(5)]
    for sent in sends:
        place.send(sent)
    rows = [stored(place, sent) for sent in sends]
    arrivals = [row.arrival_no for row in rows]
    assert arrivals == sorted(set(arrivals))
    assert [row.change_seq for row in rows] == arrivals


def test_parallel_senders_get_different_numbers(place: Place, submission: Make) -> None:
    sends = [submission() for _ in range(24)]
    with ThreadPoolExecutor(6) as pool:
        assert all(receipt.created for receipt in pool.map(place.send, sends))
    numbers = [stored(place, sent).change_seq for sent in sends]
    assert len(set(numbers)) == 24


def test_short_code_can_be_read_out() -> None:
    code = short_code(uuid.UUID("6f1c0b0e-6b55-5c1e-9a55-2b8c1d1f7a10"))
    assert re.fullmatch(f"[{responses.SHORT_CODE_ALPHABET}]{{5}}-[0-9A-Z]{{5}}", code)
    assert not set("ILOU") & set(responses.SHORT_CODE_ALPHABET)
    codes = {short_code(uuid.UUID(int=number)) for number in range(5000)}
    assert len(codes) == 5000


def test_practice_mode_marks_what_arrives(place: Place, submission: Make) -> None:
    with place.database.writing() as session:
        session.get_one(Project, place.project.id).practice = True
    sent = submission()
    place.send(sent)
    assert stored(place, sent).practice is True


def test_unknown_audience_is_accepted_as_unknown(place: Place, submission: Make) -> None:
    sent = submission()
    wrong = submission(audience=Audience.CADRE)
    assert place.send(replace(sent, audience=None)).status == "stored"
    assert {c["code"] for c in place.send(wrong).complaints} >= {"wrong_audience"}
