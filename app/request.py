"""What a request knows: its database sessions, its clock, who acts and in which language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import current_app, g, request, session, url_for
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session

import config
from app import problems
from app.models import Role, User
from app.services import accounts
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.database import Database
from app.services.quality import FlagStore
from surveys.definition import Audience

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
login_manager = LoginManager()


class LoggedIn(UserMixin):  # type: ignore[misc]
    """The account behind a session; its id names the session key, so that re-keying ends it."""

    def __init__(self, user: User) -> None:
        self.id = f"{user.id}:{user.session_key}"
        self.actor = accounts.actor_of(user)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load_user(identity: str) -> LoggedIn | None:
    user_id, _, session_key = identity.partition(":")
    if not user_id.isdigit():
        return None
    with reading() as db:
        user = accounts.by_session(db, int(user_id), session_key)
    return LoggedIn(user) if user else None


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _unauthorized() -> None:
    raise problems.login_needed()


def database() -> Database:
    return cast(Database, current_app.extensions["manyi.database"])


def columns() -> ColumnStore:
    return cast(ColumnStore, current_app.extensions["manyi.columns"])


def flags() -> FlagStore:
    return cast(FlagStore, current_app.extensions["manyi.flags"])


def settings() -> config.Settings:
    return cast(config.Settings, current_app.extensions["manyi.settings"])


def now() -> datetime:
    return cast(datetime, current_app.extensions["manyi.clock"]())


@contextmanager
def reading() -> Iterator[Session]:
    with database().reading() as db:
        yield db


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction; committed when the block ends, so make the answer after it."""
    with database().writing() as db:
        yield db


def actor() -> Actor:
    """Who is logged in. Raises Problem 401.2."""
    if not current_user.is_authenticated:
        raise problems.login_needed()
    return cast(Actor, current_user.actor)


def language() -> str:
    """`zh` or `en`: what the person chose, else what the server is set to."""
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else str(current_app.config["LANGUAGE"])


def choose_language() -> str:
    return LANGUAGES[language()] if request else LANGUAGES["zh"]


def audience_name(audience: Audience | str | None) -> str:
    names = {
        Audience.RECIPIENT.value: gettext("低保户"),
        Audience.NON_RECIPIENT.value: gettext("非低保户"),
        Audience.CADRE.value: gettext("干部"),
    }
    return str(names.get(str(audience or ""), gettext("未注明")))


def role_name(role: Role | str) -> str:
    names = {
        Role.ADMINISTRATOR.value: gettext("系统管理员"),
        Role.EVALUATOR.value: gettext("评价人员"),
        Role.SUPERVISOR.value: gettext("督导"),
        Role.ENUMERATOR.value: gettext("调查员"),
    }
    return str(names[str(role)])


def asset(filename: str) -> str:
    """Address of a static file with its time of change, so that caches follow an update."""
    changed = (Path(current_app.static_folder or "") / filename).stat().st_mtime_ns
    return url_for("static", filename=filename, v=f"{changed // 10**9:x}")


def template_context() -> dict[str, Any]:
    """Names that every template may use."""
    return {
        "actor": current_user.actor if current_user.is_authenticated else None,
        "language": language(),
        "project": g.get("project"),
        "audience_name": audience_name,
        "role_name": role_name,
        "asset": asset,
    }
