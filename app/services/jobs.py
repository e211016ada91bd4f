"""Jobs: asking for one, following and cancelling it, and who may work on it.

The files of a finished job lie in `folder(data_dir)/<job id>/`; the table says which there are.
Until then they lie in a folder of the claim: who lost a job without knowing it writes on.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import problems
from app.models import Job, JobState, Project, User, as_json
from app.services import log, projects
from app.services.access import Actor

KEPT_DAYS = 7
MOST_KEPT = 20
"""Finished jobs per project; older ones go, with their files."""
MOST_ACTIVE = 3
"""Waiting and running ones per project."""
MOST_ATTEMPTS = 3
STALE = timedelta(seconds=60)
"""Without a heartbeat for so long whoever worked on it is gone."""
ACTIVE = (JobState.WAITING.value, JobState.RUNNING.value)
LOST = (
    "服务器在制作过程中停止或重启了{attempts}次，没有完成。请重新开始；如再次出现，请联系管理员",
    "The server stopped or restarted {attempts} times while this was being made. Start it again; "
    "if that does not help, tell the administrator",
)


@dataclass(frozen=True)
class Claim:
    """The right to work on a job: `token` goes into everything that is told of it."""

    job_id: uuid.UUID
    token: str
    kind: str


def folder(data_dir: Path) -> Path:
    """Where the files of jobs lie: large and soon gone, so not in the database (decision 0013)."""
    return data_dir / "jobs"


def draft(within: Path, claim: Claim) -> Path:
    """Where whoever has this claim writes; nobody else does."""
    return within / str(uuid.UUID(claim.token))


def ask(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    kind: str,
    arguments: dict[str, Any],
) -> Job:
    """A new job, or the one that waits or runs with the same arguments. Raises Problem 403.1, and
    429.2 where three of the project are waiting or running already."""
    actor.require("see_results")
    projects.lock(session, project)
    active = session.scalars(_of(project).where(Job.state.in_(ACTIVE))).all()
    for job in active:
        if (job.kind, as_json(job.arguments)) == (kind, as_json(arguments)):
            return job
    if len(active) >= MOST_ACTIVE:
        raise problems.too_many_jobs(MOST_ACTIVE)
    job = Job(
        id=uuid.uuid4(),
        project_id=project.id,
        kind=kind,
        arguments=arguments,
        state=JobState.WAITING.value,
        files=[],
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(job)
    session.flush()
    log.record(session, now, actor, "job.ask", str(job.id), project, kind=kind)
    return job


def find(session: Session, project: Project, job_id: uuid.UUID) -> Job:
    """Raises Problem 404.1, for a job of another project just as for none."""
    job = session.scalar(_of(project).where(Job.id == job_id))
    if job is None:
        raise problems.not_found()
    return job


def newest(session: Session, project: Project, kind: str) -> Sequence[tuple[Job, str | None]]:
    """The jobs of a project with the name of who asked, newest first."""
    query = (
        select(Job, User.display_name)
        .outerjoin(User, User.id == Job.created_by)
        .where(Job.project_id == project.id, Job.kind == kind)
        .order_by(Job.created_at.desc(), Job.id)
        .limit(MOST_KEPT + MOST_ACTIVE)
    )
    return [(job, name) for job, name in session.execute(query)]


def ahead(session: Session, job: Job) -> int:
    """How many jobs, of whatever project, come before a waiting one."""
    query = select(Job.created_at, Job.id).where(Job.state.in_(ACTIVE))
    own = (job.created_at, job.id)
    return sum((at, other) < own for at, other in session.execute(query))


def cancel(
    session: Session, now: datetime, actor: Actor, project: Project, job_id: uuid.UUID
) -> Job:
    """One's own, or as the project's manager anybody's. A finished one stays as it is.

    Raises Problem 403.1 or 404.1.
    """
    job = find(session, project, job_id)
    if job.created_by != actor.user_id:
        actor.require("manage_project")
    actor.require("see_results")
    if job.state in ACTIVE:
        job.state, job.finished_at = JobState.CANCELLED.value, now
        log.record(session, now, actor, "job.cancel", str(job.id), project)
    return job


def file_of(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    within: Path,
    job_id: uuid.UUID,
    name: str,
) -> Path:
    """The path of a finished file, logged as taken. Raises Problem 404.1, and 410.1 where the
    file is gone."""
    job = find(session, project, job_id)
    if job.state != JobState.DONE or name not in {file["name"] for file in job.files}:
        raise problems.not_found()
    path = within / str(job.id) / name
    if not path.is_file():
        raise problems.job_expired(KEPT_DAYS)
    log.record(session, now, actor, "job.download", str(job.id), project, file=name)
    return path


def has_work(session: Session, now: datetime) -> bool:
    """Whether anything waits, or lies about without a heartbeat."""
    lost = (Job.state == JobState.RUNNING.value) & (Job.heartbeat_at < now - STALE)
    query = select(Job.id).where((Job.state == JobState.WAITING.value) | lost)
    return session.scalar(query.limit(1)) is not None


def claim_next(session: Session, now: datetime) -> Claim | None:
    """The oldest waiting job, for the caller alone; None while one runs or none waits.

    One UPDATE decides, and the unique index on running jobs: of several servers that ask at the
    same moment one gets it.
    """
    _give_back_lost(session, now)
    if session.scalar(select(Job.id).where(Job.state == JobState.RUNNING.value).limit(1)):
        return None
    waiting = select(Job).where(Job.state == JobState.WAITING.value)
    job = session.scalar(waiting.order_by(Job.created_at, Job.id).limit(1))
    if job is None:
        return None
    token = uuid.uuid4().hex
    taken = {"state": JobState.RUNNING.value, "claim": token, "attempts": Job.attempts + 1}
    statement = (
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.WAITING.value)
        .values(**taken, started_at=now, heartbeat_at=now, done=0, total=0)
    )
    try:
        with session.begin_nested():
            if not _changed(session, statement):
                return None
    except IntegrityError:
        return None
    return Claim(job.id, token, job.kind)


def _give_back_lost(session: Session, now: datetime) -> None:
    """Running jobs without a heartbeat wait again, and after three attempts have failed."""
    lost = update(Job).where(Job.state == JobState.RUNNING.value, Job.heartbeat_at < now - STALE)
    told = [text.format(attempts=MOST_ATTEMPTS) for text in LOST]
    session.execute(
        lost.where(Job.attempts >= MOST_ATTEMPTS).values(
            state=JobState.FAILED.value, error_zh=told[0], error_en=told[1], finished_at=now
        )
    )
    session.execute(lost.values(state=JobState.WAITING.value, claim=""))


def tell(session: Session, now: datetime, claim: Claim, done: int, total: int) -> bool:
    """Progress and a heartbeat; False where the job is cancelled or somebody else's by now."""
    return _mine(session, claim, heartbeat_at=now, done=done, total=total)


