"""An interview that has begun: what its page carries besides the answers, and what is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request

from app import problems
from app.forms import AnswerForm, form_class
from app.services import areas, questionnaires
from app.services.questionnaires import Published
from app.services.reports import CHINA
from app.services.responses import Submission
from surveys.answers import Complaint
from surveys.definition import Audience
from surveys.rules_in_words import rule_in_words

WHOLE_NUMBER_DIGITS = 12


@dataclass(frozen=True)
class Interview:
    """One interview after consent; times are ISO 8601 with offset, as the device says if it can.

    `area_code` is kept as it came: an area that is gone by now must not cost the answers.
    """

    id: uuid.UUID
    audience: Audience
    published: Published
    area: Any
    area_code: str
    started_at: str
    finished_at: str
    elapsed_ms: str

    def form(self, formdata: Any = None) -> AnswerForm:
        return form_class(self.published.questionnaire, self.audience)(formdata)

    def rule(self, field: Any, language: str) -> str:
        return rule_in_words(self.published.questionnaire, field.question, language)


def begun(
    db: Any, project: Any, audience: Audience, response_id: uuid.UUID, now: datetime
) -> Interview | None:
    """From the address (GET) or the hidden fields (POST); None if consent must come first.

    Every published version is accepted, not only the one that is offered now. Raises Problem 404.
    """
    given = _given()
    if not given["questionnaire_ref"]:
        return None
    published = questionnaires.find(db, project, given["questionnaire_ref"])
    if audience not in published.questionnaire.audiences:
        raise problems.not_found()
    consented = given["consent_version"] == published.questionnaire.consent.version
    if request.method == "POST" and not consented:
        return None
    code = given["area_code"]
    return Interview(
        id=response_id,
        audience=audience,
        published=published,
        area=areas.find(db, project, code) if code else None,
        area_code=code,
        started_at=given["started_at"] or in_china(now),
        finished_at=given["finished_at"],
        elapsed_ms=given["elapsed_ms"],
    )


def submission(interview: Interview, answers: Mapping[str, Any], now: datetime) -> Submission:
    """What is handed to the service; a browser without scripts gets the times of the server."""
    unknown = interview.area_code and interview.area is None
    complaint = Complaint("area", "unknown_area", {"area": interview.area_code})
    return Submission(
        id=interview.id,
        audience=interview.audience,
        area=interview.area,
        answers=answers,
        consent={"version": interview.published.questionnaire.consent.version, "given": True},
        started_at=interview.started_at,
        finished_at=interview.finished_at or in_china(now),
        elapsed_ms=_elapsed_ms(interview, now),
        complaints=(complaint,) if unknown else (),
    )


def in_china(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="milliseconds")


def _given() -> dict[str, str]:
    if request.method == "POST":
        return {name: request.form.get(name, "").strip() for name in CARRIED}
    address = {"questionnaire_ref": "questionnaire", "area_code": "area"}
    return {name: request.args.get(address.get(name, ""), "").strip() for name in CARRIED}


def _elapsed_ms(interview: Interview, now: datetime) -> int | None:
    text = interview.elapsed_ms
    if text.isascii() and text.isdigit() and len(text) <= WHOLE_NUMBER_DIGITS:
        return int(text)
    if interview.finished_at:
        return None  # the device told the end but not how long it took
    try:
        return (now - datetime.fromisoformat(interview.started_at)) // timedelta(milliseconds=1)
    except (ValueError, TypeError):
        return None


CARRIED = (
    *("questionnaire_ref", "area_code", "consent_version"),
    *("started_at", "finished_at", "elapsed_ms"),
)
