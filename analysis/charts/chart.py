"""What a picture is: a frozen value with its words and table, and marks on a sheet of paper.

All lengths are centimetres on a sheet that is 16 cm wide, y running down from the top; sizes of
text and widths of lines are points. `painting` draws the marks larger or smaller as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from analysis.charts.palette import Fill

Form = Literal["svg", "png"]
WIDTH_CM = 16.0
SIZE_PT, SMALL_PT = 9.0, 8.0
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Box:
    """A filled rectangle; `edge` is the colour of its outline, "" for none."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill
    edge: str = ""


@dataclass(frozen=True)
class Line:
    """Straight from point to point."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width_pt: float
    dashed: bool = False


@dataclass(frozen=True)
class Disc:
    x: float
    y: float
    radius: float
    colour: str
    edge: str


@dataclass(frozen=True)
class Words:
    """One line of text on its baseline."""

    x: float
    y: float
    text: str
    colour: str
    size_pt: float = SIZE_PT
    align: Align = "left"


Mark = Box | Line | Disc | Words


@dataclass(frozen=True)
class Drawing:
    """Marks in the order in which they are drawn, on a sheet of WIDTH_CM by `height_cm`."""

    height_cm: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """A picture with everything that is said of it.

    `alt` is the text alternative with the main numbers, `headings` and `rows` are the table under
    the picture (worded, nothing is computed from it), `note` is what a reader must know and stands
    in the picture too. `draw` lays the picture out when it is asked for, so that a page with many
    pictures costs no more than their words. A chart without rows shows a sentence instead.
    """

    title: str
    alt: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    draw: Callable[[], Drawing] = field(repr=False, compare=False)
    simulated: bool = False
    """Marks 模拟数据 in the picture itself, which may be passed on without its page."""

    @property
    def is_empty(self) -> bool:
        return not self.rows
