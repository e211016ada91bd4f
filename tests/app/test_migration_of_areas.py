"""Areas of a database in use keep every row when they learn whether they are urban or rural."""

from __future__ import annotations

from alembic import command
from places import NOW
from sqlalchemy import MetaData, select, text

from app.models import Area, Project, StoredSampleDesign
from app.services.database import Database, alembic_config


def test_areas_stay_with_their_numbers_and_have_no_setting(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0005")
    old = MetaData()
    old.reflect(database.engine)
    assert "setting" not in old.tables["areas"].columns
    assert "sample_designs" not in old.tables
    with database.engine.begin() as connection:
        connection.execute(old.tables["projects"].insert(), PROJECT)
        rows = [{"id": 7, "code": "51"}, {"id": 9, "code": "5101", "parent_id": 7}]
        for row in rows:
            connection.execute(old.tables["areas"].insert(), {"project_id": 1, "name": "县"} | row)
    database.migrate()
    with database.reading() as session:
        found = session.scalars(select(Area).order_by(Area.id)).all()
        assert [(a.id, a.code, a.parent_id, a.setting) for a in found] == [
            (7, "51", None, None),
            (9, "5101", 7, None),
        ]
        assert session.scalars(select(StoredSampleDesign)).all() == []


def test_going_back_keeps_the_areas(database: Database) -> None:
    with database.writing() as session:
        session.add(Project(slug="alpha", name="项目", year=2026, created_at=NOW))
        session.flush()
        session.add(Area(project_id=1, code="51", name="县", setting="urban"))
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0005")
        assert connection.scalar(text("SELECT code FROM areas")) == "51"


PROJECT = {"id": 1, "slug": "alpha", "name": "项目", "client": "", "unit": "", "year": 2026} | {
    "practice": False,
    "remark": "",
    "base_rule": "answered",
    "asks_position": False,
    "change_seq": 0,
    "created_at": NOW,
}
