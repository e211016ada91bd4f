"""Responses -> SummaryTable: every count of the 调查问卷汇总表 is made here.

Shares are of those who answered (a multiple choice: percent of cases, which may sum to over 1, or
on request of all ticks), or with base "all" of all responses of the group, as the published 2018
table has them. With weights or a design they are estimates of the population's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.counting import Counts
from analysis.designs import Design, survey_design
from analysis.estimate import wilson
from analysis.grouping import Grouping, UnknownGroupingError, grouped, groupings
from analysis.interval_methods import DEFAULT, checked_method
from analysis.kinds import kinds_of
from analysis.question_counts import QuestionCounts, plain_counts
from analysis.question_tables import (
    Counted,
    ShareArrays,
    numbers_by_group,
    share_arrays,
    tables_of,
)
from analysis.responses import Responses
from analysis.table import BaseRule, Cell, Flow, Group, MultipleRule, Rules, SummaryTable
from analysis.weighted_shares import described, mentions, weighted_questions
from surveys.definition import NUMBERS, Kind

__all__ = [
    "UnknownGroupingError",
    "cell",
    "groupings",
    "shares_by_group",
    "summarise",
    "summary_table",
]


def summary_table(
    responses: Responses,
    *,
    base: BaseRule = "answered",
    by: str | None = None,
    multiple: MultipleRule = "cases",
    interval: str = DEFAULT,
    design: Design | None = None,
    flow: Flow | None = None,
    simulated: bool = False,
    project: str = "",
    remarks: tuple[str, ...] = (),
) -> SummaryTable:
    """The whole table as renderers draw it; see `summarise`."""
    questionnaire = responses.questionnaire
    weighing = _weighing(responses, design)
    return SummaryTable(
        slug=questionnaire.slug,
        version=questionnaire.version,
        title=questionnaire.title,
        base_rule=base,
        n=responses.n,
        groups=summarise(
            responses, base=base, by=by, multiple=multiple, interval=interval, design=design
        ),
        grouped_by=by,
        flow=flow,
        simulated=simulated,
        project=project,
        remarks=remarks,
        weighting=None if weighing is None else described(weighing),
        multiple_rule=multiple,
        interval=interval,
    )


def summarise(
    responses: Responses,
    *,
    base: BaseRule = "answered",
    by: str | None = None,
    multiple: MultipleRule = "cases",
    interval: str = DEFAULT,
    design: Design | None = None,
) -> tuple[Group, ...]:
    """One Group for everybody, or one per group of `by`, in the order of its names or options.

    `by` is a key of `responses.groups` or the code of a choice question. A response that ticked
    several options of a multiple choice is in the group of each of them. Groups without responses
    are kept; those of the people who left a question blank or were not asked only if there are
    any. `multiple`: "mentions" takes shares of multiple choices of all ticks, whatever `base` is.
    `interval` names how intervals of shares are made (see `analysis.interval_methods`).

    With a `design` of these n responses (or with `responses.weights`, then drawn singly and with
    replacement) counts stay numbers of responses, while shares, intervals and statistics are the
    design's estimates (see `analysis.weighted_shares`); without weight in the base they are None.
    Raises UnknownGroupingError, DesignError for weights that cannot be used, and
    CannotComputeError for an interval that does not suit the data.
    """
    weighed = design is not None or responses.weights is not None
    checked_method(interval, designed=weighed, mentions=multiple == "mentions")
    rules = Rules(base, multiple, interval)
    weighing = _weighing(responses, design)
    found: list[Group] = []
    for grouping in grouped(responses, by):
        tables = tables_of(_questions(responses, grouping, rules, weighing), interval)
        found += [
            Group(name, n, tables.of_group(group))
            for group, (name, n) in enumerate(
                zip(grouping.names, tables.sizes(grouping, responses.n), strict=True)
            )
        ]
    return tuple(found)


def shares_by_group(
    responses: Responses, *, base: BaseRule = "answered", by: str | None = None
) -> Iterator[tuple[Grouping, list[ShareArrays]]]:
    """The numbers of `summarise` for plain counts as arrays per question, without its tables: for
    maps, charts and tests over many groups. Several for a multiple choice, one per option.

    Raises UnknownGroupingError.
    """
    for grouping in grouped(responses, by):
        yield grouping, share_arrays(list(_plain(responses, grouping, base)))


def cell(count: int, base: int) -> Cell:
    """A count with its base, share and 95% Wilson interval."""
    interval = wilson(count, base) if base else None
    if interval is None:
        return Cell(count, base, None, None, None)
    return Cell(count, base, count / base, interval.low, interval.high)


def _weighing(responses: Responses, design: Design | None) -> Design | None:
    if responses.n == 0 or (design is None and responses.weights is None):
        return None
    return survey_design(weights=responses.weights) if design is None else design


def _questions(
    responses: Responses, grouping: Grouping, rules: Rules, design: Design | None
) -> Iterator[Counted]:
    """Every question of the questionnaire in its order."""
    counted = (
        _plain(responses, grouping, rules.base)
        if design is None
        else _weighted(responses, grouping, rules, design)
    )
    for one in counted:
        if one.question.kind in NUMBERS:
            numbers = numbers_by_group(responses, one.question, grouping, design)
            yield replace(one, numbers=numbers)
        elif one.question.kind is Kind.MULTIPLE and rules.multiple == "mentions":
            yield _of_mentions(responses, grouping, one, rules, design)
        else:
            yield one


def _plain(responses: Responses, grouping: Grouping, base: BaseRule) -> Iterator[Counted]:
    counted = plain_counts(responses, grouping)
    for question, counts in zip(responses.questionnaire.questions, counted, strict=True):
        yield Counted(question, counts, _bases(counts, base))


def _weighted(
    responses: Responses, grouping: Grouping, rules: Rules, design: Design
) -> Iterator[Counted]:
    estimated = weighted_questions(responses, kinds_of(design), grouping, rules)
    for question, (counts, shares) in zip(
        responses.questionnaire.questions, estimated, strict=True
    ):
        yield Counted(question, counts, _bases(counts, rules.base), shares, weighted=True)


def _bases(counts: QuestionCounts, base: BaseRule) -> Counts:
    return counts.sizes if base == "all" else counts.answered


def _of_mentions(
    responses: Responses,
    grouping: Grouping,
    counted: Counted,
    rules: Rules,
    design: Design | None,
) -> Counted:
    """The same with shares of all ticks; of a simple sample without a design."""
    if responses.n == 0:
        return counted
    drawn = survey_design(responses.n) if design is None else design
    shares = [
        mentions(
            responses, counted.question, drawn, grouping.members(group, responses.n), rules.interval
        )
        for group in range(grouping.size)
    ]
    return replace(counted, bases=counted.counts.options.sum(axis=1), shares=shares)
