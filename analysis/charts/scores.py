"""图3-1: the score of each first- and second-level indicator against its points, with 得分率."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.palette import BAR, INK, NAVY, PLAIN, Fill
from analysis.charts.sheet import BAR_CM, BASELINE_CM, GAP_CM, LINE_CM, Sheet, Span, column
from analysis.charts.words import word
from analysis.evaluation.framework import Indicator
from analysis.evaluation.report import ScorecardReport
from analysis.evaluation.scorecard import Scorecard
from analysis.wording import Number

LABEL_CM, VALUE_CM, INDENT_CM = 5.0, 4.3, 0.4
MOST = 36
"""Bars that fit on a page; of a larger framework only the first level is drawn."""


@dataclass(frozen=True)
class Bar:
    """`score` and `rate` (0..1) are None while an indicator under it has no score."""

    name: str
    level: int
    points: Number
    score: Number | None
    rate: Fraction | None


def scorecard_bars(
    report: ScorecardReport, language: str = "zh", *, simulated: bool = False
) -> Chart:
    """Each bar is 得分率, so that small indicators are seen; points stand beside it."""
    bars = list(_bars(report.card))
    note = word("scores_note", language)
    if len(bars) > MOST:
        bars = [bar for bar in bars if bar.level == 0]
        note = word("scores_first_only", language)
    card = report.card
    total = Bar(word("total", language), 0, card.points, card.total, card.rate)
    shown = [*bars, total]
    return Chart(
        title=word("scores_title", language),
        alt=_alt(card, [bar for bar in bars if bar.level == 0], language),
        headings=tuple(word(key, language) for key in ("indicator", "points", "score", "rate")),
        rows=tuple(
            (
                "　" * bar.level + bar.name,
                wording.exact(bar.points),
                _score(bar, language),
                wording.percent(bar.rate),
            )
            for bar in shown
        ),
        note=note,
        draw=partial(_draw, tuple(shown), note, language),
        simulated=simulated,
    )


def _bars(card: Scorecard) -> Iterator[Bar]:
    for part, found in zip(card.framework.parts, card.first_level, strict=True):
        yield Bar(part.name, 0, found.points, found.score, found.rate)
        for child in part.parts:
            yield _second(card, child)


def _second(card: Scorecard, indicator: Indicator) -> Bar:
    if indicator.is_scored:
        row = card.by_id[indicator.id]
        return Bar(row.leaf.name, 1, row.leaf.points, row.score, row.rate)
    found = next(one for one in card.sub_totals if one.indicator is indicator)
    return Bar(indicator.name, 1, found.points, found.score, found.rate)


def _score(bar: Bar, language: str) -> str:
    return word("unscored", language) if bar.score is None else wording.exact(bar.score, 4)


def _alt(card: Scorecard, first: Sequence[Bar], language: str) -> str:
    total = ""
    if card.total is not None:
        details = {"score": wording.number(card.total), "points": wording.exact(card.points)}
        total = word("scores_total", language, **details, rate=wording.percent(card.rate))
    told = (
        word(
            "scores_item",
            language,
            name=bar.name,
            score=_score(bar, language),
            points=wording.exact(bar.points),
            rate=wording.percent(bar.rate),
        )
        for bar in first
    )
    return word("scores_alt", language, total=total, shown=word("comma", language).join(told))


def _draw(bars: Sequence[Bar], note: str, language: str) -> Drawing:
    sheet = Sheet()
    label = max(INDENT_CM * bar.level + column([bar.name], LABEL_CM) for bar in bars)
    span = Span(0.0, 1.0, label + 0.4, WIDTH_CM - VALUE_CM - 0.25)
    for bar, lines in zip(bars, _labels(bars, span.left - 0.2), strict=True):
        if bar.level == 0 and sheet.height:
            sheet.height += GAP_CM
        _bar(sheet, span, bar, lines, language)
    ticks = [(step / 4, wording.percent(step / 4, 0)) for step in range(5)]
    sheet.grid(span, ticks, 0)
    sheet.note(note)
    return sheet.drawing()


def _labels(bars: Sequence[Bar], room: float) -> list[tuple[str, ...]]:
    """Names of one level stand below each other in one width, and are told apart there."""
    found: dict[int, Iterator[tuple[str, ...]]] = {}
    for level in {bar.level for bar in bars}:
        names = [bar.name for bar in bars if bar.level == level]
        width = room - INDENT_CM * level
        found[level] = iter(fonts.told_apart(names, width, SIZE_PT, most=2))
    return [next(found[bar.level]) for bar in bars]


def _bar(sheet: Sheet, span: Span, bar: Bar, lines: tuple[str, ...], language: str) -> None:
    indent = INDENT_CM * bar.level
    height = max(BAR_CM, LINE_CM * len(lines)) + GAP_CM
    middle = sheet.height + height / 2
    sheet.lines(indent, middle, lines)
    thick = BAR_CM if bar.level == 0 else BAR_CM * 0.75
    top = middle - thick / 2
    sheet.box(span.left, top, (span.right - span.left, thick), _ground(bar), INK)
    if bar.rate:
        width = span.x(float(bar.rate)) - span.left
        sheet.box(span.left, top, (width, thick), NAVY if bar.level == 0 else BAR, INK)
    points = wording.exact(bar.points)
    score = _score(bar, language) if bar.score is None else wording.number(bar.score)
    value = word("of_points", language, score=score, points=points)
    at = WIDTH_CM - VALUE_CM
    sheet.words(at, middle + BASELINE_CM, value)
    if bar.rate is not None:
        sheet.words(WIDTH_CM, middle + BASELINE_CM, wording.percent(bar.rate), align="right")
    sheet.height += height


def _ground(bar: Bar) -> Fill:
    """What has no score yet is hatched: an empty frame would read as 0."""
    return Fill(PLAIN.colour, "/") if bar.rate is None else PLAIN
