"""The database: an engine with the right settings, and sessions for reading and for writing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

try:
    import fcntl
except ImportError:  # Windows, where one process serves with threads
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A receipt lets the tablet forget its copy, so a commit must reach the disk.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
)
READ_ONLY = "PRAGMA query_only=ON"
MIGRATING = "PRAGMA foreign_keys=OFF"


class Database:
    """One engine; `reading()` and `writing()` each give a session with one transaction."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite"):
            self.engine, reader = _sqlite(url), _sqlite(url, READ_ONLY)
            self._writers: AbstractContextManager[Any] = _Turns(f"{self.engine.url.database}-turn")
        else:
            # Connections are tried before use, so that a restart of the server goes unnoticed.
            self.engine = create_engine(url, pool_pre_ping=True)
            reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writers = nullcontext()
        self._reader = reader.execution_options(read_only=True)
        self._queue: list[_Job[Any]] = []
        self._queue_lock = threading.Lock()
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot: all queries of the session see the same state; writing is refused."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits at the end; anything raised rolls everything back."""
        with (
            self._writers,
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def together(self, work: Callable[[Session], T]) -> T:
        """Do the work in a transaction shared with whatever other threads bring meanwhile.

        A commit waits for the disk, and SQLite takes one writer at a time: while one transaction
        is being committed others queue up, and whoever comes next commits for all of them. Each
        work has a savepoint of its own, so that one that fails spoils no other; it returns, or
        raises, only after the commit. The work must flush what it wants to have stored.
        """
        job: _Job[T] = _Job(work)
        with self._queue_lock:
            self._queue.append(job)
        with self._turn:
            if not job.is_done:
                self._commit_queue()
        return job.outcome()

    def _commit_queue(self) -> None:
        with self._queue_lock:
            jobs, self._queue = self._queue, []
        try:
            self._commit(jobs)
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].error = error
            else:  # what failed was the transaction that they shared; each may do well alone
                for job in jobs:
                    self._commit_alone(job)
        finally:
            for job in jobs:
                job.is_done = True

    def _commit(self, jobs: list[_Job[Any]]) -> None:
        with self.writing() as session:
            if len(jobs) == 1:  # nobody whom it could spoil, so a savepoint can be spared
                jobs[0].result = jobs[0].work(session)
                return
            for job in jobs:
                job.run(session)

    def _commit_alone(self, job: _Job[Any]) -> None:
        try:
            job.error = None
            self._commit([job])
        except Exception as error:
            job.error = error

    def migrate(self) -> None:
        """Bring the tables to the newest version, all at once or not at all.

        SQLite changes a column by copying the table, to which rows of others point: foreign keys
        rest meanwhile and are checked before the commit.
        """
        on_sqlite = self.engine.dialect.name == "sqlite"
        engine = _sqlite(str(self.engine.url), MIGRATING) if on_sqlite else self.engine
        with engine.begin() as connection:
            command.upgrade(alembic_config(connection), "head")
            if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("a migration left a row that points at none")
        if on_sqlite:
            engine.dispose()

    def close(self) -> None:
        self.engine.dispose()
        self._reader.dispose()


class _Job(Generic[T]):
    """One piece of work in the queue, and what became of it."""

    def __init__(self, work: Callable[[Session], T]) -> None:
        self.work = work
        self.result: T | None = None
        self.error: Exception | None = None
        self.is_done = False

    def run(self, session: Session) -> None:
        try:
            with session.begin_nested():
                self.result = self.work(session)
        except Exception as error:
            self.error = error

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return cast(T, self.result)


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


class _Turns:
    """Lets one writer after the other at a SQLite database, threads and processes alike.

    SQLite itself lets the others sleep for up to 100 ms before they look again; the kernel wakes
    whoever waits for this lock at once. It only orders the queue: safety stays SQLite's own.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = threading.RLock()
        self._file: int | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        if fcntl is not None:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


def _sqlite(url: str, *modes: str) -> Engine:
    """SQLite with explicit transactions.

    The driver begins transactions by itself only before some statements, so that a reader may see
    two states and two writers may dead-lock on upgrading; we switch that off and say BEGIN, and
    BEGIN IMMEDIATE for sessions that write. `modes` are further pragmas.
    """
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (*SQLITE_PRAGMAS, *modes):
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if READ_ONLY in modes else "BEGIN IMMEDIATE")

    return engine
