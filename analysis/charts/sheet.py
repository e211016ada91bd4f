"""A sheet of paper on which a chart is laid out: marks put down one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.charts import fonts
from analysis.charts.chart import (
    SIZE_PT,
    SMALL_PT,
    WIDTH_CM,
    Align,
    Box,
    Disc,
    Drawing,
    Line,
    Mark,
    Words,
)
from analysis.charts.palette import GREY, GRID, INK, WHITE, Fill

LINE_CM = 0.42
"""From one line of text to the next."""
BASELINE_CM = 0.115
"""How far the baseline of 9 pt text is below its middle."""
HATCH_GAP = 0.16
BAR_CM = 0.46
GAP_CM = 0.14
PADDING_CM = 0.1


@dataclass(frozen=True)
class Span:
    """Maps values from `low` to `high` to x from `left` to `right`, cut off at both ends."""

    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        portion = (value - self.low) / (self.high - self.low)
        return self.left + min(max(portion, 0.0), 1.0) * (self.right - self.left)


class Sheet:
    """`height` is how much of the sheet is used; the verbs put marks wherever they are told."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.height = 0.0

    def drawing(self) -> Drawing:
        return Drawing(round(self.height + PADDING_CM, 3), tuple(self.marks))

    def below(self) -> float:
        """The baseline of a line of text under all that is there."""
        return self.height + LINE_CM / 2 + BASELINE_CM

    def box(
        self, x: float, y: float, size: tuple[float, float], fill: Fill, edge: str = ""
    ) -> None:
        self.marks.append(Box(_cm(x), _cm(y), _cm(size[0]), _cm(size[1]), fill, edge))

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width_pt: float,
        *,
        dashed: bool = False,
    ) -> None:
        placed = tuple((_cm(x), _cm(y)) for x, y in points)
        self.marks.append(Line(placed, colour, width_pt, dashed))

    def disc(self, x: float, y: float, radius: float, colour: str, edge: str) -> None:
        self.marks.append(Disc(_cm(x), _cm(y), radius, colour, edge))

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = INK,
        size: float = SIZE_PT,
        align: Align = "left",
    ) -> None:
        self.marks.append(Words(_cm(x), _cm(y), fonts.drawable(text), colour, size, align))

    def lines(self, x: float, middle: float, lines: Sequence[str], align: Align = "left") -> None:
        """Several lines of text, their middle at `middle`."""
        top = middle - LINE_CM * (len(lines) - 1) / 2
        for place, line in enumerate(lines):
            self.words(x, top + LINE_CM * place + BASELINE_CM, line, align=align)

    def note(self, text: str) -> None:
        """Small text over the whole width, under all that is there."""
        self.height += PADDING_CM
        for line in fonts.wrapped(text, WIDTH_CM - 0.2, SMALL_PT, most=6) if text else ():
            self.words(0, self.below(), line, colour=GREY, size=SMALL_PT)
            self.height += LINE_CM

    def interval(self, middle: float, low: float, high: float) -> None:
        """A dark line with ends over a white one, so that it is seen on a bar and beside it."""
        for colour, width in ((WHITE, 3.2), (INK, 1.2)):
            self.line(((low, middle), (high, middle)), colour, width)
            for end in (low, high):
                self.line(((end, middle - 0.11), (end, middle + 0.11)), colour, width)

    def grid(self, span: Span, ticks: Sequence[tuple[float, str]], top: float) -> None:
        """Lines from `top` down to all that is there, with their values under them."""
        for value, text in ticks:
            x = span.x(value)
            self.marks.insert(0, Line(((_cm(x), _cm(top)), (_cm(x), _cm(self.height))), GRID, 0.6))
            self.words(x, self.below(), text, colour=GREY, size=SMALL_PT, align="center")
        self.height += LINE_CM


def column(labels: Iterable[str], most: float) -> float:
    """How wide a column of labels has to be, at most `most` cm; longer ones are wrapped."""
    widths = (fonts.width_cm(fonts.drawable(label), SIZE_PT) for label in labels)
    return min(max(widths, default=0.0) + 0.05, most)


def _cm(value: float) -> float:
    """To a hundredth of a millimetre: no picture differs by the last bit of a sum."""
    return round(float(value), 3)
