"""A report of grids as .docx, to be taken over into a report: title, result in words, tables."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from analysis.reports.grids import Figure, Grid, GridReport, entry_text
from analysis.reports.lines import display_width
from analysis.reports.word_styles import (
    BLUE,
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
from analysis.reports.words import marked, word

PAGE_CM, MARGIN_CM = (21.0, 29.7), 1.9
MOST_PORTRAIT_COLUMNS = 8


def render_grids_docx(report: GridReport, language: str = "zh") -> bytes:
    document = docx.Document()
    set_up_styles(document)
    title = clean(marked(report.title, report.simulated, language))
    columns = max((len(grid.headings) for grid in report.grids), default=1)
    width = _set_up_page(document, title, language, landscape=columns > MOST_PORTRAIT_COLUMNS)
    document.add_paragraph(title, TITLE_STYLE)
    for line in (*report.remarks, *report.lines):
        document.add_paragraph(clean(line))
    for grid in report.grids:
        _grid(document, grid, width)
    if report.notes:
        opening = document.add_paragraph(word("notes", language))
        opening.paragraph_format.space_before = Pt(6)
        for paragraph in (opening, *(document.add_paragraph(clean(n)) for n in report.notes)):
            small(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _grid(document: Any, grid: Grid, width: float) -> None:
    heading = document.add_paragraph(clean(grid.title))
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(10)
    heading.runs[0].bold = True
    widths = _widths(grid, width)
    table = document.add_table(1 + len(grid.rows), len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    lines = [grid.headings, *grid.rows]
    for row, line in zip(table.rows, lines, strict=True):
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for place, (cell, entry) in enumerate(zip(row.cells, line, strict=True)):
            cell.width = Cm(widths[place])
            style = {"style": HEADING_STYLE} if line is grid.headings else {}
            centred = isinstance(entry, Figure) or place > 0
            write(cell, entry_text(entry), centred=centred, **style)
    first = table.rows[0]
    first._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell in first.cells:
        shade(cell, BLUE)
    for note in grid.notes:
        small(document.add_paragraph(clean(note)))


def _widths(grid: Grid, width: float) -> list[float]:
    """The first column as wide as it needs, at most 40%; the others share the rest."""
    count = len(grid.headings)
    if count == 1:
        return [width]
    longest = max(display_width(entry_text(row[0])) for row in (grid.headings, *grid.rows))
    first = min(max(longest * 0.2 + 0.5, width / count), width * 0.4)
    return [first, *[(width - first) / (count - 1)] * (count - 1)]


def _set_up_page(document: Any, title: str, language: str, *, landscape: bool) -> float:
    """Width in cm between the margins."""
    section = document.sections[0]
    wide, high = PAGE_CM[::-1] if landscape else PAGE_CM
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(wide), Cm(high)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(2.2)
    header = section.header.paragraphs[0]
    header.text, header.alignment = title, WD_ALIGN_PARAGRAPH.CENTER
    small(header)
    page_numbers(section.footer.paragraphs[0], language)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    properties.language = "zh-CN" if language.startswith("zh") else "en"
    return wide - 2 * MARGIN_CM
