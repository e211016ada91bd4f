"""ScoringPlan (计分方案): how answers become points; versioned and printed with every score.

No national rule fixes the pᵢ, so they are always visible. All numbers are Decimals, taken from
their written form, so that 0.8 is exactly 0.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from analysis.messages import Remark
from analysis.points import POINT_RULES
from analysis.wording import rounded
from surveys.definition import Kind, Meaning, Option, Question

Treatment = Literal["exclude", "zero"] | Decimal
"""What 不清楚, 拒答 and blanks count as: left out of the base, 0, or a pᵢ of their own."""


@dataclass(frozen=True)
class ScoringPlan:
    """`weights` has the pᵢ of each substantive option, `top` those that count for the 满意率.

    `points` is the indicator's 分值; `target` (0..1) belongs to the point rule "threshold" only;
    `places` are the digits that the score is printed with (the score itself is never rounded).
    """

    question: str
    weights: Mapping[str, Decimal]
    points: Decimal
    top: tuple[str, ...]
    dont_know: Treatment = "exclude"
    refused: Treatment = "exclude"
    blank: Treatment = "exclude"
    point_rule: str = "proportional"
    target: Decimal | None = None
    places: int = 2
    version: int = 1
    preset: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))

    def as_data(self) -> dict[str, Any]:
        """Plain numbers, lists and texts for JSON and YAML; `analysis.plan_files` reads them."""
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        data |= {"weights": {code: plain(p) for code, p in self.weights.items()}}
        data |= {"top": list(self.top), "points": plain(self.points)}
        data |= {name: plain(data[name]) for name in (*TREATMENTS, "target")}
        return data


@dataclass(frozen=True)
class Preset:
    """A usual set of pᵢ, from the most to the least satisfied."""

    zh: str
    en: str
    weights: tuple[Decimal, ...]


class PlanError(ValueError):
    """A plan that is refused; `faults` has every reason."""

    def __init__(self, faults: tuple[Remark, ...]) -> None:
        super().__init__("\n".join(fault.text() for fault in faults))
        self.faults = faults


def default_plan(question: Question, points: Decimal | int | str) -> ScoringPlan:
    """The plan to start from: the default preset of as many levels, the upper levels as top.

    Raises PlanError if the question cannot be scored or the points are not above 0.
    """
    options = levels(question)
    preset, weights = default_weights(len(options))
    plan = ScoringPlan(
        question=question.code,
        weights={option.code: p for option, p in zip(options, weights, strict=True)},
        points=Decimal(points),
        top=default_top(question),
        preset=preset,
    )
    faults = plan_faults(plan, question)
    if faults:
        raise PlanError(faults)
    return plan


def default_top(question: Question) -> tuple[str, ...]:
    """非常满意 and 比较满意 of four levels and more, the best option of two or three."""
    options = levels(question)
    return tuple(option.code for option in options[: 2 if len(options) >= 4 else 1])


def default_weights(count: int) -> tuple[str, tuple[Decimal, ...]]:
    """Name of the preset ("" if there is none for `count` levels: even steps from 1 to 0)."""
    for name, preset in PRESETS.items():
        if len(preset.weights) == count:
            return name, preset.weights
    steps = max(count - 1, 1)
    even = (rounded(Fraction(steps - step, steps)) for step in range(count))
    return "", tuple(p for p in even if p is not None)


def presets_for(question: Question) -> Mapping[str, Preset]:
    """The presets with as many pᵢ as the question has levels."""
    count = len(levels(question))
    return {name: preset for name, preset in PRESETS.items() if len(preset.weights) == count}


def levels(question: Question) -> tuple[Option, ...]:
    """The substantive options (all but 不清楚 and 拒答), from the most to the least favourable."""
    return question.levels


def plan_faults(plan: ScoringPlan, question: Question) -> tuple[Remark, ...]:
    """Everything that is wrong with the plan for this question; empty if it may be used."""
    return tuple(fault for check in CHECKS for fault in check(plan, question))


def plain(value: Any) -> Any:
    """A Decimal as int or float, whose shortest form is the same number; the rest as it is."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _check_question(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    if plan.question != question.code:
        yield Remark("other_question", {"given": plan.question, "question": question.code})
    if question.kind not in SCORABLE:
        yield Remark("not_scorable", {"question": question.code})
    elif len(levels(question)) < 2:
        yield Remark("no_levels", {"question": question.code})


