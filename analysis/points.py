"""Point rules: which part of an indicator's 分值 an index earns, and how that is written out.

All rules rise with the index, so the ends of an interval map to the ends of the score's interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from analysis import wording

Portion = Callable[[Fraction, Fraction], Fraction]
Formula = Callable[[str, Fraction, Fraction, str], str]


@dataclass(frozen=True)
class PointRule:
    """`portion(index, target)` is the part earned, 0..1; index and target are 0..1.

    `formula(mean, index, target, points)` writes the left-hand side for a reader: `mean` is the
    substituted Σnᵢpᵢ/Σnᵢ. Rules without a target get 1 there and ignore it.
    """

    zh: str
    en: str
    portion: Portion
    formula: Formula
    needs_target: bool = False


def _proportional(index: Fraction, target: Fraction) -> Fraction:
    return index


def _proportional_formula(mean: str, index: Fraction, target: Fraction, points: str) -> str:
    return f"{mean}×{points}"


def _gate_linear(index: Fraction, target: Fraction) -> Fraction:
    """(x−60%)/(1−60%), 0 below 60%: 财预〔2021〕101号."""
    return max((index - GATE) / (1 - GATE), Fraction(0))


def _gate_linear_formula(mean: str, index: Fraction, target: Fraction, points: str) -> str:
    if index < GATE:
        return f"{_equals(mean, index)} < {_percent(GATE)} → 0×{points}"
    return f"({mean}−{_percent(GATE)})/(1−{_percent(GATE)})×{points}"


def _bands(index: Fraction, target: Fraction) -> Fraction:
    """Lower bounds inclusive: 财预〔2021〕101号."""
    return next((part for bound, part in BANDS if index >= bound), Fraction(0))


def _bands_formula(mean: str, index: Fraction, target: Fraction, points: str) -> str:
    reached = [bound for bound, _ in BANDS if index >= bound]
    sign, bound = ("≥", reached[0]) if reached else ("<", BANDS[-1][0])
    part = wording.weight(_bands(index, target))
    return f"{_equals(mean, index)} {sign} {_percent(bound)} → {part}×{points}"


def _threshold(index: Fraction, target: Fraction) -> Fraction:
    """Target reached: all; else index/target (未完成的，按照完成值与指标值的比例记分)."""
    return min(index / target, Fraction(1))


def _threshold_formula(mean: str, index: Fraction, target: Fraction, points: str) -> str:
    if index >= target:
        return f"{_equals(mean, index)} ≥ {_percent(target)} → 1.0×{points}"
    return f"{mean}÷{_percent(target)}×{points}"


def _equals(mean: str, index: Fraction) -> str:
    return f"{mean} {'=' if wording.is_exact(index) else '≈'} {wording.exact(index)}"


def _percent(share: Fraction) -> str:
    return f"{wording.exact(share * 100)}%"


GATE = Fraction(3, 5)
BANDS = (
    (Fraction(9, 10), Fraction(1)),
    (Fraction(8, 10), Fraction(8, 10)),
    (Fraction(6, 10), Fraction(5, 10)),
)
POINT_RULES: Mapping[str, PointRule] = MappingProxyType(
    {
        "proportional": PointRule(
            "按比例：指数×分值",
            "proportional: index × points",
            _proportional,
            _proportional_formula,
        ),
        "gate_linear": PointRule(
            "60%起按比例：(指数−60%)/(1−60%)×分值，低于60%得0分",
            "linear above 60%: (index − 60%)/(1 − 60%) × points, 0 below",
            _gate_linear,
            _gate_linear_formula,
        ),
        "bands": PointRule(
            "分档：≥90%得全部，≥80%得80%，≥60%得50%，低于60%得0分",
            "bands: ≥90% all, ≥80% 0.8, ≥60% 0.5, else 0 of the points",
            _bands,
            _bands_formula,
        ),
        "threshold": PointRule(
            "目标值：达到目标得全部，未达到按指数÷目标值×分值",
            "target: all points if reached, else index ÷ target × points",
            _threshold,
            _threshold_formula,
            needs_target=True,
        ),
    }
)
