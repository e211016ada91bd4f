"""The counted responses of a project together with the design of their sample."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from analysis.designs import Design
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase
from analysis.responses import Responses
from analysis.sample_design_words import sentences
from analysis.sample_designs import SampleDesign, design_of
from analysis.table import Flow
from app import problems
from app.models import Project
from app.services import reports, sample_designs
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Domain, Filters


@dataclass(frozen=True, eq=False)
class Sample:
    """Responses, how they were drawn and weighted, and what became of all that were received.

    `responses` are all that count in the questionnaire. `inside` (n,) is true for those that the
    filters let through, None for all: a filter is a domain of the whole sample, whose design is
    kept (code those outside as -1); `flow` is of the filters. With a filter by area the grouping
    "area" is that of the areas below it, -1 outside. `design` is None where nothing was counted:
    then there is nothing to estimate from. `described` are sentences (zh, en) on the design for
    under a table; empty for a simple sample.
    """

    responses: Responses
    design: Design | None
    flow: Flow
    inside: npt.NDArray[np.bool_] | None = None
    described: tuple[Phrase, ...] = ()


def sample(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
) -> Sample:
    """The sample under the newest design of the questionnaire; weights are made anew each time.

    Raises Problem 409.5 where the design does not fit the responses (such as lonely clusters, or
    a category without a response).
    """
    domain = reports.domain(session, store, project, published, filters)
    description = sample_designs.current(session, project, published)
    try:
        return under(domain, description)
    except CannotComputeError as error:
        raise problems.unfit_design(error) from None


def under(domain: Domain, description: SampleDesign) -> Sample:
    """The sample under a design that need not be stored. Raises CannotComputeError."""
    counted = domain.responses
    design = design_of(counted, description) if counted.n else None
    described = sentences(description, counted.questionnaire, design)
    if domain.areas_below is not None:
        counted = replace(counted, groups={**counted.groups, "area": domain.areas_below})
    return Sample(counted, design, domain.flow, domain.inside, described)
