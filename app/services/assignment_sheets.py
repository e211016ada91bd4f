"""The assignments as an .xlsx to change and upload again, with the accounts and areas to use."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from analysis.reports.excel_styles import OPTIONS
from app.models import Project
from app.services import accounts, areas, assignments
from surveys.definition import Audience

WIDTHS = (18, 18, 10, 10, 10)
CODE = {"num_format": "@", "quote_prefix": True}
"""Codes such as 0101 must not become the number 101, nor a name that begins with = a formula."""


def workbook(session: Session, project: Project) -> bytes:
    """The first sheet is what `assignments.import_sheet` reads."""
    rows = _rows(session, project)
    people = [
        (user.username, user.display_name)
        for user in accounts.members(session, project)
        if user.active
    ]
    places = [(area.code, area.name) for _, area in areas.tree(areas.all_areas(session, project))]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        _write(book, "任务分配", list(assignments.HEADINGS), rows)
        _write(book, "可用账号", ["账号", "姓名"], people)
        _write(book, "可用区域", ["区域代码", "区域名称"], places)
    return buffer.getvalue()


def _rows(session: Session, project: Project) -> list[tuple[str | int | None, ...]]:
    quantities: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for target in assignments.targets(session, project):
        for line in target.lines:
            key = (line.user.username, line.area.code)
            quantities[key][line.audience.value] = line.quantity
    return [
        (*key, *(numbers.get(audience.value) for audience in Audience))
        for key, numbers in sorted(quantities.items())
    ]


def _write(
    book: Any, name: str, headings: Sequence[str], rows: Iterable[Sequence[str | int | None]]
) -> None:
    sheet = book.add_worksheet(name)
    bold, code = book.add_format({"bold": True, "bg_color": "#DCE6F1"}), book.add_format(CODE)
    for place, (heading, width) in enumerate(zip(headings, WIDTHS, strict=False)):
        sheet.set_column(place, place, width, code if place < 2 else None)
        sheet.write_string(0, place, heading, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, value, code)
            elif value is not None:
                sheet.write_number(number, place, value)
    sheet.freeze_panes(1, 0)
