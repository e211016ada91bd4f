"""满意度得分 as .xlsx: the scores at a glance, and 计分方案 where each one is worked out live."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import xlsxwriter

from analysis.reports.excel_rules import EXCEL_RULES
from analysis.reports.excel_styles import OPTIONS, Styles, set_up_page
from analysis.reports.lines import rows_needed
from analysis.reports.page_breaks import PageBreaks
from analysis.reports.words import counts_line, label_of, plan_lines, score_title, treatment, word
from analysis.satisfaction import BLANK, Score, ScoreReport, ScoreRow, ScoringPlan, Term
from analysis.wording import NOTHING, rounded

SCORE_SHEETS = ("scores", "plan")
PLAN_WIDTHS = (34, 14, 14, 14, 34)
SCORE_WIDTHS = {
    "code": 8,
    "question": 26,
    "group": 12,
    "questionnaire": 17,
    "counts": 22,
    "base": 9,
    "excluded": 9,
    "index": 10,
    "rate": 9,
    "score": 10,
    "score_printed": 10,
    "points": 7,
    "score_low": 10,
    "score_high": 10,
    "version": 9,
}
LINE_HEIGHT = 16.5
BLOCK_ROWS = 20
"""Rows of a block besides its terms and warnings, the empty one before it included."""
PLAN_COLUMNS = ("option", "n_i", "weight", "in_rate", "note")


def render_scores_xlsx(report: ScoreReport, language: str = "zh") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        add_score_sheets(workbook, Styles(workbook), report, language)
    return buffer.getvalue()


def add_score_sheets(workbook: Any, styles: Styles, report: ScoreReport, language: str) -> None:
    """Two sheets: 满意度得分, whose figures refer to 计分方案, where they are computed."""
    overview = workbook.add_worksheet(word("scores", language))
    plans = _PlanSheet(workbook.add_worksheet(word("plan", language)), styles, report, language)
    _overview(overview, styles, report, plans.write(), language)


def _overview(
    sheet: Any, styles: Styles, report: ScoreReport, places: list[dict[str, str]], language: str
) -> None:
    last = len(SCORE_WIDTHS) - 1
    title = score_title(report, language)
    sheet.merge_range(0, 0, 0, last, "", styles["title"])
    sheet.write_string(0, 0, title, styles["title"])
    sheet.set_row(0, 30)
    for row, remark in enumerate(report.remarks, start=1):
        sheet.merge_range(row, 0, row, last, "", styles["note"])
        sheet.write_string(row, 0, remark, styles["note"])
    top = 1 + len(report.remarks)
    for column, (key, width) in enumerate(SCORE_WIDTHS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, word(key, language), styles["heading"])
    sheet.set_row(top, 2.2 * LINE_HEIGHT)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 0)
    for row, (entry, cells) in enumerate(zip(report.rows, places, strict=True), start=top + 1):
        _overview_row(sheet, styles, row, entry, cells, language)
    set_up_page(sheet, title, language, landscape=True)


def _overview_row(
    sheet: Any, styles: Styles, row: int, entry: ScoreRow, cells: dict[str, str], language: str
) -> None:
    score, plan = entry.score, entry.score.plan
    counts = counts_line(score, language)
    texts = (
        score.question,
        score.text,
        label_of(entry.label, language),
        entry.questionnaire,
        counts,
    )
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, styles["text"])
    widths = list(SCORE_WIDTHS.values())
    height = max(rows_needed(t, w - 2) for t, w in zip(texts, widths, strict=False))
    sheet.set_row(row, LINE_HEIGHT * height + 3)
    printed = styles.rounded(plan.places)
    values = (
        ("base", score.base_amount, styles[_style("count", score)]),
        ("excluded", score.excluded_amount, styles[_style("count", score)]),
        ("index", score.index, styles["exact"]),
        ("rate", score.rate, styles["share"]),
        ("score", score.score, styles["exact"]),
        ("score_printed", rounded(score.score, plan.places), printed),
        ("points", plan.points, styles["centre"]),
    )
    for column, (key, value, style) in enumerate(values, start=len(texts)):
        reference = f"='{word('plan', language)}'!{cells[key]}"
        sheet.write_formula(row, column, reference, style, _cached(value))
    for column, end in enumerate((score.low, score.high), start=len(texts) + len(values)):
        _number(sheet, row, column, end, styles["interval"])
    sheet.write_number(row, len(SCORE_WIDTHS) - 1, plan.version, styles["count"])


class _PlanSheet:
    """One block per score: the plan, the terms nᵢ and pᵢ, and the results as formulas.

    `row` is the next free row, counted from 0.
    """

    def __init__(self, sheet: Any, styles: Styles, report: ScoreReport, language: str) -> None:
        self.sheet, self.styles, self.report = sheet, styles, report
        self.language, self.row = language, 0
        self.pages = PageBreaks(PLAN_WIDTHS)

    def write(self) -> list[dict[str, str]]:
        """Where each score's results stand: name -> absolute cell reference."""
        for column, width in enumerate(PLAN_WIDTHS):
            self.sheet.set_column(column, column, width)
        title = score_title(self.report, self.language)
        self._across(f"{word('plan', self.language)}　{title}", "title", 2)
        for remark in self.report.remarks:
            self._across(remark, "note")
        places = [self._block(entry) for entry in self.report.rows]
        self._across(word("interval_note", self.language), "note")
        set_up_page(self.sheet, title, self.language)
        self.sheet.set_h_pagebreaks(self.pages.rows)
        return places

    def _block(self, entry: ScoreRow) -> dict[str, str]:
        score = entry.score
        self.row += 1
        rows = BLOCK_ROWS + len(score.terms) + len(score.warnings)
        self.pages.add_block(self.row, rows * LINE_HEIGHT)
        name = label_of(entry.label, self.language)
        self._across("　".join(filter(None, (score.question, score.text, name))), "heading", 1.3)
        for line in plan_lines(score.plan, self.language):
            self._across(line, "note")
        for column, key in enumerate(PLAN_COLUMNS):
            shown = "weighted_n_i" if score.weighted and key == "n_i" else key
            self._text(column, word(shown, self.language), "heading")
        self.row += 1
        cells = self._terms(score) | self._inputs(score.plan)
        cells |= self._results(score, cells)
        self._formula(score)
        return cells

    def _terms(self, score: Score) -> dict[str, str]:
        """Terms in the base, their sum, then those left out, so that the sum cannot catch them."""
        included = [term for term in score.terms if term.weight is not None]
        left_out = [term for term in score.terms if term.weight is None]
        first = self.row + 1
        for term in included:
            self._term(term, score)
        last = self.row
        self._text(0, word("base", self.language), "total_text")
        self._live(1, f"=SUM(B{first}:B{last})", _style("total", score), float(score.base_amount))
        base = f"$B${self.row + 1}"
        self.row += 1
        for term in left_out:
            self._term(term, score)
        self._text(0, word("excluded", self.language), "total_text")
        summed = f"=SUM(B{last + 2}:B{self.row})" if left_out else "=0"
        self._live(1, summed, _style("total", score), float(score.excluded_amount))
        excluded = f"$B${self.row + 1}"
        self.row += 1
        return {"base": base, "excluded": excluded, "first": str(first), "last": str(last)}

    def _term(self, term: Term, score: Score) -> None:
        plan = score.plan
        text = label_of(term.text, self.language)
        label = text if term.code in (term.text, BLANK) else f"{term.code}.{term.text}"
        self._text(0, label, "text")
        self.sheet.write_number(self.row, 1, term.amount, self.styles[_style("count", score)])
        if term.weight is None:
            self._text(2, NOTHING, "centre_text")
            self._text(3, NOTHING, "centre_text")
            self._text(4, word("exclude", self.language), "text")
        else:
            self.sheet.write_number(self.row, 2, term.weight, self.styles["centre"])
            in_rate = int(term.code in plan.top)
            self.sheet.write_number(self.row, 3, in_rate, self.styles["centre"])
            note = treatment(term.weight, self.language) if term.meaning else ""
            self._text(4, note, "text")
        self.row += 1

    def _inputs(self, plan: ScoringPlan) -> dict[str, str]:
        cells = {"points": self._labelled("points", plan.points)}
        if plan.target is not None:
            cells["target"] = self._labelled("target", plan.target)
        return cells

    def _labelled(self, key: str, value: Decimal) -> str:
        self._text(0, word(key, self.language), "text")
        self.sheet.write_number(self.row, 1, value, self.styles["centre"])
        self.row += 1
        return f"$B${self.row}"

    def _results(self, score: Score, cells: dict[str, str]) -> dict[str, str]:
        plan, base = score.plan, cells["base"]
        n, p, top = (f"{c}{cells['first']}:{c}{cells['last']}" for c in "BCD")
        index = self._result(
            "index", f'=IF({base}=0,"{NOTHING}",SUMPRODUCT({n},{p})/SUM({n}))', score.index
        )
        rate = self._result(
            "rate", f'=IF({base}=0,"{NOTHING}",SUMPRODUCT({n},{top})/SUM({n}))', score.rate, "share"
        )
        rule = EXCEL_RULES[plan.point_rule](index, cells["points"], cells.get("target", ""))
        earned = self._result("score", f'=IF({base}=0,"{NOTHING}",{rule})', score.score)
        printed = self._printed(score, base, earned)
        for key in ("index_low", "index_high", "low", "high"):
            self._text(0, word(ENDS.get(key, key), self.language), "text")
            _number(self.sheet, self.row, 1, getattr(score, key), self.styles["interval"])
            self.row += 1
        return {"index": index, "rate": rate, "score": earned, "score_printed": printed}

    def _result(self, key: str, formula: str, value: Decimal | None, style: str = "result") -> str:
        self._text(0, word(key, self.language), "total_text")
        self._live(1, formula, style, _cached(value))
        self.row += 1
        return f"$B${self.row}"

    def _printed(self, score: Score, base: str, earned: str) -> str:
        places = score.plan.places
        self._text(0, word("score_rounded", self.language, places=places), "total_text")
        self.sheet.write_formula(
            self.row,
            1,
            f'=IF({base}=0,"{NOTHING}",ROUND({earned},{places}))',
            self.styles.rounded(places),
            _cached(rounded(score.score, places)),
        )
        self.row += 1
        return f"$B${self.row}"

    def _formula(self, score: Score) -> None:
        self._across(f"{word('formula', self.language)}：{score.formula}", "note")
        for warning in score.warnings:
            self._across(f"※ {warning.text(self.language)}", "warning")

    def _across(self, text: str, style: str, tall: float = 1) -> None:
        last = len(PLAN_WIDTHS) - 1
        self.sheet.set_row(self.row, LINE_HEIGHT * tall * rows_needed(text, sum(PLAN_WIDTHS) - 4))
        self.sheet.merge_range(self.row, 0, self.row, last, "", self.styles[style])
        self._text(0, text, style)
        self.row += 1

    def _text(self, column: int, text: str, style: str) -> None:
        self.sheet.write_string(self.row, column, text, self.styles[style])

    def _live(self, column: int, formula: str, style: str, value: float | str) -> None:
        self.sheet.write_formula(self.row, column, formula, self.styles[style], value)


def _number(sheet: Any, row: int, column: int, value: float | None, style: Any) -> None:
    if value is None:
        sheet.write_string(row, column, NOTHING, style)
    else:
        sheet.write_number(row, column, value, style)


def _cached(value: Decimal | int | None) -> float | str:
    """What the cell shows before anything recalculates it."""
    return NOTHING if value is None else float(value)


def _style(name: str, score: Score) -> str:
    return WEIGHTED_STYLES[name] if score.weighted else name


WEIGHTED_STYLES = {"count": "weight", "total": "total_weight"}
ENDS = {"low": "score_low", "high": "score_high"}
