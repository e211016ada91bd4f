"""How the samples of a project were drawn and are weighted; every change is a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime


class StoredSampleDesign(Base):
    """One version of the sample design of a questionnaire, whole; never changed.

    Residents and cadres are different samples, so that each questionnaire (all versions of it
    together) has its own.
    """

    __tablename__ = "sample_designs"
    __table_args__ = (
        UniqueConstraint("project_id", "questionnaire", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    questionnaire: Mapped[str] = mapped_column(String(64))
    """The slug of the questionnaire."""
    number: Mapped[int]
    data: Mapped[Any] = mapped_column(Json)
    """See `analysis.sample_designs.SampleDesign.as_data`."""
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
