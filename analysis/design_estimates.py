"""Means, shares, totals and ratios of a designed sample, for everybody or for domains.

Estimators are the weighted (Horvitz-Thompson, for means and ratios Hájek) ones; covariances are
Taylor linearised (see `analysis.linearisation`). A domain (those asked, a sub-group) keeps the
whole sample's design: rows outside score 0, they are not dropped. Weights count as inverse
selection probabilities; non-response is ignored unless weighting has dealt with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from analysis.designs import Design, Floats
from analysis.domains import Domains
from analysis.estimate import LEVEL
from analysis.linearisation import CellTotals, covariance_of_rows
from analysis.refusals import CannotComputeError
from analysis.sampling_units import independent_sizes
from analysis.stages import Counts, as_codes

Bools = npt.NDArray[np.bool_]
ROUNDING = 1e-13
SWEEPING = 1e-8
"""A standard error below these parts of its value is rounding, with calibrated weights what ten
sweeps over the margins leave: then the value is known and its variance 0."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """k estimates that belong together.

    values: (k,). covariance: (k, k). counts: (k,) responses in the base of each (unweighted).
    df: degrees of freedom of the design within the domain. places: which category, group or
    column each estimate is of; those with an empty base are left out. srs_variances: (k,) what a
    simple random sample of as many responses, drawn with replacement, would have (of a ratio: the
    linearised variance, that of the mean of the residuals; R survey: svyratio(deff=TRUE)).
    population: (k,) sum of the weights in the base. whole: (k,) whether the base is from strata
    drawn whole, so that the value is known and its variance 0; None: of none. sizes: (k,) of those
    without variance how many independent observations speak for the value (`independent_sizes`),
    of the others the responses; None: the responses of all.
    """

    values: Floats
    covariance: Floats
    counts: npt.NDArray[np.int64]
    df: int
    places: tuple[int, ...]
    srs_variances: Floats | None = None
    population: Floats | None = None
    whole: Bools | None = None
    sizes: Floats | None = None

    @cached_property
    def variances(self) -> Floats:
        return np.maximum(np.diag(self.covariance), 0)

    @property
    def known(self) -> Bools:
        """(k,) values of a census: without variance, and rightly so."""
        whole = np.zeros(len(self.values), dtype=bool) if self.whole is None else self.whole
        return np.asarray(whole & (self.variances == 0))

    @property
    def se(self) -> Floats:
        return np.sqrt(self.variances)

    @property
    def independent(self) -> Floats:
        """(k,) `sizes`, or the responses."""
        return self.counts.astype(np.float64) if self.sizes is None else self.sizes

    def normal_intervals(self, level: float = LEVEL) -> Floats:
        """(k, 2): value ∓ z·SE, not clipped to what is possible."""
        return self._wald(float(ndtri((1 + checked_level(level)) / 2)))

    def t_intervals(self, level: float = LEVEL) -> Floats:
        """(k, 2): value ∓ t·SE with `df` degrees of freedom, not clipped to what is possible.

        Raises CannotComputeError where no degree of freedom is left.
        """
        checked_level(level)
        if self.df < 1:
            raise CannotComputeError("no_degrees_of_freedom")
        return self._wald(float(stdtrit(self.df, (1 + level) / 2)))

    def _wald(self, quantile: float) -> Floats:
        half = quantile * self.se
        return np.stack([self.values - half, self.values + half], axis=1)

    def design_effects(self, *, replacement: bool = False) -> tuple[float | None, ...]:
        """Variance over that of a simple random sample of the same size (Kish 1965), per estimate.

        `replacement`: compared with a draw with replacement (R: deff="replace"), else with one
        without, from a population as large as the sum of the weights. None where the comparison
        has no variance or the weights do not sum to a population larger than the sample.
        """
        if self.srs_variances is None or self.population is None:
            return (None,) * len(self.values)
        left = np.ones(len(self.values)) if replacement else 1 - self.counts / self.population
        base = self.srs_variances * left
        return tuple(
            float(v / b) if b > 0 and share > 0 else None
            for v, b, share in zip(self.variances, base, left, strict=True)
        )

    def effective_sizes(self) -> tuple[float | None, ...]:
        """n over the design effect (with replacement): the simple sample that is as precise."""
        effects = self.design_effects(replacement=True)
        return tuple(float(n / e) if e else None for n, e in zip(self.counts, effects, strict=True))

    def at(self, place: int) -> Estimates:
        """The one estimate of this category or group. Raises CannotComputeError if it is empty."""
        if place not in self.places:
            raise CannotComputeError("no_responses")
        i = self.places.index(place)
        pick = slice(i, i + 1)
        return replace(
            self,
            values=self.values[pick],
            covariance=self.covariance[pick, pick],
            counts=self.counts[pick],
            places=(place,),
            srs_variances=None if self.srs_variances is None else self.srs_variances[pick],
            population=None if self.population is None else self.population[pick],
            whole=None if self.whole is None else self.whole[pick],
            sizes=None if self.sizes is None else self.sizes[pick],
        )


def checked_level(level: float) -> float:
    if not 0 < level < 1:
        raise CannotComputeError("level_out_of_range", given=level)
    return level


def shares(design: Design, codes: Any, size: int) -> Estimates:
    """Share 0..1 of each of `size` categories among the rows of the domain.

    codes: (n,) 0..size-1, or -1 for rows outside of the domain (not asked, blank).
    Raises CannotComputeError if the domain is empty.
    """
    cells = CellTotals(design, as_codes(codes), size)
    return ratios_of_cells(cells, np.eye(size), np.ones((size, size)))


def score_means(design: Design, codes: Any, scores: Any) -> Estimates:
    """Mean score of the rows of the domain: index Σwᵢpᵢ/Σwᵢ. scores: (K,) or (K, m) per code."""
    columns = np.asarray(scores, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    cells = CellTotals(design, as_codes(codes), len(columns))
    return ratios_of_cells(cells, columns, np.ones_like(columns))


def category_totals(design: Design, codes: Any, size: int) -> Estimates:
    """Estimated number of units of the population in each of `size` categories."""
    cells = CellTotals(design, as_codes(codes), size)
    covariance = cells.covariance(np.eye(size))
    n, everybody = int(cells.counts.sum()), float(cells.totals.sum())
    parts = cells.totals / everybody if everybody else cells.totals
    return Estimates(
        values=cells.totals,
        covariance=without_noise(design, covariance, cells.totals),
        counts=np.full(size, n),
        df=cells.degrees_of_freedom(),
        places=tuple(range(size)),
        srs_variances=parts * (1 - parts) * everybody**2 / max(n - 1, 1),
        population=np.full(size, everybody),
    )


class Cells(Protocol):
    """Weighted totals of K cells: of `linearisation.CellTotals` or of `tallies.Tally`."""

    @property
    def design(self) -> Design: ...

    @property
    def counts(self) -> npt.NDArray[np.int64]: ...

    @property
    def totals(self) -> Floats: ...

    @property
    def whole(self) -> Bools: ...

    def degrees_of_freedom(self) -> int: ...

    def covariance(self, scores: Floats) -> Floats: ...

    def units_and_squares(self, members: Bools) -> tuple[Counts, Floats]: ...


def ratios_of_cells(cells: Cells, numerators: Floats, denominators: Floats) -> Estimates:
    """m ratios Σ T·numerator / Σ T·denominator over K cells, both (K, m).

    The score of cell k for ratio R is (numerator - R·denominator)/Σ T·denominator. Ratios without
    a response in the denominator are left out; raises CannotComputeError if none remains.
    """
    bottoms = cells.totals @ denominators
    counts = cells.counts @ (denominators != 0)
    kept = np.flatnonzero((counts > 0) & (bottoms != 0))
    if not len(kept):
        raise CannotComputeError("no_responses" if not counts.any() else "denominator_zero")
    numerators, denominators = numerators[:, kept], denominators[:, kept]
    values = (cells.totals @ numerators) / bottoms[kept]
    errors = numerators - values * denominators
    people = cells.totals @ (denominators != 0)
    squares = cells.totals @ errors**2 * people / bottoms[kept] ** 2
    covariance = cells.covariance(errors / bottoms[kept])
    covariance = without_noise(cells.design, covariance, values)
    return Estimates(
        values=values,
        covariance=covariance,
        counts=counts[kept],
        df=cells.degrees_of_freedom(),
        places=tuple(int(place) for place in kept),
        srs_variances=squares / np.maximum(counts[kept] - 1, 1),
        population=people,
        whole=(~cells.whole).astype(np.int64) @ (denominators != 0) == 0,
        sizes=_sizes(cells, denominators != 0, covariance, counts[kept]),
    )


def _sizes(cells: Cells, members: Bools, covariance: Floats, counts: Counts) -> Floats:
    """`Estimates.sizes` of m bases, members (K, m): counted only where they are asked for."""
    found = counts.astype(np.float64)
    still = np.diag(covariance) <= 0
    if (cells.design.is_simple and cells.design.equal_weights) or not still.any():
        return found
    patterns, places = np.unique(members[:, still], axis=1, return_inverse=True)
    units, squares = cells.units_and_squares(patterns)
    least = independent_sizes(cells.counts @ patterns, units, cells.totals @ patterns, squares)
    found[still] = least[places.ravel()]
    return found


def means(design: Design, values: Any, inside: Bools | None = None) -> Estimates:
    """Mean of numbers over the rows of the domain.

    values: (n,) or (n, k); rows with a nan (missing) are outside, as are those where `inside`
    (n,) is false. Raises CannotComputeError if nothing is left.
    """
    columns, kept = numbers_inside(design, values, inside)
    return ratios_of_rows(design, columns, np.ones_like(columns), kept)


def totals(design: Design, values: Any, inside: Bools | None = None) -> Estimates:
    """Population totals Σ w y of numbers (n,) or (n, k), domain as for `means`."""
    columns, kept = numbers_inside(design, values, inside)
    size = columns.shape[1]
    base = _base(design, kept)
    weighted = design.weights * kept
    everybody = float(weighted.sum())
    found = weighted @ columns
    errors = columns - found / everybody
    squares = (weighted @ errors**2) / everybody * base / max(base - 1, 1)
    return Estimates(
        values=found,
        covariance=without_noise(design, covariance_of_rows(design, columns), found),
        counts=np.full(size, base),
        df=design.degrees_of_freedom(kept),
        places=tuple(range(size)),
        srs_variances=squares * everybody**2 / base,
        population=np.full(size, everybody),
    )


def ratio(design: Design, top: Any, bottom: Any, inside: Bools | None = None) -> Estimates:
    """Σ w·top / Σ w·bottom, both (n,), over the rows where neither is nan.

    Raises CannotComputeError where the denominator sums to 0.
    """
    both = np.stack([np.asarray(top, np.float64), np.asarray(bottom, np.float64)], axis=1)
    columns, kept = numbers_inside(design, both, inside)
    return ratios_of_rows(design, columns[:, :1], columns[:, 1:], kept)


def numbers_inside(design: Design, values: Any, inside: Bools | None) -> tuple[Floats, Bools]:
    """(n, k) numbers with 0 outside of the domain, and (n,) the domain, without rows with a nan.

    Raises CannotComputeError for an infinite number within the domain.
    """
    columns = np.asarray(values, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if len(columns) != design.n:
        raise CannotComputeError(
            "lengths_differ", what="values", given=len(columns), expected=design.n
        )
    given = np.ones(design.n, dtype=bool) if inside is None else np.asarray(inside, dtype=bool)
    kept: Bools = np.all(np.isfinite(columns), axis=1)
    _refuse_infinite(columns[given & ~kept])
    kept &= given
    return np.where(kept[:, None], columns, 0.0), kept


def _refuse_infinite(columns: Floats) -> None:
    """columns: (m, k) incomplete rows. A nan beside it makes the row a missing one all the same."""
    endless = ~np.isnan(columns).any(axis=1)
    if endless.any():
        raise CannotComputeError("value_infinite", count=int(endless.sum()))


def _base(design: Design, kept: Bools) -> int:
    base = int(np.count_nonzero(kept & (design.weights > 0)))
    if base == 0:
        raise CannotComputeError("no_responses")
    return base


def ratios_of_rows(design: Design, tops: Floats, bottoms: Floats, kept: Bools) -> Estimates:
    _base(design, kept)
    weights = design.weights * kept
    sums = weights @ bottoms
    counts = (weights > 0).astype(np.int64) @ (bottoms != 0)
    present = np.flatnonzero((sums != 0) & (counts > 0))
    if not len(present):
        raise CannotComputeError("denominator_zero")
    tops, bottoms, sums = tops[:, present], bottoms[:, present], sums[present]
    values = (weights @ tops) / sums
    errors = (tops - values * bottoms) * kept[:, None]
    people = weights @ (bottoms != 0)
    squares = weights @ errors**2 * people / sums**2
    covariance = without_noise(design, covariance_of_rows(design, errors / sums), values)
    return Estimates(
        values=values,
        covariance=covariance,
        counts=counts[present],
        df=design.degrees_of_freedom(kept),
        places=tuple(int(place) for place in present),
        srs_variances=squares / np.maximum(counts[present] - 1, 1),
        population=people,
        whole=(kept & ~design.whole_rows).astype(np.int64) @ (bottoms != 0) == 0,
        sizes=_sizes_of_rows(design, (bottoms != 0) & kept[:, None], covariance, counts[present]),
    )


def _sizes_of_rows(design: Design, members: Bools, covariance: Floats, counts: Counts) -> Floats:
    found = counts.astype(np.float64)
    for place in np.flatnonzero(np.diag(covariance) <= 0):
        found[place] = Domains(design, np.where(members[:, place], 0, -1), 1).independent[0]
    return found


def without_noise(design: Design, covariance: Floats, values: Floats) -> Floats:
    part = ROUNDING if design.calibration is None else SWEEPING
    noise = np.diag(covariance) <= (part * np.abs(values)) ** 2
    found = covariance.copy()
    found[noise, :] = 0
    found[:, noise] = 0
    return found
