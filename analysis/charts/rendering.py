"""Chart -> the bytes of an SVG or PNG file, with title and mark where they are wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, SMALL_PT, WIDTH_CM, Chart, Drawing, Form, Line, Mark
from analysis.charts.sheet import LINE_CM, Sheet
from analysis.charts.words import word

KEPT = 48
"""Finished pictures that a process keeps: a page is often looked at by several people."""
LOOK = 3
"""To be raised when the same chart is drawn otherwise, so that no browser shows an old picture."""


def render(chart: Chart, form: Form, *, width_cm: float = WIDTH_CM, titled: bool = False) -> bytes:
    """The picture; a PNG has 300 dpi. `titled` writes the title above it, for a picture that
    leaves its page. Raises KeyError for another form."""
    return _painted(_whole(chart, titled), form, width_cm)


def fingerprint(chart: Chart, form: Form, *, titled: bool = False) -> str:
    """The same for the same picture, without painting it: 32 hex digits."""
    content = repr((LOOK, form, _whole(chart, titled)))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _whole(chart: Chart, titled: bool) -> Drawing:
    """The drawing with title and mark above it, where they are wanted."""
    drawing = chart.draw()
    sheet = Sheet()
    if chart.simulated:
        sheet.words(0, sheet.below(), word("simulated", "zh"), size=SMALL_PT)
        sheet.height += LINE_CM
    if titled:
        for line in fonts.wrapped(chart.title, WIDTH_CM, SIZE_PT + 1, most=2):
            sheet.words(0, sheet.below(), line, size=SIZE_PT + 1)
            sheet.height += LINE_CM + 0.05
    if not sheet.height:
        return drawing
    top = sheet.height + 0.1
    return Drawing(drawing.height_cm + top, (*sheet.marks, *_moved(drawing, top)))


def _moved(drawing: Drawing, down: float) -> Iterator[Mark]:
    for mark in drawing.marks:
        if isinstance(mark, Line):
            points = tuple((x, y + down) for x, y in mark.points)
            yield Line(points, mark.colour, mark.width_pt, mark.dashed)
        else:
            yield type(mark)(**{**vars(mark), "y": mark.y + down})


@lru_cache(KEPT)
def _painted(drawing: Drawing, form: Form, width_cm: float) -> bytes:
    # Late, for matplotlib takes a third of a second that no command without pictures should wait.
    from analysis.charts.painting import paint

    with fonts.FREETYPE:
        return paint(drawing, form, width_cm)
