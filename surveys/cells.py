"""Rows of text cells from the bytes of a CSV or xlsx file, whatever is in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl

MOST_UNPACKED_BYTES = 500_000_000
MOST_ROWS = 1_048_576
"""Of a worksheet; a broken file may number its only row 10^15."""
MOST_CELLS_NAMED = 1000
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Spreadsheets of East Asian systems run the full-width ones too."""
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class SheetError(Exception):
    """A file that cannot be read as a table at all; `others` are further reasons."""

    def __init__(self, code: str, row: int = 1, **details: Any) -> None:
        super().__init__(code)
        self.code, self.row = code, row
        self.details: Mapping[str, Any] = details
        self.others: Sequence[SheetError] = ()


def read_cells(content: bytes, name: str, encoding: str = "utf-8-sig") -> list[list[str]]:
    """All rows of a .csv file or of the first sheet of an .xlsx file. Raises SheetError."""
    if not content.strip():
        raise SheetError("empty_file")
    is_workbook = content.startswith(b"PK\x03\x04")
    if name.lower().endswith(".xlsx") != is_workbook or content.startswith(OLD_WORKBOOK):
        raise SheetError("wrong_file_type")
    return _from_workbook(content) if is_workbook else _from_csv(content, encoding)


def escape(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets a leading apostrophe.

    So does one that already looks escaped, or `unescape` could not tell it apart. Plain numbers
    are left alone: they do no harm, and are to stay numbers.
    """
    risky = text.lstrip("'").startswith(FORMULA_MARKS) and not PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def unescape(text: str) -> str:
    """Take off the apostrophe that `escape` put before a formula mark."""
    if not text.startswith("'"):
        return text
    return text[1:] if text.lstrip("'").startswith(FORMULA_MARKS) else text


def _from_csv(content: bytes, encoding: str) -> list[list[str]]:
    try:
        text = content.decode(encoding)
    except LookupError:
        raise SheetError("unknown_encoding", encoding=encoding) from None
    except UnicodeError as error:
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise SheetError("sheet_not_utf8", row=line, encoding=encoding) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise SheetError("not_csv", row=len(rows) + 1, problem=str(error)) from None
    return rows


def _from_workbook(content: bytes) -> list[list[str]]:
    uncomputed: list[SheetError] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise SheetError("workbook_too_large", limit=MOST_UNPACKED_BYTES)
        rows = list(_workbook_rows(content, uncomputed))
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part of the file provokes
        raise SheetError("not_a_workbook", problem=type(error).__name__) from error
    if uncomputed:
        uncomputed[0].others = uncomputed[1:MOST_CELLS_NAMED]
        raise uncomputed[0]
    return rows


def _workbook_rows(content: bytes, uncomputed: list[SheetError]) -> Iterator[list[str]]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()  # a format set on whole columns claims a million empty rows
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS:
            raise SheetError("too_many_rows", limit=MOST_ROWS)
        uncomputed += [_uncomputed(number, c) for c in row if c.data_type in ("f", "e")]
        yield [_text_of(cell.value) for cell in row]


def _uncomputed(row: int, cell: Any) -> SheetError:
    return SheetError("formula_or_error_cell", row=row, cell=cell.coordinate, value=cell.value)


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
