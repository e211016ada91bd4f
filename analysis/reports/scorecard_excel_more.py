"""The sheets behind 附件1: scores by level, two ways of scoring, funds, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.evaluation.comparison import Comparison, change_of
from analysis.evaluation.funds import COLUMNS, PARTS_OF, FundItem
from analysis.evaluation.grades import GradeScheme
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.evaluation.scorecard import Scorecard
from analysis.reports.excel_styles import Styles, set_up_page
from analysis.reports.lines import rows_needed
from analysis.reports.scorecard_texts import word
from analysis.reports.scorecard_words import (
    combined_line,
    difference_text,
    outlook_lines,
    total_line,
)
from analysis.wording import NOTHING

LINE_HEIGHT = 16.5
Cells = dict[str, int]
FIND_WIDTHS = (9, 44, 70)
LEVEL_WIDTHS = (46, 10, 12, 11)
COMPARED_WIDTHS = (8, 30, 9, 12, 14, 12, 62)
COMBINED_WIDTHS = (36, 12, 18, 16, 24)
NOISE_DIGITS = 9
"""Binary noise of a sum must not move a total over a bound or to another last digit."""
FUND_WIDTHS = (20, 18, 12, 12, 12, 12, 12, 12)


def add_sheets(
    workbook: Any, styles: Styles, report: ScorecardReport, cells: Cells, language: str
) -> None:
    """`cells` says in which row of the first sheet an indicator stands."""
    card = word("scorecard", language)
    _add(workbook, styles, "by_level", language, LEVEL_WIDTHS, _levels(report, cells, card))
    if report.comparison is not None:
        body = _compared(report.comparison, cells, card)
        _add(workbook, styles, "comparison", language, COMPARED_WIDTHS, body)
    if report.outlook is not None:
        _add(workbook, styles, "outlook", language, (110,), _outlooks(report))
    if report.funds.items:
        _add(workbook, styles, "funds", language, FUND_WIDTHS, _funds(report))
    _add(workbook, styles, "findings", language, FIND_WIDTHS, _findings(report))


@dataclass(frozen=True)
class PartCells:
    """Where score, points and rate of a sub-project stand; there is no rate before it is done."""

    score: str
    points: str
    rate: str


def if_all_scored(scores: str, n: int, result: str, otherwise: str) -> str:
    """`result` is an expression, worked out once there are `n` numbers in the cells `scores`."""
    return f'=IF(COUNT({scores})<{n},"{otherwise}",{result})'


def if_number(cell: str, result: str) -> str:
    """A dash until there is a number in the cell."""
    return f'=IF(ISNUMBER({cell}),{result},"{NOTHING}")'


def grade_formula(scheme: GradeScheme, percent: str) -> str:
    """An expression of nested IFs from the best grade down, as `percent`, 0..100, is one."""
    nested = f'"{scheme.grades[-1][0]}"'
    for name, bound in reversed(scheme.grades[:-1]):
        nested = f'IF(ROUND({percent},{NOISE_DIGITS})>={bound},"{name}",{nested})'
    return nested


def write_combined(
    sheet: Any,
    styles: Styles,
    report: CombinedReport,
    totals: Sequence[PartCells],
    language: str,
) -> None:
    """`totals` has the cells of each sub-project on its own sheet."""
    combined = report.combined
    title = f"{word('combined', language)}　{report.title}"
    page = _Page(sheet, styles, COMBINED_WIDTHS, language)
    page.across(title, "title", 1.8)
    page.headings("sub_project", "weight", "score_of_100", "contribution", "grade")
    first, last = page.row + 1, page.row + len(combined.parts)
    weights, shares = (f"{c}${first}:{c}${last}" for c in "BD")
    for part, cells in zip(combined.parts, totals, strict=True):
        grade, row = part.card.grade, page.row + 1
        score = f"{cells.score}/{cells.points}*100"
        share = f"B{row}*C{row}/SUM({weights})"
        named = grade_formula(part.card.scheme, f"C{row}")
        page.line(
            (part.name, "text"),
            (part.weight, "centre"),
            (_dashed(if_number(cells.rate, score), part.score), "number"),
            (_dashed(if_number(f"C{row}", share), combined.contribution(part)), "number"),
            (_dashed(if_number(f"C{row}", named), grade.name if grade else None), "centre_text"),
        )
    page.across(combined_line(combined, language))
    total, n = f"SUM({shares})", len(combined.parts)
    named = grade_formula(combined.scheme, total)
    grade_of_all = combined.grade.name if combined.grade else None
    page.line(
        (word("total", language), "total_text"),
        ((f"=SUM({weights})", sum(p.weight for p in combined.parts)), "result"),
        (None, "centre"),
        (_dashed(if_all_scored(shares, n, total, NOTHING), combined.total), "result"),
        (_dashed(if_all_scored(shares, n, named, NOTHING), grade_of_all), "result"),
    )
    for fault in report.faults:
        page.across(fault.text(language), "warning")
    set_up_page(sheet, title, language)


class _Page:
    """One sheet that is written row by row; `row` is the next free one, counted from 0."""

    def __init__(self, sheet: Any, styles: Styles, widths: Sequence[float], language: str) -> None:
        self.sheet, self.styles, self.widths, self.language = sheet, styles, widths, language
        self.row = 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def across(self, text: str, style: str = "note", tall: float = 1) -> None:
        last = len(self.widths) - 1
        height = LINE_HEIGHT * tall * rows_needed(text, sum(self.widths) - 4)
        self.sheet.set_row(self.row, height)
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", self.styles[style])
        self.sheet.write_string(self.row, 0, text, self.styles[style])
        self.row += 1

    def headings(self, *keys: str) -> None:
        self.sheet.repeat_rows(self.row)
        self.line(*((word(key, self.language), "heading") for key in keys))

    def line(self, *contents: tuple[Any, str]) -> None:
        """(content, style) per cell: None is a dash, (formula, its value) lives, else as it is."""
        texts = [content if isinstance(content, str) else "" for content, _ in contents]
        rows = [rows_needed(t, w - 3) for t, w in zip(texts, self.widths, strict=False)]
        self.sheet.set_row(self.row, LINE_HEIGHT * max(rows) + 2)
        for column, (content, style) in enumerate(contents):
            self._cell(column, content, self.styles[style])
        self.row += 1

    def _cell(self, column: int, content: Any, style: Any) -> None:
        if content is None:
            self.sheet.write_string(self.row, column, NOTHING, style)
        elif isinstance(content, str):
            self.sheet.write_string(self.row, column, content, style)
        elif isinstance(content, tuple):
            formula, value = content
            shown = value if isinstance(value, str) else float(value)
            self.sheet.write_formula(self.row, column, formula, style, shown)
        else:
            self.sheet.write_number(self.row, column, float(content), style)


Body = Callable[[_Page], None]


def _add(
    workbook: Any, styles: Styles, key: str, language: str, widths: Sequence[float], body: Body
) -> None:
    title = word(key, language)
    page = _Page(workbook.add_worksheet(title[:31]), styles, widths, language)
    page.across(title, "title", 1.8)
    body(page)
    set_up_page(page.sheet, title, language, landscape=sum(widths) > 90)


def _levels(report: ScorecardReport, cells: Cells, sheet: str) -> Body:
    """Every heading: sums over its indicators' rows in the first sheet."""
    card = report.card
    depth = max(len(leaf.path) for leaf in card.framework.leaves)
    points, score = (chr(ord("A") + depth + place) for place in (1, 2))

    def body(page: _Page) -> None:
        page.headings("indicator", "points", "score", "rate")
        for sub in card.sub_totals:
            rows = _rows_under(card, sub.indicator, cells)
            here = page.row + 1
            scores = f"'{sheet}'!{score}{rows[0]}:{score}{rows[-1]}"
            total = if_all_scored(scores, len(rows), f"SUM({scores})", NOTHING)
            rate = if_number(f"C{here}", f"C{here}/B{here}")
            page.line(
                ("　" * len(sub.above) + sub.indicator.name, "text"),
                ((f"=SUM('{sheet}'!{points}{rows[0]}:{points}{rows[-1]})", sub.points), "number"),
                (_dashed(total, sub.score), "number"),
                (_dashed(rate, sub.rate) if sub.points else None, "share"),
            )

    return body


