"""What tablets tell of their work besides responses: visits, and what they still hold.

A visit that can be read is stored, even where the project does not know its area: the household is
hours away. What cannot be read is refused one by one, and the tablet keeps it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import problems
from app.models import Area, Outcome, Visit
from app.problems import Problem, Reason
from app.services import areas, devices, projects
from app.services.device_times import LONGEST_MOMENT
from app.services.devices import Known
from app.services.sent import UnreadableError, read_json
from app.services.sent_faults import brief, faults_of
from surveys.definition import Audience

MOST_AT_ONCE = 500
MOST_LINES = 10_000
LARGEST_COUNT = 10_000_000
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
NO_PATTERNS = {"string_pattern_mismatch": "no_uuid"}
"""The only pattern here is that of an id."""


def _moment(text: str) -> str:
    """Raises ValueError with a key of sent_faults.FAULTS."""
    # Python reads past a NUL at the end, PostgreSQL does not.
    if len(text) > LONGEST_MOMENT or not text.isprintable() or not _has_offset(text):
        raise ValueError("no_moment")
    return text


def _has_offset(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return False


def _in_range(text: str) -> str:
    """A moment that can be moved to any time zone."""
    if not EARLIEST_YEAR <= datetime.fromisoformat(text).year <= LATEST_YEAR:
        raise ValueError("moment_out_of_range")
    return text


Id = Annotated[str, Field(pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
Moment = Annotated[
    str,
    AfterValidator(_moment),
    Field(description="ISO 8601 with offset.", json_schema_extra={"format": "date-time"}),
]
PlausibleMoment = Annotated[Moment, AfterValidator(_in_range)]
SaidAudience = Literal["recipient", "non_recipient", "cadre"]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SentVisit(_Sent):
    """One household that was called at, as a tablet sends it."""

    id: Id = Field(description="UUID made on the tablet; sent again it is known.")
    area: str | None = Field(default=None, description="Code of an area of the project.")
    audience: SaidAudience
    outcome: Literal["completed", "not_home", "refused", "replaced"]
    practice: bool | None = Field(
        default=None, description="The mode in which it took place; none: the present one."
    )
    replaces: Id | None = Field(
        default=None, description="The visit for whose household this one stands in."
    )
    response_id: Id | None = Field(default=None, description="The response that came of it.")
    visited_at: Moment = Field(
        description="ISO 8601 with offset. Kept as it came, even of a clock that is far off; "
        "nothing is reckoned with it."
    )


class FinishedIn(_Sent):
    """How many responses were finished in one area with one audience."""

    area: str | None
    audience: SaidAudience
    finished: Count


class SentReport(_Sent):
    """What a tablet says of itself. `finished` and `by` count every response of the mode
    `practice` that it ever finished, received or not; the others are of all modes."""

    finished: Count
    unsent: Count
    oldest_unsent_at: PlausibleMoment | None = Field(
        default=None, description="ISO 8601 with offset, from 2000 to 2100."
    )
    drafts: Count = 0
    persisted: bool | None = Field(
        default=None, description="Whether the browser promised not to evict what is stored."
    )
    shell: str = Field(default="", max_length=64, description="Version of the app.")
    told_at: PlausibleMoment = Field(description="ISO 8601 with offset, from 2000 to 2100.")
    practice: bool | None = Field(default=None, description="None: the project's present mode.")
    by: list[FinishedIn] = Field(default=[], max_length=MOST_LINES)


Sent = TypeVar("Sent", SentVisit, SentReport)


@dataclass(frozen=True)
class VisitOutcome:
    """What became of one visit; with a problem the tablet keeps it."""

    id: str
    status: Literal["stored", "known", "refused"]
    problem: Problem | None = None

    def as_data(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "status": self.status}
        return told | ({"problem": self.problem.as_data()} if self.problem else {})


def visits_of(body: bytes, limit_mb: int) -> list[Any]:
    """The visits of a body, each still to be read. Raises Problem 413.2 or 422.11."""
    batch = _json_of(body)
    if not isinstance(batch, dict) or not isinstance(batch.get("visits"), list) or len(batch) != 1:
        raise problems.unreadable_report(Reason("sent_shape", shape='{"visits": […]}'))
    visits: list[Any] = batch["visits"]
    if len(visits) > MOST_AT_ONCE:
        raise problems.batch_too_large(MOST_AT_ONCE, limit_mb)
    return visits


def report_of(body: bytes) -> Any:
    """Raises Problem 422.11."""
    return _json_of(body)


def take_visits(
    session: Session, now: datetime, known: Known, visits: list[Any]
) -> list[VisitOutcome]:
    """Store each visit once, in their order; one that cannot be read spoils no other.

    Whoever brings them: that the tablet itself was heard of is for its own request to note.
    """
    projects.lock(session, known.project)
    codes = {area.code: area for area in areas.all_areas(session, known.project)}
    return [_take(session, now, known, codes, visit) for visit in visits]


def take_report(session: Session, now: datetime, known: Known, report: Any) -> None:
    """Keep it in place of the one before. Raises Problem 422.11."""
    read = _read(SentReport, report)
    devices.seen(session, now, known)
    known.device.report, known.device.reported_at = read.model_dump(), now
    session.flush()


def last_report(report: Any) -> SentReport | None:
    """What a device has on record; nothing if an older app wrote it in another form."""
    try:
        return None if report is None else SentReport.model_validate(report)
    except ValidationError:
        return None


def _take(
    session: Session, now: datetime, known: Known, codes: Mapping[str, Area], given: Any
) -> VisitOutcome:
    try:
        sent = _read(SentVisit, given)
    except Problem as problem:
        return VisitOutcome(_id_of(given), "refused", problem)
    visit = _visit(now, known, codes, sent)
    try:
        with session.begin_nested():
            session.add(visit)
    except IntegrityError:
        return _known_already(session, known, sent, visit.id)
    return VisitOutcome(sent.id, "stored")


def _visit(now: datetime, known: Known, codes: Mapping[str, Area], sent: SentVisit) -> Visit:
    area = codes.get(sent.area) if sent.area else None
    return Visit(
        id=uuid.UUID(sent.id),
        project_id=known.project.id,
        device_id=known.device.id,
        enumerator_id=known.user.id,
        area_id=area.id if area else None,
        audience=Audience(sent.audience).value,
        outcome=Outcome(sent.outcome).value,
        practice=known.project.practice if sent.practice is None else sent.practice,
        replaces=uuid.UUID(sent.replaces) if sent.replaces else None,
        response_id=uuid.UUID(sent.response_id) if sent.response_id else None,
        visited_at=sent.visited_at,
        received_at=now,
    )


def _known_already(
    session: Session, known: Known, sent: SentVisit, visit_id: uuid.UUID
) -> VisitOutcome:
    stored = session.get(Visit, visit_id)
    if stored is None:
        raise RuntimeError("neither stored nor known")
    if stored.project_id == known.project.id:
        return VisitOutcome(sent.id, "known")
    problem = problems.unreadable_report(Reason("sent_elsewhere", given=sent.id))
    return VisitOutcome(sent.id, "refused", problem)


def _json_of(body: bytes) -> Any:
    try:
        return read_json(body)
    except UnreadableError as error:
        raise problems.unreadable_report(error.reason) from None


def _read(model: type[Sent], given: Any) -> Sent:
    """Raises Problem 422.11."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise problems.unreadable_report(faults_of(error, NO_PATTERNS)) from None


def _id_of(given: Any) -> str:
    found = given.get("id") if isinstance(given, dict) else None
    return brief(found) if isinstance(found, str) else ""
