"""Estimates of a population (总体估计) per group: share, number, mean, total or ratio, with errors.

A group is a domain of the whole sample, whose design is kept; only of a plain sample it is a plain
sample itself, as in the summary table, but for totals, in which the size of the group is estimated
as well. Degrees of freedom are those of the group's own sampling units (Korn & Graubard 1999, 5.2).
Variances are Taylor linearised or by the jackknife (`analysis.jackknife`); non-response and wrong
answers are in neither.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from analysis.design_estimates import Bools, Estimates, checked_level
from analysis.design_intervals import mean_intervals, share_intervals
from analysis.designs import Codes, Design, Floats
from analysis.domain_estimates import domain_ratios, domain_totals
from analysis.domains import Domains
from analysis.estimands import Estimand, columns_of, has_one_term_only
from analysis.estimate import LEVEL, Interval
from analysis.grouping import Memberships, memberships
from analysis.interval_methods import DEFAULT, DESIGNED, Named, checked_method, count_ends
from analysis.jackknife import refuse_for_jackknife
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.sampling import is_small
from analysis.scored_domains import state_weights
from surveys.definition import Kind, Question

Variance = Literal["taylor", "jackknife"]
VARIANCES: tuple[Variance, ...] = get_args(Variance)
STUDENT = "t"
"""The interval of all but shares: value ∓ t·SE."""


@dataclass(frozen=True)
class Method:
    """How errors are estimated; `interval` (a name of `analysis.interval_methods`) is of shares and
    None elsewhere."""

    variance: Variance = "taylor"
    interval: str | None = None
    level: float = LEVEL


@dataclass(frozen=True)
class GroupEstimate:
    """One group. n: responses in the base (of weight above 0). population: Σ of their weights.

    value, low, high, se and margin (the larger distance from the value to an end) are 0..1 for a
    share, else in the unit of what is estimated; cv: se over the value. deff: variance over that of
    a simple sample of n drawn with replacement; effective_n: n/deff. What cannot be given is None;
    `notes` (keys of NOTES) and `refusal` say why.
    """

    label: str
    n: int
    population: float = 0.0
    value: float | None = None
    se: float | None = None
    cv: float | None = None
    low: float | None = None
    high: float | None = None
    margin: float | None = None
    deff: float | None = None
    effective_n: float | None = None
    df: int | None = None
    notes: tuple[str, ...] = ()
    refusal: CannotComputeError | None = None


NOTES = (
    "empty",
    "zero_weight",
    "census",
    "calibrated",
    "one_unit",
    "small",
    "no_variance",
    "nothing",
)
"""empty: nobody gave an answer. zero_weight: only responses of weight 0. census: all of the
population, without sampling error. calibrated: the weights meet the population's own answers.
one_unit: no degree of freedom is left, so that no error can be estimated. small: n < 30.
no_variance: the responses (or sampling units) do not differ. nothing: the estimate is 0 and has no
coefficient of variation."""


@dataclass(frozen=True, eq=False)
class PopulationEstimates:
    """Everybody, and the groups of `grouped_by` in their order. method.interval is the one used.
    by_question: whose answers the groups are, if they are answers."""

    estimand: Estimand
    method: Method
    grouped_by: str | None
    design: Design
    everybody: GroupEstimate
    groups: tuple[GroupEstimate, ...] = ()
    by_question: Question | None = None

    @property
    def rows(self) -> tuple[GroupEstimate, ...]:
        return (self.everybody, *self.groups)

    @property
    def is_of_sample_only(self) -> bool:
        """A total whose weights sum to the number of responses: nothing tells of the population."""
        responses = int(np.count_nonzero(self.design.weights))
        plain = math.isclose(float(self.design.weights.sum()), responses, rel_tol=1e-9)
        return self.estimand.is_total and plain and not self.design.is_census


def population_estimates(
    responses: Responses,
    design: Design | None,
    wanted: Estimand,
    by: str | None = None,
    *,
    inside: Bools | None = None,
    method: Method | None = None,
) -> PopulationEstimates:
    """design: of the n responses, None where there are none. inside: (n,) rows of the domain, such
    as a filter. Raises UnknownGroupingError for `by`, CannotComputeError for a method that does not
    suit the data and without responses; what a group lacks stands in its row.
    """
    if design is None:
        raise CannotComputeError("no_responses")
    made = _checked(method or Method(), wanted, design)
    task = _Task(responses, design, wanted, made, filtered=inside is not None)
    everybody = task.rows(memberships(responses).within(inside))
    if by is None:
        return PopulationEstimates(wanted, made, None, design, everybody[0])
    groups = task.rows(memberships(responses, by).within(inside), by)
    question = None if by in responses.groups else responses.questionnaire.by_code[by]
    return PopulationEstimates(wanted, made, by, design, everybody[0], groups, question)


def _checked(method: Method, wanted: Estimand, design: Design) -> Method:
    checked_level(method.level)
    if method.variance not in VARIANCES:
        raise CannotComputeError(
            "unknown_choice", given=method.variance, allowed=", ".join(VARIANCES)
        )
    if method.variance == "jackknife":
        refuse_for_jackknife(design)
    if wanted.measure == "share":
        name = checked_method(method.interval or DEFAULT, designed=not design.is_plain)
        return replace(method, interval=name)
    if method.interval not in (None, STUDENT):
        raise CannotComputeError(
            "interval_method", given=Named((method.interval,)), allowed=STUDENT
        )
    return replace(method, interval=STUDENT)


@dataclass(frozen=True, eq=False)
class _Task:
    """What all groups have in common. filtered: whether a filter is at work, so that no margin of
    the weights covers the base."""

    responses: Responses
    design: Design
    wanted: Estimand
    method: Method
    filtered: bool

    @cached_property
    def columns(self) -> Floats:
        """See `columns_of`."""
        return columns_of(self.responses, self.wanted)

    def rows(self, groups: Memberships, by: str | None = None) -> tuple[GroupEstimate, ...]:
        met = self._meets(by)
        return tuple(
            self._row(group, met=met)
            for names, codes in _apart(groups)
            for group in self._groups(names, codes)
        )

    def _groups(self, names: tuple[str, ...], codes: Codes) -> Iterator[_Group]:
        """Estimates of groups that do not overlap, all at once. codes: (n,) as of `Domains`."""
        inside = np.where(np.isnan(self.columns[:, 0]), -1, codes)
        total, design = self.wanted.is_total, self.design
        domains = Domains(design, inside, len(names), apart=design.is_plain and not total)
        columns, jackknife = self.columns[domains.rows], self.method.variance == "jackknife"
        if total:
            found = domain_totals(domains, columns[:, 0], jackknife=jackknife)
        else:
            found = domain_ratios(domains, *columns.T, jackknife=jackknife)
        responses = np.bincount(domains.of_row, minlength=len(names))
        tops = domains.sums(columns[:, 0])
        below = np.any(columns < 0, axis=1) & (domains.weights > 0)
        negative = domains.tally(below) > 0
        for place, name in enumerate(names):
            own = (int(responses[place]), float(tops[place]), bool(negative[place]))
            yield _Group(name, found.at(place), *own)

    def _meets(self, by: str | None) -> bool:
        """Whether the value is known from the margins. A blank that counts is in no margin. The two
        sums of a ratio may be known from a margin each if both are of the same responses."""
        plan = self.wanted.plan
        if self.filtered or (plan is not None and plan.blank != "exclude"):
            return False
        groups = frozenset({by} if by else ())
        codes = [frozenset({term.question.code}) for term in self.wanted.terms]
        if self.design.meets(groups.union(*codes)):
            return True
        each = all(self.design.meets(groups | code) for code in codes)
        return each and not self._some_answered_one_only()

    def _some_answered_one_only(self) -> bool:
        """Whether a response with a weight is in the margin of one term and not in the base."""
        return bool(
            np.any(has_one_term_only(self.responses, self.wanted) & (self.design.weights > 0))
        )

    def _row(self, group: _Group, *, met: bool) -> GroupEstimate:
        found, n = group.found, int(group.found.counts[0])
        if n == 0:
            return GroupEstimate(group.label, 0, notes=("zero_weight" if group.n else "empty",))
        assert found.population is not None  # noqa: S101 - of a domain it is always told
        row = GroupEstimate(group.label, n, float(found.population[0]))
        if np.isnan(found.values[0]) or (found.df > 0 and np.isnan(found.variances[0])):
            return replace(row, refusal=CannotComputeError("denominator_zero"))
        if met:
            # What raking's sweeps leave of the variance is no variance.
            found = replace(found, whole=np.ones(1, dtype=bool), covariance=np.zeros((1, 1)))
        return self._told(row, replace(group, found=found), met=met)

    def _told(self, row: GroupEstimate, group: _Group, *, met: bool) -> GroupEstimate:
        found = group.found
        value, se, known = float(found.values[0]), float(found.se[0]), bool(found.known[0])
        estimated = found.df > 0 or known
        told = {
            "census": known and not met,
            "calibrated": met,
            "one_unit": not estimated,
            "small": is_small(row.n) and not known,
            "no_variance": estimated and se == 0 and not known,
            "nothing": value == 0,
        }
        interval = self._interval(group)
        effects = found if estimated and se > 0 else replace(found, srs_variances=None)
        return replace(
            row,
            value=value,
            se=se if estimated else None,
            cv=se / abs(value) if estimated and value else None,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            margin=max(value - interval.low, interval.high - value)
            if interval and estimated
            else None,
            deff=effects.design_effects(replacement=True)[0],
            effective_n=effects.effective_sizes()[0],
            df=found.df,
            notes=tuple(name for name in NOTES if told.get(name)),
        )

    def _interval(self, group: _Group) -> Interval | None:
        level, name = self.method.level, self.method.interval or DEFAULT
        found = group.found
        if found.known[0]:
            return Interval(float(found.values[0]), float(found.values[0]))
        if self.wanted.measure == "share":
            if self.design.is_plain:
                return self._of_counts(group, name)
            return share_intervals(found, DESIGNED[name], level)[0]
        if self.wanted.plan is not None:
            weights = state_weights(self.wanted.plan, self.wanted.of.question)
            scores = [float(weight) for weight in weights if weight is not None]
            return mean_intervals(found, min(scores), max(scores), level)[0]
        return self._student(group)

    def _of_counts(self, group: _Group, name: str) -> Interval:
        question = self.wanted.of.question
        alike = 1 if question.kind is Kind.MULTIPLE else len(question.options)
        count, base = np.array([[int(group.tops)]]), np.array([[group.n]])
        low, high = count_ends(count, base, name, (alike,), self.method.level)
        return Interval(float(low[0, 0]), float(high[0, 0]))

    def _student(self, group: _Group) -> Interval | None:
        """value ∓ t·SE, not below 0 where no value is; None where that would have no length."""
        found = group.found
        if found.df < 1 or found.se[0] == 0:
            return None
        low, high = (float(end) for end in found.t_intervals(self.method.level)[0])
        return Interval(low if group.negative else max(low, 0.0), high)


@dataclass(frozen=True, eq=False)
class _Group:
    """Its one estimate. n: responses in the base, whatever their weight. tops: sum of their
    numerators. negative: whether one of the values with a weight is below 0."""

    label: str
    found: Estimates
    n: int
    tops: float
    negative: bool


def _apart(groups: Memberships) -> Iterator[tuple[tuple[str, ...], Codes]]:
    """Names and (n,) codes of groups that do not overlap: all, or where they do each alone."""
    if not groups.overlaps:
        yield groups.names, groups.codes
        return
    for place, name in enumerate(groups.names):
        of_pattern = np.append(groups.members[:, place], 0) - 1
        yield (name,), of_pattern.astype(np.intp)[groups.codes]
