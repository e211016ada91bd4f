"""Segments of stacked bars: one part of a bar with its share written in it, and their legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SMALL_PT, WIDTH_CM
from analysis.charts.palette import INK, PLAIN, Fill
from analysis.charts.sheet import BASELINE_CM, LINE_CM, Sheet

SWATCH_CM = (0.55, 0.3)
BESIDE_CM = 0.45
"""Between one entry of the legend and the next."""
FEW_PLACES = 1


@dataclass(frozen=True)
class Segment:
    """`share` 0..1 is its length and what is written in it."""

    name: str
    share: float
    fill: Fill


def segment(
    sheet: Sheet, place: tuple[float, float], size: tuple[float, float], one: Segment
) -> None:
    """Its left upper corner at `place`; the share is written where it has room."""
    if size[0] <= 0:
        return
    sheet.box(*place, size, one.fill, INK)
    text = wording.percent(one.share, FEW_PLACES)
    width = fonts.width_cm(text, SMALL_PT) + 0.1
    if width > size[0]:
        return
    middle = (place[0] + size[0] / 2, place[1] + size[1] / 2)
    if one.fill.hatch:
        plain = Fill(one.fill.colour)
        sheet.box(middle[0] - width / 2, middle[1] - 0.16, (width, 0.32), plain)
    sheet.words(
        middle[0],
        middle[1] + BASELINE_CM,
        text,
        colour=one.fill.ink,
        size=SMALL_PT,
        align="center",
    )


def legend(sheet: Sheet, entries: Sequence[tuple[str, Fill]]) -> None:
    """Names with their fills in rows over the whole width, under all that is there."""
    x = 0.1
    names = fonts.told_apart([name for name, _ in entries], WIDTH_CM - 1.5, SMALL_PT, most=1)
    for (text,), (_, fill) in zip(names, entries, strict=True):
        width = SWATCH_CM[0] + 0.12 + fonts.width_cm(text, SMALL_PT)
        if x > 0.1 and x + width > WIDTH_CM:
            x, sheet.height = 0.1, sheet.height + LINE_CM
        middle = sheet.height + LINE_CM / 2
        sheet.box(x, middle - SWATCH_CM[1] / 2, SWATCH_CM, fill or PLAIN, INK)
        sheet.words(x + SWATCH_CM[0] + 0.12, middle + BASELINE_CM, text, size=SMALL_PT)
        x += width + BESIDE_CM
    sheet.height += LINE_CM + 0.12
