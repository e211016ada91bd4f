"""Counts and estimates of a question -> its table in every group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, repeat

import numpy as np

from analysis.counting import Counts
from analysis.designs import Design, Floats
from analysis.estimate import wilson_ends
from analysis.grouping import Grouping
from analysis.number_statistics import statistics
from analysis.question_counts import QuestionCounts
from analysis.responses import Responses
from analysis.table import Cell, OptionRow, QuestionTable, Rows
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
    rows = _rows_by_group(counted) if question.options else repeat(())
    numbers: Iterable[Mapping[str, float]] = counted.numbers or repeat({})
    mentions: Iterable[int | None] = repeat(None)
    if question.kind is Kind.MULTIPLE:
        mentions = counts.options.sum(axis=1).tolist()
    weighed = ((one.base, one.answered) for one in counted.shares or ())
    for asked, answered, base, of_group, statistics_of_group, ticks, weights in zip(
        counts.asked.tolist(),
        counts.answered.tolist(),
        counted.bases.tolist(),
        rows,
        numbers,
        mentions,
        weighed if counted.weighted and counted.shares else repeat((None, None)),
        strict=False,
    ):
        yield QuestionTable(
            number,
            question.code,
            question.text,
            question.kind,
            asked,
            answered,
            asked - answered,
            base,
            of_group,
            statistics_of_group,
            ticks,
            question.unit,
            *weights,
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


def _rows_by_group(counted: Counted) -> Iterator[Rows]:
    groups = range(len(counted.bases))
    if counted.shares is not None:
        return (Rows(partial(_shared_rows, counted, group)) for group in groups)
    found = share_arrays(counted)
    return (Rows(partial(_simple_rows, found, group)) for group in groups)


def _simple_rows(found: ShareArrays, group: int) -> tuple[OptionRow, ...]:
    counts, base = found.counts[group].tolist(), int(found.bases[group])
    if not base:
        return _rows(found.question, [Cell(count, base, None, None, None) for count in counts])
    others = (array[group].tolist() for array in (found.shares, found.lows, found.highs))
    return _rows(found.question, map(Cell, counts, repeat(base), *others))


def _shared_rows(counted: Counted, group: int) -> tuple[OptionRow, ...]:
    assert counted.shares is not None  # noqa: S101 - asked of those with shares only
    counts, base = counted.counts.options[group].tolist(), int(counted.bases[group])
    shares = counted.shares[group]
    sums = shares.counts if counted.weighted else repeat(None)
    cells = map(Cell, counts, repeat(base), shares.shares, shares.lows, shares.highs, sums)
    return _rows(counted.question, cells)


def _rows(question: Question, cells: Iterable[Cell]) -> tuple[OptionRow, ...]:
    return tuple(
        OptionRow(option.code, option.text, cell, option.meaning)
        for option, cell in zip(question.options, cells, strict=True)
    )


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
