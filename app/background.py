"""Work in the background of a serving process: the runner of jobs, joined to the application."""

from __future__ import annotations

import os
from typing import Any

import config
from app.services import jobs
from app.services.job_runner import JobRunner


def job_runner(app: Any, **changed: Any) -> JobRunner:
    """A runner with the database and the clock of this application; not started."""
    settings: config.Settings = app.extensions["manyi.settings"]
    named = {"DATABASE_URL": settings.database_url, "MANYI_DATA_DIR": str(settings.data_dir)}
    return JobRunner(
        database=app.extensions["manyi.database"],
        folder=jobs.folder(settings.data_dir),
        clock=app.extensions["manyi.clock"],
        environment={**os.environ, **named},
        **changed,
    )
