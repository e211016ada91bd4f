"""Entering a project: 404 for strangers, 403 for members whose role may not see the page."""

from __future__ import annotations

from typing import Any

from flask import g

from app.request import actor
from app.services import projects


def enter(db: Any, slug: str, permission: str) -> Any:
    """The project of this address, also for the templates. Raises Problem 401.2, 403.1, 404.1."""
    me = actor()
    project = projects.find(db, me, slug)
    me.require(permission)
    g.project = project
    return project
