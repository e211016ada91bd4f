"""Differences of satisfaction: between two groups, all pairs of groups, two projects or years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from analysis.compare import Difference, compare_groups, compare_samples
from analysis.design_estimates import Estimates
from analysis.estimate import LEVEL
from analysis.multiplicity import adjusted
from analysis.rate_differences import RateDifference, Side, rates_of_groups, rates_of_samples
from analysis.refusals import CannotComputeError
from analysis.satisfaction_estimates import Satisfaction
from analysis.scored_domains import ScoredDomain

SIGNIFICANT = 0.05
MOST_PAIRED_GROUPS = 12
"""66 pairs: more would be read by nobody and hardly anything survives the adjustment."""


@dataclass(frozen=True)
class Comparison:
    """The index of one group less that of another, 0..1, or the reason why it cannot be tested.

    `constant` names the groups for which no error could be estimated (all answers are the same, or
    all sampling units): it is taken for 0, so that the test is too sure. Groups of a census have
    none and are not among them. `places` are those of the groups, None for other samples.
    `rate` is the difference of the 满意率, where the index can be compared.
    """

    first: str
    second: str
    difference: Difference | None
    refusal: CannotComputeError | None = None
    constant: tuple[str, ...] = ()
    places: tuple[int, int] | None = None
    rate: RateDifference | None = None

    @property
    def is_significant(self) -> bool:
        return self.difference is not None and self.difference.adjusted < SIGNIFICANT


def compare_two(found: Satisfaction, first: int, second: int) -> Comparison:
    """Two groups of one sample (places in `found.groups`); the covariance of groups that share
    clusters or responses is kept. t has one degree of freedom fewer than the two groups together,
    as R's svyttest on the subset of both. A group within one sampling unit is not compared: its
    variance would be 0. Raises CannotComputeError for a place that is none or the same group."""
    size = len(found.groups)
    if first == second or not (0 <= first < size and 0 <= second < size):
        allowed = f"1–{size}"
        raise CannotComputeError(
            "unknown_choice", given=f"{first + 1}, {second + 1}", allowed=allowed
        )
    labels = found.groups[first].label, found.groups[second].label
    made = Comparison(*labels, difference=None, places=(first, second))
    try:
        return _tested(made, found, first, second)
    except CannotComputeError as error:
        return replace(made, refusal=error)


def _tested(made: Comparison, found: Satisfaction, first: int, second: int) -> Comparison:
    domain = found.domain
    sides = [_estimate(domain, place, found.groups[place].label) for place in (first, second)]
    constant = _constant((made.first, made.second), sides)
    together = replace(domain.index or sides[0], df=domain.degrees_of_freedom(first, second))
    difference = compare_groups(together, first, second, found.level)
    rate = rates_of_groups(domain, first, second, found.level)
    return replace(made, difference=difference, constant=constant, rate=rate)


def _estimate(domain: ScoredDomain, place: int, label: str) -> Estimates:
    """Raises CannotComputeError for a group without responses or within one sampling unit."""
    own = domain.own(domain.index, place)
    if own is None:
        raise CannotComputeError("group_empty", group=label)
    if own.df < 1 and not own.known[0]:
        raise CannotComputeError("group_in_one_unit", group=label)
    return own


def _constant(labels: tuple[str, str], sides: Sequence[Estimates]) -> tuple[str, ...]:
    """The groups in which nothing varies though only a part was drawn. Raises CannotComputeError
    where neither varies."""
    if all(own.known[0] for own in sides):
        raise CannotComputeError("groups_of_a_census", groups="、".join(dict.fromkeys(labels)))
    named = zip(labels, sides, strict=True)
    found = [name for name, own in named if float(own.variances[0]) == 0 and not own.known[0]]
    if all(float(own.variances[0]) == 0 for own in sides):
        raise CannotComputeError("groups_constant", groups="、".join(dict.fromkeys(found)))
    return tuple(found)


def compare_all_pairs(found: Satisfaction) -> tuple[Comparison, ...]:
    """Every pair of the groups with a base, p adjusted by Holm over those that can be tested;
    intervals are not adjusted. Raises CannotComputeError for more than 12 groups."""
    places = [place for place, group in enumerate(found.groups) if group.is_estimated]
    if len(places) > MOST_PAIRED_GROUPS:
        raise CannotComputeError("too_many_groups", count=len(places), limit=MOST_PAIRED_GROUPS)
    return holm([compare_two(found, i, j) for i, j in combinations(places, 2)])


def holm(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """p adjusted over the comparisons that have one (Holm 1979), of index and rate each."""
    tested = [c.difference for c in comparisons if c.difference is not None]
    raised = iter(adjusted([difference.p for difference in tested]))
    of_rates = [c.rate.p for c in comparisons if c.rate is not None and c.rate.p is not None]
    rates = iter(adjusted(of_rates))
    return tuple(
        replace(
            c,
            difference=c.difference and replace(c.difference, adjusted=float(next(raised))),
            rate=replace(c.rate, adjusted=float(next(rates)))
            if c.rate and c.rate.p is not None
            else c.rate,
        )
        for c in comparisons
    )


def compare_projects(
    first: Satisfaction, second: Satisfaction, names: tuple[str, str]
) -> Comparison:
    """Everybody of two independent samples (projects, years) under plans with the same pᵢ, first
    less second; Satterthwaite's degrees of freedom."""
    sides = (first.everybodys, 0), (second.everybodys, 0)
    return _independent(Comparison(*names, None), *sides, level=first.level)


def compare_projects_by_group(
    first: Satisfaction, second: Satisfaction, names: tuple[str, str]
) -> tuple[Comparison, ...]:
    """The groups of the same name in both, first less second, but those that are empty in both;
    p adjusted by Holm over them."""
    places = {group.label: place for place, group in enumerate(second.groups)}
    shared = [
        (group, place, places[group.label])
        for place, group in enumerate(first.groups)
        if group.label in places
    ]
    return holm(
        [
            _independent(
                Comparison(f"{names[0]} {group.label}", f"{names[1]} {group.label}", None),
                (first.domain, place),
                (second.domain, other),
                level=first.level,
            )
            for group, place, other in shared
            if group.is_estimated or second.groups[other].is_estimated
        ]
    )


def _independent(made: Comparison, left: Side, right: Side, *, level: float = LEVEL) -> Comparison:
    labels = made.first, made.second
    try:
        one, other = _estimate(*left, labels[0]), _estimate(*right, labels[1])
        constant = _constant(labels, (one, other))
        difference, rate = compare_samples(one, other, level), rates_of_samples(left, right, level)
        return replace(made, difference=difference, constant=constant, rate=rate)
    except CannotComputeError as error:
        return replace(made, refusal=error)
