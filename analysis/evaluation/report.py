"""All that is told of one evaluation, as renderers draw it: a frozen value, computed once."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.evaluation.combined import Combined, SubProject, combine, doubled_names
from analysis.evaluation.comparison import Comparison, compare
from analysis.evaluation.framework import Framework
from analysis.evaluation.funds import FundTable, fund_faults
from analysis.evaluation.grade_changes import Outlook, combined_outlook, outlook
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.messages import Fault
from analysis.evaluation.printed import printed_faults, printed_faults_of_parts
from analysis.evaluation.rules import SURVEYED
from analysis.evaluation.scorecard import Scorecard, scorecard


@dataclass(frozen=True)
class ScorecardReport:
    """`comparison` sets the scores as stated beside those of the survey's own counts.

    It is None where the survey re-scores nothing that was stated. `outlook` and
    `outlook_rescored` say what would change the grade; None while a scorecard is not complete.
    """

    title: str
    source: str
    card: Scorecard
    outlook: Outlook | None
    comparison: Comparison | None
    outlook_rescored: Outlook | None
    printed: tuple[Fault, ...]
    funds: FundTable
    fund_faults: tuple[Fault, ...]

    @property
    def by_survey(self) -> Scorecard:
        """With the survey's own counts wherever a question measures an indicator."""
        return self.comparison.after if self.comparison else self.card

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything to look at: framework, printed figures, funds, total."""
        found = (*self.card.framework.findings, *self.printed, *self.fund_faults)
        return (*self.card.remarks, *found)


def scorecard_report(framework: Framework, inputs: Inputs, scheme: str = "") -> ScorecardReport:
    """Raises KeyError for an unknown scheme."""
    card = scorecard(framework, inputs, scheme)
    comparison = _comparison(framework, inputs, scheme, card)
    return ScorecardReport(
        title=inputs.title or framework.title,
        source=inputs.source,
        card=card,
        outlook=outlook(card),
        comparison=comparison,
        outlook_rescored=outlook(comparison.after) if comparison else None,
        printed=printed_faults(card, inputs.printed),
        funds=inputs.funds,
        fund_faults=fund_faults(inputs.funds),
    )


@dataclass(frozen=True)
class CombinedReport:
    """Several sub-projects: the report of each, and all of them as one score.

    `outlook` says what would change the one grade; None while a part is not complete. `funds` is
    the table of the whole evaluation, if there is one besides those of the parts.
    """

    title: str
    source: str
    combined: Combined
    outlook: Outlook | None
    parts: tuple[ScorecardReport, ...]
    funds: FundTable
    fund_faults: tuple[Fault, ...]
    printed: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What belongs to no one sub-project: names, the printed total and grade, these funds."""
        names = doubled_names([part.name for part in self.combined.parts])
        return (*names, *self.printed, *self.fund_faults)


Evaluation = ScorecardReport | CombinedReport


def evaluate(framework: Framework, inputs: Inputs, scheme: str = "") -> Evaluation:
    """One report, or where the inputs have sub-projects that of each and of all together.

    `scheme` is a slug of `grades.SCHEMES`; "" takes that of the inputs, else the framework's.
    Raises KeyError for an unknown scheme.
    """
    chosen = scheme or inputs.scheme or framework.scheme
    if not inputs.sub_projects:
        return scorecard_report(framework, inputs, chosen)
    parts = tuple(scorecard_report(framework, sub.inputs, chosen) for sub in inputs.sub_projects)
    weighted = [
        SubProject(sub.name, sub.weight, part.card)
        for sub, part in zip(inputs.sub_projects, parts, strict=True)
    ]
    combined = combine(weighted, SCHEMES[chosen])
    return CombinedReport(
        title=inputs.title or framework.title,
        source=inputs.source,
        combined=combined,
        outlook=combined_outlook(combined),
        printed=printed_faults_of_parts(combined, inputs.printed),
        parts=parts,
        funds=inputs.funds,
        fund_faults=fund_faults(inputs.funds, len(inputs.funds.items) or len(parts)),
    )


def _comparison(
    framework: Framework, inputs: Inputs, scheme: str, card: Scorecard
) -> Comparison | None:
    rescored = scorecard(framework, inputs, scheme, rescored=True)
    anew = [
        row
        for row in rescored.rows
        if isinstance(row.leaf.rule, SURVEYED)
        and row.earned.basis == "survey"
        and card.by_id[row.leaf.id].earned.basis != "survey"
    ]
    return compare(card, rescored) if anew else None
