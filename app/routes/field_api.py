"""Where tablets hand in visits and say what they hold: by their token, as with responses.

A revoked tablet may do both, and is told nothing but what became of what it handed in.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.request import database, now, settings
from app.routes import bearer
from app.services import devices, fieldwork
from app.services.fieldwork import MOST_AT_ONCE, VisitOutcome

pages = Blueprint("field_api", __name__, url_prefix="/api/v1")


@pages.record_once
def _needs_no_form_token(state: BlueprintSetupState) -> None:
    """A browser never adds the header Authorization by itself, so nobody can be tricked into it."""
    for view in (post_visits, put_report):
        state.app.extensions["csrf"].exempt(view)


@pages.post("/visits")
def post_visits() -> ResponseReturnValue:
    device_id, moment = bearer.device(), now()
    visits = fieldwork.visits_of(bearer.body(MOST_AT_ONCE), settings().max_upload_mb)

    def store(db: Any) -> list[VisitOutcome]:
        known = devices.known(db, device_id)
        devices.seen(db, moment, known)
        return fieldwork.take_visits(db, moment, known, visits)

    outcomes = database().together(store)
    return bearer.as_json({"receipts": [outcome.as_data() for outcome in outcomes]})


@pages.put("/device/report")
def put_report() -> ResponseReturnValue:
    device_id, moment = bearer.device(), now()
    report = fieldwork.report_of(bearer.body(1))

    def store(db: Any) -> None:
        fieldwork.take_report(db, moment, devices.known(db, device_id), report)

    database().together(store)
    return bearer.as_json({})
