"""An index that is typed in before the first response; frameworks that were stored before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.models import StoredFramework
from app.services import frozen_tables, manifests, questionnaires, scoring
from app.services.access import COMMAND_LINE
from app.services.database import Database
from tests.app.test_services_evaluations import SMALL, Bench, refused, yaml_of
from tests.conftest import NOW

TWICE = {
    "kind": "survey_share",
    "asked": [{"questionnaire": "dibao-residents", "question": "q05", "options": ["A", "A"]}],
    "scale": {"kind": "proportional"},
}
"""An option named twice, which counted twice once."""


@pytest.fixture
def bench(database: Database) -> Iterator[Bench]:
    """Its plan for q18 has the bands 90/80/60."""
    made = Bench(database)
    with database.writing() as db:
        project = made.project(db)
        published = questionnaires.find(db, project, "dibao-residents@2")
        data = {"points": 10, "point_rule": "bands"}
        scoring.change(db, NOW, COMMAND_LINE, project, published, "q18", data, "分档计分")
    yield made


def test_index_earns_by_the_plan_of_the_project_before_and_after_the_first_response(
    bench: Bench,
) -> None:
    """85% is in the band from 80%: 0.8 of 10."""
    bench.choose(yaml_of())
    bench.measure("C", value="85%")
    assert bench.card().by_id["C"].score == 8
    bench.answer("A")
    assert bench.card().by_id["C"].score == 8


def test_frozen_plans_are_known_before_the_first_response(bench: Bench) -> None:
    with bench.database.reading() as db:
        frozen = manifests.read(manifests.write(db, bench.project(db)))
        surveys, plans = frozen_tables.survey_inputs(db, bench.project(db), frozen)
    assert surveys == {}
    assert plans["dibao-residents/q18"].point_rule == "bands"


def test_framework_with_an_option_twice_is_refused_and_a_stored_one_opens(bench: Bench) -> None:
    """It was stored when nothing looked for that."""
    parts = [*SMALL["parts"][:2], SMALL["parts"][2] | {"rule": TWICE}]
    found = refused("422.1", bench.choose, yaml_of(parts=parts))
    assert "选项 A 列了两次" in "".join(found.lines)
    bench.choose(yaml_of())
    with bench.database.writing() as db:
        row = db.query(StoredFramework).one()
        row.content = yaml_of(parts=parts)[1].decode()
    report = bench.scored().report
    assert "option_repeated" in [fault.code for fault in report.faults]
