"""The sheets of a report by group that compare the groups: 总表, 得分 and 交叉表."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from analysis.group_report import GroupReport
from analysis.group_scores import GroupScore, ScoredQuestion
from analysis.reports.excel_rules import EXCEL_RULES
from analysis.reports.excel_styles import Styles, set_up_page
from analysis.reports.group_words import (
    by_name,
    group_name,
    mark,
    number_span,
    order_sentence,
    points,
    rank_text,
    test_sentence,
    title,
    top_option,
    word,
)
from analysis.reports.lines import rows_needed
from analysis.reports.words import label_of, plan_lines
from analysis.reports.words import word as shared_word
from analysis.satisfaction import BLANK, Term
from analysis.table import Group, QuestionTable
from analysis.wording import NOTHING

NAME_WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 26, 12, 24
SCORE_WIDTH = 13
PAGE_WIDTH = 170
"""Of the columns on a printed page, with room to spare: fonts differ."""
LINE_HEIGHT = 16.5
PRINT_PERCENT = 55
BEHIND_NAMES = 1
"""Column of notes that are printed once: the names before it stand on every page."""
FIXED = ("group", "n", "planned", "returned", "margin", "note")
SIDES = ("count_of", "share_of")
RESULTS = ("index", "index_low", "index_high", "rate", "plain_score", "low", "high", "plain_rank")


class _Sheet:
    """A sheet written from top to bottom; `row` is the next free row, counted from 0."""

    def __init__(self, sheet: Any, styles: Styles, report: GroupReport, language: str) -> None:
        self.sheet, self.styles = sheet, styles
        self.report, self.language, self.row = report, language, 0

    def begin(self, name: str, *, repeated: bool = False) -> None:
        """`repeated`: the first column stands on every page, where a long title would be cut."""
        self.sheet.set_column(0, 0, NAME_WIDTH)
        told = [word(name, self.language), title(self.report, self.language)]
        self.line("　".join(told[:1] if repeated else told), "block_title")
        set_up_page(self.sheet, title(self.report, self.language), self.language, landscape=True)

    def line(self, text: str, style: str = "plain", column: int = 0) -> None:
        """A text that runs on over empty cells."""
        self.sheet.write_string(self.row, column, text, self.styles[style])
        self.row += 1

    def headings(self, texts: Sequence[str]) -> None:
        for column, text in enumerate(texts):
            self.text(column, text, "heading")
        tallest = max(rows_needed(text, NUMBER_WIDTH - 2) for text in texts)
        self.sheet.set_row(self.row, LINE_HEIGHT * min(tallest, 5) + 4)
        self.row += 1

    def end_row(self, group: Group) -> None:
        """As high as the name of the group in the first column and its caution in the last need."""
        wanted = (
            (group_name(group, self.language), NAME_WIDTH),
            (mark(group, self.language), NUMBER_WIDTH),
        )
        tallest = max(rows_needed(text, width - 3) for text, width in wanted)
        self.sheet.set_row(self.row, LINE_HEIGHT * tallest)
        self.row += 1

    def text(self, column: int, text: str, style: str = "text") -> None:
        self.sheet.write_string(self.row, column, text, self.styles[style])

    def number(self, column: int, value: Any, style: str) -> None:
        if value is None:
            self.text(column, NOTHING, "centre_text")
        else:
            self.sheet.write_number(self.row, column, value, self.styles[style])

    def live(self, column: int, formula: str, value: Any, style: str) -> None:
        """A formula with what it shows before anything recalculates it; text where it has none."""
        if value is None:
            self.text(column, NOTHING, "centre_text")
        else:
            self.sheet.write_formula(self.row, column, formula, self.styles[style], float(value))


def comparison(sheet: Any, styles: Styles, report: GroupReport, language: str) -> None:
    """总表: one row for everybody and one per group."""
    made = _Sheet(sheet, styles, report, language)
    made.begin("comparison", repeated=True)
    chosen = [q for q in report.everybody.questions if q.rows]
    texts = [word(key, language) for key in _fixed(report)]
    for scored in report.scores:
        code = scored.plan.question
        texts += [word(key, language, code=code) for key in ("score", "score_span", "rank")]
    for question in chosen:
        texts += [word(key, language, code=question.code) for key in ("top", "top_share")]
    _comparison_widths(sheet, len(_fixed(report)), len(report.scores), len(chosen))
    made.headings(texts)
    sheet.freeze_panes(made.row, 1)
    sheet.repeat_rows(made.row - 1)
    # Too wide for one page: several beside each other, each with the names of the groups.
    sheet.set_print_scale(PRINT_PERCENT)
    sheet.repeat_columns(0)
    sheet.set_v_pagebreaks(_first_columns(len(_fixed(report)), len(report.scores), len(chosen)))
    _comparison_row(made, report.everybody, [s.everybody for s in report.scores])
    for place, group in enumerate(report.groups):
        _comparison_row(made, group, [s.groups[place] for s in report.scores])
    made.row += 1
    for scored in report.scores:
        told = f"{scored.plan.question} {scored.text}：{order_sentence(scored, language)}"
        made.line(told, column=BEHIND_NAMES)
    for question in chosen:
        made.line(f"{question.code} {question.text}", column=BEHIND_NAMES)


def _fixed(report: GroupReport) -> list[str]:
    """Planned numbers are shown where there is a plan."""
    return [key for key in FIXED if report.planned or key not in ("planned", "returned")]


def _comparison_widths(sheet: Any, fixed: int, scored: int, chosen: int) -> None:
    sheet.set_column(1, fixed - 2, NUMBER_WIDTH)
    sheet.set_column(fixed - 1, fixed - 1, TEXT_WIDTH)
    first = fixed + 3 * scored
    sheet.set_column(fixed, first - 1, SCORE_WIDTH) if scored else None
    for place in range(chosen):
        sheet.set_column(first + 2 * place, first + 2 * place, TEXT_WIDTH)
        sheet.set_column(first + 2 * place + 1, first + 2 * place + 1, NUMBER_WIDTH)


def _first_columns(fixed: int, scored: int, chosen: int) -> list[int]:
    """Where a page begins: what belongs to one question stands on one."""
    blocks = [[NUMBER_WIDTH] * (fixed - 2) + [TEXT_WIDTH]]
    blocks += [[SCORE_WIDTH] * 3] * scored + [[TEXT_WIDTH, NUMBER_WIDTH]] * chosen
    column, used, found = 1, NAME_WIDTH, []
    for block in blocks:
        if used + sum(block) > PAGE_WIDTH and used > NAME_WIDTH:
            found.append(column)
            used = NAME_WIDTH
        used += sum(block)
        column += len(block)
    return found


def _comparison_row(made: _Sheet, group: Group, scores: Sequence[GroupScore]) -> None:
    language = made.language
    column = _fixed_cells(made, group)
    for of in scores:
        places = of.score.plan.places
        made.number(column, of.score.score, "value")
        made.text(column + 1, number_span(of.score.low, of.score.high, places), "centre_text")
        made.text(column + 2, rank_text(of, language), "centre_text")
        column += 3
    for question in group.questions:
        if not question.rows:
            continue
        top = top_option(question)
        made.text(column, top[0] if top else NOTHING)
        made.number(column + 1, top[1] if top else None, "share")
        column += 2
    tops = [top_option(question) for question in group.questions]
    labels = [group_name(group, language), *(top[0] for top in tops if top)]
    tallest = max(rows_needed(label, TEXT_WIDTH - 3) for label in labels)
    made.sheet.set_row(made.row, LINE_HEIGHT * tallest + 3)
    made.row += 1


def _fixed_cells(made: _Sheet, group: Group) -> int:
    """Writes name, numbers and caution; returns the next column."""
    report = made.report
    made.text(0, group_name(group, made.language))
    made.number(1, group.n, "count")
    column = 2
    if report.planned:
        whole = group is report.everybody
        planned = sum(report.planned.values()) if whole else report.planned.get(group.label)
        made.number(2, planned, "count")
        counted = xl_rowcol_to_cell(made.row, 1)
        formula = f"={counted}/{xl_rowcol_to_cell(made.row, 2)}"
        made.live(3, formula, group.n / planned if planned else None, "share")
        column = 4
    margin = report.margin_of(group)
    made.text(column, NOTHING if margin is None else f"±{points(margin)}", "centre_text")
    made.text(column + 1, mark(group, made.language))
    return column + 2


def scores(sheet: Any, styles: Styles, report: GroupReport, language: str) -> None:
    """得分: per question the plan, and each group's counts with index and score worked out."""
    made = _Sheet(sheet, styles, report, language)
    made.begin("scores")
    sheet.set_column(1, 30, NUMBER_WIDTH)
    for question in report.scores:
        made.row += 1
        _score_block(made, question)


