"""What the page of sampling and weighting shows: a design, what it does, and what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

from analysis.designs import Design
from analysis.plans import ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase, name_of
from analysis.responses import Responses
from analysis.sample_classes import classified
from analysis.sample_design_words import is_harsh, sentences
from analysis.sample_designs import WHOLE, SampleDesign
from analysis.table import Flow
from analysis.weighting import WeightSummary, summarise_weights
from analysis.weighting_report import (
    MarginMet,
    QuestionCompared,
    ScoreCompared,
    margins_compared,
    question_compared,
    scores_compared,
)
from app.models import Project
from app.services import reports, samples, scoring
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from surveys.definition import Kind

MOST_SHOWN = 200
"""Categories that are listed to be filled in; more need coarser areas."""
NO_MARGINS = ("enumerator", "area1")
"""Enumerators are no part of the population; the areas of level 1 are those called area."""
CLUSTERS = ("area", "area2", "area3")


@dataclass(frozen=True)
class Listed:
    """One class to give a population for."""

    key: str
    name: str
    count: int
    share: float


@dataclass(frozen=True)
class Listing:
    """The classes of a classification in the sample; `error` says why they cannot be listed."""

    name: Phrase
    lines: tuple[Listed, ...] = ()
    unknown: int = 0
    error: CannotComputeError | None = None


@dataclass(frozen=True)
class Asked:
    """What the page is to show: a design (None where the typed one cannot be read), the strata and
    margins whose classes are to be listed, and a question to compare."""

    design: SampleDesign | None
    strata: tuple[str, ...] = ()
    margins: tuple[tuple[str, ...], ...] = ()
    question: str = ""


@dataclass(frozen=True)
class Effect:
    """What a design does to the estimates."""

    weights: WeightSummary
    harsh: bool
    margins: tuple[MarginMet, ...]
    scores: tuple[ScoreCompared, ...]
    question: QuestionCompared | None
    question_error: CannotComputeError | None = None


@dataclass(frozen=True)
class WeightingView:
    """`effect` is None where nothing was counted or `refusal` says why it cannot be computed."""

    n: int
    flow: Flow
    strata: tuple[tuple[str, Phrase], ...]
    clusters: tuple[tuple[str, Phrase], ...]
    classifications: tuple[tuple[str, Phrase], ...]
    questions: tuple[tuple[str, Phrase], ...]
    stratum_listing: Listing
    margin_listings: tuple[Listing | None, ...]
    described: tuple[Phrase, ...] = ()
    effect: Effect | None = None
    refusal: CannotComputeError | None = None
    question: str = field(default="")


def view(
    session: Session, store: ColumnStore, project: Project, published: Published, asked: Asked
) -> WeightingView:
    """All counted responses of a questionnaire under the design in question; stores nothing."""
    domain = reports.domain(session, store, project, published)
    counted = domain.responses
    questions = tuple(
        (q.code, name_of(counted.questionnaire, (q.code,)))
        for q in published.questionnaire.questions
        if q.is_choice
    )
    groupings = [by for by in counted.groups if by not in NO_MARGINS]
    single = [
        q.code
        for q in published.questionnaire.questions
        if q.is_choice and q.kind is not Kind.MULTIPLE
    ]
    question = asked.question or _first_question(published)
    described, effect, refusal = _tried(session, domain, published, asked, question)
    return WeightingView(
        n=counted.n,
        flow=domain.flow,
        strata=_named(counted, groupings),
        clusters=_named(counted, [by for by in CLUSTERS if by in counted.groups]),
        classifications=_named(counted, [*groupings, *single]),
        questions=questions,
        stratum_listing=_stratum_listing(counted, asked.strata),
        margin_listings=tuple(_listing(counted, by) if by else None for by in asked.margins),
        described=described,
        effect=effect,
        refusal=refusal,
        question=question,
    )


def _tried(
    session: Session, domain: reports.Domain, published: Published, asked: Asked, question: str
) -> tuple[tuple[Phrase, ...], Effect | None, CannotComputeError | None]:
    if asked.design is None:
        return (), None, None
    try:
        sample = samples.under(domain, asked.design)
    except CannotComputeError as error:
        return sentences(asked.design, published.questionnaire), None, error
    if sample.design is None:
        return sample.described, None, None
    plans = scoring.current(session, published)
    effect = _effect(sample.responses, sample.design, asked.design, plans, question)
    return sample.described, effect, None


def _effect(
    counted: Responses,
    design: Design,
    description: SampleDesign,
    plans: Mapping[str, ScoringPlan],
    question: str,
) -> Effect:
    weights = summarise_weights(design.weights)
    compared, error = None, None
    try:
        compared = question_compared(counted, design, question, description)
    except CannotComputeError as refusal:
        error = refusal
    return Effect(
        weights=weights,
        harsh=is_harsh(weights),
        margins=margins_compared(counted, design, description),
        scores=scores_compared(counted, design, plans),
        question=compared,
        question_error=error,
    )


def _first_question(published: Published) -> str:
    """A satisfaction question if there is one, else the first choice question."""
    choices = [q for q in published.questionnaire.questions if q.is_choice]
    ordered = sorted(choices, key=lambda q: not q.satisfaction)
    return ordered[0].code if ordered else ""


def _named(counted: Responses, by: Sequence[str]) -> tuple[tuple[str, Phrase], ...]:
    return tuple((one, name_of(counted.questionnaire, (one,))) for one in by)


def _stratum_listing(counted: Responses, strata: tuple[str, ...]) -> Listing:
    if strata:
        return _listing(counted, strata)
    return Listing(Phrase("全部", "all"), (Listed(WHOLE, "全部", counted.n, 1.0),))


def _listing(counted: Responses, by: tuple[str, ...]) -> Listing:
    name = name_of(counted.questionnaire, by)
    try:
        classes = classified(counted, by)
    except CannotComputeError as error:
        return Listing(name, error=error)
    counts = classes.counts
    shown = range(len(counts)) if len(by) == 1 else np.flatnonzero(counts).tolist()
    if len(shown) > MOST_SHOWN:
        too_many = CannotComputeError("too_many_classes", count=len(shown), limit=MOST_SHOWN)
        return Listing(name, error=too_many)
    total = max(int(counts.sum()), 1)
    lines = (
        Listed(classes.keys[i], classes.names[i], int(counts[i]), int(counts[i]) / total)
        for i in shown
    )
    return Listing(name, tuple(lines), classes.unknown)
