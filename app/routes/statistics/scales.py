"""信度效度: reliability and validity of the scale items of a questionnaire."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis.reports import scale_file
from app import problems
from app.request import columns, language, reading
from app.routes.choices import Choice, offered, read_statistics_choice, refused
from app.routes.downloads import send_grids
from app.routes.entry import enter
from app.routes.statistics import pages
from app.routes.statistics.crosstab import about_lines, unknown_side
from app.services import crosstabs
from app.services.crosstabs import Scaled, UnknownSideError

FILES = ("xlsx", "docx", "csv", "json")
SEVERAL = ("items", "reverse")
MOST_CODES = 200


@pages.get("/scales", endpoint="scales")
def show_scales(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = _choice(db, project)
        scaled = _scaled(db, project, choice)
        fields = offered(db, project)
    chosen = language()
    report = scaled.report if scaled else None
    return render_template(
        "statistics/scales.html",
        choice=choice,
        scaled=scaled,
        **fields,
        files=FILES,
        readings=list(scale_file.reading(report, chosen)) if report else [],
        grids=scale_file.scale_grids(report, chosen) if report else (),
        notes=scale_file.notes(chosen),
        picked={item.code for item in report.items} if report else set(),
        turned={item.code for item in report.items if item.reversed} if report else set(),
    )


@pages.get("/scales.<extension>", endpoint="scales_file")
def scales_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        choice = _choice(db, project)
        scaled = _scaled(db, project, choice)
    if scaled is None:
        raise problems.not_found()
    if scaled.report is None:
        why = scaled.refusal.text(language()) if scaled.refusal else ""
        raise refused(why)
    about = about_lines(project, choice, scaled.described)
    report = scale_file.scale_file(scaled.report, language(), about=about)
    return send_grids(project, report, extension)


def _choice(db: Any, project: Any) -> Choice:
    """A form sends `items` once per ticked box; links and files once, with commas."""
    given: MultiDict[str, str] = MultiDict()
    for name, values in request.args.lists():
        joined = [",".join(filter(None, values))] if name in SEVERAL else values
        given.setlist(name, joined)
    return read_statistics_choice(db, project, given, SEVERAL)


def _scaled(db: Any, project: Any, choice: Choice) -> Scaled | None:
    """None where nothing is published yet. Raises Problem 400.1."""
    if choice.published is None:
        return None
    items, reverse = (_codes(choice.arguments.get(name)) for name in SEVERAL)
    try:
        return crosstabs.scale(
            db, columns(), project, choice.published, items, reverse or (), choice.filters
        )
    except UnknownSideError as error:
        raise unknown_side(error) from None


def _codes(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    codes = tuple(code.strip() for code in text.replace("，", ",").split(",") if code.strip())
    if len(codes) > MOST_CODES:
        raise refused(_l("最多选 %(n)s 题", n=MOST_CODES))
    return codes or None
