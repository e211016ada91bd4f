"""The Chromium of this machine for all browser tests."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The CHROMIUM that `make test` names, else one on the PATH, else the one of Playwright."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "args": [*QUIET, *_without_sandbox()]}


def _without_sandbox() -> list[str]:
    """Chromium refuses to start its sandbox as root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
