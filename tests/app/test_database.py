"""Sessions: what each connection is set to, and who blocks whom."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from places import NOW
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.models import Area, Project
from app.services.database import Database

WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def a_project(slug: str) -> Project:
    return Project(slug=slug, name="项目", year=2026, created_at=NOW)


def test_every_pooled_sqlite_connection_has_the_pragmas(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/pool.sqlite3")
    database.migrate()
    with ExitStack() as stack:
        connections = [stack.enter_context(database.reading()).connection() for _ in range(8)]
        assert len({id(c.connection.dbapi_connection) for c in connections}) == 8
        for connection in connections:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in WANTED}
            assert found == WANTED
    database.close()


def test_reader_sees_one_state_and_does_not_block_the_writer(database: Database) -> None:
    with database.writing() as session:
        session.add(a_project("first"))
    with database.reading() as reader:
        assert reader.scalars(select(Project.slug)).all() == ["first"]
        with database.writing() as writer:
            writer.add(a_project("second"))
        assert reader.scalars(select(Project.slug)).all() == ["first"]
    with database.reading() as reader:
        assert len(reader.scalars(select(Project.slug)).all()) == 2


def test_writer_does_not_block_readers(database: Database) -> None:
    with database.writing() as writer:
        writer.add(a_project("first"))
        writer.flush()
        with database.reading() as reader:
            assert reader.scalars(select(Project.slug)).all() == []


def test_reading_session_refuses_to_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError):
        session.add(a_project("first"))
        session.flush()
    with database.writing() as session:  # and the same connection may write again afterwards
        session.add(a_project("first"))


def test_raised_exception_rolls_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.add(a_project("first"))
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.scalars(select(Project)).all() == []


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Area(project_id=4711, code="01", name="东城区"))


def test_parallel_writers_wait_for_each_other(database: Database) -> None:
    """A read followed by a write in one transaction must not dead-lock or lose an increment."""
    with database.writing() as session:
        session.add(a_project("first"))

    def increment() -> None:
        for _ in range(5):
            with database.writing() as session:
                query = select(Project).where(Project.slug == "first").with_for_update()
                session.scalars(query).one().year += 1

    threads = [threading.Thread(target=increment) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(Project.year)).one() == 2026 + 20


def test_lost_connection_is_replaced_unnoticed(database: Database) -> None:
    """As after a restart of the server. SQLite has no server, there it is a plain second query."""
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    if database.engine.dialect.name == "postgresql":
        with database.writing() as session:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            session.execute(text(f"SELECT pg_terminate_backend(pid) {others} pg_backend_pid()"))
        assert database.engine.pool is not None
    with database.reading() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
