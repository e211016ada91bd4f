"""Responses -> SummaryTable: every count of the 调查问卷汇总表 is made here, by compare-and-count.

Shares are of those who answered (a multiple choice: percent of cases, which may sum to over 1), or
with base "all" of all responses of the group, as the published 2018 table has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.estimate import wilson
from analysis.responses import Labels, Responses
from analysis.table import BaseRule, Cell, Flow, Group, OptionRow, QuestionTable, SummaryTable
from surveys.definition import NUMBERS, Kind, Question
from surveys.records import (
    BLANK,
    BLANK_BIT,
    FIRST_OPTION,
    FIRST_OPTION_BIT,
    NOT_ASKED,
    VALUE,
    value_field,
)

EVERYBODY = "全部"
LEFT_BLANK = "未填"
WAS_NOT_ASKED = "未问"

Column = npt.NDArray[Any]


class UnknownGroupingError(ValueError):
    """`by` is neither a grouping of these responses nor one of the choice questions."""


def summary_table(
    responses: Responses,
    *,
    base: BaseRule = "answered",
    by: str | None = None,
    flow: Flow | None = None,
    simulated: bool = False,
    project: str = "",
    remarks: tuple[str, ...] = (),
) -> SummaryTable:
    """The whole table as renderers draw it. Raises UnknownGroupingError like `summarise`."""
    questionnaire = responses.questionnaire
    return SummaryTable(
        slug=questionnaire.slug,
        version=questionnaire.version,
        title=questionnaire.title,
        base_rule=base,
        n=responses.n,
        groups=summarise(responses, base=base, by=by),
        grouped_by=by,
        flow=flow,
        simulated=simulated,
        project=project,
        remarks=remarks,
    )


def summarise(
    responses: Responses, *, base: BaseRule = "answered", by: str | None = None
) -> tuple[Group, ...]:
    """One Group for everybody, or one per group of `by`, in the order of its names or options.

    `by` is a key of `responses.groups` or the code of a choice question. A response that ticked
    several options of a multiple choice is in the group of each of them. Groups without responses
    are kept; those of the people who left a question blank or were not asked only if there are
    any. Raises UnknownGroupingError.
    """
    if by is None:
        return (_group(EVERYBODY, responses, base),)
    return tuple(
        _group(label, responses.take(rows), base) for label, rows in _members(responses, by)
    )


def groupings(responses: Responses) -> tuple[str, ...]:
    """What `by` may be."""
    choices = (q.code for q in responses.questionnaire.questions if q.is_choice)
    return (*responses.groups, *choices)


def _members(responses: Responses, by: str) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """Label and row numbers (ascending) of each group."""
    if by in responses.groups:
        return _by_labels(responses.groups[by])
    question = responses.questionnaire.by_code.get(by)
    if question is None or not question.is_choice:
        known = ", ".join(groupings(responses))
        raise UnknownGroupingError(f"cannot group by {by!r}; possible: {known}")
    if question.kind is Kind.MULTIPLE:
        return _by_ticks(question, responses.columns[by])
    return _by_answer(question, responses.columns[by])


def _by_labels(labels: Labels) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    places = range(len(labels.names))
    return zip(labels.names, _split(labels.codes, places), strict=True)


def _by_answer(question: Question, column: Column) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    states = [place + FIRST_OPTION for place in range(len(question.options))]
    *chosen, blank, not_asked = _split(column, [*states, BLANK, NOT_ASKED])
    yield from zip(_option_labels(question), chosen, strict=True)
    yield from _if_any(blank, not_asked)


def _by_ticks(question: Question, column: Column) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    for place, label in enumerate(_option_labels(question)):
        yield label, np.flatnonzero(column & _bit(column, place))
    yield from _if_any(np.flatnonzero(column == BLANK_BIT), np.flatnonzero(column == NOT_ASKED))


def _if_any(
    blank: npt.NDArray[np.intp], not_asked: npt.NDArray[np.intp]
) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    for label, rows in ((LEFT_BLANK, blank), (WAS_NOT_ASKED, not_asked)):
        if len(rows):
            yield label, rows


def _split(codes: Column, wanted: Any) -> list[npt.NDArray[np.intp]]:
    """Row numbers per wanted code. One stable sort serves however many groups there are."""
    narrow = codes.astype(np.uint16) if _fits(codes) else codes
    order = np.argsort(narrow, kind="stable")
    ordered = narrow[order]
    wanted = np.asarray(wanted, dtype=narrow.dtype)
    starts = np.searchsorted(ordered, wanted, "left")
    ends = np.searchsorted(ordered, wanted, "right")
    return [order[start:end] for start, end in zip(starts, ends, strict=True)]


def _fits(codes: Column) -> bool:
    """numpy sorts integers of up to 16 bits by radix, several times faster than wider ones."""
    return len(codes) == 0 or (int(codes.min()) >= 0 and int(codes.max()) < 2**16)


def _option_labels(question: Question) -> list[str]:
    return [f"{option.code}.{option.text}" for option in question.options]


def _group(label: str, responses: Responses, base: BaseRule) -> Group:
    questions = responses.questionnaire.questions
    return Group(
        label=label,
        n=responses.n,
        questions=tuple(
            _question_table(number, question, responses, base)
            for number, question in enumerate(questions, start=1)
        ),
    )


def _question_table(
    number: int, question: Question, responses: Responses, base_rule: BaseRule
) -> QuestionTable:
    column = responses.columns[question.code]
    n, multiple = responses.n, question.kind is Kind.MULTIPLE
    asked = n - _equal(column, NOT_ASKED)
    blank = _equal(column, BLANK_BIT if multiple else BLANK)
    base = n if base_rule == "all" else asked - blank
    counts = _ticks(question, column) if multiple else _choices(question, column)
    return QuestionTable(
        number=number,
        code=question.code,
        text=question.text,
        kind=question.kind,
        asked=asked,
        answered=asked - blank,
        blank=blank,
        base=base,
        rows=tuple(
            OptionRow(option.code, option.text, cell(count, base), option.meaning)
            for option, count in zip(question.options, counts, strict=True)
        ),
        statistics=_statistics(question, responses) if question.kind in NUMBERS else {},
        mentions=sum(counts) if multiple else None,
        unit=question.unit,
    )


def cell(count: int, base: int) -> Cell:
    """A count with its base, share and 95% Wilson interval."""
    interval = wilson(count, base) if base else None
    if interval is None:
        return Cell(count, base, None, None, None)
    return Cell(count, base, count / base, interval.low, interval.high)


def _choices(question: Question, column: Column) -> list[int]:
    return [_equal(column, place + FIRST_OPTION) for place in range(len(question.options))]


def _ticks(question: Question, column: Column) -> list[int]:
    places = range(len(question.options))
    return [int(np.count_nonzero((column & _bit(column, place)) != 0)) for place in places]


def _bit(column: Column, place: int) -> np.integer[Any]:
    bit: np.integer[Any] = column.dtype.type(1 << (place + FIRST_OPTION_BIT))
    return bit


def _equal(column: Column, code: int) -> int:
    return int(np.count_nonzero(column == code))


def _statistics(question: Question, responses: Responses) -> Mapping[str, float]:
    """Mean, median, minimum and maximum of the numbers given; empty if nobody gave one."""
    given = responses.columns[question.code] == VALUE
    values = responses.columns[value_field(question)][given]
    if len(values) == 0:
        return {}
    scale = 10**question.places if question.kind is Kind.DECIMAL else 1
    found = {
        "mean": values.mean(),
        "median": np.median(values),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    return {name: float(value) / scale for name, value in found.items()}
