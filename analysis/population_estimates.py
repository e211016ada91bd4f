"""Estimates of a population (总体估计) per group: share, number, mean, total or ratio, with errors.

A group is a domain of the whole sample, whose design is kept; only of a plain sample it is a plain
sample itself, as in the summary table, but for totals, in which the size of the group is estimated
as well. Degrees of freedom are those of the group's own sampling units (Korn & Graubard 1999, 5.2).
Variances are Taylor linearised or by the jackknife (`analysis.jackknife`); non-response and wrong
answers are in neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from analysis.design_estimates import Bools, Estimates, checked_level, ratio, totals
from analysis.design_intervals import mean_intervals, share_intervals
from analysis.designs import Design, Floats, survey_design
from analysis.estimands import Estimand, columns_of
from analysis.estimate import LEVEL, Interval
from analysis.grouping import Memberships, memberships
from analysis.interval_methods import DEFAULT, DESIGNED, checked_method, count_ends
from analysis.jackknife import jackknife
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.sampling import is_small
from analysis.scored_domains import state_weights
from analysis.stages import lonely_for
from surveys.definition import Kind

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
    """Everybody, and the groups of `grouped_by` in their order. method.interval is the one used."""

    estimand: Estimand
    method: Method
    grouped_by: str | None
    design: Design
    everybody: GroupEstimate
    groups: tuple[GroupEstimate, ...] = ()

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
    columns = columns_of(responses, wanted)
    task = _Task(wanted, made, design, columns, filtered=inside is not None)
    everybody = task.rows(memberships(responses).within(inside))
    groups: tuple[GroupEstimate, ...] = ()
    if by is not None:
        groups = task.rows(memberships(responses, by).within(inside), by)
    return PopulationEstimates(wanted, made, by, design, everybody[0], groups)


def _checked(method: Method, wanted: Estimand, design: Design) -> Method:
    checked_level(method.level)
    if method.variance not in VARIANCES:
        raise CannotComputeError(
            "unknown_choice", given=method.variance, allowed=", ".join(VARIANCES)
        )
    if method.variance == "jackknife" and design.calibration is not None:
        raise CannotComputeError("not_for_calibrated")
    if wanted.measure == "share":
        name = checked_method(method.interval or DEFAULT, designed=not design.is_plain)
        return replace(method, interval=name)
    if method.interval not in (None, STUDENT):
        raise CannotComputeError("interval_method", given=method.interval, allowed=STUDENT)
    return replace(method, interval=STUDENT)


@dataclass(frozen=True, eq=False)
class _Task:
    """What all groups have in common. columns: see `columns_of`. filtered: whether a filter is at
    work, so that no margin of the weights covers the base."""

    wanted: Estimand
    method: Method
    design: Design
    columns: Floats
    filtered: bool

    def rows(self, groups: Memberships, by: str | None = None) -> tuple[GroupEstimate, ...]:
        met = self._meets(by)
        return tuple(
            self._row(name, _members(groups, place), met=met)
            for place, name in enumerate(groups.names)
        )

    def _meets(self, by: str | None) -> bool:
        """Whether the value is known from the margins. A blank that counts is in no margin."""
        plan = self.wanted.plan
        if self.filtered or (plan is not None and plan.blank != "exclude"):
            return False
        classes = {term.question.code for term in self.wanted.terms} | ({by} if by else set())
        return self.design.meets(frozenset(classes))

    def _row(self, label: str, members: Bools, *, met: bool) -> GroupEstimate:
        kept = members & ~np.isnan(self.columns[:, 0])
        n = int(np.count_nonzero(kept & (self.design.weights > 0)))
        if n == 0:
            return GroupEstimate(label, 0, notes=("zero_weight" if kept.any() else "empty",))
        population = float(self.design.weights[kept].sum())
        try:
            found = self._estimated(kept, n, population, met=met)
        except CannotComputeError as why:
            return GroupEstimate(label, n, population, refusal=why)
        return self._told(GroupEstimate(label, n, population), found, kept, met=met)

    def _estimated(self, kept: Bools, n: int, population: float, *, met: bool) -> Estimates:
        design, columns, inside = self._sample(kept)
        if self.wanted.is_total:
            found = totals(design, columns[:, 0], inside)
        else:
            found = _based_on(ratio(design, columns[:, 0], columns[:, 1], inside), n, population)
        whole = met or not np.any(kept & ~self.design.whole_rows & (self.design.weights > 0))
        found = replace(found, whole=np.array([whole]))
        if met:
            # What raking's sweeps leave of the variance is no variance.
            return replace(found, covariance=np.zeros((1, 1)))
        if self.method.variance == "taylor" or found.df < 1:
            return found
        return replace(found, covariance=_left_out(design, columns, inside).covariance)

    def _sample(self, kept: Bools) -> tuple[Design, Floats, Bools]:
        """The design with columns (n, m) and the rows of the domain (n,): the whole sample, or
        only the group's own rows of a plain one."""
        if self.wanted.is_total or not self.design.is_plain:
            return self.design, self.columns, kept
        n = int(np.count_nonzero(kept))
        own = survey_design(n, lonely=lonely_for(n, "refuse"))
        return own, self.columns[kept], np.ones(n, dtype=bool)

    def _told(
        self, row: GroupEstimate, found: Estimates, kept: Bools, *, met: bool
    ) -> GroupEstimate:
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
        interval = self._interval(found, kept)
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

    def _interval(self, found: Estimates, kept: Bools) -> Interval | None:
        level, name = self.method.level, self.method.interval or DEFAULT
        if found.known[0]:
            return Interval(float(found.values[0]), float(found.values[0]))
        if self.wanted.measure == "share":
            if self.design.is_plain:
                return self._of_counts(kept, name)
            return share_intervals(found, DESIGNED[name], level)[0]
        if self.wanted.plan is not None:
            weights = state_weights(self.wanted.plan, self.wanted.of.question)
            scores = [float(weight) for weight in weights if weight is not None]
            return mean_intervals(found, min(scores), max(scores), level)[0]
        return self._student(found, kept)

    def _of_counts(self, kept: Bools, name: str) -> Interval:
        question = self.wanted.of.question
        alike = 1 if question.kind is Kind.MULTIPLE else len(question.options)
        count = np.array([[int(self.columns[kept, 0].sum())]])
        base = np.array([[int(np.count_nonzero(kept))]])
        low, high = count_ends(count, base, name, (alike,), self.method.level)
        return Interval(float(low[0, 0]), float(high[0, 0]))

    def _student(self, found: Estimates, kept: Bools) -> Interval | None:
        """value ∓ t·SE, not below 0 where no value is; None where that would have no length."""
        if found.df < 1 or found.se[0] == 0:
            return None
        low, high = (float(end) for end in found.t_intervals(self.method.level)[0])
        positive = self.columns[kept].min() >= 0
        return Interval(max(low, 0.0) if positive else low, high)


def _members(groups: Memberships, place: int) -> Bools:
    """(n,) who is in the group."""
    of_pattern = np.append(groups.members[:, place] > 0, False)
    return np.asarray(of_pattern[groups.codes])


def _based_on(found: Estimates, n: int, population: float) -> Estimates:
    """A ratio with all responses of the domain as its base, also those whose denominator is 0, in
    the simple sample that it is compared with."""
    srs = found.srs_variances
    if srs is not None and found.population is not None:
        own = found.population / np.maximum(found.counts - 1, 1)
        srs = srs * (population / max(n - 1, 1)) / own
    counts, whole = np.array([n]), np.array([population])
    return replace(found, counts=counts, population=whole, srs_variances=srs)


def _left_out(design: Design, columns: Floats, inside: Bools) -> Estimates:
    values = np.where(inside[:, None], columns, 0.0)
    if values.shape[1] == 1:
        return jackknife(design, values, lambda sums: sums)
    return jackknife(design, values, _quotient)


def _quotient(sums: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):  # `jackknife` refuses what is no number
        return np.asarray(sums[..., :1] / sums[..., 1:])
