"""Plain counts of every question, for everybody or for groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.answer_codes import answer_codes
from analysis.counting import Counter, Counts, joint_tables
from analysis.designs import Codes
from analysis.grouping import Grouping
from analysis.responses import Responses
from surveys.definition import Kind, Question
from surveys.records import BLANK_BIT, FIRST_OPTION, FIRST_OPTION_BIT, NOT_ASKED

Column = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class QuestionCounts:
    """Responses to one question in G groups: all (G,), asked (G,), answered (G,), per option
    (G, k)."""

    sizes: Counts
    asked: Counts
    answered: Counts
    options: Counts


def plain_counts(responses: Responses, grouping: Grouping) -> Iterator[QuestionCounts]:
    """Every question of the questionnaire in its order."""
    if grouping.codes is not None:
        yield from _of_groups(responses, grouping.codes, grouping.size)
        return
    counter = Counter(responses.n)
    for question in responses.questionnaire.questions:
        of_one = _ticks if question.kind is Kind.MULTIPLE else _choices
        yield of_one(question, responses.columns[question.code], counter)


def _choices(question: Question, column: Column, counter: Counter) -> QuestionCounts:
    states = counter.occurrences(column, FIRST_OPTION + len(question.options))
    not_asked, blank, *options = states
    return _of_everybody(len(column), not_asked, blank, options)


def _ticks(question: Question, column: Column, counter: Counter) -> QuestionCounts:
    lowest = int(column.min()) if len(column) else 0
    not_asked, blank = (
        counter.number_equal(column, state) if lowest <= state else 0
        for state in (NOT_ASKED, BLANK_BIT)
    )
    bits = range(FIRST_OPTION_BIT, FIRST_OPTION_BIT + len(question.options))
    return _of_everybody(len(column), not_asked, blank, counter.bits_set(column, bits))


def _of_everybody(n: int, not_asked: int, blank: int, options: list[int]) -> QuestionCounts:
    asked = np.array([n - not_asked])
    return QuestionCounts(np.array([n]), asked, asked - blank, np.array([options], dtype=np.int64))


def _of_groups(responses: Responses, codes: Codes, size: int) -> Iterator[QuestionCounts]:
    questions = responses.questionnaire.questions
    parts = [answer_codes(q, responses.columns[q.code]) for q in questions]
    flat = [part.part for of_question in parts for part in of_question]
    outside = int(bool((codes < 0).any()))
    kinds = codes + codes.dtype.type(1) if outside else codes
    tables = iter(joint_tables(kinds, size + outside, flat))
    for of_question in parts:
        counted = [(part, next(tables)[outside:]) for part in of_question]
        first, table = counted[0]
        options = np.hstack([own @ part.chosen for part, own in counted])
        asked, answered = table @ first.asked, table @ first.answered
        yield QuestionCounts(table.sum(axis=1), asked, answered, options)
