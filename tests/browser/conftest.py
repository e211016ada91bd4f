"""The Chromium of this machine for all browser tests, a font for it, and a server to visit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

import config
from app import create_app
from app.services import demo
from tests.conftest import NOW, World
from tests.served import POLL_SECONDS, serving
from tools.chinese_font import fontconfig_file

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chinese_font: Path
) -> dict[str, Any]:
    """The CHROMIUM that `make test` names, else one on the PATH, else the one of Playwright."""
    env = {**os.environ, "FONTCONFIG_FILE": str(chinese_font)}
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    chosen = {"executable_path": found} if found else {}
    arguments = [*QUIET, *_without_sandbox()]
    return {**browser_type_launch_args, **chosen, "args": arguments, "env": env}


def _without_sandbox() -> list[str]:
    """Chromium refuses to start its sandbox as root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture(scope="session")
def chinese_font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fontconfig file that adds Noto Sans SC, so that sizes are those of Chinese anywhere."""
    return fontconfig_file(tmp_path_factory.mktemp("fonts"))


@dataclass(frozen=True)
class Live:
    """The application of `world`, served on a free port of the loopback interface."""

    address: str
    world: World

    def log_in(self, context: BrowserContext, username: str) -> Page:
        return logged_in(context, self.address, username, self.world.passwords[username])


# A busy machine takes its time, and a fault takes all of it.
expect.set_options(timeout=15_000)
LONGEST_ACTION_MS = 60_000


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """That of pytest-playwright; a whole report may be written before a tap has ended."""
    context.set_default_timeout(LONGEST_ACTION_MS)
    return context


@pytest.fixture
def app(settings: config.Settings, sqlite_template: Path) -> Iterator[Flask]:
    """One for each test: a request of a page that is closing may outlive its test."""
    settings.data_dir.mkdir(parents=True)
    shutil.copy(sqlite_template, settings.data_dir / "manyi.sqlite3")
    made = create_app(settings, clock=lambda: NOW)
    yield made
    made.extensions["manyi.database"].close()


@pytest.fixture
def live(world: World) -> Iterator[Live]:
    with serving(world.app) as address:
        yield Live(address, world)


@dataclass(frozen=True)
class Site:
    """The two sample projects, served on a free port, and the passwords of their accounts."""

    address: str
    passwords: dict[str, str]

    def log_in(self, context: BrowserContext, username: str) -> Page:
        return logged_in(context, self.address, username, self.passwords[username])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = config.load({"MANYI_DATA_DIR": str(tmp_path_factory.mktemp("site"))})
    app = create_app(settings, clock=lambda: NOW)
    database = app.extensions["manyi.database"]
    database.migrate()
    with database.writing() as session:
        accounts = demo.load(session, NOW)
    with serving(app) as address:
        yield Site(address, {account.username: account.password for account in accounts})
    database.close()


def logged_in(context: BrowserContext, address: str, username: str, password: str) -> Page:
    """A new page of this person, on the first page after logging in."""
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main button")
    page.wait_for_url(f"{address}/")
    return page


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are no test output."""


@pytest.fixture(scope="module")
def scripts() -> Iterator[str]:
    """Address of the folder app/static/js, served on a free port of the loopback interface."""
    folder = Path(__file__).parents[2] / "app" / "static" / "js"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
