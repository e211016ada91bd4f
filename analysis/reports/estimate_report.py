"""Estimates of a population as a report of grids for every file format."""

from __future__ import annotations

from typing import Any

from analysis.population_estimates import GroupEstimate, PopulationEstimates
from analysis.reports.estimate_words import (
    error_form_of,
    form_of,
    group_heading,
    heading,
    in_brackets,
    interval_name,
    note_texts,
    notes,
    unit_of,
    warnings,
    word,
)
from analysis.reports.grids import Entry, Figure, Grid, GridReport
from analysis.reports.words import label_of, level_text
from analysis.reports.words import word as common_word

FIGURES = (
    *("n", "population", "value", "se", "cv", "low", "high", "margin"),
    *("deff", "effective_n", "df"),
)


def estimate_report(
    found: PopulationEstimates, language: str = "zh", *, about: tuple[str, ...] = ()
) -> GridReport:
    """`about`: lines on the project, the filters and the design, above the result."""
    told = heading(found.estimand, language)
    rows = tuple(_row(found, row, language) for row in found.rows)
    grid = Grid(told, _headings(found, language), rows)
    return GridReport(
        title=word("title", language),
        lines=(*about, told, *warnings(found, language)),
        grids=(grid,),
        flat=_flat(found, grid, language),
        notes=tuple(notes(found, language)),
        data=estimate_data(found, language),
    )


def _headings(found: PopulationEstimates, language: str) -> tuple[str, ...]:
    ending = "_points" if error_form_of(found.estimand) == "points" else ""
    named = {"se": f"se{ending}", "margin": f"margin{ending}"}
    level, unit = level_text(found.method.level), unit_of(found.estimand)
    figures = [word(named.get(key, key), language, level=level) for key in FIGURES]
    figures[FIGURES.index("value")] += in_brackets(unit, language)
    return (group_heading(found, language), *figures, word("told", language))


def _row(found: PopulationEstimates, row: GroupEstimate, language: str) -> tuple[Entry, ...]:
    value, error = form_of(found.estimand), error_form_of(found.estimand)
    return (
        label_of(row.label, language),
        Figure(row.n, "count"),
        Figure(row.population, "count"),
        Figure(row.value, value),
        Figure(row.se, error),
        Figure(row.cv, "share"),
        Figure(row.low, value),
        Figure(row.high, value),
        Figure(row.margin, error),
        Figure(row.deff),
        Figure(row.effective_n),
        Figure(row.df, "count"),
        common_word("semicolon", language).join(note_texts(row, language)),
    )


def _flat(found: PopulationEstimates, grid: Grid, language: str) -> Grid:
    """The same rows, each with what is estimated and how."""
    method = found.method
    how = (
        grid.title,
        word(method.variance, language),
        interval_name(found, language),
        level_text(found.method.level),
    )
    own = (word(key, language) for key in ("measure", "variance"))
    common = (common_word(key, language) for key in ("interval_method", "level"))
    headings = (*own, *common, *grid.headings)
    return Grid("", headings, tuple((*how, *row) for row in grid.rows))


def estimate_data(found: PopulationEstimates, language: str = "zh") -> dict[str, Any]:
    """For JSON: unrounded, shares 0..1; what cannot be given is null, and `notes` say why."""
    wanted, method = found.estimand, found.method
    return {
        "measure": wanted.measure,
        "of": wanted.of.name,
        "over": wanted.over.name if wanted.over else None,
        "unit": unit_of(wanted),
        "plan": wanted.plan.as_data() if wanted.plan else None,
        "grouped_by": found.grouped_by,
        "variance": method.variance,
        "interval": method.interval,
        "level": method.level,
        "everybody": _row_data(found.everybody, language),
        "groups": [_row_data(row, language) for row in found.groups],
        "warnings": warnings(found, language),
        "notes": list(notes(found, language)),
    }


def _row_data(row: GroupEstimate, language: str) -> dict[str, Any]:
    figures = {key: getattr(row, key) for key in FIGURES}
    why = row.refusal.text(language) if row.refusal else None
    return {"label": row.label, **figures, "notes": list(row.notes), "refusal": why}
