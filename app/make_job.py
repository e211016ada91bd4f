"""`python -m app.make_job ID FOLDER`: does the work of one job, in a process of its own.

It only reads the database. What it has to tell it writes to standard output, one JSON object a
line, and whoever started it keeps the books: {"done", "total"}, at the end {"files"} or {"error"}.
It ends when its standard input does, so that nobody works for a server that is gone.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import config
from analysis.refusals import CannotComputeError
from analysis.tabulate import UnknownGroupingError
from app.models import Job, Project
from app.problems import Problem
from app.services import group_reports
from app.services.columns import ColumnStore
from app.services.database import Database
from app.services.group_reports import Wanted

NICE = 10
"""Pages go first."""
UNEXPECTED = (
    "制作时出错，已存的数据没有影响。请重新开始；如再次出现，请把时间告诉管理员",
    "Something went wrong; stored data are not touched. Start again, and tell the administrator "
    "the time if that does not help",
)
Files = list[tuple[str, int]]


def main(job_id: str, folder: str) -> None:
    threading.Thread(target=_end_with_input, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    os.umask(0o077)
    database = Database(config.load(os.environ).database_url)
    try:
        with database.reading() as session:
            _say(files=make(session, uuid.UUID(job_id), Path(folder)))
    except Exception as error:
        _say(error=_reason(error))
    finally:
        database.close()


def make(session: Session, job_id: uuid.UUID, folder: Path) -> Files:
    """The files of this job, written into the folder."""
    job = session.get_one(Job, job_id)
    project = session.get_one(Project, job.project_id)
    return KINDS[job.kind](session, project, job.arguments, folder)


def _group_report(session: Session, project: Project, data: Any, folder: Path) -> Files:
    wanted = Wanted.from_data(data)
    report = group_reports.report_of(session, ColumnStore(), project, wanted)
    session.rollback()  # the snapshot is not needed while the files are written
    return group_reports.write_files(report, folder, wanted, told=_tell)


def _tell(done: int, total: int) -> None:
    _say(done=done, total=total)


def _say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, Problem):
        return _in(error, "zh"), _in(error, "en")
    if isinstance(error, CannotComputeError):
        return error.text("zh"), error.text("en")
    if isinstance(error, UnknownGroupingError):
        return "不能按所选项目分组，请重新选择", "This grouping is not there any more; choose again"
    logging.getLogger(__name__).error("a job failed", exc_info=error)
    return UNEXPECTED


def _in(problem: Problem, language: str) -> str:
    return "\n".join((problem.text(language), *problem.lines_in(language)))


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


KINDS: dict[str, Callable[[Session, Project, Any, Path], Files]] = {
    group_reports.KIND: _group_report
}

if __name__ == "__main__":
    main(*sys.argv[1:3])
