"""Correcting the answers of a response: a revision with a reason; what was there is kept."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.forms import AnswerForm, form_class, raw_answers
from app.problems import Problem
from app.request import actor, language, now, reading, writing
from app.routes.entry import enter
from app.routes.review import pages, reason, typed_reason
from app.services import questionnaires, review
from surveys.definition import Audience

__all__ = ["pages"]


@pages.get("/responses/<uuid:response_id>/correction")
def correction(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        response = review.find(db, actor(), project, response_id)
        form = _form(db, response)(answers=response.answers)
    return _page(response, form, None)


@pages.post("/responses/<uuid:response_id>/correction")
def correct(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        response = review.find(db, actor(), project, response_id)
        form = _form(db, response)(request.form)
    form.complain(form.check().complaints, language())
    if form.faults:
        return _page(response, form, None)
    try:
        _store(slug, response_id, form)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(response, form, problem)
    flash(_("已更正；原来的内容留作记录"))
    return redirect(url_for("review.detail", slug=slug, response_id=response_id))


def _store(slug: str, response_id: uuid.UUID, form: AnswerForm) -> None:
    with writing() as db:
        project = enter(db, slug, "review")
        response = review.find(db, actor(), project, response_id)
        published = questionnaires.by_id(db, response.questionnaire_id)
        answers = raw_answers(form)
        review.correct(db, now(), actor(), project, published, response, answers, reason())


def _form(db: Any, response: Any) -> type[AnswerForm]:
    audience = Audience(response.audience) if response.audience else None
    return form_class(questionnaires.by_id(db, response.questionnaire_id).questionnaire, audience)


def _page(response: Any, form: AnswerForm, problem: Problem | None) -> ResponseReturnValue:
    page = render_template(
        "review/correction.html",
        response=response,
        form=form,
        problem=problem,
        reason=typed_reason(),
    )
    return page, 422 if form.faults or problem else 200
