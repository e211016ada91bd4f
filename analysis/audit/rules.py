"""The rules of the audit by name, in the order of a report; one function each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from analysis.audit import (
    asked_rules,
    claim_rules,
    figure_rules,
    fund_rules,
    sample_rules,
    satisfaction_rules,
    score_rules,
    survey_rules,
    total_rules,
    weight_rules,
)
from analysis.audit.finding import Finding
from analysis.audit.fund_misprints import fund_misprints
from analysis.audit.model import Report
from analysis.audit.score_misprints import score_misprints
from analysis.audit.survey_misprints import survey_misprints

Rule = Callable[[Report], Iterator[Finding]]

MISPRINTS: tuple[Callable[[Report], tuple[list[Finding], Report]], ...] = (
    survey_misprints,
    score_misprints,
    fund_misprints,
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "sample_base": sample_rules.sample_base,
        "sample_sum": sample_rules.sample_sum,
        "collected_missing": sample_rules.collected_missing,
        "collected_numbers": sample_rules.collected_numbers,
        "single_sum": survey_rules.single_sum,
        "base_skip": asked_rules.base_skip,
        "base_audience": asked_rules.base_audience,
        "blank_sum": asked_rules.blank_sum,
        "grim": survey_rules.impossible_share,
        "share_count": survey_rules.share_of_count,
        "multiple_base_note": survey_rules.multiple_base_note,
        "same_distribution": survey_rules.same_distribution,
        "claim_share": claim_rules.claimed_share,
        "satisfaction_impossible": satisfaction_rules.impossible_score,
        "satisfaction_weights_unstated": weight_rules.unstated_weights,
        "satisfaction_weights": weight_rules.unfit_weights,
        "satisfaction_unusual": satisfaction_rules.unusual_weights,
        "satisfaction_no_common": satisfaction_rules.no_common_weights,
        "satisfaction_formula": satisfaction_rules.wrong_formula,
        "score_ratio": score_rules.score_ratio,
        "score_above_points": total_rules.score_above_points,
        "reason_missing": score_rules.missing_reasons,
        "reason_denied": score_rules.denied_deductions,
        "band_gap": score_rules.band_gaps,
        "band_overlap": score_rules.band_overlaps,
        "checklist_points": score_rules.checklist_points,
        "survey_contradicts": score_rules.survey_contradicts,
        "points_in_text": total_rules.points_in_text,
        "subtotal": total_rules.subtotals,
        "total": total_rules.totals,
        "rate": total_rules.rates,
        "grade": total_rules.grade,
        "figure_differs": figure_rules.figure_differs,
        "name_differs": figure_rules.name_differs,
        "number_of_things": figure_rules.number_of_things,
        "total_in_part": figure_rules.total_in_part,
        "part_sum": figure_rules.part_sum,
        "fund_sum": fund_rules.fund_sums,
        "fund_balance": fund_rules.fund_balances,
        "fund_overspent": fund_rules.fund_overspent,
        "fund_rate": fund_rules.fund_rates,
    }
)


def audit(report: Report) -> tuple[Finding, ...]:
    """Every finding, in the order of the rules and of the report. Nothing is raised.

    Cells that all other figures contradict come first; the rules read them as they are meant.
    """
    found: list[Finding] = []
    for misprints in MISPRINTS:
        told, report = misprints(report)
        found += told
    return (*found, *(finding for rule in RULES.values() for finding in rule(report)))
