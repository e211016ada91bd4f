"""Satisfaction with its uncertainty as renderers draw it: tables, differences, years."""

from __future__ import annotations

from dataclasses import dataclass, fields

from analysis.plans import ScoringPlan, plain
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import Phrase
from analysis.satisfaction_differences import Comparison
from analysis.satisfaction_estimates import Satisfaction
from analysis.table import Flow


@dataclass(frozen=True, eq=False)
class SatisfactionTable:
    """One scored question; `questionnaire` is its reference."""

    questionnaire: str
    found: Satisfaction


@dataclass(frozen=True)
class Years:
    """This project less another one: everybody first, then the groups of the same name.

    `differing` are the parts in which the two plans differ (see `plan_differences`); without a
    choice of one plan for both (`plan_of`: "own" or "other") nothing is compared then. `reworded`
    says that the question is not asked in the same words. `unlike` is a key of UNLIKE where the
    two cannot be compared at all.
    """

    other: str
    comparisons: tuple[Comparison, ...] = ()
    differing: tuple[str, ...] = ()
    plan_of: str = ""
    reworded: bool = False
    simulated: bool = False
    unlike: str = ""

    @property
    def offers_plans(self) -> bool:
        """Whether the reader has to choose one plan for both first."""
        return bool(self.differing) and not self.plan_of and not self.unlike


UNLIKE = ("no_question", "other_options", "no_plan", "no_area", "no_responses")
"""no_question: not asked there. other_options: what the pᵢ are given to differs. no_plan: the plan
of the other project was asked for and it has none. no_area: the area that the filter names does
not exist there. no_responses: nothing is counted there."""


@dataclass(frozen=True, eq=False)
class SatisfactionReport:
    """`described` are sentences (zh, en) on the sample's design. `chosen` is the pair of groups
    that somebody asked for, `pairs` are all (or `refusal` says why not). `groupings` are those of
    the responses (audience, area …) that have more than one group."""

    title: str
    tables: tuple[SatisfactionTable, ...]
    project: str = ""
    simulated: bool = False
    remarks: tuple[str, ...] = ()
    described: tuple[Phrase, ...] = ()
    chosen: Comparison | None = None
    pairs: tuple[Comparison, ...] = ()
    refusal: CannotComputeError | None = None
    years: Years | None = None
    flow: Flow | None = None
    groupings: tuple[str, ...] = ()


COMPARED = tuple(
    field.name
    for field in fields(ScoringPlan)
    if field.name not in ("question", "places", "version", "preset")
)


def plan_differences(first: ScoringPlan, second: ScoringPlan | None) -> tuple[str, ...]:
    """The parts of two plans that differ and move a figure, such as "weights" or "points", or
    "missing" where there is no second plan."""
    if second is None:
        return ("missing",)
    one, other = first.as_data(), second.as_data()
    return tuple(name for name in COMPARED if plain(one[name]) != plain(other[name]))
