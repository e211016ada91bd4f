"""Tables made by hand for the tests of charts, and what a chart draws of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from analysis.charts import Chart
from analysis.charts.chart import Box, Line, Mark, Words
from analysis.table import Group, OptionRow, QuestionTable, SummaryTable
from analysis.tabulate import cell
from surveys.definition import Kind, Meaning

SATISFIED = ("非常满意", "比较满意", "不太满意", "很不满意")
FIVE = ("非常满意", "比较满意", "一般", "不太满意", "很不满意")
M = TypeVar("M", bound=Mark)


def question(
    counts: Sequence[int],
    texts: Sequence[str] = SATISFIED,
    kind: Kind = Kind.SCALE,
    *,
    base: int | None = None,
    text: str = "您对低保工作是否满意？",
    code: str = "q01",
    meanings: Sequence[Meaning | None] = (),
    worst_first: bool = False,
) -> QuestionTable:
    known = [*meanings, *[None] * (len(texts) - len(meanings))]
    total = sum(counts) if base is None else base
    rows = tuple(
        OptionRow(chr(65 + place), name, cell(count, total), known[place])
        for place, (name, count) in enumerate(zip(texts, counts, strict=True))
    )
    made = QuestionTable(1, code, text, kind, total, total, 0, total, rows)
    return made._replace(worst_first=worst_first)


def grouped(*groups: tuple[str, QuestionTable]) -> SummaryTable:
    made = tuple(Group(label, one.base, (one,)) for label, one in groups)
    n = sum(group.n for group in made)
    return SummaryTable("slug", 1, "问卷", "answered", n, made, grouped_by="area")


def marks(chart: Chart, kind: type[M]) -> list[M]:
    return [mark for mark in chart.draw().marks if isinstance(mark, kind)]


def texts(chart: Chart) -> list[str]:
    return [mark.text for mark in marks(chart, Words)]


def widths(chart: Chart, colour: str) -> list[float]:
    """Of the outlined boxes of this colour, from top to bottom."""
    boxes = [box for box in marks(chart, Box) if box.fill.colour == colour and box.edge]
    return [box.width for box in sorted(boxes, key=lambda box: (box.y, box.x))]


def whiskers(chart: Chart, colour: str) -> list[tuple[float, float]]:
    """From where to where each horizontal line of this colour goes, from top to bottom."""
    lines = [line for line in marks(chart, Line) if line.colour == colour]
    flat = [line.points for line in lines if line.points[0][1] == line.points[1][1]]
    return [(start[0], end[0]) for start, end in sorted(flat, key=lambda points: points[0][1])]
