"""Work of several threads in one transaction: fewer commits, each outcome its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models import LoginFailure
from app.services.database import Database
from tests.conftest import NOW


def _failure(account: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(LoginFailure(account=account, address="here", failed_at=NOW))
        session.flush()
        return account

    return work


def _stored(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(LoginFailure.account)))


def test_returns_each_its_own_result_and_stores_all(database: Database) -> None:
    names = [f"person {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda name: database.together(_failure(name)), names))
    assert results == names
    assert _stored(database) == set(names)


def test_one_that_fails_spoils_no_other(database: Database) -> None:
    together, alone = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        alone.set()
        assert together.wait(10)

    def fail(session: Session) -> None:
        _failure("never")(session)
        raise ValueError("spoilt")

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(database.together, hold)
        assert alone.wait(10)
        bad = pool.submit(database.together, fail)
        good = pool.submit(database.together, _failure("kept"))
        _wait_until(lambda: len(database._queue) == 2)
        together.set()
        first.result(10)
        with pytest.raises(ValueError, match="spoilt"):
            bad.result(10)
        assert good.result(10) == "kept"
    assert _stored(database) == {"kept"}


def test_those_who_wait_share_one_commit(database: Database) -> None:
    commits = []
    event.listen(database.engine, "commit", lambda connection: commits.append(1))
    together, alone = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        _failure("first")(session)
        alone.set()
        assert together.wait(10)

    with ThreadPoolExecutor(7) as pool:
        pool.submit(database.together, hold)
        assert alone.wait(10)
        waiting = [pool.submit(database.together, _failure(str(n))) for n in range(6)]
        _wait_until(lambda: len(database._queue) == 6)
        together.set()
        assert [future.result(10) for future in waiting] == list("012345")
    assert len(commits) == 2


def test_nobody_gets_a_result_when_the_commit_fails(database: Database) -> None:
    def refuse(connection: object) -> None:
        raise OSError("disk is full")

    event.listen(database.engine, "commit", refuse)
    try:
        with pytest.raises(OSError, match="disk is full"):
            database.together(_failure("lost"))
    finally:
        event.remove(database.engine, "commit", refuse)
    assert _stored(database) == set()
    assert database.together(_failure("next")) == "next"


def test_each_tries_alone_when_the_shared_transaction_fails(database: Database) -> None:
    """As after a dead-lock between two workers on PostgreSQL."""
    together, alone = threading.Event(), threading.Event()
    refusals = [OSError("dead-lock")]

    def hold(session: Session) -> None:
        alone.set()
        assert together.wait(10)

    def refuse_once(connection: object) -> None:
        if refusals:
            raise refusals.pop()

    with ThreadPoolExecutor(4) as pool:
        pool.submit(database.together, hold)
        assert alone.wait(10)
        waiting = [pool.submit(database.together, _failure(str(n))) for n in range(3)]
        _wait_until(lambda: len(database._queue) == 3)
        event.listen(database.engine, "commit", refuse_once)
        together.set()
        assert [future.result(10) for future in waiting] == list("012")
    assert refusals == []
    assert _stored(database) == {"0", "1", "2"}


def test_is_as_durable_as_writing(database: Database) -> None:
    database.together(_failure("once"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 1


def _wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("waited ten seconds in vain")
