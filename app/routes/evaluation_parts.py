"""Pages of the evaluation: its sub-projects with their weights, and the printed figures."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.evaluation.report import ScorecardReport
from analysis.wording import plain_number
from app import problems
from app.problems import Problem
from app.request import actor, columns, now, reading, writing
from app.routes import evaluation_forms as forms
from app.routes.entry import enter
from app.routes.evaluation import pages
from app.routes.evaluation_request import change, part_number, typed_wrong
from app.services import evaluation_parts, evaluations
from app.services.evaluation_inputs import scored
from app.services.evaluation_parts import PartRow, part_data, part_name, parts_of
from app.services.evaluation_versions import version_of

SPARE_ROWS = 3


@pages.get("/sub-projects", endpoint="parts")
def show_parts(slug: str) -> ResponseReturnValue:
    return _parts_page(slug)


@pages.post("/sub-projects", endpoint="change_parts")
def change_parts(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            rows = _rows_of(request.form)
            evaluation_parts.change_parts(db, now(), actor(), project, rows, change())
    except Problem as problem:
        return _parts_page(slug, typed_wrong(problem))
    flash(_("子项目已保存为新版本"))
    return redirect(url_for("evaluation.scorecard", slug=slug), 303)


@pages.get("/printed", endpoint="printed")
def show_printed(slug: str) -> ResponseReturnValue:
    return _printed_page(slug)


@pages.post("/printed", endpoint="change_printed")
def change_printed(slug: str) -> ResponseReturnValue:
    part = part_number()
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            raw = forms.printed_of(request.form, _headings(db, project, part))
            evaluations.change_printed(db, now(), actor(), project, raw, change(), part=part)
    except Problem as problem:
        return _printed_page(slug, typed_wrong(problem))
    flash(_("公布数已保存为新版本"))
    return redirect(url_for("evaluation.printed", slug=slug, part=part), 303)


def _parts_page(slug: str, problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project)
        if version is None:
            raise problems.not_found()
        known = parts_of(version)
        page = render_template(
            "evaluation/parts.html",
            version=version,
            known=known,
            rows=_typed_rows(request.form) if problem else _rows(known),
            report=scored(db, columns(), project, version).report,
            problem=problem,
        )
    return page, problem.status if problem else 200


def _printed_page(slug: str, problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project)
        if version is None:
            raise problems.not_found()
        part = part_number()
        raw = part_data(version, part).get("printed") or {}
        report: Any = scored(db, columns(), project, version).report
        if part:
            report = report.parts[part - 1]
        sums = {sub.indicator.name: sub for sub in reversed(_sums(report))}
        headings = _headings(db, project, part)
        page = render_template(
            "evaluation/printed.html",
            version=version,
            part=part,
            part_name=part_name(version, part),
            parts=parts_of(version),
            report=report,
            headings=list(dict.fromkeys(headings)),
            sums=sums,
            raw=forms.typed_printed(request.form, headings) if problem else raw,
            is_filled=bool(raw),
            problem=problem,
        )
    return page, problem.status if problem else 200


def _headings(db: Any, project: Any, part: int | None) -> list[str]:
    """Names of the headings that have sums; as the fields of the form are numbered.

    All sub-projects together have none.
    """
    version = version_of(db, project)
    if version is None:
        raise problems.not_found()
    is_whole = part is None and parts_of(version)
    return [] if is_whole else evaluations.headings_of(db, version)


def _sums(report: Any) -> tuple[Any, ...]:
    return report.card.sub_totals if isinstance(report, ScorecardReport) else ()


def _rows_of(form: Any) -> list[PartRow]:
    """As typed, without the lines that were emptied."""
    typed = [row for row in _typed_rows(form) if row["name"].strip()]
    return [
        PartRow(row["name"].strip(), plain_number(row["weight"]), _place(row["was"]))
        for row in typed
    ]


def _place(text: str) -> int | None:
    """0 is no place of anything: what is no number is refused as such."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _typed_rows(form: Any) -> list[dict[str, str]]:
    count = evaluation_parts.MOST_PARTS + SPARE_ROWS
    names = ("name", "weight", "was")
    rows = [{name: form.get(f"part-{n}-{name}", "") for name in names} for n in range(count)]
    return [row for row in rows if any(row.values())] + [_EMPTY]


def _rows(known: list[dict[str, Any]]) -> list[dict[str, str]]:
    filled = [
        {"name": part["name"], "weight": str(part["weight"]), "was": str(place)}
        for place, part in enumerate(known, start=1)
    ]
    return [*filled, *(_EMPTY for _spare in range(SPARE_ROWS if filled else 5))]


_EMPTY = {"name": "", "weight": "", "was": ""}
