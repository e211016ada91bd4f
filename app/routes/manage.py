"""Setting up a project: making it, practice mode, areas and sample plan, the log of actions."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import problems
from app.problems import Problem
from app.request import actor, language, now, reading, role_name, writing
from app.routes.downloads import file_name, send_whole
from app.routes.entry import enter
from app.services import areas, log, projects, setting_up, starting
from app.services.access import MAY_CREATE

pages = Blueprint("manage", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOG_PAGE = 100
OF_A_PROJECT = ("enumerator", "supervisor", "evaluator")
FIELDS = ("slug", "name", "year", "client", "unit", "practice")


@pages.get("/projects/new")
def new_project() -> ResponseReturnValue:
    actor().require("create_project")
    return render_template("manage/new.html", given={"year": now().year}, lines=())


@pages.post("/projects/new")
def create_project() -> ResponseReturnValue:
    actor().require("create_project")
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        with writing() as db:
            project = _created(db, given)
    except Problem as problem:
        lines = problem.lines_in(language()) or (problem.text(language()),)
        return render_template("manage/new.html", given=given, lines=lines), problem.status
    flash(_("项目已建好，默认问卷已发布。接下来请导入区域与样本计划，再建调查员账号。"))
    return redirect(url_for("manage.settings", slug=project.slug), 303)


def _created(db: Any, given: dict[str, str]) -> Any:
    year = given["year"]
    project = projects.create(
        db,
        now(),
        actor(),
        given["slug"],
        given["name"],
        int(year) if year.isascii() and year.isdigit() and len(year) < 6 else 0,
        client=given["client"],
        unit=given["unit"],
        practice=given["practice"] == "yes",
    )
    starting.publish_defaults(db, now(), actor(), project)
    return project


@pages.get("/projects/<slug>/settings")
def settings(slug: str) -> ResponseReturnValue:
    return settings_page(slug)


def settings_page(slug: str, problem: Problem | None = None) -> ResponseReturnValue:
    """The page, or after a refusal the page with what was wrong above it."""
    with reading() as db:
        project = enter(db, slug, "manage_project")
        found = setting_up.set_up(db, actor(), project)
    page = render_template(
        "manage/settings.html",
        set_up=found,
        problem=problem,
        roles=[role.value for role in own_roles() if role.value in OF_A_PROJECT],
        once=secrets.token_hex(8),
    )
    return page, problem.status if problem else 200


def own_roles() -> list[Any]:
    """The roles of which the person may make accounts, the least mighty first."""
    return [role for role in reversed(MAY_CREATE) if role in MAY_CREATE[actor().role]]


@pages.post("/projects/<slug>/practice")
def practice(slug: str) -> ResponseReturnValue:
    wanted = request.form.get("practice")
    if wanted not in ("yes", "no"):
        raise problems.bad_request("practice")
    with writing() as db:
        project = enter(db, slug, "manage_project")
        projects.set_practice(db, now(), actor(), project, wanted == "yes")
    flash(_("已进入练习模式") if wanted == "yes" else _("已退出练习模式，此后收到的答卷正式计入"))
    return redirect(url_for("manage.settings", slug=slug), 303)


@pages.post("/projects/<slug>/closing")
def closing(slug: str) -> ResponseReturnValue:
    given = request.form.get("closes_on", "").strip()
    try:
        closes_on = date.fromisoformat(given) if given else None
    except ValueError:
        raise problems.bad_request(_("截止日应为日期，如 2026-11-30")) from None
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            projects.set_closing(db, now(), actor(), project, closes_on)
    except Problem as problem:
        if not problem.lines:
            raise
        return settings_page(slug, problem)
    flash(_("已保存截止日"))
    return redirect(url_for("manage.settings", slug=slug), 303)


@pages.post("/projects/<slug>/position")
def position(slug: str) -> ResponseReturnValue:
    wanted = request.form.get("position")
    if wanted not in ("yes", "no"):
        raise problems.bad_request("position")
    with writing() as db:
        project = enter(db, slug, "manage_project")
        projects.set_asks_position(db, now(), actor(), project, wanted == "yes")
    flash(_("平板下次联网后起，会征求同意并记录位置") if wanted == "yes" else _("已停止记录位置"))
    return redirect(url_for("manage.settings", slug=slug), 303)


@pages.post("/projects/<slug>/plan")
def plan_upload(slug: str) -> ResponseReturnValue:
    file = request.files.get("file")
    name = (file.filename or "") if file else ""
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            if not file or not name:
                raise problems.faulty_values([_("请先选择文件（.xlsx 或 .csv）")])
            rows = areas.import_plan(db, now(), actor(), project, file.read(), name)
    except Problem as problem:
        if not problem.lines:
            raise
        return settings_page(slug, problem)
    flash(_("已导入 %(n)s 个区域", n=rows))
    return redirect(url_for("manage.settings", slug=slug, _anchor="plan"), 303)


@pages.get("/projects/<slug>/plan.xlsx")
def plan_template(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        content = setting_up.plan_workbook(db, project)
    return send_whole(content, XLSX, file_name(project, now(), "xlsx", _("区域与样本计划")))


@pages.get("/projects/<slug>/log", endpoint="log")
def show_log(slug: str) -> ResponseReturnValue:
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise problems.bad_request("before")
    with reading() as db:
        project = enter(db, slug, "manage_project")
        lines = log.newest(db, project, int(before) if before else None, LOG_PAGE)
    older = lines[-1][0].id if len(lines) == LOG_PAGE else None
    return render_template("manage/log.html", lines=lines, older=older, paged=bool(before))


@pages.app_template_filter("deed")
def deed(verb: str) -> str:
    """A verb of the log in words."""
    return str(DEEDS.get(verb, verb))


@pages.app_template_filter("particulars")
def particulars(details: dict[str, Any]) -> list[str]:
    """The details of a line of the log in words, the reason first."""
    order = sorted(details.items(), key=lambda item: item[0] != "reason")
    return [f"{PARTICULARS.get(key, key)}{_('：')}{_value(key, value)}" for key, value in order]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return role_name(value) if key == "role" else str(value)


PARTICULARS = {
    "account": _l("账号"),
    "address": _l("地址"),
    "again": _l("已有"),
    "asks": _l("记录位置"),
    "closes_on": _l("截止日"),
    "conflicts": _l("冲突"),
    "number": _l("版次"),
    "quantity": _l("份数"),
    "practice": _l("练习模式"),
    "reason": _l("理由"),
    "role": _l("角色"),
    "rows": _l("行数"),
    "stored": _l("存入"),
    "with_texts": _l("含文字"),
}
DEEDS = {
    "account.change_password": _l("修改自己的密码"),
    "account.close": _l("停用账号"),
    "account.create": _l("新建账号"),
    "account.open": _l("恢复账号"),
    "account.reset_password": _l("重设密码"),
    "assignment.change": _l("修改任务分配"),
    "assignment.import": _l("导入任务分配"),
    "device.create": _l("登记平板"),
    "device.enrol": _l("平板已登记上"),
    "device.revoke": _l("停用平板"),
    "evaluation.clear": _l("清除指标填报"),
    "evaluation.evidence": _l("上传佐证材料"),
    "evaluation.evidence_view": _l("下载佐证材料"),
    "evaluation.framework": _l("选定指标体系和等级标准"),
    "evaluation.funds": _l("修改资金表"),
    "evaluation.import": _l("导入指标数据"),
    "evaluation.measure": _l("填报指标"),
    "outbox.import": _l("导入平板文件"),
    "login": _l("登录"),
    "paper.change": _l("登记纸质问卷"),
    "plan.change": _l("修改计分方案"),
    "plan.import": _l("导入区域与样本计划"),
    "project.add_member": _l("加入项目"),
    "project.closing": _l("设置截止日"),
    "project.create": _l("新建项目"),
    "project.position": _l("设置是否记录位置"),
    "project.practice": _l("切换练习模式"),
    "quarantine.dismiss": _l("标记隔离内容不需处理"),
    "quarantine.replay": _l("重新处理隔离内容"),
    "quarantine.view": _l("查看隔离内容"),
    "questionnaire.offer": _l("重新启用问卷"),
    "questionnaire.publish": _l("发布问卷"),
    "questionnaire.withdraw": _l("停止使用问卷"),
    "response.accepted": _l("答卷计入"),
    "response.correct": _l("答卷更正"),
    "response.excluded": _l("答卷剔除"),
    "response.needs_review": _l("答卷转为待审"),
    "response.view": _l("查看答卷"),
    "responses.export": _l("导出答卷"),
    "responses.import": _l("导入答卷"),
    "sample_design.change": _l("修改样本设计"),
}
