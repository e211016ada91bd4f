"""Pictures in the workbook of a report by group: a sheet of their own, and beside each table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from analysis.group_report import GroupReport
from analysis.reports.excel_styles import Styles, set_up_page
from analysis.reports.group_pictures import Painted, few_pictures
from analysis.reports.group_words import title, word
from analysis.reports.page_breaks import PageBreaks

BESIDE = 10
"""Column right of a group's printed table, for links and pictures."""
FIRST_ROW = 2
SCREEN_DPI, PNG_DPI = 96, 300
ROW_PIXELS, GAP_PIXELS, UNDER_TITLE = 20, 24, 6
CELL_WIDTH, CELL_HEIGHT = 8.43, 15.0
"""Of the default cells, in characters and points."""
PAGE_COLUMNS = 13
"""Of them on a page: a picture has 9½, more in LibreOffice where the font of Excel is missing."""


def beside_table(sheet: Any, pictures: Sequence[Painted]) -> None:
    """One below the other, whatever the heights of the rows of the table."""
    below = 0
    for picture in pictures:
        _insert(sheet, (FIRST_ROW, BESIDE), picture, below)
        below += _pixels(picture) + GAP_PIXELS


def picture_sheet(
    sheet: Any,
    styles: Styles,
    report: GroupReport,
    pictures: Sequence[Painted],
    language: str,
) -> None:
    """图: the pictures that compare the groups, each under its title and whole on a page."""
    heading = f"{word('pictures', language)}　{title(report, language)}"
    sheet.write_string(0, 0, heading, styles["block_title"])
    told = few_pictures(report, language) if pictures else word("no_pictures", language)
    sheet.write_string(1, 0, told, styles["plain"])
    row, pages = 3, PageBreaks([CELL_WIDTH] * PAGE_COLUMNS)
    pages.add(row * CELL_HEIGHT)
    for picture in pictures:
        rows = -(-_pixels(picture) // ROW_PIXELS) + 3
        if picture is pictures[0]:
            pages.add(rows * CELL_HEIGHT)  # under the title, whatever its height
        else:
            pages.add_block(row, rows * CELL_HEIGHT)
        sheet.write_string(row, 0, picture.chart.title, styles["block_title"])
        _insert(sheet, (row + 1, 0), picture, UNDER_TITLE)
        row += rows
    sheet.set_h_pagebreaks(pages.rows)
    set_up_page(sheet, title(report, language), language, scale=pages.scale)
    sheet.print_area(0, 0, row, PAGE_COLUMNS - 1)


def _insert(sheet: Any, cell: tuple[int, int], picture: Painted, below: int = 0) -> None:
    options = {
        "image_data": io.BytesIO(picture.png),
        "description": picture.chart.alt,
        "y_offset": below,
    }
    sheet.insert_image(*cell, "picture.png", options)


def _pixels(picture: Painted) -> int:
    """How tall it is on a sheet: a PNG tells its height in bytes 20 to 23."""
    return int.from_bytes(picture.png[20:24], "big") * SCREEN_DPI // PNG_DPI + 1
