"""The pictures of a report by group: those that compare the groups, and those of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.charts import (
    Chart,
    Dot,
    dot_pages,
    option_bars,
    render,
    scale_bars,
    stacked_by_group,
)
from analysis.charts.words import word as chart_word
from analysis.group_report import GroupReport
from analysis.group_scores import GroupScore, ScoredQuestion
from analysis.reports.group_words import group_name, word
from analysis.table import Group, QuestionTable
from surveys.definition import Kind

MOST_DETAILED = 30
"""Groups up to which each has its multiple choices drawn, and a question its bar per group: a
picture takes a twelfth of a second, and a page with more bars is not read."""
MOST_TOGETHER = 40
"""Pictures that compare the groups; a questionnaire may have hundreds of questions."""
PER_PICTURE = 10
"""Scale questions in one picture, so that its letters stay readable on a page."""


@dataclass(frozen=True)
class Painted:
    """A chart with its PNG of 300 dpi."""

    chart: Chart
    png: bytes


Pictures = Callable[[int | None], Sequence[Painted]]
"""Is given the place of a group in its report, or None for all groups together."""


def no_pictures(place: int | None) -> Sequence[Painted]:
    return ()


class GroupPictures:
    """Paints each picture once, when it is first asked for, though two files need it."""

    def __init__(self, report: GroupReport, language: str = "zh") -> None:
        self.report, self.language = report, language
        self._done: dict[int | None, tuple[Painted, ...]] = {}

    def __call__(self, place: int | None) -> Sequence[Painted]:
        if place not in self._done:
            charts = charts_of(self.report, place, self.language)
            self._done[place] = tuple(Painted(chart, render(chart, "png")) for chart in charts)
        return self._done[place]


def charts_of(report: GroupReport, place: int | None, language: str = "zh") -> list[Chart]:
    """What is drawn of one group, or of all of them together (None); without empty charts.

    With many groups a group has only its scale questions; `few_pictures` says so to a reader.
    """
    if place is None:
        return [chart for chart in _together(report, language) if not chart.is_empty][
            :MOST_TOGETHER
        ]
    group = report.groups[place]
    name = group_name(group, language)
    drawn = [*_judged(report, group, language)]
    if len(report.groups) <= MOST_DETAILED:
        drawn += _chosen(report, group, language)
    colon = chart_word("colon", language)
    return [replace(c, title=f"{name}{colon}{c.title}") for c in drawn if not c.is_empty]


def few_pictures(report: GroupReport, language: str) -> str:
    """Which pictures a report on many groups goes without; empty where it has them all."""
    if len(report.groups) <= MOST_DETAILED:
        return ""
    return word("few_pictures", language, most=MOST_DETAILED)


def _together(report: GroupReport, language: str) -> Iterator[Chart]:
    for question in report.scores:
        yield from _dots(report, question, language)
    yield from _judged(report, report.everybody, language)
    if len(report.groups) <= MOST_DETAILED:
        yield from _stacked(report, language)
    yield from _chosen(report, report.everybody, language)


def _dots(report: GroupReport, question: ScoredQuestion, language: str) -> Sequence[Chart]:
    """The score of each group that has one; a single dot compares nothing."""
    both = zip(report.groups, question.groups, strict=True)
    known = [(group, of) for group, of in both if of.score.score is not None]
    if len(known) < 2:
        return ()
    colon, score = (chart_word(key, language) for key in ("colon", "score"))
    return dot_pages(
        [_dot(group_name(group, language), of) for group, of in known],
        title=f"{question.text}{colon}{score}",
        unit=chart_word("points_unit", language),
        language=language,
        overall=_dot(word("overall", language), question.everybody),
        simulated=report.table.simulated,
    )


def _dot(name: str, of: GroupScore) -> Dot:
    score = of.score
    value = None if score.score is None else float(score.score)
    return Dot(name, value, score.low, score.high, score.base)


def _judged(report: GroupReport, group: Group, language: str) -> Iterator[Chart]:
    """Scale questions and those with a scoring plan, ten to a picture."""
    shown = [q for q in _scales(report, group) if q.base]
    for first in range(0, len(shown), PER_PICTURE):
        some = shown[first : first + PER_PICTURE]
        yield scale_bars(some, language, simulated=report.table.simulated)


def _scales(report: GroupReport, group: Group) -> list[QuestionTable]:
    planned = {question.plan.question for question in report.scores}
    return [q for q in group.questions if q.rows and (q.kind is Kind.SCALE or q.code in planned)]


def _stacked(report: GroupReport, language: str) -> Iterator[Chart]:
    named = (replace(g, label=group_name(g, language)) for g in report.groups)
    table = replace(report.table, groups=tuple(named))
    for question in _scales(report, report.everybody):
        if question.code != table.grouped_by:
            yield stacked_by_group(table, question.code, language, is_scale=True)


def _chosen(report: GroupReport, group: Group, language: str) -> Iterator[Chart]:
    for question in group.questions:
        if question.kind is Kind.MULTIPLE:
            yield option_bars(question, group.n, language, simulated=report.table.simulated)
