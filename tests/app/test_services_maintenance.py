"""Tampered records are found, and a backup is sound, complete and never overwrites."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from places import Place
from sqlalchemy import text

from app.services import maintenance
from app.services.responses import Submission

Make = Callable[..., Submission]


def verify(place: Place) -> dict[str, bool]:
    with place.database.reading() as session:
        return dict(maintenance.verify_records(session))


def tamper(place: Place, statement: str, sent: Submission) -> None:
    on_sqlite = place.database.engine.dialect.name == "sqlite"
    key = sent.id.hex if on_sqlite else str(sent.id)
    with place.database.writing() as session:
        session.execute(text(f"UPDATE responses SET {statement} WHERE id = '{key}'"))


def test_sound_records_are_sound(place: Place, submission: Make) -> None:
    sends = [submission() for _ in range(3)]
    for sent in sends:
        place.send(sent)
    assert verify(place) == {str(sent.id): True for sent in sends}


@pytest.mark.parametrize(
    "statement",
    [
        "answers = '{}'",
        "audience = 'non_recipient'",
        "status = 'excluded'",
        "practice = true",
        "area_id = NULL",
        "record_layout = 7",
    ],
)
def test_tampered_response_is_found_and_can_be_mended(
    place: Place, submission: Make, statement: str
) -> None:
    good, bad = submission(), submission()
    place.send(good)
    place.send(bad)
    tamper(place, statement, bad)
    assert verify(place) == {str(good.id): True, str(bad.id): False}
    with place.database.writing() as session:
        maintenance.rebuild_records(session, [str(bad.id)])
    assert all(verify(place).values())


def sqlite_file(place: Place) -> Path:
    return Path(str(place.database.engine.url.database))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_backup_of_a_database_in_use_is_sound(
    place: Place, submission: Make, tmp_path: Path
) -> None:
    sends = [submission() for _ in range(60)]
    for sent in sends[:10]:
        place.send(sent)
    writer = threading.Thread(target=lambda: [place.send(sent) for sent in sends[10:]])
    writer.start()
    target = tmp_path / "备份 #1%?.sqlite3"
    maintenance.back_up(sqlite_file(place), target)
    writer.join()
    with closing(sqlite3.connect(target)) as copy:
        [n] = copy.execute("SELECT count(*) FROM responses").fetchone()
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
    assert 10 <= n <= 60
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_backup_refuses_to_overwrite(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite3"
    target.write_text("precious")
    with pytest.raises(FileExistsError):
        maintenance.back_up(sqlite_file(place), target)
    assert target.read_text() == "precious"


def test_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "none.sqlite3", tmp_path / "backup.sqlite3"
    with pytest.raises(sqlite3.Error):
        maintenance.back_up(source, target)
    assert list(tmp_path.iterdir()) == []


def test_stranger_file_is_no_sound_database(tmp_path: Path) -> None:
    plain, other = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    plain.write_text("no database at all, but long enough to be read as a header")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE x (y)")
    for path in (plain, other):
        with pytest.raises(sqlite3.DatabaseError):
            maintenance.require_sound(path)
