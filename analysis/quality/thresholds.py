"""The limits of the checks: defaults, what each means, and between which values it may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from analysis.refusals import CannotComputeError


@dataclass(frozen=True)
class Thresholds:
    """docs/decisions/0011-quality-flags.md gives the reason for each default."""

    pace: float = 3.0
    """Seconds per question asked below which nobody can read it out and note the answer."""
    median_share: float = 0.4
    """Share of the median pace below which an interview is too fast."""
    chance: float = 0.001
    """How often a response that is in order may be flagged, for the checks on equal answers."""
    items: int = 5
    """Fewest questions of a straight line or of an identical block."""
    run: int = 3
    """Fewest responses in a row with identical blocks."""
    overlap: float = 60.0
    """Seconds that two interviews may overlap."""
    false_share: float = 0.05
    """Expected share of false ones among flagged enumerators (Benjamini-Hochberg)."""
    responses: int = 30
    """Fewest answers of an enumerator from which a preference is judged."""
    difference: float = 0.1
    """Smallest gap between an enumerator's share and the expected one worth a look."""

    def changed(self, given: Mapping[str, float]) -> Thresholds:
        """With some replaced. Raises CannotComputeError for an unknown or a value out of bounds."""
        known = {field.name: field.type for field in fields(self)}
        for name, value in given.items():
            if name not in BOUNDS:
                allowed = ", ".join(BOUNDS)
                raise CannotComputeError("unknown_choice", given=name, allowed=allowed)
            low, high = BOUNDS[name]
            whole = known[name] == "int"
            if not low <= value <= high or (whole and value != int(value)):
                raise CannotComputeError(
                    "threshold_out_of_range", name=name, low=low, high=high, given=value
                )
        numbers = {name: int(v) if known[name] == "int" else float(v) for name, v in given.items()}
        return replace(self, **numbers)  # type: ignore[arg-type]


BOUNDS: dict[str, tuple[float, float]] = {
    "pace": (0, 60),
    "median_share": (0, 0.9),
    "chance": (0.0001, 0.05),
    "items": (3, 50),
    "run": (2, 20),
    "overlap": (0, 3600),
    "false_share": (0.001, 0.2),
    "responses": (10, 1000),
    "difference": (0, 0.5),
}
