"""Scoring rules (评分规则) as data: one frozen class per kind, told apart by `kind`.

Only the shape of a rule is stated here; whether its parts fit together is looked at in
`analysis.evaluation.checks`, what a measure earns in `analysis.evaluation.earning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, field_validator

from analysis.evaluation.intervals import Interval, IntervalError, parse
from analysis.ranges import read_range
from surveys.definition import Code, OptionCode, Slug, Words

MOST_POINTS = 10_000


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _no_truth_value(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError("yes or no is not a number")
    return given


def _interval_text(given: str) -> str:
    try:
        parse(given)
    except IntervalError:
        raise ValueError(f"{given!r} is no interval of x") from None
    return given


def percent_signs(text: str) -> frozenset[bool]:
    """Whether the ends of the interval are written with %, some of both kinds or none.

    0 is the same with and without it.
    """
    found = read_range(text)
    return frozenset(end.is_percent for end in (found.low, found.high) if end and end.number)


Number = Annotated[Decimal, BeforeValidator(_no_truth_value)]
Points = Annotated[Number, Field(ge=0, le=MOST_POINTS, decimal_places=6)]
PositivePoints = Annotated[Number, Field(gt=0, le=MOST_POINTS, decimal_places=6)]
Share = Annotated[Number, Field(ge=0, le=1, decimal_places=9)]
IntervalText = Annotated[Words, BeforeValidator(_no_truth_value), Field(max_length=60)]


class Band(Frozen):
    """One 评分档: the part of the points (`ratio`, 0..1) for what lies in the interval `when`."""

    ratio: Share
    when: IntervalText
    label: str = ""
    printed: str = ""
    """How the document words it, where that differs."""

    _check_when = field_validator("when")(_interval_text)

    @cached_property
    def interval(self) -> Interval:
        return parse(self.when)


class PercentBands(Frozen):
    """Bands of a percentage; `range` is what the percentage can be at all."""

    kind: Literal["percent_bands"]
    bands: tuple[Band, ...] = Field(min_length=1)
    range: IntervalText = "0%≤x≤100%"

    _check_range = field_validator("range")(_interval_text)

    @cached_property
    def within(self) -> Interval:
        return parse(self.range)


class CountBands(Frozen):
    """Bands of a number of cases (例)."""

    kind: Literal["count_bands"]
    bands: tuple[Band, ...] = Field(min_length=1)
    range: IntervalText = "x≥0"

    _check_range = field_validator("range")(_interval_text)

    @cached_property
    def within(self) -> Interval:
        return parse(self.range)


class Level(Frozen):
    """One rung of a qualitative scale: the measure names its label."""

    label: Words
    ratio: Share


class QualitativeBands(Frozen):
    kind: Literal["qualitative_bands"]
    levels: tuple[Level, ...] = Field(min_length=2)


class Item(Frozen):
    """One thing that a checklist or a list of deductions names, with its points."""

    name: Words
    points: PositivePoints


class Checklist(Frozen):
    """Every item that is met adds its points."""

    kind: Literal["checklist"]
    items: tuple[Item, ...] = Field(min_length=1)
    text: str = ""


class Deductions(Frozen):
    """From `full` (the indicator's points) each deficiency takes its points, down to 0."""

    kind: Literal["deductions"]
    items: tuple[Item, ...] = Field(min_length=1)
    full: Points | None = None
    """Only where the document states another number than the indicator's points."""
    text: str = ""


class Proportional(Frozen):
    """The share itself is the part earned, at most 1."""

    kind: Literal["proportional"]


class GateLinear(Frozen):
    """(x−60%)/(1−60%), nothing below 60%: 财预〔2021〕101号."""

    kind: Literal["gate_linear"]


class Threshold(Frozen):
    """Target reached: all points; else in proportion."""

    kind: Literal["threshold"]
    target: Annotated[Number, Field(gt=0, le=100, decimal_places=9)]


Scale = Annotated[PercentBands | Proportional | GateLinear | Threshold, Field(discriminator="kind")]
"""What turns a share into a part of the points."""


class Asked(Frozen):
    """A question of a questionnaire (whichever version); `weight` counts where means are taken."""

    questionnaire: Slug
    question: Code
    weight: Annotated[Number, Field(gt=0, le=1000)] = Decimal(1)

    @property
    def reference(self) -> str:
        return f"{self.questionnaire}/{self.question}"


class AskedOptions(Asked):
    """The options that count as agreement."""

    options: tuple[OptionCode, ...] = Field(min_length=1)


class SurveyShare(Frozen):
    """Share of those who chose the named options, all questions pooled: Σ chosen / Σ answered,
    refusals left out."""

    kind: Literal["survey_share"]
    asked: tuple[AskedOptions, ...] = Field(min_length=1)
    scale: Scale


class Satisfaction(Frozen):
    """Σnᵢpᵢ/Σnᵢ × points of one question, or of several pooled by head count or by mean of indices.

    `plan` holds fields of a scoring plan where the framework states them; else the project's plan
    or the default of as many levels is used.
    """

    kind: Literal["satisfaction"]
    asked: tuple[Asked, ...] = Field(min_length=1)
    combine: Literal["pooled", "mean"] = "pooled"
    plan: Mapping[str, Any] = {}
    text: str = ""


class FundRate(Frozen):
    """到位率 (arrived/planned) or 执行率 (spent/arrived), of one item and level or of all funds."""

    kind: Literal["fund_rate"]
    rate: Literal["arrived", "executed"]
    item: str = ""
    level: str = ""
    scale: Scale


class Manual(Frozen):
    """A judgement: the measure gives the score and the reason for it."""

    kind: Literal["manual"]
    text: Words


Rule = (
    PercentBands
    | CountBands
    | QualitativeBands
    | Checklist
    | Deductions
    | Proportional
    | GateLinear
    | Threshold
    | SurveyShare
    | Satisfaction
    | FundRate
    | Manual
)
RULE: TypeAdapter[Rule] = TypeAdapter(Annotated[Rule, Field(discriminator="kind")])
KINDS = tuple(get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(Rule))
SURVEYED = (SurveyShare, Satisfaction)


def ratios(rule: Rule) -> tuple[Fraction, ...] | None:
    """Every part of the points that the rule can give, ascending; None where any is possible."""
    if isinstance(rule, SurveyShare | FundRate):
        return ratios(rule.scale)
    if isinstance(rule, PercentBands | CountBands):
        return tuple(sorted({Fraction(band.ratio) for band in rule.bands}))
    if isinstance(rule, QualitativeBands):
        return tuple(sorted({Fraction(level.ratio) for level in rule.levels}))
    return None
