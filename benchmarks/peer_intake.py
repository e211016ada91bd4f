"""The peer of the intake benchmark: Flask, pydantic, gunicorn and one table, written with care.

It takes the same requests as Manyi, knows the tablet by its token, checks that each response has
the right fields and types, stores it once under its id, commits with the same durability before
it answers, and gives a receipt. It knows no questionnaire: no rule is checked, no packed record is
made, nothing goes to review or quarantine, and a second content is only reported.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

import orjson
import psycopg
from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication
from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeInt, ValidationError

TABLES = (
    "CREATE TABLE devices (token_hash TEXT PRIMARY KEY, id TEXT NOT NULL)",
    "CREATE TABLE responses (id TEXT PRIMARY KEY, device TEXT NOT NULL, received_at TEXT NOT NULL,"
    " hash TEXT NOT NULL, body TEXT NOT NULL)",
)
MOST_AT_ONCE = 500

Row = tuple[str, str, str, str, str]


class Consent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    version: str
    given: bool


class Sent(BaseModel):
    """One response; JSON mode parses the times and is strict about everything else."""

    model_config = ConfigDict(extra="forbid")
    project: str
    questionnaire: str
    version: int
    audience: Literal["recipient", "non_recipient", "cadre"]
    area: str | None
    answers: dict[str, str | int | float | list[str]]
    consent: Consent
    started_at: AwareDatetime
    finished_at: AwareDatetime
    elapsed_ms: NonNegativeInt


class Store(Protocol):
    def device_of(self, token_hash: str) -> str | None: ...

    def insert(self, rows: Sequence[Row]) -> int:
        """Commits; returns how many were new."""
        ...

    def hash_of(self, response_id: str) -> str: ...


class Sqlite:
    """One connection per thread, WAL, and every commit on the disk."""

    def __init__(self, path: str) -> None:
        self._path, self._own = path, threading.local()

    def connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            made = sqlite3.connect(self._path, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
                made.execute(f"PRAGMA {pragma}")
            self._own.connection = made
        connection: sqlite3.Connection = self._own.connection
        return connection

    def device_of(self, token_hash: str) -> str | None:
        query = "SELECT id FROM devices WHERE token_hash = ?"
        found = self.connection().execute(query, (token_hash,)).fetchone()
        return found[0] if found else None

    def insert(self, rows: Sequence[Row]) -> int:
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            sql = "INSERT INTO responses VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
            new = connection.executemany(sql, rows).rowcount
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return new

    def hash_of(self, response_id: str) -> str:
        query = "SELECT hash FROM responses WHERE id = ?"
        return str(self.connection().execute(query, (response_id,)).fetchone()[0])


class Postgres:
    """The same on PostgreSQL; psycopg prepares the statements by itself."""

    def __init__(self, url: str) -> None:
        self._url, self._own = url, threading.local()

    def connection(self) -> psycopg.Connection[Any]:
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._url, autocommit=True)
        connection: psycopg.Connection[Any] = self._own.connection
        return connection

    def device_of(self, token_hash: str) -> str | None:
        query = "SELECT id FROM devices WHERE token_hash = %s"
        found = self.connection().execute(query, (token_hash,)).fetchone()
        return found[0] if found else None

    def insert(self, rows: Sequence[Row]) -> int:
        connection = self.connection()
        sql = "INSERT INTO responses VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING"
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(sql, rows)
            return cursor.rowcount

    def hash_of(self, response_id: str) -> str:
        query = "SELECT hash FROM responses WHERE id = %s"
        found = self.connection().execute(query, (response_id,)).fetchone()
        assert found is not None
        return str(found[0])


def store_at(url: str) -> Store:
    if url.startswith("sqlite:///"):
        return Sqlite(url.removeprefix("sqlite:///"))
    return Postgres(url.replace("postgresql+psycopg://", "postgresql://"))


def peer(store: Store) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024

    @app.put("/api/v1/responses/<uuid:response_id>")
    def put_response(response_id: uuid.UUID) -> Response:
        device = _device(store)
        if device is None:
            return _json({"title": "unknown token"}, 401)
        try:
            row = _checked(str(response_id), device, orjson.loads(request.get_data()))
        except (ValidationError, ValueError) as error:
            return _json({"title": str(error)}, 422)
        is_new = store.insert([row]) == 1
        return _json(_receipt(store, row, is_new=is_new), 201 if is_new else 200)

    @app.post("/api/v1/responses")
    def post_responses() -> Response:
        device = _device(store)
        if device is None:
            return _json({"title": "unknown token"}, 401)
        items = orjson.loads(request.get_data())["responses"]
        if len(items) > MOST_AT_ONCE:
            return _json({"title": f"more than {MOST_AT_ONCE}"}, 413)
        checked = [_row_or_fault(item, device) for item in items]
        rows = [row for row in checked if isinstance(row, tuple)]
        all_new = store.insert(rows) == len(rows)
        told = [
            _receipt(store, row, is_new=all_new) if isinstance(row, tuple) else row
            for row in checked
        ]
        return _json({"receipts": told}, 200)

    return app


def _device(store: Store) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return store.device_of(hashlib.sha256(token.encode()).hexdigest())


def _row_or_fault(item: Any, device: str) -> Row | dict[str, Any]:
    try:
        fields = dict(item)
        return _checked(str(uuid.UUID(fields.pop("id"))), device, fields)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        return {"receipt": None, "status": "refused", "title": str(error)}


def _checked(response_id: str, device: str, content: Any) -> Row:
    Sent.model_validate(content)
    body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    received_at = datetime.now(UTC).isoformat()
    return response_id, device, received_at, hashlib.sha256(body).hexdigest(), body.decode()


def _receipt(store: Store, row: Row, *, is_new: bool) -> dict[str, Any]:
    same = is_new or store.hash_of(row[0]) == row[3]
    return {"id": row[0], "receipt": row[3], "status": "stored" if same else "conflict"}


def _json(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json")


class Server(BaseApplication):  # type: ignore[misc]
    """As many workers and threads as `manyi serve` has."""

    def __init__(self, port: int, url: str) -> None:
        self.port, self.url = port, url
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("workers", 2)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Flask:
        return peer(store_at(self.url))


if __name__ == "__main__":
    Server(int(sys.argv[1]), sys.argv[2]).run()
