"""Estimates of the population of a project, from its counted responses and their design."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from analysis.estimands import estimand
from analysis.grouping import groupings
from analysis.population_estimates import Method, PopulationEstimates, population_estimates
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase
from analysis.table import Flow
from app.models import Project
from app.services import samples, scoring
from app.services.columns import ColumnStore
from app.services.crosstabs import UnknownSideError, intervals_for
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters


@dataclass(frozen=True)
class Wanted:
    """What to estimate, as `analysis.estimands.estimand` takes it; `of` may be empty: the most
    favourable option of the first satisfaction question, or the first one of the first choice
    question."""

    measure: str = "share"
    of: str = ""
    over: str = ""
    by: str | None = None
    method: Method = field(default_factory=Method)


@dataclass(frozen=True)
class Estimated:
    """groupings, scored (codes of questions with a plan) and intervals (of shares): what may be
    chosen. One of `found` and `refusal` says what came of it."""

    of: str
    flow: Flow
    groupings: tuple[str, ...] = ()
    scored: tuple[str, ...] = ()
    intervals: tuple[str, ...] = ()
    described: tuple[Phrase, ...] = ()
    found: PopulationEstimates | None = None
    refusal: CannotComputeError | None = None


def estimate(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    wanted: Wanted,
    filters: Filters = EVERYTHING,
) -> Estimated:
    """Raises UnknownSideError for what the questionnaire has not, and Problem 409.5 for a design
    that does not fit the responses."""
    drawn = samples.sample(session, store, project, published, filters)
    plans = scoring.current(session, published)
    known = groupings(drawn.responses)
    if wanted.by is not None and wanted.by not in known:
        raise UnknownSideError(wanted.by, known)
    of = wanted.of or _usual(published)
    made = Estimated(
        of=of,
        groupings=tuple(drawn.responses.groups),
        scored=tuple(plans),
        intervals=intervals_for(drawn),
        flow=drawn.flow,
        described=drawn.described,
    )
    try:
        what = estimand(published.questionnaire, wanted.measure, of, wanted.over, plans)
        found = population_estimates(
            drawn.responses,
            drawn.design,
            what,
            wanted.by,
            inside=drawn.inside,
            method=wanted.method,
        )
    except CannotComputeError as refusal:
        if refusal.code == "unknown_term":
            raise UnknownSideError(refusal.details["given"], _terms(published)) from None
        return replace(made, refusal=refusal)
    return replace(made, found=found)


def _usual(published: Published) -> str:
    choices = [q for q in published.questionnaire.questions if q.is_choice and q.levels]
    ordered = sorted(choices, key=lambda question: not question.satisfaction)
    return f"{ordered[0].code}.{ordered[0].levels[0].code}" if ordered else ""


def _terms(published: Published) -> tuple[str, ...]:
    return tuple(question.code for question in published.questionnaire.questions)
