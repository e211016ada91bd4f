"""The database: an engine with the right settings, and sessions for reading and for writing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

T = TypeVar("T")
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A receipt lets the tablet forget its copy, so a commit must reach the disk.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
)


class Database:
    """One engine; `reading()` and `writing()` each give a session with one transaction."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        options: dict[str, Any] = {"read_only": True}
        if self.engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**options)
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
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
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
            with self.writing() as session:
                for job in jobs:
                    job.run(session)
        except Exception as error:
            for job in jobs:
                job.error = job.error or error
        finally:
            for job in jobs:
                job.is_done = True

    def migrate(self) -> None:
        """Bring the tables to the newest version."""
        with self.engine.begin() as connection:
            command.upgrade(alembic_config(connection), "head")

    def close(self) -> None:
        self.engine.dispose()


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


def _postgresql(url: str) -> Engine:
    """Connections are tried before use, so that a restart of the server goes unnoticed."""
    return create_engine(url, pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    """SQLite with explicit transactions.

    The driver begins transactions by itself only before some statements, so that a reader may see
    two states and two writers may dead-lock on upgrading; we switch that off and say BEGIN, and
    BEGIN IMMEDIATE for sessions that write.
    """
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
