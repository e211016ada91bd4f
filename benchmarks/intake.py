"""Responses per second through HTTP: `manyi serve` on SQLite, eight enumerators at once.

Each client is logged in and submits filled forms, each over a new connection: between two
interviews a tablet's browser has long closed the last one. A response counts when the server has
answered with the redirect to its receipt, that is after the commit. At the end every response must
be in the database.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import sqlite3
import statistics
import sys
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import config
from app import utc_now
from app.models import Role
from app.services import accounts, consents, projects, starting
from app.services.access import COMMAND_LINE
from app.services.accounts import NewAccount
from app.services.consents import Consent
from app.services.database import Database
from benchmarks.serving import Served, free_port
from surveys.catalogue import find
from surveys.definition import Audience, Questionnaire
from surveys.simulate import simulate

CLIENTS = 8
RESPONSES_EACH = 400
WARM_UP_EACH = 20
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    """One enumerator: where to send, and the cookie of the session."""

    def __init__(self, port: int, account: NewAccount) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""
        form = {"username": account.username, "password": account.password, "next": ""}
        status, _ = self.send("POST", "/login", {**form, "csrf_token": self.token()})
        assert status == 302, status
        self.csrf_token = self.token("/account")

    def token(self, page: str = "/login") -> str:
        _, body = self.send("GET", page)
        return re.findall(r'name="csrf_token" value="([^"]+)"', body)[0]

    def send(self, method: str, path: str, form: object = None) -> tuple[int, str]:
        body = urlencode(form, doseq=True) if form else None  # type: ignore[call-overload]
        headers = {"Cookie": self.cookie, **(FORM if form else {})}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        return answer.status, answer.read().decode()

    def submit(self, forms: list[tuple[str, dict[str, object]]]) -> list[float]:
        """Seconds per response."""
        seconds = []
        for path, form in forms:
            self.connection.close()
            started = time.perf_counter()
            status, body = self.send("POST", path, {**form, "csrf_token": self.csrf_token})
            seconds.append(time.perf_counter() - started)
            assert status == 303, body[:500]
        return seconds


@dataclass(frozen=True)
class Filled:
    """Filled forms, each with the proof of consent that the page of consent would have given."""

    key: str
    project_id: int
    chance: random.Random

    def forms(self, count: int) -> list[tuple[str, dict[str, object]]]:
        questionnaire = find("dibao-residents@2")
        return [self._form(questionnaire) for _ in range(count)]

    def _form(self, questionnaire: Questionnaire) -> tuple[str, dict[str, object]]:
        response_id = uuid.UUID(int=self.chance.getrandbits(128))
        reference, version = questionnaire.reference, questionnaire.consent.version
        consent = Consent(response_id, reference, version, self.project_id, practice=False)
        carried = {
            "questionnaire_ref": reference,
            "consent_token": consents.sign(self.key, consent),
            "started_at": "2026-11-21T09:00:00+08:00",
            "finished_at": "2026-11-21T09:30:00+08:00",
            "elapsed_ms": "1800000",
        }
        answers = simulate(questionnaire, Audience.RECIPIENT, self.chance)
        return f"/projects/intake/collect/recipient/{response_id}", {**answers, **carried}


def measure(folder: Path) -> dict[str, float]:
    """Requests per second, p50 and p95 in milliseconds, and how many were stored."""
    database = Database(f"sqlite:///{folder}/manyi.sqlite3")
    database.migrate()
    made, project_id = _accounts(database)
    database.close()
    port = free_port()
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with Served(command, port, {**os.environ, "MANYI_DATA_DIR": str(folder)}):
        clients = [Client(port, account) for account in made]
        filled = Filled(config.secret_key(folder), project_id, random.Random(1))
        _run(clients, [filled.forms(WARM_UP_EACH) for _ in clients])
        wall, seconds = _run(clients, [filled.forms(RESPONSES_EACH) for _ in clients])
    with closing(sqlite3.connect(folder / "manyi.sqlite3")) as connection:
        stored = connection.execute(
            "SELECT count(*) FROM responses WHERE status = 'accepted'"
        ).fetchone()[0]
    assert stored == CLIENTS * (RESPONSES_EACH + WARM_UP_EACH), stored
    return {
        "per_second": len(seconds) / wall,
        "p50_ms": statistics.median(seconds) * 1000,
        "p95_ms": statistics.quantiles(seconds, n=20)[-1] * 1000,
        "stored": stored,
    }


def _run(
    clients: list[Client], forms: list[list[tuple[str, dict[str, object]]]]
) -> tuple[float, list[float]]:
    seconds: list[float] = []
    threads = [
        threading.Thread(target=lambda c=client, f=batch: seconds.extend(c.submit(f)))
        for client, batch in zip(clients, forms, strict=True)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, seconds


def _accounts(database: Database) -> tuple[list[NewAccount], int]:
    with database.writing() as session:
        project = projects.create(session, utc_now(), COMMAND_LINE, "intake", "Intake", 2026)
        starting.publish_defaults(session, utc_now(), COMMAND_LINE, project)
        names = [f"client {number}" for number in range(CLIENTS)]
        made = accounts.create_many(
            session, utc_now(), COMMAND_LINE, project, Role.ENUMERATOR, names
        )
        return made, project.id
