"""What somebody measured, as typed into a file or a form -> a value that a rule can score."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from analysis import wording
from analysis.evaluation.rules import (
    Checklist,
    CountBands,
    Deductions,
    FundRate,
    GateLinear,
    Manual,
    PercentBands,
    Proportional,
    QualitativeBands,
    Rule,
    Satisfaction,
    SurveyShare,
    Threshold,
)

PERCENT = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?%")
QUOTIENT = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,6})?)/(\d{1,12}(?:\.\d{1,6})?)")
NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")
COUNT = re.compile(r"\d{1,9}")
SIGNS = str.maketrans({"％": "%", "−": "-", "／": "/"})
YES, NO = ("是", "有", "true", "yes"), ("否", "无", "false", "no")


@dataclass(frozen=True)
class Value:
    """`number` is a share (0..1) or a number of cases; `items` are points or numbers by name.

    `text` is how a formula writes it.
    """

    text: str
    number: Fraction | None = None
    label: str = ""
    items: Mapping[str, Decimal] = field(default_factory=dict)


class ValueFault(ValueError):  # noqa: N818 - a fault of a file, named as the others are
    """A value that the rule cannot score: code and details of the message."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def read_value(rule: Rule, raw: Any) -> Value:
    """Raises ValueFault."""
    return READERS[type(rule)](rule, raw)


def _share(rule: Rule, raw: Any) -> Value:
    text = _text(raw)
    if PERCENT.fullmatch(text):
        return Value(text, Fraction(text.rstrip("%")) / 100)
    parts = QUOTIENT.fullmatch(text)
    if parts is None or not Fraction(parts[2]):
        raise ValueFault("not_a_share", value=raw)
    return of_quotient(parts[1], parts[2])


def of_quotient(above: Decimal | str | int, below: Decimal | str | int) -> Value:
    """`79/100 = 79%`; raises ZeroDivisionError."""
    share = Fraction(above) / Fraction(below)
    return Value(f"{above}/{below} {equals_percent(share)}", share)


def equals_percent(share: Fraction) -> str:
    sign = "=" if wording.is_exact(share * 100) else "≈"
    return f"{sign} {wording.exact(share * 100)}%"


def _count(rule: Rule, raw: Any) -> Value:
    text = _text(raw)
    if not COUNT.fullmatch(text):
        raise ValueFault("not_a_count", value=raw)
    return Value(text, Fraction(text))


def _level(rule: QualitativeBands, raw: Any) -> Value:
    text = _text(raw)
    allowed = [level.label for level in rule.levels]
    if text not in allowed:
        raise ValueFault("unknown_level", value=raw, allowed=allowed)
    return Value(text, label=text)


def _checklist(rule: Checklist, raw: Any) -> Value:
    """Item -> yes, no or the points that it earned; every item must be told."""
    most = {item.name: item.points for item in rule.items}
    given = _named(raw, list(most))
    missing = [name for name in most if name not in given]
    if missing:
        raise ValueFault("items_missing", items=missing)
    earned = {name: _item_points(name, given[name], most[name]) for name in most}
    return Value("+".join(wording.exact(points) for points in earned.values()), items=earned)


def _item_points(name: str, raw: Any, most: Decimal) -> Decimal:
    text = _text(raw)
    if text in YES:
        return most
    if text in NO:
        return Decimal(0)
    if not NUMBER.fullmatch(text) or Decimal(text) > most:
        raise ValueFault("item_out_of_range", item=name, value=raw, points=wording.exact(most))
    return Decimal(text)


def _deductions(rule: Deductions, raw: Any) -> Value:
    """Item -> how many times; what is not named did not occur. A bare 0 stands for none at all."""
    each = {item.name: item.points for item in rule.items}
    given = {} if _text(raw) == "0" else _named(raw, list(each))
    numbers = {name: _item_count(name, value) for name, value in given.items()}
    taken = {name: number for name, number in numbers.items() if number}
    text = "".join(f"−{n}×{wording.exact(each[name])}" for name, n in taken.items())
    return Value(text, items={name: Decimal(number) for name, number in numbers.items()})


def _item_count(name: str, raw: Any) -> int:
    text = _text(raw)
    if text in YES:
        return 1
    if text in NO:
        return 0
    if not COUNT.fullmatch(text):
        raise ValueFault("not_an_item_count", item=name, value=raw)
    return int(text)


def _named(raw: Any, allowed: list[str]) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise ValueFault("not_items", allowed=allowed)
    for name in raw:
        if name not in allowed:
            raise ValueFault("unknown_item", item=name)
    return raw


def _judged(rule: Manual, raw: Any) -> Value:
    raise ValueFault("manual_needs_score")


def _text(raw: Any) -> str:
    """Full-width signs and blanks aside; YAML's own true and false as words."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if not isinstance(raw, str | int | float | Decimal):
        return ""
    return str(raw).strip().translate(SIGNS)


READERS: Mapping[type, Callable[[Any, Any], Value]] = MappingProxyType(
    {
        PercentBands: _share,
        CountBands: _count,
        QualitativeBands: _level,
        Checklist: _checklist,
        Deductions: _deductions,
        Proportional: _share,
        GateLinear: _share,
        Threshold: _share,
        SurveyShare: _share,
        Satisfaction: _share,
        FundRate: _share,
        Manual: _judged,
    }
)
