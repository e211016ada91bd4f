"""Domains of a designed sample that do not overlap: sizes, units and sums in passes over the rows.

A unit without a row in a domain scores 0 there. Of these only their number per domain and stratum
is needed, so that no table of domains by units is made: what is kept are the pairs of a domain and
a unit that occur, of which there are no more than rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.designs import Codes, Design, Floats, Stage
from analysis.linearisation import sums_per_code
from analysis.sampling_units import (
    degrees_of_freedom_by_group,
    independent_sizes,
    sampling_units_by_group,
)
from analysis.stages import Counts, summed

Bools = npt.NDArray[np.bool_]
TABLE = 4_000_000
"""Combinations of two codes up to which marking places is faster than sorting."""


@dataclass(frozen=True, eq=False)
class Domains:
    """G domains. codes: (n,) 0..G-1, or -1 for rows in none of them. apart: each domain is a plain
    sample of its own, and not a part of the whole one, whose size would be random."""

    design: Design
    codes: npt.NDArray[np.signedinteger[Any]]
    size: int
    apart: bool = False

    @cached_property
    def rows(self) -> Codes:
        """(r,) rows that are in a domain."""
        return np.flatnonzero(self.codes >= 0)

    @cached_property
    def of_row(self) -> Codes:
        """(r,) domain of each of `rows`."""
        return self.codes[self.rows].astype(np.intp)

    @cached_property
    def weights(self) -> Floats:
        """(r,) of `rows`."""
        return self.design.weights[self.rows]

    @cached_property
    def counts(self) -> Counts:
        """(G,) responses with a weight above 0."""
        return self.tally(self.weights > 0)

    @cached_property
    def population(self) -> Floats:
        """(G,) Σ w."""
        return self.sums(self.weights)

    def sums(self, values: Floats) -> Floats:
        """(G,) sums of (r,) values of `rows`."""
        if self.size == 1:  # in pairs, which loses fewer digits than one after the other
            return np.array([values.sum()])
        return summed(self.of_row, values, self.size)

    def tally(self, flags: Bools) -> Counts:
        """(G,) how many of the (r,) flags of `rows` are true."""
        return np.bincount(self.of_row[flags], minlength=self.size)

    @cached_property
    def degrees_of_freedom(self) -> Counts:
        """(G,) as `Design.degrees_of_freedom` of each."""
        if self.apart:
            return np.maximum(self.counts - 1, 0)
        return degrees_of_freedom_by_group(self.design, self.codes, self.size)

    @cached_property
    def independent(self) -> Floats:
        """(G,) how many independent observations each has at most; see `independent_sizes`."""
        if self.design.is_simple and self.design.equal_weights:
            return self.counts.astype(np.float64)
        units = sampling_units_by_group(self.design, self.codes, self.size)
        return independent_sizes(self.counts, units, self.population, self.sums(self.weights**2))

    @cached_property
    def whole(self) -> Bools:
        """(G,) no response with a weight is from a stratum of which only a part was drawn."""
        if self.apart or not any(stage.whole.any() for stage in self.design.stages):
            return np.zeros(self.size, dtype=bool)
        partly = ~self.design.whole_rows[self.rows] & (self.weights > 0)
        return np.asarray(self.tally(partly) == 0)

    def pairs(self, stage: Stage) -> Pairs:
        if self.apart:
            return self._own_pairs()
        strata = np.zeros(1, dtype=np.intp) if stage.strata is None else stage.strata[self.rows]
        strata = np.broadcast_to(strata, len(self.rows))
        of_row, own = None, self.of_row
        if stage.units is not None:
            of_row, first = _numbered(own, stage.units[self.rows])
            own, strata = own[first], strata[first]
        of_pair, one = _numbered(own, strata)
        domain, stratum = own[one], strata[one]
        return Pairs(
            of_row=of_row,
            of_pair=of_pair,
            domain=domain,
            domains=self.size,
            units=stage.sampled[stratum],
            factors=stage.factors[stratum],
            centred=stage.centred[stratum],
            replicates=_replicates(stage, domain, stratum, self.size),
        )

    def _own_pairs(self) -> Pairs:
        """Of a plain sample every response is a unit, of its own domain's only stratum."""
        units = np.bincount(self.of_row, minlength=self.size)
        factors = np.where(units > 1, units / np.maximum(units - 1, 1), 0.0)
        return Pairs(
            of_row=None,
            of_pair=self.of_row,
            domain=np.arange(self.size),
            domains=self.size,
            units=units,
            factors=factors,
            centred=np.ones(self.size, dtype=bool),
            replicates=(units, np.zeros(self.size)),
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """The P pairs of a domain and a sampling unit that share rows, at one stage, and the C classes
    of pairs that share domain and stratum.

    of_row: (r,) pair of each row; None: each row is one. of_pair: (P,) class. domain: (C,).
    units, factors, centred: (C,) of the class's stratum, see `stages.Stage`. replicates: (G,)
    units that a jackknife leaves out, and (G,) Σ of what multiplies the squares of those of them
    whose strata have no row in the domain.
    """

    of_row: Codes | None
    of_pair: Codes
    domain: Codes
    domains: int
    units: Counts
    factors: Floats
    centred: Bools
    replicates: tuple[npt.NDArray[Any], Floats]

    def unit_sums(self, columns: Floats) -> Floats:
        """(P, m) sums of (r, m) columns per pair."""
        if self.of_row is None:
            return columns
        return sums_per_code(self.of_row, columns, len(self.of_pair))

    @cached_property
    def absent(self) -> Floats:
        """(C,) units of the stratum without a row in the domain."""
        present = np.bincount(self.of_pair, minlength=len(self.units))
        return (self.units - present).astype(np.float64)

    @cached_property
    def scales(self) -> Floats:
        """(C,) what a jackknife multiplies the squares of the stratum with."""
        return _scales(self.units, self.factors)

    def variances(self, scores: Floats) -> Floats:
        """(G,) Σ over strata of factor · Σ (z - z̄)² over all its units, z being the sums of (r,)
        scores w u per unit."""
        z = self.unit_sums(scores[:, None])[:, 0]
        means = summed(self.of_pair, z, len(self.units)) / np.maximum(self.units, 1)
        means = np.where(self.centred, means, 0.0)
        squares = summed(self.of_pair, (z - means[self.of_pair]) ** 2, len(self.units))
        return self.per_domain(self.factors * (squares + self.absent * means**2))

    def per_domain(self, values: Floats) -> Floats:
        """(G,) sums of (C,) values."""
        return summed(self.domain, values, self.domains)


def _replicates(
    stage: Stage, domain: Codes, stratum: Codes, size: int
) -> tuple[npt.NDArray[Any], Floats]:
    scales = _scales(stage.sampled, stage.factors)
    everywhere = scales * stage.sampled
    present = summed(domain, everywhere[stratum], size)
    return np.full(size, stage.sampled[scales > 0].sum()), everywhere.sum() - present


def _scales(units: Counts, factors: Floats) -> Floats:
    """(1 - f)(m - 1)/m, where a factor is (1 - f) m/(m - 1) or 0; 0 where m is 1."""
    return np.asarray(factors * ((units - 1) / np.maximum(units, 1)) ** 2)


def _numbered(first: Codes, second: Codes) -> tuple[Codes, Codes]:
    """(r,) number of each combination that occurs, and one row of each."""
    size = int(second.max(initial=0)) + 1
    joint = first * size + second
    cells = (int(first.max(initial=0)) + 1) * size
    if cells > TABLE:
        _, one, numbers = np.unique(joint, return_index=True, return_inverse=True)
        return numbers, one
    row = np.full(cells, -1)
    row[joint] = np.arange(len(joint))
    present = row >= 0
    return (np.cumsum(present) - 1)[joint], row[present]
