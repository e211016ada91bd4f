"""The evaluation of a project: its frameworks, every version of its scorecard, and evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime


class StoredFramework(Base):
    """The text of an indicator framework as a project chose it; another choice is a new row."""

    __tablename__ = "frameworks"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(1000))
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[str] = mapped_column(Text)
    """YAML, byte for byte as it was read."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ScorecardVersion(Base):
    """Everything that was typed into a scorecard, whole, after one change; never changed.

    `data` has the parts of a measures file, and `files`: indicator -> ids of its evidence.
    """

    __tablename__ = "scorecard_versions"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    framework_id: Mapped[int] = mapped_column(ForeignKey("frameworks.id"))
    scheme: Mapped[str] = mapped_column(String(64))
    data: Mapped[Any] = mapped_column(Json)
    deed: Mapped[str] = mapped_column(String(16))
    """What was changed: framework, measure, clear, funds or import."""
    subject: Mapped[str] = mapped_column(String(128), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class EvidenceFile(Base):
    """A file of the working papers (佐证材料); the same file is kept once, and none is removed."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        UniqueConstraint("project_id", "sha256", "name"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
