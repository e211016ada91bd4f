"""The page on data quality: what each check found, what excluding would change, excluding."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.problems import Problem
from app.request import actor, columns, flags, now, reading, writing
from app.routes.choices import refused
from app.routes.entry import enter
from app.routes.review import LONGEST_REASON
from app.routes.statistics import pages
from app.routes.statistics.quality_choice import (
    QualityChoice,
    read_ids,
    read_quality_choice,
    threshold_rows,
)
from app.services import areas, quality, quality_effects, questionnaires
from app.services.quality import PAGE


@pages.get("/quality", endpoint="quality")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.post("/quality", endpoint="quality_exclude")
def exclude(slug: str) -> ResponseReturnValue:
    """Weigh the ticked responses (`do=weigh`), or exclude them (`do=exclude`)."""
    with reading() as db:
        enter(db, slug, "review")
    do, ids = request.form.get("do", ""), read_ids(request.form.getlist("response"))
    if do not in ("weigh", "exclude"):
        raise refused(_l("操作只能是“试算”或“剔除”"))
    if do == "weigh":
        return _page(slug, ids=ids)
    try:
        with writing() as db:
            project = enter(db, slug, "review")
            reason = request.form.get("reason", "")[:LONGEST_REASON]
            done = quality_effects.exclude(db, now(), actor(), project, ids, reason)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(slug, problem=problem, ids=ids)
    flash(_("已剔除 %(n)s 份；每份的理由记在操作记录里，可在该答卷页改回", n=done))
    kept: dict[str, Any] = request.args.to_dict(flat=False)
    return redirect(url_for("statistics.quality", slug=slug, **kept))


def _page(slug: str, problem: Problem | None = None, ids: Any = ()) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_quality_choice(db, project, request.args)
        shared = {
            "choice": choice,
            "places": areas.tree(areas.all_areas(db, project)),
            "published": questionnaires.all_published(db, project),
            "thresholds": threshold_rows(choice.thresholds),
            "ticked": {str(one) for one in ids},
            "reason": request.form.get("reason", ""),
        }
        found = {} if choice.published is None else _found(db, project, choice)
        if choice.published is not None and ids:
            try:
                found["weighed"] = _weighed_ticks(db, project, choice, ids)
            except Problem as unfit:
                if unfit.status != 422:
                    raise
                problem = problem or unfit
    page = render_template("statistics/quality.html", problem=problem, **shared, **found)
    return page, problem.status if problem else 200


def _found(db: Any, project: Any, choice: QualityChoice) -> dict[str, Any]:
    filters = choice.table.filters
    checked = quality.check(
        db, columns(), flags(), project, choice.published, filters, choice.thresholds
    )
    codes = [choice.flag] if choice.flag else []
    lines = quality.lines(db, project, checked, codes, choice.after, PAGE + 1)
    weighed = None
    if choice.without:
        weighed = quality_effects.weigh_flagged(
            db, columns(), project, choice.published, checked, choice.without, filters
        )
    return {
        "counts": checked.counts(),
        "n_flagged": checked.n_flagged(codes),
        "n_any": checked.n_flagged(),
        "lines": lines[:PAGE],
        "further": lines[PAGE - 1].place if len(lines) > PAGE else None,
        "people": quality.people(checked),
        "weighed": weighed,
    }


def _weighed_ticks(db: Any, project: Any, choice: QualityChoice, ids: Any) -> Any:
    return quality_effects.weigh_ticked(
        db, columns(), actor(), project, choice.published, ids, choice.table.filters
    )
