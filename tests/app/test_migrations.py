"""Migrating an empty database gives what the models say, on both databases."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from alembic import command
from places import NOW
from sqlalchemy import Engine, MetaData, create_engine, inspect, select, text

from app.models import Base, Device, Project, StoredResponse
from app.services.database import Database, alembic_config


def test_migrated_tables_equal_the_models(database: Database) -> None:
    """The tables that create_all makes from the models are the yardstick, so that indexes for one
    dialect only (ddl_if) are expected exactly there."""
    migrated = _shape(database.engine)
    assert len(migrated) == len(Base.metadata.tables)

    _remove_everything(database)
    Base.metadata.create_all(database.engine)
    assert migrated == _shape(database.engine)


def test_the_index_with_the_record_is_on_sqlite_only(database: Database) -> None:
    names = {index["name"] for index in inspect(database.engine).get_indexes("responses")}
    on_sqlite = database.engine.dialect.name == "sqlite"
    assert ("ix_responses_records" in names) is on_sqlite
    assert ("ix_responses_changes" in names) is not on_sqlite


def test_second_migration_changes_nothing(database: Database) -> None:
    before = _shape(database.engine)
    with database.writing() as session:
        session.add(Project(slug="kept", name="项目", year=2026, created_at=NOW))
    database.migrate()
    assert _shape(database.engine) == before
    with database.reading() as session:
        assert session.scalars(select(Project.slug)).all() == ["kept"]


def test_migration_can_be_taken_back(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_every_constraint_has_a_name(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in Base.metadata.tables:
        # The key of a SQLite table that numbers its rows is part of the column and has no name.
        numbered = Base.metadata.tables[table].dialect_options["sqlite"]["autoincrement"]
        on_sqlite = database.engine.dialect.name == "sqlite"
        named = [
            *([] if numbered and on_sqlite else [inspector.get_pk_constraint(table)]),
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_indexes(table),
        ]
        assert all(constraint["name"] for constraint in named), table


def test_every_constraint_of_the_models_has_a_name() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in (*table.constraints, *table.indexes)
        if not constraint.name
    ]
    assert unnamed == []


def test_sqlite_never_reuses_the_id_of_a_removed_row(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/ids.sqlite3")
    database.migrate()
    with database.engine.connect() as connection:
        query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        numbered = set(connection.scalars(query))
    database.close()
    assert {"users", "projects", "areas", "published_questionnaires"} <= numbered


def _shape(engine: Engine) -> dict[str, Any]:
    inspector = inspect(engine)
    return {
        table: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], _is_sequence(c["default"]))
                for c in inspector.get_columns(table)
            ),
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": _sorted(inspector.get_foreign_keys(table)),
            "unique": _sorted(inspector.get_unique_constraints(table)),
            "checks": _sorted(inspector.get_check_constraints(table)),
            "indexes": _sorted(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _is_sequence(default: str | None) -> bool:
    return (default or "").startswith("nextval")


def _sorted(constraints: Any) -> list[str]:
    return sorted(
        str(sorted((key, _plain(value)) for key, value in constraint.items()))
        for constraint in constraints
    )


def _plain(value: Any) -> str:
    """Conditions of partial indexes come as objects that are equal only to themselves."""
    if isinstance(value, dict):
        return str(sorted((key, str(part)) for key, part in value.items()))
    return str(value)


def _remove_everything(database: Database) -> None:
    engine = create_engine(database.engine.url)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(text(f"DROP TABLE {table.name}"))
    engine.dispose()


def test_migrating_a_database_in_use_keeps_every_row(database: Database) -> None:
    """From 0002, in which tablets and responses point at each other's rows, to the newest."""
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0002")
    old = MetaData()
    old.reflect(database.engine)
    with database.engine.begin() as connection:
        for table, row in _in_use(on_sqlite=connection.dialect.name == "sqlite"):
            connection.execute(old.tables[table].insert(), row)
    database.migrate()
    with database.reading() as session:
        device = session.scalars(select(Device)).one()
        response = session.scalars(select(StoredResponse)).one()
        assert (device.token_hash, device.enrolled_at, device.code_hash) == ("0" * 64, NOW, None)
        assert (response.device_id, response.position) == (device.id, None)
        assert session.scalars(select(Project)).one().asks_position is False


def _in_use(*, on_sqlite: bool) -> list[tuple[str, dict[str, Any]]]:
    """One row of each table that a response points at, and the response; on SQLite a reflected
    column does not know that it holds UUIDs."""
    made = [uuid.UUID(int=number) for number in (1, 2)]
    ids = [one.hex if on_sqlite else one for one in made]
    project = {"slug": "alpha", "name": "项目", "client": "", "unit": "", "year": 2026}
    user = {"username": "one", "display_name": "一", "role": "enumerator", "session_key": "x"}
    response = {"arrival_no": 1, "change_seq": 1, "short_code": "x", "status": "accepted"}
    return [
        ("projects", project | OF_PROJECT),
        ("users", user | {"id": 1, "password_hash": "x", "active": True, "created_at": NOW}),
        ("published_questionnaires", QUESTIONNAIRE),
        ("devices", {"id": ids[0], "label": "平板"} | DEVICE),
        ("responses", {"id": ids[1], "device_id": ids[0]} | response | RESPONSE),
    ]


OF_PROJECT = {"id": 1, "practice": False, "remark": "", "base_rule": "answered"} | {
    "change_seq": 1,
    "created_at": NOW,
}
QUESTIONNAIRE = {"id": 1, "project_id": 1, "slug": "a", "version": 1, "title": "题"} | {
    "definition": "{}",
    "offered": True,
    "published_at": NOW,
}
DEVICE = {"project_id": 1, "user_id": 1, "token_hash": "0" * 64, "created_at": NOW}
RESPONSE = {"project_id": 1, "questionnaire_id": 1, "practice": False, "status_reason": ""} | {
    "answers": "{}",
    "complaints": "[]",
    "consent": "{}",
    "content_hash": "0" * 64,
    "record": b"\0",
    "record_layout": 1,
    "received_at": NOW,
}
