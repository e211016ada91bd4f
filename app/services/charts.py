"""Charts of a project: its tables, scores, progress and scorecard put into pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from analysis.charts import (
    Chart,
    Dot,
    area_dots,
    crossed_bars,
    option_bars,
    progress_over_time,
    scale_bars,
    scorecard_bars,
    stacked_by_group,
)
from analysis.charts.words import word
from analysis.cross_values import CrossTable, Side
from analysis.evaluation.report import Evaluation, ScorecardReport
from analysis.reports.cross_words import side_name
from analysis.reports.words import label_of
from analysis.satisfaction import ScoreReport, ScoreRow
from analysis.satisfaction_estimates import GroupSatisfaction, Satisfaction
from analysis.table import SummaryTable
from app import problems
from app.models import Project, Status
from app.services import areas, questionnaires
from app.services.columns import STATUS_CODE, ColumnStore
from surveys.definition import Kind, Questionnaire

DAY_MS = 24 * 3600 * 1000
CHINA_MS = 8 * 3600 * 1000
"""China has had no summer time since tablets exist."""
EPOCH = date(1970, 1, 1)


def of_question(
    table: SummaryTable, questionnaire: Questionnaire, code: str, language: str
) -> Chart:
    """Bars of one choice question, or of its groups where the table is grouped.

    Raises Problem 404.1 for a question that is not there or has nothing to choose.
    """
    question = questionnaire.by_code.get(code)
    if question is None or not question.is_choice or not table.groups:
        raise problems.not_found()
    is_scale = code in scales_of(questionnaire)
    if table.grouped_by is not None:
        named = [replace(one, label=label_of(one.label, language)) for one in table.groups]
        table = replace(table, groups=tuple(named))
        return stacked_by_group(table, code, language, is_scale=is_scale)
    group = table.groups[0]
    found = next(one for one in group.questions if one.code == code)
    if is_scale:
        return scale_bars([found], language, simulated=table.simulated)
    return option_bars(found, group.n, language, simulated=table.simulated, interval=table.interval)


def of_scales(table: SummaryTable, questionnaire: Questionnaire, language: str) -> Chart:
    """All scale questions of an ungrouped table side by side. Raises Problem 404.1 without any."""
    scales = scales_of(questionnaire)
    if table.grouped_by is not None or not scales:
        raise problems.not_found()
    chosen = [one for one in table.groups[0].questions if one.code in scales]
    return scale_bars(chosen, language, simulated=table.simulated)


def scales_of(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions that ask for a judgement on a scale."""
    return frozenset(
        one.code
        for one in questionnaire.questions
        if one.kind is Kind.SCALE or (one.kind is Kind.SINGLE and one.satisfaction)
    )


def of_scores(report: ScoreReport, reference: str, code: str, language: str) -> Chart:
    """The score of each group as a dot. Raises Problem 404.1 where the question has no plan."""
    rows = [
        row for row in report.rows if row.questionnaire == reference and row.score.question == code
    ]
    if not rows:
        raise problems.not_found()
    overall, *groups = (_dot(row, language) for row in rows)
    return area_dots(
        groups,
        title=f"{rows[0].score.text}{word('colon', language)}{word('score', language)}",
        unit=word("points_unit", language),
        language=language,
        overall=overall,
        simulated=report.simulated,
    )


def of_satisfaction(found: Satisfaction, language: str, simulated: bool) -> Chart | None:
    """The index of each group as a dot, in the order of the table; None for fewer than two."""
    shown = [group for group in found.in_reading_order if group.is_estimated]
    if len(shown) < 2:
        return None
    return area_dots(
        [_index(group, language) for group in shown],
        title=f"{found.question.text}{word('colon', language)}{word('index', language)}",
        unit="%",
        language=language,
        overall=_index(found.everybody, language),
        simulated=simulated,
    )


def of_crosstab(
    table: CrossTable, questionnaire: Questionnaire, language: str, simulated: bool
) -> Chart | None:
    """What the rows make up of each column; None where that is no whole or has nothing in it."""
    sides = [_named(side, language) for side in (table.rows, table.columns)]
    chart = crossed_bars(
        replace(table, rows=sides[0], columns=sides[1]),
        questionnaire.by_code.get(table.rows.key),
        language,
        title=f"{side_name(table.rows, language)} × {side_name(table.columns, language)}",
        is_scale=table.rows.key in scales_of(questionnaire),
        simulated=simulated,
    )
    return None if chart.is_empty else chart


def _named(side: Side, language: str) -> Side:
    named = (replace(one, name=label_of(one.name, language)) for one in side.categories)
    return replace(side, categories=tuple(named))


def of_progress(session: Session, store: ColumnStore, project: Project, language: str) -> Chart:
    planned = sum(line.planned for line in areas.progress(session, project))
    return progress_over_time(
        days(session, store, project),
        planned or None,
        title=word("progress_title", language),
        language=language,
        simulated=project.practice,
    )


def of_scorecard(report: Evaluation, part: int | None, language: str, simulated: bool) -> Chart:
    """`part` is the place of a sub-project, from 1. Raises Problem 404.1 for one that is not."""
    if isinstance(report, ScorecardReport):
        if part is not None:
            raise problems.not_found()
        return scorecard_bars(report, language, simulated=simulated)
    if part is None or not 1 <= part <= len(report.parts):
        raise problems.not_found()
    return scorecard_bars(report.parts[part - 1], language, simulated=simulated)


def days(session: Session, store: ColumnStore, project: Project) -> list[tuple[date, int]]:
    """How many responses, but for those excluded, were received on each day (China time)."""
    found: dict[int, int] = {}
    for published in questionnaires.all_published(session, project):
        arrays = store.columns(session, published.id, published.questionnaire).arrays
        chosen = arrays["#practice"] == int(project.practice)
        chosen &= arrays["#status"] != STATUS_CODE[Status.EXCLUDED]
        numbers = (arrays["#received_ms"][chosen] + CHINA_MS) // DAY_MS
        for day, count in zip(*np.unique(numbers, return_counts=True), strict=True):
            found[int(day)] = found.get(int(day), 0) + int(count)
    return [(EPOCH + timedelta(days=day), count) for day, count in sorted(found.items())]


def _index(group: GroupSatisfaction, language: str) -> Dot:
    label = label_of(group.label, language)
    return Dot(label, group.index, group.index_low, group.index_high, group.n)


def _dot(row: ScoreRow, language: str) -> Dot:
    score = row.score
    value = None if score.score is None else float(score.score)
    return Dot(label_of(row.label, language), value, score.low, score.high, score.base)
