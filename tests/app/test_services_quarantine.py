"""What waits in quarantine and what does not, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from places import NOW, Place

from app.models import Project, Quarantined
from app.problems import Problem
from app.services import quarantine
from app.services.access import Actor
from app.services.responses import Submission


def aside(place: Place, given_id: str | None, minutes: int = -1) -> int:
    """Number of a body that came so many minutes after NOW."""
    with place.database.writing() as session:
        row = Quarantined(
            received_at=NOW + timedelta(minutes=minutes),
            project_id=place.project.id,
            response_id=given_id,
            body=b"x",
            body_hash=str(given_id)[:64],
            code="422.5",
            reason="",
        )
        session.add(row)
        session.flush()
        return row.id


def states(place: Place) -> list[str]:
    with place.database.reading() as session:
        both = (quarantine.waiting, quarantine.settled)
        found = [kept for look in both for kept in look(session, place.evaluator)]
        project = session.get_one(Project, place.project.id)
        waiting = quarantine.count_waiting(session, project)
    assert [kept.state for kept in found].count("waiting") == waiting
    return [kept.state for kept in sorted(found, key=lambda kept: kept.row.id)]


def dismiss(place: Place, number: int, reason: str, actor: Actor | None = None) -> None:
    with place.database.writing() as session:
        kept = quarantine.find(session, place.evaluator, None, number)
        quarantine.dismiss(session, NOW, actor or place.evaluator, kept, reason)


def test_only_what_came_before_its_response_is_settled_by_it(
    place: Place, submission: Callable[..., Submission]
) -> None:
    stored = place.send(submission()).id
    given = (str(stored), stored.hex.upper(), str(uuid.uuid4()), "", "x" * 200, None)
    for one in given:
        aside(place, one)
    assert states(place) == ["stored", "stored", "waiting", "waiting", "waiting", "waiting"]


def test_other_content_that_came_after_its_response_waits(
    place: Place, submission: Callable[..., Submission]
) -> None:
    aside(place, str(place.send(submission()).id), minutes=1)
    assert states(place) == ["waiting"]


def test_dismissed_row_is_kept_with_its_first_reason(place: Place) -> None:
    number = aside(place, "x")
    for reason in (" 半份\0 ", "另一个理由"):
        dismiss(place, number, reason)
    with place.database.reading() as session:
        kept = quarantine.find(session, place.evaluator, None, number)
    assert (kept.state, kept.row.dismissed_reason, kept.row.dismissed_at) == (
        "dismissed",
        "半份?",
        NOW,
    )
    assert (kept.row.dismissed_by, kept.dismisser) == (place.evaluator.user_id, "alpha-evaluator")
    assert states(place) == ["dismissed"]


def test_dismissing_wants_a_reason_and_a_reviewer(place: Place) -> None:
    number = aside(place, "x")
    for reason, actor, code in (("", place.evaluator, "422.3"), ("x", place.enumerator, "403.1")):
        with pytest.raises(Problem) as refused:
            dismiss(place, number, reason, actor)
        assert refused.value.code == code
    assert states(place) == ["waiting"]