def _score_block(made: _Sheet, question: ScoredQuestion) -> None:
    language, plan = made.language, question.plan
    made.line(f"{plan.question} {question.text}", "block_title")
    for told in plan_lines(plan, language):
        made.line(told)
    made.line(order_sentence(question, language))
    terms = [term for term in question.everybody.score.terms if term.weight is not None]
    texts = [word("group", language), *(_count_heading(term, language) for term in terms)]
    texts.append(word("base", language))
    if _is_weighted(question):
        texts += [_count_heading(term, language, "weighted_of") for term in terms]
        texts.append(word("weighted_base", language))
    results = [word(key, language) for key in RESULTS]
    made.headings([*texts, *results, word("note", language)])
    _weights_row(made, terms)
    top = made.row
    _score_row(made, question, question.everybody, made.report.everybody, top)
    for of, group in zip(question.groups, made.report.groups, strict=True):
        _score_row(made, question, of, group, top)


def _is_weighted(question: ScoredQuestion) -> bool:
    """Whether sums of weights tell more than the counts."""
    return any(term.amount != term.count for term in question.everybody.score.terms)


def _count_heading(term: Term, language: str, key: str = "count_of") -> str:
    text = label_of(term.text, language)
    name = text if term.code in (term.text, BLANK) else f"{term.code}.{term.text}"
    return word(key, language, option=name)


