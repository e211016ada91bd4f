"""Pages of the audit: what cannot be right in a report, a shipped one or the project itself."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.audit.render import RENDERERS
from analysis.reports.formats import JSON, TEXT
from app import problems
from app.problems import Problem
from app.request import columns, language, now, reading
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.services import audits
from app.services.audits import Audited

pages = Blueprint("audit", __name__, url_prefix="/projects/<slug>/audit")
OWN = "own"
KINDS = {"txt": ("text", TEXT), "json": ("json", JSON)}
YAML = "application/yaml; charset=utf-8"
LONGEST_KEPT = 300_000
"""Characters of an uploaded report that its result page carries along for the downloads."""


@pages.get("", endpoint="show")
def show(slug: str) -> ResponseReturnValue:
    """The choice, and with `report` the findings of a shipped report or of the project itself."""
    chosen = request.args.get("report", "")
    try:
        found = _chosen(slug, chosen)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(slug, None, problem=problem)
    return _page(slug, found, chosen=chosen)


@pages.get("/findings.<extension>")
def findings_file(slug: str, extension: str) -> ResponseReturnValue:
    found = _chosen(slug, request.args.get("report", ""))
    if found is None:
        raise problems.not_found()
    return _file(slug, found, extension)


@pages.get("/reports/<name>.yaml")
def report_file(slug: str, name: str) -> ResponseReturnValue:
    """A shipped report as it is described, to copy the format from."""
    with reading() as db:
        enter(db, slug, "see_results")
    return send_whole(audits.shipped_file(name), YAML, f"{name}.yaml")


@pages.post("")
def upload(slug: str) -> ResponseReturnValue:
    """A report as a file, or the text of one that was shown, to be downloaded as findings."""
    with reading() as db:
        enter(db, slug, "see_results")
    name, content = _given()
    try:
        if not name:
            raise problems.faulty_values([_("请先选择文件（REPORT.yaml）")])
        found = audits.of_file(content, name)
    except Problem as problem:
        return _page(slug, None, problem=problem)
    if "download" in request.form:
        return _file(slug, found, request.form["download"])
    text = content.decode("utf-8-sig")
    kept = text if len(text) <= LONGEST_KEPT else ""
    return _page(slug, found, name=name, content=kept)


def _given() -> tuple[str, bytes]:
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.filename, file.read()
    return request.form.get("name", ""), request.form.get("content", "").encode()


def _chosen(slug: str, chosen: str) -> Audited | None:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if chosen == OWN:
            return audits.of_project(db, columns(), project)
    return audits.of_shipped(chosen) if chosen else None


def _page(
    slug: str,
    found: Audited | None,
    *,
    chosen: str = "",
    name: str = "",
    content: str = "",
    problem: Problem | None = None,
) -> ResponseReturnValue:
    with reading() as db:
        enter(db, slug, "see_results")
    page = render_template(
        "audit/audit.html",
        found=found,
        chosen=chosen,
        name=name,
        content=content,
        shipped=audits.shipped_titles(),
        own=OWN,
        problem=problem,
    )
    return page, problem.status if problem else 200


def _file(slug: str, found: Audited, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in KINDS:
            raise problems.not_found()
        renderer, media_type = KINDS[extension]
        name = file_name(project, now(), extension, _("核对结果"), found.report.title)
    content = RENDERERS[renderer](found.report, found.findings, language())
    return send_whole(content.encode(), media_type, name)
