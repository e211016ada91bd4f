"""A project on both databases, as the tests of the services use it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Area, Project, Role, User
from app.services import accounts, projects, questionnaires, scoring
from app.services.access import COMMAND_LINE, Actor
from app.services.database import Database
from app.services.questionnaires import Published
from app.services.responses import Receipt, Submission, receive
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A project `alpha` with one area, its questionnaires and people, and a stranger `beta`."""

    database: Database
    project: Project
    other: Project
    area: Area
    residents: Published
    cadres: Published
    evaluator: Actor
    enumerator: Actor

    def send(self, submission: Submission, project: Project | None = None) -> Receipt:
        """Store in a transaction of its own, as a request does."""
        with self.database.writing() as session:
            return receive(
                session,
                NOW,
                self.enumerator,
                session.get_one(Project, (project or self.project).id),
                self.residents,
                submission,
            )

    def write(self, do: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """A service called as a request of the evaluator calls it."""
        with self.database.writing() as session:
            project = session.get_one(Project, self.project.id)
            return do(session, NOW, self.evaluator, project, *arguments, **named)


@pytest.fixture
def place(database: Database) -> Place:
    with database.writing() as session:
        project, other = (
            projects.create(session, NOW, COMMAND_LINE, slug, f"{slug} 项目", 2026)
            for slug in ("alpha", "beta")
        )
        residents, cadres = (
            questionnaires.publish(session, NOW, COMMAND_LINE, project, find(reference))
            for reference in ("dibao-residents@2", "dibao-cadres@2")
        )
        scoring.begin(session, NOW, COMMAND_LINE, residents)
        area = Area(project_id=project.id, code="01", name="东城区")
        session.add(area)
        people = [
            _person(session, f"alpha-{role.value}", role, project)
            for role in (Role.EVALUATOR, Role.ENUMERATOR)
        ]
    return Place(database, project, other, area, residents, cadres, *people)


def _person(session: Any, username: str, role: Role, project: Project) -> Actor:
    accounts.create(session, NOW, COMMAND_LINE, username, username, role, project)
    user = session.scalar(select(User).where(User.username == username))
    return accounts.actor_of(user)


@pytest.fixture
def submission(place: Place) -> Callable[..., Submission]:
    """Makes valid submissions of a 低保户, each different; named fields replace its own."""
    chance = random.Random("submissions")

    def make(**fields: Any) -> Submission:
        return Submission(
            **{
                "id": uuid.UUID(int=chance.getrandbits(128), version=4),
                "audience": Audience.RECIPIENT,
                "area": place.area,
                "answers": simulate(place.residents.questionnaire, Audience.RECIPIENT, chance),
                "consent": {"version": "1", "given": True},
                **fields,
            }
        )

    return make