def finish(session: Session, now: datetime, claim: Claim, files: Sequence[tuple[str, int]]) -> bool:
    """Done, with names and sizes of the files; False as for `tell`."""
    listed = [{"name": name, "size": size} for name, size in files]
    state = JobState.DONE.value
    return _mine(session, claim, state=state, finished_at=now, heartbeat_at=now, files=listed)


def fail(session: Session, now: datetime, claim: Claim, reason: tuple[str, str]) -> bool:
    """Failed, with the reason in Chinese and English; False as for `tell`."""
    zh, en = reason
    state = JobState.FAILED.value
    return _mine(session, claim, state=state, finished_at=now, error_zh=zh, error_en=en)


def _mine(session: Session, claim: Claim, **values: Any) -> bool:
    return _changed(
        session,
        update(Job)
        .where(
            Job.id == claim.job_id,
            Job.claim == claim.token,
            Job.state == JobState.RUNNING.value,
        )
        .values(**values),
    )


def _changed(session: Session, statement: Any) -> bool:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def sweep(session: Session, now: datetime) -> None:
    """Forget finished jobs that are older than a week or beyond the newest 20 of a project."""
    query = select(Job).where(Job.state.not_in(ACTIVE)).order_by(Job.created_at.desc(), Job.id)
    kept: dict[int, int] = {}
    for job in session.scalars(query):
        kept[job.project_id] = kept.get(job.project_id, 0) + 1
        old = (job.finished_at or job.created_at) < now - timedelta(days=KEPT_DAYS)
        if old or kept[job.project_id] > MOST_KEPT:
            session.delete(job)


def remove_files(session: Session, within: Path) -> None:
    """Remove the folders of jobs that are neither active nor done, and drafts of lost claims.

    The session must not have read anything yet: the folders are listed before the jobs are, as
    of one asked for and claimed in between the folder would be known and the job not.
    """
    if not within.is_dir():
        return
    paths = [path for path in within.iterdir() if _is_job(path)]
    wanted = (*ACTIVE, JobState.DONE.value)
    rows = session.execute(select(Job.id, Job.state, Job.claim).where(Job.state.in_(wanted))).all()
    known = {str(id_) for id_, _, _ in rows}
    known |= {str(uuid.UUID(token)) for _, state, token in rows if state == JobState.RUNNING}
    for path in paths:
        if path.name not in known:
            shutil.rmtree(path, ignore_errors=True)


def _is_job(path: Path) -> bool:
    try:
        return path.is_dir() and str(uuid.UUID(path.name)) == path.name
    except ValueError:
        return False


def expires_at(job: Job) -> datetime:
    return (job.finished_at or job.created_at) + timedelta(days=KEPT_DAYS)


def _of(project: Project) -> Select[Job]:
    return select(Job).where(Job.project_id == project.id)
