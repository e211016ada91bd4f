"""What a project starts with: published questionnaires with their scoring plans."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.models import Project
from app.services import questionnaires, scoring
from app.services.access import Actor
from app.services.questionnaires import Published
from surveys import catalogue
from surveys.definition import Questionnaire

DEFAULTS = ("dibao-residents", "dibao-cadres")
"""Newest versions: between them they serve 低保户, 非低保户 and 干部."""


def publish_defaults(session: Session, now: datetime, actor: Actor, project: Project) -> None:
    for slug in DEFAULTS:
        publish(session, now, actor, project, catalogue.find(slug))


def publish(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    questionnaire: Questionnaire,
    points: Decimal = scoring.DEFAULT_POINTS,
) -> Published:
    """Publish a version with a default plan for each satisfaction question. Raises 403.1, 409.1."""
    published = questionnaires.publish(session, now, actor, project, questionnaire)
    scoring.begin(session, now, actor, published, points)
    return published
