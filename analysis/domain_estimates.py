"""Ratios and totals of all domains of a designed sample at once, with their variances.

What `design_estimates.ratio` and `totals` find for one domain in passes over all rows is found here
for G domains in as many passes, from sums per domain and sampling unit (`analysis.domains`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.design_estimates import ROUNDING, SWEEPING, Estimates
from analysis.designs import Calibration, Codes, Floats, Stage
from analysis.domains import Bools, Domains
from analysis.linearisation import covariance_over_units, sums_per_code, swept
from analysis.stages import summed

BLOCK = 2_000_000
"""Numbers in a table of sampling units by domains, which calibrated weights ask for."""


@dataclass(frozen=True, eq=False)
class DomainEstimates:
    """One estimate per domain, all (G,); the fields as in `design_estimates.Estimates`. values:
    nan where the domain has no weight or its denominator sums to 0; variances: nan where the
    jackknife leaves out a unit without which there is no value."""

    counts: npt.NDArray[np.int64]
    population: Floats
    values: Floats
    variances: Floats
    srs_variances: Floats
    df: npt.NDArray[np.int64]
    whole: Bools
    sizes: Floats

    def at(self, place: int) -> Estimates:
        """Of one domain."""
        own = slice(place, place + 1)
        return Estimates(
            values=self.values[own],
            covariance=self.variances[own, None],
            counts=self.counts[own],
            df=int(self.df[place]),
            places=(place,),
            srs_variances=self.srs_variances[own],
            population=self.population[own],
            whole=self.whole[own],
            sizes=self.sizes[own],
        )


def domain_ratios(
    domains: Domains, tops: Floats, bottoms: Floats, *, jackknife: bool = False
) -> DomainEstimates:
    """Σ w·top / Σ w·bottom of each domain.

    tops, bottoms: (r,) finite numbers of `domains.rows`. Linearised scores are
    (top - R·bottom)/Σ w·bottom; the simple sample to compare with has all responses of the domain
    as its base, also those whose denominator is 0. With `jackknife` each first-stage unit is left
    out in turn, as `analysis.jackknife.jackknife` does.
    """
    sums = domains.sums(domains.weights * bottoms)
    values = _quotient(domains.sums(domains.weights * tops), sums)
    errors = tops - np.nan_to_num(values)[domains.of_row] * bottoms
    scores = errors / np.where(sums == 0, 1.0, sums)[domains.of_row]
    if jackknife:
        variances = _jackknifed(domains, np.stack([tops, bottoms], axis=1))
    else:
        variances = _linearised(domains, scores)
    return _made(domains, values, scores, variances)


def domain_totals(domains: Domains, values: Floats, *, jackknife: bool = False) -> DomainEstimates:
    """Σ w y of each domain, otherwise as `domain_ratios`; a simple sample of the domain would know
    the size of its population."""
    weighted = domains.sums(domains.weights * values)
    means = np.nan_to_num(_quotient(weighted, domains.population))
    variances = _jackknifed(domains, values[:, None]) if jackknife else _linearised(domains, values)
    found = np.where(domains.counts > 0, weighted, np.nan)
    return _made(domains, found, values - means[domains.of_row], variances)


def _made(
    domains: Domains, values: Floats, deviations: Floats, variances: Floats
) -> DomainEstimates:
    """deviations: (r,) of which the mean of a simple sample would have the variance."""
    counts, population = domains.counts, domains.population
    part = ROUNDING if domains.design.calibration is None else SWEEPING
    squares = domains.sums(domains.weights * deviations**2)
    simple = squares * population / np.maximum(counts - 1, 1)
    variances = _without_noise(variances, values, part)
    still = variances == 0
    return DomainEstimates(
        counts=counts,
        population=population,
        values=values,
        variances=variances,
        srs_variances=_without_noise(simple, values, ROUNDING),
        df=domains.degrees_of_freedom,
        whole=domains.whole,
        sizes=np.where(still, domains.independent if still.any() else 0, counts),
    )


def _without_noise(variances: Floats, values: Floats, part: float) -> Floats:
    return np.where(variances <= (part * np.abs(values)) ** 2, 0.0, variances)


def _linearised(domains: Domains, scores: Floats) -> Floats:
    """(G,) variances of Σ w u of (r,) scores u; see `analysis.linearisation`."""
    margins = domains.design.calibration
    if margins is not None:
        blocks = _blocks(domains, margins, scores)
        return np.concatenate([_calibrated(margins, *block) for block in blocks])
    stages = domains.design.stages[:1] if domains.apart else domains.design.stages
    return sum(
        (domains.pairs(stage).variances(domains.weights * scores) for stage in stages),
        np.zeros(domains.size),
    )


def _blocks(
    domains: Domains, margins: Calibration, scores: Floats
) -> Iterator[tuple[Domains, Floats]]:
    """Some of the domains at a time, with their scores, so that their tables stay small."""
    stages = domains.design.stages
    units = (1 if stage.units is None else int(stage.units.max()) + 1 for stage in stages)
    largest = max(*units, margins.size * max(len(stage.sampled) for stage in stages))
    step = max(BLOCK // largest, 1)
    for start in range(0, domains.size, step):
        size = min(step, domains.size - start)
        inside = (domains.codes >= start) & (domains.codes < start + size)
        codes = np.where(inside, domains.codes - start, -1)
        yield Domains(domains.design, codes, size), scores[inside[domains.rows]]


def _calibrated(margins: Calibration, domains: Domains, scores: Floats) -> Floats:
    """(G,) variances of scores net of what the margins explain of them, in all rows: also outside
    of the domain, where the scores are 0."""
    fitted = _fitted(margins, domains, scores)
    found = np.zeros(domains.size)
    for stage in domains.design.stages:
        if stage.units is None:
            found += _over_rows(stage, margins, domains, scores, fitted)
        else:
            found += _over_units(stage, stage.units, margins, domains, scores, fitted)
    return found


def _fitted(margins: Calibration, domains: Domains, scores: Floats) -> Floats:
    """(cells, G) what the margins explain of each domain's scores in each cell."""
    own = margins.regression_weights
    omega = np.bincount(margins.cells, own, margins.size).astype(np.float64)
    weighted = scores if own is None else own[domains.rows] * scores
    return swept(margins, omega, _per_cell(margins.cells, margins.size, domains, weighted))


