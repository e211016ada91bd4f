"""抽样与加权: how a questionnaire's sample was drawn and is weighted, tried out, then stored."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis import wording
from analysis.sample_designs import SampleDesign
from app import problems
from app.problems import Problem
from app.request import actor, columns, now, reading, writing
from app.routes.choices import Choice, read_table_choice, refused
from app.routes.entry import enter
from app.routes.seen_version import seen_version
from app.routes.statistics import pages, weighting_form
from app.routes.statistics.weighting_form import WeightingForm
from app.services import questionnaires, sample_designs, weighting
from app.services.weighting import Asked

NAMES = ("questionnaire", "question")


@pages.get("/weighting", endpoint="weighting")
def show_weighting(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        return _page(db, project, None, None)


@pages.post("/weighting", endpoint="weighting_change")
def change_weighting(slug: str) -> ResponseReturnValue:
    """Any button but the one that saves shows the page again with what was typed."""
    form = weighting_form.of_posted(request.form)
    with reading() as db:
        project = enter(db, slug, "edit_plan")
        choice = _choice(db, project)
        if choice.published is None:
            raise problems.not_found()
        shown = _page(db, project, form, None)
        if "save" not in request.form or shown[1] != 200:
            return shown
    try:
        _save(project, choice, form)
    except Problem as problem:
        if problem.status != 422:
            raise
        with reading() as db:
            return _page(db, project, form, problem)
    flash(_("样本设计已保存为新版本"))
    return redirect(
        url_for(
            "statistics.weighting",
            slug=slug,
            questionnaire=request.args.get("questionnaire"),
            question=request.args.get("question"),
        )
    )


def _save(project: Any, choice: Choice, form: WeightingForm) -> None:
    design = sample_designs.proposed(form.as_data())
    with writing() as db:
        sample_designs.change(
            db,
            now(),
            actor(),
            project,
            choice.chosen[0],
            design,
            form.reason,
            based_on=seen_version(),
        )


def _page(
    db: Any, project: Any, form: WeightingForm | None, problem: Problem | None
) -> tuple[str, int]:
    """The form with what the typed design does, or what the one in force does."""
    choice = _choice(db, project)
    published = questionnaires.all_published(db, project)
    if choice.published is None:
        return render_template("statistics/weighting.html", choice=choice, published=published), 200
    in_force = sample_designs.current(db, project, choice.published)
    design, faults = (in_force, None) if form is None else _typed(form)
    shown = form or weighting_form.of_design(in_force)
    margins = tuple(margin.named for margin in shown.slots)
    asked = Asked(design, shown.strata, margins, _question(choice))
    view = weighting.view(db, columns(), project, choice.published, asked)
    if form is not None and view.refusal is not None:
        faults = problems.faulty_values([view.refusal])
    problem = problem or faults
    page = render_template(
        "statistics/weighting.html",
        choice=choice,
        published=published,
        in_force=in_force,
        form=shown,
        typed=form is not None,
        view=view,
        problem=problem,
        versions=sample_designs.versions(db, project, choice.published),
    )
    return page, problem.status if problem else 200


def _typed(form: WeightingForm) -> tuple[SampleDesign | None, Problem | None]:
    """None where it cannot be read, or where only the categories are wanted to be filled in."""
    if "list" in request.form:
        return None, None
    try:
        return sample_designs.proposed(form.as_data()), None
    except Problem as faults:
        return None, faults


def _choice(db: Any, project: Any) -> Choice:
    """The questionnaire of the address. Raises Problem 400.1."""
    arguments = request.args.copy()
    for name in arguments:
        if name not in NAMES:
            raise refused(_l("没有“%(name)s”这个参数", name=name))
    arguments.poplist("question")
    return read_table_choice(db, project, arguments)


def _question(choice: Choice) -> str:
    """A choice question of the questionnaire, or none. Raises Problem 400.1."""
    code = request.args.get("question", "").strip()
    known = choice.chosen[0].questionnaire.by_code
    if code and (code not in known or not known[code].is_choice):
        raise refused(_l("问卷中没有选择题“%(value)s”", value=code))
    return code


@pages.app_template_filter("with_sign")
def with_sign(value: float, scale: int = 1) -> str:
    """A difference, `+1.25` or `-0.40`; with scale 100 that of shares in percentage points."""
    return wording.signed_points(value) if scale == 100 else wording.signed(value * scale)
