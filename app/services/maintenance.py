"""Keeping the store sound: verify the packed records, back up and restore SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import StoredResponse
from app.services import questionnaires
from app.services.columns import RECORD_LAYOUT, record_of


def verify_records(session: Session) -> Iterator[tuple[str, bool]]:
    """(response id, whether its record is what its answers give) for every stored response."""
    published = {}
    query = select(StoredResponse).execution_options(yield_per=1000)
    for response in session.scalars(query):
        key = response.questionnaire_id
        if key not in published:
            published[key] = questionnaires.by_id(session, key)
        expected = record_of(response, published[key].questionnaire)
        sound = response.record == expected and response.record_layout == RECORD_LAYOUT
        yield str(response.id), sound


def rebuild_record(session: Session, response_id: object) -> None:
    """Derive the record of one response anew from its answers."""
    response = session.get_one(StoredResponse, response_id)
    published = questionnaires.by_id(session, response.questionnaire_id)
    response.record = record_of(response, published.questionnaire)
    response.record_layout = RECORD_LAYOUT


def back_up(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database, also while the server writes; then checked.

    Raises sqlite3.DatabaseError if the copy is not sound, FileExistsError rather than overwrite.
    """
    if target.exists():
        raise FileExistsError(target)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
    require_sound(target)


def require_sound(path: Path) -> None:
    """Raises sqlite3.DatabaseError if the file is no sound Manyi database."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        result = database.execute("PRAGMA integrity_check").fetchone()[0]
        if result != "ok":
            raise sqlite3.DatabaseError(result)
        database.execute("SELECT version_num FROM alembic_version")
