"""The score of one question from a designed sample: index Σwp/Σw with its linearised interval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.design_estimates import score_means
from analysis.design_intervals import mean_intervals
from analysis.designs import Design, Floats
from analysis.estimate import Interval
from analysis.plans import ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.satisfaction import BLANK, Score, Weighing, score
from analysis.table import QuestionTable

DIGITS = 12
"""Of a sum of weights: what floating-point addition leaves beyond them is no figure."""


def weighted_score(
    plan: ScoringPlan, counted: QuestionTable, responses: Responses, design: Design
) -> Score:
    """The score of `counted` (the plain table of the plan's question for all these n responses).

    The index is a ratio of two sums of weights (Hájek); its interval is t on the Taylor-linearised
    variance under the whole sample's design, clipped to the range of pᵢ (see
    `design_intervals.mean_intervals`), with those left out of the base as outside of its domain.
    Without weight in the base there is neither.
    """
    plain = score(plan, counted)
    codes = np.maximum(responses.columns[plan.question].astype(np.int16) - 1, -1)
    names = [BLANK, *(term.code for term in plain.terms if term.code != BLANK)]
    sums = np.bincount(codes + 1, design.weights, len(names) + 1)[1:]
    weights = {term.code: term.weight for term in plain.terms}
    places = [place for place, name in enumerate(names) if weights[name] is not None]
    values = np.array([float(weights[names[place]] or 0) for place in places])
    return score(
        plan,
        counted,
        Weighing(
            {name: Decimal(f"{total:.{DIGITS}g}") for name, total in zip(names, sums, strict=True)},
            _interval(design, codes, places, values),
        ),
    )


def _interval(
    design: Design, codes: npt.NDArray[Any], places: list[int], values: Floats
) -> Interval | None:
    if not len(values):
        return None
    own = np.full(int(max(codes.max(), *places)) + 2, -1)
    own[places] = np.arange(len(places))
    try:
        estimates = score_means(design, own[codes], values)
    except CannotComputeError:
        return None
    return mean_intervals(estimates, float(values.min()), float(values.max()))[0]
