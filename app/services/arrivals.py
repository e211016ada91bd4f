"""Responses into their table: each whose id is new, under the next numbers of its project."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence, Set
from typing import Any, cast

from sqlalchemy import CursorResult, Insert, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Project, StoredResponse
from app.services.columns import RESPONSES_PER_CHUNK, head_of, seal

RESPONSES, PROJECTS = (cast(Table, model.__table__) for model in (StoredResponse, Project))
FIELDS = tuple(column.key for column in RESPONSES.columns)
INSERT_NEW: dict[str, Insert] = {
    dialect.name: insert(RESPONSES)
    .on_conflict_do_nothing(index_elements=["id"])
    .execution_options(preserve_rowcount=True)
    for dialect, insert in (
        (sqlite.dialect, sqlite.insert),
        (postgresql.dialect, postgresql.insert),
    )
}
ARRIVED = select(RESPONSES.c.arrival_no).where(
    RESPONSES.c.project_id == bindparam("of_project"),
    RESPONSES.c.arrival_no.between(bindparam("first"), bindparam("last")),
)
TAKE_NUMBERS = (
    update(PROJECTS)
    .where(PROJECTS.c.id == bindparam("of_project"))
    .values(change_seq=PROJECTS.c.change_seq + bindparam("how_many"))
    .returning(PROJECTS.c.change_seq)
)


def insert_new(session: Session, project: Project, sent: Sequence[StoredResponse]) -> Set[int]:
    """Number and insert them; returns the arrival numbers of those that were new.

    A row whose id is there already, also as an earlier one of `sent`, is left out by the insert
    itself: the primary key decides, so two transactions cannot both succeed with one id. Holds
    the project's row, also for none.
    """
    last = next_change(session, project, len(sent))
    _number(sent, range(last - len(sent) + 1, last + 1))
    new = _inserted(session, project, sent) if sent else set()
    for response in sent:
        if response.arrival_no in new and response.arrival_no % RESPONSES_PER_CHUNK == 0:
            seal(session, response.questionnaire_id, upto=response.arrival_no)
    return new


def next_change(session: Session, project: Project, count: int = 1) -> int:
    """The next number of the project, or the last of its `count` next ones. The row lock is held
    until the commit, so that numbers become visible in their order and a reader who asks for what
    came after one misses nothing."""
    taken = {"of_project": project.id, "how_many": count}
    return int(session.execute(TAKE_NUMBERS, taken).scalar_one())


def stored_under(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, StoredResponse]:
    if not ids:
        return {}
    query = select(StoredResponse).where(StoredResponse.id.in_(ids))
    return {stored.id: stored for stored in session.scalars(query)}


def _number(sent: Iterable[StoredResponse], numbers: Iterable[int]) -> None:
    """Now that the project is locked; the head of a record begins with the number."""
    for response, number in zip(sent, numbers, strict=True):
        response.arrival_no = response.change_seq = number
        response.record = head_of(response) + response.record


def _inserted(session: Session, project: Project, sent: Sequence[StoredResponse]) -> Set[int]:
    # Plain rows: the unit of work of the ORM takes several times as long.
    rows = [{field: vars(one)[field] for field in FIELDS} for one in sent]
    insert = INSERT_NEW[session.get_bind().dialect.name]
    done = cast(CursorResult[Any], session.execute(insert, rows))
    first, last = sent[0].arrival_no, sent[-1].arrival_no
    if done.rowcount == len(sent):
        return set(range(first, last + 1))
    numbers = {"of_project": project.id, "first": first, "last": last}
    return set(session.scalars(ARRIVED, numbers))
