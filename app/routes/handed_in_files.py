"""Files that tablets exported, brought by an evaluator: choose one, see what became of it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import problems
from app.problems import Problem
from app.request import actor, now, reading, writing
from app.routes.entry import enter
from app.routes.manage import pages
from app.services import outbox_files
from app.services.outbox_files import Imported

REFUSED = ("422.2", "422.10")


@pages.get("/projects/<slug>/devices/import")
def outbox_import(slug: str) -> ResponseReturnValue:
    with reading() as db:
        enter(db, slug, "manage_project")
    return _page(())


@pages.post("/projects/<slug>/devices/import")
def outbox_upload(slug: str) -> ResponseReturnValue:
    """All files, or none: the first that cannot be read is named, and nothing was stored."""
    try:
        return _page(_imported(slug))
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        return _page((), problem)


def _imported(slug: str) -> list[Imported]:
    given = [(file.read(), file.filename or "") for file in request.files.getlist("file")]
    with writing() as db:
        project = enter(db, slug, "manage_project")
        chosen = [outbox_files.read_file(content, name) for content, name in given if name]
        if not chosen:
            raise problems.faulty_values([_("请先选择文件（.json）")])
        return [outbox_files.take_in(db, now(), actor(), project, file) for file in chosen]


def _page(done: list[Imported] | tuple[()], problem: Problem | None = None) -> ResponseReturnValue:
    page = render_template("manage/outbox_import.html", done=done, problem=problem)
    return page, problem.status if problem else 200