def _per_cell(cells: Codes, size: int, domains: Domains, values: Floats | None) -> Floats:
    """(size, G) sums of the (r,) values (None: numbers of rows) per cell and domain."""
    places = cells[domains.rows] * domains.size + domains.of_row
    found = np.bincount(places, values, size * domains.size).astype(np.float64, copy=False)
    return found.reshape(size, domains.size)


def _over_units(
    stage: Stage,
    units: Codes,
    margins: Calibration,
    domains: Domains,
    scores: Floats,
    fitted: Floats,
) -> Floats:
    """(G,) a stage's variances from each unit's Σ w (u - fitted)."""
    weights, size = domains.design.weights, int(units.max()) + 1
    shape = (size, margins.size)
    explained = sparse.csr_matrix((weights, (units, margins.cells)), shape=shape) @ fitted
    z = _per_cell(units, size, domains, domains.weights * scores) - explained
    return np.diag(covariance_over_units(stage, z)).copy()


def _over_rows(
    stage: Stage, margins: Calibration, domains: Domains, scores: Floats, fitted: Floats
) -> Floats:
    """(G,) a stage's variances where every row is a unit: Σ(w (u - fitted) - z̄)² row by row within
    the domain, and outside of it, where u is 0, from Σw and Σw² of each stratum and cell."""
    weights, shape = domains.design.weights, (len(stage.sampled), margins.size)
    strata = np.zeros(1, dtype=np.intp) if stage.strata is None else stage.strata
    cells, size = strata * margins.size + margins.cells, math.prod(shape)
    n, w, w2 = (
        np.bincount(cells, power, size)[:, None]
        - _per_cell(cells, size, domains, None if power is None else power[domains.rows])
        for power in (None, weights, weights**2)
    )
    everywhere = summed(cells, weights, size).reshape(shape) @ fitted
    stratum = np.broadcast_to(strata, domains.design.n)
    inside = _per_cell(stratum, shape[0], domains, domains.weights * scores)
    centres = np.where(stage.centred, 1 / stage.sampled, 0.0)[:, None] * (inside - everywhere)
    own, group = stratum[domains.rows], domains.of_row
    z = domains.weights * (scores - fitted[margins.cells[domains.rows], group])
    squares = _per_cell(stratum, shape[0], domains, (z - centres[own, group]) ** 2)
    f, z_mean = np.tile(fitted, (shape[0], 1)), np.repeat(centres, shape[1], axis=0)
    outside = f**2 * w2 + 2 * f * z_mean * w + n * z_mean**2
    return np.asarray(stage.factors @ (squares + outside.reshape(*shape, -1).sum(axis=1)))


def _jackknifed(domains: Domains, columns: Floats) -> Floats:
    """(G,) Σ scale · (θ - θ̄)² over the estimates θ without each first-stage unit, of totals of
    (r, 1) or ratios of (r, 2) columns; nan where a θ has no value.

    Without unit i of stratum h of m the totals are T + (T_h - m·z_i)/(m - 1). All units of h
    without a row in the domain (z = 0) give the same θ, those of other strata give the estimate.
    """
    pairs = domains.pairs(domains.design.stages[0])
    kept = pairs.scales > 0
    m = np.maximum(pairs.units, 2)
    weighted = domains.weights[:, None] * columns
    z = pairs.unit_sums(weighted)
    own = sums_per_code(pairs.of_pair, z, len(m))
    totals = sums_per_code(pairs.domain, own, domains.size)
    left = totals[pairs.domain] + own / (m - 1)[:, None]
    without = left[pairs.of_pair] - z * (m / (m - 1))[pairs.of_pair, None]
    value = _statistic(totals)
    absent = np.where(kept & (pairs.absent > 0), _statistic(left) - value[pairs.domain], 0.0)
    gaps = _statistic(without) - value[pairs.domain[pairs.of_pair]]
    gaps = np.where(kept[pairs.of_pair], gaps, 0.0)
    replicates, elsewhere = pairs.replicates
    sums = summed(pairs.of_pair, gaps, len(m)) + pairs.absent * absent
    mean = pairs.per_domain(sums) / np.maximum(replicates, 1)
    centres = mean[pairs.domain]
    squares = summed(pairs.of_pair, (gaps - centres[pairs.of_pair]) ** 2, len(m))
    squares += pairs.absent * (absent - centres) ** 2
    return np.asarray(pairs.per_domain(pairs.scales * squares) + elsewhere * mean**2)


def _statistic(sums: Floats) -> Floats:
    """Of (k, 1) a total, of (k, 2) a ratio."""
    return sums[:, 0] if sums.shape[1] == 1 else _quotient(*sums.T)


def _quotient(tops: Floats, bottoms: Floats) -> Floats:
    """nan where there is nothing below."""
    return np.asarray(tops / np.where(bottoms == 0, np.nan, bottoms))
