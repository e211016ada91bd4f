"""Drawing -> SVG or PNG through matplotlib's objects: no pyplot, and no setting of it is changed.

Every property is given to each artist, so that what a thread sets elsewhere changes no picture;
letters need the lock of `fonts`, which `rendering` holds. Nothing that gets a random id in an SVG
is used (clip paths, hatches, markers), and no date is written: the same chart gives the same bytes,
without a salt. Text becomes outlines, as matplotlib does by default.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from analysis.charts.chart import (
    WIDTH_CM,
    Box,
    Disc,
    Drawing,
    Form,
    Line,
    Words,
)
from analysis.charts.fonts import font_file
from analysis.charts.palette import INK, WHITE, Fill
from analysis.charts.sheet import HATCH_GAP

DPI = 300
CM_PER_INCH = 2.54
COLOURS = 128
"""In a PNG: the fills, and the edges of letters between them."""
MARGINS: dict[str, float] = {"svg": 0.0, "png": 0.02}
"""Empty border, in parts of the width: a page has its own, but a file is pasted anywhere."""


def paint(drawing: Drawing, form: Form, width_cm: float) -> bytes:
    """The picture; a PNG has 300 dpi. Raises KeyError for another form."""
    margin = MARGINS[form] * width_cm
    scale = (width_cm - 2 * margin) / WIDTH_CM
    height_cm = drawing.height_cm * scale + 2 * margin
    size = (width_cm / CM_PER_INCH, height_cm / CM_PER_INCH)
    figure = Figure(figsize=size, dpi=DPI, facecolor=WHITE, edgecolor=WHITE, frameon=True)
    place = (
        Affine2D().scale(scale, -scale).translate(margin, height_cm - margin).scale(1 / CM_PER_INCH)
        + figure.dpi_scale_trans
    )
    for order, mark in enumerate(drawing.marks):
        for artist in ARTISTS[type(mark)](mark, scale):
            artist.set_zorder(order)  # else matplotlib draws all lines over all boxes
            artist.set_transform(place)
            artist.set_sketch_params(None)
            artist.set_path_effects([])
            figure.add_artist(artist)
    buffer = io.BytesIO()
    WRITERS[form](figure, buffer)
    return buffer.getvalue()


def _png(figure: Figure, buffer: io.BytesIO) -> None:
    """A palette instead of four channels: a third of the bytes, every fill exact (median cut)."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    size = canvas.get_width_height()
    image = Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    few = image.convert("RGB").quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    few.save(buffer, "png", dpi=(DPI, DPI))


def _svg(figure: Figure, buffer: io.BytesIO) -> None:
    empty = {"Date": None, "Creator": None, "Format": None, "Type": None}
    write: Any = FigureCanvasSVG(figure).print_svg
    write(buffer, metadata=empty)


def _box(mark: Box, scale: float) -> Iterator[Artist]:
    shape: dict[str, Any] = {"xy": (mark.x, mark.y), "width": mark.width, "height": mark.height}
    yield Rectangle(**shape, facecolor=mark.fill.colour, edgecolor="none", linewidth=0)
    for line in _hatching(mark):
        yield from _line(line, scale)
    if mark.edge:
        yield Rectangle(**shape, fill=False, edgecolor=mark.edge, linewidth=0.6 * scale)


def _hatching(mark: Box) -> Iterator[Line]:
    """Lines at 45°, cut at the box: x − y (for the other way x + y) is constant on each."""
    fill: Fill = mark.fill
    for way in HATCHES[fill.hatch]:
        steps = int((mark.width + mark.height) / HATCH_GAP)
        for step in range(1, steps + 1):
            along = step * HATCH_GAP
            start, end = max(0.0, along - mark.height), min(mark.width, along)
            if end > start:
                points = tuple((x, along - x) for x in (start, end))
                if way < 0:
                    points = tuple((x, mark.height - y) for x, y in points)
                moved = tuple((mark.x + x, mark.y + y) for x, y in points)
                yield Line(moved, fill.ink, 0.5)


def _line(mark: Line, scale: float) -> Iterator[Artist]:
    xs, ys = zip(*mark.points, strict=True)
    yield Line2D(
        xs,
        ys,
        color=mark.colour,
        linewidth=mark.width_pt * scale,
        linestyle=(0, (4, 3)) if mark.dashed else "-",
        marker="",
        solid_capstyle="butt",
        dash_capstyle="butt",
        solid_joinstyle="miter",
        antialiased=True,
    )


def _disc(mark: Disc, scale: float) -> Iterator[Artist]:
    yield Ellipse(
        (mark.x, mark.y),
        2 * mark.radius,
        2 * mark.radius,
        facecolor=mark.colour,
        edgecolor=mark.edge,
        linewidth=1.2 * scale,
    )


def _words(mark: Words, scale: float) -> Iterator[Artist]:
    yield Text(
        mark.x,
        mark.y,
        mark.text,
        color=mark.colour or INK,
        fontproperties=_font(mark.size_pt * scale),
        horizontalalignment=mark.align,
        verticalalignment="baseline",
        parse_math=False,
        usetex=False,
    )


HATCHES: dict[str, tuple[int, ...]] = {"": (), "/": (1,), "\\": (-1,), "x": (1, -1)}
ARTISTS: dict[type, Callable[[Any, float], Iterator[Artist]]] = {
    Box: _box,
    Line: _line,
    Disc: _disc,
    Words: _words,
}
WRITERS: dict[str, Callable[[Figure, io.BytesIO], None]] = {"svg": _svg, "png": _png}


def _font(size_pt: float) -> FontProperties:
    return FontProperties(fname=str(font_file()), size=size_pt)
