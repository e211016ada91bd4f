"""The scorecard as JSON for scripts: numbers unrounded, shares 0..1, absent numbers null."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from analysis import wording
from analysis.evaluation.comparison import Comparison
from analysis.evaluation.funds import FundTable
from analysis.evaluation.grade_changes import Alternative, Outlook
from analysis.evaluation.messages import Fault
from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.evaluation.surveyed import Surveyed
from analysis.plans import plain


def render_scorecard_json(report: Evaluation, language: str = "zh") -> str:
    data = (
        report_data(report, language)
        if isinstance(report, ScorecardReport)
        else combined_data(report, language)
    )
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def report_data(report: ScorecardReport, language: str = "zh") -> dict[str, Any]:
    comparison = report.comparison
    return {
        "title": report.title,
        "framework": report.card.framework.slug,
        "scheme": report.card.scheme.slug,
        **card_data(report.card, language),
        "outlook": _outlook_data(report.outlook),
        "comparison": None if comparison is None else _comparison_data(comparison, language),
        "outlook_rescored": _outlook_data(report.outlook_rescored),
        "funds": _funds_data(report.funds),
        "findings": [_fault_data(fault, language) for fault in report.faults],
    }


def combined_data(report: CombinedReport, language: str = "zh") -> dict[str, Any]:
    """`sub_projects` have weight and score (of 100) besides the data of their own report."""
    combined = report.combined
    return {
        "title": report.title,
        "scheme": combined.scheme.slug,
        "total": _number(combined.total),
        "printed": wording.number(combined.total) if combined.total is not None else None,
        "grade": combined.grade.name if combined.grade else None,
        "grade_of_printed": combined.grade.name_of_printed if combined.grade else None,
        "formula": combined.formula,
        "outlook": _outlook_data(report.outlook),
        "sub_projects": [
            {
                "name": part.name,
                "weight": _number(part.weight),
                "score_of_100": _number(part.score),
                "contribution": _number(combined.contribution(part)),
                **report_data(of_part, language),
            }
            for part, of_part in zip(combined.parts, report.parts, strict=True)
        ],
        "funds": _funds_data(report.funds),
        "findings": [_fault_data(fault, language) for fault in report.faults],
    }


def card_data(card: Scorecard, language: str = "zh") -> dict[str, Any]:
    """Numbers as they are; `printed` is the total as a report prints it."""
    grade = card.grade
    return {
        "points": _number(card.points),
        "scored": _number(card.scored),
        "total": _number(card.total),
        "printed": wording.number(card.total) if card.total is not None else None,
        "rate": _number(card.rate),
        "grade": grade.name if grade else None,
        "grade_of_printed": grade.name_of_printed if grade else None,
        "sub_totals": [
            {
                "path": list(sub.path),
                "points": _number(sub.points),
                "score": _number(sub.score),
                "rate": _number(sub.rate),
            }
            for sub in card.sub_totals
        ],
        "indicators": [_row_data(row, language) for row in card.rows],
    }


def _row_data(row: Row, language: str) -> dict[str, Any]:
    earned, measure = row.earned, row.measure
    surveyed = earned.surveyed
    return {
        "id": row.leaf.id,
        "name": row.leaf.name,
        "path": list(row.leaf.path),
        "rule": row.leaf.rule.kind,
        "points": _number(row.leaf.points),
        "score": _number(row.score),
        "rate": _number(row.rate),
        "basis": earned.basis,
        "formula": earned.formula,
        "readings": None if earned.readings is None else [_number(r) for r in earned.readings],
        "survey": None if surveyed is None else _surveyed_data(surveyed),
        "source": measure.source,
        "evidence": measure.evidence,
        "reason": measure.reason,
        "note": measure.note,
        "remarks": [fault.sentence(language) for fault in earned.remarks],
    }


def _surveyed_data(found: Surveyed) -> dict[str, Any]:
    return {
        "base": found.base,
        "estimate": _number(found.estimate),
        "low": found.low,
        "high": found.high,
        "score_low": _number(found.score_low),
        "score_high": _number(found.score_high),
        "questions": [
            {
                "question": c.reference,
                "text": c.text,
                "counts": dict(c.counts),
                "asked": c.asked,
                "answered": c.answered,
                "blank": c.blank,
            }
            for c in found.counts
        ],
        "plans": [plan.as_data() for plan in found.plans],
    }


def _outlook_data(found: Outlook | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "grade": found.grade,
        "better": found.better or None,
        "to_better": _number(found.to_better),
        "to_worse": _number(found.to_worse),
        "lowest": _number(found.lowest),
        "grade_lowest": found.grade_lowest,
        "highest": _number(found.highest),
        "grade_highest": found.grade_highest,
        "ambiguous": [
            {**_named(a.down), "down": _alternative(a.down), "up": _alternative(a.up)}
            for a in found.ambiguous
        ],
        "edges": [
            {
                **_named(edge.there),
                "band": edge.band.when,
                "distance": _number(edge.distance),
                "is_share": edge.is_share,
                **_alternative(edge.there),
            }
            for edge in found.edges
        ],
        "unmeasured": found.unmeasured,
        "chance": None if found.chance is None else [_number(end) for end in found.chance],
        "grade_chance": None if found.grade_chance is None else list(found.grade_chance),
    }


def _named(found: Alternative) -> dict[str, str]:
    """Of several sub-projects an id alone would be that of each."""
    part = {"sub_project": found.part} if found.part else {}
    return {**part, "id": found.row.leaf.id}


def _alternative(found: Alternative) -> dict[str, Any]:
    return {
        "score": _number(found.score),
        "total": _number(found.total),
        "grade": found.grade,
        "changes_grade": found.changes_grade,
    }


def _comparison_data(found: Comparison, language: str) -> dict[str, Any]:
    return {
        "before": _totals(found.before),
        "after": _totals(found.after) | {"rescored": card_data(found.after, language)},
        "change": _number(found.change),
        "differences": [
            {
                "id": d.before.leaf.id,
                "name": d.before.leaf.name,
                "before": _number(d.before.score),
                "after": _number(d.after.score),
                "change": _number(d.change),
                "reason": d.reason.sentence(language),
            }
            for d in found.differences
        ],
    }


def _totals(card: Scorecard) -> dict[str, Any]:
    return {"total": _number(card.total), "grade": card.grade.name if card.grade else None}


def _funds_data(table: FundTable) -> dict[str, Any]:
    return {
        "unit": table.unit,
        "items": [
            {
                "name": item.name,
                "planned": _number(item.total("planned")),
                "arrived": _number(item.total("arrived")),
                "spent": _number(item.total("spent")),
                "balance": _number(item.computed_balance),
                "arrived_rate": _number(item.rate("arrived")),
                "executed_rate": _number(item.rate("executed")),
            }
            for item in table.items
        ],
    }


def _fault_data(fault: Fault, language: str) -> dict[str, Any]:
    return {
        "severity": fault.severity,
        "place": fault.place,
        "code": fault.code,
        "text": fault.sentence(language),
    }


def _number(value: Any) -> int | float | None:
    """A fraction as int or float, whose shortest form is the same number."""
    if value is None:
        return None
    exact = wording.as_decimal(value) if isinstance(value, Fraction) else value
    number: int | float = plain(exact)
    return number
