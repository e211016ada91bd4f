"""Counts and estimates of a question -> its table in every group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat

import numpy as np

from analysis.counting import Counts
from analysis.designs import Design, Floats
from analysis.estimate import wilson_ends
from analysis.grouping import Grouping
from analysis.number_statistics import statistics
from analysis.question_counts import QuestionCounts
from analysis.responses import Responses
from analysis.table import Cell, OptionRow, QuestionTable
from analysis.weighted_shares import WeightedShares
from surveys.definition import Kind, Question
from surveys.records import VALUE, value_field


@dataclass(frozen=True, eq=False)
class Counted:
    """One question in G groups. bases: (G,). shares: per group, where they are not simply count
    over base with Wilson's interval; `weighted` says whether their sums of weights are to be told.
    numbers: per group mean, median, minimum, maximum; empty for a question that has none.
    """

    question: Question
    counts: QuestionCounts
    bases: Counts
    shares: Sequence[WeightedShares] | None = None
    weighted: bool = False
    numbers: Sequence[Mapping[str, float]] = ()


def question_tables(number: int, counted: Counted) -> Iterator[QuestionTable]:
    """The question's table in each group."""
    question, counts = counted.question, counted.counts
    many = question.kind is Kind.MULTIPLE
    cells = _shared(counted) if counted.shares else _simple(counted)
    asked, answered, bases = (c.tolist() for c in (counts.asked, counts.answered, counted.bases))
    codes, texts = ([o.code for o in question.options], [o.text for o in question.options])
    meanings = [option.meaning for option in question.options]
    for group, of_group in enumerate(cells):
        shares = counted.shares[group] if counted.weighted and counted.shares else None
        yield QuestionTable(
            number=number,
            code=question.code,
            text=question.text,
            kind=question.kind,
            asked=asked[group],
            answered=answered[group],
            blank=asked[group] - answered[group],
            base=bases[group],
            rows=tuple(map(OptionRow, codes, texts, of_group, meanings)),
            statistics=counted.numbers[group] if counted.numbers else {},
            mentions=int(counts.options[group].sum()) if many else None,
            unit=question.unit,
            weighted_base=None if shares is None else shares.base,
            weighted_answered=None if shares is None else shares.answered,
        )


@dataclass(frozen=True, eq=False)
class ShareArrays:
    """The numbers of one question for G groups as arrays, for whoever computes on with them: bases
    (G,), and (G, k) counts, shares and ends of their 95% Wilson intervals, nan without a base."""

    question: Question
    bases: Counts
    counts: Counts
    shares: Floats
    lows: Floats
    highs: Floats


def share_arrays(counted: Counted) -> ShareArrays:
    """Count over base of a question that is not weighted."""
    options, bases = counted.counts.options, counted.bases
    wide = np.broadcast_to(bases[:, None], options.shape)
    low, high = wilson_ends(options, wide)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = options / wide
    return ShareArrays(counted.question, bases, options, shares, low, high)


def _simple(counted: Counted) -> Iterator[list[Cell]]:
    found = share_arrays(counted)
    arrays = (found.counts, found.bases, found.shares, found.lows, found.highs)
    for counts, base, *others in zip(*(array.tolist() for array in arrays), strict=True):
        if base:
            yield list(map(Cell, counts, repeat(base), *others))
        else:
            yield [Cell(count, base, None, None, None) for count in counts]


def _shared(counted: Counted) -> Iterator[list[Cell]]:
    options, bases = counted.counts.options.tolist(), counted.bases.tolist()
    for counts, base, shares in zip(options, bases, counted.shares or (), strict=True):
        sums = shares.counts if counted.weighted else (None,) * len(counts)
        yield [
            Cell(count, base, *rest)
            for count, *rest in zip(
                counts, shares.shares, shares.lows, shares.highs, sums, strict=True
            )
        ]


def numbers_by_group(
    responses: Responses, question: Question, grouping: Grouping, design: Design | None
) -> list[Mapping[str, float]]:
    """Statistics of a question for a number, per group."""
    given = np.flatnonzero(responses.columns[question.code] == VALUE)
    values = responses.columns[value_field(question)][given]
    weights = None if design is None else design.weights[given]
    if grouping.codes is None:
        return [statistics(question, values, weights)]
    codes = grouping.codes[given]
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(grouping.size + 1))
    slices = (order[start:end] for start, end in pairwise(ends))
    return [
        statistics(question, values[rows], None if weights is None else weights[rows])
        for rows in slices
    ]
