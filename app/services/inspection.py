"""One response laid open for a reviewer: answers in words, contents side by side, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.models import Action, Area, Project, Revision, StoredResponse, User
from app.models import Status as Status
from app.services import log, questionnaires, review
from app.services.answers_in_words import Content, Line, side_by_side
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.review import Effect
from surveys.definition import Audience


@dataclass(frozen=True)
class Version:
    """A content besides the present one; `is_present` if it says the same.

    `other_questionnaire` names the questionnaire if it is not that of the response.
    """

    revision: Revision
    area: str
    author: str
    is_present: bool
    other_questionnaire: str = ""


@dataclass(frozen=True)
class Inspected:
    """`lines` have the present content first, then one per version."""

    response: StoredResponse
    published: Published
    area: str
    enumerator: str
    versions: tuple[Version, ...]
    lines: Sequence[Line]
    history: Sequence[tuple[Action, str | None]]

    @property
    def conflicts(self) -> int:
        return sum(version.revision.kind == "conflict" for version in self.versions)

    def complaints_on(self, code: str) -> list[dict[str, Any]]:
        """Those on this question or one of its notes."""
        own = (code, f"{code}_")
        return [c for c in self.response.complaints if c["key"] == own[0] or _of(c, own[1])]

    @property
    def other_complaints(self) -> list[dict[str, Any]]:
        """Those on no question that is listed, such as an unknown area."""
        listed = [c for line in self.lines for c in self.complaints_on(line.code)]
        return [complaint for complaint in self.response.complaints if complaint not in listed]


@dataclass(frozen=True)
class Decision:
    """What a decision that can be taken now would do to the scores."""

    status: Status
    effects: Sequence[Effect]


def inspect(session: Session, project: Project, response: StoredResponse) -> Inspected:
    published = questionnaires.by_id(session, response.questionnaire_id)
    revisions = review.revisions(session, response)
    contents = [
        Content(response.answers, _audience(response.audience)),
        *(Content(revision.answers, _audience(revision.audience)) for revision in revisions),
    ]
    return Inspected(
        response=response,
        published=published,
        area=_area_name(session, response.area_id),
        enumerator=_person(session, response.enumerator_id),
        versions=tuple(_version(session, revision, response) for revision in revisions),
        lines=side_by_side(published.questionnaire, contents),
        history=log.about(session, project, str(response.id)),
    )


def effects_of_deciding(
    session: Session, store: ColumnStore, project: Project, seen: Inspected
) -> list[Decision]:
    """For each status that a reviewer may give and that the response does not have."""
    return [
        Decision(
            status,
            review.effects(session, store, project, seen.published, seen.response, status),
        )
        for status in (Status.ACCEPTED, Status.EXCLUDED)
        if status.value != seen.response.status
    ]


def _version(session: Session, revision: Revision, response: StoredResponse) -> Version:
    other = ""
    if revision.questionnaire_id != response.questionnaire_id:
        published = questionnaires.by_id(session, revision.questionnaire_id)
        other = published.questionnaire.reference
    return Version(
        revision,
        _area_name(session, revision.area_id),
        _person(session, revision.created_by),
        revision.content_hash == response.content_hash,
        other,
    )


def _audience(value: str | None) -> Audience | None:
    return Audience(value) if value else None


def _of(complaint: dict[str, Any], prefix: str) -> bool:
    return str(complaint["key"]).startswith(prefix)


def _area_name(session: Session, area_id: int | None) -> str:
    area = session.get(Area, area_id) if area_id else None
    return area.name if area else ""


def _person(session: Session, user_id: int | None) -> str:
    user = session.get(User, user_id) if user_id else None
    return user.display_name if user else ""
