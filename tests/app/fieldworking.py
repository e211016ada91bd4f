"""Fieldwork for tests: visits and reports as a tablet sends them, and a project in full swing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models import Area, PlannedSample, Visit
from app.services import assignments, ledger, projects
from app.services.access import COMMAND_LINE
from surveys.definition import Audience
from tests.app.filled import add_areas, answers, database, store
from tests.app.tablets import Tablet, new_uuid, response, tablet
from tests.conftest import NOW, World

VISITS, REPORT = "/api/v1/visits", "/api/v1/device/report"


def visit(seed: int, outcome: str = "completed", **changed: Any) -> dict[str, Any]:
    return {
        "id": str(new_uuid(1000 + seed)),
        "area": "5101",
        "audience": "recipient",
        "outcome": outcome,
        "visited_at": "2026-11-20T14:02:00+08:00",
        **changed,
    }


def report(finished: int, unsent: int, **changed: Any) -> dict[str, Any]:
    return {
        "finished": finished,
        "unsent": unsent,
        "oldest_unsent_at": "2026-11-20T14:02:00+08:00" if unsent else None,
        "drafts": 0,
        "persisted": True,
        "shell": "1",
        "told_at": "2026-11-21T10:30:00+08:00",
        "by": [{"area": "5101", "audience": "recipient", "finished": finished}],
        **changed,
    }


def send_visits(own: Tablet, *visits: Any) -> TestResponse:
    return own.send("post", VISITS, {"visits": list(visits)})


def send_report(own: Tablet, told: Any) -> TestResponse:
    return own.send("put", REPORT, told)


def visits_of(world: World) -> list[Visit]:
    with database(world.app).reading() as session:
        return list(session.scalars(select(Visit).order_by(Visit.id)))


def plan(world: World, area: str, audience: str, planned: int) -> None:
    with database(world.app).writing() as session:
        area_id = session.scalar(select(Area.id).where(Area.code == area))
        session.merge(PlannedSample(area_id=area_id, audience=audience, planned=planned))


def assign(world: World, area: str, quantity: int, audience: str = "recipient") -> None:
    """To the enumerator of `alpha`."""
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        whom = ("alpha-enumerator", area, Audience(audience))
        assignments.assign(session, NOW, COMMAND_LINE, project, *whom, quantity)


def hand_out_paper(world: World, area: str, quantity: int, audience: str = "recipient") -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        where = (area, Audience(audience))
        ledger.set_paper_forms(session, NOW, COMMAND_LINE, project, *where, quantity)


def in_full_swing(world: World) -> Tablet:
    """County 51 with 东镇 and 西镇. The tablet finished 12 and handed in 10, one of them for
    review; two households were not at home, one refused, one is to be replaced. Two responses
    came from paper, of which four forms were handed out."""
    add_areas(world)
    plan(world, "5101", "recipient", 9)
    plan(world, "5102", "recipient", 10)
    assign(world, "5101", 8)
    assign(world, "5102", 5)
    own = tablet(world)
    for seed in range(9):
        own.put(new_uuid(seed), response(seed, area="5101"))
    own.put(new_uuid(9), response(9, area="5102", answers={"q01": "Z"}))
    done = [visit(n, response_id=str(new_uuid(n)), area="5101") for n in range(9)]
    done += [visit(n, response_id=str(new_uuid(n)), area="5102") for n in (9, 10, 11)]
    done += [visit(12, "not_home"), visit(13, "not_home"), visit(14, "refused")]
    send_visits(own, *done, visit(15, "replaced"))
    shares = (("5101", 9), ("5102", 3))
    where = [{"area": a, "audience": "recipient", "finished": n} for a, n in shares]
    send_report(own, report(12, 2, by=where, persisted=False))
    hand_out_paper(world, "5102", 4)
    for seed in (20, 21):
        store(world, answers(seed), area="5102")
    return own
