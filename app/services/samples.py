"""The counted responses of a project together with the design of their sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from analysis.designs import Design, survey_design
from analysis.responses import Responses
from analysis.table import Flow
from app.models import Project
from app.services import reports
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from app.services.reports import EVERYTHING, Filters


@dataclass(frozen=True, eq=False)
class Sample:
    """Responses, how they were drawn and weighted, and what became of all that were received.

    `inside` (n,) is true for the responses that the filters let through, None for all: a filter
    is a domain of the whole sample, whose design is kept (code those outside as -1). `design` is
    None where nothing was counted: then there is nothing to estimate from.
    `described` are sentences (zh, en) on the design for under a table; empty for a simple sample.
    """

    responses: Responses
    design: Design | None
    flow: Flow
    inside: npt.NDArray[np.bool_] | None = None
    described: tuple[tuple[str, str], ...] = ()


def sample(
    session: Session,
    store: ColumnStore,
    project: Project,
    published: Published,
    filters: Filters = EVERYTHING,
) -> Sample:
    """The sample under the newest design of the project.

    Raises Problem where the design does not fit the responses (such as lonely clusters).
    """
    counted, flow = reports.responses(session, store, project, published, filters)
    return Sample(counted, survey_design(counted.n) if counted.n else None, flow)
