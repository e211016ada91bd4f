"""Rows of text cells from the bytes of a CSV or xlsx file, whatever is in them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import openpyxl

MOST_UNPACKED_BYTES = 500_000_000
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


class SheetError(Exception):
    """A file that cannot be read as a table at all."""

    def __init__(self, code: str, row: int = 1, **details: Any) -> None:
        super().__init__(code)
        self.code, self.row = code, row
        self.details: Mapping[str, Any] = details


def read_cells(content: bytes, name: str, encoding: str = "utf-8-sig") -> list[list[str]]:
    """All rows of a .csv file or of the first sheet of an .xlsx file. Raises SheetError."""
    if not content.strip():
        raise SheetError("empty_file")
    is_workbook = content.startswith(b"PK\x03\x04")
    if name.lower().endswith(".xlsx") != is_workbook:
        raise SheetError("wrong_file_type")
    return _from_workbook(content) if is_workbook else _from_csv(content, encoding)


def unescape(text: str) -> str:
    """Take off the apostrophe that `surveys.sheets.escape` put before a formula mark."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_MARKS) else text


def _from_csv(content: bytes, encoding: str) -> list[list[str]]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetError("sheet_not_utf8", row=line, encoding=encoding) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise SheetError("not_csv", row=reader.line_num, problem=str(error)) from None


def _from_workbook(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise SheetError("workbook_too_large", limit=MOST_UNPACKED_BYTES)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        return [
            [_cell(number, cell) for cell in row]
            for number, row in enumerate(workbook.worksheets[0].iter_rows(), start=1)
        ]
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part of the file provokes
        raise SheetError("not_a_workbook", problem=type(error).__name__) from error


def _cell(row: int, cell: Any) -> str:
    value = cell.value
    if cell.data_type in ("f", "e"):
        raise SheetError("formula_or_error_cell", row=row, cell=cell.coordinate, value=value)
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
