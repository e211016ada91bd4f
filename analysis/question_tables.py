"""Counts and estimates of a question -> its table in every group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, repeat

import numpy as np

from analysis.counting import Counts
from analysis.designs import Design, Floats
from analysis.grouping import Grouping
from analysis.interval_methods import DEFAULT, count_ends
from analysis.number_statistics import statistics
from analysis.question_counts import QuestionCounts
from analysis.responses import Responses
from analysis.table import Cell, OptionRow, Questions, QuestionTable
from analysis.weighted_shares import WeightedShares
from surveys.definition import Kind, Question
from surveys.records import VALUE, value_field


@dataclass(frozen=True, eq=False)
class Counted:
    """One question in G groups. bases: (G,). shares: per group, where they are not simply count
    over base with Wilson's interval; `weighted` says whether their sums of weights are to be told.
    numbers: per group mean with its error, median, extremes; empty for a question that has none.
    """

    question: Question
    counts: QuestionCounts
    bases: Counts
    shares: Sequence[WeightedShares] | None = None
    weighted: bool = False
    numbers: Sequence[Mapping[str, float]] = ()


def tables_of(counted: Iterable[Counted], interval: str = DEFAULT) -> Tables:
    """What the tables of all groups are made from."""
    found = tuple(counted)
    simple = iter(share_arrays([one for one in found if not one.shares], interval))
    return Tables(tuple((one, None if one.shares else next(simple)) for one in found))


@dataclass(frozen=True, eq=False)
class Tables:
    """Every question in its order, with its shares and intervals where they are simple ones."""

    found: tuple[tuple[Counted, ShareArrays | None], ...]

    def sizes(self, grouping: Grouping, n: int) -> list[int]:
        """Responses in each group."""
        if not self.found:
            return grouping.sizes(n)
        sizes: list[int] = self.found[0][0].counts.sizes.tolist()
        return sizes

    def of_group(self, group: int) -> Questions:
        return Questions(lambda: self._made[group] if self.found else ())

    @cached_property
    def _made(self) -> list[tuple[QuestionTable, ...]]:
        """All groups at once, question by question: apart they would take twice as long."""
        tables = (_tables(number, *one) for number, one in enumerate(self.found, start=1))
        return list(zip(*tables, strict=True))


def _tables(number: int, counted: Counted, found: ShareArrays | None) -> Iterator[QuestionTable]:
    """The question's table in each group."""
    question, counts = counted.question, counted.counts
    codes, texts = ([o.code for o in question.options], [o.text for o in question.options])
    meanings = [option.meaning for option in question.options]
    many = question.kind is Kind.MULTIPLE
    weights = [(one.base, one.answered) for one in counted.shares or () if counted.weighted]
    for asked, answered, base, cells, numbers, mentions, weighted in zip(
        counts.asked.tolist(),
        counts.answered.tolist(),
        counted.bases.tolist(),
        _shared(counted) if found is None else _simple(found),
        counted.numbers or repeat({}),
        counts.options.sum(axis=1).tolist() if many else repeat(None),
        weights or repeat((None, None)),
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
            tuple(map(OptionRow, codes, texts, cells, meanings)),
            numbers,
            mentions,
            question.unit,
            *weighted,
        )


@dataclass(frozen=True, eq=False)
class ShareArrays:
    """The numbers of one question for G groups as arrays, for whoever computes on with them: bases
    (G,), and (G, k) counts, shares and ends of their 95% intervals, nan without a base."""

    question: Question
    bases: Counts
    counts: Counts
    shares: Floats
    lows: Floats
    highs: Floats


def share_arrays(counted: Sequence[Counted], interval: str = DEFAULT) -> list[ShareArrays]:
    """Count over base of questions that are not weighted; all at once, for most of the time of
    computing on a small array is spent on calling."""
    if not counted:
        return []
    sizes = [one.counts.options.shape[1] for one in counted]
    counts = np.hstack([one.counts.options for one in counted])
    bases = np.repeat(np.stack([one.bases for one in counted], axis=1), sizes, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        numbers = (counts / bases, *count_ends(counts, bases, interval, _alike(counted, sizes)))
    ends = np.cumsum(sizes)[:-1]
    of_each = zip(counted, *(np.split(array, ends, axis=1) for array in numbers), strict=True)
    return [ShareArrays(c.question, c.bases, c.counts.options, *own) for c, *own in of_each]


def _simple(found: ShareArrays) -> Iterator[Iterable[Cell]]:
    arrays = (found.counts, found.bases, found.shares, found.lows, found.highs)
    for counts, base, *others in zip(*(array.tolist() for array in arrays), strict=True):
        if base:
            yield map(Cell, counts, repeat(base), *others)
        else:
            yield [Cell(count, base, None, None, None) for count in counts]


def _shared(counted: Counted) -> Iterator[Iterable[Cell]]:
    options, bases = counted.counts.options.tolist(), counted.bases.tolist()
    for counts, base, one in zip(options, bases, counted.shares or (), strict=True):
        sums = one.counts if counted.weighted else repeat(None)
        yield map(Cell, counts, repeat(base), one.shares, one.lows, one.highs, sums)


def numbers_by_group(
    responses: Responses, question: Question, grouping: Grouping, design: Design | None
) -> list[Mapping[str, float]]:
    """Statistics of a question for a number, per group."""
    given = np.flatnonzero(responses.columns[question.code] == VALUE)
    values = responses.columns[value_field(question)]
    if grouping.codes is None:
        return [statistics(question, values, given, design)]
    codes = grouping.codes[given]
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(grouping.size + 1))
    slices = (given[order[start:end]] for start, end in pairwise(ends))
    return [statistics(question, values, rows, design) for rows in slices]


def _alike(counted: Sequence[Counted], sizes: Sequence[int]) -> list[int]:
    """Of each column, how many options exclude each other there: those of a single choice."""
    alike = (1 if one.question.kind is Kind.MULTIPLE else 0 for one in counted)
    return [own or size for own, size in zip(alike, sizes, strict=True) for _ in range(size)]
