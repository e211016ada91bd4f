"""满意度比较: index, rate, score with their uncertainty; by group, in pairs, between years."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis.charts import Chart
from analysis.refusals import CannotComputeError, DesignError
from analysis.reports import satisfaction_words as words
from analysis.reports.grouping_names import grouping_name
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.satisfaction_report import SatisfactionReport
from analysis.tabulate import UnknownGroupingError
from app import problems
from app.request import actor, columns, language, now, reading
from app.routes.charts import send_chart
from app.routes.choices import Choice, read_score_choice, refused
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.routes.statistics import pages
from app.services import areas, charts, questionnaires, satisfaction_reports
from app.services.satisfaction_years import Asked, comparable

OWN = ("question", "first", "second", "with", "plan")
FILES = ("xlsx", "csv", "json")
PLANS = ("own", "other")
LONGEST_PLACE = 6


@pages.get("/satisfaction", endpoint="satisfaction")
def show_satisfaction(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = _choice(db, project)
        published = questionnaires.all_published(db, project)
        scored = satisfaction_reports.scored_questions(db, published)
        asked = _asked(choice, scored)
        report, error = _computed(db, project, choice, asked)
        others = comparable(db, actor(), project, asked.published, asked.question) if asked else []
        places = areas.tree(areas.all_areas(db, project))
        return render_template(
            "statistics/satisfaction.html",
            choice=choice,
            asked=asked,
            scored=scored,
            report=report,
            error=error,
            others=others,
            places=places,
            published=published,
            files=FILES,
            chart=_chart(project, asked, report),
            say=_said(),
        )


@pages.get("/satisfaction.<extension>", endpoint="satisfaction_file")
def satisfaction_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        choice = _choice(db, project)
        scored = satisfaction_reports.scored_questions(db, choice.chosen)
        report, error = _computed(db, project, choice, _asked(choice, scored))
        if report is None:
            raise refused(error.text(language()) if error else "")
        made = SATISFACTION_FORMATS[extension]
        content = made.render(report, language())
        parts = (words.word("title", language()), choice.arguments.get("question", ""))
    return send_whole(content, made.media_type, file_name(project, now(), extension, *parts))


@pages.get("/satisfaction/picture.<form>", endpoint="satisfaction_picture")
def satisfaction_picture(slug: str, form: str) -> ResponseReturnValue:
    """The groups of one question; 404 where the page has no picture."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = _choice(db, project)
        asked = _asked(choice, satisfaction_reports.scored_questions(db, choice.chosen))
        chart = _chart(project, asked, _computed(db, project, choice, asked)[0])
    if asked is None or chart is None:
        raise problems.not_found()
    reference = asked.published.questionnaire.reference
    return send_chart(chart, form, project, reference, asked.question)


def _chart(project: Any, asked: Asked | None, report: SatisfactionReport | None) -> Chart | None:
    if asked is None or report is None or not report.tables:
        return None
    return charts.of_satisfaction(report.tables[0].found, language(), project.practice)


def _choice(db: Any, project: Any) -> Choice:
    """The filters that all pages of results have, and this page's own. Raises Problem 400.1."""
    shared = MultiDict(pair for pair in request.args.items(multi=True) if pair[0] not in OWN)
    own = {}
    for name in OWN:
        values = request.args.getlist(name)
        if len(values) > 1:
            raise refused(_l("“%(name)s”给了 %(n)s 个值，只能给一个", name=name, n=len(values)))
        if values and values[0].strip():
            own[name] = values[0].strip()
    found = read_score_choice(db, project, shared)
    return replace(found, arguments=found.arguments | own)


def _asked(choice: Choice, scored: list[Any]) -> Asked | None:
    """The question that the address names; None for the overview. Raises Problem 400.1."""
    given = choice.arguments
    if "question" not in given:
        _nothing_else(given)
        return None
    chosen = {one.id for one in choice.chosen}
    fitting = [
        s for s in scored if s.published.id in chosen and s.question.code == given["question"]
    ]
    if not fitting:
        raise refused(_l("“%(code)s”题没有计分方案", code=given["question"]))
    if len(fitting) > 1:
        raise refused(_l("请用 questionnaire=… 指明是哪份问卷的题"))
    plan_of = given.get("plan", "")
    if plan_of and plan_of not in PLANS:
        raise refused(_l("计分方案“%(value)s”不对，可用：own、other", value=plan_of))
    return Asked(
        published=fitting[0].published,
        question=given["question"],
        by=choice.by,
        filters=choice.filters,
        pair=_pair(choice),
        other=given.get("with", ""),
        plan_of=plan_of,
    )


def _nothing_else(given: dict[str, str]) -> None:
    """What only makes sense for one question must not be ignored silently."""
    for name in OWN:
        if name in given:
            raise refused(_l("“%(name)s”要和 question=… 一起给出", name=name))


def _pair(choice: Choice) -> tuple[int, int] | None:
    given = [choice.arguments.get(name) for name in ("first", "second")]
    if given == [None, None]:
        return None
    if choice.by is None or None in given or given[0] == given[1]:
        raise refused(_l("请先选分组，再选两个不同的组来比较"))
    first, second = (_place(str(text)) for text in given)
    return first - 1, second - 1


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_PLACE:
        raise refused(_l("组的序号“%(value)s”不是从 1 开始的整数", value=text))
    return int(text)


def _computed(
    db: Any, project: Any, choice: Choice, asked: Asked | None
) -> tuple[SatisfactionReport | None, CannotComputeError | None]:
    """The report, or why the design of the sample allows none."""
    try:
        if asked is None:
            made = satisfaction_reports.overview(
                db, columns(), project, choice.chosen, choice.filters, by=choice.by
            )
        else:
            made = satisfaction_reports.report(db, columns(), actor(), project, asked)
        return made, None
    except DesignError as error:
        return None, error
    except CannotComputeError as error:
        raise refused(error.text(language())) from None
    except UnknownGroupingError:
        raise refused(_l("不能按“%(value)s”分组", value=choice.by)) from None


def _said() -> SimpleNamespace:
    """Headings and sentences are those of the files, so that page and file read alike."""
    chosen = language()
    return SimpleNamespace(
        word=lambda key, **details: words.word(key, chosen, **details),
        grouping=lambda by: grouping_name(by).text(chosen),
        margin=words.margin_text,
        score_span=words.score_span,
        rank=lambda group: words.rank_text(group, chosen),
        notes=lambda group: words.note_texts(group, chosen),
        order=lambda found: words.order_sentence(found, chosen),
        comparison=lambda one: words.comparison_sentence(one, chosen),
        difference=lambda one: words.difference_texts(one, chosen),
        rate_difference=lambda one: words.rate_texts(one, chosen),
        verdict=lambda one: words.verdict(one, chosen),
        years=lambda years: list(words.years_sentences(years, chosen)),
        foot_notes=lambda report: list(words.foot_notes(report, chosen)),
        plan_notes=lambda found: list(words.plan_notes(found, chosen)),
    )
