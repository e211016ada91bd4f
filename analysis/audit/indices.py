"""Which indices Σnᵢpᵢ/Σnᵢ a printed satisfaction score can stand for, under its point rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from analysis.audit.model import Satisfaction
from analysis.points import BANDS, GATE, POINT_RULES

NOTHING, EVERYTHING = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Indices:
    """Numbers from `low` to below `high`; None for no upper end. `low` belongs to them."""

    low: Fraction
    high: Fraction | None

    def __contains__(self, index: Fraction) -> bool:
        return self.low <= index and (self.high is None or index < self.high)

    def meets(self, first: Fraction, last: Fraction) -> bool:
        """Whether some number from `first` to `last`, both included, is one of these."""
        return self.low <= last and (self.high is None or first < self.high)


Inverse = Callable[[Fraction, Fraction, Fraction], Indices | None]


def portion(item: Satisfaction, index: Fraction) -> Fraction:
    """The part of the points that an index of 0..1 earns; the rule must be a known one."""
    return POINT_RULES[item.point_rule].portion(index, target_of(item))


def target_of(item: Satisfaction) -> Fraction:
    return EVERYTHING if item.target is None else item.target.exact / 100


def is_known(item: Satisfaction) -> bool:
    """Whether the way from the index to the score can be computed at all."""
    return item.point_rule in POINT_RULES and item.points.value > 0


def indices_of(item: Satisfaction) -> Indices | None:
    """The indices whose score rounds to the printed one; None if no index of 0..1 does."""
    points = item.points.exact
    least, above = item.score.low() / points, item.score.high() / points
    if above <= NOTHING or least > EVERYTHING:
        return None
    return INVERSES[item.point_rule](least, above, target_of(item))


def _proportional(least: Fraction, above: Fraction, target: Fraction) -> Indices:
    return Indices(least, above)


def _gate_linear(least: Fraction, above: Fraction, target: Fraction) -> Indices:
    """All indices below the gate earn nothing."""
    low = GATE + (1 - GATE) * least if least > NOTHING else NOTHING
    return Indices(low, GATE + (1 - GATE) * above)


def _threshold(least: Fraction, above: Fraction, target: Fraction) -> Indices:
    """All indices from the target on earn everything."""
    return Indices(least * target, above * target if above <= EVERYTHING else None)


def _bands(least: Fraction, above: Fraction, target: Fraction) -> Indices | None:
    bounds = [*(bound for bound, _ in BANDS), NOTHING]
    parts = [*(part for _, part in BANDS), NOTHING]
    meant = [place for place, part in enumerate(parts) if least <= part < above]
    if not meant:
        return None
    return Indices(bounds[meant[-1]], bounds[meant[0] - 1] if meant[0] else None)


INVERSES: Mapping[str, Inverse] = MappingProxyType(
    {
        "proportional": _proportional,
        "gate_linear": _gate_linear,
        "threshold": _threshold,
        "bands": _bands,
    }
)
