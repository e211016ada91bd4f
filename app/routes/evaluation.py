"""Pages of the evaluation: scorecard, its indicators, funds, framework, versions and files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analysis.reports.scorecard_formats import SCORECARD_FORMATS
from app import problems
from app.problems import Problem
from app.request import actor, columns, language, now, reading, writing
from app.routes import evaluation_forms as forms
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.routes.evaluation_display import add_evaluation_display
from app.routes.evaluation_request import (
    change,
    kept_files,
    part_number,
    typed_wrong,
    upload,
    uploads,
    version_number,
)
from app.services import evaluation_frameworks as frameworks
from app.services import evaluations, evidence
from app.services.evaluation_inputs import changed_since, files_of, scored
from app.services.evaluation_parts import part_data, part_name, parts_of, subject_of
from app.services.evaluation_versions import version_of, versions

pages = Blueprint("evaluation", __name__, url_prefix="/projects/<slug>/evaluation")
add_evaluation_display(pages)
FILES = ("xlsx", "docx", "json")
YAML, ANY_FILE = "application/yaml; charset=utf-8", "application/octet-stream"


@pages.get("", endpoint="scorecard")
def show_scorecard(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        number, part = version_number(), part_number()
        version = version_of(db, project, number)
        if version is None and (number is not None or part is not None):
            raise problems.not_found()
        if version is not None:
            part_data(version, part)  # the address may name a sub-project that is not there
        newest = version_of(db, project)
        found = scored(db, columns(), project, version) if version else None
        differs = changed_since(db, columns(), project, found) if found and number else None
        return render_template(
            "evaluation/scorecard.html",
            found=found,
            newest=newest,
            number=number,
            change=differs,
            files=FILES,
        )


@pages.get("/scorecard.<extension>", endpoint="file")
def scorecard_file(slug: str, extension: str) -> ResponseReturnValue:
    """It holds all sub-projects, whichever of them the page shows."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project, version_number())
        if extension not in FILES or version is None:
            raise problems.not_found()
        part_data(version, part_number())  # as on the page, one that is not there is refused
        report = scored(db, columns(), project, version).report
        content = SCORECARD_FORMATS[extension].render(report, language())
        parts = (_("指标体系评分表"), _("第%(n)s版", n=version.number))
    name = file_name(project, now(), extension, *parts)
    return send_whole(content, SCORECARD_FORMATS[extension].media_type, name)


