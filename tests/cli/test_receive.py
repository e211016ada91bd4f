"""Tablets against the real server, killed after a commit; the command quarantine."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.models import Role
from app.services import accounts, devices, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.database import Database
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests import commands

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KILLS = 3


@dataclass
class Server:
    """`manyi serve` on a data directory of its own, to be killed and started again."""

    folder: Path
    port: int
    token: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*commands.COMMAND, "serve", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=commands.environment(MANYI_DATA_DIR=str(self.folder / "data")),
            start_new_session=True,
        )
        for _ in range(300):
            try:
                self.send("GET", "/api/openapi.json")
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not answer within 30 seconds")

    def kill(self) -> None:
        """SIGKILL to master and workers at once: nobody can finish anything."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def send(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        connection = self.ask(method, path, body)
        with closing(connection):
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def ask(self, method: str, path: str, body: bytes = b"") -> http.client.HTTPConnection:
        """Send and do not wait for the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {"Authorization": f"Bearer {self.token}"})
        return connection

    def stored(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "data/manyi.sqlite3")) as database:
            return [uuid.UUID(row[0]).hex for row in database.execute("SELECT id FROM responses")]

    def rows(self, table: str) -> int:
        with closing(sqlite3.connect(self.folder / "data/manyi.sqlite3")) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "data").mkdir()
    database = Database(f"sqlite:///{tmp_path}/data/manyi.sqlite3")
    database.migrate()
    with database.writing() as session:
        project = projects.create(session, NOW, COMMAND_LINE, "alpha", "甲", 2026)
        questionnaires.publish(session, NOW, COMMAND_LINE, project, find("dibao-residents@2"))
        role = Role.ENUMERATOR
        accounts.create(session, NOW, COMMAND_LINE, "one", "一", role, project)
        made = devices.create(session, NOW, COMMAND_LINE, project, "one")
        token = devices.make_token()
        devices.enrol(session, NOW, made.code, token)
    database.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    found = Server(tmp_path, port, token)
    yield found
    found.kill()


def content(seed: int, **changed: Any) -> bytes:
    answers = simulate(find("dibao-residents@2"), Audience.RECIPIENT, random.Random(seed))
    sent = {
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "answers": answers,
        "consent": {"version": "2", "given": True},
    }
    return json.dumps(sent | changed).encode()


def test_killed_server_gives_the_same_receipt_when_asked_again(server: Server) -> None:
    server.start()
    path = f"/api/v1/responses/{uuid.uuid4()}"
    status, first = server.send("PUT", path, content(1))
    assert (status, first["status"]) == (201, "stored")
    server.kill()
    server.start()
    assert server.send("PUT", path, content(1)) == (200, first)
    assert len(server.stored()) == 1


def test_kill_before_the_tablet_has_its_receipt_loses_and_doubles_nothing(server: Server) -> None:
    """The tablet never saw its receipts; it sends again and gets them."""
    ids = [uuid.uuid4() for _ in range(KILLS)]
    for seed, response_id in enumerate(ids):
        server.start()
        server.ask("PUT", f"/api/v1/responses/{response_id}", content(seed))
        for _ in range(5000):
            if response_id.hex in server.stored():
                break
            time.sleep(0.001)
        server.kill()
    server.start()
    for seed, response_id in enumerate(ids):
        path = f"/api/v1/responses/{response_id}"
        answers = [server.send("PUT", path, content(seed)) for _ in range(2)]
        assert [status for status, _ in answers] == [200, 200]
        assert answers[0][1] == answers[1][1]
        assert len(answers[0][1]["receipt"]) == 64
    assert sorted(server.stored()) == sorted(response_id.hex for response_id in ids)


def cut_off(server: Server, method: str, path: str, body: bytes) -> tuple[int, Any]:
    """Announce the whole body, send the half of it and close that direction of the connection."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as connection:
        connection.sendall(head.encode() + body[: len(body) // 2])
        connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, json.loads(answer.read())


def test_part_of_a_body_is_no_body_and_the_whole_of_it_gets_its_receipt(server: Server) -> None:
    server.start()
    one, other, visited = (str(uuid.uuid4()) for _ in range(3))
    item = json.loads(content(2)) | {"id": other}
    visit = {
        "id": visited,
        "audience": "recipient",
        "outcome": "not_home",
        "visited_at": "2026-11-20T14:02:00+08:00",
    }
    requests = (
        ("PUT", f"/api/v1/responses/{one}", content(1)),
        ("POST", "/api/v1/responses", json.dumps({"responses": [item]}).encode()),
        ("POST", "/api/v1/visits", json.dumps({"visits": [visit]}).encode()),
    )
    for request in requests:
        status, problem = cut_off(server, *request)
        assert (status, problem["code"]) == (400, "400.3"), request[:2]
        assert "平板会自动重发" in problem["title"]
    assert server.stored() == [] and server.rows("quarantine") == 0
    assert server.send(*requests[0])[1]["status"] == "stored"
    assert server.send(*requests[1])[1]["receipts"][0]["status"] == "stored"
    assert server.send(*requests[2])[1]["receipts"] == [{"id": visited, "status": "stored"}]
    assert server.rows("quarantine") == 0


def manyi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.manyi(*arguments, folder=folder, MANYI_DATA_DIR=str(folder / "data"))


def test_quarantine_is_listed_shown_and_replayed(server: Server) -> None:
    server.start()
    path = f"/api/v1/responses/{uuid.uuid4()}"
    body = content(1, version=1, answers={"q01": "A"})
    assert server.send("PUT", path, body)[1]["code"] == "422.8"
    portal = b"<html>\xff</html>"
    assert server.send("POST", "/api/v1/responses", portal)[1]["code"] == "422.5"
    listed = manyi(server.folder, "quarantine", "list", "alpha")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["1", "2"]
    assert (
        manyi(server.folder, "quarantine", "show", "2").stdout.encode(errors=commands.ERRORS)
        == portal + b"\n"
    )
    early = manyi(server.folder, "quarantine", "replay", "1")
    assert (early.returncode, "422.8" in early.stderr) == (1, True)
    assert manyi(server.folder, "project", "publish", "alpha", "dibao-residents@1").returncode == 0
    late = manyi(server.folder, "quarantine", "replay", "--all")
    assert late.returncode == 1, "the page of the portal stays"
    assert "1：收下 1 份，仍隔离 0 份" in late.stdout
    assert server.send("PUT", path, body)[0] == 200
    left = manyi(server.folder, "quarantine", "list").stdout.splitlines()
    assert [line.split()[0] for line in left] == ["2"]
    done = manyi(server.folder, "quarantine", "list", "--replayed").stdout.splitlines()
    assert [line.split()[0] for line in done] == ["1"]
    for unsaid in ((), ("--reason", " ")):
        assert manyi(server.folder, "quarantine", "dismiss", "2", *unsaid).returncode in (1, 2)
    given = ("--reason", "登录页，不是答卷")
    assert manyi(server.folder, "quarantine", "dismiss", "2", *given).returncode == 0
    assert manyi(server.folder, "quarantine", "list").stdout == ""
    dismissed = manyi(server.folder, "quarantine", "list", "--dismissed").stdout
    assert [line.split()[0] for line in dismissed.splitlines()] == ["2"]
    assert "登录页，不是答卷" in dismissed
    assert manyi(server.folder, "quarantine", "replay", "--all").returncode == 0


def test_quarantine_says_what_does_not_exist_or_fit(server: Server) -> None:
    missing = manyi(server.folder, "quarantine", "show", "7")
    assert (missing.returncode, missing.stderr[:5]) == (1, "404.1")
    for wrong in ((), ("1", "--all"), ("x",)):
        assert manyi(server.folder, "quarantine", "replay", *wrong).returncode == 2
