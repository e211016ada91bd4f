"""What evaluators write for the report: their texts in versions, and templates of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime


class ReportTemplate(Base):
    """A .docx that was looked at and can be used; the same file is kept once, none is removed."""

    __tablename__ = "report_templates"
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


class ReportVersion(Base):
    """All texts of the report and its template after one change; never changed itself.

    `texts` is by tag of the template; `template_id` is empty for the standard template.
    """

    __tablename__ = "report_versions"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    texts: Mapped[Any] = mapped_column(Json)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("report_templates.id"))
    deed: Mapped[str] = mapped_column(String(16))
    """What was changed: texts, template or no_template."""
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
