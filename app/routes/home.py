"""The first page: the projects that a person works on."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.request import actor, reading
from app.services import projects as project_service

pages = Blueprint("home", __name__)


@pages.get("/")
def projects() -> ResponseReturnValue:
    with reading() as db:
        visible = project_service.visible(db, actor())
    return render_template("home/projects.html", projects=visible)


@pages.get("/projects/<slug>/")
def project(slug: str) -> ResponseReturnValue:
    """Evaluators get the overview, enumerators the page where they begin an interview."""
    page = "results.overview" if actor().may("see_results") else "collect.begin"
    return redirect(url_for(page, slug=slug))


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    with reading() as db:
        project_service.count(db)
    return {"status": "ok"}
