"""The report by group as one .xlsx: contents with links, comparison, scores, cross-tabs, groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.group_report import GroupReport, small_groups
from analysis.reports import group_excel_tables as tables
from analysis.reports.cells import sheet_names
from analysis.reports.excel import write_group_sheet
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.group_excel_pictures import BESIDE, beside_table, picture_sheet
from analysis.reports.group_parts import EVERY_PART, Parts, Step, listed_small, nothing
from analysis.reports.group_pictures import Pictures, no_pictures
from analysis.reports.group_words import (
    caution,
    group_name,
    margin_text,
    mark,
    notes,
    title,
    word,
)
from analysis.reports.lines import rows_needed
from analysis.reports.words import subtitle
from analysis.table import Group

WIDTHS = (30, 11, 16, 24, 12)
LINE_HEIGHT = 16.5


@dataclass(frozen=True)
class Overview:
    """A sheet besides those of the groups: its name's key and who writes it."""

    key: str
    write: Callable[[Any, Styles, GroupReport, str], None]


OVERVIEWS = (
    Overview("comparison", tables.comparison),
    Overview("scores", tables.scores),
    Overview("cross", tables.cross_tables),
)
PICTURES = "pictures"
"""The sheet that follows them, where it is wanted."""


def write_workbook(
    report: GroupReport,
    target: Path,
    language: str = "zh",
    *,
    parts: Parts = EVERY_PART,
    pictures: Pictures = no_pictures,
    step: Step = nothing,
) -> None:
    """`step()` is called after every sheet; what it raises (a cancellation) ends the work.

    The parts of the file are put together on the disk and not in memory.
    """
    # No context manager: it would write the file even when the work is cancelled.
    workbook = xlsxwriter.Workbook(str(target), OPTIONS | {"in_memory": False})
    styles = Styles(workbook)
    wanted = [one for one in OVERVIEWS if one.key in parts]
    groups = report.groups if "tables" in parts else ()
    keys = [*(one.key for one in wanted), *([PICTURES] if PICTURES in parts else [])]
    names = _names(report, keys, groups, language)
    contents, own, of_groups = names[0], names[1 : 1 + len(keys)], names[1 + len(keys) :]
    first = workbook.add_worksheet(contents)
    _Contents(first, styles, report, language).write(own, of_groups)
    for overview, name in zip(wanted, own, strict=False):
        overview.write(workbook.add_worksheet(name), styles, report, language)
        step()
    if PICTURES in parts:
        sheet = workbook.add_worksheet(own[-1])
        picture_sheet(sheet, styles, report, pictures(None), language)
        step()
    for place, name in enumerate(of_groups):
        sheet = workbook.add_worksheet(name)
        _group_sheet(sheet, styles, report, groups[place], language)
        sheet.write_url(0, BESIDE, _link(contents), string=word("back", language))
        beside_table(sheet, pictures(place) if PICTURES in parts else ())
        step()
    workbook.close()


def _names(
    report: GroupReport, keys: Sequence[str], groups: Sequence[Group], language: str
) -> list[str]:
    own = [word("contents", language), *(word(key, language) for key in keys)]
    return [*own, *sheet_names((group_name(group, language) for group in groups), own)]


def _group_sheet(
    sheet: Any, styles: Styles, report: GroupReport, group: Group, language: str
) -> None:
    """The summary table with the group's margin of error under its title."""
    remarks = (*report.table.remarks, caution(report, group, language))
    write_group_sheet(sheet, styles, replace(report.table, remarks=remarks), group, language)


def _link(name: str) -> str:
    quoted = name.replace("'", "''")
    return f"internal:'{quoted}'!A1"


class _Contents:
    """The first sheet, from top to bottom; `row` is the next free row, counted from 0."""

    def __init__(self, sheet: Any, styles: Styles, report: GroupReport, language: str) -> None:
        self.sheet, self.styles = sheet, styles
        self.report, self.language, self.row = report, language, 0

    def write(self, overviews: Sequence[str], groups: Sequence[str]) -> None:
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self._across(title(self.report, self.language), "title", 1.8)
        self._across(subtitle(self.report.table), "subtitle", 1.2)
        for line in (*self.report.table.remarks, *opening(self.report, self.language)):
            self._across(line, "note")
        for name in overviews:
            self._link(0, name, name)
            self.row += 1
        self.row += 1
        self._groups(groups)
        self.row += 1
        for number, note in enumerate(notes(self.report, self.language), start=1):
            self._across(f"{number}. {note}", "note")
        set_up_page(self.sheet, title(self.report, self.language), self.language)

    def _groups(self, names: Sequence[str]) -> None:
        keys = ("group", "n", "margin", "note", *(["sheet"] if names else []))
        for column, key in enumerate(keys):
            self.sheet.write_string(
                self.row, column, word(key, self.language), self.styles["heading"]
            )
        self.sheet.set_row(self.row, 2 * LINE_HEIGHT)
        self.row += 1
        for place, group in enumerate(self.report.groups):
            name = group_name(group, self.language)
            self._text(0, name, "text")
            self.sheet.write_number(self.row, 1, group.n, self.styles["count"])
            self._text(2, margin_text(self.report, group), "centre_text")
            self._text(3, mark(group, self.language), "text")
            if names:
                self._link(4, names[place], word("open", self.language))
            self.sheet.set_row(self.row, LINE_HEIGHT * rows_needed(name, WIDTHS[0] - 3) + 2)
            self.row += 1

    def _link(self, column: int, name: str, text: str) -> None:
        self.sheet.write_url(self.row, column, _link(name), string=text)

    def _across(self, text: str, style: str, tall: float = 1) -> None:
        self.sheet.set_row(self.row, LINE_HEIGHT * tall * rows_needed(text, sum(WIDTHS) - 4))
        self.sheet.merge_range(self.row, 0, self.row, len(WIDTHS) - 1, "", self.styles[style])
        self._text(0, text, style)
        self.row += 1

    def _text(self, column: int, text: str, style: str) -> None:
        self.sheet.write_string(self.row, column, text, self.styles[style])


def opening(report: GroupReport, language: str) -> list[str]:
    """How many responses and groups, what became of the rest, and which groups are small."""
    told = [word("counts_line", language, n=report.table.n, groups=len(report.groups))]
    flow = report.table.flow
    if flow is not None:
        details = ("received", "counted", "under_review", "excluded")
        told.append(word("flow_line", language, **{key: getattr(flow, key) for key in details}))
    few = small_groups(report)
    return [*told, listed_small(few, language)] if few else told
