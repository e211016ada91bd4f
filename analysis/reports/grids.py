"""Tables of any kind as values: headings and rows of texts and figures, for every file format.

A figure keeps its number, so that a workbook holds numbers and, where it is a quotient of two other
cells, a live formula; the texts of a page or document are made by `analysis.wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis import wording

Form = Literal["count", "share", "points", "number", "coefficient", "p"]


@dataclass(frozen=True)
class Place:
    """A cell of the same report: which grid, row (0 is the first below the headings), column."""

    grid: int
    row: int
    column: int


@dataclass(frozen=True)
class Figure:
    """A number (None: there is none) and how it is written; a share is 0..1. `of` are the cells
    that it is the quotient of. mark: letters or ▲ ▼ behind the number."""

    value: float | int | None
    form: Form = "number"
    of: tuple[Place, Place] | None = None
    mark: str = ""

    def text(self) -> str:
        return f"{FORMS[self.form](self.value)} {self.mark}".rstrip()


Entry = str | Figure


@dataclass(frozen=True)
class Grid:
    """A table; `notes` stand below it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GridReport:
    """What a file is made of. remarks: of the project on its data, under the title. lines: below
    them, the result in words first. flat: the one table of a CSV file. data: for JSON, numbers
    unrounded."""

    title: str
    lines: tuple[str, ...]
    grids: tuple[Grid, ...]
    flat: Grid
    notes: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False
    remarks: tuple[str, ...] = ()


def entry_text(entry: Entry) -> str:
    return entry.text() if isinstance(entry, Figure) else entry


FORMS: Mapping[Form, Callable[[Any], str]] = {
    "count": lambda value: wording.exact(value, 2),
    "share": wording.percent,
    "points": lambda value: wording.number(None if value is None else value * 100, 2),
    "number": wording.number,
    "coefficient": lambda value: wording.number(value, 3),
    "p": wording.p_value,
}
