"""Pages for looking at single responses and deciding on them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.problems import Problem
from app.request import actor, columns, flags, now, reading, writing
from app.routes.choices import refused
from app.routes.entry import enter
from app.services import inspection, log, quality, quarantine, questionnaires, review
from app.services.inspection import Status
from app.services.review import PAGE

pages = Blueprint("review", __name__, url_prefix="/projects/<slug>")
LONGEST_REASON = 1000


@pages.get("/responses")
def responses(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        status = _status(request.args.get("status", ""))
        return _list(db, project, status, "review/responses.html")


@pages.get("/queue")
def queue(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        n_aside = quarantine.count_waiting(db, project)
        return _list(db, project, Status.NEEDS_REVIEW, "review/queue.html", n_aside=n_aside)


@pages.get("/responses/<uuid:response_id>")
def detail(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "review")
        response = review.find(db, actor(), project, response_id)
        log.record(db, now(), actor(), "response.view", str(response.id), project)
    return _detail(slug, response_id, None)


@pages.post("/responses/<uuid:response_id>/decision")
def decide(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    status = request.form.get("status", "")
    if status not in (Status.ACCEPTED.value, Status.EXCLUDED.value):
        raise refused(_l("处理结果只能是“计入”或“剔除”"))

    def act(db: Any, project: Any, published: Any, response: Any) -> None:
        review.decide(db, now(), actor(), project, published, response, Status(status), reason())

    done = _("已计入") if status == Status.ACCEPTED.value else _("已剔除")
    return _decided(slug, response_id, act, done)


@pages.post("/responses/<uuid:response_id>/revision")
def choose(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    number = request.form.get("number", type=int)
    if number is None:
        raise refused(_l("请指明采用哪一份内容"))

    def act(db: Any, project: Any, published: Any, response: Any) -> None:
        review.choose(db, now(), actor(), project, published, response, number, reason())

    return _decided(slug, response_id, act, _("已改用所选内容"))


def _decided(slug: str, response_id: uuid.UUID, act: Any, done: str) -> ResponseReturnValue:
    """Do it in one transaction; a refusal (no reason …) shows the page again with its text."""
    try:
        with writing() as db:
            project = enter(db, slug, "review")
            response = review.find(db, actor(), project, response_id)
            published = questionnaires.by_id(db, response.questionnaire_id)
            act(db, project, published, response)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _detail(slug, response_id, problem)
    flash(done)
    return redirect(url_for("review.detail", slug=slug, response_id=response_id))


def _detail(slug: str, response_id: uuid.UUID, problem: Problem | None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        response = review.find(db, actor(), project, response_id)
        seen = inspection.inspect(db, project, response)
        effects = inspection.effects_of_deciding(db, columns(), project, seen)
        notes = quality.notes(db, columns(), flags(), project, [response])
        waiting = review.list_responses(db, actor(), project, status=Status.NEEDS_REVIEW, limit=2)
    page = render_template(
        "review/detail.html",
        seen=seen,
        effects=effects,
        quality_notes=notes.get(response.id, ()),
        problem=problem,
        reason=typed_reason(),
        waiting=[line.response for line in waiting if line.response.id != response.id],
    )
    return page, problem.status if problem else 200


def _list(
    db: Any, project: Any, status: Status | None, template: str, **more: Any
) -> ResponseReturnValue:
    """One page; one response more than it holds tells whether there are older ones."""
    code = request.args.get("code", "").strip()
    lines = review.list_responses(
        db,
        actor(),
        project,
        status=status,
        code=code,
        before=_before(request.args.get("before", "")),
        limit=PAGE + 1,
    )
    shown = [line.response for line in lines[:PAGE]]
    return render_template(
        template,
        lines=lines[:PAGE],
        quality_notes=quality.notes(db, columns(), flags(), project, shown),
        older=lines[PAGE - 1].response.arrival_no if len(lines) > PAGE else None,
        status=status.value if status else "",
        statuses=list(Status),
        code=code,
        paged="before" in request.args,
        **more,
    )


def _status(text: str) -> Status | None:
    if text and text not in {status.value for status in Status}:
        known = _("、").join(status.value for status in Status)
        raise refused(_l("没有“%(value)s”这种状态，可用：%(known)s", value=text, known=known))
    return Status(text) if text else None


def _before(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise refused(_l("翻页位置“%(value)s”不是数字", value=text))
    return int(text) if text else None


def typed_reason() -> str:
    return request.form.get("reason", "")


def reason() -> str:
    return typed_reason()[:LONGEST_REASON]
