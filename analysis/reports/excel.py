"""汇总表 as .xlsx: a sheet per group with live formulas, ready to print, and the scoring plan."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from analysis.reports.cells import sheet_names
from analysis.reports.excel_scores import SCORE_SHEETS, add_score_sheets
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.lines import Line, lines, rows_needed
from analysis.reports.page_breaks import PageBreaks
from analysis.reports.words import (
    foot_notes,
    group_line,
    headline,
    label_of,
    page_header,
    subtitle,
    word,
)
from analysis.satisfaction import ScoreReport
from analysis.table import Group, QuestionTable, SummaryTable
from analysis.wording import NOTHING

WIDTHS = {"number": 5, "question": 28, "kind": 8, "base": 9, "option": 36, "count": 8, "share": 10}
WEIGHTED_WIDTHS = {
    "number": 5,
    "question": 24,
    "kind": 8,
    "base": 9,
    "weighted_base": 11,
    "option": 28,
    "count": 8,
    "weighted_count": 11,
    "share": 10,
}
BESIDE = {"low": 10, "high": 10}
"""Right of the printed columns: for the reader at the screen."""
LINE_HEIGHT = 16.5
"""Points per line of 10.5 pt text."""
HEADING_HEIGHT = 23.0


def render_xlsx(
    table: SummaryTable, language: str = "zh", *, scores: ScoreReport | None = None
) -> bytes:
    """One sheet per group; with `scores` also the sheets 满意度得分 and 计分方案."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        styles = Styles(workbook)
        for group, name in zip(table.groups, _sheet_names(table, language), strict=True):
            _SheetOfGroup(workbook.add_worksheet(name), styles, table, group, language).write()
        if scores is not None:
            add_score_sheets(workbook, styles, scores, language)
    return buffer.getvalue()


def write_group_sheet(
    sheet: Any, styles: Styles, table: SummaryTable, group: Group, language: str
) -> None:
    """The summary table of one group on an empty sheet of somebody's workbook."""
    _SheetOfGroup(sheet, styles, table, group, language).write()


def _sheet_names(table: SummaryTable, language: str) -> list[str]:
    if table.grouped_by is None:
        return [word("sheet", language)]
    taken = [word(key, language) for key in SCORE_SHEETS]
    return sheet_names((label_of(group.label, language) for group in table.groups), taken)


