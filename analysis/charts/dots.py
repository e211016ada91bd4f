"""Areas (or other groups) as dots with their 95% intervals, so that overlap is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, SMALL_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.empty import nothing
from analysis.charts.palette import GREY, INK, NAVY, WHITE
from analysis.charts.sheet import BASELINE_CM, GAP_CM, LINE_CM, Sheet, Span, column
from analysis.charts.words import word

LABEL_CM, N_CM, VALUE_CM = 3.6, 1.6, 3.6
RADIUS_CM = 0.11
SMALLEST_N = 30
MOST = 250
"""Dots in one picture; more are told in its note."""
PER_PAGE = 40
PERCENT = "%"
STEPS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5)


@dataclass(frozen=True)
class Dot:
    """`value` with its interval in the chart's unit (a share 0..1 where that is %), from n
    responses; None where there is none."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    n: int


def area_dots(
    rows: Sequence[Dot],
    *,
    title: str,
    unit: str = "",
    language: str = "zh",
    overall: Dot | None = None,
    simulated: bool = False,
) -> Chart:
    """A row per dot, in the order given; `overall` is a dashed line through all of them.

    `unit` "%" prints shares 0..1 as percentages, any other one stands behind the number.
    """
    known = [dot for dot in rows if _is_finite(dot.value)]
    if not known:
        return nothing(title, "no_rows", language, simulated=simulated)
    note = word("dots_note", language)
    if overall is not None and _is_finite(overall.value):
        note = word("dots_overall", language, value=_value(overall.value, unit)) + note
    if len(rows) > MOST:
        note = word("dots_cut", language, most=MOST, count=len(rows)) + note
    return Chart(
        title=title,
        alt=_alt(title, known, unit, language),
        headings=tuple(word(key, language) for key in ("area", "responses", "value", "interval")),
        rows=tuple(
            (dot.label, wording.count(dot.n), _value(dot.value, unit), _interval(dot, unit))
            for dot in rows
        ),
        note=note,
        draw=partial(_draw, tuple(rows[:MOST]), unit, overall, note),
        simulated=simulated,
    )


def dot_pages(
    rows: Sequence[Dot],
    *,
    title: str,
    unit: str = "",
    language: str = "zh",
    overall: Dot | None = None,
    simulated: bool = False,
) -> tuple[Chart, ...]:
    """The same as several pictures of which each fits on a page of A4."""
    parts = max(math.ceil(len(rows) / PER_PAGE), 1)
    return tuple(
        area_dots(
            rows[part * PER_PAGE : (part + 1) * PER_PAGE],
            title=_part(title, part + 1, parts, language),
            unit=unit,
            language=language,
            overall=overall,
            simulated=simulated,
        )
        for part in range(parts)
    )


def _part(title: str, part: int, parts: int, language: str) -> str:
    return title if parts == 1 else word("dots_part", language, title=title, part=part, parts=parts)


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _value(value: float | None, unit: str) -> str:
    if unit == PERCENT:
        return wording.percent(value)
    shown = wording.number(value)
    return shown if shown == wording.NOTHING else shown + unit


def _interval(dot: Dot, unit: str) -> str:
    if not (_is_finite(dot.low) and _is_finite(dot.high)):
        return wording.NOTHING
    if unit == PERCENT:
        return wording.span(dot.low, dot.high)
    return f"{wording.number(dot.low)}–{wording.number(dot.high)}"


def _alt(title: str, known: Sequence[Dot], unit: str, language: str) -> str:
    best, last = (choose(known, key=lambda dot: dot.value or 0.0) for choose in (max, min))
    high, low = (f"{dot.label} {_value(dot.value, unit)}" for dot in (best, last))
    return word("dots_alt", language, title=title, count=len(known), high=high, low=low)


def _draw(rows: Sequence[Dot], unit: str, overall: Dot | None, note: str) -> Drawing:
    sheet = Sheet()
    shown = [*rows, *([overall] if overall else [])]
    label = column((dot.label for dot in rows), LABEL_CM)
    low, high, ticks = _scale(shown, unit)
    span = Span(low, high, label + N_CM + 0.4, WIDTH_CM - VALUE_CM - 0.3)
    labels = fonts.told_apart([dot.label for dot in rows], label, SIZE_PT, most=2)
    for dot, lines in zip(rows, labels, strict=True):
        _row(sheet, span, dot, unit, lines)
    if overall is not None and overall.value is not None and _is_finite(overall.value):
        x = span.x(overall.value)
        sheet.line(((x, 0), (x, sheet.height)), INK, 1.0, dashed=True)
        sheet.marks.insert(0, sheet.marks.pop())
    sheet.grid(span, ticks, 0)
    sheet.note(note)
    return sheet.drawing()


def _scale(dots: Sequence[Dot], unit: str) -> tuple[float, float, list[tuple[float, str]]]:
    """All intervals with a little air, between round numbers; shares stay within 0 and 1."""
    ends = [end for dot in dots for end in (dot.value, dot.low, dot.high) if _is_finite(end)]
    low, high = min(e for e in ends if e is not None), max(e for e in ends if e is not None)
    step = _step((high - low) or abs(high) or 1.0)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    if unit == PERCENT:
        first, last = max(first, 0), min(last, round(1 / step))
        first, last = (first, last) if first < last else (last - 1, last)
    places = max(0, -math.floor(math.log10(step))) if step < 1 else 0
    ticks = [(place * step, _tick(place * step, unit, places)) for place in range(first, last + 1)]
    return first * step, last * step, ticks


def _step(extent: float) -> float:
    """So that there are about four ticks."""
    size = 10.0 ** math.floor(math.log10(extent))
    return next(
        (step * size for step in STEPS if extent / (step * size) <= 4.0),
        STEPS[-1] * size * 10,
    )


def _tick(value: float, unit: str, places: int) -> str:
    if unit == PERCENT:
        return wording.percent(value, max(places - 2, 0))
    return wording.number(value, places + 1) if places else wording.exact(value)


def _row(sheet: Sheet, span: Span, dot: Dot, unit: str, lines: Sequence[str]) -> None:
    label = span.left - N_CM - 0.4
    height = LINE_CM * len(lines) + GAP_CM / 2
    middle = sheet.height + height / 2
    sheet.lines(label, middle, lines, align="right")
    n = word("n", n=wording.count(dot.n))
    sheet.words(label + N_CM, middle + BASELINE_CM, n, colour=GREY, size=SMALL_PT, align="right")
    if _is_finite(dot.low) and _is_finite(dot.high):
        ends = (span.x(dot.low or 0.0), span.x(dot.high or 0.0))
        sheet.interval(middle, *ends)
    if _is_finite(dot.value):
        inside = NAVY.colour if dot.n >= SMALLEST_N else WHITE
        sheet.disc(span.x(dot.value or 0.0), middle, RADIUS_CM, inside, NAVY.colour)
    told = _value(dot.value, unit)
    if _interval(dot, unit) != wording.NOTHING:
        told += f" [{_interval(dot, unit)}]"
    sheet.words(WIDTH_CM - VALUE_CM, middle + BASELINE_CM, told, size=SMALL_PT)
    sheet.height += height
