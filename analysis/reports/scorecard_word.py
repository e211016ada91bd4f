"""The scorecard as .docx: 附件1 with merged levels and sub-totals, and what explains it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from analysis import wording
from analysis.charts import scorecard_bars
from analysis.evaluation.combined import Combined
from analysis.evaluation.comparison import Comparison
from analysis.evaluation.messages import Fault
from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.reports.pictures import LANDSCAPE_CM, put_picture
from analysis.reports.scorecard_rows import by_first_level, pieces, repeated_runs
from analysis.reports.scorecard_texts import word
from analysis.reports.scorecard_words import (
    about_lines,
    combined_line,
    combined_outlook_lines,
    difference_text,
    grade_name,
    headline,
    level_names,
    origin,
    outlook_lines,
    remark_lines,
    signed,
    survey_line,
    total_line,
)
from analysis.reports.word_styles import (
    GREY,
    TITLE_STYLE,
    clean,
    page_numbers,
    set_up_styles,
    shade,
    small,
    write,
)
from analysis.reports.word_tables import (
    LONGEST_ROW,
    empty_table,
    heading_row,
    keep_together,
    let_break,
    lines_of,
    plain_table,
    shared,
)

PAGE_CM = (29.7, 21.0)
MARGIN_CM = 1.8
LEVELS_CM, LEAF_CM = (2.3, 2.4, 2.3), 3.1
NUMBERS_CM = {"points": 1.3, "score": 2.3, "rate": 2.1}
COLUMNS = (*NUMBERS_CM, "formula", "remarks")
NARROWEST_CM = 3.2
"""The formula and the remarks share what the other columns leave."""
COMPARED_CM = (1.5, 4.6, 1.9, 2.6, 1.9, 13.3)
COMBINED_CM = (8.0, 2.4, 3.0, 4.0, 3.4, 3.4)
FINDINGS_CM = (1.8, 8.0, 15.0)


def render_scorecard_docx(report: Evaluation, language: str = "zh") -> bytes:
    """Of sub-projects the combined score first, then each one's scorecard on pages of its own."""
    document = docx.Document()
    set_up_styles(document)
    _set_up_page(document, report.title, language)
    if isinstance(report, ScorecardReport):
        _report(document, report, language)
    else:
        _combined(document, report, language)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _combined(document: Any, report: CombinedReport, language: str) -> None:
    _title(document, f"{word('combined', language)}　{report.title}")
    headings, rows = combined_rows(report.combined, language)
    plain_table(document, headings, rows, COMBINED_CM)
    _paragraph(document, combined_line(report.combined, language))
    if report.outlook is not None:
        _heading(document, word("outlook", language))
        for line in combined_outlook_lines(report.outlook, language):
            _paragraph(document, line)
    _findings(document, report.faults, language)
    for part in report.parts:
        document.add_page_break()
        _report(document, part, language)


