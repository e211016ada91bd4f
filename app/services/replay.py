"""Trying again with what lies in quarantine, for whoever brought it, after a cause was mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.problems import Problem
from app.services import accounts, devices, intake, log, projects
from app.services.access import COMMAND_LINE, Actor
from app.services.bearers import Bearer, of_tablet
from app.services.intake import Outcome
from app.services.quarantine import Kept


@dataclass(frozen=True)
class Replayed:
    """How many responses were stored, and what is still wrong."""

    stored: int
    problems: tuple[Problem, ...]


def replay(session: Session, now: datetime, actor: Actor, kept: Kept) -> Replayed:
    """Take it in as if it came again; received_at is the time of the replay.

    What still cannot be read stays in quarantine, with the reason of this try. The responses of a
    batch whose frame can be read by now leave it one by one: each is stored or kept aside by
    itself. Raises Problem 403.1.
    """
    actor.require("review")
    projects.lock(session, kept.project)
    outcomes = _tried(session, now, kept)
    if isinstance(outcomes, Problem):
        done = Replayed(0, (outcomes,))
    else:
        found = tuple(outcome.problem for outcome in outcomes if outcome.problem is not None)
        done = Replayed(sum(outcome.receipt is not None for outcome in outcomes), found)
        if not found or kept.row.response_id is None:
            kept.row.replayed_at = now
    subject = str(kept.row.id)
    log.record(session, now, actor, "quarantine.replay", subject, kept.project, stored=done.stored)
    return done


def _tried(session: Session, now: datetime, kept: Kept) -> list[Outcome] | Problem:
    row, bearer = kept.row, _bearer(session, kept)
    if row.response_id is None:
        return intake.take_batch(session, now, bearer, row.body, most=None)
    return [intake.take(session, now, bearer, row.response_id, row.body)]


def _bearer(session: Session, kept: Kept) -> Bearer:
    if kept.row.device_id is not None:
        return of_tablet(devices.known(session, kept.row.device_id))
    actor = accounts.actor_of(kept.person) if kept.person else COMMAND_LINE
    return Bearer(kept.project, actor)
