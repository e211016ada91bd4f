"""What later arrivals do to the evaluation: the pinned scorecard with the responses of both times.

Both times the survey's own counts score what a question measures, also where a score was stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from analysis.evaluation.combined import SubProject, combine
from analysis.evaluation.comparison import change_of
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.report import CombinedReport, Evaluation, evaluate
from analysis.evaluation.scorecard import Row, Scorecard
from app.models import Project, ScorecardVersion
from app.services import evaluation_frameworks, evaluation_inputs, freezing, frozen_tables
from app.services.columns import ColumnStore
from app.services.evaluation_inputs import with_surveys
from app.services.report_documents import version_frozen


@dataclass(frozen=True)
class Result:
    """A total with its grade; both are missing while an indicator has no score."""

    total: Fraction | None
    grade: str


@dataclass(frozen=True)
class RowChange:
    """An indicator that the survey scores otherwise now; `part` is its sub-project."""

    part: str
    before: Row
    after: Row

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.score, self.after.score)


@dataclass(frozen=True)
class EvaluationSince:
    """`rows` are those whose count, base or score has moved, in the order of the framework."""

    version: int
    before: Result
    after: Result
    rows: tuple[RowChange, ...]

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.total, self.after.total)


def evaluation_since(
    session: Session, store: ColumnStore, project: Project, number: int
) -> EvaluationSince | None:
    """None where no scorecard was frozen. Raises Problem 404.1 or 409.4."""
    version = version_frozen(session, project, number)
    if version is None:
        return None
    before, after = _evaluated(session, store, project, number, version)
    pairs = list(zip(_cards(before), _cards(after), strict=True))
    return EvaluationSince(
        version=version.number,
        before=_result(before, version.scheme),
        after=_result(after, version.scheme),
        rows=tuple(change for (part, then), (_, now) in pairs for change in _rows(part, then, now)),
    )


def _evaluated(
    session: Session,
    store: ColumnStore,
    project: Project,
    number: int,
    version: ScorecardVersion,
) -> tuple[Evaluation, Evaluation]:
    framework, _ = evaluation_frameworks.framework_of(session, version)
    inputs = evaluation_inputs.stored_inputs(framework, version.data)
    manifest = freezing.manifest(session, project, number)
    then = frozen_tables.survey_inputs(session, project, manifest)
    live = evaluation_inputs.live(session, store, project, framework)
    now = (live.surveys, live.plans)
    of_then, of_now = (
        evaluate(framework, with_surveys(inputs, surveys, plans), version.scheme)
        for surveys, plans in (then, now)
    )
    return of_then, of_now


def _cards(found: Evaluation) -> list[tuple[str, Scorecard]]:
    """Name of the sub-project ("" without any) and its scorecard from the survey's own counts."""
    if isinstance(found, CombinedReport):
        return [(part.title, part.by_survey) for part in found.parts]
    return [("", found.by_survey)]


def _result(found: Evaluation, scheme: str) -> Result:
    cards = _cards(found)
    if isinstance(found, CombinedReport):
        weights = [part.weight for part in found.combined.parts]
        pairs = zip(cards, weights, strict=True)
        parts = [SubProject(name, weight, card) for (name, card), weight in pairs]
        combined = combine(parts, SCHEMES.get(scheme, found.combined.scheme))
        return Result(combined.total, combined.grade.name if combined.grade else "")
    card = cards[0][1]
    return Result(card.total, card.grade.name if card.grade else "")


def _rows(part: str, before: Scorecard, after: Scorecard) -> Iterator[RowChange]:
    for then, now in zip(before.rows, after.rows, strict=True):
        if (then.score, then.earned.formula) != (now.score, now.earned.formula):
            yield RowChange(part, then, now)