def _check_weights(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    wanted = [option.code for option in levels(question)]
    for code in wanted:
        if code not in plan.weights:
            yield Remark("weight_missing", {"option": code})
    for code, p in plan.weights.items():
        if code not in question.position:
            yield Remark("weight_unknown", {"option": code, "question": question.code})
        elif code not in wanted:
            field = str(question.option(code).meaning)
            yield Remark("weight_of_meaning", {"option": code, "field": field})
        if not 0 <= p <= 1:
            yield Remark("weight_out_of_range", {"option": code, "value": p})
    given = [(code, plan.weights[code]) for code in wanted if code in plan.weights]
    for (earlier, above), (code, p) in pairwise(given):
        if p > above:
            details = {"option": code, "value": p, "earlier": earlier, "earlier_value": above}
            yield Remark("not_monotone", details)


def _check_treatments(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    for name in TREATMENTS:
        value = getattr(plan, name)
        known = 0 <= value <= 1 if isinstance(value, Decimal) else value in ("exclude", "zero")
        if not known:
            yield Remark("unknown_treatment", {"field": name, "value": value})


def _check_points(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    if plan.points <= 0:
        yield Remark("points_not_positive", {"value": plan.points})
    if plan.point_rule not in POINT_RULES:
        details = {"value": plan.point_rule, "allowed": tuple(POINT_RULES)}
        yield Remark("unknown_rule", details)
    elif not POINT_RULES[plan.point_rule].needs_target:
        if plan.target is not None:
            yield Remark("target_unused")
    elif plan.target is None:
        yield Remark("target_missing")
    elif not 0 < plan.target <= 1:
        yield Remark("target_out_of_range", {"value": plan.target})


def _check_top(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    scored = {option.code for option in levels(question)}
    if not plan.top and scored:
        yield Remark("top_not_a_list")
    for code in plan.top:
        if code not in scored:
            yield Remark("top_unknown", {"option": code})


def _check_integers(plan: ScoringPlan, question: Question) -> Iterator[Remark]:
    for field, (minimum, maximum) in INTEGERS.items():
        value = getattr(plan, field)
        if not minimum <= value <= maximum:
            details = {"field": field, "minimum": minimum, "maximum": maximum, "value": value}
            yield Remark("not_an_integer", details)


def _preset(zh: str, en: str, *weights: str) -> Preset:
    return Preset(zh, en, tuple(Decimal(p) for p in weights))


SCORABLE = frozenset({Kind.SINGLE, Kind.SCALE})
TREATMENTS = (Meaning.DONT_KNOW.value, Meaning.REFUSED.value, "blank")
INTEGERS = {"places": (0, 6), "version": (1, 1_000_000)}
CHECKS = (
    _check_question,
    _check_weights,
    _check_treatments,
    _check_points,
    _check_top,
    _check_integers,
)
PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "four": _preset("四级 1/0.8/0.3/0", "four levels 1/.8/.3/0", "1", "0.8", "0.3", "0"),
        "four-half": _preset("四级 1/0.8/0.5/0", "four levels 1/.8/.5/0", "1", "0.8", "0.5", "0"),
        "four-thirds": _preset(
            "四级 1/0.67/0.33/0", "four levels 1/.67/.33/0", "1", "0.67", "0.33", "0"
        ),
        "four-rate": _preset("满意率 1/1/0/0", "share of satisfied 1/1/0/0", "1", "1", "0", "0"),
        "five": _preset(
            "五级 1/0.8/0.6/0.3/0", "five levels 1/.8/.6/.3/0", "1", "0.8", "0.6", "0.3", "0"
        ),
        "five-even": _preset(
            "五级 1/0.8/0.6/0.4/0.2", "five levels 1/.8/.6/.4/.2", "1", "0.8", "0.6", "0.4", "0.2"
        ),
    }
)
"""The first of as many levels is the default."""


def points_of(plan: ScoringPlan, index: Fraction) -> Fraction:
    """The part of the plan's points that an index 0..1 earns."""
    target = Fraction(1 if plan.target is None else plan.target)
    return POINT_RULES[plan.point_rule].portion(index, target) * Fraction(plan.points)
