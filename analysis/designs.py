"""How the responses were drawn: weights, strata, clusters in stages, population sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.refusals import DesignError
from analysis.stages import LONELY, Codes, Counts, Floats, Lonely, Stage, build_stages

__all__ = ["Calibration", "Codes", "Design", "Floats", "Stage", "survey_design"]

LARGEST_WEIGHT = 1e12
"""More people than there ever were: a larger weight is a slip. A test keeps the limit of
`surveys.sheets` equal, which would bring the readers of workbooks in here."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Margins that the weights meet: an estimate's scores are taken net of the margins' means.

    cells: (n,) code 0..G-1 of the combination of categories. categories: per margin the (G,)
    category of each cell. regression_weights: (n,) or None for equal ones. sweeps: how often the
    means of all margins are swept out in turn (once is exact for one margin). rows: (G,) responses
    in each cell, None if not counted yet or if there are cells without any. weights: (G,) the
    weight that all responses of a cell share; None if they differ or where nobody looked.
    """

    cells: Codes
    categories: tuple[Codes, ...]
    regression_weights: Floats | None = None
    sweeps: int = 1
    rows: Counts | None = None
    weights: Floats | None = None

    @property
    def size(self) -> int:
        return len(self.categories[0])


@dataclass(frozen=True, eq=False)
class Design:
    """n responses and how they were drawn. Make one with `survey_design`."""

    weights: Floats
    stages: tuple[Stage, ...]
    equal_weights: bool
    calibration: Calibration | None = None
    margins: tuple[frozenset[str], ...] = ()
    """What each margin of the calibration classifies by, where that covers all the responses that
    any estimate by it would count (see `meets`)."""

    @property
    def n(self) -> int:
        return len(self.weights)

    @property
    def is_simple(self) -> bool:
        """Every response is a sampling unit of the one stage."""
        return len(self.stages) == 1 and self.stages[0].units is None

    @property
    def is_plain(self) -> bool:
        """A simple random sample, equal weights, no population known: counts alone say
        everything."""
        stage = self.stages[0]
        if not (self.is_simple and self.equal_weights and stage.strata is None):
            return False
        endless = self.n / (self.n - 1) if self.n > 1 else 1.0
        whole = self.n == 1 or math.isclose(float(stage.factors[0]), endless, rel_tol=1e-9)
        return self.calibration is None and len(stage.factors) == 1 and whole

    def meets(self, classes: frozenset[str]) -> bool:
        """Whether the weights meet the population's numbers in the combinations of these groupings
        and answers, so that shares of them are known and no estimates."""
        return self.calibration is not None and any(classes <= margin for margin in self.margins)

    @property
    def is_census(self) -> bool:
        """Every unit of the population was drawn, in every stage: nothing is left to chance."""
        return all(bool(stage.whole.all()) for stage in self.stages)

    @property
    def whole_rows(self) -> npt.NDArray[np.bool_]:
        """(n,) rows of strata that were drawn whole in every stage."""
        found = np.ones(self.n, dtype=bool)
        for stage in self.stages:
            found &= stage.whole[0] if stage.strata is None else stage.whole[stage.strata]
        return found

    def degrees_of_freedom(self, inside: npt.NDArray[np.bool_] | None = None) -> int:
        """First-stage units less first-stage strata, counted over the rows of the domain
        `inside` ((n,) of bool; default all) with a weight above 0; never below 0."""
        stage = self.stages[0]
        present = self.weights > 0 if inside is None else inside & (self.weights > 0)
        strata = 1 if stage.strata is None else _seen(stage.strata, present)
        return max(_seen(stage.units, present) - strata, 0)


def _seen(codes: Codes | None, present: npt.NDArray[np.bool_]) -> int:
    if codes is None:
        return int(np.count_nonzero(present))
    return int(np.count_nonzero(np.bincount(codes[present])))


def survey_design(
    n: int | None = None,
    *,
    weights: Any = None,
    strata: Any = None,
    clusters: Any = None,
    population: Any = None,
    lonely: Lonely = "refuse",
) -> Design:
    """Describe a sample of n responses.

    weights: (n,) numbers >= 0; without them the inverse sampling fractions if `population` is
    given, else 1. strata, clusters, population: one entry per stage, the first stage first, each
    an array of n (population also one number); a single array or number is stage 1. Clusters are
    numbered within their stratum and within the cluster above, so that village 1 of two counties
    is two villages. Without `clusters` the responses themselves were drawn. population: how many
    units the stratum of each row has, or (where no value is above 1) the fraction that was drawn.

    Variances assume: equal-probability draws without replacement within strata where `population`
    is given, complete enumeration in later stages for which it is not, and draws with replacement
    where it is None (from there on later stages add nothing of their own; Särndal, Swensson &
    Wretman 1992, 4.3). `lonely` says what becomes of strata with one unit:
    "refuse", "certainty" (no contribution), "adjust" (deviation from 0, the expectation of the
    scores), "average" (the mean contribution of the other strata); as survey.lonely.psu in R.

    Raises DesignError (lengths, missing, negative or enormous weights, population smaller than
    sample) and LonelyClusterError.
    """
    if lonely not in LONELY:
        raise DesignError("unknown_choice", given=lonely, allowed=", ".join(LONELY))
    layers, units = _per_stage(strata), _per_stage(clusters)
    sizes = _per_stage(population, numbers=True)
    rows = _length(n, weights, [layers, units, sizes])
    stages, probabilities = build_stages(rows, layers, units, sizes, lonely)
    if weights is None:
        if probabilities is None:
            return Design(np.ones(rows), stages, equal_weights=True)
        weights = 1 / probabilities
    checked = checked_weights(weights, rows)
    equal = bool(checked.min() == checked.max())
    return Design(checked, stages, equal)


def checked_weights(weights: Any, n: int) -> Floats:
    """(n,) weights from 0 to LARGEST_WEIGHT that are not all 0. Raises DesignError."""
    try:
        found = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DesignError("weight_missing", count=_unreadable(weights)) from error
    if found.shape != (n,):
        raise DesignError("lengths_differ", what="weights", given=found.size, expected=n)
    if n == 0:
        raise DesignError("no_responses")
    # The ends tell all: a nan is smallest and largest. The sum may be infinite without one.
    low, high = float(found.min()), float(found.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise DesignError("weight_missing", count=int(np.sum(~np.isfinite(found))))
    if low < 0:
        raise DesignError("weight_negative", count=int(np.sum(found < 0)))
    if high > LARGEST_WEIGHT:
        count = int(np.sum(found > LARGEST_WEIGHT))
        raise DesignError("weight_too_large", count=count, limit=f"{LARGEST_WEIGHT:.0f}")
    if high == 0:
        raise DesignError("no_weight")
    return found


def _unreadable(weights: Any) -> int:
    return sum(not _is_number(weight) for weight in weights) if np.ndim(weights) == 1 else 1


def _is_number(weight: Any) -> bool:
    try:
        return math.isfinite(float(weight))
    except (TypeError, ValueError):
        return False


def _per_stage(given: Any, *, numbers: bool = False) -> list[Any]:
    """A tuple or list of arrays is one entry per stage, as is a tuple of `numbers`."""
    if given is None:
        return []
    if not isinstance(given, tuple | list):
        return [given]
    nested = any(np.ndim(entry) > 0 for entry in given if entry is not None)
    return list(given) if nested or (numbers and isinstance(given, tuple)) else [given]


def _length(n: int | None, weights: Any, arrays: list[list[Any]]) -> int:
    given = [weights, *(entry for stage in arrays for entry in stage)]
    dimensions = max((np.ndim(entry) for entry in given if entry is not None), default=0)
    if dimensions > 1:
        raise DesignError("wrong_shape", dimensions=dimensions)
    lengths = [len(entry) for entry in given if entry is not None and np.ndim(entry) == 1]
    if n is None and not lengths:
        raise DesignError("no_responses")
    expected = lengths[0] if n is None else n
    for length in lengths:
        if length != expected:
            raise DesignError("lengths_differ", what="design", given=length, expected=expected)
    if expected == 0:
        raise DesignError("no_responses")
    return expected
