"""Tables of Word files with borders, a heading that each page repeats, and no torn rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm

from analysis.reports.word_styles import BLUE, HEADING_STYLE, element, shade, write

MOST_TOGETHER = 25
"""Rows; a longer table may be torn apart, or half a page would stay white."""


def plain_table(
    document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> Any:
    table = empty_table(document, 1 + len(rows), widths)
    grid = [row.cells for row in table.rows]
    heading_row(table.rows[0], grid[0], headings)
    for cells, texts in zip(grid[1:], rows, strict=True):
        for cell, text in zip(cells, texts, strict=True):
            write(cell, text)
    if len(rows) <= MOST_TOGETHER:
        keep_together(grid)
    return table


def keep_together(grid: Sequence[Sequence[Any]]) -> None:
    """These rows, below a caption if there is one, on one page.

    LibreOffice 7.4 loses the rows of a table whose heading alone fits below a caption that is kept
    with it, and those of one of which only the first rows are kept together.
    """
    for cells in grid[:-1]:
        for cell in cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def empty_table(document: Any, rows: int, widths: Iterable[float]) -> Any:
    """No row is split over two pages."""
    lengths = list(widths)
    table = document.add_table(rows, len(lengths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, lengths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, width in zip(row.cells, lengths, strict=True):
            cell.width = Cm(width)
    return table


def heading_row(row: Any, cells: Sequence[Any], texts: Sequence[str]) -> None:
    """Repeated on every page."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell, text in zip(cells, texts, strict=True):
        write(cell, text, style=HEADING_STYLE)
        shade(cell, BLUE)
