"""Accounts, their tablets, failed logins and the log of actions."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, UtcDateTime


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    EVALUATOR = "evaluator"
    SUPERVISOR = "supervisor"
    ENUMERATOR = "enumerator"


def one_of(column: str, values: type[StrEnum]) -> str:
    """The condition of a CHECK constraint that only these values may be stored."""
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(64))
    """Part of each session; a new one (password changed, account closed) ends all sessions."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginFailure(Base):
    """One failed login; counted per account and address, for a team shares one address."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_account_failed_at", "account", "failed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Device(Base):
    """A tablet: one enumerator in one project. The token itself is never stored.

    The evaluator hands out a code; the tablet that brings it, once, sets its own token.
    """

    __tablename__ = "devices"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    label: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Also the key with which the tablet proves what it made, see app/services/envelopes.py."""
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[Any | None] = mapped_column(Json)
    """What the tablet itself said last about what it holds, see app/services/fieldwork.py."""
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Action(Base):
    """Who did what: views of single responses, exports, edits, logins. Never changed."""

    __tablename__ = "actions"
    __table_args__ = (Index("ix_actions_project_id_at", "project_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    verb: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(128))
    details: Mapped[Any] = mapped_column(Json, default=dict)
