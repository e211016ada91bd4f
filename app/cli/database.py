"""The database that a command works on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

import config
from app.services.database import Database


def open_database(url: str) -> Database:
    """The migrated database."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(url)
    database.migrate()
    return database


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction on the database that the settings name, migrated first and closed after."""
    database = open_database(config.load(os.environ).database_url)
    try:
        with database.writing() as session:
            yield session
    finally:
        database.close()
