"""Runs the `manyi` command in forks of one process that has imported it: see tests/commands.py."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

from app import cli

PRELOADED = ("app.wiring", *(f"app.cli.{name}" for name in sorted(set(cli.MODULES.values()))))


def serve() -> None:
    """Answers each line of standard input, a command, with a line: its exit code."""
    for name in PRELOADED:
        import_module(name)
    gc.freeze()  # so that no fork copies what only the collector would touch
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            run(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def run(arguments: list[str], folder: str, environment: dict[str, str], **files: Any) -> NoReturn:
    """Ends this process, as the command ends."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    files |= {"stdin": os.devnull}
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(os.open(files[name], os.O_RDWR), number)
    try:
        cli.main(args=arguments, prog_name="manyi")
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking a large process apart object by object takes longer than a command


if __name__ == "__main__":
    serve()
