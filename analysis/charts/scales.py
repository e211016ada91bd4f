"""Scale questions as diverging stacked bars: the favourable half to the right of a middle line,
the other half to its left; a middle step, 不清楚 and 拒答 stand apart. All bars of a picture have
one line and one scale, so that they may be compared across questions with other options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, SMALL_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.empty import nothing
from analysis.charts.groups import apart_fills
from analysis.charts.palette import GREY, INK, ordered
from analysis.charts.segments import Segment, legend, segment
from analysis.charts.sheet import BAR_CM, BASELINE_CM, GAP_CM, LINE_CM, Sheet
from analysis.charts.words import word
from analysis.table import OptionRow, QuestionTable

LABEL_CM, N_CM, TOTAL_CM, APART_GAP_CM = 4.4, 1.3, 1.4, 0.5
TOLD = 4


@dataclass(frozen=True)
class Half:
    """One side of the line, from the line outwards, and what its options have together."""

    segments: tuple[Segment, ...]
    share: float


@dataclass(frozen=True)
class Bar:
    lines: tuple[str, ...]
    base: int
    worse: Half
    better: Half
    apart: tuple[Segment, ...]


def scale_bars(
    questions: Sequence[QuestionTable], language: str = "zh", *, simulated: bool = False
) -> Chart:
    """One bar per question; the first option of a scale is its most favourable one, the last where
    the questionnaire says `worst_first`.

    Questions that nobody answered and those without options are left out. Those with the same
    options share a legend.
    """
    drawn = [question for question in questions if question.base and _steps(question)]
    only = (drawn or questions)[0] if len(drawn or questions) == 1 else None
    title = only.text if only else word("scales_title", language)
    if not drawn:
        reason = "none_answered" if len(questions) == 1 else "no_scales"
        return nothing(title, reason, language, simulated=simulated)
    order = "scales_worst_first" if any(q.worst_first for q in drawn) else "scales_best_first"
    note = word("scales_note", language) + word(order, language)
    keys = ("question", "base", "option", "count", "share", "interval")
    return Chart(
        title=title,
        alt=_alt(drawn, language),
        headings=tuple(word(key, language) for key in keys),
        rows=tuple(_row(question, row) for question in drawn for row in question.rows),
        note=note,
        draw=partial(_draw, drawn, note),
        simulated=simulated,
    )


def _steps(question: QuestionTable) -> list[OptionRow]:
    """From the most to the least favourable one."""
    found = [row for row in question.rows if row.meaning is None]
    return found[::-1] if question.worst_first else found


def _row(question: QuestionTable, row: OptionRow) -> tuple[str, ...]:
    cell = row.cell
    return (
        question.text,
        wording.count(question.base),
        row.label,
        wording.count(cell.count),
        wording.percent(cell.share),
        wording.span(cell.low, cell.high),
    )


def _alt(questions: Sequence[QuestionTable], language: str) -> str:
    told = []
    for question in questions[:TOLD]:
        steps = _steps(question)
        favourable = steps[: max(len(steps) // 2, 1)]
        details = {
            "question": question.text.rstrip("。？?"),
            "first": word("comma", language).join(row.text for row in favourable),
            "share": wording.percent(_together(favourable, question)),
            "base": question.base,
        }
        told.append(word("scales_item", language, **details))
    shown = word("semicolon", language).join(told)
    return word("scales_alt", language, count=len(questions), shown=shown)


def _together(rows: Iterable[OptionRow], question: QuestionTable) -> float:
    """The share of several options, from their counts: sums of shares round otherwise."""
    if question.weighted_base is None:
        return sum(row.cell.count for row in rows) / question.base
    weights = sum(row.cell.weighted_count or 0.0 for row in rows)
    return weights / question.weighted_base if question.weighted_base else 0.0


def _bar(question: QuestionTable, lines: tuple[str, ...]) -> Bar:
    steps = _steps(question)
    fills = dict(zip((row.code for row in steps), ordered(len(steps)), strict=True))
    fills |= apart_fills(question)
    half = max(len(steps) // 2, 1)
    better, middle, worse = steps[:half], steps[half : len(steps) - half], steps[-half:]
    worse = worse if len(steps) > 1 else []

    def parts(rows: Iterable[OptionRow]) -> tuple[Segment, ...]:
        return tuple(Segment(r.text, r.cell.share or 0.0, fills[r.code]) for r in rows)

    others = [row for row in question.rows if row.meaning is not None]
    return Bar(
        lines=lines,
        base=question.base,
        worse=Half(parts(worse), _together(worse, question)),
        better=Half(parts(reversed(better)), _together(better, question)),
        apart=parts([*middle, *others]),
    )


def _draw(questions: Sequence[QuestionTable], note: str) -> Drawing:
    sheet = Sheet()
    labels = fonts.told_apart([question.text for question in questions], LABEL_CM, SIZE_PT)
    labelled = zip(questions, labels, strict=True)
    alike = groupby(labelled, lambda pair: _options(pair[0]))
    blocks = [[_bar(question, lines) for question, lines in block] for _, block in alike]
    line, per_share = _scale(blocks)
    for bars in blocks:
        _block(sheet, bars, line, per_share)
    sheet.note(note)
    return sheet.drawing()


def _options(question: QuestionTable) -> tuple[object, ...]:
    """Equal for questions that may share a legend."""
    return (question.worst_first, *((row.text, row.meaning) for row in question.rows))


def _scale(blocks: Sequence[Sequence[Bar]]) -> tuple[float, float]:
    """Where the line stands and how long a share of 1 is, both in cm: as long as the block that
    needs most leaves room for."""
    left = LABEL_CM + N_CM + TOTAL_CM
    worst = max(bar.worse.share for bars in blocks for bar in bars)
    found = []
    for bars in blocks:
        best, apart = max(bar.better.share for bar in bars), _apart(bars)
        room = WIDTH_CM - left - TOTAL_CM * (1 + len(apart)) - APART_GAP_CM * bool(apart)
        found.append(room / ((worst + best + sum(apart)) or 1.0))
    return left + worst * min(found), min(found)


def _apart(bars: Sequence[Bar]) -> list[float]:
    """The largest share of each option that stands apart."""
    return [max(bar.apart[place].share for bar in bars) for place in range(len(bars[0].apart))]


def _block(sheet: Sheet, bars: Sequence[Bar], line: float, per_share: float) -> None:
    """Questions with the same options under one legend."""
    first = bars[0]
    shown = [*reversed(first.worse.segments), *first.better.segments, *first.apart]
    legend(sheet, [(one.name, one.fill) for one in shown])
    top = sheet.height
    aside = _columns(_apart(bars), per_share)
    for bar in bars:
        _draw_bar(sheet, bar, line, per_share, aside)
    sheet.line(((line, top), (line, sheet.height)), INK, 1.4)
    sheet.height += GAP_CM


def _columns(highest: Sequence[float], per_share: float) -> list[float]:
    """Where the columns of what stands apart begin, from the right edge of the sheet."""
    found: list[float] = []
    x = WIDTH_CM
    for share in reversed(highest):
        x -= share * per_share + TOTAL_CM
        found.insert(0, x)
    return found


def _draw_bar(
    sheet: Sheet, bar: Bar, line: float, per_share: float, aside: Sequence[float]
) -> None:
    height = max(BAR_CM, LINE_CM * len(bar.lines)) + 1.5 * GAP_CM
    middle = sheet.height + height / 2
    top = middle - BAR_CM / 2
    sheet.lines(LABEL_CM, middle, bar.lines, align="right")
    n, at = word("n", n=wording.count(bar.base)), LABEL_CM + N_CM - 0.1
    sheet.words(at, middle + BASELINE_CM, n, colour=GREY, size=SMALL_PT, align="right")
    right = left = line
    for one in bar.better.segments:
        segment(sheet, (right, top), (one.share * per_share, BAR_CM), one)
        right += one.share * per_share
    for one in bar.worse.segments:
        left -= one.share * per_share
        segment(sheet, (left, top), (one.share * per_share, BAR_CM), one)
    total = wording.percent(bar.better.share)
    sheet.words(right + 0.12, middle + BASELINE_CM, total)
    if bar.worse.segments:
        total = wording.percent(bar.worse.share)
        sheet.words(left - 0.12, middle + BASELINE_CM, total, align="right")
    for x, one in zip(aside, bar.apart, strict=True):
        width = one.share * per_share
        if width:
            sheet.box(x, top, (width, BAR_CM), one.fill, INK)
        sheet.words(x + width + 0.1, middle + BASELINE_CM, wording.percent(one.share))
    sheet.height += height
