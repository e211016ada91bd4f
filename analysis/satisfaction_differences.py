"""Differences of satisfaction: between two groups, all pairs of groups, two projects or years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from analysis.compare import Difference, covariance_of, difference_of, side_of
from analysis.design_estimates import Estimates
from analysis.difference_tests import Side
from analysis.estimate import LEVEL, Interval
from analysis.multiplicity import adjusted
from analysis.rate_differences import Place, RateDifference, rates_of_groups, rates_of_samples
from analysis.refusals import CannotComputeError
from analysis.sampling import is_small
from analysis.satisfaction_estimates import Satisfaction
from analysis.scored_domains import ScoredDomain
from analysis.weighted_score import index_interval

SIGNIFICANT = 0.05
MOST_PAIRED_GROUPS = 12
"""66 pairs: more would be read by nobody and hardly anything survives the adjustment."""


BESIDE = ("no_variance", "no_degrees_of_freedom")
"""What refuses a test of the index and leaves the difference of the rates with its interval."""


@dataclass(frozen=True)
class Comparison:
    """The index of one group less that of another, 0..1, or the reason why it cannot be tested.

    `constant` names the groups in which nothing varies (all answers are the same, or all sampling
    units), so that their error is that of their interval; `thin` those of them that say too little
    for a difference to be called significant (`ScoredDomain.is_thin`), `small` the groups of fewer
    than 30 responses. Groups of a census have no error and are not among them. `places` are those
    of the groups, None for other samples. `rate` is the difference of the 满意率, where the index
    can be compared; beside thin groups it has no p, as it says no more than the index.
    """

    first: str
    second: str
    difference: Difference | None
    refusal: CannotComputeError | None = None
    constant: tuple[str, ...] = ()
    thin: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    places: tuple[int, int] | None = None
    rate: RateDifference | None = None

    @property
    def is_significant(self) -> bool:
        return self.is_apart and not self.thin

    @property
    def is_apart(self) -> bool:
        """p is small enough, whether or not both groups say enough."""
        return self.difference is not None and self.difference.adjusted < SIGNIFICANT


def compare_two(found: Satisfaction, first: int, second: int) -> Comparison:
    """Two groups of one sample (places in `found.groups`); the covariance of groups that share
    clusters or responses is kept, and t has at most one degree of freedom fewer than the two groups
    together, as R's svyttest on the subset of both (see `difference_tests.tested`). A group within
    one sampling unit is not compared: its variance would be 0, its interval all that is possible.
    Raises CannotComputeError for a place that is none or the same group."""
    size = len(found.groups)
    if first == second or not (0 <= first < size and 0 <= second < size):
        allowed = f"1–{size}"
        raise CannotComputeError(
            "unknown_choice", given=f"{first + 1}, {second + 1}", allowed=allowed
        )
    labels = found.groups[first].label, found.groups[second].label
    made = Comparison(*labels, difference=None, places=(first, second))
    domain = found.domain
    rate = rates_of_groups(domain, first, second, found.level)
    return _with_rate(made, (domain, first), (domain, second), rate, found.level)


def _with_rate(
    made: Comparison, left: Place, right: Place, rate: RateDifference | None, level: float
) -> Comparison:
    try:
        compared = _compared(made, left, right, level)
        if compared.thin and rate is not None:
            rate = replace(rate, p=None, adjusted=None)
        return replace(compared, rate=rate)
    except CannotComputeError as error:
        return replace(made, refusal=error, rate=rate if error.code in BESIDE else None)


def _compared(made: Comparison, left: Place, right: Place, level: float) -> Comparison:
    labels, sides = (made.first, made.second), (left, right)
    owns = [_estimate(*side, label) for side, label in zip(sides, labels, strict=True)]
    if all(own.known[0] for own in owns):
        raise CannotComputeError("groups_of_a_census", groups="、".join(dict.fromkeys(labels)))
    separate = made.places is None or left[0].is_plain_pair(*made.places)
    difference = difference_of(
        _side(left, owns[0], separate=separate),
        _side(right, owns[1], separate=separate),
        (int(owns[0].counts[0]), int(owns[1].counts[0])),
        level,
        *(() if made.places is None else _shared(left[0], *made.places)),
    )
    drawn = [
        (label, *side, own)
        for label, side, own in zip(labels, sides, owns, strict=True)
        if not own.known[0]
    ]
    return replace(
        made,
        difference=difference,
        constant=tuple(label for label, _, _, own in drawn if own.variances[0] == 0),
        thin=tuple(label for label, domain, place, _ in drawn if domain.is_thin(place)),
        small=tuple(label for label, _, _, own in drawn if is_small(int(own.counts[0]))),
    )


def _estimate(domain: ScoredDomain, place: int, label: str) -> Estimates:
    """Raises CannotComputeError for a group without responses or within one sampling unit."""
    own = domain.own(domain.index, place)
    if own is None:
        raise CannotComputeError("group_empty", group=label)
    if own.df < 1 and not own.known[0]:
        raise CannotComputeError("group_in_one_unit", group=label)
    return own


def _side(group: Place, own: Estimates, *, separate: bool) -> Side:
    """Of a plain sample and groups that share no response the variance is s²/n, which the interval
    of its counts has too: that of a domain, which a covariance goes with, has n/(n - 1) of all
    responses and not of the group's."""
    domain, place = group
    whole = Interval(*domain.bounds)
    if (
        separate
        and domain.design.is_plain
        and own.srs_variances is not None
        and own.variances[0] > 0
    ):
        own = replace(own, covariance=own.srs_variances[:, None])
    return side_of(own, lambda level: index_interval(domain, place, level) or whole, domain.bounds)


def _shared(domain: ScoredDomain, first: int, second: int) -> tuple[float, float]:
    """Covariance and degrees of freedom of two groups of one sample."""
    df = domain.degrees_of_freedom(first, second) - 1
    if domain.index is None or domain.is_plain_pair(first, second):
        return 0.0, df
    return covariance_of(domain.index, first, second), df


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
    less second (see `difference_tests.tested`)."""
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


def _independent(
    made: Comparison, left: Place, right: Place, *, level: float = LEVEL
) -> Comparison:
    return _with_rate(made, left, right, rates_of_samples(left, right, level), level)
