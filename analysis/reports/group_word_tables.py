"""The tables of a report by group in Word that compare the groups, as texts ready to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis import wording
from analysis.group_report import GroupReport
from analysis.group_scores import GroupScore, ScoredQuestion
from analysis.reports.group_words import (
    group_name,
    margin_text,
    mark,
    number_span,
    rank_text,
    word,
)
from analysis.table import Group

Rows = tuple[Sequence[str], Sequence[Sequence[str]], Sequence[float]]
"""Headings, rows of texts, widths in cm."""
PAGE_CM, NUMBER_CM, OPTION_CM = 17.2, 1.7, 1.32
NAMES_CM = (2.3, 3.4)
"""Width of the names of the groups: the least, and where there is room for it."""
OPTIONS_ACROSS = 10
"""More options go into a second table below."""
MANY_OPTIONS, SMALL_POINTS = 6, 8.5
"""From more options on the letters are smaller."""
SCORE_COLUMNS = (
    ("group", 2.6),
    ("n", 1.5),
    ("margin", 1.9),
    ("plain_score", 1.7),
    ("span", 2.7),
    ("rate", 1.9),
    ("plain_rank", 2.3),
    ("note", 2.6),
)


def score_rows(report: GroupReport, question: ScoredQuestion, language: str) -> Rows:
    """Everybody first, then the groups, each with n, margin, score, interval and rank range."""
    headings = [word(HEADINGS.get(key, key), language) for key, _ in SCORE_COLUMNS]
    pairs = zip(
        (report.everybody, *report.groups), (question.everybody, *question.groups), strict=True
    )
    rows = [_score_row(report, group, of, language) for group, of in pairs]
    return headings, rows, [width for _, width in SCORE_COLUMNS]


def _score_row(report: GroupReport, group: Group, of: GroupScore, language: str) -> list[str]:
    places = of.score.plan.places
    return [
        group_name(group, language),
        wording.count(group.n),
        margin_text(report, group),
        wording.number(of.score.score, places),
        number_span(of.score.low, of.score.high, places),
        wording.percent(of.score.rate),
        rank_text(of, language),
        mark(group, language),
    ]


def cross_rows(report: GroupReport, place: int, language: str) -> Iterator[Rows]:
    """Shares of the question at this place of the questionnaire, groups downwards."""
    codes = [row.code for row in report.everybody.questions[place].rows]
    tables = -(-len(codes) // OPTIONS_ACROSS)
    across = -(-len(codes) // max(tables, 1))
    for first in range(0, len(codes), across):
        chosen = slice(first, first + across)
        headings = [word("group", language), word("base", language), *codes[chosen]]
        rows = [
            _cross_row(group, place, chosen, language)
            for group in (report.everybody, *report.groups)
        ]
        count = len(headings) - 2
        name = min(NAMES_CM[1], PAGE_CM - NUMBER_CM - OPTION_CM * count)
        width = min((PAGE_CM - name - NUMBER_CM) / count, 2.2)
        yield headings, rows, [name, NUMBER_CM, *([width] * count)]


def _cross_row(group: Group, place: int, chosen: slice, language: str) -> list[str]:
    question = group.questions[place]
    shares = [wording.percent(row.cell.share) for row in question.rows[chosen]]
    name = group_name(group, language)
    few = mark(group, language)
    return [f"{name} *" if few else name, wording.count(question.base), *shares]


HEADINGS = {"span": "score_interval"}
