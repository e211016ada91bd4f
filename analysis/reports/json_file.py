"""JSON, as docs and scripts rely on it: shares are 0..1, unrounded; absent numbers are null."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from analysis.estimate import LEVEL
from analysis.plans import plain
from analysis.satisfaction import BLANK, Score, ScoreReport
from analysis.table import Group, OptionRow, QuestionTable, SummaryTable


def render_json(table: SummaryTable, language: str = "zh") -> str:
    return _text(table_data(table))


def render_scores_json(report: ScoreReport, language: str = "zh") -> str:
    return _text(report_data(report))


def render_score_json(score: Score) -> str:
    """One score alone, as the command `manyi score` prints it."""
    return _text(score_data(score))


def table_data(table: SummaryTable) -> dict[str, Any]:
    """`questions` for everybody, or `groups` with the questions of each."""
    data: dict[str, Any] = {
        "questionnaire": table.slug,
        "version": table.version,
        "n": table.n,
        "base_rule": table.base_rule,
        "title": table.title,
        "project": table.project,
        "simulated": table.simulated,
        "remarks": list(table.remarks),
        "flow": None if table.flow is None else asdict(table.flow),
    }
    if table.weighting is not None:
        data |= {"weighted": True, "weighting": asdict(table.weighting)}
    data |= {"interval": table.interval, "level": LEVEL}
    if table.multiple_rule != "cases":
        data["multiple_rule"] = table.multiple_rule
    if table.grouped_by is None:
        questions = [q for group in table.groups for q in group.questions]
        return data | {"questions": [_question_data(q) for q in questions]}
    groups = [_group_data(group) for group in table.groups]
    return data | {"grouped_by": table.grouped_by, "groups": groups}


def score_data(score: Score) -> dict[str, Any]:
    """Numbers of up to 17 digits; `formula` is the substituted text."""
    return {
        "question": score.question,
        "text": score.text,
        "plan": score.plan.as_data(),
        "counts": score.counts,
        "blank": score.blank,
        "base": score.base,
        "excluded": score.excluded,
        "excluded_by": score.excluded_by,
        "index": plain(score.index),
        "rate": plain(score.rate),
        "score": plain(score.score),
        "points": plain(score.points),
        "low": score.low,
        "high": score.high,
        "index_low": score.index_low,
        "index_high": score.index_high,
        "formula": score.formula,
        "warnings": [warning.text() for warning in score.warnings],
    } | _weighted_data(score)


def _weighted_data(score: Score) -> dict[str, Any]:
    """What a weighted score has besides."""
    if not score.weighted:
        return {}
    return {
        "weighted": True,
        "weighted_counts": {t.code: plain(t.amount) for t in score.terms if t.code != BLANK},
        "weighted_base": plain(score.base_amount),
    }


def report_data(report: ScoreReport) -> dict[str, Any]:
    scores = [
        {"group": row.label, "questionnaire": row.questionnaire, **score_data(row.score)}
        for row in report.rows
    ]
    return {
        "title": report.title,
        "project": report.project,
        "simulated": report.simulated,
        "remarks": list(report.remarks),
        "scores": scores,
    }


def _group_data(group: Group) -> dict[str, Any]:
    questions = [_question_data(question) for question in group.questions]
    return {"label": group.label, "n": group.n, "questions": questions}


def _question_data(question: QuestionTable) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": question.code,
        "text": question.text,
        "type": question.kind.value,
        "asked": question.asked,
        "answered": question.answered,
        "blank": question.blank,
        "base": question.base,
        "options": [_option_data(row) for row in question.rows],
    }
    if question.weighted_base is not None:
        data["weighted_base"] = question.weighted_base
    if question.mentions is not None:
        data["mentions"] = question.mentions
    if question.statistics:
        data |= {"statistics": dict(question.statistics), "unit": question.unit}
    return data


def _option_data(row: OptionRow) -> dict[str, Any]:
    cell = row.cell
    data = {
        "code": row.code,
        "text": row.text,
        "count": cell.count,
        "share": cell.share,
        "low": cell.low,
        "high": cell.high,
    }
    if cell.weighted_count is not None:
        data["weighted_count"] = cell.weighted_count
    return data


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
