"""汇总表 as .docx: the form that goes into a report as 附件2, a page (or more) per group."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from analysis import wording
from analysis.reports.lines import Line, lines, number_span
from analysis.reports.word_styles import (
    BLUE,
    GREY,
    HEADING_STYLE,
    TITLE_STYLE,
    clean,
    element,
    page_numbers,
    set_up_styles,
    shade,
    small,
    write,
)
from analysis.reports.words import (
    foot_notes,
    group_line,
    headline,
    page_header,
    subtitle,
    word,
)
from analysis.table import Group, QuestionTable, SummaryTable

WIDTHS_CM = {
    "number": 1.3,
    "question": 3.4,
    "kind": 1.9,
    "base": 2.0,
    "option": 4.6,
    "count": 1.8,
    "share": 2.2,
}
WEIGHTED_WIDTHS_CM = {
    "number": 1.0,
    "question": 2.7,
    "kind": 1.5,
    "base": 1.9,
    "weighted_base": 1.9,
    "option": 3.1,
    "count": 1.2,
    "weighted_count": 1.9,
    "share": 2.0,
}
TOTALS = {"option", "count", "weighted_count", "share"}

Cells = Mapping[str, Any]
"""The cells of one row by the names of their columns."""


def render_docx(table: SummaryTable, language: str = "zh") -> bytes:
    document = docx.Document()
    set_up_styles(document)
    set_up_page(document.sections[0], page_header(table, language), language)
    _set_properties(document, table, language)
    for place, group in enumerate(table.groups):
        if place:
            document.add_page_break()
        _group(document, table, group, language)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _group(document: Any, table: SummaryTable, group: Group, language: str) -> None:
    document.add_paragraph(clean(headline(table, language)), TITLE_STYLE)
    for text in (subtitle(table), *table.remarks, group_line(table, group, language)):
        paragraph = document.add_paragraph(clean(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
    group_table(document, group, language)
    opening = document.add_paragraph(word("notes", language))
    opening.paragraph_format.space_before = Pt(6)
    notes = [document.add_paragraph(clean(note)) for note in _notes(table, group, language)]
    for paragraph in (opening, *notes):
        small(paragraph)
    blanks = ("prepared_by", "checked_by", "date_line")
    signatures = document.add_paragraph(
        "　　　".join(f"{word(key, language)}____________" for key in blanks)
    )
    signatures.paragraph_format.space_before = Pt(18)


def group_table(document: Any, group: Group, language: str) -> Any:
    """The table of one group at the end of the document."""
    printed = [lines(question, group.n, language) for question in group.questions]
    weighted = any(question.weighted_base is not None for question in group.questions)
    widths = WEIGHTED_WIDTHS_CM if weighted else WIDTHS_CM
    table = document.add_table(1 + sum(map(len, printed)), len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths.values(), strict=True):
        column.width = Cm(width)
    rows = list(table.rows)
    cells = [dict(zip(widths, row.cells, strict=True)) for row in rows]
    for row in rows:
        _set_up_row(row, widths)
    _heading_row(rows[0], cells[0], language)
    top = 1
    for question, of_question in zip(group.questions, printed, strict=True):
        _question(cells[top : top + len(of_question)], question, of_question, language)
        top += len(of_question)
    return table


def _heading_row(row: Any, cells: Cells, language: str) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for key, cell in cells.items():
        write(cell, word(key, language), style=HEADING_STYLE)
        shade(cell, BLUE)


def _question(
    cells: Sequence[Cells], question: QuestionTable, printed: Sequence[Line], language: str
) -> None:
    shared = {
        "number": wording.count(question.number),
        "question": question.text,
        "kind": word(question.kind, language),
        "base": wording.count(question.base),
    }
    if question.weighted_base is not None:
        shared["weighted_base"] = wording.number(question.weighted_base)
    for key, text in shared.items():
        merged = cells[0][key].merge(cells[-1][key])
        write(merged, text, centred=key != "question")
    for row, line in zip(cells, printed, strict=True):
        _line(row, line)
    for row in cells[:-1]:
        for cell in row.values():
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _line(row: Cells, line: Line) -> None:
    write(row["option"], line.label)
    if line.role == "statistic":
        span = number_span(line)
        value = wording.number(line.value) + (f" [{span}]" if span else "")
        write(row["count"].merge(row["share"]), value, centred=True)
        return
    write(row["count"], wording.count(line.count), centred=True)
    if line.weighted is not None:
        write(row["weighted_count"], wording.number(line.weighted), centred=True)
    write(row["share"], wording.percent(line.share), centred=True)
    if line.role == "total":
        for key in TOTALS & row.keys():
            shade(row[key], GREY)


def _set_up_row(row: Any, widths: Mapping[str, float]) -> None:
    """No row is split over two pages."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    for cell, width in zip(row.cells, widths.values(), strict=True):
        cell.width = Cm(width)


def set_up_page(section: Any, title: str, language: str) -> None:
    """A4 upright with the title on top of each page and its number below."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(2.2)
    header = section.header.paragraphs[0]
    header.text = clean(title)
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    small(header)
    page_numbers(section.footer.paragraphs[0], language)


def _set_properties(document: Any, table: SummaryTable, language: str) -> None:
    document.core_properties.title = clean(page_header(table, language))[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = "zh-CN" if language.startswith("zh") else "en"


def _notes(table: SummaryTable, group: Group, language: str) -> list[str]:
    notes = foot_notes(table, group, language)
    return [f"{number}. {note}" for number, note in enumerate(notes, start=1)]
