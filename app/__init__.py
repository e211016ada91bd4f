"""The web application. Only its name is here: commands that need no pages are quick to start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    import config

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: config.Settings | None = None, clock: Clock = utc_now) -> Flask:
    """Raises SettingError if a setting is missing or wrong."""
    from app.wiring import wired

    return wired(settings, clock)
