"""A report of grids as .xlsx: one sheet, numbers as numbers, shares as live quotients."""

from __future__ import annotations

import io
import math
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from analysis.reports.cells import sheet_names
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.grids import Entry, Figure, Form, Grid, GridReport, Place
from analysis.reports.lines import display_width, rows_needed
from analysis.reports.words import marked, word
from analysis.wording import NOTHING

LINE_HEIGHT = 16.5
NARROWEST, WIDEST, WIDEST_FIRST = 9, 24, 40
PORTRAIT_WIDTH = 90
STYLES: dict[Form, str] = {
    "count": "count",
    "share": "share",
    "points": "value",
    "number": "value",
    "coefficient": "interval",
    "p": "p",
}


def render_grids_xlsx(report: GridReport, language: str = "zh") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        name = sheet_names([report.title])[0]
        _Sheet(workbook.add_worksheet(name), Styles(workbook), report, language).write()
    return buffer.getvalue()


class _Sheet:
    """Writes from top to bottom; `tops` are the rows of the first entries of the grids."""

    def __init__(self, sheet: Any, styles: Styles, report: GridReport, language: str) -> None:
        self.sheet, self.styles, self.report = sheet, styles, report
        self.language, self.row = language, 0
        self.title = marked(report.title, report.simulated, language)
        self.widths = _widths(report)
        self.tops = list(_tops(report))

    def write(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self._across(self.title, "title", 1.8)
        for line in (*self.report.remarks, *self.report.lines):
            self._across(line, "note")
        for grid in self.report.grids:
            self._grid(grid)
        self.row += 1
        if self.report.notes:
            self._across(word("notes", self.language), "note")
        for note in self.report.notes:
            self._across(note, "note")
        wide = sum(self.widths) > PORTRAIT_WIDTH
        set_up_page(self.sheet, self.title, self.language, landscape=wide)

    def _grid(self, grid: Grid) -> None:
        self.row += 1
        self._across(grid.title, "subtitle")
        for column, heading in enumerate(grid.headings):
            self.sheet.write_string(self.row, column, heading, self.styles["heading"])
        self.sheet.set_row(self.row, self._height(grid.headings))
        self.row += 1
        for row in grid.rows:
            for column, entry in enumerate(row):
                self._entry(column, entry)
            self.sheet.set_row(self.row, self._height(row))
            self.row += 1
        for note in grid.notes:
            self._across(note, "note")

    def _entry(self, column: int, entry: Entry) -> None:
        if isinstance(entry, str):
            style = "text" if column == 0 else "centre_text"
            self.sheet.write_string(self.row, column, entry, self.styles[style])
            return
        whole = entry.form != "count" or isinstance(entry.value, int)
        style = self.styles.marked(STYLES[entry.form] if whole else "value", entry.mark)
        value = _number(entry)
        if value is None:
            self.sheet.write_string(self.row, column, NOTHING, self.styles["centre_text"])
        elif entry.of is not None:
            formula = "=" + "/".join(map(self._address, entry.of))
            self.sheet.write_formula(self.row, column, formula, style, value)
        else:
            self.sheet.write_number(self.row, column, value, style)

    def _address(self, place: Place) -> str:
        address: str = xl_rowcol_to_cell(self.tops[place.grid] + place.row, place.column)
        return address

    def _height(self, row: tuple[Entry, ...]) -> float:
        texts = zip(row, self.widths, strict=False)
        rows = [rows_needed(text, w - 2) for text, w in texts if isinstance(text, str)]
        return LINE_HEIGHT * max([1, *rows]) + 2

    def _across(self, text: str, style: str, tall: float = 1) -> None:
        width = max(sum(self.widths), 40)
        self.sheet.set_row(self.row, LINE_HEIGHT * tall * rows_needed(text, width - 4))
        if len(self.widths) > 1:
            last = len(self.widths) - 1
            self.sheet.merge_range(self.row, 0, self.row, last, "", self.styles[style])
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.row += 1


def _tops(report: GridReport) -> Any:
    """Row of the first entry of each grid: a gap, a title and headings above, notes below."""
    row = 1 + len(report.lines)
    for grid in report.grids:
        yield row + 3
        row += 3 + len(grid.rows) + len(grid.notes)


def _widths(report: GridReport) -> list[int]:
    columns = max((len(grid.headings) for grid in report.grids), default=1)
    found = [NARROWEST] * columns
    for grid in report.grids:
        for row in (grid.headings, *grid.rows):
            for column, entry in enumerate(row):
                limit = WIDEST if column else WIDEST_FIRST
                text = entry if isinstance(entry, str) else entry.text()
                found[column] = max(found[column], min(display_width(text) + 3, limit))
    return found


def _number(entry: Figure) -> float | None:
    """A spreadsheet has no infinity."""
    if entry.value is None or not math.isfinite(entry.value):
        return None
    return entry.value * 100 if entry.form == "points" else entry.value
