"""What excluding flagged responses would change, and excluding several with one reason."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.table import Flow
from app import problems
from app.models import Project, Status, StoredResponse
from app.problems import Reason
from app.services import questionnaires, reports, review, scoring
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.quality import Checked
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters
from app.services.review import Effect

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Weighed:
    """What excluding some responses would do: to the totals and to each score."""

    chosen: int
    before: Flow
    after: Flow
    effects: Sequence[Effect]


def weigh(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    arrivals: Sequence[int],
    filters: Filters = EVERYTHING,
) -> Weighed:
    """Totals and scores now, and if the responses with these arrival numbers were excluded."""
    plans = scoring.current(session, published)
    now, before = reports.responses(session, store, project, published, filters)
    overrule = (arrivals, Status.EXCLUDED)
    then, after = reports.responses(session, store, project, published, filters, overrule)
    old, new = scoring.scores(plans, now), scoring.scores(plans, then)
    effects = [Effect(code, old[code][0].score, new[code][0].score) for code in plans]
    return Weighed(len(arrivals), before, after, effects)


def weigh_flagged(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    checked: Checked,
    codes: Collection[str],
    filters: Filters = EVERYTHING,
) -> Weighed:
    """`weigh` for all that these checks flagged and the filters list."""
    arrivals = checked.interviews.numbers[checked.flagged(codes)].tolist()
    return weigh(session, store, project, published, arrivals, filters)


def weigh_ticked(
    session: Session,
    store: ColumnStore,
    actor: Actor,
    project: Project,
    published: Published,
    ids: Sequence[uuid.UUID],
    filters: Filters = EVERYTHING,
) -> Weighed:
    """`weigh` for ticked responses. Raises Problem as `ticked`."""
    arrivals = [one.arrival_no for one in ticked(session, actor, project, ids)]
    return weigh(session, store, project, published, arrivals, filters)


def ticked(
    session: Session, actor: Actor, project: Project, ids: Sequence[uuid.UUID]
) -> list[StoredResponse]:
    """Raises Problem 403.1, 404.1 for a response that is not there, 422.2 for none or too many."""
    actor.require("review")
    if not 0 < len(set(ids)) <= MOST_AT_ONCE:
        raise problems.faulty_values([Reason("nothing_ticked", most=MOST_AT_ONCE)])
    return [review.find(session, actor, project, one) for one in dict.fromkeys(ids)]


def exclude(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    ids: Sequence[uuid.UUID],
    reason: str,
) -> int:
    """Exclude them one by one, each logged with the reason; returns how many were not excluded
    before. Raises Problem 403.1, 404.1, 422.2 or 422.3, and then nothing is excluded."""
    chosen = ticked(session, actor, project, ids)
    if not reason.strip():
        raise problems.reason_needed()
    left = [one for one in chosen if one.status != Status.EXCLUDED.value]
    for response in left:
        published = questionnaires.by_id(session, response.questionnaire_id)
        review.decide(session, now, actor, project, published, response, Status.EXCLUDED, reason)
    return len(left)
