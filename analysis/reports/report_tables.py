"""The tables of a report, each put where its tag stood in the template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from analysis import wording
from analysis.reports.pictures import put_picture
from analysis.reports.report_contents import put_contents
from analysis.reports.report_evidence import Evidence
from analysis.reports.report_funds import HEADINGS as FUND_HEADINGS
from analysis.reports.report_funds import fund_rows
from analysis.reports.report_levels import level_rows, levels_note, marked
from analysis.reports.report_losses import HEADINGS as LOSS_HEADINGS
from analysis.reports.report_losses import loss_rows
from analysis.reports.report_marks import bookmark
from analysis.reports.report_names import in_words, question_name
from analysis.reports.report_scores import Told, told_scores
from analysis.reports.report_template import BODY, CAPTION, NOTE
from analysis.reports.report_values import (
    RATE,
    EvaluationReport,
    level_key,
    mark,
    missing,
    row_key,
    score_key,
    table_key,
    typed,
    unmarked,
)
from analysis.reports.scorecard_word import Drawing, card_table
from analysis.reports.word import group_table
from analysis.reports.word_styles import GREY, clean, remove_paragraph, shade, write
from analysis.reports.word_tables import plain_table, shared
from analysis.reports.words import group_line, plan_lines
from analysis.satisfaction import ScoreRow
from analysis.table import SummaryTable

Put = Callable[[Any], None]
FUNDS, LEVELS, LOSSES = "资金安排和使用情况", "各级指标得分情况", "失分指标一览"
IN_ANNEX = "见附件1"
LEVELS_CM = (6.8, 2.4, 3.6, 3.0)
FUNDS_CM = (3.0, 2.1, 2.1, 2.1, 2.1, 2.2, 2.2)
LOST_CM = (4.0, 1.5, 2.4, 8.1)
SCORES_CM = (6.0, 2.0, 2.2, 2.2, 3.6)
PLANS_CM = (4.4, 3.4, 8.2)
EVIDENCE_CM, EVIDENCE_ROOM_CM, EVIDENCE_LEAST_CM = (1.5, 3.8), 12.0, 4.0
"""Number and name, and what calculation and source share."""
UNDER_PICTURE = Pt(2)
CHAPTER = 3
"""The charts stand in the third part of the standard report."""


def put_tables(
    document: Any,
    report: EvaluationReport,
    places: Mapping[str, Any],
    tables: Mapping[str, Callable[[Any, EvaluationReport, Put], None]],
) -> None:
    """`places` has the paragraph of each tag that the template uses; it is replaced."""
    for tag, build in tables.items():
        if tag in places:
            _replace(document, places[tag], lambda put, build=build: build(document, report, put))  # type: ignore[misc]


def put_evidence(document: Any, place: Any, lines: Sequence[Evidence]) -> None:
    """The annex: one row per number that the text marks, in the order of the marks."""

    def build(put: Put) -> None:
        rows = [
            (f"[{n}]", *map(unmarked, (e.what, e.how, e.source)))
            for n, e in enumerate(lines, start=1)
        ]
        headings = ("编号", "数据", "计算", "来源")
        pairs = [row[2:] for row in rows]
        widths = (*EVIDENCE_CM, *shared(pairs, EVIDENCE_ROOM_CM, EVIDENCE_LEAST_CM))
        table = plain_table(document, headings, rows, widths)
        for number, row in enumerate(table.rows[1:], start=1):
            bookmark(row.cells[0].paragraphs[0], number)
            _let_go(row)
        put(table._tbl)

    _replace(document, place, build)


def _let_go(row: Any) -> None:
    """Few rows of evidence may be longer than a page: kept together they would leave one empty."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = False


def _replace(document: Any, place: Any, build: Callable[[Put], None]) -> None:
    build(place._p.addprevious)
    remove_paragraph(place)


