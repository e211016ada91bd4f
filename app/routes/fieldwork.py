"""Pages on fieldwork: who does how many interviews where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.reports.formats import XLSX
from app import problems
from app.problems import Problem
from app.request import actor, now, reading, writing
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.services import accounts, areas, assignment_sheets, assignments
from app.services.sheet_rows import whole_number
from surveys.definition import Audience

pages = Blueprint("fieldwork", __name__, url_prefix="/projects/<slug>")
GIVEN = ("username", "area", "audience", "quantity")


@pages.get("/assignments", endpoint="assignments")
def show_assignments(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.post("/assignments")
def assign(slug: str) -> ResponseReturnValue:
    given = {name: request.form.get(name, "").strip() for name in GIVEN}
    audience, quantity = audience_of(given["audience"]), whole_number(given["quantity"])
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            place = (given["username"], given["area"], audience)
            assignments.assign(db, now(), actor(), project, *place, quantity)
    except Problem as problem:
        return _refused(slug, problem, given)
    flash(_("任务已保存") if quantity else _("任务已取消"))
    return redirect(url_for("fieldwork.assignments", slug=slug), 303)


@pages.post("/assignments/import")
def assignments_upload(slug: str) -> ResponseReturnValue:
    file = request.files.get("file")
    name = (file.filename or "") if file else ""
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            if not file or not name:
                raise problems.faulty_values([_("请先选择文件（.xlsx 或 .csv）")])
            rows = assignments.import_sheet(db, now(), actor(), project, file.read(), name)
    except Problem as problem:
        return _refused(slug, problem, {})
    flash(_("已导入 %(n)s 行任务", n=rows))
    return redirect(url_for("fieldwork.assignments", slug=slug), 303)


@pages.get("/assignments.xlsx")
def assignments_template(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        content = assignment_sheets.workbook(db, project)
    return send_whole(content, XLSX, file_name(project, now(), "xlsx", _("任务分配")))


def audience_of(text: str) -> Audience:
    """Raises Problem 400.1: it comes from a list of choices."""
    if text not in {audience.value for audience in Audience}:
        raise problems.bad_request("audience")
    return Audience(text)


def _refused(slug: str, problem: Problem, given: dict[str, str]) -> ResponseReturnValue:
    if not problem.lines:
        raise problem
    return _page(slug, problem, given)


def _page(
    slug: str, problem: Problem | None = None, given: dict[str, Any] | None = None
) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        found = assignments.targets(db, project)
        places = areas.tree(areas.all_areas(db, project))
        people = [user for user in accounts.members(db, project) if user.active]
    page = render_template(
        "fieldwork/assignments.html",
        targets=found,
        places=places,
        people=people,
        audiences=list(Audience),
        problem=problem,
        given=given or {},
    )
    return page, problem.status if problem else 200
