"""Reports by group: choose, start, watch, cancel and download them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis import wording
from analysis.reports.formats import DOCX, XLSX
from analysis.reports.grouping_names import Phrase
from app.problems import Problem
from app.request import actor, columns, language, now, reading, settings, writing
from app.routes.choices import read_table_choice
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.routes.statistics import pages
from app.services import group_reports, jobs, questionnaires
from app.services.group_reports import Wanted

MEDIA_TYPES = {"xlsx": XLSX, "docx": DOCX}
LONGEST = 200
MEGABYTE = 2**20
PARTS = (
    ("comparison", _l("总表：各组的份数、误差、得分、位次范围和各题最多的选项")),
    ("scores", _l("得分：各组满意度得分、区间和计算过程")),
    ("cross", _l("交叉表：每道题各组的份数、比例和检验")),
    ("pictures", _l("图：各组得分对照、评价分布和多选题")),
    ("tables", _l("各组的调查问卷汇总表")),
)
STATES = {
    "waiting": _l("等候"),
    "running": _l("制作中"),
    "done": _l("完成"),
    "failed": _l("失败"),
    "cancelled": _l("已取消"),
}


@pages.get("/group-reports", endpoint="group_reports")
def show_group_reports(slug: str) -> ResponseReturnValue:
    return _page(slug, request.args)


@pages.post("/group-reports", endpoint="group_reports_start")
def start_group_report(slug: str) -> ResponseReturnValue:
    form = request.form
    chosen = [form.get(name, "")[:LONGEST] for name in ("questionnaire", "by")]
    parts = tuple(dict.fromkeys(form.getlist("parts")))[: len(PARTS) + 1]
    wanted = Wanted(chosen[0], chosen[1], parts, language())
    try:
        with writing() as db:
            project = enter(db, slug, "see_results")
            group_reports.ask(db, columns(), now(), actor(), project, wanted)
    except Problem as problem:
        if problem.status not in (422, 429):
            raise
        return _page(slug, MultiDict({"questionnaire": wanted.questionnaire}), wanted, problem)
    return redirect(url_for("statistics.group_reports", slug=slug), 303)


@pages.get("/group-reports/<uuid:job_id>.json", endpoint="group_reports_progress")
def tell_progress(slug: str, job_id: UUID) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        job = jobs.find(db, project, job_id)
        told = progress_text(job, jobs.ahead(db, job))
    return jsonify({"state": job.state, "done": job.done, "total": job.total, "text": told})


@pages.post("/group-reports/<uuid:job_id>/cancel", endpoint="group_reports_cancel")
def cancel_group_report(slug: str, job_id: UUID) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "see_results")
        jobs.cancel(db, now(), actor(), project, job_id)
    return redirect(url_for("statistics.group_reports", slug=slug), 303)


@pages.get("/group-reports/<uuid:job_id>/<name>", endpoint="group_reports_file")
def group_report_file(slug: str, job_id: UUID, name: str) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "see_results")
        folder = jobs.folder(settings().data_dir)
        path = jobs.file_of(db, now(), actor(), project, folder, job_id, name)
        job = jobs.find(db, project, job_id)
        wanted = Wanted.from_data(job.arguments)
        extension, made_at = path.suffix.removeprefix("."), job.finished_at or job.created_at
        titles = (_("分组报告"), wanted.questionnaire, wanted.by)
        shown = file_name(project, made_at, extension, *titles)
    return send_whole(path.open("rb"), MEDIA_TYPES[extension], shown)


def _page(
    slug: str,
    arguments: MultiDict[str, str],
    wanted: Wanted | None = None,
    problem: Problem | None = None,
) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_table_choice(db, project, arguments)
        groupings: list[Any] = []
        if choice.published is not None:
            groupings = group_reports.known_groupings(db, columns(), project, choice.published)
        listed = group_reports.listed(db, project)
        published = questionnaires.all_published(db, project)
    page = render_template(
        "statistics/group_reports.html",
        choice=choice,
        published=published,
        groupings=groupings,
        wanted=wanted,
        problem=problem,
        listed=listed,
        parts=PARTS,
        kept_days=jobs.KEPT_DAYS,
        named=_named,
        told=progress_text,
        state_of=lambda job: STATES[job.state],
        size_text=size_text,
    )
    return page, problem.status if problem else 200


def size_text(size: int) -> str:
    """`1.5 MB`, `38 KB`: a small file is not 0.0 MB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{wording.number(size / MEGABYTE, 1)} MB"


def _named(names: Phrase) -> str:
    return names.text(language())


def progress_text(job: Any, ahead: int) -> str:
    """How far it is, in words."""
    if job.state == "waiting":
        return str(_("前面还有 %(n)s 份", n=ahead) if ahead else _("马上开始"))
    if job.state == "running" and not job.total:
        return str(_("正在读取和统计答卷"))
    if job.state == "running":
        share = wording.percent(job.done / job.total, 0)
        return str(_("已完成 %(share)s", share=share))
    return str(STATES[job.state])
