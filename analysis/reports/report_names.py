"""Questionnaires and questions as a reader calls them; their codes stand in the evidence annex."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis.reports.report_values import EvaluationReport, typed
from analysis.table import SummaryTable

SHORT: Mapping[str, str] = {"dibao-residents": "群众问卷", "dibao-cadres": "干部问卷"}
"""By slug; any other questionnaire is called by its title."""

QUESTION = r"(?:/([A-Za-z0-9_]+))?(?![A-Za-z0-9_@-])"


def survey_names(tables: Sequence[SummaryTable]) -> dict[str, str]:
    """`slug@version` -> its name; of several versions of one questionnaire each says which."""
    slugs = [table.slug for table in tables]
    return {
        f"{table.slug}@{table.version}": _short(table.slug, typed(table.title))
        + (f"（第{table.version}版）" if slugs.count(table.slug) > 1 else "")
        for table in tables
    }


def survey_name(report: EvaluationReport, reference: str) -> str:
    """Of `slug@version`, or of `slug` alone."""
    slug = reference.partition("@")[0]
    return report.survey_names.get(reference) or _short(slug, reference)


def question_name(report: EvaluationReport, reference: str, code: str) -> str:
    """`群众问卷第18题`."""
    return f"{survey_name(report, reference)}{question_number(code)}"


def question_number(code: str) -> str:
    """`q18` -> `第18题`; another code stays as it is."""
    found = re.fullmatch(r"q0*(\d+)", code)
    return f"第{found[1]}题" if found else f"{code}题"


def in_words(report: EvaluationReport, text: str) -> str:
    """A sentence of ours (nothing that people typed) with names in the place of codes."""
    for reference in sorted({*report.survey_names, *SHORT}, key=len, reverse=True):
        pattern = rf"(?:问卷)?(?<![A-Za-z0-9_-]){re.escape(reference)}{QUESTION}"
        text = re.sub(pattern, lambda found, r=reference: _named(report, r, found[1]), text)  # type: ignore[misc]
    return text


def _named(report: EvaluationReport, reference: str, code: str | None) -> str:
    return question_name(report, reference, code) if code else survey_name(report, reference)


def _short(slug: str, otherwise: str) -> str:
    return SHORT.get(slug, f"“{otherwise}”")
