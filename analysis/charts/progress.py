"""How many responses had arrived by each day, beside the number planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import accumulate

from analysis import wording
from analysis.charts.chart import SMALL_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.empty import nothing
from analysis.charts.palette import GREY, GRID, INK, NAVY, SKY
from analysis.charts.sheet import LINE_CM, Sheet, Span
from analysis.charts.words import word

PLOT_CM = 5.2
LEFT_CM, RIGHT_CM = 1.3, WIDTH_CM - 1.6
MOST_TICKS = 8
STEPS = (1, 2, 3, 4, 5, 6, 8)
Day = tuple[date, int]


def progress_over_time(
    days: Sequence[tuple[date, int]],
    planned: int | None,
    *,
    title: str,
    language: str = "zh",
    simulated: bool = False,
) -> Chart:
    """`days` has what arrived on each day, not added up; days without any may be missing.

    `planned` is drawn as a line; None or 0 where nothing is planned.
    """
    arrived = sorted((day, count) for day, count in days if count)
    if not arrived:
        return nothing(title, "no_days", language, simulated=simulated)
    together = list(accumulate(count for _, count in arrived))
    note = word("progress_note", language)
    sums = [(day, total) for (day, _), total in zip(arrived, together, strict=True)]
    return Chart(
        title=title,
        alt=_alt(title, sums, planned, language),
        headings=tuple(word(key, language) for key in ("day", "arrived", "together")),
        rows=tuple(
            (day.isoformat(), wording.count(count), wording.count(total))
            for (day, count), total in zip(arrived, together, strict=True)
        ),
        note=note,
        draw=partial(_draw, tuple(sums), planned or 0, language, note),
        simulated=simulated,
    )


def _alt(title: str, sums: Sequence[Day], planned: int | None, language: str) -> str:
    first, (last, total) = sums[0][0], sums[-1]
    return word(
        "progress_alt_plan" if planned else "progress_alt",
        language,
        title=title,
        first=first.isoformat(),
        last=last.isoformat(),
        total=total,
        planned=planned,
        share=wording.percent(total / planned) if planned else "",
    )


def _draw(sums: Sequence[Day], planned: int, language: str, note: str) -> Drawing:
    sheet = Sheet()
    top, bottom = LINE_CM, LINE_CM + PLOT_CM
    days = (sums[-1][0] - sums[0][0]).days + 1
    across = Span(0, days, LEFT_CM, RIGHT_CM)
    highest = _ceiling(max(sums[-1][1], planned))
    upwards = Span(0, highest, bottom, top)
    _counts(sheet, upwards, highest)
    _stairs(sheet, across, upwards, sums)
    if planned:
        y = upwards.x(planned)
        sheet.line(((LEFT_CM, y), (RIGHT_CM, y)), INK, 1.2, dashed=True)
        told = word("progress_plan", language, planned=wording.count(planned))
        sheet.words(LEFT_CM + 0.1, y - 0.1, told, size=SMALL_PT)
    sheet.line(((LEFT_CM, bottom), (RIGHT_CM, bottom)), GREY, 0.8)
    sheet.height = bottom + 0.08
    _days(sheet, across, sums[0][0], days)
    sheet.height += LINE_CM
    sheet.note(note)
    return sheet.drawing()


def _ceiling(highest: int) -> int:
    """A round number not below it, a multiple of four ticks."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * 4 >= highest:
                return step * size * 4
        size *= 10


def _counts(sheet: Sheet, upwards: Span, highest: int) -> None:
    for quarter in range(5):
        value = highest * quarter // 4
        y = upwards.x(value)
        sheet.line(((LEFT_CM, y), (RIGHT_CM, y)), GRID, 0.6)
        text = wording.count(value)
        sheet.words(LEFT_CM - 0.15, y + 0.1, text, colour=GREY, size=SMALL_PT, align="right")


def _stairs(sheet: Sheet, across: Span, upwards: Span, sums: Sequence[Day]) -> None:
    """A step up on each day that something arrived, filled below."""
    first = sums[0][0]
    known = dict(sums)
    corners: list[tuple[float, float]] = [(across.left, upwards.x(0))]
    total = 0
    for place in range(int(across.high)):
        total = known.get(first + timedelta(days=place), total)
        left, right, y = across.x(place), across.x(place + 1), upwards.x(total)
        sheet.box(left, y, (right - left, upwards.x(0) - y), SKY)
        corners += [(left, y), (right, y)]
    sheet.line(corners, NAVY.colour, 1.8)
    sheet.words(RIGHT_CM + 0.1, upwards.x(total) + 0.1, wording.count(total))


def _days(sheet: Sheet, across: Span, first: date, days: int) -> None:
    every = max(-(-days // MOST_TICKS), 1)
    for place in range(0, days, every):
        day = first + timedelta(days=place)
        text = day.isoformat() if not place else f"{day.month:02d}-{day.day:02d}"
        x = across.x(place + 0.5)
        sheet.line(((x, sheet.height - 0.08), (x, sheet.height + 0.04)), GREY, 0.8)
        sheet.words(x, sheet.below(), text, colour=GREY, size=SMALL_PT, align="center")
