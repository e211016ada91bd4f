"""The form of a sample design: design -> typed texts, typed texts -> what the reader takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from analysis import wording
from analysis.sample_designs import SampleDesign

MOST_MARGINS = 4
FEWEST_SHOWN = 2
LONGEST = 200
MOST_FIELDS = 2000
BETWEEN = "|"


@dataclass(frozen=True)
class MarginForm:
    """One margin: a classification, one to cross it with, and a text per category."""

    by: str = ""
    cross: str = ""
    population: Mapping[str, str] | None = None

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(one for one in (self.by, self.cross) if one)

    @property
    def of(self) -> str:
        """Which classification the categories are of, so that another choice drops them."""
        return BETWEEN.join(self.named)

    def value(self, key: str) -> str:
        return (self.population or {}).get(key, "")


@dataclass(frozen=True)
class WeightingForm:
    """What stands in the fields. `later_population` are the sizes of stages that the page does not
    ask for but a stored design has."""

    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    population: MarginForm = MarginForm()
    later_population: tuple[Mapping[str, float], ...] = ()
    lonely: str = "refuse"
    unknown: str = "refuse"
    margins: tuple[MarginForm, ...] = ()
    low: str = ""
    high: str = ""
    reason: str = ""

    @property
    def slots(self) -> tuple[MarginForm, ...]:
        """The margins and at least one empty one, as far as there may be more."""
        shown = max(FEWEST_SHOWN, min(len(self.margins) + 1, MOST_MARGINS))
        return (*self.margins, *(MarginForm() for _ in range(shown - len(self.margins))))

    def as_data(self) -> dict[str, Any]:
        """For `analysis.sample_design_files`, which says what is wrong with it."""
        stages = [dict(self.population.population or {}), *self.later_population]
        return {
            "strata": list(self.strata),
            "clusters": list(self.clusters),
            "population": stages if any(stages) else [],
            "lonely": self.lonely,
            "unknown": self.unknown,
            "margins": [
                {"by": list(one.named), "population": dict(one.population or {})}
                for one in self.margins
            ],
            "bounds": [self.low, self.high] if self.low or self.high else None,
        }


def of_design(design: SampleDesign) -> WeightingForm:
    low, high = design.bounds or (None, None)
    return WeightingForm(
        strata=design.strata,
        clusters=design.clusters,
        population=MarginForm(population=_texts(design.population[0]))
        if design.population
        else MarginForm(),
        later_population=design.population[1:],
        lonely=design.lonely,
        unknown=design.unknown,
        margins=tuple(
            MarginForm(m.by[0], "".join(m.by[1:]), _texts(m.population)) for m in design.margins
        ),
        low="" if low is None else wording.exact(low),
        high="" if high is None else wording.exact(high),
    )


def of_posted(posted: MultiDict[str, str]) -> WeightingForm:
    strata = tuple(dict.fromkeys(_cut(one) for one in posted.getlist("strata")))
    clusters = (_text(posted, "cluster1"), _text(posted, "cluster2"))
    margins = (_margin(posted, place) for place in range(1, MOST_MARGINS + 1))
    return WeightingForm(
        strata=strata,
        clusters=tuple(one for one in clusters if one),
        population=MarginForm(population=_numbers(posted, "population", BETWEEN.join(strata))),
        lonely=_text(posted, "lonely") or "refuse",
        unknown=_text(posted, "unknown") or "refuse",
        margins=tuple(margin for margin in margins if margin.by),
        low=_text(posted, "low"),
        high=_text(posted, "high"),
        reason=_text(posted, "reason", 2 * LONGEST),
    )


def _margin(posted: MultiDict[str, str], place: int) -> MarginForm:
    chosen = MarginForm(_text(posted, f"margin{place}_by"), _text(posted, f"margin{place}_cross"))
    return MarginForm(chosen.by, chosen.cross, _numbers(posted, f"margin{place}", chosen.of))


def _numbers(posted: MultiDict[str, str], name: str, of: str) -> dict[str, str]:
    """The texts that were typed for the categories of just this classification."""
    if _text(posted, f"{name}_of", 3 * LONGEST) != of:
        return {}
    begin = f"{name}:"
    given = (
        (key.removeprefix(begin), value)
        for key, value in posted.items(multi=False)
        if key.startswith(begin)
    )
    typed = {key: _cut(value.strip()) for key, value in given if value.strip()}
    return dict(list(typed.items())[:MOST_FIELDS])


def _texts(population: Mapping[str, float]) -> dict[str, str]:
    return {key: wording.exact(number) for key, number in population.items()}


def _text(posted: MultiDict[str, str], name: str, longest: int = LONGEST) -> str:
    return _cut(posted.get(name, "").strip(), longest)


def _cut(text: str, longest: int = LONGEST) -> str:
    return text[:longest]
