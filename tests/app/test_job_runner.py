"""The runner of jobs with real processes: done, failed, ended early, cancelled, too slow."""

from __future__ import annotations

import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from app.background import job_runner
from app.models import Job
from app.services import jobs, projects
from app.services.access import COMMAND_LINE
from app.services.job_runner import JobRunner
from app.services.jobs import Claim
from tests.app.filled import database
from tests.conftest import NOW, World

WRITE = "import pathlib, sys; pathlib.Path(sys.argv[2], 'a.txt').write_text('whole');"
SAY = "import json; print(json.dumps({}), flush=True);"


def runner(world: World, script: str, **changed: Any) -> JobRunner:
    """One whose processes run this script: argv is the job's id and the folder."""
    return job_runner(world.app, command=(sys.executable, "-c", script), **changed)


def say(**told: Any) -> str:
    return SAY.format(repr(told))


def ask(world: World, **arguments: Any) -> uuid.UUID:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        return jobs.ask(session, NOW, COMMAND_LINE, project, "group-report", arguments).id


def stored(world: World, job_id: uuid.UUID) -> Job:
    with database(world.app).reading() as session:
        found: Job = session.get_one(Job, job_id)
        return found


def cancel(world: World, job_id: uuid.UUID) -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        jobs.cancel(session, NOW, COMMAND_LINE, project, job_id)


def test_files_of_a_finished_process_are_kept_for_their_owner_only(world: World) -> None:
    job_id = ask(world)
    made = runner(world, WRITE + say(done=1, total=2) + say(files=[["a.txt", 5]]))
    assert made.work_once() is True
    assert stored(world, job_id).state == "done"
    folder = made.folder / str(job_id)
    assert (folder / "a.txt").read_text() == "whole"
    assert folder.stat().st_mode & 0o077 == 0


def test_nothing_to_do_is_told(world: World) -> None:
    assert runner(world, "").work_once() is False


def test_reason_of_a_failure_is_kept_in_both_languages(world: World) -> None:
    job_id = ask(world)
    made = runner(world, WRITE + say(error=["没有答卷", "no responses"]))
    made.work_once()
    job = stored(world, job_id)
    assert (job.state, job.error_zh, job.error_en) == ("failed", "没有答卷", "no responses")
    assert not list(made.folder.iterdir())


@pytest.mark.parametrize(
    "script", ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)", "print('noise')"]
)
def test_process_that_ends_without_a_word_has_failed(world: World, script: str) -> None:
    job_id = ask(world)
    runner(world, script).work_once()
    assert stored(world, job_id).state == "failed"
    assert "意外结束" in stored(world, job_id).error_zh


def test_process_that_takes_too_long_is_stopped(world: World) -> None:
    job_id = ask(world)
    made = runner(world, "import time; time.sleep(60)", longest=timedelta(seconds=0))
    made.work_once()
    assert "60分钟" in stored(world, job_id).error_zh


def test_cancelling_stops_the_process_and_removes_what_it_wrote(world: World) -> None:
    job_id = ask(world)
    made = runner(world, WRITE + say(done=1, total=9) + "import time; time.sleep(60)")
    thread = Thread(target=made.work_once)
    thread.start()
    wait_for(lambda: list(made.folder.glob("*/a.txt")))
    cancel(world, job_id)
    thread.join(timeout=20)
    assert not thread.is_alive() and not list(made.folder.iterdir())
    assert stored(world, job_id).state == "cancelled"


def test_progress_reaches_the_job_while_the_process_works(world: World) -> None:
    job_id = ask(world)
    made = runner(world, say(done=4, total=9) + "import time; time.sleep(60)")
    thread = Thread(target=made.work_once)
    thread.start()
    wait_for(lambda: stored(world, job_id).total == 9)
    assert stored(world, job_id).done == 4
    made.stop()
    thread.join(timeout=20)
    assert stored(world, job_id).state == "running"  # another runner takes it when it is stale


@dataclass
class HeldUp(JobRunner):
    """Can tell nothing until it is let go on, as on a machine that was suspended."""

    begun: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    def _tell(self, claim: Claim, done: int, total: int) -> bool:
        self._hold()
        return super()._tell(claim, done, total)

    def _run(self, claim: Claim, draft: Path) -> dict[str, Any] | None:
        last = super()._run(claim, draft)
        self._hold()
        return last

    def _hold(self) -> None:
        self.begun.set()
        assert self.goes_on.wait(timeout=20)


@pytest.mark.parametrize(
    "script",
    [say(done=1, total=2) + "import time; time.sleep(60)", say(files=[["a.txt", 5]])],
)
def test_runner_that_lost_its_job_leaves_the_files_of_the_next_alone(
    world: World, script: str
) -> None:
    job_id = ask(world)
    held = HeldUp(**fields_of(runner(world, script)))
    thread = Thread(target=held.work_once)
    thread.start()
    assert held.begun.wait(timeout=20)
    after = runner(world, WRITE + say(files=[["a.txt", 5]]))
    after.clock = lambda: NOW + timedelta(seconds=61)
    assert after.work_once()
    held.goes_on.set()
    thread.join(timeout=20)
    assert stored(world, job_id).state == "done"
    assert [path.relative_to(held.folder) for path in held.folder.rglob("*")] == [
        Path(str(job_id)),
        Path(str(job_id), "a.txt"),
    ]


def fields_of(made: JobRunner) -> dict[str, Any]:
    names = ("database", "folder", "clock", "environment", "command")
    return {name: getattr(made, name) for name in names}


def test_sweep_leaves_what_a_running_job_writes(world: World) -> None:
    ask(world)
    held = HeldUp(**fields_of(runner(world, WRITE + say(files=[["a.txt", 5]]))))
    thread = Thread(target=held.work_once)
    thread.start()
    assert held.begun.wait(timeout=20)
    left = held.folder / str(uuid.uuid4())
    left.mkdir()
    held.sweep()
    assert not left.exists() and list(held.folder.glob("*/a.txt"))
    held.goes_on.set()
    thread.join(timeout=20)


def test_process_ends_when_its_server_does(tmp_path: Path) -> None:
    """The real module; its input is a pipe of ours that we close."""
    import subprocess

    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", "import app.make_job as m; m._end_with_input()"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) == 1


def test_started_runner_works_until_it_is_stopped(world: World) -> None:
    job_id = ask(world)
    made = runner(world, WRITE + say(files=[["a.txt", 5]]))
    thread = made.start()
    wait_for(lambda: stored(world, job_id).state == "done")
    made.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)
