"""Pages for the tablet: whom to interview, consent, the questionnaire, the receipt, one's own."""

from __future__ import annotations

import logging
import secrets
import uuid
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import problems
from app.forms import AnswerForm, form_class
from app.problems import Problem
from app.request import actor, database, language, now, reading
from app.routes import rescue
from app.routes.entry import enter
from app.routes.interview import Interview, begun, submission
from app.services import areas, consents, interviews, questionnaires, review
from app.services.consents import Consent
from app.services.responses import RANDOM_BYTES, Receipt, new_id, receive
from app.services.review import PAGE
from surveys.definition import Audience, Questionnaire

pages = Blueprint("collect", __name__, url_prefix="/projects/<slug>")
AUDIENCE = "<any(recipient, non_recipient, cadre):audience>"
logger = logging.getLogger(__name__)


@pages.record_once
def _check_the_token_itself(state: BlueprintSetupState) -> None:
    """`interview` checks its token in `rescue`, so that a refusal does not lose the answers."""
    state.app.extensions["csrf"].exempt(interview)


@pages.get("/collect")
def begin(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "collect")
        offers = interviews.offers(db, now(), actor(), project)
    return render_template("collect/begin.html", offers=offers)


@pages.route(f"/collect/{AUDIENCE}", methods=["GET", "POST"])
def consent(slug: str, audience: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "collect")
        published = questionnaires.offered_to(db, project, Audience(audience))
        places = areas.tree(areas.all_areas(db, project))
    if request.method == "POST" and request.form.get("decision") == "decline":
        flash(_("受访者不同意参加，没有记录任何内容。请代我们谢谢对方，不要再次询问。"))
        return redirect(url_for("collect.begin", slug=slug))
    code = request.form.get("area_code", _last_area(slug))
    faults = _consent_faults(code, places) if request.method == "POST" else {}
    if request.method == "POST" and not faults:
        return _begin_interview(slug, audience, published.questionnaire, code)
    page = render_template(
        "collect/consent.html",
        audience=audience,
        questionnaire=published.questionnaire,
        places=places,
        code=code,
        faults=faults,
    )
    return page, 422 if faults else 200


def _consent_faults(code: str, places: list[tuple[int, Any]]) -> dict[str, str]:
    faults = {}
    if places and code not in {area.code for _, area in places}:
        faults["area_code"] = _("请选择访问地点")
    if request.form.get("adult_and_agrees") != "yes":
        faults["adult_and_agrees"] = _("受访者年满18周岁并同意后，才能开始")
    return faults


def _begin_interview(
    slug: str, audience: str, questionnaire: Questionnaire, code: str
) -> ResponseReturnValue:
    session["area"] = [slug, code]
    response_id = new_id(now(), secrets.token_bytes(RANDOM_BYTES))
    reference, version = questionnaire.reference, questionnaire.consent.version
    given = Consent(response_id, reference, version, g.project.id, g.project.practice)
    target = url_for(
        "collect.interview",
        slug=slug,
        audience=audience,
        response_id=response_id,
        questionnaire=reference,
        area=code or None,
        consent=consents.sign(current_app.config["SECRET_KEY"], given),
    )
    return redirect(target, 303)


def _last_area(slug: str) -> str:
    project, code = session.get("area", ("", ""))
    return code if project == slug else ""


@pages.route(f"/collect/{AUDIENCE}/<uuid:response_id>", methods=["GET", "POST"])
def interview(slug: str, audience: str, response_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return _submit(slug, Audience(audience), response_id)
    with reading() as db:
        project = enter(db, slug, "collect")
        if _is_own(db, project, response_id):
            return redirect(url_for("collect.receipt", slug=slug, response_id=response_id))
        found = begun(db, project, Audience(audience), response_id, now())
    if found is None:
        return redirect(url_for("collect.consent", slug=slug, audience=audience))
    return _questionnaire(found, found.form())


def _submit(slug: str, audience: Audience, response_id: uuid.UUID) -> ResponseReturnValue:
    """Store, or show the form again; whatever goes wrong, the answers come back."""
    if problem := rescue.refusal():
        return rescue.page(problem, is_first=not rescue.is_login())
    try:
        return _take(slug, audience, response_id)
    except Problem as problem:
        return rescue.page(problem)
    except Exception:
        logger.exception("a response could not be stored")
        return rescue.page(problems.not_stored())


def _take(slug: str, audience: Audience, response_id: uuid.UUID) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "collect")
        found = begun(db, project, audience, response_id, now())
    if found is None:
        raise problems.bad_request(_("没有写明问卷"))
    form = found.form(request.form)
    checked = form.check()
    if checked.complaints and "as_it_is" not in request.form:
        form.complain(checked.complaints, language())
        return _questionnaire(found, form), 422
    sent = submission(found, checked.kept, now())
    me, moment = actor(), now()

    def store(db: Any) -> Receipt:
        return receive(db, moment, me, project, found.published, sent)

    return _handed_in(slug, project, database().together(store))


def _handed_in(slug: str, project: Any, receipt: Receipt) -> ResponseReturnValue:
    """To the receipt; who may not see it, since somebody else was first, is told so here."""
    response_id = receipt.id
    if not receipt.created:
        with reading() as db:
            if not _is_own(db, project, response_id):
                return render_template("collect/handed_in.html", receipt=receipt)
    return redirect(url_for("collect.receipt", slug=slug, response_id=response_id), 303)


def _questionnaire(found: Interview, form: AnswerForm) -> str:
    return render_template("collect/interview.html", interview=found, form=form)


def _is_own(db: Any, project: Any, response_id: uuid.UUID) -> bool:
    try:
        review.find(db, actor(), project, response_id)
    except Problem:
        return False
    return True


@pages.get("/receipts/<uuid:response_id>")
def receipt(slug: str, response_id: uuid.UUID) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "collect")
        response = review.find(db, actor(), project, response_id)
        published = questionnaires.by_id(db, response.questionnaire_id)
        is_contested = interviews.is_contested(db, response)
    return render_template(
        "collect/receipt.html",
        response=response,
        is_contested=is_contested,
        form=form_class(published.questionnaire)(),
    )


@pages.get("/mine")
def mine(slug: str) -> ResponseReturnValue:
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise problems.bad_request(_("翻页位置“%(value)s”不是数字", value=before[:40]))
    with reading() as db:
        project = enter(db, slug, "collect")
        place = int(before) if before else None
        lines = review.list_responses(
            db, actor(), project, before=place, limit=PAGE + 1, own_only=True
        )
    older = lines[PAGE - 1].response.arrival_no if len(lines) > PAGE else None
    return render_template("collect/mine.html", lines=lines[:PAGE], older=older, before=before)
