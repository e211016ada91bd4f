"""Everything that a report by group shows, computed once: tables, scores, ranks, tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from analysis import tabulate
from analysis.association import Test
from analysis.designs import Design
from analysis.group_margins import Margins, group_margins
from analysis.group_scores import ScoredQuestion, scored_question
from analysis.group_tests import GroupTest, question_test
from analysis.grouping import Memberships, memberships, memberships_of_tables
from analysis.plans import ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import UNNAMED, Phrase, grouping_name
from analysis.responses import Responses
from analysis.sampling import is_small
from analysis.scored_domains import ScoredDomain, scored_domain
from analysis.table import Group, SummaryTable
from surveys.definition import Kind

__all__ = ["GroupReport", "GroupTest", "Test", "group_report"]

MOST_GROUPS = 1000


@dataclass(frozen=True)
class GroupReport:
    """A report on one questionnaire by one grouping, as the renderers draw it.

    `table` has the groups, `everybody` all of them together; `tests` are by question code;
    `planned` (label -> responses) is given where there is a plan; `described` are sentences
    (zh, en) on the sample; `margins` are those of the groups (see `group_margins`), `margin` that
    of everybody. `designed`: more than a simple sample, so that counts alone say too little.
    """

    table: SummaryTable
    everybody: Group
    scores: tuple[ScoredQuestion, ...] = ()
    tests: Mapping[str, GroupTest] = field(default_factory=dict)
    planned: Mapping[str, int] = field(default_factory=dict)
    described: tuple[Phrase, ...] = ()
    by_name: Phrase = UNNAMED
    margin: float | None = None
    margins: Margins = ()
    designed: bool = False

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.table.groups

    def margin_of(self, group: Group) -> float | None:
        """± of a share of a half (0..1, 95%) in this group: the widest there is."""
        if group is self.everybody:
            return self.margin
        place = next(place for place, one in enumerate(self.groups) if one is group)
        return self.margins[place]


def group_report(
    responses: Responses,
    by: str,
    plans: Mapping[str, ScoringPlan],
    *,
    table: SummaryTable | None = None,
    design: Design | None = None,
    inside: npt.NDArray[np.bool_] | None = None,
    planned: Mapping[str, int] | None = None,
    described: tuple[Phrase, ...] = (),
    by_name: Phrase | None = None,
) -> GroupReport:
    """The report on the responses `inside` (n,) (None: all), grouped by `by`.

    table: gives title, remarks, flow and base rule; its groups are made here, from counts unless
    the responses came with weights. design: of all n responses; without one, and for a simple
    sample, the counts are what is estimated from.
    Raises UnknownGroupingError, and CannotComputeError without a response or over 1000 groups.
    """
    seen = responses if inside is None else responses.where(inside)
    if not seen.n:
        raise CannotComputeError("no_responses")
    members = memberships_of_tables(responses, by, inside)
    drawn = design if inside is None and responses.weights is not None else None
    frame = table or tabulate.summary_table(seen, design=drawn)
    groups = tabulate.summarise(seen, base=frame.base_rule, by=by, design=drawn)
    if len(groups) > MOST_GROUPS:
        raise CannotComputeError("groups_per_report", count=len(groups), most=MOST_GROUPS)
    everybody = tabulate.summarise(seen, base=frame.base_rule, design=drawn)[0]
    scores = (
        scored_question(plan, everybody, groups, _domains(responses, design, plan, members))
        for plan in plans.values()
    )
    whole = memberships(responses).within(members.codes >= 0)
    return GroupReport(
        table=replace(frame, groups=groups, grouped_by=by, n=seen.n),
        everybody=everybody,
        scores=tuple(scores),
        tests=_tests(seen, responses, by, groups, design, members),
        planned=planned or {},
        described=described,
        by_name=by_name or grouping_name(by, responses.questionnaire),
        margin=group_margins(responses, design, "", whole, [everybody])[0],
        margins=group_margins(responses, design, by, members, groups),
        designed=design is not None and not design.is_plain,
    )


def _domains(
    responses: Responses, design: Design | None, plan: ScoringPlan, members: Memberships
) -> tuple[ScoredDomain, ScoredDomain] | None:
    """None where counts say everything."""
    if design is None or design.is_plain:
        return None
    everybody = memberships(responses).within(members.codes >= 0)
    total = scored_domain(responses, design, plan, everybody)
    return total, replace(total, grouping=members)


def _tests(
    seen: Responses,
    responses: Responses,
    by: str,
    groups: Sequence[Group],
    design: Design | None,
    members: Memberships,
) -> dict[str, GroupTest]:
    """Does the answer to a question depend on the group? Not asked of groups that overlap, nor of
    the question that makes them."""
    question = responses.questionnaire.by_code.get(by)
    if question is not None and question.kind is Kind.MULTIPLE:
        return {}
    designed = design if design is not None and not design.is_plain else None
    return {
        asked.code: question_test(asked, groups, responses, members.codes, designed)
        for asked in seen.questionnaire.questions
        if asked.is_choice and asked.code != by
    }


def small_groups(report: GroupReport) -> tuple[Group, ...]:
    """Those with fewer than 30 responses, the empty ones included."""
    return tuple(group for group in report.groups if is_small(group.n))
