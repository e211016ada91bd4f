"""The report of a project as a Word document: which dataset, which template, the file."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.reports.formats import DOCX
from analysis.reports.report_template import default_template
from analysis.reports.report_values import TEXTS
from analysis.reports.template_check import missing_text
from analysis.reports.template_tags import TAGS
from app.problems import Problem
from app.request import columns, language, now, reading
from app.routes.choices import refused
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.routes.evaluation_request import upload
from app.services import freezing, report_documents, report_texts
from app.services.evaluation_versions import Upload

pages = Blueprint("report", __name__, url_prefix="/projects/<slug>/report")
LARGEST_NUMBER = 2**31 - 1


@pages.get("", endpoint="show")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.post("")
def make(slug: str) -> ResponseReturnValue:
    """The report as a file; what keeps it from being made is told on the page."""
    given = upload("template")
    organisation = request.form.get("organisation", "").strip()
    try:
        with reading() as db:
            project = enter(db, slug, "see_results")
            which = (project, _number())
            card = report_documents.scorecard_of(db, columns(), *which)
            report = report_documents.report_of(
                db, columns(), now(), *which, scorecard=card, organisation=organisation
            )
            own = given or report_texts.template_of(db, project)
            name = file_name(project, now(), "docx", _("评价报告"))
        content = report_documents.render(report, own)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(slug, organisation, problem)
    if missing := missing_note(given):
        flash(missing)  # shown on the next page: the answer is a file
    return send_whole(content, DOCX, name)


@pages.get("/template.docx")
def template_file(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        name = file_name(project, now(), "docx", _("报告模板"))
    return send_whole(default_template(), DOCX, name)


def missing_note(template: Upload | None) -> str:
    """What the template in use lacks, in the reader's language; empty if nothing."""
    missing = report_texts.missing_of(template)
    return missing_text(missing, language()) if missing else ""


def _number() -> int | None:
    """Of the dataset; empty for the data as they are now."""
    text = request.form.get("dataset", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 11) or int(text) > LARGEST_NUMBER:
        raise refused(_l("“%(value)s”不是数据集的编号", value=text[:40]))
    return int(text)


def _page(slug: str, organisation: str = "", problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        stored = report_texts.version_of(db, project)
        written = [tag for tag in TEXTS if stored and stored.texts.get(tag)]
        page = render_template(
            "report/report.html",
            frozen=freezing.all_frozen(db, project),
            tags=TAGS,
            organisation=organisation,
            stored=stored,
            missing=missing_note(report_texts.template_of(db, project)),
            unwritten=len(TEXTS) - len(written),
            written=len(written),
            problem=problem,
        )
    return page, problem.status if problem else 200
