"""A project with honest responses of one enumerator and a few with planted faults."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.models import User
from app.services import projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.accounts import actor_of
from app.services.responses import Submission, receive
from surveys.definition import Audience
from tests.app.filled import RESIDENTS, answers, database
from tests.conftest import NOW, World

MINUTE = 60_000


@dataclass(frozen=True)
class Work:
    """Ids of the planted ones: two with the same answers, one too fast."""

    twins: tuple[uuid.UUID, uuid.UUID]
    fast: uuid.UUID
    honest: uuid.UUID


def hand_in(
    world: World,
    given: dict[str, Any],
    number: int,
    *,
    elapsed_ms: int = 12 * MINUTE,
    begins: int | None = None,
    slug: str = "alpha",
) -> uuid.UUID:
    """From the project's enumerator; one interview an hour unless it `begins` at another hour."""
    start = NOW - timedelta(days=3) + timedelta(hours=number if begins is None else begins)
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        published = questionnaires.find(session, project, RESIDENTS)
        person = session.query(User).filter_by(username=f"{slug}-enumerator").one()
        submission = Submission(
            id=uuid.uuid4(),
            audience=Audience.RECIPIENT,
            area=None,
            answers=given,
            started_at=start.isoformat(),
            finished_at=(start + timedelta(milliseconds=elapsed_ms)).isoformat(),
            elapsed_ms=elapsed_ms,
        )
        return receive(session, NOW, actor_of(person), project, published, submission).id


def planted(world: World, n_honest: int = 8) -> Work:
    honest = [hand_in(world, answers(seed), seed) for seed in range(n_honest)]
    first = hand_in(world, answers(100, q18="D"), 20)
    second = hand_in(world, answers(100, q18="D"), 21)
    fast = hand_in(world, answers(200, q18="D"), 22, elapsed_ms=20_000)
    return Work((first, second), fast, honest[0])