def _rows_under(card: Scorecard, indicator: Any, cells: Cells) -> list[int]:
    under = [r for r in card.rows if any(above is indicator for above in r.leaf.above)]
    return [cells[row.leaf.id] for row in under]


def _compared(found: Comparison, cells: Cells, sheet: str) -> Body:
    """What was stated refers to the first sheet; the differences are live."""
    depth = max(len(leaf.path) for leaf in found.before.framework.leaves)
    points, score = (chr(ord("A") + depth + place) for place in (1, 2))

    def body(page: _Page) -> None:
        for key, card in (("before", found.before), ("after", found.after)):
            page.across(f"{word(key, page.language)}：{total_line(card, page.language)}")
        page.across(word("kept", page.language))
        page.headings("id", "indicator", "points", "before", "after", "change", "reason")
        first = page.row + 1
        differing = {d.before.leaf.id: d for d in found.differences}
        for before, after in zip(found.before.rows, found.after.rows, strict=True):
            here, there = page.row + 1, cells[before.leaf.id]
            stated = f"'{sheet}'!{score}{there}"
            changed = f'=IF(COUNT(D{here}:E{here})<2,"{NOTHING}",E{here}-D{here})'
            difference = differing.get(before.leaf.id)
            page.line(
                (before.leaf.id, "centre_text"),
                (before.leaf.name, "text"),
                ((f"='{sheet}'!{points}{there}", before.leaf.points), "number"),
                (_dashed(if_number(stated, stated), before.score), "number"),
                (after.score, "number"),
                (_dashed(changed, change_of(before.score, after.score)), "number"),
                (difference_text(difference, page.language) if difference else "", "text"),
            )
        sums = (found.before.points, found.before.scored, found.after.scored, found.change)
        n = page.row - first + 1
        spans = [f"{column}{first}:{column}{page.row}" for column in "CDEF"]
        formulas = [f"=SUM({span})" for span in spans[:3]]
        formulas.append(if_all_scored(spans[3], n, f"SUM({spans[3]})", NOTHING))
        cells_of_sums = [
            (_dashed(formula, value), "result")
            for formula, value in zip(formulas, sums, strict=True)
        ]
        page.line(("", "total_text"), (word("total", page.language), "total_text"), *cells_of_sums)

    return body


