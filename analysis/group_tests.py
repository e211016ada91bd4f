"""Does the answer to a question depend on the group? One test per question, chosen by its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import association, coding, multiple_response
from analysis.association import Test
from analysis.designs import Design
from analysis.multiplicity import adjusted
from analysis.rao_scott import cramers_v, rao_scott, weighted_table
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.table import Group, QuestionTable
from analysis.table_tests import table_tests
from surveys.definition import Kind, Question

MOST_CELLS = 1500
"""Groups × options under a design: the covariance has the square of it (18 MB)."""
MOST_EXACT = 30
"""More groups have too many tables for Fisher's test; finding that out takes seconds a question."""


@dataclass(frozen=True)
class GroupTest:
    """`test` is None where nothing can be tested, `refusal` says why. `doubtful`: expected counts
    are too small for χ²; then `exact` is Fisher's p where it can be computed. `by_option`: p is
    the smallest of the options' own tests, Bonferroni-adjusted, and `test` that option's.
    left_out: labels of the groups that are too small for the test of a multiple choice."""

    test: Test | None = None
    p: float | None = None
    v: float | None = None
    doubtful: bool = False
    exact: float | None = None
    by_option: bool = False
    left_out: tuple[str, ...] = ()
    refusal: CannotComputeError | None = None


def question_test(
    question: Question,
    groups: Sequence[Group],
    responses: Responses,
    codes: npt.NDArray[np.intp],
    design: Design | None,
) -> GroupTest:
    """codes: (n,) place of each response's group or -1. design: None for a simple sample."""
    try:
        if question.kind is Kind.MULTIPLE:
            return _of_ticks(question, groups, responses, codes, design)
        if design is None:
            return _of_counts(counts(groups, question.code))
        return _of_design(question, len(groups), responses, codes, design)
    except CannotComputeError as refusal:
        # A traceback would keep the arrays of its frames alive as long as the report lives.
        return GroupTest(refusal=refusal.with_traceback(None))


def counts(groups: Sequence[Group], code: str) -> npt.NDArray[np.float64]:
    """(options, groups) counts of one question."""
    tables = [_table(group, code) for group in groups]
    return np.array([[row.cell.count for row in table.rows] for table in tables], np.float64).T


def _table(group: Group, code: str) -> QuestionTable:
    return next(table for table in group.questions if table.code == code)


def _of_counts(table: Any) -> GroupTest:
    if table.shape[1] > MOST_EXACT:
        test, doubtful = association.pearson(table), association.is_doubtful(table)
        return GroupTest(test, test.p, association.cramers_v(table), doubtful)
    told = table_tests(table)
    p = told.pearson.p if told.pearson else None
    refusal = told.refusal if told.pearson is None else None
    return GroupTest(told.pearson, p, told.cramers_v, told.doubtful, told.fisher, refusal=refusal)


def _of_design(
    question: Question,
    group_count: int,
    responses: Responses,
    codes: npt.NDArray[np.intp],
    design: Design,
) -> GroupTest:
    coded = coding.categories(responses, question.code)
    _refuse_large(coded.size * group_count)
    table = weighted_table(design, coded.codes, coded.size, codes, group_count)
    test = rao_scott(table)
    return GroupTest(test, test.p, cramers_v(table))


def _of_ticks(
    question: Question,
    groups: Sequence[Group],
    responses: Responses,
    codes: npt.NDArray[np.intp],
    design: Design | None,
) -> GroupTest:
    patterns = coding.ticks(responses, question.code)
    try:
        found = multiple_response.compare_groups(patterns, codes, len(groups), design)
    except CannotComputeError as refusal:
        if refusal.code != "too_many_cells" or design is not None:
            raise
        return _of_options(groups, question.code)
    left_out = tuple(groups[place].label for place in found.left_out)
    return GroupTest(found.joint, found.joint.p, left_out=left_out)


def _of_options(groups: Sequence[Group], code: str) -> GroupTest:
    """Ticked or not × group for each option of a simple sample, the smallest p adjusted."""
    ticked = counts(groups, code)
    answered = np.array([_table(group, code).answered for group in groups], np.float64)
    tests = []
    for line in ticked:
        try:
            tests.append(association.pearson(np.stack([line, answered - line])))
        except CannotComputeError:
            continue  # all or none ticked it
    if not tests:
        raise CannotComputeError("no_variance")
    raised = adjusted([test.p for test in tests], "bonferroni")
    best = int(np.argmin(raised))
    return GroupTest(tests[best], float(raised[best]), by_option=True)


def _refuse_large(cells: int) -> None:
    if cells > MOST_CELLS:
        raise CannotComputeError("too_many_cells", count=cells, most=MOST_CELLS)
