"""样本量: how many responses a survey needs, and which margins this one reaches."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from analysis.reports import planning_file
from app import problems
from app.request import language, reading
from app.routes.choices import refused
from app.routes.downloads import send_grids
from app.routes.entry import enter
from app.routes.statistics import pages, planning_form
from app.routes.statistics.planning_form import Asked
from app.services import planning
from app.services.planning import Planned

FILES = ("xlsx", "docx", "csv", "json")


@pages.route("/planning", methods=["GET", "POST"], endpoint="planning")
def show_planning(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        asked = planning_form.read(_given())
        planned = planning.plan(db, project, asked.figures)
    chosen = language()
    plan = None if asked.faults else planned.plan
    page = render_template(
        "statistics/planning.html",
        asked=asked,
        planned=planned,
        fields=planning_form.FIELDS,
        files=FILES,
        plan_lines=planning_file.plan_lines(plan, chosen) if plan else [],
        told=[*_told(asked, planned), *_compared(planned)],
        size_grid=planning_file.size_grid(plan.total, chosen) if plan else None,
        groups_grid=planning_file.groups_grid(plan, chosen) if plan and plan.groups else None,
        reached_grid=planning_file.reached_grid(planned.reached, chosen),
        note=planning_file.word("note", chosen),
    )
    return page, 400 if asked.faults else 200


@pages.route("/planning.<extension>", methods=["GET", "POST"], endpoint="planning_file")
def planning_download(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        asked = planning_form.read(_given())
        if asked.faults:
            raise refused(asked.faults[0])
        planned = planning.plan(db, project, asked.figures)
    report = planning_file.planning_file(
        planned.plan,
        planned.comparison,
        language(),
        told=tuple(_told(asked, planned)),
        of_project=planned.reached,
    )
    return send_grids(project, report, extension)


def _given() -> MultiDict[str, str]:
    """The form is posted though nothing is stored: hundreds of areas are too long for an address.
    A short one may stand in a link."""
    if request.method == "GET":
        return request.args
    return MultiDict((name, text) for name, text in request.form.items() if name != "csrf_token")


def _told(asked: Asked, planned: Planned) -> list[str]:
    """Besides the plan: the margin of the given number, and what cannot be computed."""
    figures, chosen = asked.figures, language()
    lines = []
    if figures.n is not None:
        population = planned.plan.population if planned.plan else figures.population
        given = (figures.assumptions, figures.n, population)
        lines.append(planning_file.margin_line(*given, chosen))
    if planned.refusal is not None:
        lines.append(planned.refusal.text(chosen))
    return lines


def _compared(planned: Planned) -> list[str]:
    found = planned.comparison
    return [] if found is None else planning_file.comparison_lines(found, language())
