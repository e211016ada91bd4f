"""Sample designs of a project's questionnaires: the one in force, trying one, a new version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.reports.grouping_names import Phrase
from analysis.sample_design_files import SampleDesignError, read_sample_design
from analysis.sample_design_words import population_lines, sentences
from analysis.sample_designs import SampleDesign
from app import problems
from app.models import Project, StoredSampleDesign, User
from app.problems import Reason
from app.services import log, projects
from app.services.access import Actor
from app.services.questionnaires import Published

SIMPLE = SampleDesign()
LONGEST_REASON = 200


@dataclass(frozen=True)
class DesignVersion:
    """One version of a sample design with who made it, when and why."""

    design: SampleDesign
    reason: str
    created_at: datetime
    author: str
    lines: tuple[Phrase, ...]
    """(zh, en) what it says, with the populations."""


def current(session: Session, project: Project, published: Published) -> SampleDesign:
    """The newest design of the questionnaire (of all its versions); a simple sample if none."""
    row = session.scalar(_rows(project, published).limit(1))
    return SIMPLE if row is None else _design(row)


def versions(session: Session, project: Project, published: Published) -> list[DesignVersion]:
    """The newest first."""
    rows: Sequence[StoredSampleDesign] = session.scalars(_rows(project, published)).all()
    query = select(User.id, User.display_name).where(User.id.in_({row.created_by for row in rows}))
    names = {row.id: row.display_name for row in session.execute(query)}
    return [
        DesignVersion(
            design=design,
            reason=row.reason,
            created_at=row.created_at,
            author=names.get(row.created_by or 0, ""),
            lines=(
                *sentences(replace(design, version=0), published.questionnaire),
                *population_lines(design, published.questionnaire),
            ),
        )
        for row in rows
        for design in [_design(row)]
    ]


def proposed(data: Any) -> SampleDesign:
    """The design that these values make, not stored. Raises Problem 422.2 with every fault."""
    try:
        return read_sample_design(data)
    except SampleDesignError as error:
        raise problems.faulty_values(error.faults) from None


def change(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    design: SampleDesign,
    reason: str,
    based_on: int | None = None,
) -> SampleDesign:
    """Store a new version. Raises Problem 403.1, 422.2 or 422.3.

    `based_on` is the version that the person saw, 0 for none: if somebody has made a newer one
    since (or the same form is sent twice), nothing is stored. Whether the design fits the
    responses is for the caller to try, see `weighting.store`.
    """
    actor.require("edit_plan")
    reason = reason.strip()
    if not reason:
        raise problems.reason_needed()
    if len(reason) > LONGEST_REASON or not reason.replace("\n", " ").isprintable():
        raise problems.faulty_values([Reason("design_reason", longest=LONGEST_REASON)])
    projects.lock(session, project)
    newest = current(session, project, published).version
    if based_on is not None and based_on != newest:
        raise problems.faulty_values([Reason("design_is_newer", newest=newest)])
    row = StoredSampleDesign(
        project_id=project.id,
        questionnaire=published.questionnaire.slug,
        number=newest + 1,
        data=design.as_data(),
        reason=reason,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    subject = published.questionnaire.slug
    log.record(session, now, actor, "sample_design.change", subject, project, number=row.number)
    return _design(row)


def _rows(project: Project, published: Published) -> Any:
    return (
        select(StoredSampleDesign)
        .where(
            StoredSampleDesign.project_id == project.id,
            StoredSampleDesign.questionnaire == published.questionnaire.slug,
        )
        .order_by(StoredSampleDesign.number.desc())
    )


def _design(row: StoredSampleDesign) -> SampleDesign:
    return read_sample_design(row.data, row.number)
