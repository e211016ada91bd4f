"""The summary for programs: the same JSON as the command, problems as problem+json."""

from __future__ import annotations

import json

from analysis.reports.json_file import table_data
from app.services import projects, questionnaires, reports
from app.services.access import COMMAND_LINE
from app.services.reports import Filters
from surveys.definition import Audience
from tests.app.filled import RESIDENTS, add_areas, answers, database, store
from tests.conftest import World, csrf_token

ADDRESS = "/api/v1/projects/alpha/summary.json"


def test_summary_is_that_of_the_service(world: World) -> None:
    add_areas(world)
    store(world, answers(1), area="5101")
    store(world, answers(2, Audience.NON_RECIPIENT), Audience.NON_RECIPIENT, area="5102")
    query = f"?questionnaire={RESIDENTS}&audience=recipient&area=51"
    answer = world.client("alpha-evaluator").get(ADDRESS + query)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    with database(world.app).reading() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        published = questionnaires.find(session, project, RESIDENTS)
        store_of_columns = world.app.extensions["manyi.columns"]
        filters = Filters(audience=Audience.RECIPIENT)
        table = reports.summary_table(session, store_of_columns, project, published, filters)
    assert json.loads(answer.data) == json.loads(json.dumps(table_data(table)))
    assert json.loads(answer.data)["n"] == 1


def test_summary_is_for_those_who_may_see_results(world: World) -> None:
    wanted = {
        "alpha-evaluator": 200,
        "alpha-supervisor": 200,
        "admin": 200,
        "alpha-enumerator": 403,
        "beta-evaluator": 404,
        None: 401,
    }
    got = {who: world.client(who).get(ADDRESS).status_code for who in wanted}
    assert got == wanted


def test_problems_are_told_as_problem_json(world: World) -> None:
    client = world.client("alpha-evaluator")
    for query in ("audience=cat", "area=99", "questionnaire=x@1", "other=1", "base=1", "by=zz"):
        answer = client.get(f"{ADDRESS}?{query}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
        assert json.loads(answer.data)["code"] == "400.1"
    answer = world.client().get(ADDRESS)
    assert json.loads(answer.data)["code"] == "401.2"
    assert client.get(ADDRESS.replace("alpha", "none")).status_code == 404


def test_summary_takes_no_post(world: World) -> None:
    client = world.client("alpha-evaluator")
    token = {"X-CSRFToken": csrf_token(client, "/account")}
    assert client.post(ADDRESS, headers=token).status_code == 405
