"""The scorecard as .xlsx: 附件1 with live sums, rates and grade, and the sheets that explain it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter

from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport
from analysis.evaluation.scorecard import Row
from analysis.reports.cells import sheet_names
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.lines import rows_needed
from analysis.reports.page_breaks import PageBreaks
from analysis.reports.scorecard_excel_more import (
    NOISE_DIGITS,
    PartCells,
    add_sheets,
    grade_formula,
    if_all_scored,
    write_combined,
)
from analysis.reports.scorecard_rows import by_first_level, pieces, repeated_runs
from analysis.reports.scorecard_texts import word
from analysis.reports.scorecard_words import (
    about_lines,
    headline,
    level_names,
    origin,
    remark_lines,
    survey_line,
)
from analysis.wording import NOTHING, rounded

Span = tuple[int, int]
"""First and last row of some indicators, counted from 1."""
LINE_HEIGHT = 16.5
HEADING_HEIGHT, SUM_HEIGHT = 24.0, LINE_HEIGHT + 4
RESULTS_HEIGHT = SUM_HEIGHT + 3 * 15.0
"""The total, its printed figure and two grades, which stay with the last indicators."""
LEVEL_WIDTHS, LEAF_WIDTH = (12, 12, 19), 20
WIDTHS = {"id": 7, "points": 8, "score": 9, "rate": 9, "formula": 22, "origin": 34, "remarks": 34}


def render_scorecard_xlsx(report: Evaluation, language: str = "zh") -> bytes:
    """Of sub-projects one sheet each, and before them the sheet that combines their totals."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        styles = Styles(workbook)
        if isinstance(report, ScorecardReport):
            sheet = workbook.add_worksheet(word("scorecard", language))
            cells = _CardSheet(sheet, styles, report, language).write()
            add_sheets(workbook, styles, report, cells, language)
        else:
            _add_combined(workbook, styles, report, language)
    return buffer.getvalue()


def _add_combined(workbook: Any, styles: Styles, report: CombinedReport, language: str) -> None:
    title = word("combined", language)
    first = workbook.add_worksheet(title)
    names = sheet_names((part.name for part in report.combined.parts), [title])
    totals = []
    for name, part in zip(names, report.parts, strict=True):
        sheet = _CardSheet(workbook.add_worksheet(name), styles, part, language)
        sheet.write()
        quoted = name.replace("'", "''")
        cells = (sheet.total_cell, sheet.points_cell, sheet.rate_cell)
        totals.append(PartCells(*(f"'{quoted}'!{cell}" for cell in cells)))
    write_combined(first, styles, report, totals, language)


