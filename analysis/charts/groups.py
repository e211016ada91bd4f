"""One choice question by group: bars of 100%, one per group, with n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, SMALL_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.empty import nothing
from analysis.charts.palette import APART, GREY, PLAIN, Fill, nominal, ordered
from analysis.charts.segments import Segment, legend, segment
from analysis.charts.sheet import BAR_CM, BASELINE_CM, GAP_CM, LINE_CM, Sheet, Span, column
from analysis.charts.words import word
from analysis.table import QuestionTable, SummaryTable
from surveys.definition import Kind, Meaning

LABEL_CM, N_CM = 3.9, 1.6
MOST = 250
"""Groups in one picture; more are told in its note."""
TOLD = 4


@dataclass(frozen=True)
class Bar:
    """`segments` are empty for a group that nobody answered in."""

    label: str
    base: int
    segments: tuple[Segment, ...]


def stacked_by_group(
    table: SummaryTable, code: str, language: str = "zh", *, is_scale: bool | None = None
) -> Chart:
    """The question of this code in each group of the table, in the table's order.

    Groups in which nobody answered are kept, without a bar. `is_scale` says that the options are
    steps of a scale, coloured in their order; None: where the question's kind says so.
    """
    found = [(g.label, q) for g in table.groups for q in g.questions if q.code == code]
    title = found[0][1].text if found else code
    reason = _reason([question for _, question in found])
    if reason:
        return nothing(title, reason, language, simulated=table.simulated)
    scale = found[0][1].kind is Kind.SCALE if is_scale is None else is_scale
    fills = _fills(found[0][1], scale)
    bars = [_bar(label, question, fills, language) for label, question in found]
    note = word("groups_note", language)
    if len(bars) > MOST:
        note = word("dots_cut", language, most=MOST, count=len(bars)) + note
    names = tuple((s.name, s.fill) for s in max(bars, key=lambda bar: len(bar.segments)).segments)
    return Chart(
        title=word("groups_title", language, question=title),
        alt=_alt(title, found, language),
        headings=_headings(found[0][1], language),
        rows=tuple(_row(label, question) for label, question in found),
        note=note,
        draw=partial(draw_bars, bars[:MOST], names, note),
        simulated=table.simulated,
    )


def _reason(questions: Sequence[QuestionTable]) -> str:
    if not questions:
        return "no_such_question"
    if questions[0].kind is Kind.MULTIPLE:
        return "overlapping"
    if not questions[0].rows:
        return "no_options"
    return "" if any(question.base for question in questions) else "none_answered"


def _fills(question: QuestionTable, is_scale: bool) -> dict[str, Fill]:
    substantive = [row.code for row in question.rows if row.meaning is None]
    if question.worst_first:
        substantive.reverse()
    steps = ordered(len(substantive)) if is_scale else nominal(len(substantive))
    return apart_fills(question) | dict(zip(substantive, steps, strict=True))


def apart_fills(question: QuestionTable) -> dict[str, Fill]:
    """Option code -> fill of 不清楚 and 拒答."""
    unsure, refused = APART
    return {
        row.code: unsure if row.meaning == Meaning.DONT_KNOW else refused
        for row in question.rows
        if row.meaning is not None
    }


def _bar(label: str, question: QuestionTable, fills: dict[str, Fill], language: str) -> Bar:
    if not question.base:
        return Bar(label, 0, ())
    segments = [Segment(r.text, r.cell.share or 0.0, fills[r.code]) for r in question.rows]
    rest = question.base - sum(row.cell.count for row in question.rows)
    if rest > 0:
        segments.append(Segment(word("not_answered", language), rest / question.base, PLAIN))
    return Bar(label, question.base, tuple(segments))


def _headings(question: QuestionTable, language: str) -> tuple[str, ...]:
    return (
        word("group", language),
        word("base", language),
        *(row.label for row in question.rows),
    )


def _row(label: str, question: QuestionTable) -> tuple[str, ...]:
    shares = (wording.percent(row.cell.share) for row in question.rows)
    return (label, wording.count(question.base), *shares)


def _alt(title: str, found: Sequence[tuple[str, QuestionTable]], language: str) -> str:
    told = [
        word(
            "groups_item",
            language,
            group=label,
            option=question.rows[0].text,
            share=wording.percent(question.rows[0].cell.share),
            base=question.base,
        )
        for label, question in found
        if question.base
    ]
    shown = word("semicolon", language).join(told[:TOLD])
    title = title.rstrip("。？?")
    return word("groups_alt", language, question=title, count=len(found), shown=shown)


def draw_bars(bars: Sequence[Bar], names: Sequence[tuple[str, Fill]], note: str) -> Drawing:
    """One bar below the other under their legend (name and fill)."""
    sheet = Sheet()
    legend(sheet, names)
    top = sheet.height
    label = column((bar.label for bar in bars), LABEL_CM)
    span = Span(0.0, 1.0, label + N_CM + 0.2, WIDTH_CM - 0.4)
    labels = fonts.told_apart([bar.label for bar in bars], label, SIZE_PT, most=2)
    for bar, lines in zip(bars, labels, strict=True):
        _draw_bar(sheet, span, bar, lines)
    ticks = [(step / 4, wording.percent(step / 4, 0)) for step in range(5)]
    sheet.grid(span, ticks, top)
    sheet.note(note)
    return sheet.drawing()


def _draw_bar(sheet: Sheet, span: Span, bar: Bar, lines: Sequence[str]) -> None:
    label = span.left - N_CM - 0.2
    height = max(BAR_CM, LINE_CM * len(lines)) + GAP_CM
    middle = sheet.height + height / 2
    sheet.lines(label, middle, lines, align="right")
    n = word("n", n=wording.count(bar.base))
    sheet.words(label + N_CM, middle + BASELINE_CM, n, colour=GREY, size=SMALL_PT, align="right")
    before = 0.0
    for one in bar.segments:
        left, right = span.x(before), span.x(before + one.share)
        segment(sheet, (left, middle - BAR_CM / 2), (right - left, BAR_CM), one)
        before += one.share
    sheet.height += height
