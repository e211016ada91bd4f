"""A server under measurement: started, asked for its peak memory, stopped."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

START_SECONDS = 30
FORGET_PEAK = "5"
"""What makes the kernel begin the peak of a process anew; see proc(5), clear_refs."""


class Served:
    """The process of a command that listens on a port, and all its children."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str]) -> None:
        self.port = port
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        for _ in range(START_SECONDS * 10):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                assert self._process.poll() is None, "the server has stopped"
                time.sleep(0.1)
        self.__exit__()
        raise AssertionError(f"the server did not start within {START_SECONDS} seconds")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def forget_peak(self) -> None:
        for process in self._processes():
            Path(f"/proc/{process}/clear_refs").write_text(FORGET_PEAK)

    def peak_mb(self) -> float:
        """Sum of the peaks of resident memory; what processes share counts in each of them."""
        return sum(map(_peak_mb, self._processes()))

    def _processes(self) -> Iterator[int]:
        return _with_children(self._process.pid)


def _with_children(process: int) -> Iterator[int]:
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _with_children(int(child))


def _peak_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
