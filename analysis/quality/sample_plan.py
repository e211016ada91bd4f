"""Out of the sample plan: an area or audience that is not planned, or more than planned."""

from __future__ import annotations

import numpy as np

from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import UNKNOWN, Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError


def out_of_plan(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Flags what no line of the plan covers, and what arrived after its line was full.

    Which interviews of a line are the surplus nobody can tell; the later arrivals are named. A
    project that collects as planned has none. Raises NotApplicableError without a plan.
    """
    plan = interviews.plan
    if plan is None or not plan.planned:
        raise NotApplicableError("no_sample_plan")
    place = plan.before
    planned = np.array([*plan.planned, 0])[plan.cell]
    outside = plan.cell == UNKNOWN
    rows = rows_of(outside | (place >= planned))

    def tell(at: int) -> Told:
        row = rows[at]
        if outside[row]:
            return Told("out_of_plan", {})
        cell = int(plan.cell[row])
        numbers = {"planned": plan.planned[cell], "place": int(place[row]) + 1}
        return Told("over_plan", {"line": plan.names[cell], **numbers})

    return Flagged("out_of_plan", rows, interviews.n, tell, Told("out_of_plan_rule", {}))


def arrival_in_cell(cell: Ints) -> Ints:
    """(n,) how many of the same cell stand before each."""
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    first = np.searchsorted(ordered, ordered, side="left")
    found = np.empty(len(cell), np.int64)
    found[order] = np.arange(len(cell)) - first
    return found
