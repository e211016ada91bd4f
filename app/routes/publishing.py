"""Questionnaires of a project: check a file, look at it as the respondent will, publish it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import problems
from app.forms import AnswerForm, form_class
from app.problems import Problem
from app.request import actor, language, now, reading, writing
from app.routes.downloads import send_whole
from app.routes.entry import enter
from app.routes.manage import pages, settings_page
from app.services import questionnaires, setting_up, starting
from surveys.catalogue import shipped
from surveys.definition import Audience, Questionnaire
from surveys.load import DefinitionError, load_bytes
from surveys.rules_in_words import rule_in_words

LARGEST_DEFINITION = 300_000
"""Bytes; the text travels through a form field, which may have at most 500,000."""


@pages.post("/projects/<slug>/questionnaires/check")
def questionnaire_check(slug: str) -> ResponseReturnValue:
    """Nothing is stored before the button on the preview, where the text waits in a field."""
    with reading() as db:
        project = enter(db, slug, "manage_project")
        published = questionnaires.all_published(db, project)
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise problems.faulty_values([_("请先选择问卷文件（.yaml）")])
        content = file.read()
        questionnaire = _loaded(content, file.filename)
    except Problem as problem:
        return settings_page(slug, problem)
    known = {one.questionnaire.reference: one.questionnaire for one in published}
    return _preview(
        questionnaire,
        text=content.decode("utf-8-sig"),
        exists=questionnaire.reference in known,
        changed=known.get(questionnaire.reference, questionnaire) != questionnaire,
    )


@pages.get("/projects/<slug>/library/<reference>")
def library(slug: str, reference: str) -> ResponseReturnValue:
    """A shipped questionnaire before it is published."""
    with reading() as db:
        enter(db, slug, "manage_project")
    return _preview(_shipped(reference), shipped=True)


@pages.post("/projects/<slug>/questionnaires")
def questionnaire_publish(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            questionnaire = _chosen()
            starting.publish(db, now(), actor(), project, questionnaire)
    except Problem as problem:
        if problem.code not in ("409.1", "422.1"):
            raise
        return settings_page(slug, problem)
    flash(_("问卷 %(name)s 已发布", name=questionnaire.reference))
    return redirect(url_for("manage.settings", slug=slug, _anchor="questionnaires"), 303)


@pages.get("/projects/<slug>/questionnaires/<reference>")
def questionnaire(slug: str, reference: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        published = questionnaires.find(db, project, reference)
    return _preview(published.questionnaire, published=published)


@pages.get("/projects/<slug>/questionnaires/<reference>.yaml")
def questionnaire_file(slug: str, reference: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        published = questionnaires.find(db, project, reference)
    content = setting_up.definition_file(published.questionnaire)
    name = published.questionnaire.reference.replace("@", "-")
    return send_whole(content, "application/yaml", f"{name}.yaml")


@pages.post("/projects/<slug>/questionnaires/<reference>/offer")
def questionnaire_offer(slug: str, reference: str) -> ResponseReturnValue:
    offered = request.form.get("offered")
    if offered not in ("yes", "no"):
        raise problems.bad_request("offered")
    with writing() as db:
        project = enter(db, slug, "manage_project")
        questionnaires.offer(db, now(), actor(), project, reference, offered == "yes")
    return redirect(url_for("manage.settings", slug=slug, _anchor="questionnaires"), 303)


def _chosen() -> Questionnaire:
    """From the library by name, or the text that the preview carried; checked again."""
    if reference := request.form.get("library"):
        return _shipped(reference)
    return _loaded(request.form.get("text", "").encode(), _("问卷"))


def _shipped(reference: str) -> Questionnaire:
    for one in shipped().values():
        if one.reference == reference:
            return one
    raise problems.no_such_questionnaire(reference)


def _loaded(content: bytes, name: str) -> Questionnaire:
    """Raises Problem 422.1 with every fault."""
    try:
        if len(content) > LARGEST_DEFINITION:
            raise problems.faulty_file(name, 1, [_too_large()])
        return load_bytes(content, name)
    except DefinitionError as error:
        lines = [fault.text(language()) for fault in error.faults]
        raise problems.faulty_file(name, len(lines), lines) from None


def _too_large() -> str:
    return str(_("问卷文件最大 %(kb)s KB", kb=LARGEST_DEFINITION // 1000))


def _preview(questionnaire: Questionnaire, **how: Any) -> ResponseReturnValue:
    audience = _audience(questionnaire)
    form: AnswerForm = form_class(questionnaire, audience)()
    return render_template(
        "manage/preview.html",
        questionnaire=questionnaire,
        audience=audience,
        form=form,
        rule=lambda field: rule_in_words(questionnaire, field.question, language()),
        **how,
    )


def _audience(questionnaire: Questionnaire) -> Audience | None:
    """Whose view is wanted (None: every question); one that it is not for shows every question."""
    given = request.args.get("audience", "")
    return next((one for one in questionnaire.audiences if one.value == given), None)
