"""Tables of Word files with borders, a heading that each page repeats, and no torn rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm

from analysis.reports.lines import rows_needed
from analysis.reports.word_styles import BLUE, HEADING_STYLE, element, shade, write

MOST_TOGETHER = 25
"""Lines of print; a longer table may be torn apart, or half a page would stay white."""
LONGEST_ROW = 18
"""Lines; a longer row may go on on the next page."""
STEP_CM = 0.4
HALF_WIDTH_CM, PADDING_CM = 0.185, 0.4
"""A Latin letter of 10.5 points, and what a cell leaves free on both sides."""


def plain_table(
    document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> Any:
    table = empty_table(document, 1 + len(rows), widths)
    grid = [row.cells for row in table.rows]
    heading_row(table.rows[0], grid[0], headings)
    for cells, texts in zip(grid[1:], rows, strict=True):
        for cell, text in zip(cells, texts, strict=True):
            write(cell, text)
    heights = [lines_of(texts, widths) for texts in rows]
    let_break(table.rows[1:], heights)
    if sum(heights) <= MOST_TOGETHER:
        keep_together(grid)
    return table


def lines_of(texts: Sequence[str], widths: Sequence[float]) -> int:
    """Lines that a row of these texts takes in cells of these widths (cm), by estimate."""
    return max(
        rows_needed(text, max(1.0, (width - PADDING_CM) / HALF_WIDTH_CM))
        for text, width in zip(texts, widths, strict=True)
    )


def shared(texts: Sequence[Sequence[str]], room: float, narrowest: float) -> tuple[float, float]:
    """Widths (cm) of two columns that fill the room, so that the rows of these pairs of texts are
    as low as can be; of equals the one that leaves the second column more."""
    steps = int((room - 2 * narrowest) / STEP_CM) + 1
    firsts = [narrowest + STEP_CM * n for n in range(steps)]
    best = min(firsts, key=lambda cm: sum(lines_of(pair, (cm, room - cm)) for pair in texts))
    return best, room - best


def let_break(rows: Sequence[Any], heights: Sequence[int]) -> None:
    """A long row that had to stay whole would leave its page white down from there."""
    for row, height in zip(rows, heights, strict=True):
        if height > LONGEST_ROW:
            for mark in row._tr.trPr.findall(qn("w:cantSplit")):
                row._tr.trPr.remove(mark)


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
    """No row is split over two pages; see `let_break`."""
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
