"""交叉分析: any question by any question or group, the overview of all, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from analysis import wording
from analysis.charts import Chart
from analysis.cross_values import ADJUSTMENTS, CrossTable
from analysis.reports import cross_words, grids
from analysis.reports.cross_report import (
    cross_report,
    mark,
    option_tests,
    overview_report,
    tests_grid,
)
from analysis.reports.grouping_names import Phrase, grouping_name
from analysis.reports.words import interval_choices
from app import problems
from app.request import audience_name, columns, language, reading
from app.routes.charts import send_chart
from app.routes.choices import Choice, offered, read_statistics_choice, refused
from app.routes.downloads import send_grids
from app.routes.entry import enter
from app.routes.statistics import pages
from app.services import charts, crosstabs
from app.services.crosstabs import Crossed, UnknownSideError, Wanted

FILES = ("xlsx", "docx", "csv", "json")
NAMES = ("rows", "columns", "layer", "shares", "adjust", "of", "interval", "substantive")
ALLOWED: dict[str, tuple[str, ...]] = {
    "shares": ("column", "row", "total", "every"),
    "adjust": tuple(ADJUSTMENTS),
    "of": ("cases", "mentions"),
    "substantive": ("1",),
}
"""What each argument may be; the first is the default."""


@pages.get("/crosstab", endpoint="crosstab")
def show_crosstab(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_statistics_choice(db, project, request.args, NAMES)
        crossed = _crossed(db, project, choice)
        fields = offered(db, project)
    return render_template(
        "statistics/crosstab.html",
        choice=choice,
        crossed=crossed,
        **fields,
        shares=choice.arguments.get("shares", "column"),
        intervals=interval_choices(language(), crossed.intervals) if crossed else {},
        files=FILES,
        chart=_chart(project, choice, crossed),
    )


@pages.get("/crosstab.<extension>", endpoint="crosstab_file")
def crosstab_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        choice = read_statistics_choice(db, project, request.args, NAMES)
        crossed = _crossed(db, project, choice)
    if crossed is None:
        raise problems.not_found()
    if crossed.refusal is not None:
        raise refused(crossed.refusal.text(language()))
    about = about_lines(project, choice, crossed.described)
    if crossed.table is not None:
        report = cross_report(crossed.table, language(), about=about)
    else:
        report = overview_report(crossed.overview, crossed.columns, language(), about=about)
    return send_grids(project, report, extension)


@pages.get("/crosstab/picture.<form>", endpoint="crosstab_picture")
def crosstab_picture(slug: str, form: str) -> ResponseReturnValue:
    """What the rows make up of each column; 404 where the page has no picture."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_statistics_choice(db, project, request.args, NAMES)
        chart = _chart(project, choice, _crossed(db, project, choice))
    if chart is None or choice.published is None:
        raise problems.not_found()
    return send_chart(chart, form, project, choice.published.questionnaire.reference)


def _chart(project: Any, choice: Choice, crossed: Crossed | None) -> Chart | None:
    if choice.published is None or crossed is None or crossed.table is None:
        return None
    questionnaire = choice.published.questionnaire
    return charts.of_crosstab(crossed.table, questionnaire, language(), project.practice)


def about_lines(project: Any, choice: Choice, described: tuple[Phrase, ...]) -> tuple[str, ...]:
    """Project, questionnaire and filters, then the design of the sample."""
    filters = choice.filters
    title = choice.published.questionnaire.title if choice.published else ""
    chosen = [
        audience_name(filters.audience) if filters.audience else "",
        choice.area.name if choice.area else "",
        f"{filters.since or '…'}–{filters.until or '…'}" if filters.since or filters.until else "",
    ]
    first = "　".join(part for part in (project.name, title, *chosen) if part)
    return (first, *design_lines(described))


def design_lines(described: tuple[Phrase, ...]) -> tuple[str, ...]:
    return tuple(sentence.text(language()) for sentence in described)


def _crossed(db: Any, project: Any, choice: Choice) -> Crossed | None:
    """None where nothing is published yet. Raises Problem 400.1."""
    given = choice.arguments
    check_allowed(given, ALLOWED)
    if choice.published is None:
        return None
    wanted = Wanted(
        rows=given.get("rows"),
        columns=given.get("columns"),
        layer=given.get("layer"),
        adjust=given.get("adjust", "holm"),
        of=given.get("of", "cases"),
        interval=choice.interval,
        substantive="substantive" in given,
    )
    try:
        return crosstabs.cross(db, columns(), project, choice.published, wanted, choice.filters)
    except UnknownSideError as error:
        raise unknown_side(error) from None


def check_allowed(given: dict[str, str], allowed: Mapping[str, tuple[str, ...]]) -> None:
    """Raises Problem 400.1 for the first argument that is none of what it may be."""
    for name, known in allowed.items():
        if name in given and given[name] not in known:
            raise refused(
                _l(
                    "“%(name)s”不能是“%(value)s”，可用：%(names)s",
                    name=name,
                    value=given[name][:60],
                    names=", ".join(known),
                )
            )


def unknown_side(error: UnknownSideError) -> problems.Problem:
    known = ", ".join(error.known)
    return refused(_l("没有“%(name)s”这一项，可用：%(known)s", name=error.name[:60], known=known))


@pages.app_context_processor
def _names() -> dict[str, Any]:
    chosen = language()
    return {
        "cross_word": lambda key, **details: cross_words.word(key, chosen, **details),
        "grouping_name": lambda key: grouping_name(key).text(chosen),
        "side_name": lambda side: cross_words.side_name(side, chosen),
        "verdict_of": lambda table: list(cross_words.verdict(table, chosen)),
        "warnings_of": lambda table: list(cross_words.warnings(table, chosen)),
        "cross_notes_of": lambda table: list(cross_words.notes(table, chosen)),
        "letters_of": cross_words.letters_of,
        "mark_of": mark,
        "overview_result": lambda row: cross_words.overview_verdict(row, chosen),
        "overview_test": lambda row: cross_words.overview_test(row, chosen),
        "test_grids": lambda table: _test_grids(table, chosen),
        "entry_text": grids.entry_text,
        "design_lines": design_lines,
        "p_text": wording.p_value,
        "is_figure": lambda entry: isinstance(entry, grids.Figure),
    }


def _test_grids(table: CrossTable, chosen: str) -> list[grids.Grid]:
    found = table.association
    shown = [tests_grid(found, "", chosen)]
    return [grid for grid in (*shown, option_tests(found, "", chosen)) if grid.rows]
