"""Planning a survey: sizes for several groups at once, allocation, margins that are reached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.estimate import LEVEL
from analysis.refusals import CannotComputeError
from analysis.sampling import (
    ROUNDING,
    SampleSize,
    cochran,
    margin_of_error,
    power_two_shares,
    size_two_shares,
    whole,
)

MOST_GROUPS = 300
SMALLEST_MARGIN = 0.0001
"""0.01 points take 96 million responses, which nobody collects."""
MOST_RESPONSES = 10**9


@dataclass(frozen=True)
class Assumptions:
    """Margin, share, level and response rate are 0..1; a design effect of 1 is a simple sample."""

    margin: float = 0.05
    share: float = 0.5
    level: float = LEVEL
    design_effect: float = 1.0
    response_rate: float = 1.0

    def size(self, population: float | None) -> SampleSize:
        return cochran(
            self.margin,
            self.share,
            self.level,
            population=population,
            design_effect=self.design_effect,
            response_rate=self.response_rate,
        )

    def reached(self, n: float, population: float | None = None) -> float | None:
        """± of a share with n responses (0..1), at most 1; None for none. Raises
        CannotComputeError for more responses than the population has."""
        if n <= 0:
            return None
        if population is not None and n > population:
            raise CannotComputeError("more_than_population", n=n, population=population)
        return min(
            margin_of_error(
                n,
                self.share,
                self.level,
                population=population,
                design_effect=self.design_effect,
            ),
            1.0,
        )


@dataclass(frozen=True)
class GroupPlan:
    """One group: the size it needs to be reported alone, and its part of one sample of all groups
    in proportion to the populations with the margin that this part reaches."""

    name: str
    population: int
    alone: SampleSize
    part: int
    part_margin: float | None


@dataclass(frozen=True)
class SamplePlan:
    """total: one sample for all groups together (or for the one population)."""

    assumptions: Assumptions
    population: int | None
    total: SampleSize
    groups: tuple[GroupPlan, ...] = ()

    @property
    def expected(self) -> int:
        """Responses that come in at most, when everybody of the population is invited."""
        return math.floor((self.population or 0) * self.assumptions.response_rate + ROUNDING)

    @property
    def alone_responses(self) -> int:
        return sum(group.alone.responses for group in self.groups)

    @property
    def alone_invitations(self) -> int:
        return sum(group.alone.invitations for group in self.groups)


@dataclass(frozen=True)
class Comparison:
    """Two groups with shares p1 and p2: responses per group for this power, and where a number of
    responses per group is given the power that it has."""

    p1: float
    p2: float
    power: float
    significance: float
    size: float
    invited: int
    n: int | None = None
    reached: float | None = None

    @property
    def per_group(self) -> int:
        return whole(self.size)


def sample_plan(
    assumptions: Assumptions,
    population: int | None = None,
    groups: Sequence[tuple[str, int]] = (),
) -> SamplePlan:
    """Sizes for everybody and for each of the groups (name, population).

    With groups the population of all is their sum; their parts are of the responses that are
    needed, or of those that can come in where that is fewer. Raises
    CannotComputeError for figures out of range.
    """
    if 0 < assumptions.margin < SMALLEST_MARGIN:
        least, given = (f"{100 * margin:.6g}" for margin in (SMALLEST_MARGIN, assumptions.margin))
        raise CannotComputeError("margin_too_small", least=least, given=given)
    if len(groups) > MOST_GROUPS:
        raise CannotComputeError(
            "too_many_categories", name="groups", count=len(groups), limit=MOST_GROUPS
        )
    everybody = sum(size for _, size in groups) if groups else population
    total = assumptions.size(everybody)
    whole_plan = SamplePlan(assumptions, everybody, total)
    sized = total.responses if total.is_reachable else whole_plan.expected
    parts = allocate(sized, [size for _, size in groups])
    rows = tuple(
        GroupPlan(name, size, assumptions.size(size), part, assumptions.reached(part, size))
        for (name, size), part in zip(groups, parts, strict=True)
    )
    return replace(whole_plan, groups=rows)


def allocate(total: int, populations: Sequence[int]) -> list[int]:
    """`total` in proportion to the populations, whole numbers by largest remainders (Hamilton);
    ties to the earlier group. populations: (G,) sizes >= 0; all parts are 0 where everybody is."""
    everybody = sum(populations)
    if not everybody:
        return [0] * len(populations)
    exact = [total * size / everybody for size in populations]
    found = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda i: found[i] - exact[i])
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


def compare_shares(
    p1: float,
    p2: float,
    power: float = 0.8,
    *,
    significance: float = 0.05,
    n: int | None = None,
    design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> Comparison:
    """Responses per group to find p1 ≠ p2; both sizes are times the design effect.

    Raises CannotComputeError for equal shares and figures out of range.
    """
    for what, given in (("design effect", design_effect), ("n", 1 if n is None else n)):
        if not 0 < given < math.inf:
            raise CannotComputeError("not_positive", what=what, given=given)
    if not 0 < response_rate <= 1:
        raise CannotComputeError("share_out_of_range", what="response rate", given=response_rate)
    size = size_two_shares(p1, p2, power, significance) * design_effect
    if not size <= MOST_RESPONSES:
        raise CannotComputeError("difference_too_small", limit=MOST_RESPONSES)
    reached = None
    if n is not None:
        reached = power_two_shares(n / design_effect, p1, p2, significance)
    return Comparison(p1, p2, power, significance, size, whole(size / response_rate), n, reached)


BETWEEN = "\u3000"
"""Of the names of an area and an audience, where a group is both."""


@dataclass(frozen=True)
class Reached:
    """Margins of one group of a running survey, planned and up to now; None for no responses."""

    name: str
    planned: int
    collected: int
    planned_margin: float | None
    margin: float | None


def reached(
    assumptions: Assumptions, groups: Sequence[tuple[str, int, int]]
) -> tuple[Reached, ...]:
    """Margins of error (± of a share, 0..1) that groups will and do have. groups: name, planned and
    collected responses."""
    return tuple(
        Reached(
            name, planned, collected, assumptions.reached(planned), assumptions.reached(collected)
        )
        for name, planned, collected in groups
    )
