"""Takes waiting jobs, one at a time, and has each done by a process of its own.

The process writes files and says how far it is; only the runner writes to the database.
"""

from __future__ import annotations

import json
import logging
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.services import jobs
from app.services.database import Database
from app.services.jobs import Claim

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "app.make_job")
LOOK_SECONDS = 2.0
"""How often an idle runner looks for work: one short query."""
TELL_SECONDS = 1.0
LONGEST = timedelta(minutes=60)
SWEEP_SECONDS = 3600.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TOO_LONG = (
    "超过60分钟仍未完成，已停止。请减少内容或换组数少的分组后重试",
    "It took over 60 minutes and was stopped. Choose fewer parts or groups",
)
ENDED = (
    "制作进程意外结束（可能内存或磁盘不足），没有完成。请重试；如再次出现，请联系管理员",
    "The process ended before it was done (memory or disk may be short). Try again, and tell the "
    "administrator if that does not help",
)


@dataclass
class JobRunner:
    """`folder` is where the files of jobs lie; `environment` is that of the processes.

    `work_once` does one job and returns; `start` keeps doing that in a thread of its own.
    """

    database: Database
    folder: Path
    clock: Callable[[], datetime]
    environment: Mapping[str, str]
    command: Sequence[str] = COMMAND
    longest: timedelta = LONGEST
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> threading.Thread:
        """To be called in each serving process, after it was forked."""
        thread = threading.Thread(target=self._work, name="manyi-jobs", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Ends the thread; what runs is stopped and waits for another runner."""
        self._stopped.set()

    def _work(self) -> None:
        swept = -SWEEP_SECONDS
        while not self._stopped.is_set():
            try:
                if time.monotonic() - swept >= SWEEP_SECONDS:
                    self.sweep()
                    swept = time.monotonic()
                if self.work_once():
                    continue
            except Exception:  # the database may be away for a while
                logger.exception("the runner of jobs met an error")
            self._stopped.wait(LOOK_SECONDS)

    def sweep(self) -> None:
        """Forget what is old, rows and files."""
        with self.database.writing() as session:
            jobs.sweep(session, self.clock())
        with self.database.reading() as session:
            jobs.remove_files(session, self.folder)

    def work_once(self) -> bool:
        """Do the oldest waiting job, if none runs; whether there was one."""
        with self.database.reading() as session:
            if not jobs.has_work(session, self.clock()):
                return False
        with self.database.writing() as session:
            claim = jobs.claim_next(session, self.clock())
        if claim is None:
            return False
        draft = jobs.draft(self.folder, claim)
        draft.mkdir(mode=0o700, parents=True)
        try:
            self._do(claim, draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return True

    def _do(self, claim: Claim, draft: Path) -> None:
        last = self._run(claim, draft)
        if last is None:
            return
        with self.database.writing() as session:
            if "files" in last:
                self._publish(session, claim, draft, last["files"])
                return
            zh, en = last.get("error", ENDED)
            jobs.fail(session, self.clock(), claim, (zh, en))

    def _publish(self, session: Session, claim: Claim, draft: Path, files: Any) -> None:
        """Moved before the commit: a job that is done without its files could not be mended, while
        files of one that is not done are replaced by the next attempt."""
        if jobs.finish(session, self.clock(), claim, files):
            final = self.folder / str(claim.job_id)
            shutil.rmtree(final, ignore_errors=True)
            draft.replace(final)

    def _run(self, claim: Claim, draft: Path) -> dict[str, Any] | None:
        """What the process said last; None where nobody wants to know any more."""
        command = [*self.command, str(claim.job_id), str(draft)]
        environment = {**self.environment, **ONE_THREAD}
        with subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            try:
                return self._follow(claim, _lines(process))
            finally:
                process.kill()

    def _follow(self, claim: Claim, lines: queue.Queue[bytes | None]) -> dict[str, Any] | None:
        done, total, told = 0, 0, 0.0
        until = time.monotonic() + self.longest.total_seconds()
        while not self._stopped.is_set():
            said = _next(lines)
            if "files" in said or "error" in said:
                return said
            if "ended" in said:
                return {}
            done, total = said.get("done", done), said.get("total", total)
            now = time.monotonic()
            if now >= until:
                return {"error": TOO_LONG}
            if now - told >= TELL_SECONDS:
                told = now
                if not self._tell(claim, done, total):
                    return None
        return None

    def _tell(self, claim: Claim, done: int, total: int) -> bool:
        with self.database.writing() as session:
            return jobs.tell(session, self.clock(), claim, done, total)


def _lines(process: subprocess.Popen[bytes]) -> queue.Queue[bytes | None]:
    """What the process writes, as it comes; None at its end."""
    found: queue.Queue[bytes | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout or ():
            found.put(line)
        found.put(None)

    threading.Thread(target=read, daemon=True).start()
    return found


def _next(lines: queue.Queue[bytes | None]) -> dict[str, Any]:
    """The next thing said, nothing for a second of silence; noise that is no JSON is skipped."""
    try:
        line = lines.get(timeout=TELL_SECONDS)
    except queue.Empty:
        return {}
    if line is None:
        return {"ended": True}
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
