"""What later arrivals do to the evaluation: the pinned scorecard, step by step from then to now.

In every step the survey's own counts score what a question measures, also where a score was stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy.orm import Session

from analysis.evaluation.combined import SubProject, combine
from analysis.evaluation.comparison import change_of
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.report import CombinedReport, Evaluation, evaluate
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.evaluation.surveyed import Plans
from app.models import Project, ScorecardVersion
from app.services import (
    evaluation_frameworks,
    evaluation_inputs,
    freezing,
    frozen_tables,
    manifests,
    questionnaires,
)
from app.services.columns import ColumnStore
from app.services.evaluation_inputs import Live, with_surveys
from app.services.manifests import Manifest
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
    arrived: Row
    decided: Row
    after: Row

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.score, self.after.score)

    @property
    def by_arrivals(self) -> Fraction | None:
        return change_of(self.before.score, self.arrived.score)

    @property
    def by_decisions(self) -> Fraction | None:
        return change_of(self.arrived.score, self.decided.score)

    @property
    def by_plan(self) -> Fraction | None:
        return change_of(self.decided.score, self.after.score)


@dataclass(frozen=True)
class EvaluationSince:
    """`rows` are those whose count, base or score has moved, in the order of the framework.

    The steps are those of `freezing.ScoreChange`.
    """

    version: int
    before: Result
    arrived: Result
    decided: Result
    after: Result
    rows: tuple[RowChange, ...]

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.total, self.after.total)

    @property
    def by_arrivals(self) -> Fraction | None:
        return change_of(self.before.total, self.arrived.total)

    @property
    def by_decisions(self) -> Fraction | None:
        return change_of(self.arrived.total, self.decided.total)

    @property
    def by_plan(self) -> Fraction | None:
        return change_of(self.decided.total, self.after.total)


def evaluation_since(
    session: Session, store: ColumnStore, project: Project, number: int
) -> EvaluationSince | None:
    """None where no scorecard was frozen. Raises Problem 404.1 or 409.4."""
    version = version_frozen(session, project, number)
    if version is None:
        return None
    steps = _evaluated(session, store, project, number, version)
    parts = zip(*(_cards(found) for found in steps), strict=True)
    before, arrived, decided, after = (_result(found, version.scheme) for found in steps)
    rows = tuple(change for cards in parts for change in _rows(cards))
    return EvaluationSince(version.number, before, arrived, decided, after, rows)


def _evaluated(
    session: Session,
    store: ColumnStore,
    project: Project,
    number: int,
    version: ScorecardVersion,
) -> list[Evaluation]:
    """As frozen, with what arrived, with all decisions, and under the plans of now."""
    framework, _ = evaluation_frameworks.framework_of(session, version)
    inputs = evaluation_inputs.stored_inputs(framework, version.data)
    manifest = freezing.manifest(session, project, number)
    then = frozen_tables.survey_inputs(session, project, manifest)
    live = evaluation_inputs.live(session, store, project, framework)
    decided = (live.surveys, _plans_as_frozen(session, project, manifest, live, then[1]))
    later = _with_arrivals(session, project, manifest)
    arrived = decided if later is None else frozen_tables.survey_inputs(session, project, later)
    return [
        evaluate(framework, with_surveys(inputs, surveys, plans), version.scheme)
        for surveys, plans in (then, arrived, decided, (live.surveys, live.plans))
    ]


def _with_arrivals(session: Session, project: Project, frozen: Manifest) -> Manifest | None:
    """None where nothing was excluded or corrected since: then these are the responses of now."""
    known = {part.reference: part for part in frozen.parts}
    parts, decisions = [], False
    for published in questionnaires.all_published(session, project):
        part = known.get(published.questionnaire.reference)
        if part is None:
            parts.append(manifests.part_now(session, project, published))
            continue
        now = manifests.counted_now(session, project, published)
        parts.append(manifests.with_arrivals(part, now))
        decisions = decisions or dict(parts[-1].responses) != now
    return replace(frozen, parts=tuple(parts)) if decisions else None


def _plans_as_frozen(
    session: Session, project: Project, frozen: Manifest, live: Live, then: Plans
) -> Plans:
    """Of the questionnaire versions that count now; one published since has only its own plans."""
    known = {part.reference: part for part in frozen.parts}
    counted = {one.reference.partition("@")[0]: one.reference for one in live.counted}
    plans = {key: plan for key, plan in then.items() if _slug(key) not in counted}
    for slug, reference in counted.items():
        if reference not in known:
            plans |= {key: plan for key, plan in live.plans.items() if _slug(key) == slug}
            continue
        published = questionnaires.find(session, project, reference)
        of_then = known[reference].scoring_plans(published)
        plans |= {f"{slug}/{code}": plan for code, plan in of_then.items()}
    return plans


def _slug(key: str) -> str:
    """Of the questionnaire, from the key of a plan."""
    return key.partition("/")[0]


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


def _rows(cards: Sequence[tuple[str, Scorecard]]) -> Iterator[RowChange]:
    """`cards` are those of one sub-project, step by step."""
    for steps in zip(*(card.rows for _, card in cards), strict=True):
        if len({(row.score, row.earned.formula) for row in steps}) > 1:
            yield RowChange(cards[0][0], *steps)
