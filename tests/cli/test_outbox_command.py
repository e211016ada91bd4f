"""`manyi receive`: exported files taken in at the terminal, also by a server that was restored."""

from __future__ import annotations

import json
import random
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Role, StoredResponse
from app.services import accounts, devices, keys, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.database import Database
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests import commands
from tests.app.sealing import Lock, sealed

NOW = datetime(2026, 11, 21, tzinfo=UTC)
Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Enrolled:
    """A tablet of the project alpha, and the key for which it seals."""

    id: uuid.UUID
    token: str
    lock: Lock

    def item(self, seed: int) -> dict[str, Any]:
        given = uuid.UUID(int=seed, version=4)
        answers = simulate(find("dibao-residents@2"), Audience.RECIPIENT, random.Random(seed))
        content = {
            "project": "alpha",
            "questionnaire": "dibao-residents",
            "version": 2,
            "audience": "recipient",
            "answers": answers,
            "consent": {"version": "2", "given": True},
        }
        return {"id": str(given), **sealed(self.lock, self, given, content)}

    def export(self, path: Path, *items: Any, **changed: Any) -> None:
        frame = {
            "format": "manyi-outbox",
            "version": 1,
            "project": "alpha",
            "device": str(self.id),
            "exported_at": "2026-11-21T02:00:00.000Z",
            "items": items,
            "visits": [],
        }
        path.write_text(json.dumps(frame | changed), encoding="utf-8")


def at(folder: Path) -> Database:
    folder.mkdir(exist_ok=True)
    database = Database(f"sqlite:///{folder}/manyi.sqlite3")
    database.migrate()
    return database


@pytest.fixture
def own(tmp_path: Path) -> Enrolled:
    database = at(tmp_path / "data")
    with database.writing() as session:
        project = projects.create(session, NOW, COMMAND_LINE, "alpha", "甲", 2026)
        questionnaires.publish(session, NOW, COMMAND_LINE, project, find("dibao-residents@2"))
        accounts.create(session, NOW, COMMAND_LINE, "one", "一", Role.ENUMERATOR, project)
        made, token = (
            devices.create(session, NOW, COMMAND_LINE, project, "one"),
            devices.make_token(),
        )
        devices.enrol(session, NOW, made.code, token)
        key = keys.current(session, NOW, project)
        lock = Lock(key.id, key.public_key)
    database.close()
    return Enrolled(made.id, token, lock)


@pytest.fixture
def manyi(tmp_path: Path) -> Run:
    def run(*arguments: str, folder: str = "data") -> subprocess.CompletedProcess[str]:
        data = str(tmp_path / folder)
        return commands.manyi(*arguments, folder=tmp_path, MANYI_DATA_DIR=data)

    return run


def rows(folder: Path) -> list[StoredResponse]:
    database = at(folder)
    with database.reading() as session:
        found = list(session.scalars(select(StoredResponse).order_by(StoredResponse.arrival_no)))
    database.close()
    return found


def test_receives_files_once_and_counts_them(own: Enrolled, manyi: Run, tmp_path: Path) -> None:
    own.export(tmp_path / "one.json", own.item(1), own.item(2))
    own.export(tmp_path / "two.json", own.item(2), own.item(3))
    first, again = (manyi("receive", "one.json", "two.json") for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "one.json：存入 2 份" in first.stdout
    assert "two.json：存入 1 份（其中待审 0 份），已有 1 份" in first.stdout
    assert "two.json：存入 0 份（其中待审 0 份），已有 2 份" in again.stdout
    assert [row.device_id for row in rows(tmp_path / "data")] == [own.id] * 3


def test_what_is_kept_aside_ends_with_1_and_is_named(
    own: Enrolled, manyi: Run, tmp_path: Path
) -> None:
    broken = own.item(2) | {"sealed": {}}
    own.export(tmp_path / "one.json", own.item(1), broken)
    done = manyi("receive", "one.json")
    assert (done.returncode, len(rows(tmp_path / "data"))) == (1, 1)
    assert f"{broken['id']} 422.9" in done.stderr
    listed = manyi("quarantine", "list").stdout
    assert "文件" in listed and "422.9" in listed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "422.10"),
        ('{"format": "manyi-outbox"', "422.10"),
        ('{"format": "manyi-outbox", "version": 1, "project": "x\\u0000", "items": [1]}', "404.1"),
        ('{"format": "manyi-outbox", "version": 1, "project": "none", "items": [1]}', "404.1"),
    ],
)
def test_file_that_cannot_be_read_is_one_clear_line(
    own: Enrolled, manyi: Run, tmp_path: Path, content: str, code: str
) -> None:
    (tmp_path / "one.json").write_text(content, encoding="utf-8")
    done = manyi("receive", "one.json")
    assert (done.returncode, done.stderr.split()[0]) == (1, code)
    assert "Traceback" not in done.stderr


def test_missing_file_is_wrong_use(own: Enrolled, manyi: Run) -> None:
    assert manyi("receive").returncode == 2
    assert manyi("receive", "none.json").returncode == 2


def test_huge_file_is_refused(own: Enrolled, manyi: Run, tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(2**30)
    done = manyi("receive", "huge.json")
    assert (done.returncode, done.stderr[:5]) == (1, "413.1")


def test_restored_server_opens_what_was_sealed_before(
    own: Enrolled, manyi: Run, tmp_path: Path
) -> None:
    own.export(tmp_path / "one.json", own.item(1))
    assert manyi("backup", "copy.sqlite3").returncode == 0
    restored = manyi("restore", "copy.sqlite3", "--yes", folder="elsewhere")
    assert restored.returncode == 0, restored.stderr
    done = manyi("receive", "one.json", folder="elsewhere")
    assert "存入 1 份（其中待审 0 份）" in done.stdout, done.stderr
    assert [row.device_id for row in rows(tmp_path / "elsewhere")] == [own.id]
    assert rows(tmp_path / "data") == []
