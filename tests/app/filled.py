"""Responses for tests of the pages for evaluators, and their pages taken apart."""

from __future__ import annotations

import html
import random
import re
import uuid
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models import Area, PaperForms, Project, Revision, StoredPlan, StoredResponse
from app.services import projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.responses import Submission, receive
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.conftest import NOW, World

RESIDENTS, CADRES = "dibao-residents@2", "dibao-cadres@2"
ROW = re.compile(
    r'<td class="option role-option">(?P<option>.*?)</td>\s*'
    r'<td class="num">(?P<count>\d+)</td>\s*<td class="num">(?P<share>.*?)</td>'
)


def database(app: Flask) -> Any:
    return app.extensions["manyi.database"]


def answers(seed: int, audience: Audience = Audience.RECIPIENT, **changed: Any) -> dict[str, Any]:
    """Right answers to dibao-residents@2 (cadres: dibao-cadres@2), some of them given here."""
    reference = CADRES if audience is Audience.CADRE else RESIDENTS
    return simulate(find(reference), audience, random.Random(seed)) | changed


def add_areas(world: World, slug: str = "alpha") -> None:
    """County 51 with the towns 5101 and 5102."""
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        county = Area(project_id=project.id, code="51", name="试点县")
        session.add(county)
        session.flush()
        for code, name in (("5101", "东镇"), ("5102", "西镇")):
            session.add(Area(project_id=project.id, code=code, name=name, parent_id=county.id))


def store(
    world: World,
    given: dict[str, Any],
    audience: Audience | None = Audience.RECIPIENT,
    *,
    area: str | None = None,
    response_id: uuid.UUID | None = None,
    at: datetime = NOW,
    slug: str = "alpha",
) -> uuid.UUID:
    """Receive a response as if it had come from a tablet; returns its id."""
    reference = CADRES if audience is Audience.CADRE else RESIDENTS
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        published = questionnaires.find(session, project, reference)
        place = session.query(Area).filter_by(project_id=project.id, code=area).first()
        submission = Submission(
            id=response_id or uuid.uuid4(), audience=audience, area=place, answers=given
        )
        return receive(session, at, COMMAND_LINE, project, published, submission).id


def stored(world: World, response_id: uuid.UUID) -> StoredResponse:
    with database(world.app).reading() as session:
        return session.get_one(StoredResponse, response_id)


def revision_kinds(world: World, response_id: uuid.UUID) -> list[str]:
    with database(world.app).reading() as session:
        rows = session.query(Revision).filter_by(response_id=response_id)
        return [row.kind for row in rows.order_by(Revision.number)]


def plan_count(world: World) -> int:
    with database(world.app).reading() as session:
        return session.query(StoredPlan).count()


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The page's text with entities read, as a person sees it."""
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return html.unescape(answer.get_data(as_text=True))


def seen(client: FlaskClient, address: str) -> str:
    """The version that a form of this page says it was drawn from; "0" for who sees no form."""
    found = re.search(r'name="based_on" value="(\d+)"', client.get(address).get_data(as_text=True))
    return found[1] if found else "0"


def table_rows(text: str) -> list[tuple[str, int, str]]:
    """Label, count and share of each option of a summary page, from top to bottom."""
    return [(m["option"], int(m["count"]), m["share"]) for m in ROW.finditer(text)]


def hand_out(world: World, forms: int) -> None:
    """So many paper forms for recipients in a village of the project alpha."""
    with database(world.app).writing() as session:
        project = session.scalars(select(Project).where(Project.slug == "alpha")).one()
        village = Area(project_id=project.id, code="01", name="长乐村")
        session.add(village)
        session.flush()
        session.add(PaperForms(area_id=village.id, audience="recipient", handed_out=forms))
