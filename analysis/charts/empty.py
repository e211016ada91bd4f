"""A chart of nothing: a sentence in a frame, which says why there is no picture."""

from __future__ import annotations

from functools import partial

from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.palette import GREY, PLAIN
from analysis.charts.sheet import LINE_CM, Sheet
from analysis.charts.words import word

HEIGHT_CM = 2.0


def nothing(title: str, reason: str, language: str, *, simulated: bool = False) -> Chart:
    """`reason` is a key of the words."""
    told = word(reason, language)
    return Chart(
        title,
        f"{title}{word('colon', language)}{told}",
        (),
        (),
        "",
        partial(_draw, told),
        simulated,
    )


def _draw(told: str) -> Drawing:
    sheet = Sheet()
    sheet.height = HEIGHT_CM
    sheet.box(0.1, 0.1, (WIDTH_CM - 0.2, HEIGHT_CM - 0.1), PLAIN, GREY)
    lines = fonts.wrapped(told, WIDTH_CM - 2, SIZE_PT)
    for place, line in enumerate(lines):
        middle = HEIGHT_CM / 2 + LINE_CM * (place - (len(lines) - 1) / 2)
        sheet.words(WIDTH_CM / 2, middle + 0.15, line, align="center")
    return sheet.drawing()
