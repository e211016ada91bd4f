"""Where an Excel sheet breaks into pages, so that no question is torn apart."""

from __future__ import annotations

from collections.abc import Iterable

POINTS_PER_CM = 72 / 2.54
A4_CM = (21.0, 29.7)
SIDE_MARGIN_CM, TOP_MARGIN_CM, BOTTOM_MARGIN_CM = 1.8, 2.2, 1.9
SAFETY = 0.97
"""Printers and fonts differ a little; a page that is a row short is no harm."""


class PageBreaks:
    """Adds up row heights (points) and notes the rows (from 0) before which a page ends.

    The sheet is printed as wide as the page, so the room of a page follows from the column widths
    (in characters of 7 pixels and 5 pixels of padding, as Excel reckons).
    """

    def __init__(self, widths: Iterable[float], *, landscape: bool = False) -> None:
        width = sum(7 * characters + 5 for characters in widths) * 72 / 96
        across, down = reversed(A4_CM) if landscape else A4_CM
        printable = (across - 2 * SIDE_MARGIN_CM) * POINTS_PER_CM
        height = (down - TOP_MARGIN_CM - BOTTOM_MARGIN_CM) * POINTS_PER_CM
        self.scale = int(100 * SAFETY * min(1.0, printable / width))
        """Percent, for a sheet that keeps its breaks in Excel too; see `set_up_page`."""
        self.room = SAFETY * height / min(1.0, printable / width)
        self.used = self.repeated = 0.0
        self.rows: list[int] = []

    def add(self, height: float, *, repeated: bool = False) -> None:
        """A row that may stand anywhere; a repeated one takes its room on every later page."""
        self.used += height
        self.repeated += height if repeated else 0

    def add_block(self, row: int, height: float) -> None:
        """Rows from `row` on that belong together."""
        if self.used + height > self.room and self.used > self.repeated:
            self.rows.append(row)
            self.used = self.repeated
        self.used += height
