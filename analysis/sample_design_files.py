"""What a form or stored JSON says of a sample design -> SampleDesign; all faults at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from analysis.sample_design_words import DesignFault
from analysis.sample_designs import METHODS, UNKNOWN, PopulationMargin, SampleDesign
from analysis.stages import LONELY
from analysis.wording import plain_number

NUMBER = re.compile(r"\d{1,12}(\.\d{1,9})?|\.\d{1,9}")
LARGEST = 10**10
LONGEST = 500
"""Characters of the key of a class: names of areas of three levels, crossed."""
MOST = {"strata": 3, "clusters": 2, "population": 2, "margins": 4, "by": 2}
MOST_CATEGORIES = 2000


class SampleDesignError(ValueError):
    """A description that is refused; `faults` has every reason."""

    def __init__(self, faults: tuple[DesignFault, ...]) -> None:
        super().__init__("\n".join(fault.text() for fault in faults))
        self.faults = faults


def read_sample_design(data: Any, version: int = 0) -> SampleDesign:
    """Every field may be missing; numbers may be texts (`1,200`, `１２００`, `45%`), empty ones
    are left out. Raises SampleDesignError with all faults."""
    if not isinstance(data, Mapping):
        raise SampleDesignError((DesignFault("not_a_design"),))
    reader = _Reader()
    design = reader.design(data, version)
    if reader.faults:
        raise SampleDesignError(tuple(reader.faults))
    return design


class _Reader:
    """Turns one field after the other into its type and notes what it cannot read."""

    def __init__(self) -> None:
        self.faults: list[DesignFault] = []

    def design(self, data: Mapping[str, Any], version: int) -> SampleDesign:
        allowed = tuple(f.name for f in fields(SampleDesign) if f.name != "version")
        for key in data:
            if key not in allowed:
                self.note("unknown_field", str(key), value=", ".join(allowed))
        margins = tuple(
            self.margin(one, place)
            for place, one in enumerate(self.several(data.get("margins"), "margins"), start=1)
        )
        made = SampleDesign(
            strata=self.names(data.get("strata"), "strata"),
            clusters=self.names(data.get("clusters"), "clusters"),
            population=tuple(
                self.numbers(one, f"population.{place}")
                for place, one in enumerate(self.several(data.get("population"), "population"), 1)
            ),
            lonely=self.one_of(data.get("lonely"), "lonely", LONELY),
            margins=margins,
            method=self.one_of(data.get("method"), "method", METHODS, _usual(margins)),
            bounds=self.bounds(data.get("bounds")),
            unknown=self.one_of(data.get("unknown"), "unknown", UNKNOWN),
            version=version,
        )
        self.together(made)
        return made

    def together(self, made: SampleDesign) -> None:
        """What only shows when the fields are seen beside each other."""
        if len(made.population) > max(len(made.clusters), 1):
            self.note("too_many_stages", "population", value=len(made.population))
        needed = {"none": made.margins == (), "post_stratify": len(made.margins) == 1}
        if not needed.get(made.method, len(made.margins) >= 1):
            self.note("method_margins", "method", value=made.method, count=len(made.margins))
        seen: set[tuple[str, ...]] = set()
        for margin in made.margins:
            if margin.by in seen:
                self.note("margin_twice", "margins", value=margin.by)
            seen.add(margin.by)

    def margin(self, given: Any, place: int) -> PopulationMargin:
        field = f"margins.{place}"
        if not isinstance(given, Mapping):
            self.note("not_a_margin", field, value=given)
            return PopulationMargin((), {})
        by = self.names(given.get("by"), f"{field}.by", "by")
        numbers = self.numbers(given.get("population"), f"{field}.population")
        if not by:
            self.note("nothing_named", f"{field}.by", value="")
        if not sum(numbers.values()) > 0:
            self.note("no_population", f"{field}.population", value=by)
        return PopulationMargin(by, numbers)

    def numbers(self, given: Any, field: str) -> dict[str, float]:
        if not isinstance(given, Mapping):
            self.note("not_numbers", field, value=given)
            return {}
        if len(given) > MOST_CATEGORIES:
            self.note("too_many", field, value=len(given), most=MOST_CATEGORIES)
            return {}
        found = {}
        for key, value in given.items():
            if not isinstance(key, str) or not 0 < len(key) <= LONGEST:
                self.note("key_too_long", field, value=key, most=LONGEST)
            elif value not in (None, ""):
                number = _number(value)
                if number is None:
                    self.note("not_a_number", f"{field}.{key}", value=value)
                else:
                    found[key] = number
        return found

    def bounds(self, given: Any) -> tuple[float, float] | None:
        if given in (None, [], ["", ""]):
            return None
        pair = self.several(given, "bounds")
        given = pair or given
        low, high = [_number(value) for value in pair] if len(pair) == 2 else (None, None)
        if low is None or high is None or not low <= 1 <= high or low == high:
            self.note("wrong_bounds", "bounds", value=given)
            return None
        return low, high

    def names(self, given: Any, field: str, kind: str = "") -> tuple[str, ...]:
        found = tuple(self.several(given, field, kind or field))
        if not all(isinstance(name, str) and 0 < len(name) <= 64 for name in found):
            self.note("not_names", field, value=given)
            return ()
        if len(set(found)) < len(found):
            self.note("named_twice", field, value=found)
        return found

    def several(self, given: Any, field: str, kind: str = "") -> list[Any]:
        if given is None:
            return []
        if not isinstance(given, list | tuple):
            self.note("not_a_list", field, value=given)
            return []
        most = MOST.get(kind or field, 2)
        if len(given) > most:
            self.note("too_many", field, value=len(given), most=most)
        return list(given[:most])

    def one_of(self, given: Any, field: str, allowed: tuple[Any, ...], usual: Any = None) -> Any:
        if given in (None, ""):
            return usual or allowed[0]
        if given not in allowed:
            self.note("not_one_of", field, value=given, allowed=", ".join(allowed))
            return usual or allowed[0]
        return given

    def note(self, code: str, field: str, **details: Any) -> None:
        self.faults.append(DesignFault(code, {"field": field, **details}))


def _usual(margins: tuple[PopulationMargin, ...]) -> str:
    return METHODS[min(len(margins), 2)]


def _number(given: Any) -> float | None:
    """A number from 0 to LARGEST; None for booleans, exponents and what is no number."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return float(given) if math.isfinite(given) and 0 <= given <= LARGEST else None
    if not isinstance(given, str) or len(given) > 40:
        return None
    text = plain_number(given).removesuffix("%")
    return float(text) if NUMBER.fullmatch(text) and float(text) <= LARGEST else None
