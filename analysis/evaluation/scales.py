"""A measured number -> the part of the points that a scale gives, and how near the next band is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis import wording
from analysis.evaluation.intervals import Interval, whole_distance
from analysis.evaluation.rules import Band, CountBands, PercentBands, Scale, Threshold
from analysis.points import POINT_RULES


@dataclass(frozen=True)
class PointScale:
    """A point rule of scoring plans by its name (see `analysis.points`), as a scale."""

    kind: str
    target: Decimal = Decimal(1)


AnyScale = Scale | CountBands | PointScale


@dataclass(frozen=True)
class Reading:
    """`ratio` is the part earned (0..1). Where a rubric is ambiguous, `down` and `up` are the
    parts of the bands in question, and the ratio is the lower one.

    `fits` is the number of bands that the value is in; 1 for scales without bands. `nearest` is
    set where the value lies beyond all bands: the one beside it counts.
    """

    ratio: Fraction
    down: Fraction
    up: Fraction
    band: Band | None = None
    fits: int = 1
    nearest: Band | None = None


@dataclass(frozen=True)
class Step:
    """The nearest band that gives another part of the points: how far off, and what it gives."""

    ratio: Fraction
    distance: Fraction
    band: Band


def read_scale(scale: AnyScale, value: Fraction) -> Reading:
    """`value` is a share (0..1), for count bands a number of cases."""
    if isinstance(scale, PercentBands | CountBands):
        return _in_bands(scale, value)
    part = POINT_RULES[scale.kind].portion(value, _target(scale))
    ratio = min(max(part, Fraction(0)), Fraction(1))
    return Reading(ratio, ratio, ratio)


def steps(scale: AnyScale, value: Fraction) -> list[Step]:
    """The nearest band with more and the nearest with less than now; none for smooth scales."""
    if not isinstance(scale, PercentBands | CountBands):
        return []
    now = read_scale(scale, value).ratio
    far = ((band, _distance(scale, band, value)) for band in scale.bands)
    others = [
        Step(Fraction(band.ratio), distance, band)
        for band, distance in far
        if distance is not None and value not in band.interval
    ]
    sides = ([s for s in others if s.ratio > now], [s for s in others if s.ratio < now])
    return [min(side, key=lambda step: step.distance) for side in sides if side]


def scale_formula(scale: AnyScale, text: str, value: Fraction, points: Fraction) -> str:
    """How the points came about, up to the equals sign; `text` writes the value."""
    shown = wording.exact(points)
    reading = read_scale(scale, value)
    if reading.band is not None:
        label = f"（{reading.band.label}）" if reading.band.label else ""
        return f"{text}，{reading.band.when}{label} → {wording.weight(reading.ratio)}×{shown}"
    if isinstance(scale, PercentBands | CountBands):
        return f"{text} → {wording.weight(reading.ratio)}×{shown}"
    target = _target(scale)
    bare, rule = text.partition(" ")[0], POINT_RULES[scale.kind]
    formula, part = rule.formula(bare, value, target, shown), rule.portion(value, target)
    if part > 1:
        return f"min({formula}, {shown})"
    return f"max({formula}, 0)" if part < 0 else formula


def _in_bands(scale: PercentBands | CountBands, value: Fraction) -> Reading:
    fitting = [band for band in scale.bands if value in band.interval]
    if len(fitting) == 1:
        ratio = Fraction(fitting[0].ratio)
        return Reading(ratio, ratio, ratio, fitting[0])
    below, above = _beside(scale, value)
    near = [Fraction(band.ratio) for band in fitting or (*below, *above)]
    beyond = not fitting and not (below and above)
    nearest = (*below, *above)[0] if beyond else None
    return Reading(min(near), min(near), max(near), None, len(fitting), nearest)


def _beside(
    scale: PercentBands | CountBands, value: Fraction
) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """The nearest bands below and above a value that no band covers.

    Of `95%≤x<100%` and `x=100%` both end at 100%, but only the second one reaches it. Several are
    the nearest only where bands overlap.
    """
    below = [band for band in scale.bands if band.interval.is_below(value)]
    above = [band for band in scale.bands if band.interval.is_above(value)]
    last = max((_end(band.interval) for band in below), default=None)
    first = min((_start(band.interval) for band in above), default=None)
    return (
        tuple(band for band in below if _end(band.interval) == last),
        tuple(band for band in above if _start(band.interval) == first),
    )


def _end(interval: Interval) -> tuple[Fraction, bool]:
    """Sorts the ends of intervals that have one: a closed end lies behind an open one."""
    return interval.high or Fraction(0), interval.high_closed


def _start(interval: Interval) -> tuple[Fraction, bool]:
    return interval.low or Fraction(0), not interval.low_closed


def _distance(scale: PercentBands | CountBands, band: Band, value: Fraction) -> Fraction | None:
    """None where no value is in the band at all: there are no parts of cases."""
    if isinstance(scale, CountBands):
        return whole_distance(band.interval, value)
    return band.interval.distance(value)


def _target(scale: AnyScale) -> Fraction:
    return Fraction(scale.target) if isinstance(scale, Threshold | PointScale) else Fraction(1)
