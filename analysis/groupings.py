"""Who is in which group: audiences, areas, enumerators, the answers to a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.coding import categories, ticks
from analysis.design_estimates import Bools
from analysis.grouping import EVERYBODY
from analysis.responses import Responses
from analysis.tabulate import UnknownGroupingError, groupings
from surveys.definition import Kind

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which of G groups each of n responses belongs to; groups may overlap.

    codes: (n,) pattern 0..P-1 of memberships, or -1 for a response in no group. members: (P, G)
    1 where the pattern is in the group. names: (G,) what a reader calls the groups, in the order
    in which they are printed; a group may be empty.
    """

    codes: npt.NDArray[np.signedinteger[Any]]
    members: Matrix
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def overlaps(self) -> bool:
        """Whether a response may be in several groups, as with a multiple choice."""
        return not np.array_equal(self.members, np.eye(self.size))

    def within(self, inside: Bools | None) -> Grouping:
        """Those for whom `inside` (n,) is false are in no group."""
        if inside is None:
            return self
        return replace(self, codes=np.where(inside, self.codes, -1))


def grouping(responses: Responses, by: str | None = None) -> Grouping:
    """The groups of `by` (a key of `responses.groups` or the code of a choice question), or
    everybody as one group. Who ticked several options of a multiple choice is in each of their
    groups; who left the question blank or was not asked is in none.

    Raises UnknownGroupingError.
    """
    if by is None:
        codes = np.zeros(responses.n, dtype=np.int8)
        return Grouping(codes, np.ones((1, 1)), (EVERYBODY,))
    if by not in groupings(responses):
        raise UnknownGroupingError(by, groupings(responses))
    question = responses.questionnaire.by_code.get(by)
    if by in responses.groups or question is None or question.kind is not Kind.MULTIPLE:
        coded = categories(responses, by)
        return Grouping(coded.codes, np.eye(coded.size), coded.names)
    patterns = ticks(responses, by)
    names = tuple(f"{option.code}.{option.text}" for option in question.options)
    return Grouping(patterns.codes, patterns.ticks, names)
