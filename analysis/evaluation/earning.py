"""One indicator and what is known of it -> the points earned, and how that came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from analysis import wording
from analysis.evaluation.framework import Leaf
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.messages import Fault
from analysis.evaluation.rules import (
    SURVEYED,
    Checklist,
    CountBands,
    Deductions,
    FundRate,
    GateLinear,
    PercentBands,
    Proportional,
    QualitativeBands,
    Rule,
    Satisfaction,
    SurveyShare,
    Threshold,
    ratios,
)
from analysis.evaluation.scales import AnyScale, read_scale, scale_formula
from analysis.evaluation.survey_scores import point_scale, satisfaction, survey_share
from analysis.evaluation.surveyed import CannotScoreError, Plans, Surveyed
from analysis.evaluation.values import Value, of_quotient

Basis = Literal["stated", "measured", "survey", "funds", "none"]
"""A score typed in; a value typed in; counted answers; the fund table; nothing yet."""


@dataclass(frozen=True)
class Earned:
    """`score` is None where there is nothing to score yet.

    `readings` are the scores (down, up) where the rubric is ambiguous; `number` is what was
    measured (a share 0..1, or cases), for scales; `surveyed` has base, counts and interval.
    """

    score: Fraction | None
    formula: str
    basis: Basis
    number: Fraction | None = None
    readings: tuple[Fraction, Fraction] | None = None
    surveyed: Surveyed | None = None
    remarks: tuple[Fault, ...] = ()


def earn(
    leaf: Leaf, inputs: Inputs, *, rubric: Sequence[Decimal] = (), rescored: bool = False
) -> Earned:
    """A stated score counts before a value, a value before survey and funds.

    `rubric` has the ratios that bands may give, where the framework states them. With `rescored`
    the survey comes first wherever its questions measure the indicator.
    """
    measure = inputs.measures.get(leaf.id)
    if measure is not None and measure.score is None and measure.value is None:
        measure = None
    if isinstance(leaf.rule, SURVEYED) and (rescored or measure is None):
        by_survey = _by_survey(leaf, inputs)
        if measure is None or by_survey.score is not None:
            return by_survey
    if measure is not None and measure.score is not None:
        return _stated(leaf, measure.score, rubric)
    if measure is not None and measure.value is not None:
        return _measured(leaf, measure.value, inputs.plans)
    if isinstance(leaf.rule, FundRate):
        return _by_funds(leaf.rule, leaf.points, inputs)
    return _nothing(Fault("", "not_measured", {}, "note"))


def scale_of(rule: Rule) -> AnyScale | None:
    """The scale that a rule puts a number through, if it has one."""
    if isinstance(rule, SurveyShare | FundRate):
        return rule.scale
    if isinstance(rule, PercentBands | CountBands | Proportional | GateLinear | Threshold):
        return rule
    return None


def _nothing(fault: Fault) -> Earned:
    return Earned(None, "", "none", remarks=(fault,))


def _stated(leaf: Leaf, score: Decimal, rubric: Sequence[Decimal]) -> Earned:
    """The part earned must be one that the rubric has; else it is read down and up."""
    points, earned = Fraction(leaf.points), Fraction(score)
    shown, of = wording.exact(score), wording.exact(leaf.points)
    possible = ratios(leaf.rule)
    if possible is not None and rubric:
        possible = tuple(sorted(Fraction(ratio) for ratio in rubric))
    if possible is None or not points:
        return Earned(earned, f"{shown}/{of}", "stated")
    part = earned / points
    formula = f"{wording.exact(part)}×{of} = {shown}"
    down = max((ratio for ratio in possible if ratio < part), default=possible[0])
    up = min((ratio for ratio in possible if ratio > part), default=possible[-1])
    if part in possible:
        return Earned(earned, formula, "stated")
    details = {
        "ratio": wording.exact(part),
        "allowed": [wording.exact(ratio) for ratio in possible],
        "down": wording.exact(down),
        "up": wording.exact(up),
    }
    fault = Fault("", "ratio_not_in_rule", details)
    readings = (down * points, up * points)
    return Earned(earned, formula, "stated", readings=readings, remarks=(fault,))


def _by_survey(leaf: Leaf, inputs: Inputs) -> Earned:
    try:
        found = (
            survey_share(leaf.rule, leaf.points, inputs.surveys)
            if isinstance(leaf.rule, SurveyShare)
            else satisfaction(leaf.rule, leaf.points, inputs.surveys, inputs.plans)  # type: ignore
        )
    except CannotScoreError as error:
        return _nothing(error.fault)
    basis: Basis = "none" if found.score is None else "survey"
    return Earned(
        score=found.score,
        formula=found.formula,
        basis=basis,
        number=found.estimate,
        readings=found.readings,
        surveyed=found,
        remarks=found.remarks,
    )


def _by_funds(rule: FundRate, points: Decimal, inputs: Inputs) -> Earned:
    amounts = inputs.funds.amounts(rule.rate, rule.item, rule.level)
    if amounts is None:
        return _nothing(Fault("", "no_fund_rate", {}, "note"))
    above, below = (wording.exact(amount) for amount in amounts)
    return _by_scale(rule.scale, points, of_quotient(above, below), "funds")


def _measured(leaf: Leaf, value: Value, plans: Plans) -> Earned:
    if isinstance(leaf.rule, Satisfaction):
        return _index(leaf.rule, leaf.points, value, plans)
    return MEASURED[type(leaf.rule)](leaf.rule, leaf.points, value)


def _own_scale(rule: Any, points: Decimal, value: Value) -> Earned:
    return _by_scale(scale_of(rule) or rule, points, value)


def _by_scale(scale: AnyScale, points: Decimal, value: Value, basis: Basis = "measured") -> Earned:
    number, whole = value.number or Fraction(0), Fraction(points)
    reading = read_scale(scale, number)
    score = reading.ratio * whole
    formula = scale_formula(scale, value.text, number, whole) + _equals(score)
    readings = None if reading.down == reading.up else (reading.down * whole, reading.up * whole)
    return Earned(score, formula, basis, number, readings, remarks=_band_remarks(reading, value))


def _band_remarks(reading: Any, value: Value) -> tuple[Fault, ...]:
    if reading.fits == 1:
        return ()
    details = {"value": value.text, "ratio": wording.exact(reading.ratio)}
    if reading.nearest is not None:
        return (Fault("", "beyond_bands", details | {"band": reading.nearest.when}),)
    code = "several_bands" if reading.fits else "no_band"
    return (Fault("", code, details),)


def _level(rule: QualitativeBands, points: Decimal, value: Value) -> Earned:
    ratio = next(Fraction(level.ratio) for level in rule.levels if level.label == value.label)
    score = ratio * Fraction(points)
    formula = f"{value.label} → {wording.weight(ratio)}×{wording.exact(points)}{_equals(score)}"
    return Earned(score, formula, "measured")


def _checklist(rule: Checklist, points: Decimal, value: Value) -> Earned:
    total = sum((Fraction(earned) for earned in value.items.values()), Fraction(0))
    score = min(total, Fraction(points))
    if score == total:
        return Earned(score, value.text + _equals(score), "measured")
    details = {"sum": wording.exact(total), "points": wording.exact(points)}
    formula = f"min({value.text}, {wording.exact(points)}){_equals(score)}"
    return Earned(score, formula, "measured", remarks=(Fault("", "item_points_capped", details),))


def _deductions(rule: Deductions, points: Decimal, value: Value) -> Earned:
    each = {item.name: item.points for item in rule.items}
    taken = sum(
        (Fraction(n) * Fraction(each[name]) for name, n in value.items.items()), Fraction(0)
    )
    left = Fraction(points) - taken
    text = f"{wording.exact(points)}{value.text}"
    if left < 0:
        return Earned(Fraction(0), f"max(0, {text}) = 0", "measured")
    return Earned(left, text + (_equals(left) if value.text else ""), "measured")


def _index(rule: Satisfaction, points: Decimal, value: Value, plans: Plans) -> Earned:
    """An index measured elsewhere earns what the same index of the survey would."""
    try:
        return _by_scale(point_scale(rule, plans), points, value)
    except CannotScoreError as error:
        return _nothing(error.fault)


def _equals(score: Fraction) -> str:
    return f" {'=' if wording.is_exact(score) else '≈'} {wording.exact(score)}"


MEASURED: Mapping[type, Callable[[Any, Decimal, Value], Earned]] = MappingProxyType(
    {
        PercentBands: _own_scale,
        CountBands: _own_scale,
        QualitativeBands: _level,
        Checklist: _checklist,
        Deductions: _deductions,
        Proportional: _own_scale,
        GateLinear: _own_scale,
        Threshold: _own_scale,
        SurveyShare: _own_scale,
        FundRate: _own_scale,
    }
)
