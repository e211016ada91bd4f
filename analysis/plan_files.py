"""What a YAML file or a form says of a scoring plan -> ScoringPlan; all faults at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from analysis.messages import Remark
from analysis.plans import (
    INTEGERS,
    PRESETS,
    TREATMENTS,
    PlanError,
    ScoringPlan,
    default_top,
    default_weights,
    levels,
    plan_faults,
)
from surveys.definition import Question

Weights = tuple[Decimal, ...]
NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{1,9})?|\.\d{1,9})")


def read_plan(
    data: Any, question: Question, points: Decimal | int | str | None = None
) -> ScoringPlan:
    """Every field may be missing but the points, which `points` gives if the data do not.

    Without `weights` the named `preset` counts, without both the default of as many levels.
    Raises PlanError with all faults.
    """
    if not isinstance(data, Mapping):
        raise PlanError((Remark("not_a_plan"),))
    reader = _Reader(data, question)
    plan = reader.plan(points)
    faults = [*reader.faults, *(f for f in plan_faults(plan, question) if not reader.hides(f))]
    if faults:
        raise PlanError(tuple(faults))
    return plan


class _Reader:
    """Turns one field after the other into its type; notes what it could not read.

    A field that could not be read gets a harmless stand-in, so that the others can still be
    checked, and is listed in `unread`, so that the stand-in is not complained about.
    """

    def __init__(self, data: Mapping[str, Any], question: Question) -> None:
        self.data, self.question = data, question
        self.faults: list[Remark] = []
        self.unread: set[str] = set()

    def plan(self, points: Any) -> ScoringPlan:
        allowed = tuple(field.name for field in fields(ScoringPlan))
        for key in self.data:
            if key not in allowed:
                self.faults.append(Remark("unknown_field", {"field": key, "allowed": allowed}))
        preset, weights = self._weights()
        return ScoringPlan(
            question=str(self.data.get("question") or self.question.code),
            weights=weights,
            points=self._points(points),
            top=self._top(),
            **{name: self._treatment(name) for name in TREATMENTS},
            point_rule=str(self.data.get("point_rule") or "proportional"),
            target=self._target(),
            places=self._integer("places"),
            version=self._integer("version"),
            preset=preset,
        )

    def hides(self, fault: Remark) -> bool:
        """Whether the fault is only that of a stand-in."""
        field = FIELD_OF.get(fault.code, "").format_map(fault.details)
        return field in self.unread

    def _weights(self) -> tuple[str, dict[str, Decimal]]:
        codes = [option.code for option in levels(self.question)]
        name, defaults = default_weights(len(codes))
        wanted = self.data.get("preset")
        if wanted:
            name, defaults = self._preset(str(wanted), defaults)
        standard = dict(zip(codes, defaults, strict=True))
        given = self.data.get("weights")
        if given is None:
            return name, standard
        if not isinstance(given, Mapping):
            self._note("weights", "weights_not_a_list")
            return "", standard
        weights = {str(code): self._number(p, f"weights.{code}") for code, p in given.items()}
        read = {code: p for code, p in weights.items() if p is not None}
        return (name if read == standard else ""), read

    def _preset(self, name: str, otherwise: Weights) -> tuple[str, Weights]:
        if name not in PRESETS:
            self._note("preset", "unknown_preset", value=name, allowed=tuple(PRESETS))
            return "", otherwise
        weights = PRESETS[name].weights
        if len(weights) == len(otherwise):
            return name, weights
        self._note(
            "preset",
            "preset_levels",
            value=name,
            levels=len(weights),
            question=self.question.code,
            options=len(otherwise),
        )
        return "", otherwise

    def _points(self, otherwise: Any) -> Decimal:
        given = self.data.get("points", otherwise)
        if given is None:
            self._note("points", "points_missing")
            return Decimal(1)
        return self._number(given, "points") or Decimal(0)

    def _top(self) -> tuple[str, ...]:
        given = self.data.get("top")
        if given is None:
            return default_top(self.question)
        if isinstance(given, list | tuple) and given:
            return tuple(map(str, given))
        self._note("top", "top_not_a_list")
        return default_top(self.question)

    def _treatment(self, name: str) -> Any:
        given = self.data.get(name)
        if given is None or given in ("exclude", "zero"):
            return given or "exclude"
        number = _decimal(given)
        return str(given) if number is None else number

    def _target(self) -> Decimal | None:
        given = self.data.get("target")
        return None if given is None else self._number(given, "target")

    def _integer(self, name: str) -> int:
        standard = STANDARD[name]
        given = self.data.get(name, standard)
        if isinstance(given, int) and not isinstance(given, bool):
            return given
        minimum, maximum = INTEGERS[name]
        self._note(name, "not_an_integer", minimum=minimum, maximum=maximum, value=given)
        return standard

    def _number(self, given: Any, field: str) -> Decimal | None:
        number = _decimal(given)
        if number is None:
            self._note(field, "not_a_number", value=given)
        return number

    def _note(self, field: str, code: str, **details: Any) -> None:
        self.unread.add(field)
        self.faults.append(Remark(code, {"field": field, **details}))


def _decimal(given: Any) -> Decimal | None:
    """A number by its written form; None for booleans, exponents and what is no number."""
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        return None
    text = unicodedata.normalize("NFKC", str(given)).strip()
    return Decimal(text) if NUMBER.fullmatch(text) else None


STANDARD = {"places": 2, "version": 1}
FIELD_OF = {
    "weight_missing": "weights.{option}",
    "points_not_positive": "points",
    "target_missing": "target",
}
