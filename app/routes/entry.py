"""Entering a project: 404 for strangers, 403 for members whose role may not see the page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import g

from app.request import actor
from app.services import projects

SHOWN = (
    *("id", "slug", "name", "year", "client", "unit", "practice", "asks_position"),
    *("closes_on", "remark", "remarks", "base_rule"),
)


def enter(db: Any, slug: str, permission: str) -> Any:
    """The project of this address, also for the templates. Raises Problem 401.2, 403.1, 404.1.

    Templates get a copy: when a transaction is rolled back, its rows can no longer be read, and
    the page that tells of the failure still needs the project's name.
    """
    me = actor()
    project = projects.find(db, me, slug)
    me.require(permission)
    g.project = SimpleNamespace(**{name: getattr(project, name) for name in SHOWN})
    return project
