"""Who is in which group: labels such as audience and area, answers or ticks of a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.coding import categories, ticks
from analysis.design_estimates import Bools
from analysis.designs import Codes, Floats
from analysis.responses import Responses
from surveys.definition import Kind, Question
from surveys.records import BLANK, BLANK_BIT, FIRST_OPTION, FIRST_OPTION_BIT, NOT_ASKED

EVERYBODY = "全部"
LEFT_BLANK = "未填"
WAS_NOT_ASKED = "未问"


class UnknownGroupingError(ValueError):
    """`by` is neither a grouping of these responses nor one of the choice questions, which are
    `known`."""

    def __init__(self, by: str, known: tuple[str, ...]) -> None:
        super().__init__(f"cannot group by {by!r}; possible: {', '.join(known)}")
        self.by, self.known = by, known


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups that do not overlap. codes: (n,) place in `names` of each response's group, -1 for
    none of them; None where all are in the only group."""

    names: tuple[str, ...]
    codes: Codes | None = None

    @property
    def size(self) -> int:
        return len(self.names)

    def sizes(self, n: int) -> list[int]:
        """Responses in each group."""
        if self.codes is None:
            return [n]
        found: list[int] = np.bincount(self.codes + 1, minlength=self.size + 1)[1:].tolist()
        return found

    def members(self, group: int, n: int) -> npt.NDArray[np.bool_]:
        """(n,) whether each response is in the group."""
        if self.codes is None:
            return np.ones(n, dtype=bool)
        return np.asarray(self.codes == group)


@dataclass(frozen=True, eq=False)
class Memberships:
    """Which of G groups each of n responses belongs to; groups may overlap.

    codes: (n,) pattern 0..P-1 of memberships, or -1 for a response in no group. members: (P, G)
    1 where the pattern is in the group. names: (G,) what a reader calls the groups, in the order
    in which they are printed; a group may be empty.
    """

    codes: npt.NDArray[np.signedinteger[Any]]
    members: Floats
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def overlaps(self) -> bool:
        """Whether a response may be in several groups, as with a multiple choice."""
        return not np.array_equal(self.members, np.eye(self.size))

    def within(self, inside: Bools | None) -> Memberships:
        """Those for whom `inside` (n,) is false are in no group."""
        if inside is None:
            return self
        return replace(self, codes=np.where(inside, self.codes, -1))


def groupings(responses: Responses) -> tuple[str, ...]:
    """What `by` may be."""
    choices = (q.code for q in responses.questionnaire.questions if q.is_choice)
    return (*responses.groups, *choices)


def grouped(responses: Responses, by: str | None) -> tuple[Grouping, ...]:
    """The groups of `by` in the order in which they are printed: one Grouping, but one for each
    option of a multiple choice, since a response that ticked several is in the group of each.

    Groups without responses are kept; those of the people who left a question blank or were not
    asked only if there are any. Raises UnknownGroupingError.
    """
    if by is None:
        return (Grouping((EVERYBODY,)),)
    if by in responses.groups:
        labels = responses.groups[by]
        return (Grouping(labels.names, np.asarray(labels.codes, dtype=np.int32)),)
    question = responses.questionnaire.by_code.get(by)
    if question is None or not question.is_choice:
        raise UnknownGroupingError(by, groupings(responses))
    column = responses.columns[by]
    if question.kind is Kind.MULTIPLE:
        return _by_ticks(question, column)
    return (_by_answer(question, column),)


def memberships(responses: Responses, by: str | None = None) -> Memberships:
    """The groups of `by` (a key of `responses.groups` or the code of a choice question), or
    everybody as one group. Who ticked several options of a multiple choice is in each of their
    groups; who left the question blank or was not asked is in none.

    Raises UnknownGroupingError.
    """
    if by is None:
        codes = np.zeros(responses.n, dtype=np.int8)
        return Memberships(codes, np.ones((1, 1)), (EVERYBODY,))
    if by not in groupings(responses):
        raise UnknownGroupingError(by, groupings(responses))
    question = responses.questionnaire.by_code.get(by)
    if by in responses.groups or question is None or question.kind is not Kind.MULTIPLE:
        coded = categories(responses, by)
        return Memberships(coded.codes, np.eye(coded.size), coded.names)
    patterns = ticks(responses, by)
    return Memberships(patterns.codes, patterns.ticks, tuple(_option_labels(question)))


def memberships_of_tables(
    responses: Responses, by: str, inside: Bools | None = None
) -> Memberships:
    """Who is in which group of `grouped`, of those `inside` (n,) only: as `memberships`, but with
    the groups of those who left a question blank or were not asked."""
    seen = responses if inside is None else responses.where(inside)
    rows = slice(None) if inside is None else inside
    parts = grouped(seen, by)
    names = tuple(name for part in parts for name in part.names)
    codes = np.full(responses.n, -1, dtype=np.intp)
    if len(parts) == 1:
        codes[rows] = 0 if parts[0].codes is None else parts[0].codes
        return Memberships(codes, np.eye(len(names)), names)
    flags = np.stack([part.members(0, seen.n) for part in parts], axis=1)
    patterns, codes[rows] = np.unique(flags, axis=0, return_inverse=True)
    return Memberships(codes, patterns.astype(np.float64), names)


def _by_answer(question: Question, column: npt.NDArray[Any]) -> Grouping:
    names = _option_labels(question)
    places = np.full(256, -1, dtype=np.int16)
    places[FIRST_OPTION : FIRST_OPTION + len(names)] = np.arange(len(names))
    for state, name in ((BLANK, LEFT_BLANK), (NOT_ASKED, WAS_NOT_ASKED)):
        if (column == state).any():
            places[state] = len(names)
            names.append(name)
    return Grouping(tuple(names), places[column])


def _by_ticks(question: Question, column: npt.NDArray[Any]) -> tuple[Grouping, ...]:
    kind = column.dtype.type
    bits = (kind(1 << (place + FIRST_OPTION_BIT)) for place in range(len(question.options)))
    flags = [(column & bit) != 0 for bit in bits]
    states = [(LEFT_BLANK, column == BLANK_BIT), (WAS_NOT_ASKED, column == NOT_ASKED)]
    chosen = list(zip(_option_labels(question), flags, strict=True))
    chosen += [(name, state) for name, state in states if state.any()]
    return tuple(Grouping((name,), inside.astype(np.int8) - 1) for name, inside in chosen)


def _option_labels(question: Question) -> list[str]:
    return [f"{option.code}.{option.text}" for option in question.options]
