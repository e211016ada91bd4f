"""Bars of one choice question: how many chose each option, sorted, with 95% intervals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from analysis import wording
from analysis.charts import fonts
from analysis.charts.chart import SIZE_PT, WIDTH_CM, Chart, Drawing
from analysis.charts.empty import nothing
from analysis.charts.palette import BAR, INK
from analysis.charts.sheet import BAR_CM, BASELINE_CM, GAP_CM, LINE_CM, Sheet, Span, column
from analysis.charts.words import word
from analysis.interval_methods import DEFAULT, name_of
from analysis.table import OptionRow, QuestionTable
from surveys.definition import Kind

LABEL_CM, VALUE_CM = 5.2, 2.9
ENDS = (0.2, 0.4, 0.6, 0.8, 1.0)
TOLD = 4
"""So many options are told in the text alternative; the table has all."""


def option_bars(
    question: QuestionTable,
    n_of_group: int | None = None,
    language: str = "zh",
    *,
    simulated: bool = False,
    interval: str = DEFAULT,
) -> Chart:
    """From the most to the least often chosen; 不清楚 and 拒答 last, a scale in its own order.

    `n_of_group` is the number of responses of the group, for the note, and
    `interval` how the intervals of the table were made.
    """
    rows = _in_order(question)
    if not rows or not question.base:
        reason = "none_answered" if rows else "no_options"
        return nothing(question.text, reason, language, simulated=simulated)
    note = _note(question, n_of_group, interval, language)
    return Chart(
        title=question.text,
        alt=_alt(question, rows, language),
        headings=tuple(word(key, language) for key in ("option", "count", "share", "interval")),
        rows=tuple(
            (
                row.label,
                wording.count(row.cell.count),
                wording.percent(row.cell.share),
                wording.span(row.cell.low, row.cell.high),
            )
            for row in rows
        ),
        note=note,
        draw=partial(_draw, rows, note, language),
        simulated=simulated,
    )


def _in_order(question: QuestionTable) -> tuple[OptionRow, ...]:
    if question.kind is Kind.SCALE:
        return question.rows
    return tuple(sorted(question.rows, key=lambda r: (r.meaning is not None, -r.cell.count)))


def _note(question: QuestionTable, n_of_group: int | None, interval: str, language: str) -> str:
    key = "options_note_multiple" if question.kind is Kind.MULTIPLE else "options_note"
    method = name_of(interval, language)
    group = "" if n_of_group is None else word("of_group", language, n=n_of_group)
    return group + word(key, language, base=question.base, method=method)


def _alt(question: QuestionTable, rows: Sequence[OptionRow], language: str) -> str:
    told = [
        word("item", language, name=row.text, share=wording.percent(row.cell.share))
        for row in rows[:TOLD]
    ]
    shown = word("comma", language).join(told)
    if len(rows) > TOLD:
        shown += word("more", language, n=len(rows))
    key = "options_alt_scale" if question.kind is Kind.SCALE else "options_alt"
    return word(
        key, language, question=question.text.rstrip("。？?"), base=question.base, shown=shown
    )


def _draw(rows: Sequence[OptionRow], note: str, language: str) -> Drawing:
    sheet = Sheet()
    highest = max(row.cell.high or 0.0 for row in rows)
    end = next((end for end in ENDS if end >= highest), 1.0)
    label = column((row.label for row in rows), LABEL_CM)
    span = Span(0.0, end, label + 0.2, WIDTH_CM - VALUE_CM - 0.2)
    labels = fonts.told_apart([row.label for row in rows], label, SIZE_PT)
    for row, lines in zip(rows, labels, strict=True):
        _bar(sheet, span, row, lines, language)
    ticks = [(end * step / 4, wording.percent(end * step / 4, 0)) for step in range(5)]
    sheet.grid(span, ticks, 0)
    sheet.note(note)
    return sheet.drawing()


def _bar(sheet: Sheet, span: Span, row: OptionRow, lines: Sequence[str], language: str) -> None:
    label = span.left - 0.2
    height = max(BAR_CM, LINE_CM * len(lines)) + GAP_CM
    middle = sheet.height + height / 2
    sheet.lines(label, middle, lines, align="right")
    cell = row.cell
    width = span.x(cell.share or 0.0) - span.left
    if width:
        sheet.box(span.left, middle - BAR_CM / 2, (width, BAR_CM), BAR, INK)
    if cell.low is not None and cell.high is not None:
        sheet.interval(middle, span.x(cell.low), span.x(cell.high))
    value = {"share": wording.percent(cell.share), "count": wording.count(cell.count)}
    told = word("share_and_count", language, **value)
    sheet.words(WIDTH_CM - VALUE_CM, middle + BASELINE_CM, told)
    sheet.height += height
