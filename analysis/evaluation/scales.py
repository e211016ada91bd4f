"""A measured number -> the part of the points that a scale gives, and how near the next band is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis import wording
from analysis.evaluation.rules import Band, CountBands, PercentBands, Scale, Threshold
from analysis.points import POINT_RULES

AnyScale = Scale | CountBands


@dataclass(frozen=True)
class Reading:
    """`ratio` is the part earned (0..1). Where a rubric is ambiguous, `down` and `up` are the
    parts of the bands in question, and the ratio is the lower one.

    `fits` is the number of bands that the value is in; 1 for scales without bands.
    """

    ratio: Fraction
    down: Fraction
    up: Fraction
    band: Band | None = None
    fits: int = 1


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
    target = Fraction(scale.target) if isinstance(scale, Threshold) else Fraction(1)
    part = POINT_RULES[scale.kind].portion(value, target)
    ratio = min(max(part, Fraction(0)), Fraction(1))
    return Reading(ratio, ratio, ratio)


def steps(scale: AnyScale, value: Fraction) -> list[Step]:
    """The nearest band with more and the nearest with less than now; none for smooth scales."""
    if not isinstance(scale, PercentBands | CountBands):
        return []
    now = read_scale(scale, value).ratio
    others = [Step(Fraction(b.ratio), b.interval.distance(value), b) for b in scale.bands]
    others = [step for step in others if step.distance or value not in step.band.interval]
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
    target = Fraction(scale.target) if isinstance(scale, Threshold) else Fraction(1)
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
    near = [Fraction(band.ratio) for band in fitting or _beside(scale, value)]
    return Reading(min(near), min(near), max(near), None, len(fitting))


def _beside(scale: PercentBands | CountBands, value: Fraction) -> Iterator[Band]:
    """The nearest band below and the nearest above a value that no band covers."""
    below = [band for band in scale.bands if band.interval.is_below(value)]
    above = [band for band in scale.bands if band.interval.is_above(value)]
    for side in (below, above):
        if side:
            yield min(side, key=lambda band: band.interval.distance(value))
