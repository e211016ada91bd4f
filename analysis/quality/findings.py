"""What a check says: which responses or enumerators, with which numbers, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.quality.interviews import Bools, Ints
from analysis.quality.words import SENTENCES, shown
from analysis.refusals import CannotComputeError


@dataclass(frozen=True)
class Told:
    """One sentence: a key of words.SENTENCES and the numbers in it."""

    key: str
    numbers: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        template = SENTENCES[self.key][0 if language.startswith("zh") else 1]
        return template.format_map({k: shown(k, v, language) for k, v in self.numbers.items()})


@dataclass(frozen=True)
class PersonFinding:
    """What was found about one enumerator (place in `Interviews.enumerators`)."""

    person: int
    told: Told


@dataclass(frozen=True, eq=False)
class Flagged:
    """The result of one check.

    `rows` (m,) are the flagged responses, ascending; `tell(i)` explains the i-th of them.
    `checked` of all responses had what the check needs. `rule` states the limit that was applied;
    `refusal` is the reason where the check does not apply (不适用).
    """

    code: str
    rows: Ints
    checked: int
    tell: Callable[[int], Told]
    rule: Told | None = None
    people: tuple[PersonFinding, ...] = ()
    refusal: CannotComputeError | None = None

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def share(self) -> float | None:
        """Of those checked; None where none was."""
        return self.count / self.checked if self.checked else None

    def told_of(self, row: int) -> Told | None:
        """What is said of the response in this row, if it is flagged."""
        place = int(np.searchsorted(self.rows, row))
        found = place < len(self.rows) and self.rows[place] == row
        return self.tell(place) if found else None


def not_applicable(code: str, refusal: CannotComputeError) -> Flagged:
    """The result of a check that these interviews allow none of, with the reason."""
    return Flagged(code, np.zeros(0, np.int64), 0, _nothing, refusal=refusal)


def rows_of(flagged: Bools) -> Ints:
    """Places of the True among (n,), in order."""
    return np.flatnonzero(flagged)


def _nothing(place: int) -> Told:
    raise IndexError(place)
