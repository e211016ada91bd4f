"""Freezing a project: its manifest stored once and for ever, found again, and what came later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.satisfaction import Score
from app import problems
from app.models import FrozenDataset, Project, User
from app.services import (
    frozen_tables,
    log,
    manifests,
    projects,
    questionnaires,
    reports,
    score_reports,
    scoring,
)
from app.services.access import Actor
from app.services.columns import ColumnStore
from app.services.manifests import Manifest, Part
from app.services.questionnaires import Published

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Frozen:
    """One frozen dataset as a page shows it; `number` counts those of the project from 1."""

    id: int
    number: int
    sha256: str
    responses: int
    note: str
    created_at: datetime
    author: str


@dataclass(frozen=True)
class ScoreChange:
    """A score in four steps; the last is None where the question has no plan any more.

    As frozen; with what was newly counted since; with the responses of now, some of which no
    longer count or were corrected; and these under the plan of now. The first three are of the
    plan as frozen.
    """

    question: str
    text: str
    before: Score
    arrived: Score
    decided: Score
    after: Score | None

    @property
    def change(self) -> Decimal | None:
        return _difference(self.before, self.after)

    @property
    def by_arrivals(self) -> Decimal | None:
        return _difference(self.before, self.arrived)

    @property
    def by_decisions(self) -> Decimal | None:
        return _difference(self.arrived, self.decided)

    @property
    def by_plan(self) -> Decimal | None:
        return _difference(self.decided, self.after)

    @property
    def is_new_plan(self) -> bool:
        return self.after is None or self.after.plan.version != self.before.plan.version


@dataclass(frozen=True)
class Since:
    """What became of one questionnaire after the freezing; the numbers count responses."""

    reference: str
    title: str
    frozen: int
    added: int
    removed: int
    changed: int
    scores: tuple[ScoreChange, ...]

    @property
    def is_same(self) -> bool:
        moved = self.added or self.removed or self.changed
        return not moved and not any(score.is_new_plan for score in self.scores)


def freeze(
    session: Session, now: datetime, actor: Actor, project: Project, note: str = ""
) -> Frozen:
    """The dataset as it counts now; again without a change gives the same one.

    Raises Problem 403.1, or 422.2 for a project in which nothing counts or too long a note.
    """
    actor.require("manage_project")
    projects.lock(session, project)
    manifest = manifests.write(session, project)
    digest = manifests.hash_of(manifest)
    responses = manifests.read(manifest).n
    _refuse(responses, note)
    same = _row(session, project, FrozenDataset.sha256 == digest)
    if same is not None:
        return _frozen(session, same)
    query = select(func.max(FrozenDataset.number)).where(FrozenDataset.project_id == project.id)
    row = FrozenDataset(
        project_id=project.id,
        number=(session.scalar(query) or 0) + 1,
        manifest=manifest,
        sha256=digest,
        responses=responses,
        note=note.strip(),
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    log.record(session, now, actor, "dataset.freeze", digest, project, number=row.number)
    return _frozen(session, row)


def all_frozen(session: Session, project: Project) -> list[Frozen]:
    """The newest first."""
    query = (
        select(FrozenDataset, User.display_name)
        .outerjoin(User, User.id == FrozenDataset.created_by)
        .where(FrozenDataset.project_id == project.id)
        .order_by(FrozenDataset.number.desc())
    )
    return [_with_author(row, name) for row, name in session.execute(query)]


def find(session: Session, project: Project, number: int) -> Frozen:
    """Raises Problem 404.1."""
    return _frozen(session, _stored(session, project, number))


def manifest_text(session: Session, project: Project, number: int) -> str:
    """Raises Problem 404.1, or 409.4 for a manifest that is no longer what was hashed."""
    row = _stored(session, project, number)
    if manifests.hash_of(row.manifest) != row.sha256:
        raise problems.frozen_damaged()
    return row.manifest


def manifest(session: Session, project: Project, number: int) -> Manifest:
    """Raises Problem 404.1 or 409.4."""
    return manifests.read(manifest_text(session, project, number))


def since(session: Session, store: ColumnStore, project: Project, frozen: Manifest) -> list[Since]:
    """Later arrivals, exclusions and corrections, with their effect on the scores. Raises 409.4."""
    return [_since(session, store, project, part) for part in frozen.parts]


def _since(session: Session, store: ColumnStore, project: Project, part: Part) -> Since:
    published = questionnaires.find(session, project, part.reference)
    before = dict(part.responses)
    now = manifests.counted_now(session, project, published)
    kept = before.keys() & now.keys()
    return Since(
        reference=part.reference,
        title=published.questionnaire.title,
        frozen=len(before),
        added=len(now.keys() - before.keys()),
        removed=len(before.keys() - now.keys()),
        changed=sum(before[id_] != now[id_] for id_ in kept),
        scores=_score_changes(session, store, project, (part, published), now),
    )


def _score_changes(
    session: Session,
    store: ColumnStore,
    project: Project,
    frozen: tuple[Part, Published],
    now: Mapping[str, str],
) -> tuple[ScoreChange, ...]:
    part, published = frozen
    counted, _ = reports.responses(session, store, project, published)
    before = frozen_tables.score_rows(session, project, part, published)
    found = scoring.scores(part.scoring_plans(published), counted)
    decided = {row.score.question: row.score for rows in found.values() for row in rows}
    later = manifests.with_arrivals(part, now)
    arrived = decided
    if dict(later.responses) != now:  # else the responses of now are these, and loaded already
        rows = frozen_tables.score_rows(session, project, later, published)
        arrived = {row.score.question: row.score for row in rows}
    report = score_reports.score_report(session, store, project, [published])
    after = {row.score.question: row.score for row in report.rows}
    return tuple(
        ScoreChange(code, row.score.text, row.score, arrived[code], decided[code], after.get(code))
        for row in before
        for code in (row.score.question,)
    )


def _difference(before: Score, after: Score | None) -> Decimal | None:
    """None where nobody who counts has answered."""
    if before.score is None or after is None or after.score is None:
        return None
    return after.score - before.score


def _refuse(responses: int, note: str) -> None:
    faults = []
    if not responses:
        faults.append(problems.Reason("nothing_to_freeze"))
    if len(note) > LONGEST_NOTE or not note.isprintable():
        faults.append(problems.Reason("frozen_note", longest=LONGEST_NOTE))
    if faults:
        raise problems.faulty_values(faults)


def _stored(session: Session, project: Project, number: int) -> FrozenDataset:
    row = _row(session, project, FrozenDataset.number == number)
    if row is None:
        raise problems.not_found()
    return row


def _row(session: Session, project: Project, condition: object) -> FrozenDataset | None:
    query = select(FrozenDataset).where(FrozenDataset.project_id == project.id, condition)  # type: ignore[arg-type]
    return session.scalar(query)


def _frozen(session: Session, row: FrozenDataset) -> Frozen:
    author = session.get(User, row.created_by) if row.created_by is not None else None
    return _with_author(row, author.display_name if author else None)


def _with_author(row: FrozenDataset, name: str | None) -> Frozen:
    return Frozen(
        row.id, row.number, row.sha256, row.responses, row.note, row.created_at, name or ""
    )
