"""The ledger as files: .xlsx with live rates, .csv and JSON; all say the same as the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from analysis import wording
from analysis.reports.cells import defuse
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.formats import CSV, JSON, TEXT, XLSX
from app.services.ledger import COLUMNS, RATES, Ledger, Row, Table
from app.services.ledger_words import audience_word, definitions, word
from app.services.reports import CHINA

PARTS = {"return_rate": ("received", "issued"), "valid_rate": ("valid", "received")}
"""A rate and the columns that it divides."""
ISSUED = ("completed", "not_home", "refused", "replaced", "paper", "web")
SUMS = ("issued", "finished", "received", "valid", "counted")
WIDTHS = {"name": 20, "note": 16, "number": 9}
FIRST_ROW = 3
"""Below title, subtitle and headings, counted from 0."""
ALL_COLUMNS = COLUMNS["areas"]


def render_xlsx(ledger: Ledger, language: str = "zh") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        styles = Styles(workbook)
        for table in ledger.tables:
            _SheetOfTable(workbook, styles, ledger, table, language).write()
        _write_remarks(workbook, styles, ledger, language)
    return buffer.getvalue()


def render_csv(ledger: Ledger, language: str = "zh") -> bytes:
    """One row per row of the three tables, told apart by the first column; no totals."""
    headings = ["table", "name", "note", "level", *ALL_COLUMNS, "remark"]
    remark = word("simulated", language) if ledger.simulated else ""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([word(key, language) for key in headings])
    for table in ledger.tables:
        for row in table.rows:
            about = (word(table.key, language), row_name(table, row, language), row.note)
            numbers = (_as_text(table, row, column) for column in ALL_COLUMNS)
            writer.writerow([*map(defuse, about), row.depth, *numbers, remark])
    return buffer.getvalue().encode("utf-8-sig")


def render_json(ledger: Ledger, language: str = "zh") -> bytes:
    content: dict[str, Any] = {
        "project": ledger.project,
        "as_of": ledger.as_of.isoformat(),
        "simulated": ledger.simulated,
        "audience": ledger.audience,
        "differences": [
            {"code": found.code, "text": found.text("zh"), "text_en": found.text("en")}
            for found in ledger.differences
        ],
        **{
            table.key: [_as_data(table, row, language) for row in table.rows]
            for table in ledger.tables
        },
        "total": _as_data(ledger.tables[-1], ledger.tables[-1].total, language),
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def render_text(ledger: Ledger, language: str = "zh") -> bytes:
    """The differences and the rates; the tables are in the other formats."""
    total = ledger.total
    lines = [found.text(language) for found in ledger.differences]
    numbers = [f"{word(key, language)} {getattr(total, key)}" for key in SUMS]
    rates = [f"{word(key, language)} {wording.percent(getattr(total, key))}" for key in RATES]
    colon = "：" if language == "zh" else ": "
    return "\n".join(
        [
            f"{word('ledger', language)}{colon}{ledger.project}",
            "，".join([*numbers, *rates]) if language == "zh" else ", ".join([*numbers, *rates]),
            *(lines or [word("no_differences", language)]),
            "",
        ]
    ).encode()


@dataclass(frozen=True)
class Format:
    """`render(ledger, language)` gives the whole file, texts in UTF-8 (`is_text`)."""

    media_type: str
    render: Callable[[Ledger, str], bytes]
    is_text: bool = True


LEDGER_FORMATS = {
    "text": Format(TEXT, render_text),
    "json": Format(JSON, render_json),
    "csv": Format(CSV, render_csv),
    "xlsx": Format(XLSX, render_xlsx, is_text=False),
}


def row_name(table: Table, row: Row, language: str) -> str:
    if row is table.total:
        return word("total", language)
    return row.name or word(f"rest_{table.key}", language)


class _SheetOfTable:
    """Writes one table; numbers stay numbers, sums and rates are formulas with their values."""

    def __init__(
        self, workbook: Any, styles: Styles, ledger: Ledger, table: Table, language: str
    ) -> None:
        self.sheet = workbook.add_worksheet(word(table.key, language))
        self.styles, self.ledger, self.table, self.language = styles, ledger, table, language
        self.place = {column: place for place, column in enumerate(table.columns, start=2)}

    def write(self) -> None:
        table, last = self.table, len(self.table.columns) + 1
        title = f"{word('ledger', self.language)} · {word(table.key, self.language)}"
        if self.ledger.simulated:
            title = f"【{word('simulated', self.language)}】{title}"
        set_up_page(self.sheet, title, self.language, landscape=True)
        self.sheet.merge_range(0, 0, 0, last, title, self.styles["title"])
        self.sheet.merge_range(1, 0, 1, last, _subtitle(self.ledger, self.language), self.note)
        headings = ("name", "note", *table.columns)
        for place, key in enumerate(headings):
            self.sheet.write_string(2, place, word(key, self.language), self.styles["heading"])
            self.sheet.set_column(place, place, WIDTHS.get(key, WIDTHS["number"]))
        for number, row in enumerate((*table.rows, table.total), start=FIRST_ROW):
            self._write_row(number, row)
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.repeat_rows(2)

    @property
    def note(self) -> Any:
        return self.styles["note"]

    def _write_row(self, number: int, row: Row) -> None:
        is_total = row is self.table.total
        name = "　" * row.depth + row_name(self.table, row, self.language)
        style = self.styles["total_text" if is_total else "text"]
        self.sheet.write_string(number, 0, name, style)
        self.sheet.write_string(number, 1, row.note, style)
        for column, place in self.place.items():
            self._write_number(number, place, row, column, is_total)

    def _write_number(self, number: int, place: int, row: Row, column: str, total: bool) -> None:
        value = row.value(column)
        name = "share" if column in RATES else "count"
        style = self.styles[{"share": "total_share", "count": "total"}[name] if total else name]
        formula = FORMULAS.get(column)
        if formula is not None:
            shown = wording.NOTHING if value is None else value
            self.sheet.write_formula(number, place, formula(self, number, column), style, shown)
        elif value is None:
            self.sheet.write_string(number, place, wording.NOTHING, style)
        else:
            self.sheet.write_number(number, place, value, style)

    def cell(self, number: int, column: str) -> str:
        return str(xl_rowcol_to_cell(number, self.place[column]))

    def sum_of_issued(self, number: int, _: str) -> str:
        return "=" + "+".join(self.cell(number, column) for column in ISSUED)

    def quotient(self, number: int, column: str) -> str:
        above, below = (self.cell(number, part) for part in PARTS[column])
        # More than went out cannot come back: then something was not entered.
        return f'=IF(OR({below}=0,{above}>{below}),"{wording.NOTHING}",{above}/{below})'


FORMULAS: dict[str, Callable[[_SheetOfTable, int, str], str]] = {
    "issued": _SheetOfTable.sum_of_issued,
    "return_rate": _SheetOfTable.quotient,
    "valid_rate": _SheetOfTable.quotient,
}


def _write_remarks(workbook: Any, styles: Styles, ledger: Ledger, language: str) -> None:
    sheet = workbook.add_worksheet(word("differences", language))
    set_up_page(sheet, word("ledger", language), language)
    sheet.set_column(0, 0, 90)
    for number, (text, style) in enumerate(_remarks(ledger, language)):
        sheet.write_string(number, 0, text, styles[style])


def _remarks(ledger: Ledger, language: str) -> Iterator[tuple[str, str]]:
    yield word("differences", language), "heading"
    found = [one.text(language) for one in ledger.differences]
    for text in found or [word("no_differences", language)]:
        yield text, "text"
    yield "", "note"
    yield word("definitions", language), "heading"
    for text in definitions(language):
        yield text, "text"


def _subtitle(ledger: Ledger, language: str) -> str:
    moment = ledger.as_of.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    parts = (
        ledger.project,
        audience_word(ledger.audience, language),
        word("as_of", language, moment=moment),
    )
    return " · ".join(parts)


def _as_text(table: Table, row: Row, column: str) -> str | int | float | None:
    if column not in table.columns:
        return ""
    value = row.value(column)
    if value is None:
        return wording.NOTHING
    return wording.percent(value) if column in RATES else value


def _as_data(table: Table, row: Row, language: str) -> dict[str, Any]:
    told = row.reported_at.isoformat() if row.reported_at else None
    return {
        "name": row_name(table, row, language),
        "note": row.note,
        **{column: row.value(column) for column in table.columns},
        **({"reported_at": told} if table.key == "devices" else {}),
        **({"level": row.depth} if table.key == "areas" else {}),
    }
