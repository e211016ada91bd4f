"""The signed proof that a respondent consented, and in which mode the interview began.

It is made on the page of consent and goes with the form to the end. It does not expire: an
interview may be handed in days later, and its answers must count as they were begun.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from surveys.answers import Complaint

SALT = "manyi.consent"
UNPROVEN = Complaint("consent", "consent_unproven", {})


@dataclass(frozen=True)
class Consent:
    """What was consented to: one interview with one questionnaire, `slug@version`."""

    response_id: uuid.UUID
    questionnaire: str
    version: str
    project_id: int
    practice: bool


def sign(key: str, consent: Consent) -> str:
    """The proof; `key` is the server's SECRET_KEY."""
    return str(URLSafeSerializer(key, SALT).dumps(_facts(consent)))


def mode_proven(
    key: str, proof: str, response_id: uuid.UUID, questionnaire: str, version: str, project_id: int
) -> bool | None:
    """Whether the interview began in practice mode; None if this is no proof of this consent."""
    try:
        given = URLSafeSerializer(key, SALT).loads(proof)
    except BadSignature:
        return None
    for practice in (True, False):
        if given == _facts(Consent(response_id, questionnaire, version, project_id, practice)):
            return practice
    return None


def _facts(consent: Consent) -> list[str | int | bool]:
    return [
        consent.response_id.hex,
        consent.questionnaire,
        consent.version,
        consent.project_id,
        consent.practice,
    ]
