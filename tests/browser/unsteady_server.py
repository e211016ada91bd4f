"""`manyi serve` behind which everything goes wrong: a program of its own, for the tests of losses.

Each request that hands in responses takes the next line of a schedule: the process kills itself
with SIGKILL before or after the commit, the connection breaks, or something else answers. What
was done is appended to a log, so that the test can count it. Whenever it was killed, it is forked
again from a process that has imported it: a new interpreter would take a second each time.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.cli import serving

STALL_SECONDS = 3
HANDING_IN = "/api/v1/responses"
PORTAL = b"<!doctype html><title>Wi-Fi</title><form action=/login>"
Answer = Iterable[bytes]


class Unsteady:
    """A WSGI application around Manyi's own."""

    def __init__(self, manyi: Callable[..., Answer], folder: Path) -> None:
        self.manyi, self.folder = manyi, folder
        self.schedule = (folder / "schedule").read_text().split()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        if not environ["PATH_INFO"].startswith(HANDING_IN):
            return self.manyi(environ, start)
        action = self._next()
        self._log(action)
        return ACTIONS[action](self, environ, start)

    def _next(self) -> str:
        done = len(self._lines())
        return self.schedule[done] if done < len(self.schedule) else "answer"

    def _lines(self) -> list[str]:
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []

    def _log(self, line: str) -> None:
        with (self.folder / "log").open("a") as log:
            log.write(line + "\n")

    def _commit(self, environ: dict[str, Any]) -> bytes:
        """Manyi's whole answer, which exists only once the responses are committed."""
        told: list[str] = []
        body = b"".join(self.manyi(environ, lambda status, headers: told.append(status)))
        if not told[0].startswith("20"):
            raise RuntimeError(f"nothing was committed: {told[0]} {body[:200]!r}")
        return body

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self.manyi(environ, start)

    def kill_after_commit(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        self._commit(environ)
        return self.kill(environ, start)

    def kill(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        os.killpg(os.getpgid(0), signal.SIGKILL)
        return []

    def drop_after_commit(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        self._commit(environ)
        environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
        return []

    def stall_after_commit(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        body = self._commit(environ)
        time.sleep(STALL_SECONDS)
        start("200 OK", [("Content-Type", "application/json")])
        return [body]

    def portal(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("200 OK", environ, start)

    def status_401(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("401 Unauthorized", environ, start)

    def problem_401(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("401 Unauthorized", environ, start, problem=401)

    def problem_500(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("500 Internal Server Error", environ, start, problem=500)

    def status_413(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("413 Payload Too Large", environ, start)

    def status_500(self, environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        return self._instead("500 Internal Server Error", environ, start)

    def _instead(
        self, status: str, environ: dict[str, Any], start: Callable[..., Any], problem: int = 0
    ) -> Answer:
        """Some other page, or a problem as Manyi itself tells it."""
        environ["wsgi.input"].read()
        start(status, [("Content-Type", "text/html")])
        told = {"code": f"{problem}.3", "title": "?", "title_en": "?", "status": problem}
        return [json.dumps(told).encode() if problem else PORTAL]


ACTIONS: dict[str, Callable[..., Answer]] = {
    "answer": Unsteady.answer,
    "kill": Unsteady.kill,
    "kill_after_commit": Unsteady.kill_after_commit,
    "drop_after_commit": Unsteady.drop_after_commit,
    "stall_after_commit": Unsteady.stall_after_commit,
    "portal": Unsteady.portal,
    "401": Unsteady.status_401,
    "401_problem": Unsteady.problem_401,
    "500_problem": Unsteady.problem_500,
    "413": Unsteady.status_413,
    "500": Unsteady.status_500,
}


def keep(folder: Path) -> None:
    """Serve until this process is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    import_module("app.wiring")
    while True:
        _wait_for_port(int(os.environ["MANYI_PORT"]))
        with (folder / "starts").open("a") as starts:
            starts.write("start\n")
        if (child := os.fork()) == 0:
            os.setsid()
            serve(folder)
        try:
            os.waitpid(child, 0)
        except SystemExit:
            os.killpg(child, signal.SIGKILL)
            raise


def _wait_for_port(port: int) -> None:
    """A killed worker may hold it a moment longer than its master, and gunicorn waits a second."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen()
            return
        time.sleep(0.01)


def serve(folder: Path) -> None:
    def unsteady(*arguments: Any) -> Flask:
        app = create_app(*arguments)
        app.wsgi_app = Unsteady(app.wsgi_app, folder)  # type: ignore[method-assign]
        return app

    serving.create_app = unsteady
    serving.serve(args=[], prog_name="manyi serve")


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
