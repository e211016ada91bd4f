"""Pages of the report's texts and template: what evaluators write, in versions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.reports.formats import DOCX
from app import problems
from app.problems import Problem
from app.request import actor, now, reading, writing
from app.routes.downloads import send_whole
from app.routes.entry import enter
from app.routes.evaluation_request import change, typed_wrong, upload, version_number
from app.routes.report_document import missing_note, pages
from app.services import report_texts


@pages.get("/texts", endpoint="texts")
def show_texts(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.post("/texts", endpoint="change_texts")
def change_texts(slug: str) -> ResponseReturnValue:
    typed = {tag: request.form.get(tag, "") for tag in report_texts.TAGS}
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            report_texts.change_texts(db, now(), actor(), project, typed, change())
    except Problem as problem:
        return _page(slug, typed_wrong(problem), typed)
    flash(_("报告文字已保存为新版本"))
    return redirect(url_for("report.texts", slug=slug), 303)


@pages.post("/texts/template", endpoint="upload_template")
def upload_template(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            file = upload("template")
            if file is None:
                raise problems.faulty_values([_("请先选择文件（.docx）")])
            report_texts.upload_template(db, now(), actor(), project, file, change())
    except Problem as problem:
        return _page(slug, typed_wrong(problem))
    flash(_("模板已保存，以后的报告都用它"))
    return redirect(url_for("report.texts", slug=slug), 303)


@pages.post("/texts/template/remove", endpoint="remove_template")
def remove_template(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            report_texts.remove_template(db, now(), actor(), project, change())
    except Problem as problem:
        return _page(slug, typed_wrong(problem))
    flash(_("以后的报告用标准模板"))
    return redirect(url_for("report.texts", slug=slug), 303)


@pages.get("/texts/template.docx", endpoint="stored_template")
def stored_template(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        found = report_texts.template_of(db, project)
    if found is None:
        raise problems.not_found()
    return send_whole(found[1], DOCX, found[0])


def _page(
    slug: str, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    number = version_number()
    with reading() as db:
        project = enter(db, slug, "see_results")
        versions = report_texts.versions(db, project)
        shown = report_texts.version_of(db, project, number)
        if shown is None and number is not None:
            raise problems.not_found()
        page = render_template(
            "report/texts.html",
            newest=versions[0] if versions else None,
            shown=shown,
            number=number,
            versions=versions,
            texts=typed or (shown.texts if shown else {}),
            sections={tag: str(meaning) for tag, meaning in SECTIONS.items()},
            deeds={deed: str(text) for deed, text in DEEDS.items()},
            longest=report_texts.LONGEST_TEXT,
            missing=missing_note(report_texts.template_of(db, project)),
            problem=problem,
        )
    return page, problem.status if problem else 200


DEEDS = {
    "texts": _l("修改文字"),
    "template": _l("更换模板"),
    "no_template": _l("改用标准模板"),
}

SECTIONS = {
    "background": _l("项目立项背景和政策依据"),
    "goals": _l("项目主要内容、实施情况和绩效目标"),
    "purpose": _l("评价目的、对象、范围和依据"),
    "process": _l("评价工作过程（准备、实地调查、分析评价）"),
    "analysis": _l("对各指标得分的分析"),
    "problems": _l("存在的问题及原因分析"),
    "suggestions": _l("有关建议"),
}
"""The words of `report_values.TEXTS`, in the reader's language."""
