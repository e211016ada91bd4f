"""Charts as files: SVG for the pages, PNG at 300 dpi to be put into a document."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.charts import Chart, fingerprint, render
from app import problems
from app.request import columns, language, now, reading
from app.routes.choices import read_score_choice, read_summary_choice, refused
from app.routes.display import lang_attribute
from app.routes.downloads import file_name
from app.routes.entry import enter
from app.routes.evaluation_request import part_number, version_number
from app.routes.results import scores_of, summary_of
from app.services import charts
from app.services.evaluation_inputs import scored
from app.services.evaluation_versions import version_of

pages = Blueprint("charts", __name__, url_prefix="/projects/<slug>/charts")
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For a picture that is opened by itself; nothing in it can run. An SVG states its colours as
styles, which the policy of the pages forbids."""


@pages.app_context_processor
def _charts() -> dict[str, Any]:
    """Laying a picture out costs nothing until it is asked for; here its words are needed."""
    return {
        "chart_of_question": lambda table, questionnaire, code: charts.of_question(
            table, questionnaire, code, language()
        ),
        "lang_of_text": lambda text: lang_attribute(
            "zh" if CHINESE.search(text) else language(), language()
        ),
        "has_several_scales": lambda questionnaire: len(charts.scales_of(questionnaire)) > 1,
        "chart_of_scales": lambda table, questionnaire: charts.of_scales(
            table, questionnaire, language()
        ),
        "chart_of_scores": lambda report, reference, code: charts.of_scores(
            report, reference, code, language()
        ),
        "chart_of_scorecard": lambda report, part, simulated: charts.of_scorecard(
            report, part, language(), simulated
        ),
    }


@pages.get("/questions/<code>.<form>", endpoint="question")
def question_chart(slug: str, code: str, form: str) -> ResponseReturnValue:
    """By group where the address groups (`by`), else of all that the filters let through."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_summary_choice(db, project, request.args)
        table = summary_of(db, project, choice)
    if table is None or choice.published is None:
        raise problems.not_found()
    chart = charts.of_question(table, choice.published.questionnaire, code, language())
    return send_chart(chart, form, project, choice.published.questionnaire.reference, code)


@pages.get("/scales.<form>", endpoint="scales")
def scales_chart(slug: str, form: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_summary_choice(db, project, request.args)
        table = summary_of(db, project, choice)
    if table is None or choice.published is None:
        raise problems.not_found()
    chart = charts.of_scales(table, choice.published.questionnaire, language())
    return send_chart(chart, form, project, choice.published.questionnaire.reference)


@pages.get("/scores/<code>.<form>", endpoint="scores")
def scores_chart(slug: str, code: str, form: str) -> ResponseReturnValue:
    """A dot per group; the address has to name questionnaire and grouping."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_score_choice(db, project, request.args)
        if choice.published is None or choice.by is None:
            raise refused(_l("请用 questionnaire=… 和 by=… 指明哪份问卷、按什么分组"))
        report = scores_of(db, project, choice)
    reference = choice.published.questionnaire.reference
    chart = charts.of_scores(report, reference, code, language())
    return send_chart(chart, form, project, reference, code)


@pages.get("/progress.<form>", endpoint="progress")
def progress_chart(slug: str, form: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        chart = charts.of_progress(db, columns(), project, language())
    return send_chart(chart, form, project)


@pages.get("/scorecard.<form>", endpoint="scorecard")
def scorecard_chart(slug: str, form: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project, version_number())
        if version is None:
            raise problems.not_found()
        report = scored(db, columns(), project, version).report
        chart = charts.of_scorecard(report, part_number(), language(), project.practice)
        number = version.number
    return send_chart(chart, form, project, _("第%(n)s版", n=number))


def send_chart(chart: Chart, form: str, project: Any, *parts: str) -> Response:
    """The picture, or 304 where the browser has it already; nothing is painted for that.

    A PNG leaves its page and bears its title; `parts` are what its file is called besides.
    """
    if form not in MEDIA_TYPES:
        raise problems.not_found()
    is_file = form == "png"
    tag = fingerprint(chart, form, titled=is_file)  # type: ignore[arg-type]
    known = request.if_none_match.contains(tag)
    content = b"" if known else render(chart, form, titled=is_file)  # type: ignore[arg-type]
    response = Response(content, 304 if known else 200, mimetype=MEDIA_TYPES[form])
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    if is_file:
        name = quote(file_name(project, now(), form, _("图"), *parts, chart.title))
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
