"""The people of a project and all accounts of the server; passwords are shown once, on slips."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import problems
from app.problems import Problem
from app.request import actor, now, reading, writing
from app.routes.entry import enter
from app.routes.manage import OF_A_PROJECT, own_roles, pages, settings_page
from app.services import accounts, projects
from app.services.accounts import NewAccount

MOST_DIGITS = 3


@pages.post("/projects/<slug>/accounts")
def accounts_create(slug: str) -> ResponseReturnValue:
    """Accounts in bulk: one per name, or as many as the number says; a reload makes no more."""
    back = url_for("manage.settings", slug=slug, _anchor="people")
    once = request.form.get("once", "")
    if once and once == session.get("accounts_made"):
        flash(_("这批账号已经建好，密码只显示一次；没有记下的，请重设密码"))
        return redirect(back, 303)
    try:
        with reading() as db:
            enter(db, slug, "manage_project")
        role, names = _role(OF_A_PROJECT), _names()
        ready = [accounts.prepare_password() for _ in names[: accounts.MOST_AT_ONCE]]
        with writing() as db:
            project = enter(db, slug, "manage_project")
            made = accounts.create_many(db, now(), actor(), project, role, names, ready)
    except Problem as problem:
        if problem.code != "422.2":
            raise
        return settings_page(slug, problem)
    session["accounts_made"] = once
    return _slips(made, back)


@pages.post("/projects/<slug>/accounts/<username>/reset")
def account_reset(slug: str, username: str) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "manage_project")
        user = accounts.find_member(db, project, username)
        made = accounts.reset_password(db, now(), actor(), user)
    return _slips([made], url_for("manage.settings", slug=slug, _anchor="people"))


@pages.post("/projects/<slug>/accounts/<username>/active")
def account_active(slug: str, username: str) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "manage_project")
        user = accounts.find_member(db, project, username)
        accounts.set_active(db, now(), actor(), user, _wanted())
    return redirect(url_for("manage.settings", slug=slug, _anchor="people"), 303)


@pages.post("/projects/<slug>/members")
def add_member(slug: str) -> ResponseReturnValue:
    username = request.form.get("username", "").strip()
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            user = accounts.find_colleague(db, actor(), username)
            projects.add_member(db, now(), actor(), project, user)
    except Problem as problem:
        if problem.code != "422.2":
            raise
        return settings_page(slug, problem)
    flash(_("%(name)s 已加入项目", name=username))
    return redirect(url_for("manage.settings", slug=slug, _anchor="people"), 303)


@pages.get("/accounts", endpoint="accounts")
def all_accounts() -> ResponseReturnValue:
    return _accounts_page()


@pages.post("/accounts")
def create_account() -> ResponseReturnValue:
    actor().require("manage_accounts")
    username = request.form.get("username", "").strip()
    name = request.form.get("display_name", "").strip()
    try:
        with writing() as db:
            role = _role([own.value for own in own_roles()])
            made = accounts.create(db, now(), actor(), username, name, role)
    except Problem as problem:
        if problem.code not in ("409.3", "422.2"):
            raise
        return _accounts_page(problem, username=username, display_name=name)
    return _slips([made], url_for("manage.accounts"))


@pages.post("/accounts/<username>/reset")
def any_account_reset(username: str) -> ResponseReturnValue:
    actor().require("manage_accounts")
    with writing() as db:
        made = accounts.reset_password(db, now(), actor(), accounts.find(db, username))
    return _slips([made], url_for("manage.accounts"))


@pages.post("/accounts/<username>/active")
def any_account_active(username: str) -> ResponseReturnValue:
    actor().require("manage_accounts")
    with writing() as db:
        accounts.set_active(db, now(), actor(), accounts.find(db, username), _wanted())
    return redirect(url_for("manage.accounts"), 303)


def _accounts_page(problem: Problem | None = None, **given: str) -> ResponseReturnValue:
    actor().require("manage_accounts")
    with reading() as db:
        everyone = accounts.everyone(db)
    page = render_template(
        "manage/accounts.html",
        everyone=everyone,
        roles=[role.value for role in own_roles()],
        problem=problem,
        given=given,
    )
    return page, problem.status if problem else 200


def _slips(made: list[NewAccount], back: str) -> ResponseReturnValue:
    """Never cached (see app/security.py) and never to be shown again: only hashes are stored."""
    return render_template("manage/slips.html", made=made, address=request.host_url, back=back)


def _role(allowed: Any) -> Any:
    given = request.form.get("role", "")
    if given not in allowed:
        raise problems.faulty_values([_("请选择角色")])
    role = next((own for own in own_roles() if own.value == given), None)
    if role is None:
        raise problems.not_allowed()
    return role


def _names() -> list[str]:
    names = [line.strip() for line in request.form.get("names", "").splitlines() if line.strip()]
    count = request.form.get("count", "").strip()
    if names and count:
        raise problems.faulty_values([_("姓名和个数只填一样")])
    if not count:
        return names
    if not (count.isascii() and count.isdigit() and len(count) <= MOST_DIGITS):
        raise problems.faulty_values(
            [_("个数应为 1 到 %(most)s 的整数", most=accounts.MOST_AT_ONCE)]
        )
    return [""] * int(count)


def _wanted() -> bool:
    wanted = request.form.get("active")
    if wanted not in ("yes", "no"):
        raise problems.bad_request("active")
    return wanted == "yes"
