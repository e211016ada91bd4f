"""Jobs on both databases: one at a time, taken once, given back when lost, bounded, swept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Action, Job, Project, Role
from app.problems import Problem
from app.services import accounts, jobs, projects
from app.services.access import COMMAND_LINE, Actor
from app.services.database import Database
from app.services.jobs import Claim
from tests.conftest import NOW

LATER = NOW + timedelta(seconds=61)


@pytest.fixture
def project(database: Database) -> Project:
    with database.writing() as session:
        return projects.create(session, NOW, COMMAND_LINE, "alpha", "甲", 2026)


def person(session: Session, project: Project, name: str, role: Role) -> Actor:
    accounts.create(session, NOW, COMMAND_LINE, name, name, role, project)
    return accounts.actor_of(accounts.find(session, name))


def ask(database: Database, project: Project, number: int = 0, second: int = 0) -> uuid.UUID:
    with database.writing() as session:
        at = NOW + timedelta(seconds=second)
        return jobs.ask(session, at, COMMAND_LINE, project, "group-report", {"by": number}).id


def claim(database: Database, now=NOW) -> Claim | None:  # type: ignore[no-untyped-def]
    with database.writing() as session:
        return jobs.claim_next(session, now)


def stored(database: Database, job_id: uuid.UUID) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def test_job_asked_for_twice_is_one(database: Database, project: Project) -> None:
    assert ask(database, project) == ask(database, project)
    assert ask(database, project, 1) != ask(database, project)


def test_finished_job_may_be_asked_for_again(database: Database, project: Project) -> None:
    first = ask(database, project)
    taken = claim(database)
    assert taken is not None
    with database.writing() as session:
        assert jobs.finish(session, NOW, taken, [("a.xlsx", 3)])
    assert ask(database, project) != first


def test_fourth_waiting_job_of_a_project_is_refused(database: Database, project: Project) -> None:
    for number in range(3):
        ask(database, project, number)
    with pytest.raises(Problem) as refused:
        ask(database, project, 3)
    assert refused.value.code == "429.2"


def test_enumerator_may_not_ask(database: Database, project: Project) -> None:
    with database.writing() as session:
        actor = Actor(None, "x", "x", Role.ENUMERATOR)
        with pytest.raises(Problem, match=r"403\.1"):
            jobs.ask(session, NOW, actor, project, "group-report", {})


def test_oldest_job_is_taken_first_and_no_other_while_it_runs(
    database: Database, project: Project
) -> None:
    newer, older = ask(database, project, 1, second=5), ask(database, project, 2, second=1)
    taken = claim(database)
    assert taken is not None and taken.job_id == older
    assert claim(database) is None
    with database.writing() as session:
        jobs.finish(session, NOW, taken, [])
    taken = claim(database)
    assert taken is not None and taken.job_id == newer


def test_of_many_who_ask_at_once_one_gets_the_job(database: Database, project: Project) -> None:
    for number in range(3):
        ask(database, project, number)
    ready, found = Barrier(6), []

    def run() -> None:
        ready.wait()
        found.append(claim(database))

    threads = [Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in found if one is not None]) == 1
    with database.reading() as session:
        assert session.query(Job).filter_by(state="running").count() == 1


def test_database_itself_refuses_a_second_running_job(database: Database, project: Project) -> None:
    ids = [ask(database, project, number) for number in range(2)]
    with pytest.raises(IntegrityError), database.writing() as session:
        for job_id in ids:
            session.get_one(Job, job_id).state = "running"


def test_progress_is_a_heartbeat(database: Database, project: Project) -> None:
    job_id = ask(database, project)
    taken = claim(database)
    assert taken is not None
    with database.writing() as session:
        assert jobs.tell(session, LATER, taken, 3, 9)
    job = stored(database, job_id)
    assert (job.done, job.total, job.heartbeat_at) == (3, 9, LATER)
    assert claim(database, LATER + timedelta(seconds=59)) is None


def test_job_without_a_heartbeat_is_taken_again_and_the_first_is_not_heard(
    database: Database, project: Project
) -> None:
    job_id = ask(database, project)
    lost = claim(database)
    again = claim(database, LATER)
    assert lost is not None and again is not None
    assert (again.job_id, again.token != lost.token) == (job_id, True)
    with database.writing() as session:
        assert not jobs.finish(session, LATER, lost, [("a.xlsx", 1)])
        assert not jobs.fail(session, LATER, lost, ("坏", "bad"))
        assert jobs.finish(session, LATER, again, [("a.xlsx", 2)])
    assert stored(database, job_id).files == [{"name": "a.xlsx", "size": 2}]


def test_job_lost_three_times_has_failed_and_says_why(database: Database, project: Project) -> None:
    job_id = ask(database, project)
    for attempt in range(4):
        claim(database, NOW + attempt * timedelta(seconds=61))
    job = stored(database, job_id)
    assert job.state == "failed" and job.attempts == 3
    assert "停止或重启了3次" in job.error_zh and "3 times" in job.error_en


def test_cancelled_job_is_neither_begun_nor_heard_of(database: Database, project: Project) -> None:
    waiting = ask(database, project, 1)
    with database.writing() as session:
        jobs.cancel(session, NOW, COMMAND_LINE, project, waiting)
    assert claim(database) is None
    running = ask(database, project, 2)
    taken = claim(database)
    assert taken is not None
    with database.writing() as session:
        jobs.cancel(session, NOW, COMMAND_LINE, project, running)
        assert not jobs.tell(session, NOW, taken, 1, 2)
    assert stored(database, running).state == "cancelled"


def test_finished_job_stays_as_it_is_when_cancelled(database: Database, project: Project) -> None:
    job_id = ask(database, project)
    taken = claim(database)
    assert taken is not None
    with database.writing() as session:
        jobs.finish(session, NOW, taken, [])
        jobs.cancel(session, NOW, COMMAND_LINE, project, job_id)
    assert stored(database, job_id).state == "done"


def test_supervisor_may_cancel_own_jobs_only(database: Database, project: Project) -> None:
    theirs = ask(database, project)
    with database.writing() as session:
        supervisor = person(session, project, "sup", Role.SUPERVISOR)
        own = jobs.ask(session, NOW, supervisor, project, "group-report", {"by": "own"}).id
        assert jobs.cancel(session, NOW, supervisor, project, own).state == "cancelled"
        with pytest.raises(Problem, match=r"403\.1"):
            jobs.cancel(session, NOW, supervisor, project, theirs)


def test_job_of_another_project_is_not_found(database: Database, project: Project) -> None:
    job_id = ask(database, project)
    with database.writing() as session:
        other = projects.create(session, NOW, COMMAND_LINE, "beta", "乙", 2026)
        with pytest.raises(Problem, match=r"404\.1"):
            jobs.find(session, other, job_id)


@pytest.fixture
def done(database: Database, project: Project, tmp_path: Path) -> Iterator[uuid.UUID]:
    job_id = ask(database, project)
    taken = claim(database)
    assert taken is not None
    folder = tmp_path / "jobs" / str(job_id)
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(b"abc")
    (folder / "secret").write_bytes(b"not listed")
    with database.writing() as session:
        jobs.finish(session, NOW, taken, [("a.xlsx", 3)])
    yield job_id


@pytest.mark.parametrize("name", ["secret", "../a.xlsx", "a.docx", ""])
def test_only_listed_files_are_handed_out(
    database: Database, project: Project, done: uuid.UUID, tmp_path: Path, name: str
) -> None:
    with database.writing() as session:
        arguments = (session, NOW, COMMAND_LINE, project, tmp_path / "jobs", done)
        assert jobs.file_of(*arguments, "a.xlsx").read_bytes() == b"abc"
        with pytest.raises(Problem, match=r"404\.1"):
            jobs.file_of(*arguments, name)
        session.flush()
        assert session.query(Action).filter_by(verb="job.download").count() == 1


def test_file_that_is_gone_is_said_to_be(
    database: Database, project: Project, done: uuid.UUID, tmp_path: Path
) -> None:
    with database.writing() as session, pytest.raises(Problem, match=r"410\.1"):
        jobs.file_of(session, NOW, COMMAND_LINE, project, tmp_path / "none", done, "a.xlsx")


def test_week_old_jobs_and_their_files_go_and_strange_files_stay(
    database: Database, project: Project, done: uuid.UUID, tmp_path: Path
) -> None:
    stranger = tmp_path / "jobs" / "keep-me"
    stranger.mkdir()
    for days, kept in ((6, True), (8, False)):
        with database.writing() as session:
            jobs.sweep(session, NOW + timedelta(days=days))
            session.flush()
            jobs.remove_files(session, tmp_path / "jobs")
        assert (tmp_path / "jobs" / str(done)).exists() is kept
        assert stranger.exists()
    with database.reading() as session:
        assert session.get(Job, done) is None


def test_folder_of_a_job_that_begins_during_the_sweep_stays(
    database: Database, project: Project, tmp_path: Path
) -> None:
    begun: list[Path] = []

    class Disk(type(tmp_path)):  # type: ignore[misc]
        def iterdir(self) -> Iterator[Path]:
            ask(database, project)
            begun.append(jobs.draft(tmp_path, claim(database) or pytest.fail("not claimed")))
            begun[0].mkdir()
            return super().iterdir()

    with database.reading() as session:
        jobs.remove_files(session, Disk(tmp_path))
    assert begun[0].is_dir()


def test_draft_of_a_lost_claim_goes_and_that_of_the_present_one_stays(
    database: Database, project: Project, tmp_path: Path
) -> None:
    ask(database, project)
    lost, again = claim(database), claim(database, LATER)
    assert lost is not None and again is not None
    drafts = [jobs.draft(tmp_path, one) for one in (lost, again)]
    for draft in drafts:
        draft.mkdir()
    with database.reading() as session:
        jobs.remove_files(session, tmp_path)
    assert [draft.exists() for draft in drafts] == [False, True]


def test_twenty_finished_jobs_of_a_project_are_kept(database: Database, project: Project) -> None:
    with database.writing() as session:
        for number in range(25):
            session.add(
                Job(
                    id=uuid.UUID(int=number),
                    project_id=project.id,
                    kind="group-report",
                    arguments={},
                    state="done",
                    created_at=NOW + timedelta(minutes=number),
                    finished_at=NOW + timedelta(minutes=number),
                )
            )
        session.flush()
        jobs.sweep(session, NOW + timedelta(hours=1))
        session.flush()
        left = {job.id.int for job in session.query(Job)}
    assert left == set(range(5, 25))
