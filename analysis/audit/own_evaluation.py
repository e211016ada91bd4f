"""A project's own evaluation as described reports: one, and one more for each sub-project."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.audit.model import Claims, Report
from analysis.audit.own_funds import funds_of, stated_items, sums_of
from analysis.audit.own_scores import Surveys, combined_scores, scores_of, stated_satisfaction
from analysis.evaluation.funds import FundTable
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport

CARD, FUNDS, ONE = "指标体系评分表", "资金表", "子项目合并得分"


def own_reports(
    whole: Report, evaluation: Evaluation, inputs: Inputs, surveys: Surveys
) -> list[Report]:
    """`whole` has the survey; what belongs to no sub-project is added to it. Each sub-project has
    the survey too, which its indicators are measured by."""
    if not isinstance(evaluation, CombinedReport):
        scored = _with_card(whole, evaluation, inputs, surveys, CARD)
        return [_with_funds(scored, inputs.funds, FUNDS)]
    names = [sub.name for sub in inputs.sub_projects]
    scored = whole.model_copy(update={"scores": combined_scores(evaluation, inputs.printed, ONE)})
    found = [_with_funds(scored, inputs.funds, FUNDS, names)]
    for part, sub in zip(evaluation.parts, inputs.sub_projects, strict=True):
        scored = _with_card(whole, part, sub.inputs, surveys, f"{CARD}（{sub.name}）")
        found.append(_with_funds(scored, sub.inputs.funds, f"{FUNDS}（{sub.name}）"))
    return found


def _with_card(
    whole: Report, card: ScorecardReport, inputs: Inputs, surveys: Surveys, place: str
) -> Report:
    stated = stated_satisfaction(card, surveys, place)
    scores = scores_of(card, inputs.printed, surveys, place)
    return whole.model_copy(
        update={"scores": scores, "satisfaction": (*whole.satisfaction, *stated)}
    )


def _with_funds(
    whole: Report, table: FundTable, place: str, projects: Sequence[str] = ()
) -> Report:
    """`projects` are those that the evaluation lists, where its table has no items."""
    claims = Claims(numbers=stated_items(table, place, projects))
    return whole.model_copy(
        update={"funds": funds_of(table, place), "tables": sums_of(table, place), "claims": claims}
    )
