"""The `manyi` command, each time in a process of its own.

A new interpreter takes a second or more to import what a command needs, and the tests call some
hundreds of commands. So one process imports it all, and a command runs in a fork of it: with its
own memory, arguments, environment, folder, output and exit code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ERRORS = "surrogateescape"
"""What a command prints need not be text."""
COMMAND = (sys.executable, "-m", "app")


def environment(**changed: str) -> dict[str, str]:
    """Of a process that is to find this project from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **changed}


def manyi(*arguments: str, folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """The command in `folder`, with changes of the environment."""
    if any(not name.startswith("MANYI_") for name in changed):  # Python itself may read them
        return subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors=ERRORS,
            cwd=folder,
            env=environment(**changed),
            check=False,
        )
    with tempfile.NamedTemporaryFile() as stdout, tempfile.NamedTemporaryFile() as stderr:
        code = _forked(
            arguments=arguments,
            folder=str(folder),
            environment=environment(**changed),
            stdout=stdout.name,
            stderr=stderr.name,
        )
        told = [file.read().decode(errors=ERRORS) for file in (stdout, stderr)]
    return subprocess.CompletedProcess(arguments, code, *told)


def _forked(**wanted: object) -> int:
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(wanted) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> subprocess.Popen[str]:
    """One for each process of tests; it ends when its input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.forking"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    )