def _funds(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.scorecard is None or not report.scorecard.funds.items:
        return
    funds = report.scorecard.funds
    fund_table(document, put, f"{FUNDS}（{funds.unit}）{mark('funds')}", fund_rows(funds))


def fund_table(document: Any, put: Put, title: str, rows: Iterable[Sequence[str]]) -> None:
    caption(document, put, title)
    table = plain_table(document, FUND_HEADINGS, list(rows), FUNDS_CM)
    align_right(table, 1)
    put(table._tbl)


def _levels(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.scorecard is None:
        return
    card = report.scorecard.card
    caption(document, put, LEVELS)
    headings = ("指标", "分值", "得分", f"得分率{mark(RATE)}")
    table = plain_table(document, headings, level_rows(card), LEVELS_CM)
    for cell in table.rows[-1].cells:
        shade(cell, GREY)
    centre(table, 1)
    put(table._tbl)
    if note := levels_note(card):
        put(document.add_paragraph(note, NOTE)._p)


def _deductions(document: Any, report: EvaluationReport, put: Put) -> None:
    rows = loss_rows(report.scorecard.card) if report.scorecard else []
    if rows:
        caption(document, put, LOSSES)
        put(plain_table(document, LOSS_HEADINGS, rows, LOST_CM)._tbl)


def _satisfaction(document: Any, report: EvaluationReport, put: Put) -> None:
    if not report.scores.rows:
        return
    rows = [_satisfaction_row(report, told) for told in told_scores(report)]
    caption(document, put, "满意度得分")
    headings = ("题目", "应答基数", "指数", "满意率", "得分／分值")
    table = plain_table(document, headings, rows, SCORES_CM)
    centre(table, 1)
    put(table._tbl)


def _satisfaction_row(report: EvaluationReport, told: Told) -> tuple[str, ...]:
    """The mark stands behind the question: its evidence is that of the whole row."""
    row, found = told.row, told.row.score
    score = wording.number(found.score, found.plan.places)
    return (
        _asked(report, row) + mark(score_key(row.questionnaire, found.question)),
        wording.count(found.base),
        wording.number(found.index, 4),
        wording.percent(found.rate),
        IN_ANNEX if told.is_part else f"{score}／{wording.exact(found.points)}",
    )


def _asked(report: EvaluationReport, row: ScoreRow) -> str:
    name = question_name(report, row.questionnaire, row.score.question)
    return f"{row.score.text}（{name}）"


def _plans(document: Any, report: EvaluationReport, put: Put) -> None:
    if not report.scores.rows:
        return
    rows = [
        (
            _asked(report, told.row),
            "\n".join(
                f"{term.code}.{term.text}：{wording.weight(term.weight)}"
                for term in told.row.score.terms
                if term.weight is not None and term.code != "blank"
            ),
            "\n".join((*_used_for(told), *plan_lines(told.row.score.plan, "zh"))),
        )
        for told in told_scores(report)
    ]
    caption(document, put, "计分方案")
    put(plain_table(document, ("题目", "各选项 pᵢ", "方案"), rows, PLANS_CM)._tbl)


def _used_for(told: Told) -> Iterator[str]:
    """A framework may state another plan than the project's: whose plan this is."""
    if told.indicator:
        yield f"有关指标：{told.indicator}"


def _charts(document: Any, report: EvaluationReport, put: Put) -> None:
    """图3-1 …: the picture, its caption with the mark, and where its numbers stand."""
    for number, picture in enumerate(report.charts, start=1):
        put(put_picture(document, picture.chart)._p)
        evidence = mark(picture.key) if picture.key else ""
        text = f"图{CHAPTER}-{number}　{typed(picture.chart.title)}{evidence}"
        below = document.add_paragraph(clean(text), CAPTION)
        below.paragraph_format.space_before = UNDER_PICTURE
        below.paragraph_format.keep_with_next = bool(picture.table)
        put(below._p)
        if picture.table:
            note = document.add_paragraph(clean(in_words(report, typed(picture.table))), NOTE)
            note.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            note.paragraph_format.space_before = Pt(0)
            put(note._p)


def _scorecard(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.scorecard is None:
        _say(document, put, missing("指标体系评分表"))
        return
    keys = {one.indicator.name: level_key(one) for one in report.scorecard.card.first_level}
    drawn = Drawing(
        score=lambda row: marked(row.score, row_key(row.leaf.id)),
        sub_total=lambda name: lambda score: _sum(score, keys[name]),
        total=lambda score: _sum(score, "total"),
        rates=lambda heading: heading + mark(RATE),
        told=lambda text: in_words(report, text),
    )
    put(card_table(document, report.scorecard.card, "zh", drawn)._tbl)


def _sum(score: Fraction | None, key: str) -> str:
    """Nobody has to write a sum: it is there once its indicators are scored."""
    return wording.number(score) if score is None else marked(score, key)


def _summaries(document: Any, report: EvaluationReport, put: Put) -> None:
    if not report.tables:
        _say(document, put, missing("调查问卷汇总表"))
    for table in report.tables:
        _summary(document, table, put)


def _summary(document: Any, table: SummaryTable, put: Put) -> None:
    for group in table.groups:
        caption(document, put, typed(table.title))
        line = group_line(table, group, "zh") + mark(table_key(table, group.label))
        caption(document, put, line)
        put(group_table(document, group, "zh")._tbl)
    note = NOTE_ALL if table.base_rule == "all" else NOTE_ANSWERED
    put(document.add_paragraph(note, NOTE)._p)


def caption(document: Any, put: Put, text: str) -> None:
    put(document.add_paragraph(clean(text), CAPTION)._p)


def _say(document: Any, put: Put, text: str) -> None:
    put(document.add_paragraph(clean(text), BODY)._p)


def centre(table: Any, first: int) -> None:
    for row in table.rows[1:]:
        for cell in row.cells[first:]:
            write(cell, cell.text, centred=True)


def align_right(table: Any, first: int) -> None:
    """Amounts, whose points stand below each other."""
    for row in table.rows[1:]:
        for cell in row.cells[first:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def find_places(document: Any, markers: Mapping[str, str]) -> dict[str, Paragraph]:
    """Tag -> the paragraph in which nothing but its marker stands."""
    by_text = {marker: tag for tag, marker in markers.items()}
    found = {}
    for paragraph in document.paragraphs:
        tag = by_text.get(paragraph.text.strip())
        if tag is not None:
            found[tag] = paragraph
    return found


NOTE_ANSWERED = "注：应答基数为已答该题的份数，多选题比例合计可超过100%；按规则不需回答的题不计入。"
NOTE_ALL = "注：应答基数为全部答卷（含未填和按规则未问到的），多选题比例合计可超过100%。"
TABLES: Mapping[str, Callable[[Any, EvaluationReport, Put], None]] = MappingProxyType(
    {
        "contents": put_contents,
        "funds_table": _funds,
        "level_table": _levels,
        "satisfaction_table": _satisfaction,
        "plan_table": _plans,
        "charts": _charts,
        "deductions_table": _deductions,
        "scorecard_table": _scorecard,
        "summary_tables": _summaries,
    }
)
