"""Construct validity (效度) of a scale: sampling adequacy, sphericity, one common factor."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import chdtrc

from analysis.association import Test
from analysis.designs import Floats
from analysis.refusals import NotApplicableError
from analysis.reliability import Items

SCALE = 0.01
FEWEST_FOR_KMO = 3
SMALLEST_UNIQUENESS = 0.005
"""As R's factanal: a uniqueness below is a Heywood case, kept at this bound."""


@dataclass(frozen=True)
class Adequacy:
    """Kaiser-Meyer-Olkin measure, 0..1, of the whole scale and per item."""

    overall: float
    items: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class OneFactor:
    """Maximum likelihood fit of one factor to the correlations.

    loadings, uniquenesses: (k,), all loadings turned so that their sum is positive. fit: χ² of the
    model, None with fewer than four items (no degree of freedom is left). heywood: a uniqueness
    is at its bound, so that omega is doubtful.
    """

    loadings: Floats
    uniquenesses: Floats
    fit: Test | None
    heywood: bool


@dataclass(frozen=True)
class Omega:
    """McDonald's omega: standardised (items of equal spread), raw (items as they are; variance of
    the sum from the model) and raw_observed (variance of the sum as observed)."""

    standardised: float
    raw: float
    raw_observed: float
    factor: OneFactor


def kmo(items: Items) -> Adequacy:
    """Σr²/(Σr² + Σq²) over pairs of items, q the partial correlations given all other items
    (Kaiser 1970; Kaiser & Rice 1974). Of two items it is 0.5 whatever they say (q = r). Assumes
    nothing of the items' distribution. Raises NotApplicableError for fewer than three items, for
    singular correlations and where no two items correlate."""
    if items.k < FEWEST_FOR_KMO:
        raise NotApplicableError("one_item", count=items.k, needed=FEWEST_FOR_KMO)
    r = _regular(items)
    inverse = np.linalg.inv(r)
    root = np.sqrt(np.diag(inverse))
    q = inverse / np.outer(root, root)
    off = ~np.eye(items.k, dtype=bool)
    r2, q2 = np.where(off, r**2, 0), np.where(off, q**2, 0)
    if r2.sum() == 0:
        raise NotApplicableError("no_covariance")
    both = r2.sum(axis=0) + q2.sum(axis=0)
    per_item = np.divide(r2.sum(axis=0), both, out=np.zeros(items.k), where=both > 0)
    return Adequacy(float(r2.sum() / (r2.sum() + q2.sum())), tuple(map(float, per_item)))


def bartlett(items: Items) -> Test:
    """Test that no two items correlate: -(n - 1 - (2k + 5)/6) ln|R| is χ² with k(k-1)/2 degrees of
    freedom (Bartlett 1951). Assumes multivariate normal items and a simple random sample.
    Raises NotApplicableError for singular correlations."""
    r = _regular(items)
    k = items.k
    statistic = -(items.n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(r)[1])
    df = k * (k - 1) // 2
    return Test("bartlett", statistic, df, float(chdtrc(df, statistic)), items.n)


def eigenvalues(items: Items) -> tuple[float, ...]:
    """(k,) of the correlation matrix, largest first; their sum is k. 0 where an item is a sum of
    others."""
    return tuple(float(value) for value in np.linalg.eigvalsh(items.correlation)[::-1])


def one_factor(items: Items) -> OneFactor:
    """Fit R = λλ' + Ψ by maximum likelihood over the uniquenesses Ψ (Jöreskog 1967; Lawley &
    Maxwell 1971), as R's factanal. fit: Bartlett's χ² with ((k-1)² - k - 1)/2 degrees of freedom.

    Raises NotApplicableError for fewer than three items, singular correlations and where the
    optimum is not found.
    """
    if items.k < 3:
        raise NotApplicableError("one_item", count=items.k, needed=3)
    r = _regular(items)
    uniquenesses = _uniquenesses(r)
    loadings = _loadings(r, uniquenesses)
    df = ((items.k - 1) ** 2 - items.k - 1) // 2
    fit = None
    if df > 0:
        factor = items.n - 1 - (2 * items.k + 5) / 6 - 2 / 3
        statistic = max(factor * _misfit(uniquenesses, r)[0], 0.0)
        fit = Test("one_factor", statistic, df, float(chdtrc(df, statistic)), items.n)
    heywood = bool((uniquenesses <= SMALLEST_UNIQUENESS * (1 + 1e-6)).any())
    return OneFactor(loadings, uniquenesses, fit, heywood)


def omega(items: Items) -> Omega:
    """ω = (Σλ)²/((Σλ)² + Σψ) of the one-factor model (McDonald 1999, 6): the share of the variance
    of the sum that the common factor explains. Raises as `one_factor`."""
    factor = one_factor(items)
    spread = np.sqrt(np.diag(items.covariance))
    standardised, raw = factor.loadings, factor.loadings * spread
    unique = float(factor.uniquenesses @ spread**2)
    return Omega(
        standardised=_explained(standardised, float(factor.uniquenesses.sum())),
        raw=_explained(raw, unique),
        raw_observed=float(raw.sum() ** 2 / items.covariance.sum()),
        factor=factor,
    )


def _explained(loadings: Floats, unique: float) -> float:
    common = float(loadings.sum() ** 2)
    return common / (common + unique)


def _regular(items: Items) -> Floats:
    """The correlation matrix. Raises NotApplicableError if it is singular."""
    r = items.correlation
    if np.linalg.matrix_rank(r, hermitian=True) < items.k:
        raise NotApplicableError("dependent_items")
    return r


def _uniquenesses(r: Floats) -> Floats:
    """(k,) minimiser of `_misfit`, from factanal's start, scale and stopping rule, so that both
    programs stop at the same place (some 1e-5 from where the gradient is 0 to the last digit)."""
    start = np.clip((1 - 0.5 / len(r)) / np.diag(np.linalg.inv(r)), SMALLEST_UNIQUENESS, 1)

    def scaled(x: Floats) -> tuple[float, Floats]:
        value, gradient = _misfit(x * SCALE, r)
        return value, gradient * SCALE

    found = minimize(
        scaled,
        start / SCALE,
        jac=True,
        bounds=[(SMALLEST_UNIQUENESS / SCALE, 1 / SCALE)] * len(r),
        method="L-BFGS-B",
        options={"maxcor": 5, "ftol": 1e7 * np.finfo(float).eps, "gtol": 0, "maxiter": 1000},
    )
    if not np.isfinite(found.fun):
        raise NotApplicableError("no_factor")
    return np.asarray(np.clip(found.x * SCALE, SMALLEST_UNIQUENESS, 1))


def _misfit(psi: Floats, r: Floats) -> tuple[float, Floats]:
    """Likelihood discrepancy ln|Σ| - ln|R| + tr(RΣ⁻¹) - k at the best loadings for these
    uniquenesses, and its (k,) gradient: the diagonal of (Σ - R)/ψ² (Lawley & Maxwell 1971)."""
    root = np.sqrt(psi)
    values = np.linalg.eigvalsh(r / np.outer(root, root))[:-1]
    loadings = _loadings(r, psi)
    model = loadings**2 + psi
    gradient = (model - np.diag(r)) / psi**2
    return float((values - np.log(values) - 1).sum()), gradient


def _loadings(r: Floats, psi: Floats) -> Floats:
    root = np.sqrt(psi)
    values, vectors = np.linalg.eigh(r / np.outer(root, root))
    loadings = root * vectors[:, -1] * math.sqrt(max(values[-1] - 1, 0))
    return np.asarray(loadings if loadings.sum() >= 0 else -loadings)
