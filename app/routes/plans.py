"""The scoring plan of one question: change it with a reason, see first what the score would be."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.plans import PRESETS, default_plan, levels, presets_for
from analysis.points import POINT_RULES
from app.problems import Problem
from app.request import actor, columns, now, reading, writing
from app.routes import plan_form
from app.routes.choices import refused
from app.routes.entry import enter
from app.routes.plan_form import PlanForm
from app.routes.results import pages
from app.routes.seen_version import seen_version
from app.services import questionnaires, score_reports, scoring

__all__ = ["pages"]


@pages.get("/plans/<reference>/<code>")
def plan(slug: str, reference: str, code: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        return _page(db, project, reference, code, None, None)


@pages.post("/plans/<reference>/<code>")
def change_plan(slug: str, reference: str, code: str) -> ResponseReturnValue:
    """Any button but the one that saves shows the page again with what was typed."""
    with reading() as db:
        project = enter(db, slug, "edit_plan")
        question = _question(db, project, reference, code)
        form = plan_form.of_posted(request.form, question)
        preset = request.form.get("preset", "")
        if preset:
            if preset not in presets_for(question):
                raise refused(_l("没有“%(value)s”这套预设", value=preset))
            form = form.with_preset(PRESETS[preset])
        if preset or "save" not in request.form:
            return _page(db, project, reference, code, form, None)
    try:
        _save(project, reference, code, form)
    except Problem as problem:
        if problem.status != 422:
            raise
        with reading() as db:
            return _page(db, project, reference, code, form, problem)
    flash(_("计分方案已保存为新版本"))
    return redirect(url_for("results.plan", slug=slug, reference=reference, code=code))


def _save(project: Any, reference: str, code: str, form: PlanForm) -> None:
    with writing() as db:
        published = questionnaires.find(db, project, reference)
        scoring.change(
            db,
            now(),
            actor(),
            project,
            published,
            code,
            form.as_data(),
            form.reason,
            based_on=seen_version(),
        )


def _question(db: Any, project: Any, reference: str, code: str) -> Any:
    return scoring.find_question(questionnaires.find(db, project, reference), code)


def _page(
    db: Any,
    project: Any,
    reference: str,
    code: str,
    form: PlanForm | None,
    problem: Problem | None,
) -> ResponseReturnValue:
    """The form with the score that it gives, beside the score under the plan in force."""
    published = questionnaires.find(db, project, reference)
    question = scoring.find_question(published, code)
    current = scoring.current(db, published).get(code)
    if form is None:
        form = plan_form.of_plan(current or default_plan(question, scoring.DEFAULT_POINTS))
    row = None
    try:
        typed = scoring.proposed(question, form.as_data())
        row = score_reports.preview(db, columns(), project, published, typed)
    except Problem as faults:
        problem = problem or faults
    in_force = None
    if current is not None:
        in_force = score_reports.preview(db, columns(), project, published, current)
    page = render_template(
        "results/plan.html",
        published=published,
        question=question,
        levels=levels(question),
        meanings={str(option.meaning) for option in question.options if option.meaning},
        current=current,
        form=form,
        row=row,
        in_force=in_force,
        problem=problem,
        presets=presets_for(question),
        rules=POINT_RULES,
        versions=scoring.versions(db, published, question),
    )
    return page, problem.status if problem else 200
