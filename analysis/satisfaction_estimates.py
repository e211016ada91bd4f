"""Satisfaction with its uncertainty: index, rate and score per group under the sample's design.

The index Σwᵢpᵢ/Σwᵢ is a weighted mean over the domain of those whose answer counts under the plan
(what the plan excludes is outside of the domain, not dropped from the design); its interval is
value ∓ t·SE with linearised variance and the degrees of freedom of the group's own sampling units
(Korn & Graubard 1999, 5.2), clipped to the smallest and largest pᵢ; of a plain sample that of the
group's counts (`weighted_score.index_interval`). The rate is a share: Wilson on
the effective sample size. The score's interval is the index's, put through the point rule, which
rises. Where weights are equal the index is a quotient of counts and exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from analysis.crosstab import is_certain_order, ranks_of
from analysis.design_estimates import Bools, Estimates, checked_level
from analysis.design_intervals import own_intervals
from analysis.designs import Design
from analysis.estimate import LEVEL, Interval
from analysis.grouping import memberships
from analysis.plans import ScoringPlan, points_of
from analysis.responses import Responses
from analysis.sampling import is_small
from analysis.sampling_units import LEAST_UNITS
from analysis.satisfaction import MUCH_DONT_KNOW
from analysis.scored_domains import ScoredDomain, scored_domain
from analysis.weighted_score import index_interval, ranking_interval
from analysis.wording import rounded
from surveys.definition import Meaning, Question
from surveys.records import BLANK, FIRST_OPTION

NOISE_PLACES = 12
"""Digits of a weighted index beyond which floats are noise that must not decide a band."""


@dataclass(frozen=True)
class GroupSatisfaction:
    """One group. index, rate and their ends are 0..1, score and its ends are points of the plan's.

    n: responses in the base (unweighted, of weight above 0). left_out: those asked whose answer
    the plan excludes. units: first-stage sampling units among n. margin: the larger distance from
    the index to an end of its interval, None where no error can be estimated. deff: variance over
    that of a simple sample of n (drawn with replacement), effective_n = n/deff. ranks: best and
    worst place among the groups. dont_know: share of 不清楚 among the answers. `notes` are keys of
    NOTES, in that order. Without a base all figures are None.
    """

    label: str
    n: int
    left_out: int
    units: int
    notes: tuple[str, ...]
    dont_know: float | None = None
    index: float | None = None
    index_low: float | None = None
    index_high: float | None = None
    margin: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    deff: float | None = None
    effective_n: float | None = None
    ranks: tuple[int, int] | None = None

    @property
    def is_estimated(self) -> bool:
        return self.index is not None


NOTES = (
    "empty",
    "zero_weight",
    "census",
    "calibrated",
    "one_unit",
    "small",
    "same_answers",
    "no_variance",
    "dependent",
    "thin",
    "much_dont_know",
)
"""empty: nobody's answer counts. zero_weight: only responses of weight 0. census: all of the
population, without sampling error. calibrated: the weights meet the population's own answers to
this question, so that the figures are known. one_unit: within one sampling unit, so that no error
can be estimated and the interval is all that is possible. small: n < 30. same_answers: everybody
chose the same; the interval is Wilson's. no_variance: answers differ, but the sampling units do
not; the interval is Wilson's as well. dependent: of these the sampling units or Kish's effective
size are fewer than the responses and take their place. thin: they are fewer than 6, so that no
order is made of them. much_dont_know: 不清楚 over 5%."""


@dataclass(frozen=True, eq=False)
class Satisfaction:
    """One question under one plan: everybody, and the groups of `grouped_by` in their order.

    `everybodys` and `domain` are what comparisons start from (see
    `analysis.satisfaction_differences`).
    """

    question: Question
    plan: ScoringPlan
    grouped_by: str | None
    level: float
    everybody: GroupSatisfaction
    groups: tuple[GroupSatisfaction, ...]
    everybodys: ScoredDomain
    domain: ScoredDomain
    own_groupings: tuple[str, ...] = ()
    """Groupings that the responses know besides the questions."""

    @property
    def rows(self) -> tuple[GroupSatisfaction, ...]:
        return (self.everybody, *self.groups)

    @property
    def is_weighted(self) -> bool:
        return not self.domain.design.equal_weights

    @property
    def shows_effects(self) -> bool:
        """Whether any design effect tells more than that the sample is simple."""
        return any(row.deff not in (None, 1) for row in self.rows)

    @property
    def in_reading_order(self) -> tuple[GroupSatisfaction, ...]:
        """Areas and the like by index, the highest first and empty ones last; audiences and the
        options of a question in their own order."""
        if self.grouped_by == "audience" or self.grouped_by not in self.own_groupings:
            return self.groups
        return tuple(sorted(self.groups, key=_falling))

    @property
    def ranked(self) -> str:
        """How far the groups can be ordered: "none", "partly", "fully"; "" with fewer than two."""
        ranges = [group.ranks for group in self.groups if group.ranks]
        if len(ranges) < 2:
            return ""
        if is_certain_order(ranges):
            return "fully"
        return "none" if set(ranges) == {(1, len(ranges))} else "partly"


def satisfaction_by(
    responses: Responses,
    design: Design,
    plan: ScoringPlan,
    by: str | None = None,
    *,
    inside: Bools | None = None,
    level: float = LEVEL,
) -> Satisfaction:
    """Index, rate and score of everybody and per group of `by`, each with interval and n.

    design: of the n responses. plan: free of `plan_faults` for its question. inside: (n,) rows of
    the domain, such as a filter; the design stays that of the whole sample. Raises
    UnknownGroupingError for `by`, CannotComputeError for a level outside of 0..1 or a design of
    another length.
    """
    checked_level(level)
    question = responses.questionnaire.by_code[plan.question]
    everybodys = scored_domain(responses, design, plan, memberships(responses).within(inside))
    if inside is not None:
        everybodys = replace(everybodys, classes=None)
    domain = everybodys
    if by is not None:
        domain = everybodys.grouped(memberships(responses, by).within(inside), by)
    return Satisfaction(
        question=question,
        plan=plan,
        grouped_by=by,
        level=level,
        everybody=_groups(everybodys, plan, question, level)[0],
        groups=() if by is None else _ranked(_groups(domain, plan, question, level), domain, level),
        everybodys=everybodys,
        domain=domain,
        own_groupings=tuple(responses.groups),
    )


def _falling(group: GroupSatisfaction) -> float:
    return 1.0 if group.index is None else -group.index


def _groups(
    domain: ScoredDomain, plan: ScoringPlan, question: Question, level: float
) -> tuple[GroupSatisfaction, ...]:
    return tuple(
        _group(domain, plan, question, place, level) for place in range(domain.grouping.size)
    )


def _group(
    domain: ScoredDomain, plan: ScoringPlan, question: Question, place: int, level: float
) -> GroupSatisfaction:
    tally = domain.tallies[place]
    counting = domain.counting(place)
    empty = GroupSatisfaction(
        label=domain.grouping.names[place],
        n=0,
        left_out=int(tally[BLANK:].sum()) - counting,
        units=0,
        notes=("zero_weight" if counting else "empty",),
        dont_know=_dont_know(tally, question),
    )
    found, rate = domain.own(domain.index, place), domain.own(domain.rate, place)
    if found is None or rate is None:
        return empty
    indexed = _with_index(empty, domain, plan, (found, place), level)
    made = _with_rate(indexed, domain.design, rate, level)
    return replace(made, notes=_notes(made, found, domain.chosen(place), domain.is_calibrated))


def _with_index(
    group: GroupSatisfaction,
    domain: ScoredDomain,
    plan: ScoringPlan,
    own: tuple[Estimates, int],
    level: float,
) -> GroupSatisfaction:
    found, place = own
    index, effect = _index(domain, found, place), _design_effect(domain.design, found)
    interval = index_interval(domain, place, level) or Interval(*domain.bounds)
    return replace(
        group,
        n=int(found.counts[0]),
        units=int(domain.shared_units[place, place]),
        index=float(index),
        index_low=interval.low,
        index_high=interval.high,
        margin=_margin(float(index), interval) if found.df or found.known[0] else None,
        score=float(points_of(plan, index)),
        low=float(points_of(plan, Fraction(interval.low))),
        high=float(points_of(plan, Fraction(interval.high))),
        deff=effect,
        effective_n=float(found.counts[0] / effect) if effect else None,
    )


def _with_rate(
    group: GroupSatisfaction, design: Design, rate: Estimates, level: float
) -> GroupSatisfaction:
    (interval,) = own_intervals(design, rate, level)
    value = float(rate.values[0])
    return replace(group, rate=value, rate_low=interval.low, rate_high=interval.high)


def _index(domain: ScoredDomain, found: Estimates, place: int) -> Fraction:
    """Exact where every response weighs the same; else without the noise of floats."""
    if not domain.design.equal_weights:
        return Fraction(rounded(float(found.values[0]), NOISE_PLACES) or 0)
    tally = [int(count) for count in domain.tallies[place]]
    terms = [(n, w) for n, w in zip(tally, domain.weights, strict=True) if w is not None]
    return sum((n * Fraction(w) for n, w in terms), Fraction(0)) / sum(n for n, _ in terms)


def _margin(index: float, interval: Interval) -> float:
    return max(index - interval.low, interval.high - index)


def _design_effect(design: Design, found: Estimates) -> float | None:
    """A simple sample is what others are compared with, small groups of it as well."""
    if design.is_plain:
        return 1.0
    return found.design_effects(replacement=True)[0] or None


def _dont_know(tally: np.ndarray[tuple[int], np.dtype[np.int64]], question: Question) -> float:
    answered = int(tally[FIRST_OPTION:].sum())
    meanings = [option.meaning is Meaning.DONT_KNOW for option in question.options]
    return float(tally[FIRST_OPTION:][meanings].sum() / answered) if answered else 0.0


def _notes(group: GroupSatisfaction, found: Estimates, chosen: int, known: bool) -> tuple[str, ...]:
    census = bool(found.known[0])
    constant = found.df > 0 and not census and float(found.variances[0]) == 0
    told = {
        "census": census and not known,
        "calibrated": census and known,
        "one_unit": found.df < 1 and not census,
        "small": is_small(group.n) and not census,
        "same_answers": constant and chosen == 1,
        "no_variance": constant and chosen > 1,
        "dependent": constant and found.independent[0] < group.n,
        "thin": constant and found.independent[0] < LEAST_UNITS,
        "much_dont_know": (group.dont_know or 0) > MUCH_DONT_KNOW,
    }
    return tuple(name for name in NOTES if told.get(name))


def _ranked(
    groups: tuple[GroupSatisfaction, ...], domain: ScoredDomain, level: float
) -> tuple[GroupSatisfaction, ...]:
    """With the range of places of each group, from intervals that hold at once (Bonferroni: level
    1 - (1 - level)/k for k groups), as `crosstab.ranks_of` asks for."""
    places = [place for place, group in enumerate(groups) if group.is_estimated]
    if len(places) < 2:
        return groups
    together = 1 - (1 - level) / len(places)
    intervals = [ranking_interval(domain, place, together) for place in places]
    of_place = dict(zip(places, ranks_of(intervals), strict=True))
    return tuple(replace(g, ranks=of_place.get(place)) for place, g in enumerate(groups))
