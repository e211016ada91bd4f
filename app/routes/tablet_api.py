"""Where a tablet is enrolled and fetches what it takes along."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app import problems
from app.request import LANGUAGES, database, now
from app.routes import bearer
from app.routes.tablet_forms import form_html
from app.services import bundle, devices
from app.services.bundle import Bundle, Form
from app.services.devices import Known
from app.services.sent import UnreadableError, read_json

pages = Blueprint("tablet_api", __name__, url_prefix="/api/v1")
VERSION_DIGITS = 16


@pages.record_once
def _needs_no_form_token(state: BlueprintSetupState) -> None:
    """No cookie has any meaning here: what counts is the code in the body."""
    state.app.extensions["csrf"].exempt(enrol)


@pages.post("/enrol")
def enrol() -> ResponseReturnValue:
    """The tablet's own token for the evaluator's code. Raises Problem 400.1, 400.2 or 401.4."""
    code, token = _code_and_token(bearer.body(1))
    moment = now()

    def store(db: Any) -> dict[str, str]:
        return _about(devices.enrol(db, moment, code, token))

    return bearer.as_json(database().together(store))


@pages.get("/tablet")
def tablet() -> ResponseReturnValue:
    """Raises Problem 401.3, or 403.2 for a revoked device. 304 if the tablet has this version."""
    device_id, moment = bearer.device(), now()

    def take(db: Any) -> Bundle:
        return bundle.of_device(db, moment, devices.known(db, device_id))

    found = database().together(take)
    content = found.facts | {"forms": [_form(form) for form in found.forms]}
    digest = hashlib.sha256(orjson.dumps(content)).hexdigest()
    version = digest[:VERSION_DIGITS]
    if request.if_none_match.contains_weak(version):
        return Response(status=304)
    stamped = {"version": version, "as_of": moment.isoformat(), **content}
    return Response(orjson.dumps(stamped), mimetype="application/json")


def _code_and_token(body: bytes) -> tuple[str, str]:
    try:
        given = read_json(body)
    except UnreadableError as error:
        raise problems.bad_request(error.reason) from None
    if not isinstance(given, dict):
        raise problems.bad_request('{"code": …, "token": …}')
    code, token = given.get("code"), given.get("token")
    if not isinstance(code, str) or not isinstance(token, str):
        raise problems.bad_request('{"code": …, "token": …}')
    return code, token


def _about(known: Known) -> dict[str, str]:
    return {
        "id": str(known.device.id),
        "label": known.device.label,
        "enumerator": known.user.display_name,
        "project": known.project.slug,
        "project_name": known.project.name,
    }


def _form(form: Form) -> dict[str, Any]:
    questionnaire = form.published.questionnaire
    return {
        "key": f"{questionnaire.reference}/{form.audience.value}",
        "questionnaire": questionnaire.slug,
        "version": questionnaire.version,
        "audience": form.audience.value,
        "title": questionnaire.title,
        "language": questionnaire.language,
        "consent": {
            "version": questionnaire.consent.version,
            "text": questionnaire.consent.text,
        },
        "html": {name: form_html(form.published, form.audience, name) for name in LANGUAGES},
    }
