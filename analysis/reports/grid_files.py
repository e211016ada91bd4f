"""Reports of grids as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from analysis.reports.cells import defuse
from analysis.reports.formats import CSV, DOCX, JSON, TEXT, XLSX, Format
from analysis.reports.grid_excel import render_grids_xlsx
from analysis.reports.grid_word import render_grids_docx
from analysis.reports.grids import Entry, Figure, Grid, GridReport, entry_text
from analysis.reports.lines import display_width, padded
from analysis.reports.text import CONTROLS
from analysis.reports.words import marked, word

WIDEST = 40


def render_grids_text(report: GridReport, language: str = "zh") -> bytes:
    parts = [marked(report.title, report.simulated, language), *report.remarks, *report.lines]
    for grid in report.grids:
        parts += ["", *_grid_lines(grid)]
    if report.notes:
        parts += ["", word("notes", language), *(f"  {note}" for note in report.notes)]
    return ("\n".join(part.translate(CONTROLS).rstrip() for part in parts) + "\n").encode()


def _grid_lines(grid: Grid) -> Iterator[str]:
    yield f"【{grid.title}】"
    rows = [grid.headings, *([entry_text(entry) for entry in row] for row in grid.rows)]
    widths = [min(max(map(display_width, column)), WIDEST) for column in zip(*rows, strict=True)]
    figures = [isinstance(entry, Figure) for entry in grid.rows[0]] if grid.rows else []
    for row in rows:
        cells = zip(row, widths, figures or [False] * len(widths), strict=True)
        yield "  ".join(padded(text, width, right=right) for text, width, right in cells)
    yield from (f"  {note}" for note in grid.notes)


def render_grids_csv(report: GridReport, language: str = "zh") -> bytes:
    """UTF-8 with BOM, the flat table only; 模拟数据 and remarks in a last column of their own."""
    mark = [word("simulated_cell", language)] if report.simulated else []
    told = word("semicolon", language).join([*mark, *report.remarks])
    last = [defuse(told)] if told else []
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*report.flat.headings, *([word("note", language)] if told else [])])
    writer.writerows([*map(_csv_cell, row), *last] for row in report.flat.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _csv_cell(entry: Entry) -> str:
    """Only texts can be mistaken for formulas; a missing number is an empty cell."""
    if isinstance(entry, str):
        return defuse(entry)
    return "" if entry.value is None else replace(entry, mark="").text()


def render_grids_json(report: GridReport, language: str = "zh") -> bytes:
    head = {"title": report.title, "simulated": report.simulated, "lines": list(report.lines)}
    if report.remarks:
        head["remarks"] = list(report.remarks)
    data = head | dict(report.data)
    return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


GRID_FORMATS: Mapping[str, Format[GridReport]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, render_grids_text, is_text=True),
        "json": Format("json", JSON, render_grids_json, is_text=True),
        "csv": Format("csv", CSV, render_grids_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_grids_xlsx),
        "docx": Format("docx", DOCX, render_grids_docx),
    }
)
