"""The signed proof that a respondent consented, and in which mode the interview began.

It is made on the page of consent and goes with the form to the end. It does not expire: an
interview may be handed in days later, and its answers must count as they were begun.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

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
    return str(URLSafeSerializer(key, SALT).dumps([consent.response_id.hex, *_others(consent)]))


def read(key: str, proof: str) -> Consent | None:
    """What was signed with this key; None for anything else."""
    try:
        response_id, *others = URLSafeSerializer(key, SALT).loads(proof)
    except BadData:
        return None
    return Consent(uuid.UUID(response_id), *others)


def _others(consent: Consent) -> tuple[str | int | bool, ...]:
    return consent.questionnaire, consent.version, consent.project_id, consent.practice
