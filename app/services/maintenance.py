"""Keeping the store sound: verify the packed records, back up and restore SQLite."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Project, StoredResponse
from app.services import questionnaires
from app.services.arrivals import next_change
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


def rebuild_records(session: Session, response_ids: Iterable[str]) -> None:
    """Derive the records of these responses anew from their answers."""
    for response_id in response_ids:
        response = session.get_one(StoredResponse, uuid.UUID(response_id))
        project = session.get_one(Project, response.project_id)
        published = questionnaires.by_id(session, response.questionnaire_id)
        response.change_seq = next_change(session, project)
        response.record = record_of(response, published.questionnaire)
        response.record_layout = RECORD_LAYOUT


def back_up(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database, also while the server writes; then checked.

    Raises sqlite3.DatabaseError if the copy is not sound, FileExistsError rather than overwrite.
    """
    # Personal data: the copy is for nobody else to read, from its first byte on.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_connect(source, "rw")) as live, closing(_connect(target, "rw")) as copy:
            live.backup(copy)
        require_sound(target)
    except BaseException:
        target.unlink()
        raise


def require_sound(path: Path) -> None:
    """Raises sqlite3.DatabaseError if the file is no sound Manyi database."""
    with closing(_connect(path, "ro")) as database:
        result = database.execute("PRAGMA integrity_check").fetchone()[0]
        if result != "ok":
            raise sqlite3.DatabaseError(result)
        database.execute("SELECT version_num FROM alembic_version")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A plain path would make SQLite create a file where there is none."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)
