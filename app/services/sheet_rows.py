"""Rows of an uploaded sheet under known headings, with every fault of its frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveys.cells import SheetError, read_cells
from surveys.definition import Audience
from surveys.sheets import SheetFault

AUDIENCES = {
    "低保户": Audience.RECIPIENT.value,
    "非低保户": Audience.NON_RECIPIENT.value,
    "干部": Audience.CADRE.value,
}
"""Heading -> field, for sheets with a number per audience."""
LARGEST_NUMBER = 1_000_000

Row = tuple[int, dict[str, str]]
"""The number that a spreadsheet gives the row, and its cells by field."""


def read_rows(
    content: bytes, name: str, headings: Mapping[str, str], needed: Sequence[str]
) -> tuple[list[Row], list[SheetFault]]:
    """The filled rows of a .csv or .xlsx file. `headings` are heading -> field; the fields in
    `needed` must have their column. Without rows there is at least one fault."""
    try:
        lines = read_cells(content, name)
    except SheetError as error:
        return [], [SheetFault(e.row, "", "", e.code, e.details) for e in (error, *error.others)]
    if not lines:
        return [], [SheetFault(1, "", "", "empty_file", {})]
    fields = [headings.get(cell.strip(), cell.strip()) for cell in lines[0]]
    if faults := list(_heading_faults(fields, headings, needed)):
        return [], faults
    filled = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
    rows = [
        (number, dict(zip(fields, (cell.strip() for cell in cells), strict=False)))
        for number, cells in filled
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        return [], [SheetFault(1, "", "", "no_rows", {})]
    return rows, [fault for row in filled for fault in _stray_cells(*row, fields)]


def number_faults(number: int, row: Mapping[str, str]) -> Iterator[SheetFault]:
    """What is in the columns of the audiences and no whole number."""
    for heading, field in AUDIENCES.items():
        given = row.get(field, "")
        if given and whole_number(given) is None:
            details = {"limit": LARGEST_NUMBER}
            yield SheetFault(number, heading, given, "not_a_planned_number", details)


def whole_number(text: str) -> int | None:
    """None for what is not a whole number from 0 to LARGEST_NUMBER in plain digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))):
        return None
    return int(text) if int(text) <= LARGEST_NUMBER else None


def _heading_faults(
    fields: Sequence[str], headings: Mapping[str, str], needed: Sequence[str]
) -> Iterator[SheetFault]:
    names = {field: heading for heading, field in headings.items()}
    for field in needed:
        if field not in fields:
            details: dict[str, Any] = {"heading": names[field]}
            yield SheetFault(1, names[field], "", "missing_heading", details)
    for place, field in enumerate(fields):
        if field and field not in names:
            details = {"allowed": "、".join(headings)}
            yield SheetFault(1, field, field, "unknown_heading", details)
        elif field and field in fields[:place]:
            yield SheetFault(1, names[field], names[field], "column_twice", {})


def _stray_cells(number: int, cells: Sequence[str], fields: Sequence[str]) -> Iterator[SheetFault]:
    for place, cell in enumerate(cells):
        if cell.strip() and not "".join(fields[place : place + 1]):
            yield SheetFault(number, "", cell, "cell_without_heading", {})
