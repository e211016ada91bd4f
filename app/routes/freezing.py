"""Pages of frozen datasets: freeze, see what came later, and the tables of what was frozen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.reports.formats import JSON
from analysis.reports.table_formats import SCORE_FORMATS, TABLE_FORMATS
from analysis.reports.words import word
from app import problems
from app.problems import Problem
from app.request import actor, columns, language, now, reading, writing
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.services import freezing, frozen_tables
from app.services.evaluation_versions import version_of
from app.services.frozen_evaluations import evaluation_since

pages = Blueprint("freezing", __name__, url_prefix="/projects/<slug>/datasets")
NUMBER = "int(min=1, max=2147483647):number"
TABLE_FILES = ("xlsx", "docx", "csv", "json")
SCORE_FILES = ("xlsx", "csv", "json")


@pages.get("", endpoint="datasets")
def show_datasets(slug: str) -> ResponseReturnValue:
    return _list(slug)


@pages.post("", endpoint="freeze")
def freeze_now(slug: str) -> ResponseReturnValue:
    note = request.form.get("note", "")
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            frozen = freezing.freeze(db, now(), actor(), project, note)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _list(slug, note, problem)
    flash(_("数据集 %(n)s 已冻结；内容没有变化时不会重复冻结", n=frozen.number))
    return redirect(url_for("freezing.dataset", slug=slug, number=frozen.number), 303)


@pages.get(f"/<{NUMBER}>", endpoint="dataset")
def show_dataset(slug: str, number: int) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        frozen = freezing.find(db, project, number)
        manifest = freezing.manifest(db, project, number)
        since = freezing.since(db, columns(), project, manifest)
        newest = version_of(db, project)
        evaluation = evaluation_since(db, columns(), project, number)
    return render_template(
        "report/dataset.html",
        frozen=frozen,
        evaluation=evaluation,
        since=since,
        pinned=manifest.scorecard,
        newest=newest.number if newest else None,
        table_files=TABLE_FILES,
        score_files=SCORE_FILES,
    )


@pages.get(f"/<{NUMBER}>/manifest.json")
def manifest_file(slug: str, number: int) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        text = freezing.manifest_text(db, project, number)
        name = file_name(project, now(), "json", _named(number), _("清单"))
    return send_whole(text.encode(), JSON, name)


@pages.get(f"/<{NUMBER}>/summary.<extension>")
def frozen_summary_file(slug: str, number: int, extension: str) -> ResponseReturnValue:
    """The summary table of one questionnaire, `?questionnaire=slug@version`."""
    reference = request.args.get("questionnaire", "")
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in TABLE_FILES:
            raise problems.not_found()
        manifest = freezing.manifest(db, project, number)
        table = frozen_tables.summary_table(db, project, manifest, reference)
        title = word("summary_table", language())
        name = file_name(project, now(), extension, _named(number), title, reference)
    chosen = TABLE_FORMATS[extension]
    return send_whole(chosen.render(table, language()), chosen.media_type, name)


@pages.get(f"/<{NUMBER}>/scores.<extension>")
def frozen_scores_file(slug: str, number: int, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in SCORE_FILES:
            raise problems.not_found()
        manifest = freezing.manifest(db, project, number)
        report = frozen_tables.score_report(db, project, manifest)
        title = word("scores", language())
        name = file_name(project, now(), extension, _named(number), title)
    chosen = SCORE_FORMATS[extension]
    return send_whole(chosen.render(report, language()), chosen.media_type, name)


def _list(slug: str, note: str = "", problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        frozen = freezing.all_frozen(db, project)
    page = render_template("report/datasets.html", frozen=frozen, note=note, problem=problem)
    return page, problem.status if problem else 200


def _named(number: Any) -> str:
    return str(_("数据集%(n)s", n=number))
