"""Scoring rules of a framework as the audit reads them: bands, checklists, ratios of a rubric."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.audit.intervals import Interval
from analysis.audit.score_model import Band, Part, Scoring
from analysis.evaluation import intervals
from analysis.evaluation import rules as evaluation
from analysis.evaluation.framework import Framework, Leaf
from analysis.printed import Printed, as_printed

PLACES = 9
EVERY_SHARE = "0%≤x≤100%"
EVERY_COUNT = "x≥0"


def rubric_of(framework: Framework) -> tuple[Printed, ...]:
    """Empty where an indicator's own bands have other ratios: then each stands for itself."""
    own = {ratio for leaf in framework.leaves for ratio in evaluation.ratios(leaf.rule) or ()}
    rubric = {Fraction(ratio) for ratio in framework.rubric}
    return tuple(_printed(ratio) for ratio in framework.rubric) if own <= rubric else ()


def scoring_of(leaf: Leaf) -> Scoring:
    rule = leaf.rule
    scale = getattr(rule, "scale", rule)
    if isinstance(scale, evaluation.PercentBands):
        return _banded("percent", scale.bands, scale.range == EVERY_SHARE)
    if isinstance(scale, evaluation.CountBands):
        return _banded("count", scale.bands, scale.range == EVERY_COUNT)
    if isinstance(rule, evaluation.QualitativeBands):
        bands = (Band(level=level.label, ratio=_printed(level.ratio)) for level in rule.levels)
        return Scoring(kind="words", bands=tuple(bands))
    if isinstance(rule, evaluation.Checklist):
        parts = (Part(label=item.name, points=_printed(item.points)) for item in rule.items)
        return Scoring(kind="parts", parts=tuple(parts))
    if isinstance(rule, evaluation.Deductions) and rule.full is not None:
        return Scoring(kind="parts", parts=(Part(points=_printed(rule.full)),))
    return Scoring()


def _banded(kind: str, bands: Sequence[evaluation.Band], is_whole: bool) -> Scoring:
    """Of a quantity with limits of its own only the ratios: its bands need not cover the line."""
    if not is_whole:
        found = (Band(level=band.label, ratio=_printed(band.ratio)) for band in bands)
        return Scoring(kind="words", bands=tuple(found))
    factor = 100 if kind == "percent" else 1
    shown = (
        Band(level=band.label, ratio=_printed(band.ratio), when=_range(band.interval, factor))
        for band in bands
    )
    return Scoring(kind="percent" if kind == "percent" else "count", bands=tuple(shown))


def _range(found: intervals.Interval, factor: int) -> Interval:
    low = None if found.low is None else found.low * factor
    high = None if found.high is None else found.high * factor
    return Interval(low, found.low_closed, high, found.high_closed)


def _printed(value: Decimal) -> Printed:
    return as_printed(value, max(-int(value.normalize().as_tuple().exponent), 0))
