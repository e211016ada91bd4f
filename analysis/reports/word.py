"""汇总表 as .docx: the form that goes into a report as 附件2, a page (or more) per group."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from analysis import wording
from analysis.reports.lines import Line, lines
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
NUMBER, QUESTION, KIND, BASE, OPTION, COUNT, SHARE = range(7)


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
    table = document.add_table(1 + sum(map(len, printed)), len(WIDTHS_CM))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS_CM.values(), strict=True):
        column.width = Cm(width)
    rows = list(table.rows)
    cells = [row.cells for row in rows]
    for row in rows:
        _set_up_row(row)
    _heading_row(rows[0], cells[0], language)
    top = 1
    for question, of_question in zip(group.questions, printed, strict=True):
        _question(cells[top : top + len(of_question)], question, of_question, language)
        top += len(of_question)
    return table


def _heading_row(row: Any, cells: Sequence[Any], language: str) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell, key in zip(cells, WIDTHS_CM, strict=True):
        write(cell, word(key, language), style=HEADING_STYLE)
        shade(cell, BLUE)


def _question(
    cells: Sequence[Sequence[Any]], question: QuestionTable, printed: Sequence[Line], language: str
) -> None:
    shared = {
        NUMBER: wording.count(question.number),
        QUESTION: question.text,
        KIND: word(question.kind, language),
        BASE: wording.count(question.base),
    }
    for column, text in shared.items():
        merged = cells[0][column].merge(cells[-1][column])
        write(merged, text, centred=column != QUESTION)
    for row, line in zip(cells, printed, strict=True):
        _line(row, line)
    for row in cells[:-1]:
        for cell in row:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _line(row: Sequence[Any], line: Line) -> None:
    write(row[OPTION], line.label)
    if line.role == "statistic":
        write(row[COUNT].merge(row[SHARE]), wording.number(line.value), centred=True)
        return
    write(row[COUNT], wording.count(line.count), centred=True)
    write(row[SHARE], wording.percent(line.share), centred=True)
    if line.role == "total":
        for column in (OPTION, COUNT, SHARE):
            shade(row[column], GREY)


def _set_up_row(row: Any) -> None:
    """No row is split over two pages."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    for cell, width in zip(row.cells, WIDTHS_CM.values(), strict=True):
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
