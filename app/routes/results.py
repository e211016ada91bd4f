"""Pages for evaluators: overview, summary table, scores, and their files."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.reports.excel import render_xlsx
from analysis.reports.table_formats import SCORE_FORMATS, TABLE_FORMATS
from analysis.reports.words import interval_choices, word
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable
from analysis.tabulate import UnknownGroupingError
from app import problems
from app.request import actor, audience_name, columns, language, now, reading, writing
from app.routes.choices import Choice, offered, read_score_choice, read_summary_choice, refused
from app.routes.display import add_display
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.services import (
    charts,
    overview,
    questionnaires,
    reports,
    score_reports,
    scoring,
    transfer,
)

pages = Blueprint("results", __name__, url_prefix="/projects/<slug>")
add_display(pages)
TABLE_FILES = ("xlsx", "docx", "csv", "json")
SCORE_FILES = ("xlsx", "csv", "json")
KEPT_IN_MEMORY = 16 * 2**20


@pages.get("/overview", endpoint="overview")
def show_overview(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        progress = overview.progress(db, project)
        arrived = overview.arrived(db, columns(), project)
        chosen = [one.published for one in arrived]
        report = score_reports.score_report(db, columns(), project, chosen)
        chart = charts.of_progress(db, columns(), project, language())
    return render_template(
        "results/overview.html",
        progress=progress,
        progress_chart=chart,
        arrived=arrived,
        report=report,
    )


@pages.get("/summary", endpoint="summary")
def show_summary(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_summary_choice(db, project, request.args)
        table = summary_of(db, project, choice)
        fields = offered(db, project)
    return render_template(
        "results/summary.html",
        choice=choice,
        table=table,
        **fields,
        files=TABLE_FILES,
        intervals=interval_choices(language()),
    )


@pages.get("/summary.<extension>")
def summary_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in TABLE_FILES:
            raise problems.not_found()
        choice = read_summary_choice(db, project, request.args)
        table = summary_of(db, project, choice)
        scores = scores_of(db, project, choice) if extension == "xlsx" else None
    if table is None:
        raise problems.not_found()
    if extension == "xlsx":
        content = render_xlsx(table, language(), scores=scores)
    else:
        content = TABLE_FORMATS[extension].render(table, language())
    name = _named(project, choice, word("summary_table", language()), extension)
    return send_whole(content, TABLE_FORMATS[extension].media_type, name)


@pages.get("/scores", endpoint="scores")
def show_scores(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_score_choice(db, project, request.args)
        report = scores_of(db, project, choice)
        fields = offered(db, project)
        without = {
            one.questionnaire.reference: scoring.without_plan(db, one) for one in choice.chosen
        }
    return render_template(
        "results/scores.html",
        choice=choice,
        report=report,
        **fields,
        without=without,
        files=SCORE_FILES,
    )


@pages.get("/scores.<extension>")
def scores_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in SCORE_FILES:
            raise problems.not_found()
        choice = read_score_choice(db, project, request.args)
        report = scores_of(db, project, choice)
    content = SCORE_FORMATS[extension].render(report, language())
    name = _named(project, choice, word("scores", language()), extension)
    return send_whole(content, SCORE_FORMATS[extension].media_type, name)


@pages.get("/export.<extension>")
def export(slug: str, extension: str) -> ResponseReturnValue:
    """Raw data of one questionnaire; made whole before it is sent."""
    with writing() as db:
        project = enter(db, slug, "export")
        if extension not in EXPORTS:
            raise problems.not_found()
        name = request.args.get("questionnaire", "").strip()
        if not name:
            raise refused(_l("请用 questionnaire=… 指明导出哪份问卷"))
        published = questionnaires.find(db, project, name)
        with_texts = _flag("texts")
        transfer.begin_export(db, now(), actor(), project, published, with_texts=with_texts)
    with reading() as db:
        content = EXPORTS[extension](db, project, published, with_texts)
    reference = published.questionnaire.reference
    return send_whole(
        content,
        TABLE_FORMATS[extension].media_type,
        file_name(project, now(), extension, _("答卷原始数据"), reference),
    )


def summary_of(db: Any, project: Any, choice: Choice) -> SummaryTable | None:
    """None where nothing is published yet. Raises Problem 400.1 for an unknown grouping."""
    if choice.published is None:
        return None
    try:
        return reports.summary_table(
            db,
            columns(),
            project,
            choice.published,
            choice.filters,
            base=choice.base,
            by=choice.by,
            interval=choice.interval,
        )
    except UnknownGroupingError:
        raise _unknown_grouping(choice) from None


def scores_of(db: Any, project: Any, choice: Choice) -> ScoreReport:
    try:
        return score_reports.score_report(
            db, columns(), project, choice.chosen, choice.filters, by=choice.by
        )
    except UnknownGroupingError:
        raise _unknown_grouping(choice) from None


def _unknown_grouping(choice: Choice) -> problems.Problem:
    return refused(
        _l("不能按“%(value)s”分组，可用：audience、area 或选择题的代码（如 q01）", value=choice.by)
    )


def _flag(name: str) -> bool:
    value = request.args.get(name, "0")
    if value not in ("", "0", "1"):
        raise refused(_l("“%(name)s”只能是 0 或 1", name=name))
    return value == "1"


def _named(project: Any, choice: Choice, title: str, extension: str) -> str:
    published = choice.published
    filters = choice.filters
    between = f"{filters.since or ''}{_('至')}{filters.until or ''}"
    return file_name(
        project,
        now(),
        extension,
        title,
        published.questionnaire.reference if published else "",
        audience_name(filters.audience) if filters.audience else "",
        choice.area.name if choice.area else "",
        between if filters.since or filters.until else "",
    )


def _export_csv(db: Any, project: Any, published: Any, with_texts: bool) -> Any:
    """A file on disk once it is large."""
    handle = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    for line in transfer.csv_lines(db, project, published, with_texts=with_texts):
        handle.write(line.encode("utf-8", "backslashreplace"))
    handle.seek(0)
    return handle


def _export_xlsx(db: Any, project: Any, published: Any, with_texts: bool) -> bytes:
    return transfer.workbook_of(db, project, published, with_texts=with_texts)


EXPORTS = {"csv": _export_csv, "xlsx": _export_xlsx}
