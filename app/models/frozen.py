"""Frozen datasets: which responses counted at one moment, kept as text that is never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class FrozenDataset(Base):
    """A manifest with its hash; freezing an unchanged project again gives the same row."""

    __tablename__ = "frozen_datasets"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        UniqueConstraint("project_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    manifest: Mapped[str] = mapped_column(Text)
    """Canonical JSON, kept as text: its bytes are what is hashed."""
    sha256: Mapped[str] = mapped_column(String(64))
    """SHA-256 (hex) of the manifest in UTF-8."""
    responses: Mapped[int]
    """How many responses it lists, so that a list of datasets need not read their manifests."""
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