def _weights_row(made: _Sheet, terms: Sequence[Term]) -> None:
    made.text(0, word("weights", made.language), "total_text")
    for column, term in enumerate(terms, start=1):
        made.number(column, term.weight, "exact")
    made.row += 1


def _score_row(
    made: _Sheet, question: ScoredQuestion, of: GroupScore, group: Group, top: int
) -> None:
    told, plan = of.score, question.plan
    terms = [term for term in told.terms if term.weight is not None]
    made.text(0, group_name(group, made.language))
    p = f"$B${top}:${xl_col_to_name(len(terms))}${top}"
    n = _amounts(made, 1, [term.count for term in terms], "count")
    column = len(terms) + 2
    if _is_weighted(question):
        n = _amounts(made, column, [float(term.amount) for term in terms], "weight")
        column += len(terms) + 1
    index = f"{xl_col_to_name(column)}{made.row + 1}"
    rule = EXCEL_RULES[plan.point_rule](index, str(plan.points), str(plan.target or ""))
    made.live(column, f"=SUMPRODUCT({n},{p})/SUM({n})", told.index, "exact")
    made.number(column + 1, told.index_low, "interval")
    made.number(column + 2, told.index_high, "interval")
    made.number(column + 3, told.rate, "share")
    made.live(column + 4, f"={rule}", told.score, "exact")
    made.number(column + 5, told.low, "interval")
    made.number(column + 6, told.high, "interval")
    made.text(column + 7, rank_text(of, made.language), "centre_text")
    made.text(column + 8, mark(group, made.language))
    made.end_row(group)


def _amounts(made: _Sheet, first: int, amounts: Sequence[float], style: str) -> str:
    """Writes the amounts from this column on and their sum behind them; returns their cells."""
    for column, amount in enumerate(amounts, start=first):
        made.number(column, amount, style)
    last, row = first + len(amounts), made.row + 1
    cells = f"{xl_col_to_name(first)}{row}:{xl_col_to_name(last - 1)}{row}"
    made.live(last, f"=SUM({cells})", sum(amounts), style)
    return cells


def cross_tables(sheet: Any, styles: Styles, report: GroupReport, language: str) -> None:
    """交叉表: per question the groups downwards, counts and live shares of the options across."""
    made = _Sheet(sheet, styles, report, language)
    made.begin("cross")
    sheet.set_column(1, 60, NUMBER_WIDTH)
    for place, question in enumerate(report.everybody.questions):
        if question.rows or question.statistics:
            made.row += 1
            _cross_block(made, place, question)


def _cross_block(made: _Sheet, place: int, question: QuestionTable) -> None:
    report, language = made.report, made.language
    made.line(f"{question.code} {question.text}", "block_title")
    test = report.tests.get(question.code)
    if test is not None:
        made.line(test_sentence(test, by_name(report, language), language))
    write = _shares if question.rows else _statistics
    labels = [row.label for row in question.rows]
    own = (
        [
            word(f"{kind}_of", language, option=label)
            for kind in ("count", "share")
            for label in labels
        ]
        if question.rows
        else [shared_word(name, language) for name in question.statistics]
    )
    texts = [word("group", language), word("base", language), *own, word("note", language)]
    made.headings(texts)
    for group in (report.everybody, *report.groups):
        of_group = group.questions[place]
        made.text(0, group_name(group, language))
        made.number(1, of_group.base, "count")
        last = write(made, question, of_group)
        made.text(last, mark(group, language))
        made.end_row(group)


def _shares(made: _Sheet, question: QuestionTable, of_group: QuestionTable) -> int:
    row, size = made.row + 1, len(question.rows)
    for column, option in enumerate(of_group.rows, start=2):
        made.number(column, option.cell.count, "count")
        formula = f"={xl_col_to_name(column)}{row}/$B{row}"
        if option.cell.weighted_count is None:
            made.live(column + size, formula, option.cell.share, "share")
        else:
            made.number(column + size, option.cell.share, "share")
    return 2 + 2 * size


def _statistics(made: _Sheet, question: QuestionTable, of_group: QuestionTable) -> int:
    for column, name in enumerate(question.statistics, start=2):
        made.number(column, of_group.statistics.get(name), "value")
    return 2 + len(question.statistics)
