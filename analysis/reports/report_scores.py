"""The satisfaction scores as a report prints them: under the plan of the indicator they fill.

A question has one score in a report. Where it measures an indicator, that is the indicator's,
whose points and plan the framework may state otherwise than the project's plan of the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis import wording
from analysis.evaluation.rules import Satisfaction
from analysis.evaluation.scorecard import Row
from analysis.evaluation.surveyed import Counts, Surveyed, table_of
from analysis.plans import ScoringPlan
from analysis.reports.report_values import EvaluationReport, typed
from analysis.satisfaction import BLANK, Score, ScoreRow, score
from analysis.table import QuestionTable
from surveys.definition import Kind, Meaning, Option, Question


@dataclass(frozen=True)
class Told:
    """One question with its score; `indicator` names what it measures ("" if nothing).

    `is_part`: the indicator has other questions too, and only index and rate can be told of this
    one. `is_apart`: the indicator was scored with other answers (another version of the
    questionnaire, counts of a file). `is_restated`: a score of the indicator was typed, which
    counts in the place of the survey's.
    """

    row: ScoreRow
    indicator: str = ""
    is_part: bool = False
    is_apart: bool = False
    is_restated: bool = False


def told_scores(report: EvaluationReport) -> list[Told]:
    """In the order of the report's scores."""
    indicators = list(_indicators(report))
    return [_told(row, indicators) for row in report.scores.rows]


def index_formula(found: Score) -> str:
    """Without points: (87×1.0+…)/100 ≈ 0.959."""
    terms = [t for t in found.terms if t.weight is not None and (t.code != BLANK or t.count)]
    products = "+".join(f"{wording.exact(t.amount)}×{wording.weight(t.weight or 0)}" for t in terms)
    text = f"({products})/{wording.exact(found.base_amount)}"
    if found.index is None:
        return text
    return f"{text} {'=' if wording.is_exact(found.index) else '≈'} {wording.exact(found.index)}"


def rate_formula(found: Score) -> str:
    """满意率＝(87+10)/100＝97.00%: those who chose an option of the rate, of all in the base."""
    chosen = [t for t in found.terms if t.code in found.plan.top and t.weight is not None]
    counts = "+".join(wording.exact(term.amount) for term in chosen)
    return f"满意率＝({counts})/{wording.exact(found.base_amount)}＝{wording.percent(found.rate)}"


def _indicators(report: EvaluationReport) -> Iterator[tuple[Row, bool]]:
    """Those that questions of satisfaction measure, as the survey scores them; and whether
    somebody typed a score instead."""
    parts = report.combined.parts if report.combined else (report.scorecard,)
    for part in parts:
        if part is None:
            continue
        for row in part.by_survey.rows:
            if isinstance(row.leaf.rule, Satisfaction):
                yield row, part.card.by_id[row.leaf.id].earned.basis != "survey"


def _told(row: ScoreRow, indicators: list[tuple[Row, bool]]) -> Told:
    reference = f"{row.questionnaire.partition('@')[0]}/{row.score.question}"
    found = [one for one in indicators if reference in _references(one[0])]
    if not found:
        return Told(row)
    first = found[0][0]
    told = Told(
        row,
        "、".join(dict.fromkeys(f"“{typed(one.leaf.name)}”" for one, _ in found)),
        is_part=len(_references(first)) > 1 or len({(o.leaf.id, o.score) for o, _ in found}) > 1,
        is_restated=any(is_restated for _, is_restated in found),
    )
    counted, plan = _counted(first.earned.surveyed, reference, row.score)
    if counted is None or plan is None:
        return replace(told, is_part=True)
    is_same = (counted.counts, counted.blank) == (row.score.counts, row.score.blank)
    anew = replace(row, score=score(plan, _table(row.score)))
    return replace(told, row=anew, is_apart=not is_same)


def _references(row: Row) -> list[str]:
    rule = row.leaf.rule
    return [one.reference for one in rule.asked] if isinstance(rule, Satisfaction) else []


def _counted(
    surveyed: Surveyed | None, reference: str, found: Score
) -> tuple[Counts | None, ScoringPlan | None]:
    """The answers that the indicator was scored with, and its plan where that fits the question:
    another version may have other options. Pooled questions have the plan of the first one."""
    codes = {term.code for term in found.terms if term.meaning is None}
    for place, counted in enumerate(surveyed.counts if surveyed else ()):
        plans = surveyed.plans if surveyed else ()
        plan = plans[min(place, len(plans) - 1)] if plans else None
        if counted.reference == reference and plan and set(plan.weights) == codes:
            return counted, replace(plan, question=found.question)
    return None, None


def _table(found: Score) -> QuestionTable:
    """The table that was scored, as far as a plan looks at it."""
    options = tuple(
        Option(code=t.code, text=t.text, meaning=Meaning(t.meaning) if t.meaning else None)
        for t in found.terms
        if t.code != BLANK
    )
    question = Question(code=found.question, text=found.text, kind=Kind.SINGLE, options=options)
    return table_of(question, found.counts, found.blank)
