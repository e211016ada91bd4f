"""The report by group as one .xlsx: contents with links, comparison, scores, cross-tabs, groups."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.group_report import GroupReport, Picture, small_groups
from analysis.reports import group_excel_tables as tables
from analysis.reports.cells import sheet_names
from analysis.reports.excel import write_group_sheet
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.group_parts import EVERY_PART, Parts, Step, listed_small, nothing
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

Pictures = Callable[[GroupReport, Group | None], Sequence[Picture]]
WIDTHS = (30, 11, 16, 24, 12)
LINE_HEIGHT = 16.5
BESIDE = 10
"""Column right of a group's printed table, for links and pictures."""
PICTURE_PIXELS, PICTURE_ROWS = 640, 26


def no_pictures(report: GroupReport, group: Group | None) -> Sequence[Picture]:
    return ()


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
    names = _names(report, wanted, groups, language)
    contents, own, of_groups = names[0], names[1 : 1 + len(wanted)], names[1 + len(wanted) :]
    first = workbook.add_worksheet(contents)
    _Contents(first, styles, report, language).write(own, of_groups)
    for overview, name in zip(wanted, own, strict=True):
        overview.write(workbook.add_worksheet(name), styles, report, language)
        step()
    for group, name in zip(groups, of_groups, strict=True):
        sheet = workbook.add_worksheet(name)
        _group_sheet(sheet, styles, report, group, language)
        _beside(sheet, contents, pictures(report, group), language)
        step()
    workbook.close()


def _names(
    report: GroupReport, wanted: Sequence[Overview], groups: Sequence[Group], language: str
) -> list[str]:
    own = [word("contents", language), *(word(one.key, language) for one in wanted)]
    return [*own, *sheet_names((group_name(group, language) for group in groups), own)]


def _group_sheet(
    sheet: Any, styles: Styles, report: GroupReport, group: Group, language: str
) -> None:
    """The summary table with the group's margin of error under its title."""
    remarks = (*report.table.remarks, caution(report, group, language))
    write_group_sheet(sheet, styles, replace(report.table, remarks=remarks), group, language)


def _beside(sheet: Any, contents: str, pictures: Sequence[Picture], language: str) -> None:
    sheet.write_url(0, BESIDE, _link(contents), string=word("back", language))
    for place, picture in enumerate(pictures):
        sheet.insert_image(
            2 + place * PICTURE_ROWS,
            BESIDE,
            "picture.png",
            {
                "image_data": io.BytesIO(picture.png),
                "description": picture.alt,
                "x_scale": _scale(picture.png),
                "y_scale": _scale(picture.png),
            },
        )


def _scale(png: bytes) -> float:
    """Any resolution is shown at the same width; a PNG says its own in bytes 16 to 19."""
    return PICTURE_PIXELS / max(int.from_bytes(png[16:20], "big"), 1) * _dots(png) / 96


def _dots(png: bytes) -> float:
    """Dots per inch as XlsxWriter reads them: from the chunk pHYs, else 96."""
    place = png.find(b"pHYs")
    if place < 0 or png[place + 12 : place + 13] != b"\x01":
        return 96.0
    return int.from_bytes(png[place + 4 : place + 8], "big") * 0.0254


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