@pages.get("/versions", endpoint="versions")
def show_versions(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        return render_template("evaluation/versions.html", versions=versions(db, project))


@pages.get("/framework", endpoint="framework")
def show_framework(slug: str) -> ResponseReturnValue:
    return _framework_page(slug)


@pages.post("/framework", endpoint="choose")
def choose_framework(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            scheme = request.form.get("scheme", "")
            lost = frameworks.choose_framework(
                db, now(), actor(), project, _chosen_framework(), scheme, change()
            )
    except Problem as problem:
        return _framework_page(slug, typed_wrong(problem))
    flash(_("指标体系和等级标准已保存为新版本"))
    if lost:
        flash(_("有 %(n)s 项填报不适用于新的指标体系，没有沿用；旧版本里仍可查到", n=lost))
    return redirect(url_for("evaluation.scorecard", slug=slug), 303)


@pages.post("/measures", endpoint="import_measures")
def import_measures(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            file = upload("file")
            if file is None:
                raise problems.faulty_values([_("请先选择文件（.yaml）")])
            evaluations.import_measures(db, now(), actor(), project, file, change())
    except Problem as problem:
        return _framework_page(slug, typed_wrong(problem))
    flash(_("指标数据已导入为新版本"))
    return redirect(url_for("evaluation.scorecard", slug=slug), 303)


@pages.get("/frameworks/<name>.yaml", endpoint="framework_file")
def framework_file(slug: str, name: str) -> ResponseReturnValue:
    """One of the project by its number, or one that ships by its name."""
    with reading() as db:
        project = enter(db, slug, "see_results")
        if name.isascii() and name.isdigit() and len(name) < 10:
            file, text = frameworks.framework_text(db, project, int(name))
            return send_whole(text.encode(), YAML, file)
    file, content = frameworks.shipped_file(name)
    return send_whole(content, YAML, file)


@pages.get("/indicators/<indicator>", endpoint="indicator")
def show_indicator(slug: str, indicator: str) -> ResponseReturnValue:
    return _indicator_page(slug, indicator)


@pages.post("/indicators/<indicator>", endpoint="measure")
def change_indicator(slug: str, indicator: str) -> ResponseReturnValue:
    part = part_number()
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            leaf = evaluations.leaf_of(db, version_of(db, project), indicator)
            evaluations.change_measure(
                db,
                now(),
                actor(),
                project,
                indicator,
                {} if "clear" in request.form else forms.measure_of(request.form, leaf.rule),
                change(),
                part=part,
                uploads=[] if "clear" in request.form else uploads("files"),
                kept=[] if "clear" in request.form else kept_files(),
            )
    except Problem as problem:
        return _indicator_page(slug, indicator, typed_wrong(problem))
    flash(_("指标 %(id)s 已保存", id=indicator))
    anchor = f"p{part}-{indicator}" if part else indicator
    return redirect(url_for("evaluation.scorecard", slug=slug, part=part, _anchor=anchor), 303)


@pages.get("/funds", endpoint="funds")
def show_funds(slug: str) -> ResponseReturnValue:
    return _funds_page(slug)


@pages.post("/funds", endpoint="change_funds")
def change_funds(slug: str) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "edit_plan")
            if "more" not in request.form:
                raw = forms.funds_of(request.form)
                evaluations.change_funds(
                    db, now(), actor(), project, raw, change(), part=part_number()
                )
    except Problem as problem:
        return _funds_page(slug, typed_wrong(problem))
    if "more" in request.form:
        return _funds_page(slug, typed=True)
    flash(_("资金表已保存为新版本"))
    return redirect(url_for("evaluation.funds", slug=slug, part=part_number()), 303)


@pages.get("/evidence/<int(min=1, max=2147483647):number>", endpoint="evidence")
def evidence_file(slug: str, number: int) -> ResponseReturnValue:
    """Always as an attachment of no type: what others uploaded never opens in this site."""
    with writing() as db:
        project = enter(db, slug, "see_results")
        file = evidence.find(db, now(), actor(), project, number)
        name, content = file.name, file.content
    return send_whole(content, ANY_FILE, name)


def _framework_page(slug: str, problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project)
        current = frameworks.framework_of(db, version) if version else None
        page = render_template(
            "evaluation/framework.html",
            version=version,
            current=current,
            library=frameworks.shipped(),
            problem=problem,
        )
    return page, problem.status if problem else 200


def _indicator_page(
    slug: str, indicator: str, problem: Problem | None = None
) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project)
        if version is None:
            raise problems.not_found()
        leaf = evaluations.leaf_of(db, version, indicator)
        found = scored(db, columns(), project, version)
        part = part_number()
        filled = part_data(version, part)
        raw = (filled.get("measures") or {}).get(indicator) or {}
        subject = subject_of(version, part, indicator)
        typed = forms.typed_fields(request.form, leaf.rule) if problem else None
        page = render_template(
            "evaluation/indicator.html",
            leaf=leaf,
            found=found,
            part=part,
            part_name=part_name(version, part),
            parts=parts_of(version),
            rows=_rows_of(_report_of(found.report, part), indicator),
            fields=typed or forms.measure_fields(raw, leaf.rule),
            attached=files_of(db, project, version)[part or 0].get(indicator, []),
            is_filled=bool(raw) or bool((filled.get("files") or {}).get(indicator)),
            history=[line for line in versions(db, project) if line.subject == subject],
            problem=problem,
            most_mb=evidence.LARGEST_MB,
        )
    return page, problem.status if problem else 200


def _funds_page(
    slug: str, problem: Problem | None = None, *, typed: bool = False
) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        version = version_of(db, project)
        if version is None:
            raise problems.not_found()
        part = part_number()
        raw = part_data(version, part).get("funds") or {}
        again = typed or problem is not None
        page = render_template(
            "evaluation/funds.html",
            version=version,
            part=part,
            part_name=part_name(version, part),
            parts=parts_of(version),
            is_filled=bool(raw),
            report=_report_of(scored(db, columns(), project, version).report, part),
            items=forms.typed_fund_fields(request.form) if again else forms.fund_fields(raw),
            about=request.form if again else raw,
            problem=problem,
        )
    return page, problem.status if problem else 200


def _report_of(report: Any, part: int | None) -> Any:
    return report if part is None else report.parts[part - 1]


def _rows_of(report: Any, indicator: str) -> tuple[Any, Any]:
    """The row as it counts, and that from the survey where the two differ; none of sub-projects."""
    card = getattr(report, "card", None)
    if card is None:
        return None, None
    comparison = report.comparison
    return card.by_id[indicator], comparison.after.by_id[indicator] if comparison else None


def _chosen_framework() -> tuple[str, bytes] | None:
    choice = request.form.get("framework", "")
    if choice == "upload":
        found = upload("file")
        if found is None:
            raise problems.faulty_values([_("请先选择文件（.yaml）")])
        return found
    return frameworks.shipped_file(choice) if choice not in ("", "keep") else None
