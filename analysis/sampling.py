"""Planning a sample: how many responses for which margin of error, and which difference shows.

Sizes are exact real numbers; `whole` rounds them up to people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import chdtr, nctdtr, ndtr, ndtri, stdtrit

from analysis.estimate import LEVEL
from analysis.refusals import CannotComputeError

SMALL_GROUP = 30
"""Below so many responses a group's figures get a warning."""
ROUNDING = 1e-9
LARGEST_SHIFT = 1e150
"""Its square is still a number."""


@dataclass(frozen=True)
class SampleSize:
    """simple: for a simple random sample of an endless population. finite: after the correction for
    the population. needed: times the design effect. to_invite: no more than the population of
    these, over the response rate. All are real numbers of people; the last two may be more than
    the population has."""

    simple: float
    finite: float
    needed: float
    to_invite: float
    population: float | None = None

    @property
    def responses(self) -> int:
        return whole(self._at_most(self.needed))

    @property
    def invitations(self) -> int:
        return whole(self._at_most(self.to_invite))

    @property
    def asks_all(self) -> bool:
        """The design effect asks for more than the population: everybody is to be asked."""
        return self._is_beyond(self.needed)

    @property
    def is_reachable(self) -> bool:
        """Whether inviting everybody brings the responses that are needed."""
        return not self._is_beyond(self.to_invite)

    def _at_most(self, size: float) -> float:
        return size if self.population is None else min(size, self.population)

    def _is_beyond(self, size: float) -> bool:
        return self.population is not None and whole(size) > self.population


def whole(size: float) -> int:
    """The next whole number, rounding noise apart."""
    return math.ceil(size - ROUNDING * max(1.0, size))


def cochran(
    margin: float,
    share: float = 0.5,
    level: float = LEVEL,
    *,
    population: float | None = None,
    design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> SampleSize:
    """Responses needed to estimate a share with ± margin (both 0..1).

    n₀ = z² p(1-p)/e²; with a population n = n₀/(1 + (n₀ - 1)/N) (Cochran 1977, 4.4); times the
    design effect, over the response rate. Assumes the normal approximation; p = 0.5 is
    the worst case. Raises CannotComputeError for figures out of range.
    """
    _check_share("margin", margin)
    _check_share("share", share)
    _check_level(level)
    _check_positive("design effect", design_effect)
    _check_response_rate(response_rate)
    z = float(ndtri((1 + level) / 2))
    simple = z * z * share * (1 - share) / margin**2
    if population is None:
        needed = simple * design_effect
        return SampleSize(simple, simple, needed, needed / response_rate)
    _check_positive("population", population)
    finite = min(simple / (1 + (simple - 1) / population), population)
    needed = finite * design_effect
    return SampleSize(simple, finite, needed, min(needed, population) / response_rate, population)


def krejcie_morgan(
    population: float, margin: float = 0.05, share: float = 0.5, chi_squared: float = 3.841
) -> float:
    """χ²Np(1-p)/(e²(N-1) + χ²p(1-p)) (Krejcie & Morgan 1970), by default with the χ² that they
    printed (one degree of freedom, 95%); their table rounds to the nearest whole number.
    Assumes a simple random sample without replacement. Raises CannotComputeError for figures out of
    range."""
    _check_share("margin", margin)
    _check_share("share", share)
    _check_positive("chi-squared", chi_squared)
    _check_positive("population", population)
    spread = chi_squared * share * (1 - share)
    return spread * population / (margin**2 * (population - 1) + spread)


def margin_of_error(
    n: float,
    share: float = 0.5,
    level: float = LEVEL,
    *,
    population: float | None = None,
    design_effect: float = 1.0,
) -> float:
    """± of a share (0..1) with n responses: z √(deff p(1-p)/n (N-n)/(N-1)), the inverse of
    `cochran` with the same assumptions. 0 for a complete census. Raises CannotComputeError for
    figures out of range and a population smaller than n."""
    _check_positive("n", n)
    _check_level(level)
    _check_positive("design effect", design_effect)
    if not 0 <= share <= 1:
        raise CannotComputeError("share_out_of_range", what="share", given=share)
    left = 1.0
    if population is not None:
        if population < n:
            raise CannotComputeError("whole_population_too_small", population=population, sampled=n)
        left = (population - n) / (population - 1) if population > 1 else 0.0
    z = float(ndtri((1 + level) / 2))
    return z * math.sqrt(design_effect * share * (1 - share) / n * left)


def is_small(n: int) -> bool:
    """A group whose figures deserve a warning (n < 30, a convention of survey reports)."""
    return n < SMALL_GROUP


def cluster_design_effect(cluster_size: float, intraclass_correlation: float) -> float:
    """1 + (m - 1)ρ for clusters of m responses (Kish 1965, 5.4). Assumes clusters of
    equal size and equal weights. Raises CannotComputeError for an m that is not above 0."""
    _check_positive("cluster size", cluster_size)
    return 1 + (cluster_size - 1) * intraclass_correlation


def power_two_shares(n: float, p1: float, p2: float, significance: float = 0.05) -> float:
    """Chance that a two-sided z test finds p1 ≠ p2 with n responses in each of two groups.

    Φ((√n |p1 - p2| - z √(2p̄(1-p̄)))/√(p1(1-p1) + p2(1-p2))), the far tail left out (Fleiss 1981,
    3.2; R: power.prop.test). Assumes simple random samples of equal size, no correction.
    p1 and p2 are 0..1. Raises CannotComputeError for figures out of range.
    """
    _check_positive("n", n)
    for share in (p1, p2):
        if not 0 <= share <= 1:
            raise CannotComputeError("share_out_of_range", what="share", given=share)
    z, pooled, separate = _spreads(p1, p2, significance)
    if separate == 0:
        return 1.0 if math.sqrt(n) * abs(p1 - p2) > z * pooled else 0.0
    return float(ndtr((math.sqrt(n) * abs(p1 - p2) - z * pooled) / separate))


def size_two_shares(p1: float, p2: float, power: float = 0.8, significance: float = 0.05) -> float:
    """Responses per group for `power_two_shares` to reach `power`; solved in closed form.
    Raises CannotComputeError for equal shares."""
    for share in (p1, p2):
        if not 0 <= share <= 1:
            raise CannotComputeError("share_out_of_range", what="share", given=share)
    if p1 == p2:
        raise CannotComputeError("no_difference")
    _check_share("power", power)
    z, pooled, separate = _spreads(p1, p2, significance)
    return ((z * pooled + float(ndtri(power)) * separate) / (p1 - p2)) ** 2


def _spreads(p1: float, p2: float, significance: float) -> tuple[float, float, float]:
    _check_share("significance", significance)
    mean = (p1 + p2) / 2
    pooled = math.sqrt(2 * mean * (1 - mean))
    return float(ndtri(1 - significance / 2)), pooled, math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))


