"""Texts made fit for spreadsheets: no cell runs as a formula, every sheet name is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_SHEET_NAME = 31
LONGEST_PAGE_HEADER = 120
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
RESERVED = frozenset({"history"})


def defuse(text: str) -> str:
    """A text cell that a spreadsheet would run gets a leading apostrophe.

    For files without cell types (CSV). In xlsx the cell is a string with the quote prefix instead.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def sheet_names(labels: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """One allowed sheet name per label: at most 31 characters, unique without regard to case."""
    used = {name.casefold() for name in taken} | RESERVED
    names = []
    for label in labels:
        name = _unused(_allowed(label), used)
        used.add(name.casefold())
        names.append(name)
    return names


def page_header(text: str) -> str:
    """Text for an Excel header or footer, where & starts a command and 255 characters are all."""
    return text[:LONGEST_PAGE_HEADER].replace("&", "&&")


def _allowed(label: str) -> str:
    name = NOT_IN_SHEET_NAMES.sub(" ", label).strip().strip("'").strip()
    return _cut(name, LONGEST_SHEET_NAME) or "—"


def _unused(name: str, used: set[str]) -> str:
    candidate, number = name, 1
    while candidate.casefold() in used:
        number += 1
        ending = f" ({number})"
        candidate = _cut(name, LONGEST_SHEET_NAME - len(ending)) + ending
    return candidate


def _cut(name: str, length: int) -> str:
    """Excel counts UTF-16 units: a character beyond the basic plane takes two."""
    while len(name.encode("utf-16-le")) > 2 * length:
        name = name[:-1]
    return name.rstrip(" '")