def combined_rows(combined: Combined, language: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings, and a line per sub-project: its weight, score and what it brings to the total."""
    keys = ("sub_project", "weight", "weight_share", "score_of_100", "contribution", "grade")
    rows: list[tuple[str, ...]] = [
        (
            part.name,
            wording.exact(part.weight),
            wording.percent(combined.share(part)),
            wording.exact(part.score),
            wording.exact(combined.contribution(part)),
            grade_name(part.card, language),
        )
        for part in combined.parts
    ]
    return [word(key, language) for key in keys], rows


def _report(document: Any, report: ScorecardReport, language: str) -> None:
    _title(document, headline(report, language))
    for line in about_lines(report, language):
        _paragraph(document, line)
    card_table(document, report.card, language)
    _paragraph(document, total_line(report.card, language), bold=True)
    chart = scorecard_bars(report, language)
    put_picture(document, chart, LANDSCAPE_CM)
    document.add_paragraph(clean(chart.title)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if any(row.earned.basis == "stated" for row in report.card.rows):
        _paragraph(document, word("stated_note", language))
    if report.comparison is not None:
        _compared(document, report.comparison, language)
    told = (("outlook", report.outlook), ("outlook_rescored", report.outlook_rescored))
    for key, outlook in told:
        if outlook is not None:
            _heading(document, word(key, language))
            for line in outlook_lines(outlook, language):
                _paragraph(document, line)
    _heading(document, word("findings", language))
    _findings(document, report.faults, language)


@dataclass(frozen=True)
class Drawing:
    """How a scorecard writes the score of a row, a sub-total under the name of its first-level
    indicator, the total, the heading of the rates, and what we say of a row."""

    score: Callable[[Row], str] = lambda row: wording.exact(row.score)
    sub_total: Callable[[str], Callable[[Fraction | None], str]] = lambda name: wording.exact
    total: Callable[[Fraction | None], str] = wording.exact
    rates: Callable[[str], str] = str
    told: Callable[[str], str] = str


IN_FULL = Drawing()


def card_table(document: Any, card: Scorecard, language: str, drawn: Drawing = IN_FULL) -> Any:
    """附件1 at the end of the document."""
    depth = max(len(leaf.path) for leaf in card.framework.leaves)
    parts = [list(rows) for rows in by_first_level(card)]
    told = {row.leaf.id: _told(row, language, drawn) for row in card.rows}
    widths = card_widths(depth, list(told.values()))
    table = empty_table(document, 2 + len(card.rows) + len(parts), widths)
    # Asking a table for its cells is slow, so each row is asked once.
    lines = list(table.rows)
    grid = [row.cells for row in lines]
    heading_row(lines[0], grid[0], _headings(depth, language, drawn))
    top = 1
    for rows in parts:
        for place, row in enumerate(rows):
            _indicator(grid[top + place], row, depth, told[row.leaf.id], drawn)
        heights = [lines_of(told[row.leaf.id], widths[-2:]) for row in rows]
        let_break(lines[top : top + len(rows)], heights)
        together = pieces(rows, depth, heights)
        for level, start, end, name in repeated_runs(rows, depth, together):
            _merge(grid[top + start][level], grid[top + end][level], name)
        # The last piece takes the sums below along, which would mean little on a page of their own.
        sums = 2 if rows is parts[-1] else 1
        for start, end in together:
            below = sums if end == len(rows) - 1 else 0
            if max(heights[start : end + 1]) <= LONGEST_ROW:
                keep_together(grid[top + start : top + end + 1 + below])
        top += len(rows)
        name = rows[0].leaf.path[0]
        label = word("sub_total", language, name=name)
        _sum_row(grid[top], depth, label, rows, drawn.sub_total(name))
        top += 1
    _sum_row(grid[top], depth, word("total", language), card.rows, drawn.total)
    return table


def _headings(depth: int, language: str, drawn: Drawing) -> list[str]:
    named = {key: word(key, language) for key in COLUMNS}
    named["rate"] = drawn.rates(named["rate"])
    return [*level_names(depth, language), *named.values()]


def card_widths(depth: int, told: Sequence[tuple[str, str]]) -> list[float]:
    """The columns fill the page; formula and remarks share it so that the table is short."""
    fixed = [*LEVELS_CM[: depth - 1], LEAF_CM, *NUMBERS_CM.values()]
    rest = PAGE_CM[0] - 2 * MARGIN_CM - sum(fixed)
    return [*fixed, *shared(told, rest, NARROWEST_CM)]


def _told(row: Row, language: str, drawn: Drawing) -> tuple[str, str]:
    """How the score was got, and where it is from with what there is to say of it."""
    how = "\n".join(filter(None, (row.earned.formula, survey_line(row, language))))
    return drawn.told(how), "\n".join([origin(row, language), *remark_lines(row, language)])


def _indicator(
    cells: Sequence[Any], row: Row, depth: int, told: Sequence[str], drawn: Drawing
) -> None:
    numbers = (
        wording.exact(row.leaf.points),
        drawn.score(row),
        wording.percent(row.rate),
    )
    for cell, text in zip(cells[depth:], numbers, strict=False):
        write(cell, text, centred=True)
    for cell, text in zip(cells[depth + len(numbers) :], told, strict=True):
        write(cell, text)


def _sum_row(
    cells: Sequence[Any],
    depth: int,
    label: str,
    rows: Sequence[Row],
    written: Callable[[Fraction | None], str],
) -> None:
    shade(_merge(cells[0], cells[depth - 1], label), GREY)
    points = Fraction(sum((row.leaf.points for row in rows), start=0))
    scores = [row.score for row in rows if row.score is not None]
    score = sum(scores, Fraction(0)) if len(scores) == len(rows) else None
    rate = score / points if score is not None and points else None
    numbers = (wording.exact(points), written(score), wording.percent(rate))
    for cell, text in zip(cells[depth:], numbers, strict=False):
        write(cell, text, centred=True)
    for cell in cells[depth:]:
        shade(cell, GREY)


def _merge(first: Any, last: Any, text: str) -> Any:
    cell = first if first is last else first.merge(last)
    write(cell, text, centred=True)
    return cell


def _compared(document: Any, found: Comparison, language: str) -> None:
    _heading(document, word("comparison", language))
    for key, card in (("before", found.before), ("after", found.after)):
        _paragraph(document, f"{word(key, language)}：{total_line(card, language)}")
    keys = ("id", "indicator", "before", "after", "change", "reason")
    rows = [
        (
            d.before.leaf.id,
            d.before.leaf.name,
            wording.exact(d.before.score),
            wording.exact(d.after.score),
            signed(d.change),
            difference_text(d, language),
        )
        for d in found.differences
    ]
    plain_table(document, [word(key, language) for key in keys], rows, COMPARED_CM)
    _paragraph(document, word("kept", language))


def _findings(document: Any, faults: Sequence[Fault], language: str) -> None:
    if not faults:
        _paragraph(document, word("no_findings", language))
        return
    keys = ("severity", "place", "finding")
    rows = [
        (word(f"severity_{f.severity}", language), f.place, f.sentence(language)) for f in faults
    ]
    plain_table(document, [word(key, language) for key in keys], rows, FINDINGS_CM)


def _title(document: Any, text: str) -> None:
    document.add_paragraph(clean(text), TITLE_STYLE)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(text)).bold = True
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True


def _paragraph(document: Any, text: str, *, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(text)).bold = bold
    paragraph.paragraph_format.space_before = Pt(2)
    small(paragraph)


def _set_up_page(document: Any, title: str, language: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Cm(length) for length in PAGE_CM)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM + 0.6)
    header = section.header.paragraphs[0]
    header.text = clean(f"{word('scorecard', language)}　{title}")
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    small(header)
    page_numbers(section.footer.paragraphs[0], language)
    document.core_properties.title = clean(title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
