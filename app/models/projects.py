"""An evaluation: its people, areas, sample plan, published questionnaires and scoring plans."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime
from app.models.people import one_of
from surveys.definition import Audience


class Project(Base):
    __tablename__ = "projects"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    client: Mapped[str] = mapped_column(String(128), default="")
    """委托单位"""
    unit: Mapped[str] = mapped_column(String(128), default="")
    """项目单位"""
    year: Mapped[int]
    practice: Mapped[bool] = mapped_column(default=False)
    """练习: everything is marked 模拟数据 and what arrives meanwhile never counts later."""
    remark: Mapped[str] = mapped_column(Text, default="")
    """Printed under the title of every table and file of the project."""
    base_rule: Mapped[str] = mapped_column(String(16), default="answered")
    asks_position: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether tablets offer to record where an interview took place; only with consent."""
    closes_on: Mapped[date | None]
    """The last day of fieldwork in China; later interviews are kept for review."""
    change_seq: Mapped[int] = mapped_column(default=0)
    """Moved inside each transaction that changes a response; its row lock orders the commits."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remark in its lines."""
        return tuple(filter(None, self.remark.split("\n")))


class Membership(Base):
    __tablename__ = "memberships"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)


class Setting(StrEnum):
    """城乡: whether an area is urban or rural."""

    URBAN = "urban"
    RURAL = "rural"


class Area(Base):
    """县 → 乡镇 → 村; `parent_id` is empty at the top."""

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        CheckConstraint(one_of("setting", Setting), name="setting"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    setting: Mapped[str | None] = mapped_column(String(8))
    """A `Setting`; none is that of the nearest area above which has one."""


class PlannedSample(Base):
    """How many interviews are planned for one area and audience."""

    __tablename__ = "planned_samples"
    __table_args__ = (
        CheckConstraint("planned >= 0", name="planned"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
    )

    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    planned: Mapped[int]


class PublishedQuestionnaire(Base):
    """A questionnaire version as published in a project: never changed, accepted for ever.

    `offered` says whether new interviews are begun with it.
    """

    __tablename__ = "published_questionnaires"
    __table_args__ = (
        UniqueConstraint("project_id", "slug", "version"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    slug: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(1000))
    definition: Mapped[str] = mapped_column(Text)
    """Canonical JSON, kept as text: it is parsed once per process and compared as it stands."""
    offered: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class StoredPlan(Base):
    """One version of the scoring plan of a question; a change is a new row."""

    __tablename__ = "scoring_plans"
    __table_args__ = (UniqueConstraint("questionnaire_id", "question", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("published_questionnaires.id"))
    question: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    plan: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ProjectKey(Base):
    """The key pair for which tablets seal what they finished; the newest is handed out.

    The private key lies beside the answers that it opens, so that a backup of the database can
    always be restored whole.
    """

    __tablename__ = "project_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Begin of the SHA-256 (hex) of the public key."""
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """A point of P-256, 65 bytes, uncompressed."""
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    """PKCS #8, DER."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
