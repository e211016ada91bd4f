"""Counts and estimates of a question -> its table in every group."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any, TypeVar

import numpy as np

from analysis.counting import Counts
from analysis.designs import Design, Floats
from analysis.grouping import Grouping
from analysis.interval_methods import DEFAULT, count_ends
from analysis.number_statistics import statistics_by_group
from analysis.question_counts import QuestionCounts
from analysis.responses import Responses
from analysis.table import Cell, OptionRow, Questions, QuestionTable
from analysis.weighted_shares import WeightedShares
from surveys.definition import Kind, Question
from surveys.records import VALUE, value_field

Columns = tuple[Iterable[Any], ...]
Made = TypeVar("Made", Cell, OptionRow, QuestionTable)


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
        """All groups at once, question by question: in turns they would take twice as long."""
        with _uncollected():
            tables = [list(_tables(number, *one)) for number, one in enumerate(self.found, start=1)]
            return list(zip(*tables, strict=True))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would look through tens of thousands of new objects
    again and again, in as much time as making them takes. None of them is garbage yet."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _tables(number: int, counted: Counted, found: ShareArrays | None) -> Iterator[QuestionTable]:
    """The question's table in each group, as columns of what the tables consist of."""
    question, counts = counted.question, counted.counts
    groups, options = counts.options.shape
    weights = [(one.base, one.answered) for one in counted.shares or () if counted.weighted]
    weighted_bases, weighted_answered = zip(*weights, strict=True) if weights else (None, None)
    cells = _shared(counted) if found is None else _simple(found)
    rows = _tuples(
        OptionRow,
        (
            [option.code for option in question.options] * groups,
            [option.text for option in question.options] * groups,
            _tuples(Cell, cells),
            [option.meaning for option in question.options] * groups,
        ),
    )
    many = question.kind is Kind.MULTIPLE
    columns: Columns = (
        repeat(number),
        repeat(question.code),
        repeat(question.text),
        repeat(question.kind),
        counts.asked.tolist(),
        counts.answered.tolist(),
        (counts.asked - counts.answered).tolist(),
        counted.bases.tolist(),
        zip(*repeat(rows, options), strict=True) if options else repeat(()),  # in batches
        counted.numbers or repeat({}),
        counts.options.sum(axis=1).tolist() if many else repeat(None),
        repeat(question.unit),
        weighted_bases or repeat(None),
        weighted_answered or repeat(None),
        repeat(question.worst_first),
    )
    return _tuples(QuestionTable, columns)


def _tuples(kind: type[Made], columns: Iterable[Iterable[Any]]) -> Iterator[Made]:
    """Named tuples of the columns of all their fields, in a third of the time of calling `kind`,
    which would sort out for each which of its arguments are given."""
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=False))


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


def _simple(found: ShareArrays) -> Columns:
    """The fields of the cells of all groups, one group after the other."""
    return (
        found.counts.ravel().tolist(),
        _each(found.bases.tolist(), found.counts.shape[1]),
        *(_numbers(one, found.bases) for one in (found.shares, found.lows, found.highs)),
        repeat(None),
    )


def _numbers(shares: Floats, bases: Counts) -> Sequence[float | None]:
    """None in the place of nan where a group has no base."""
    if bases.all():
        given: list[float] = shares.ravel().tolist()
        return given
    found = shares.astype(object)
    found[bases == 0] = None
    return list(found.ravel())


def _shared(counted: Counted) -> Columns:
    """As `_simple`, of a designed sample."""
    counts, shares = counted.counts.options, counted.shares or ()
    return (
        counts.ravel().tolist(),
        _each(counted.bases.tolist(), counts.shape[1]),
        chain.from_iterable(one.shares for one in shares),
        chain.from_iterable(one.lows for one in shares),
        chain.from_iterable(one.highs for one in shares),
        chain.from_iterable(one.counts for one in shares) if counted.weighted else repeat(None),
    )


def _each(values: Iterable[Any], times: int) -> Iterator[Any]:
    return chain.from_iterable(map(repeat, values, repeat(times)))


def numbers_by_group(
    responses: Responses, question: Question, grouping: Grouping, design: Design | None
) -> list[Mapping[str, float]]:
    """Statistics of a question for a number, per group."""
    given = responses.columns[question.code] == VALUE
    codes = np.where(given, 0 if grouping.codes is None else grouping.codes, -1)
    values = responses.columns[value_field(question)]
    return statistics_by_group(question, values, codes, grouping.size, design)


def _alike(counted: Sequence[Counted], sizes: Sequence[int]) -> list[int]:
    """Of each column, how many options exclude each other there: those of a single choice."""
    alike = (1 if one.question.kind is Kind.MULTIPLE else 0 for one in counted)
    return [own or size for own, size in zip(alike, sizes, strict=True) for _ in range(size)]
