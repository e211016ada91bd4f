"""A cross-tabulation as bars of 100%: one per column of the table, with n."""

from __future__ import annotations

from functools import partial

from analysis import wording
from analysis.charts.chart import Chart
from analysis.charts.empty import nothing
from analysis.charts.groups import MOST, TOLD, Bar, draw_bars
from analysis.charts.palette import APART, Fill, nominal, ordered
from analysis.charts.segments import Segment
from analysis.charts.words import word
from analysis.cross_values import CrossTable
from surveys.definition import Meaning, Question

MOST_ROWS = 12
"""More parts of one bar are not told apart."""


def crossed_bars(
    table: CrossTable,
    question: Question | None = None,
    language: str = "zh",
    *,
    title: str,
    is_scale: bool = False,
    simulated: bool = False,
) -> Chart:
    """The shares of the columns: what the rows make up of each. `question` is that of the rows.

    `is_scale`: its options are steps of a scale, coloured in their order. Empty columns keep their
    place without a bar. A multiple choice by percent of cases has no bars of 100%.
    """
    reason = _reason(table)
    if reason:
        return nothing(title, reason, language, simulated=simulated)
    fills = _fills(table, question, is_scale=is_scale)
    bars = [_bar(table, place, fills) for place in range(len(table.columns.categories))]
    note = word("crossed_note", language)
    if len(bars) > MOST:
        note = word("dots_cut", language, most=MOST, count=len(bars)) + note
    names = tuple((row.name, fill) for row, fill in zip(table.rows.categories, fills, strict=True))
    return Chart(
        title=word("groups_title", language, question=title),
        alt=_alt(table, title, language),
        headings=(word("group", language), word("base", language), *(name for name, _ in names)),
        rows=tuple(_row(table, place) for place in range(len(bars))),
        note=note,
        draw=partial(draw_bars, bars[:MOST], names, note),
        simulated=simulated,
    )


def _reason(table: CrossTable) -> str:
    if table.rows.multiple and table.of != "mentions":
        return "overlapping"
    if len(table.rows.categories) > MOST_ROWS:
        return "many_options"
    return "" if table.n else "none_answered"


def _fills(table: CrossTable, question: Question | None, *, is_scale: bool) -> list[Fill]:
    """不清楚 and 拒答 stand apart from the options proper."""
    meanings = {f"{o.code}.{o.text}": o.meaning for o in question.options} if question else {}
    found = [meanings.get(row.name) for row in table.rows.categories]
    fills = (ordered if is_scale else nominal)(sum(meaning is None for meaning in found))
    proper = iter(fills[::-1] if question and question.worst_first else fills)
    unsure, refused = APART
    aside = {Meaning.DONT_KNOW: unsure}
    return [next(proper) if m is None else aside.get(m, refused) for m in found]


def _bar(table: CrossTable, place: int, fills: list[Fill]) -> Bar:
    column, rows = table.columns.categories[place], table.rows.categories
    segments = tuple(
        Segment(row.name, line[place].column.value or 0.0, fill)
        for row, line, fill in zip(rows, table.cells, fills, strict=True)
    )
    return Bar(column.name, column.base, segments if column.base else ())


def _row(table: CrossTable, place: int) -> tuple[str, ...]:
    column = table.columns.categories[place]
    shares = (wording.percent(line[place].column.value) for line in table.cells)
    return (column.name, wording.count(column.base), *shares)


def _alt(table: CrossTable, title: str, language: str) -> str:
    told = [
        word(
            "groups_item",
            language,
            group=column.name,
            option=table.rows.categories[0].name,
            share=wording.percent(table.cells[0][place].column.value),
            base=column.base,
        )
        for place, column in enumerate(table.columns.categories)
        if column.base
    ]
    shown = word("semicolon", language).join(told[:TOLD])
    count = len(table.columns.categories)
    return word("groups_alt", language, question=title, count=count, shown=shown)
