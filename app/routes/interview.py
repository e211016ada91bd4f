"""An interview that has begun: what its page carries besides the answers, and what is stored."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request

from app import problems
from app.forms import AnswerForm, form_class
from app.services import areas, consents, questionnaires
from app.services.consents import Consent
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
    `practice` is the mode in which it began; None if `consent_token` does not prove the consent.
    """

    id: uuid.UUID
    audience: Audience
    published: Published
    area: Any
    area_code: str
    consent_token: str
    practice: bool | None
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

    Every published version is accepted, not only the one that is offered now. A form that was
    filled in is taken even without a proof of consent, for review. Raises Problem 404.
    """
    given = _given()
    if not given["questionnaire_ref"]:
        return None
    published = questionnaires.find(db, project, given["questionnaire_ref"])
    if audience not in published.questionnaire.audiences:
        raise problems.not_found()
    practice = _mode(project, published, response_id, given["consent_token"])
    if request.method == "GET" and practice is None:
        return None
    code = given["area_code"]
    return Interview(
        id=response_id,
        audience=audience,
        published=published,
        area=areas.find(db, project, code) if code else None,
        area_code=code,
        consent_token=given["consent_token"],
        practice=practice,
        started_at=given["started_at"] or in_china(now),
        finished_at=given["finished_at"],
        elapsed_ms=given["elapsed_ms"],
    )


def submission(interview: Interview, answers: Mapping[str, Any], now: datetime) -> Submission:
    """What is handed to the service; a browser without scripts gets the times of the server."""
    consent = {"version": interview.published.questionnaire.consent.version, "given": True}
    return Submission(
        id=interview.id,
        audience=interview.audience,
        area=interview.area,
        answers=answers,
        consent={} if interview.practice is None else consent,
        started_at=interview.started_at,
        finished_at=interview.finished_at or in_china(now),
        elapsed_ms=_elapsed_ms(interview, now),
        practice=interview.practice,
        complaints=tuple(_complaints(interview)),
    )


def _complaints(interview: Interview) -> Iterator[Complaint]:
    if interview.practice is None:
        yield consents.UNPROVEN
    if interview.area_code and interview.area is None:
        yield Complaint("area", "unknown_area", {"area": interview.area_code})


def in_china(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="milliseconds")


def _given() -> dict[str, str]:
    if request.method == "POST":
        return {name: request.form.get(name, "").strip() for name in CARRIED}
    address = {
        "questionnaire_ref": "questionnaire",
        "area_code": "area",
        "consent_token": "consent",
    }
    return {name: request.args.get(address.get(name, ""), "").strip() for name in CARRIED}


def _mode(project: Any, published: Published, response_id: uuid.UUID, proof: str) -> bool | None:
    given = consents.read(current_app.config["SECRET_KEY"], proof)
    if given is None:
        return None
    reference, version = published.questionnaire.reference, published.questionnaire.consent.version
    here = Consent(response_id, reference, version, project.id, given.practice)
    return given.practice if given == here else None


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
    *("questionnaire_ref", "area_code", "consent_token"),
    *("started_at", "finished_at", "elapsed_ms"),
)
