"""What a browser sends when an enumerator fills in a questionnaire, for the tests of the pages."""

from __future__ import annotations

import html
import random
import re
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.models import Revision, StoredResponse
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.conftest import World, csrf_token


def begin(client: FlaskClient, audience: str = "recipient", area: str = "") -> str:
    """Address of the form after consent."""
    page = f"/projects/alpha/collect/{audience}"
    form = {
        "csrf_token": csrf_token(client, page),
        "adult_and_agrees": "yes",
        "decision": "agree",
        "area_code": area,
    }
    answer = client.post(page, data=form)
    assert answer.status_code == 303
    return str(answer.location)


def filled(client: FlaskClient, address: str, seed: int = 1) -> MultiDict[str, str]:
    """The form as a browser sends it: its hidden fields and imagined answers."""
    page = client.get(address).get_data(as_text=True)
    names = r'<input type="hidden" name="(\w+)" value="([^"]*)">'
    fields = MultiDict((n, html.unescape(v)) for n, v in re.findall(names, page))
    audience = Audience(urlsplit(address).path.split("/")[4])
    questionnaire = find(fields["questionnaire_ref"])
    answers = simulate(questionnaire, audience, random.Random(seed))
    for key, value in answers.items():
        fields.setlist(key, value if isinstance(value, list) else [str(value)])
    return fields


def answers_in(form: MultiDict[str, str]) -> dict[str, Any]:
    return {k: v for k, v in form.lists() if re.fullmatch(r"q\d+(_._note)?", k)}


def stored(world: World) -> list[StoredResponse]:
    with world.app.extensions["manyi.database"].reading() as db:
        return list(db.scalars(select(StoredResponse).order_by(StoredResponse.arrival_no)))


def count_revisions(world: World) -> int:
    with world.app.extensions["manyi.database"].reading() as db:
        return db.scalar(select(func.count()).select_from(Revision)) or 0


def hand_in(client: FlaskClient, address: str, form: MultiDict[str, str]) -> TestResponse:
    return client.post(urlsplit(address).path, data=form)


def text(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def rescue_form(answer: TestResponse) -> MultiDict[str, str]:
    names = r'<input type="hidden" name="(\w+)" value="([^"]*)">'
    found = re.findall(names, answer.get_data(as_text=True))
    return MultiDict((n, html.unescape(v)) for n, v in found)
