"""Stages of sampling: from the labels of strata and clusters to codes, counts and factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.refusals import DesignError, LonelyClusterError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]
Lonely = Literal["refuse", "certainty", "adjust", "average"]

LONELY: tuple[Lonely, ...] = ("refuse", "certainty", "adjust", "average")
CERTAINTY = 1e-7
"""A stratum of which all but this share was drawn has no sampling variance (as in R survey)."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling: which unit and which stratum each of n rows belongs to.

    strata: (n,) codes 0..H-1, or None for a single stratum. units: (n,) codes 0..U-1, or None
    where every row is a unit of its own. unit_strata: (U,) stratum of each unit. sampled: (H,)
    units drawn. factors: (H,) multiplier of Σ(z - z̄)² over the units of a stratum, that is
    (1 - f) m/(m - 1) times the sampling fractions of the stages above. centred: (H,) whether
    z̄ is subtracted (not in a lonely stratum that is to be adjusted). whole: (H,) whether all
    units were drawn.
    """

    strata: Codes | None
    units: Codes | None
    unit_strata: Codes | None
    sampled: Counts
    factors: Floats
    centred: npt.NDArray[np.bool_]
    whole: npt.NDArray[np.bool_]


def lonely_for(n: int, chosen: Lonely) -> Lonely:
    """A single response is no stratum to be refused for: it has no error, as its tables say."""
    return "certainty" if n == 1 else chosen


def build_stages(
    n: int, strata: list[Any], clusters: list[Any], population: list[Any], lonely: Lonely
) -> tuple[tuple[Stage, ...], Floats | None]:
    """The stages that carry variance, and each row's probability if `population` tells it.

    strata, clusters, population: one entry per stage, see `designs.survey_design`.
    """
    if len(population) > max(len(clusters), 1):
        raise DesignError("population_missing", stage=len(clusters) + 1)
    depth = len(population) or 1
    stages: list[Stage] = []
    above: Codes | None = None
    fraction: Floats = np.ones(1)
    probabilities = np.ones(n if population else 0)
    for level in range(depth):
        own = _at(strata, level)
        groups = None if own is None else _compressed(own)
        stratum = groups if above is None else _joint(above, groups)
        unit = _units(stratum, _at(clusters, level), n)
        names = own if level == 0 else _at(clusters, level - 1)
        layer = _Layer(stratum, unit, *_sampled(stratum, unit, n), names)
        sizes = _population(_at(population, level), layer, n)
        above_fraction = _per_stratum(fraction, above, layer)
        stages.append(_stage(layer, sizes, above_fraction, lonely))
        if sizes is not None:
            drawn = layer.sampled / sizes
            probabilities = probabilities * (drawn[0] if stratum is None else drawn[stratum])
            fraction = above_fraction * drawn
            fraction = fraction if layer.unit_strata is None else fraction[layer.unit_strata]
        if sizes is None or unit is None:
            break
        above = unit
    return tuple(stages), probabilities if population else None


@dataclass(frozen=True, eq=False)
class _Layer:
    """A stage before anything is computed; names: labels of the rows by which a reader knows the
    strata (None: there are none)."""

    strata: Codes | None
    units: Codes | None
    sampled: Counts
    unit_strata: Codes | None
    names: Any

    def label(self, stratum: int) -> str:
        if self.strata is None or self.names is None:
            return "1"
        return str(np.asarray(self.names)[int(np.argmax(self.strata == stratum))])

    def at_rows(self, per_stratum: Floats) -> Floats:
        return np.asarray(per_stratum[0] if self.strata is None else per_stratum[self.strata])


def _at(entries: list[Any], level: int) -> Any:
    return entries[level] if level < len(entries) else None


def _compressed(labels: Any) -> Codes:
    """Any labels -> codes 0.. in sorted order. Raises DesignError for a missing one."""
    found = np.asarray(labels)
    # Of a list of texts numpy makes texts only, so that a nan would become the label "nan".
    hidden = found.dtype.kind in "US" and isinstance(labels, list | tuple)
    if hidden or found.dtype.kind in "fO":
        given = labels if hidden else found.tolist()
        missing = sum(label is None or label != label for label in given)
        if missing:
            raise DesignError("label_missing", count=missing)
    if found.dtype.kind in "iub" and len(found) and int(found.min()) >= 0:
        largest = int(found.max())
        if largest <= 4 * len(found) + 1000:
            present = np.bincount(found.astype(np.intp), minlength=largest + 1) > 0
            return np.asarray((np.cumsum(present) - 1)[found], dtype=np.intp)
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.intp)


def _joint(outer: Codes, inner: Codes | None) -> Codes:
    if inner is None:
        return outer
    return _compressed(outer * (int(inner.max()) + 1) + inner)


def _units(strata: Codes | None, clusters: Any, n: int) -> Codes | None:
    """Cluster codes, nested in strata; None where each row turns out to be a unit."""
    if clusters is None:
        return None
    codes = _compressed(clusters)
    codes = codes if strata is None else _joint(strata, codes)
    return None if int(codes.max()) + 1 == n else codes


def _sampled(strata: Codes | None, units: Codes | None, n: int) -> tuple[Counts, Codes | None]:
    """Units drawn per stratum, and the stratum of each unit (None: a single stratum)."""
    if strata is None:
        return np.array([n if units is None else int(units.max()) + 1]), None
    if units is None:
        return np.bincount(strata), strata
    unit_strata = np.empty(int(units.max()) + 1, dtype=np.intp)
    unit_strata[units] = strata
    return np.bincount(unit_strata, minlength=int(strata.max()) + 1), unit_strata


def _population(given: Any, layer: _Layer, n: int) -> Floats | None:
    """(H,) units in the population of each stratum; None: drawn with replacement."""
    if given is None:
        return None
    try:
        rows = np.broadcast_to(np.asarray(given, dtype=np.float64), (n,))
    except (TypeError, ValueError) as error:
        raise DesignError("population_invalid") from error
    if not (rows.min() > 0 and rows.max() < np.inf):
        raise DesignError("population_invalid")
    sizes = np.full(len(layer.sampled), rows[0])
    if layer.strata is not None:
        sizes[layer.strata] = rows
    varying = np.flatnonzero(rows != layer.at_rows(sizes))
    if len(varying):
        stratum = 0 if layer.strata is None else int(layer.strata[varying[0]])
        raise DesignError("population_varies", stratum=layer.label(stratum))
    if sizes.max() <= 1:
        sizes = layer.sampled / sizes
    short = np.flatnonzero(sizes < layer.sampled * (1 - CERTAINTY))
    if len(short):
        raise DesignError(
            "whole_population_too_small" if layer.strata is None else "population_too_small",
            stratum=layer.label(int(short[0])),
            population=f"{sizes[short[0]]:g}",
            sampled=int(layer.sampled[short[0]]),
        )
    return sizes


def _per_stratum(fraction: Floats, above: Codes | None, layer: _Layer) -> Floats:
    """The sampling fractions of the units above, per stratum of this stage."""
    found = np.ones(len(layer.sampled))
    if above is not None and layer.strata is not None:
        found[layer.strata] = fraction[above] if len(fraction) > 1 else fraction[0]
    return found


def _stage(layer: _Layer, sizes: Floats | None, above: Floats, lonely: Lonely) -> Stage:
    sampled = layer.sampled
    left = np.ones(len(sampled)) if sizes is None else 1 - sampled / sizes
    left[left < CERTAINTY] = 0
    alone = (sampled == 1) & (left > 0)
    if alone.any() and lonely == "refuse":
        if layer.strata is None:
            raise LonelyClusterError("single_unit")
        raise LonelyClusterError(
            "lonely_clusters",
            count=int(alone.sum()),
            examples=", ".join(layer.label(int(place)) for place in np.flatnonzero(alone)[:3]),
        )
    factors = above * left * np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1), 1)
    if lonely == "average" and not alone.all():
        factors = factors * len(sampled) / (len(sampled) - alone.sum())
    if lonely != "adjust":
        factors = np.where(alone, 0, factors)
    centred = ~(alone & (lonely == "adjust"))
    return Stage(layer.strata, layer.units, layer.unit_strata, sampled, factors, centred, left == 0)


def as_codes(values: Any) -> npt.NDArray[np.integer[Any]]:
    """Integers as given; of floats nan (a missing value in pandas) becomes -1. Raises DesignError
    for anything that is no code."""
    found = np.asarray(values)
    if found.dtype.kind in "iub":
        return found if found.dtype.kind != "b" else found.astype(np.int8)
    try:
        numbers = found.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise DesignError("codes_invalid") from error
    numbers = np.where(np.isnan(numbers), -1, numbers)
    if (numbers != np.round(numbers)).any() or not np.isfinite(numbers).all():
        raise DesignError("codes_invalid")
    return numbers.astype(np.int64)


def summed(codes: Codes, values: Floats, size: int) -> Floats:
    """(size,) Σ of (n,) values per code."""
    return np.bincount(codes, values, size).astype(np.float64, copy=False)
