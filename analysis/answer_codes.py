"""A question's packed column as small codes, and what each of them says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.counting import Column, Part
from surveys.definition import Kind, Question
from surveys.records import BLANK, BLANK_BIT, FIRST_OPTION, FIRST_OPTION_BIT, NOT_ASKED

Bools = npt.NDArray[np.bool_]
WIDEST = 2**11
"""Codes of one part; a multiple choice with more patterns of ticks is cut into several parts."""
STATES = 3


@dataclass(frozen=True, eq=False)
class AnswerCodes:
    """All options of a question, or some of a long multiple choice.

    part: (n,) codes. asked, answered: (size,) whether a code says so. chosen: (size, k) which of k
    options it says, `first` being the place of the first of them.
    """

    part: Part
    asked: Bools
    answered: Bools
    chosen: Bools
    first: int = 0

    @property
    def size(self) -> int:
        return self.part.size


def answer_codes(
    question: Question, column: Column, widest: int = WIDEST
) -> tuple[AnswerCodes, ...]:
    """The parts of a question; only a multiple choice with over `widest` patterns has several."""
    if question.kind is not Kind.MULTIPLE:
        return (_single(question, column),)
    if 2 ** (len(question.options) + FIRST_OPTION_BIT) <= widest:
        return (_whole(question, column),)
    return tuple(_in_parts(question, column, widest))


def _single(question: Question, column: Column) -> AnswerCodes:
    """The states from the first to the last that occurs; values of whatever size are one more
    code after those of the options."""
    value = len(question.options) + FIRST_OPTION
    if len(column) and column.max() > value:
        column = np.minimum(column, column.dtype.type(value))
    low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    codes = np.arange(low, high + 1)
    places = np.arange(len(question.options)) + FIRST_OPTION
    part = Part(column, len(codes), low)
    return AnswerCodes(part, codes > NOT_ASKED, codes > BLANK, codes[:, None] == places)


def _whole(question: Question, column: Column) -> AnswerCodes:
    """The masks as they are; where everybody was asked without the bit for a blank answer, which
    then is the only one without ticks."""
    options = len(question.options)
    codes = np.arange(2 ** (options + FIRST_OPTION_BIT))
    if len(column) and column.min() > NOT_ASKED:
        column, codes = column >> column.dtype.type(FIRST_OPTION_BIT), codes[::2]
        asked = np.ones(len(codes), dtype=bool)
    else:
        asked = codes > NOT_ASKED
    bits = FIRST_OPTION_BIT + np.arange(options)
    chosen = (codes[:, None] >> bits & 1).astype(bool)
    return AnswerCodes(Part(column, len(codes)), asked, codes > BLANK_BIT, chosen)


def _in_parts(question: Question, column: Column, widest: int) -> Iterator[AnswerCodes]:
    """Codes ticks · 3 + state, the state being 0 not asked, 1 blank, 2 answered."""
    together = max(int(np.log2(max(widest // STATES, 2))), 1)
    state = (column > 0).view(np.uint8) + (column > BLANK_BIT).view(np.uint8)
    for first in range(0, len(question.options), together):
        count = min(together, len(question.options) - first)
        codes = np.arange(STATES * 2**count)
        chosen = (codes[:, None] // STATES >> np.arange(count) & 1).astype(bool)
        ticks = _bits(column, first + FIRST_OPTION_BIT, count)
        column_of_part = np.asarray(ticks * np.uint16(STATES) + state, dtype=np.uint16)
        own = Part(column_of_part, len(codes))
        yield AnswerCodes(own, codes % STATES > 0, codes % STATES == STATES - 1, chosen, first)


def _bits(column: Column, start: int, count: int) -> npt.NDArray[np.uint16]:
    kind: Any = column.dtype.type
    return np.asarray((column >> kind(start)) & kind(2**count - 1), dtype=np.uint16)
