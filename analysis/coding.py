"""Columns of responses -> the codes, patterns and numbers that the statistics start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.designs import Floats
from analysis.multiple_response import TickPatterns, patterns_of_masks
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from surveys.definition import NUMBERS, Kind, Question
from surveys.records import BLANK_BIT, FIRST_OPTION, FIRST_OPTION_BIT, NOT_ASKED, VALUE, value_field


@dataclass(frozen=True, eq=False)
class Coded:
    """A classification of n responses: (n,) codes 0..size-1, -1 where it does not apply (not
    asked, blank), and what a reader calls each category."""

    codes: npt.NDArray[np.signedinteger[Any]]
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.names)


def categories(responses: Responses, by: str, *, substantive: bool = False) -> Coded:
    """The categories of a grouping ("audience", "area") or of a question with one answer.

    `substantive` leaves out who said 不清楚 or 拒答 (their names stay, so that codes are places of
    options). Raises CannotComputeError for anything else, such as a multiple choice.
    """
    if by in responses.groups:
        labels = responses.groups[by]
        return Coded(np.asarray(labels.codes, dtype=np.int32), labels.names)
    question = _question(responses, by, lambda q: q.is_choice and q.kind is not Kind.MULTIPLE)
    codes = np.maximum(responses.columns[by].astype(np.int16) - FIRST_OPTION, -1)
    if substantive:
        codes = np.where(_is_substantive(question)[codes], codes, -1)
    names = tuple(f"{option.code}.{option.text}" for option in question.options)
    return Coded(codes.astype(np.int16), names)


def ticks(responses: Responses, code: str, *, of_all_asked: bool = False) -> TickPatterns:
    """The patterns of a multiple choice among those who answered, or of all who were asked (a
    blank ticks nothing). Raises CannotComputeError for another kind of question."""
    question = _question(responses, code, lambda q: q.kind is Kind.MULTIPLE)
    column = responses.columns[code]
    inside = column != NOT_ASKED
    if not of_all_asked:
        inside &= column != BLANK_BIT
    return patterns_of_masks(
        column >> column.dtype.type(FIRST_OPTION_BIT), len(question.options), inside
    )


def numbers(responses: Responses, code: str) -> Floats:
    """(n,) values of a question for a number, nan where none was given."""
    question = _question(responses, code, lambda q: q.kind in NUMBERS)
    scale = 10**question.places if question.kind is Kind.DECIMAL else 1
    values = responses.columns[value_field(question)] / scale
    return np.where(responses.columns[code] == VALUE, values, np.nan)


def scale_items(responses: Responses, codes: Sequence[str]) -> Floats:
    """(n, k) places of the chosen options, turned so that the most favourable one counts most: the
    first, or the last of a question whose options run from worst to best; nan for not asked, blank,
    不清楚 and 拒答. For `reliability.items_of`."""
    columns = [np.empty((responses.n, 0))]
    for code in codes:
        coded = categories(responses, code, substantive=True)
        question = responses.questionnaire.by_code[code]
        values = np.full(coded.size + 1, np.nan)
        for place, option in enumerate(question.levels):
            values[question.position[option.code]] = len(question.levels) - place
        columns.append(values[coded.codes][:, None])
    return np.concatenate(columns, axis=1)


def scale_questions(responses: Responses) -> tuple[str, ...]:
    """Codes of the questions that are items of a scale: those of kind scale."""
    return tuple(q.code for q in responses.questionnaire.questions if q.kind is Kind.SCALE)


def _is_substantive(question: Question) -> npt.NDArray[np.bool_]:
    """Per option, and last for code -1."""
    return np.array([*(option.meaning is None for option in question.options), False])


def _question(responses: Responses, code: str, fits: Any) -> Question:
    known = responses.questionnaire.by_code
    if code not in known or not fits(known[code]):
        allowed = ", ".join(question.code for question in known.values() if fits(question))
        raise CannotComputeError("unknown_choice", given=code, allowed=allowed or "–")
    return known[code]