class _CardSheet:
    """Writes 附件1 from top to bottom; `row` is the next free row, counted from 0."""

    def __init__(self, sheet: Any, styles: Styles, report: ScorecardReport, language: str) -> None:
        self.sheet, self.styles, self.language = sheet, styles, language
        self.report, self.card, self.row = report, report.card, 0
        self.depth = max(len(leaf.path) for leaf in self.card.framework.leaves)
        self.first = self.depth
        self.last = self.depth + len(WIDTHS) - 1
        self.widths = [*LEVEL_WIDTHS[: self.depth - 1], LEAF_WIDTH, *WIDTHS.values()]
        self.lines: dict[int, int] = {}
        self.pages = PageBreaks(self.widths, landscape=True)
        self.cells: dict[str, int] = {}
        self.total_cell = self.points_cell = self.rate_cell = ""

    def write(self) -> dict[str, int]:
        """Where the rows of the indicators are: id -> number of the row, counted from 1."""
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self._across(headline(self.report, self.language), "title", 1.8)
        for line in about_lines(self.report, self.language):
            self._across(line, "note")
        self._headings()
        spans = [self._part(rows) for rows in by_first_level(self.card)]
        self._total(spans)
        for remark in self.card.remarks:
            self._across(remark.text(self.language), "warning")
        if any(row.earned.basis == "stated" for row in self.card.rows):
            self._across(word("stated_note", self.language), "note")
        set_up_page(self.sheet, headline(self.report, self.language), self.language, landscape=True)
        self.sheet.set_h_pagebreaks(self.pages.rows)
        return self.cells

    def _headings(self) -> None:
        levels = level_names(self.depth, self.language)
        for column, text in enumerate([*levels, *(word(key, self.language) for key in WIDTHS)]):
            self._text(column, text, "heading")
        self.sheet.set_row(self.row, HEADING_HEIGHT)
        self.pages.add(HEADING_HEIGHT, repeated=True)
        self.sheet.repeat_rows(self.row)
        self.row += 1
        self.sheet.freeze_panes(self.row, self.depth)

    def _part(self, rows: Sequence[Row]) -> Span:
        """One first-level indicator with its sub-total, which stands below its last row."""
        top = self.row
        for row in rows:
            self._indicator(row)
        self._level_names(rows, top)
        name = rows[0].leaf.path[0]
        label = word("sub_total", self.language, name=name)
        span = (top + 1, self.row)
        self._sums(label, f"=SUM({{column}}{span[0]}:{{column}}{span[1]})", rows, [span])
        return span

    def _indicator(self, row: Row) -> None:
        texts = {
            "formula": "\n".join(filter(None, (row.earned.formula, self._survey(row)))),
            "origin": origin(row, self.language),
            "remarks": "\n".join(remark_lines(row, self.language)),
        }
        needed = [rows_needed(text, WIDTHS[key] - 3) for key, text in texts.items()]
        needed += [
            rows_needed(name, width - 3)
            for name, width in zip(row.leaf.path, self.widths, strict=False)
        ]
        self.lines[self.row] = max(needed)
        self.sheet.set_row(self.row, LINE_HEIGHT * max(needed) + 2)
        self._text(self._column("id"), row.leaf.id, "centre_text")
        self._number("points", row.leaf.points, "centre")
        if row.score is None:
            self._text(self._column("score"), NOTHING, "centre_text")
        else:
            self._number("score", row.score, "centre")
        self._rate(row.leaf.points, row.rate, [(self.row + 1, self.row + 1)], 1)
        for key, text in texts.items():
            self._text(self._column(key), text, "text")
        self.cells[row.leaf.id] = self.row + 1
        self.row += 1

    def _survey(self, row: Row) -> str:
        return survey_line(row, self.language)

    def _level_names(self, rows: Sequence[Row], top: int) -> None:
        """No cell of a name spans two pages: they break between the pieces."""
        lines = [self.lines[top + place] for place in range(len(rows))]
        parts = pieces(rows, self.depth, lines)
        for level, start, end, name in repeated_runs(rows, self.depth, parts):
            self._merged(top + start, top + end, level, name)
        for start, end in parts:
            height = sum(LINE_HEIGHT * n + 2 for n in lines[start : end + 1])
            if end == len(rows) - 1:
                height += SUM_HEIGHT + (RESULTS_HEIGHT if rows[-1] is self.card.rows[-1] else 0)
            self.pages.add_block(top + start, height)

    def _merged(self, first: int, last: int, column: int, text: str) -> None:
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", self.styles["centre_text"])
        self.sheet.write_string(first, column, text, self.styles["centre_text"])

    def _total(self, spans: Sequence[Span]) -> None:
        """Below the sum what it gives once every indicator has a score, also one typed later."""
        formula = "=" + "+".join(f"{{column}}{last + 1}" for _, last in spans)
        self._sums(word("total", self.language), formula, self.card.rows, spans)
        total, full, rate = (
            f"{self._letter(key)}{self.row}" for key in ("score", "points", "rate")
        )
        self.total_cell, self.points_cell, self.rate_cell = total, full, rate
        printed, none = f"ROUND(ROUND({total},{NOISE_DIGITS}),2)", word("no_grade", self.language)
        exact = grade_formula(self.card.scheme, f"ROUND({total},{NOISE_DIGITS})/{full}*100")
        of_printed = grade_formula(self.card.scheme, f"{printed}/{full}*100")
        found = self.card.grade
        shown = float(rounded(self.card.scored) or 0) if found else NOTHING
        scores, n = self._scores(spans), len(self.card.rows)
        for key, result, otherwise, value in (
            ("printed_total", printed, NOTHING, shown),
            ("grade", exact, none, found.name if found else none),
            ("grade_printed", of_printed, none, found.name_of_printed if found else none),
        ):
            self._result(key, if_all_scored(scores, n, result, otherwise), value)

    def _sums(self, label: str, formula: str, rows: Sequence[Row], spans: Sequence[Span]) -> None:
        """A grey row: the same formula for `column` points and `column` score, and the rate.

        Where an indicator has no score yet there is no rate.
        """
        points = sum((row.leaf.points for row in rows), start=Decimal(0))
        score = sum((row.score for row in rows if row.score is not None), Fraction(0))
        complete = points and all(row.score is not None for row in rows)
        rate = score / Fraction(points) if complete else None
        self.sheet.merge_range(
            self.row, 0, self.row, self._column("id"), "", self.styles["total_text"]
        )
        self._text(0, label, "total_text")
        for key, value in (("points", points), ("score", score)):
            self._live(key, formula.format(column=self._letter(key)), "result", float(value))
        self._rate(points, rate, spans, len(rows), "total_share")
        for key in ("formula", "origin", "remarks"):
            self._text(self._column(key), "", "total_text")
        self.sheet.set_row(self.row, SUM_HEIGHT)
        self.row += 1

    def _result(self, key: str, formula: str, value: float | str) -> None:
        column = self._column("score")
        self.sheet.merge_range(self.row, 0, self.row, column - 1, "", self.styles["total_text"])
        self._text(0, word(key, self.language), "total_text")
        self.sheet.write_formula(self.row, column, formula, self.styles.rounded(2), value)
        self.row += 1

    def _rate(
        self,
        points: Decimal,
        rate: Fraction | None,
        spans: Sequence[Span],
        n: int,
        style: str = "share",
    ) -> None:
        """A dash until the `n` scores within `spans` are there; of 0 points there is none."""
        if not points:
            self._text(self._column("rate"), NOTHING, "centre_text")
            return
        score, full = (f"{self._letter(key)}{self.row + 1}" for key in ("score", "points"))
        formula = if_all_scored(self._scores(spans), n, f"{score}/{full}", NOTHING)
        self._live("rate", formula, style, NOTHING if rate is None else float(rate))

    def _scores(self, spans: Sequence[Span]) -> str:
        """The cells of the scores in these rows, as COUNT takes them."""
        column = self._letter("score")
        return ",".join(f"{column}{first}:{column}{last}" for first, last in spans)

    def _number(self, key: str, value: Any, style: str) -> None:
        self.sheet.write_number(self.row, self._column(key), float(value), self.styles[style])

    def _live(self, key: str, formula: str, style: str, value: float | str) -> None:
        column = self._column(key)
        self.sheet.write_formula(self.row, column, formula, self.styles[style], value)

    def _column(self, key: str) -> int:
        return self.first + list(WIDTHS).index(key)

    def _letter(self, key: str) -> str:
        return chr(ord("A") + self._column(key))

    def _across(self, text: str, style: str, tall: float = 1) -> None:
        height = LINE_HEIGHT * tall * rows_needed(text, sum(self.widths) - 4)
        self.sheet.set_row(self.row, height)
        self.pages.add(height)
        self.sheet.merge_range(self.row, 0, self.row, self.last, "", self.styles[style])
        self._text(0, text, style)
        self.row += 1

    def _text(self, column: int, text: str, style: str) -> None:
        self.sheet.write_string(self.row, column, text, self.styles[style])
