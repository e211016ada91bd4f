"""Nothing is lost and nothing is stored twice, whatever happens to the server or on the way."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from app.models import Quarantined, Revision, Role, StoredResponse
from app.services import accounts, devices, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.database import Database
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.browser.tablets import DELIVERED, wait_for_shell

RESPONSES = 200
SEED = 20_261_121
SINGLES, BATCHES = [3] * 34, [49, 49]
"""How many interviews are finished before each sending: few go one by one, many in batches."""
BY_ITSELF = {
    "kill_after_commit": 24,
    "kill": 6,
    "drop_after_commit": 6,
    "stall_after_commit": 4,
    "portal": 6,
    "401": 3,
    "401_problem": 3,
    "413": 6,
    "500": 3,
    "500_problem": 3,
}
IN_A_BATCH = {
    "kill_after_commit": 4,
    "kill": 1,
    "drop_after_commit": 2,
    "stall_after_commit": 1,
    "portal": 1,
    "401_problem": 1,
    "413": 2,
    "500_problem": 2,
}
TIMEOUT_MS = 1_500
"""Shorter than the stall of the server."""

HAND_IN_ALL = (Path(__file__).parent / "hand_in_all.js").read_text("utf-8")


@dataclass
class Server:
    """The unsteady server as a process, which starts itself again whenever it was killed."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> subprocess.Popen[bytes]:
        chosen = {
            "MANYI_DATA_DIR": str(self.folder),
            "MANYI_PORT": str(self.port),
            "MANYI_WORKERS": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tests.browser.unsteady_server", str(self.folder)],
            env={**os.environ, **chosen},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "errors").open("ab"),
        )

    @property
    def starts(self) -> int:
        return len((self.folder / "starts").read_text().split())

    def wait(self) -> None:
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def log(self) -> Counter[str]:
        return Counter((self.folder / "log").read_text().split())

    def database(self) -> Database:
        return Database(f"sqlite:///{self.folder}/manyi.sqlite3")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "schedule").write_text("\n".join(schedule()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = Server(tmp_path, int(probe.getsockname()[1]))
    code = set_up(found)
    (tmp_path / "code").write_text(code)
    process = found.start()
    yield found
    process.terminate()
    process.wait()


def schedule() -> list[str]:
    """Each response that is sent by itself needs one answer, so that the batches meet the rest."""
    chance = random.Random(SEED)
    first = [action for action, times in BY_ITSELF.items() for _ in range(times)]
    first += ["answer"] * (sum(SINGLES) - 1)
    chance.shuffle(first)
    second = [action for action, times in IN_A_BATCH.items() for _ in range(times)]
    chance.shuffle(second)
    return [*first, "answer", *second]


def set_up(server: Server) -> str:
    """A project, its questionnaire, an enumerator; returns the code of a slip."""
    database, now = server.database(), datetime.now(UTC)
    database.migrate()
    with database.writing() as db:
        project = projects.create(db, now, COMMAND_LINE, "alpha", "alpha 项目", 2026)
        questionnaires.publish(db, now, COMMAND_LINE, project, find("dibao-residents@2"))
        accounts.create(db, now, COMMAND_LINE, "one", "一", Role.ENUMERATOR, project)
        code = devices.create(db, now, COMMAND_LINE, project, "one").code
    database.close()
    return code


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def drafts() -> list[dict[str, Any]]:
    """Interviews at their end; `elapsed_ms` numbers them."""
    chance = random.Random(SEED)
    questionnaire = find("dibao-residents@2")
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    return [
        {
            "project": "alpha",
            "audience": "recipient",
            "area": None,
            "consent": {"version": questionnaire.consent.version, "given": True},
            "practice": False,
            "position": None,
            "replaces": None,
            "finished": {
                "answers": simulate(questionnaire, Audience.RECIPIENT, chance),
                "started_at": moment,
                "finished_at": moment,
                "elapsed_ms": number,
            },
        }
        for number in range(RESPONSES)
    ]


def test_nothing_is_lost_or_doubled_while_the_server_is_killed_and_the_network_lies(
    server: Server, page: Page, record_property: Callable[[str, object], None]
) -> None:
    server.wait()
    page.goto(f"{server.address}/enrol#{(server.folder / 'code').read_text()}")
    page.click("main form button")
    page.wait_for_selector(f"text={'还没有完成的答卷'}")
    wait_for_shell(page)
    given = drafts()
    form = {"questionnaire": "dibao-residents", "version": 2}
    handed = {
        "drafts": given,
        "form": form,
        "timeoutMs": TIMEOUT_MS,
        "groups": [*SINGLES, *BATCHES],
    }
    sent = page.evaluate(HAND_IN_ALL, handed)
    done = server.log()
    stored = rows(server)
    ids = Counter(row.id for row in stored)
    lost = len({one["id"] for one in sent} - {str(row.id) for row in stored})
    doubled = sum(times - 1 for times in ids.values()) + max(len(stored) - RESPONSES, 0)
    faults = sum(done.values()) - done["answer"]
    record_property(
        "tried",
        {
            "responses": RESPONSES,
            "kills between commit and receipt": done["kill_after_commit"],
            "kills before": done["kill"],
            "other faults": faults - done["kill_after_commit"] - done["kill"],
            "lost": lost,
            "doubled": doubled,
        },
    )
    assert (lost, doubled, len(stored)) == (0, 0, RESPONSES)
    assert done["kill_after_commit"] >= 20
    assert done - Counter(answer=done["answer"]) == Counter(BY_ITSELF) + Counter(IN_A_BATCH)
    assert done["answer"] < RESPONSES
    # A request that a slow machine makes the tablet repeat meanwhile is killed with the first.
    wait_until(lambda: server.starts > done["kill_after_commit"])
    assert {one["state"] for one in sent} == {"received"}
    wanted = [one["finished"] for one in given]
    assert answers_by_number(stored) == {one["elapsed_ms"]: one["answers"] for one in wanted}
    assert {row.status for row in stored} == {"accepted"}
    assert extra_rows(server) == (0, 0)
    page.reload()
    page.wait_for_selector(f"text={DELIVERED}")


def rows(server: Server) -> list[StoredResponse]:
    database = server.database()
    with database.reading() as db:
        found = list(db.scalars(select(StoredResponse)))
    database.close()
    return found


def extra_rows(server: Server) -> tuple[int, int]:
    """Revisions and quarantined bodies."""
    database = server.database()
    with database.reading() as db:
        counts = [
            db.scalar(select(func.count()).select_from(table)) for table in (Revision, Quarantined)
        ]
    database.close()
    return counts[0] or 0, counts[1] or 0


def answers_by_number(stored: list[StoredResponse]) -> dict[int | None, Any]:
    return {row.elapsed_ms: json.loads(json.dumps(row.answers)) for row in stored}