def _live(formula: str, value: Any) -> tuple[str, Any] | None:
    """Nothing is computed from what is not there."""
    return None if value is None else (formula, value)


def _dashed(formula: str, value: Any) -> tuple[str, Any]:
    """Of a score that may still be typed: the formula itself shows a dash until then."""
    return formula, NOTHING if value is None else value


def _outlooks(report: ScorecardReport) -> Body:
    def body(page: _Page) -> None:
        told = (("before", report.outlook), ("outlook_rescored", report.outlook_rescored))
        for key, outlook in told:
            if outlook is not None:
                page.across(word(key, page.language), "heading")
                for line in outlook_lines(outlook, page.language):
                    page.across(line, "text")

    return body


def _funds(report: ScorecardReport) -> Body:
    def body(page: _Page) -> None:
        page.across(word("unit", page.language, unit=report.funds.unit))
        columns = (*COLUMNS, "balance", "arrived_rate", "executed_rate")
        page.headings("item", "source", *columns)
        for item in report.funds.items:
            _fund_item(page, item)

    return body


def _fund_item(page: _Page, item: FundItem) -> None:
    """One row per source, then the item's own: sums where every source says, else as printed."""
    first = page.row + 1
    for source in item.sources:
        amounts = ((getattr(source, column), "number") for column in COLUMNS)
        nothing = ((None, "centre_text"),) * 3
        page.line((item.name, "text"), (source.level, "text"), *amounts, *nothing)
    here = page.row + 1
    totals: list[tuple[Any, str]] = []
    for letter, column in zip("CDE", COLUMNS, strict=True):
        summed = item.by_sources(column)
        formula = f"=SUM({letter}{first}:{letter}{page.row})"
        content = item.total(column) if summed is None else (formula, summed)
        totals.append((content, "result"))
    balance = item.computed_balance
    totals.append((_live(f"=D{here}-E{here}", balance), "result"))
    quotients = {"arrived": f"=D{here}/C{here}", "executed": f"=E{here}/D{here}"}
    for name in PARTS_OF:
        totals.append((_live(quotients[name], item.rate(name)), "total_share"))
    page.line((item.name, "total_text"), (word("total", page.language), "total_text"), *totals)


def _findings(report: ScorecardReport) -> Body:
    def body(page: _Page) -> None:
        if not report.faults:
            page.across(word("no_findings", page.language))
            return
        page.headings("severity", "place", "finding")
        for fault in report.faults:
            page.line(
                (word(f"severity_{fault.severity}", page.language), "centre_text"),
                (fault.place, "text"),
                (fault.sentence(page.language), "text"),
            )

    return body
