"""What happens around the interviews: who goes where, visits and their outcomes, paper forms."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime
from app.models.people import one_of
from surveys.definition import Audience


class Outcome(StrEnum):
    """What became of a visit: 完成, 无人在家, 拒访, 换户."""

    COMPLETED = "completed"
    NOT_HOME = "not_home"
    REFUSED = "refused"
    REPLACED = "replaced"


class Assignment(Base):
    """How many interviews an enumerator is to do in an area with an audience."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), primary_key=True, index=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    quantity: Mapped[int]


class Visit(Base):
    """One household that was called at. Its id is made on the tablet; it is never changed.

    `replaces` is the visit whose household this one stands in for. The tablet may hand that one in
    later, hence no foreign key; the same holds for `response_id`.
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
        Index("ix_visits_project_id_enumerator_id", "project_id", "enumerator_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))
    enumerator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    audience: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    practice: Mapped[bool]
    replaces: Mapped[uuid.UUID | None]
    response_id: Mapped[uuid.UUID | None]
    visited_at: Mapped[str] = mapped_column(String(40))
    """As the tablet says, ISO 8601 with offset."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaperForms(Base):
    """How many forms on paper were handed out in an area to an audience."""

    __tablename__ = "paper_forms"
    __table_args__ = (
        CheckConstraint("handed_out >= 0", name="handed_out"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
    )

    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    handed_out: Mapped[int]
