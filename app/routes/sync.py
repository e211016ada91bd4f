"""Where tablets hand in responses: by the token of the device, no cookie and no form token.

An answer that carries `receipt` is a receipt; nothing else is, whatever its status.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app import problems
from app.openapi import document
from app.problems import Problem
from app.request import database, now, settings
from app.routes import bearer
from app.routes.bearer import as_json
from app.services import devices, intake, questionnaires
from app.services.intake import MOST_AT_ONCE, Outcome
from app.services.responses import Receipt

pages = Blueprint("sync", __name__, url_prefix="/api")


@pages.record_once
def _needs_no_form_token(state: BlueprintSetupState) -> None:
    """A browser never adds the header Authorization by itself, so nobody can be tricked into it."""
    for view in (put_response, post_responses):
        state.app.extensions["csrf"].exempt(view)


@pages.put("/v1/responses/<given_id>")
def put_response(given_id: str) -> ResponseReturnValue:
    device_id, body = bearer.device(), bearer.body(MOST_AT_ONCE)
    moment = now()

    def store(db: Any) -> Outcome:
        return intake.take_one(db, moment, device_id, given_id, body)

    outcome = database().together(store)
    if outcome.receipt is None:
        raise outcome.problem or problems.unexpected()
    return as_json(_receipt(outcome.receipt), 201 if outcome.receipt.created else 200)


@pages.post("/v1/responses")
def post_responses() -> ResponseReturnValue:
    device_id, body = bearer.device(), bearer.body(MOST_AT_ONCE)
    moment, limit_mb = now(), settings().max_upload_mb

    def store(db: Any) -> list[Outcome] | Problem:
        return intake.take_many(db, moment, device_id, body, MOST_AT_ONCE, limit_mb)

    outcomes = database().together(store)
    if isinstance(outcomes, Problem):
        raise outcomes
    return as_json({"receipts": [_told(outcome) for outcome in outcomes]})


@pages.get("/v1/device")
def device() -> ResponseReturnValue:
    """What a token stands for. Raises Problem 401.3, or 403.2 for a revoked device."""
    device_id, moment = bearer.device(), now()

    def look(db: Any) -> dict[str, Any]:
        known = devices.known(db, device_id)
        if not known.is_open:
            raise problems.device_closed()
        devices.seen(db, moment, known)
        offered = [p for p in questionnaires.all_published(db, known.project) if p.offered]
        return _about(known, [published.questionnaire.reference for published in offered])

    return as_json(database().together(look))


@pages.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return as_json(document())


def _told(outcome: Outcome) -> dict[str, Any]:
    """A receipt, or in its place what was wrong: without `receipt` the tablet keeps its copy."""
    if outcome.receipt is not None:
        return _receipt(outcome.receipt)
    problem = outcome.problem or problems.unexpected()
    return {
        "id": outcome.given_id,
        "receipt": None,
        "status": "quarantined",
        "complaints": [],
        "problem": problem.as_data(),
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": str(receipt.id),
        "receipt": receipt.token,
        "status": receipt.status,
        "complaints": receipt.complaints,
        "short_code": receipt.short_code,
        "content_hash": receipt.sent_hash,
        "received_at": receipt.received_at.isoformat(),
    }


def _about(known: devices.Known, offered: list[str]) -> dict[str, Any]:
    return {
        "id": str(known.device.id),
        "label": known.device.label,
        "enumerator": known.user.display_name,
        "project": known.project.slug,
        "project_name": known.project.name,
        "practice": known.project.practice,
        "questionnaires": offered,
    }
