"""The form of a scoring plan: plan -> typed texts, typed texts -> what `read_plan` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from analysis import wording
from analysis.plans import PRESETS, TREATMENTS, Preset, ScoringPlan, levels
from surveys.definition import Question

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class PlanForm:
    """What stands in the fields. `target` is in percent; a treatment is exclude, zero or weight,
    the weight itself stands in `own_weights`."""

    weights: dict[str, str]
    treatments: dict[str, str]
    own_weights: dict[str, str]
    top: tuple[str, ...]
    point_rule: str
    target: str
    points: str
    places: str
    reason: str = ""

    def with_preset(self, preset: Preset) -> PlanForm:
        texts = [wording.exact(p) for p in preset.weights]
        return replace(self, weights=dict(zip(self.weights, texts, strict=False)))

    def as_data(self) -> dict[str, Any]:
        """For `analysis.plan_files.read_plan`, which says what is wrong with it."""
        data: dict[str, Any] = {
            "weights": dict(self.weights),
            "preset": _preset_name(self.weights),
            "points": self.points,
            "top": list(self.top),
            "point_rule": self.point_rule,
            "places": int(self.places) if _is_digits(self.places) else self.places,
            "target": _share(self.target) if self.target else None,
        }
        return data | {
            name: self.own_weights[name] if value == "weight" else value
            for name, value in self.treatments.items()
        }


def of_plan(plan: ScoringPlan) -> PlanForm:
    treatments = {name: getattr(plan, name) for name in TREATMENTS}
    own = {n: t for n, t in treatments.items() if isinstance(t, Decimal)}
    return PlanForm(
        weights={code: wording.exact(p) for code, p in plan.weights.items()},
        treatments={n: "weight" if n in own else str(t) for n, t in treatments.items()},
        own_weights={n: wording.exact(own[n]) if n in own else "" for n in TREATMENTS},
        top=plan.top,
        point_rule=plan.point_rule,
        target="" if plan.target is None else wording.exact(plan.target * HUNDRED),
        points=wording.exact(plan.points),
        places=str(plan.places),
    )


def of_posted(posted: MultiDict[str, str], question: Question) -> PlanForm:
    codes = [option.code for option in levels(question)]
    return PlanForm(
        weights={code: _text(posted, f"weight_{code}") for code in codes},
        treatments={name: _text(posted, name) or "exclude" for name in TREATMENTS},
        own_weights={name: _text(posted, f"{name}_weight") for name in TREATMENTS},
        top=tuple(posted.getlist("top")),
        point_rule=_text(posted, "point_rule"),
        target=_text(posted, "target"),
        points=_text(posted, "points"),
        places=_text(posted, "places"),
        reason=_text(posted, "reason"),
    )


def _text(posted: MultiDict[str, str], name: str) -> str:
    return posted.get(name, "").strip()[:200]


def _preset_name(weights: Mapping[str, str]) -> str | None:
    """The preset of just these pᵢ, so that its name is kept with the plan."""
    typed = [_decimal(text) for text in weights.values()]
    return next((name for name, preset in PRESETS.items() if _same(preset, typed)), None)


def _same(preset: Preset, typed: Sequence[Decimal | None]) -> bool:
    return list(preset.weights) == list(typed)


def _share(percent: str) -> str:
    """`90` and `90%` are 0.9; what is no number stays as typed, to be complained about."""
    number = _decimal(percent.rstrip("%％ "))
    return percent if number is None else wording.exact(number / HUNDRED)


def _decimal(text: str) -> Decimal | None:
    plain = text.replace(".", "", 1)
    return Decimal(text) if len(text) <= 12 and _is_digits(plain) else None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