def power_two_means(n: float, difference: float, sd: float, significance: float = 0.05) -> float:
    """Chance that a two-sided t test finds a difference of two means with n responses per group:
    the near tail of the non-central t with 2n - 2 degrees of freedom (R: power.t.test). Where
    scipy has no number for it (differences of hundreds of sd with hardly a degree of freedom)
    the difference counts as without error, which leaves P(χ²_df < df δ²/t²)."""
    _check_positive("n - 1", n - 1)
    _check_positive("sd", sd)
    _check_share("significance", significance)
    df = 2 * (n - 1)
    limit = float(stdtrit(df, 1 - significance / 2))
    shift = min(math.sqrt(n / 2) * abs(difference) / sd, LARGEST_SHIFT)
    missed = float(nctdtr(df, shift, limit))
    return 1 - missed if math.isfinite(missed) else float(chdtr(df, df * (shift / limit) ** 2))


def size_two_means(
    difference: float, sd: float, power: float = 0.8, significance: float = 0.05
) -> float:
    """Responses per group for `power_two_means` to reach `power`; the root is found to 1e-12."""
    if difference == 0:
        raise CannotComputeError("no_difference")
    _check_share("power", power)
    _check_positive("sd", sd)
    _check_share("significance", significance)

    def gap(n: float) -> float:
        return power_two_means(n, difference, sd, significance) - power

    low, high = 1 + 1e-3, 4.0
    if gap(low) >= 0:
        return low
    while gap(high) < 0:
        high *= 2
    return float(brentq(gap, low, high, xtol=1e-10, rtol=1e-13))


def _check_share(what: str, given: float) -> None:
    if not 0 < given < 1:
        raise CannotComputeError("share_out_of_range", what=what, given=given)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise CannotComputeError("level_out_of_range", given=level)


def _check_positive(what: str, given: float) -> None:
    if not 0 < given < math.inf:
        raise CannotComputeError("not_positive", what=what, given=given)


def _check_response_rate(rate: float) -> None:
    if not 0 < rate <= 1:
        raise CannotComputeError("share_out_of_range", what="response rate", given=rate)
