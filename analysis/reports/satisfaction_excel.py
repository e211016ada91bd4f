"""Satisfaction with its uncertainty as .xlsx: the groups, the differences, and how it was done."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from analysis.reports import satisfaction_words as words
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.lines import rows_needed
from analysis.reports.satisfaction_rows import (
    COLUMNS,
    DIFFERENCE_COLUMNS,
    Shape,
    Value,
    comparisons,
    group_rows,
)
from analysis.satisfaction_report import SatisfactionReport

LINE_HEIGHT = 16.5
NOTES_WIDTH = 80
SENTENCE_WIDTH = 70
STYLES: dict[Shape, str] = {
    "text": "text",
    "count": "count",
    "index": "interval",
    "share": "share",
    "score": "exact",
    "points": "value",
    "number": "value",
    "p": "interval",
}
ELSEWHERE = ("version", "weights_column")
"""The plan stands on the sheet 计算说明."""
PRINTED = tuple(column for column in COLUMNS if column.key not in ELSEWHERE)


def render_satisfaction_xlsx(report: SatisfactionReport, language: str = "zh") -> bytes:
    """Numbers stay numbers; the effective n is a live formula."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        styles = Styles(workbook)
        _groups(workbook.add_worksheet(words.word("title", language)), styles, report, language)
        if list(comparisons(report)):
            name = words.word("differences", language)
            _differences(workbook.add_worksheet(name), styles, report, language)
        _notes(workbook.add_worksheet(words.word("how", language)), styles, report, language)
    return buffer.getvalue()


def _groups(sheet: Any, styles: Styles, report: SatisfactionReport, language: str) -> None:
    headings = [words.word(column.key, language) for column in PRINTED]
    widths = [column.width for column in PRINTED]
    top = _head(sheet, styles, report, (headings, widths), language)
    keys = [column.key for column in PRINTED]
    for row, (table, group) in enumerate(group_rows(report), start=top):
        values = [column.value(table, group, language) for column in PRINTED]
        _row(sheet, styles, row, values, [column.shape for column in PRINTED])
        if group.effective_n is not None:
            n, deff = (
                xlsxwriter.utility.xl_rowcol_to_cell(row, keys.index(k)) for k in ("n", "deff")
            )
            place, style = keys.index("effective_n"), styles[STYLES["number"]]
            sheet.write_formula(row, place, f"={n}/{deff}", style, group.effective_n)
        sheet.set_row(row, _height(values, widths))
    set_up_page(sheet, words.headline(report, language), language, landscape=True)


def _differences(sheet: Any, styles: Styles, report: SatisfactionReport, language: str) -> None:
    headings = [words.word(column.key, language) for column in DIFFERENCE_COLUMNS]
    widths = [*(column.width for column in DIFFERENCE_COLUMNS), SENTENCE_WIDTH]
    headings.append(words.word("meaning", language))
    top = _head(sheet, styles, report, (headings, widths), language)
    shapes: list[Shape] = [*(column.shape for column in DIFFERENCE_COLUMNS), "text"]
    for row, (_, one, holm) in enumerate(comparisons(report), start=top):
        values = [column.value(one, language) for column in DIFFERENCE_COLUMNS]
        values.append(words.comparison_sentence(one, language, holm=holm))
        _row(sheet, styles, row, values, shapes)
        sheet.set_row(row, _height(values, widths))
    set_up_page(sheet, words.headline(report, language), language, landscape=True)


def _head(
    sheet: Any,
    styles: Styles,
    report: SatisfactionReport,
    columns: tuple[Sequence[str], Sequence[int]],
    language: str,
) -> int:
    """Title, remarks and headings; returns the first row below them."""
    headings, widths = columns
    title = words.headline(report, language)
    for row, text in enumerate([title, *report.remarks]):
        sheet.merge_range(row, 0, row, len(widths) - 1, "", styles["note" if row else "title"])
        sheet.write_string(row, 0, text, styles["note" if row else "title"])
    sheet.set_row(0, 30)
    top = 1 + len(report.remarks)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, styles["heading"])
    sheet.set_row(top, 2.2 * LINE_HEIGHT)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 0)
    return top + 1


def _row(
    sheet: Any, styles: Styles, row: int, values: Sequence[Value], shapes: Sequence[Shape]
) -> None:
    for column, (value, shape) in enumerate(zip(values, shapes, strict=True)):
        style = styles[STYLES[shape]]
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        else:
            sheet.write_number(row, column, float(value), style)


def _height(values: Sequence[Value], widths: Sequence[int]) -> float:
    texts = [(v, w) for v, w in zip(values, widths, strict=True) if isinstance(v, str)]
    return LINE_HEIGHT * max((rows_needed(text, width - 3) for text, width in texts), default=1) + 3


def _notes(sheet: Any, styles: Styles, report: SatisfactionReport, language: str) -> None:
    sheet.set_column(0, 0, NOTES_WIDTH)
    lines = [words.word("how", language), *words.foot_notes(report, language)]
    for table in report.tables:
        question = table.found.question
        lines += ["", f"{table.questionnaire} {question.code} {question.text}"]
        order = words.order_sentence(table.found, language)
        lines += [*words.plan_notes(table.found, language), *([order] if order else [])]
    if report.years is not None:
        lines += ["", *words.years_sentences(report.years, language)]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles["note" if row else "title"])
        sheet.set_row(row, LINE_HEIGHT * rows_needed(line, NOTES_WIDTH - 4) + 3)
    set_up_page(sheet, words.headline(report, language), language)
