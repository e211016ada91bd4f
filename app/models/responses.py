"""Responses, every content that one ever had, and what could not be read."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime
from app.models.people import one_of
from surveys.definition import Audience


class Status(StrEnum):
    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    EXCLUDED = "excluded"


class RevisionKind(StrEnum):
    """Why a content is kept: it was replaced, it awaits or has had a decision, or it corrects."""

    REPLACED = "replaced"
    CONFLICT = "conflict"
    DECIDED = "decided"
    CORRECTION = "correction"


class StoredResponse(Base):
    """One filled questionnaire; `answers` is the truth, `record` is derived from the row.

    `arrival_no` numbers the responses of a project as they arrived and never moves; `change_seq`
    moves to the front with every change, so that a reader fetches only what is new.
    """

    __tablename__ = "responses"
    __table_args__ = (
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
        UniqueConstraint("project_id", "arrival_no"),
        Index("ix_responses_short_code", "short_code"),
        Index("ix_responses_enumerator_id", "enumerator_id"),
        Index("ix_responses_changes", "questionnaire_id", "change_seq").ddl_if("postgresql"),
        # On SQLite the index carries the record, so that loading never touches the wide rows. A
        # PostgreSQL index entry may have at most 2,704 bytes and a long record would be refused.
        Index("ix_responses_records", "questionnaire_id", "change_seq", "record").ddl_if("sqlite"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("published_questionnaires.id"))
    arrival_no: Mapped[int]
    change_seq: Mapped[int]
    short_code: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str | None] = mapped_column(String(16))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    enumerator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))
    practice: Mapped[bool]
    status: Mapped[str] = mapped_column(String(16))
    status_reason: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[Any] = mapped_column(Json)
    complaints: Mapped[Any] = mapped_column(Json, default=list)
    consent: Mapped[Any] = mapped_column(Json)
    external_id: Mapped[str | None] = mapped_column(String(64))
    """The id in the file that it was imported from."""
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[bytes] = mapped_column(LargeBinary)
    record_layout: Mapped[int]
    started_at: Mapped[str | None] = mapped_column(String(40))
    """As the tablet says, ISO 8601 with offset; never used for order."""
    finished_at: Mapped[str | None] = mapped_column(String(40))
    elapsed_ms: Mapped[int | None]
    position: Mapped[Any | None] = mapped_column(Json)
    """{latitude, longitude, accuracy_m} where the respondent agreed to it; else none."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecordChunk(Base):
    """The records of one questionnaire whose change_seq lay in (after, upto], laid end to end.

    Never changed: a response that changes later gets a newer number, and whoever loads takes the
    newest record of each. Only there to be loaded fast; everything in it stands in `responses`.
    """

    __tablename__ = "record_chunks"

    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("published_questionnaires.id"), primary_key=True
    )
    after: Mapped[int] = mapped_column(primary_key=True)
    upto: Mapped[int]
    record_layout: Mapped[int]
    records: Mapped[bytes] = mapped_column(LargeBinary)


class Revision(Base):
    """One content of a response that has had more than one; nothing is overwritten."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        CheckConstraint(one_of("kind", RevisionKind), name="kind"),
        # The same second content may arrive many times; it waits for a decision once.
        Index(
            "uq_revisions_waiting",
            "response_id",
            "content_hash",
            unique=True,
            sqlite_where=text("kind = 'conflict'"),
            postgresql_where=text("kind = 'conflict'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("published_questionnaires.id"))
    audience: Mapped[str | None] = mapped_column(String(16))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    answers: Mapped[Any] = mapped_column(Json)
    consent: Mapped[Any] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Quarantined(Base):
    """A body that could not even be read; kept to be looked at and replayed.

    The same body of the same device is kept once, however often a tablet sends it again.
    """

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("device_id", "body_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    response_id: Mapped[str | None] = mapped_column(Text)
    """As it was given, which may be no UUID at all; none for the body of a whole batch."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_hash: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(8))
    """Of app/problems.py: what the tablet was told."""
    reason: Mapped[str] = mapped_column(Text)
    replayed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the content was taken in after all."""
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody found that nothing need be done about it; kept all the same."""
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None also for the command line."""
    dismissed_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