class _SheetOfGroup:
    """Writes one group from top to bottom; `row` is the next free row, counted from 0."""

    def __init__(
        self, sheet: Any, styles: Styles, table: SummaryTable, group: Group, language: str
    ) -> None:
        self.sheet, self.styles, self.table = sheet, styles, table
        self.group, self.language, self.row = group, language, 0
        self.widths = WEIGHTED_WIDTHS if table.weighted else WIDTHS
        self.places = {key: place for place, key in enumerate(self.widths | BESIDE)}
        self.pages = PageBreaks(self.widths.values())

    def write(self) -> None:
        for column, width in enumerate((self.widths | BESIDE).values()):
            self.sheet.set_column(column, column, width)
        self._across(headline(self.table, self.language), "title", 1.8)
        self._across(subtitle(self.table), "subtitle", 1.2)
        for remark in self.table.remarks:
            self._across(remark, "note")
        self._across(group_line(self.table, self.group, self.language), "note")
        self._headings()
        for question in self.group.questions:
            self._question(question)
        self._foot()
        set_up_page(self.sheet, page_header(self.table, self.language), self.language)
        self.sheet.print_area(0, 0, self.row - 1, self.places["share"])
        self.sheet.set_h_pagebreaks(self.pages.rows)

    def _headings(self) -> None:
        for column, key in enumerate(self.widths | BESIDE):
            self.sheet.write_string(
                self.row, column, word(key, self.language), self.styles["heading"]
            )
        self.sheet.set_row(self.row, HEADING_HEIGHT)
        self.sheet.repeat_rows(self.row)
        self.pages.add(HEADING_HEIGHT, repeated=True)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def _question(self, question: QuestionTable) -> None:
        printed = lines(question, self.group.n, self.language)
        first, last = self.row, self.row + len(printed) - 1
        heights = _heights(question, printed, self.widths)
        self.pages.add_block(first, sum(heights))
        self._merged(first, last, "number", question.number, "centre")
        self._merged(first, last, "question", question.text, "text")
        self._merged(first, last, "kind", word(question.kind, self.language), "centre_text")
        self._merged(first, last, "base", question.base, "centre")
        if question.weighted_base is not None:
            self._merged(first, last, "weighted_base", question.weighted_base, "weight")
        for line, height in zip(printed, heights, strict=True):
            self.sheet.set_row(self.row, height)
            WRITERS[line.role](self, line, first, question)
            self.row += 1

    def _option(self, line: Line, first: int, question: QuestionTable) -> None:
        self._text(self.places["option"], line.label, "text")
        self._number("count", line.count, "count")
        self._number("weighted_count", line.weighted, "weight")
        self._share(line, first, "share")
        self._number("low", line.low, "aside")
        self._number("high", line.high, "aside")

    def _total(self, line: Line, first: int, question: QuestionTable) -> None:
        self._text(self.places["option"], line.label, "total_text")
        self._sum("count", first, line.count, "total")
        if line.weighted is not None:
            self._sum("weighted_count", first, line.weighted, "total_weight")
        self._share(line, first, "total_share")

    def _state(self, line: Line, first: int, question: QuestionTable) -> None:
        self._text(self.places["option"], line.label, "text")
        self._number("count", line.count, "count")
        self._number("weighted_count", line.weighted, "weight")
        self._share(line, first, "share")

    def _statistic(self, line: Line, first: int, question: QuestionTable) -> None:
        self._text(self.places["option"], line.label, "text")
        ends = (self.places["count"], self.row, self.places["share"])
        self.sheet.merge_range(self.row, *ends, line.value, self.styles["value"])
        self._number("low", line.low, "aside_value")
        self._number("high", line.high, "aside_value")

    def _number(self, key: str, value: float | None, style: str) -> None:
        if value is not None:
            self.sheet.write_number(self.row, self.places[key], value, self.styles[style])

    def _sum(self, key: str, first: int, value: float | None, style: str) -> None:
        """The sum of the rows above within the question, alive."""
        letter = self._letter(key)
        formula = f"=SUM({letter}{first + 1}:{letter}{self.row})"
        self.sheet.write_formula(self.row, self.places[key], formula, self.styles[style], value)

    def _share(self, line: Line, first: int, style: str) -> None:
        """比例 = 份数 ÷ 应答基数 (加权份数 ÷ 加权基数), alive; the base stands in the first row of
        the question."""
        place = self.places["share"]
        if line.share is None:
            self.sheet.write_string(self.row, place, NOTHING, self.styles[style])
            return
        weighted = "" if line.weighted is None else "weighted_"
        count, base = self._letter(f"{weighted}count"), self._letter(f"{weighted}base")
        formula = f"={count}{self.row + 1}/${base}${first + 1}"
        self.sheet.write_formula(self.row, place, formula, self.styles[style], line.share)

    def _letter(self, key: str) -> str:
        return "ABCDEFGHIJK"[self.places[key]]

    def _foot(self) -> None:
        self.row += 1
        self._across(word("notes", self.language), "note")
        notes = foot_notes(self.table, self.group, self.language)
        for number, note in enumerate(notes, start=1):
            self._across(f"{number}. {note}", "note")
        self.row += 1
        blanks = ("prepared_by", "checked_by", "date_line")
        signatures = (f"{word(key, self.language)}____________" for key in blanks)
        self._across("　　".join(signatures), "note", 1.5)

    def _across(self, text: str, style: str, tall: float = 1) -> None:
        """One cell over all printed columns."""
        height = LINE_HEIGHT * tall * rows_needed(text, sum(self.widths.values()) - 4)
        self.sheet.set_row(self.row, height)
        self.pages.add(height)
        self.sheet.merge_range(self.row, 0, self.row, self.places["share"], "", self.styles[style])
        self._text(0, text, style)
        self.row += 1

    def _merged(self, first: int, last: int, key: str, value: str | float, style: str) -> None:
        column = self.places[key]
        if last > first:
            self.sheet.merge_range(first, column, last, column, "", self.styles[style])
        write = self.sheet.write_string if isinstance(value, str) else self.sheet.write_number
        write(first, column, value, self.styles[style])

    def _text(self, column: int, text: str, style: str) -> None:
        """Always a string cell: text from people never becomes a formula or a link."""
        self.sheet.write_string(self.row, column, text, self.styles[style])


def _heights(
    question: QuestionTable, printed: Sequence[Line], widths: Mapping[str, int]
) -> list[float]:
    """Row heights in points: Excel does not grow rows for merged cells, so they are set here."""
    rows = [rows_needed(line.label, widths["option"] - 3) for line in printed]
    missing = rows_needed(question.text, widths["question"] - 3) - sum(rows)
    extra = max(missing, 0) * LINE_HEIGHT / len(printed)
    return [LINE_HEIGHT * count + 2 + extra for count in rows]


WRITERS = {
    "option": _SheetOfGroup._option,
    "total": _SheetOfGroup._total,
    "state": _SheetOfGroup._state,
    "statistic": _SheetOfGroup._statistic,
}
