"""The ledger: its page, its files, and the forms on paper that are entered there."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import problems
from app.problems import Problem
from app.request import actor, audience_name, language, now, reading, writing
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.routes.fieldwork import audience_of, pages
from app.services import areas, ledger, ledger_files, ledger_words
from app.services.ledger import OUTCOMES, RATES
from app.services.ledger_files import LEDGER_FORMATS
from app.services.sheet_rows import whole_number
from surveys.definition import Audience

FILES = ("xlsx", "csv", "json")
GIVEN = ("area", "audience", "quantity")


@pages.get("/ledger", endpoint="ledger")
def show_ledger(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.get("/ledger.<extension>")
def ledger_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        found = ledger.of_project(db, now(), project, _chosen())
    made = LEDGER_FORMATS[extension]
    name = ledger_words.word("ledger", language())
    about = audience_name(found.audience) if found.audience else ""
    content = made.render(found, language())
    return send_whole(content, made.media_type, file_name(project, now(), extension, name, about))


@pages.post("/ledger/paper")
def paper_forms(slug: str) -> ResponseReturnValue:
    given = {name: request.form.get(name, "").strip() for name in GIVEN}
    audience, quantity = audience_of(given["audience"]), whole_number(given["quantity"])
    try:
        with writing() as db:
            project = enter(db, slug, "review")
            ledger.set_paper_forms(db, now(), actor(), project, given["area"], audience, quantity)
    except Problem as problem:
        if not problem.lines:
            raise
        return _page(slug, problem, given)
    flash(_("纸质问卷份数已保存"))
    return redirect(url_for("fieldwork.ledger", slug=slug, _anchor="paper"), 303)


def _page(
    slug: str, problem: Problem | None = None, given: dict[str, Any] | None = None
) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        found = ledger.of_project(db, now(), project, _chosen())
        places = areas.tree(areas.all_areas(db, project))
        paper = ledger.paper_forms(db, project)
    chosen = language()
    page = render_template(
        "fieldwork/ledger.html",
        ledger=found,
        places=places,
        paper=paper,
        audiences=list(Audience),
        outcomes=OUTCOMES,
        rates=RATES,
        files=("xlsx", "csv"),
        problem=problem,
        given=given or {},
        word=lambda key, **details: ledger_words.word(key, chosen, **details),
        definitions=ledger_words.definitions(chosen),
        name_of=lambda table, row: ledger_files.row_name(table, row, chosen),
    )
    return page, problem.status if problem else 200


def _chosen() -> Audience | None:
    given = request.args.get("audience", "")
    return audience_of(given) if given else None
