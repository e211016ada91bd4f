"""What programs read of a project's results; the same JSON as the command prints."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from analysis.reports.json_file import render_json
from app import problems
from app.request import reading
from app.routes.choices import read_summary_choice
from app.routes.entry import enter
from app.routes.results import summary_of

pages = Blueprint("api", __name__, url_prefix="/api/v1")


@pages.get("/projects/<slug>/summary.json")
def summary(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        table = summary_of(db, project, read_summary_choice(db, project, request.args))
    if table is None:
        raise problems.not_found()
    return Response(render_json(table), mimetype="application/json")
