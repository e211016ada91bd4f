"""Logging in and out, the language, and one's own password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from app.problems import Problem
from app.request import LANGUAGES, LoggedIn, actor, database, language, now
from app.services import accounts

pages = Blueprint("session", __name__)


@pages.get("/login")
def login() -> ResponseReturnValue:
    return render_template("session/login.html", username="", next=request.args.get("next", ""))


@pages.post("/login")
def check_login() -> ResponseReturnValue:
    username = request.form.get("username", "").strip()
    target = request.form.get("next", "")
    try:
        log_in(username, request.form.get("password", ""))
    except Problem as problem:
        page = render_template(
            "session/login.html", username=username, next=target, error=problem.text(language())
        )
        return page, problem.status
    return redirect(_own_page(target) or url_for("home.projects"))


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    chosen = session.get("language")
    logout_user()
    session.clear()
    if chosen:
        session["language"] = chosen
    return redirect(url_for("session.login"))


@pages.post("/language")
def choose() -> ResponseReturnValue:
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(_own_page(request.form.get("next", "")) or url_for("home.projects"))


@pages.get("/account")
def account() -> ResponseReturnValue:
    actor()
    return render_template("session/account.html")


@pages.post("/account")
def change_password() -> ResponseReturnValue:
    me, address = actor(), request.remote_addr or ""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        user = accounts.change_password(database(), now(), me.username, old, new, address)
    except Problem as problem:
        error = _("现在的密码不对") if problem.code == "401.1" else problem.text(language())
        return render_template("session/account.html", error=error), problem.status
    login_user(LoggedIn(user))
    flash(_("密码已修改"))
    return redirect(url_for("home.projects"))


def log_in(username: str, password: str) -> None:
    """Begin a session. Raises Problem 401.1 or 429.1."""
    user = accounts.log_in(database(), now(), username, password, request.remote_addr or "")
    session.permanent = True
    login_user(LoggedIn(user))


def _own_page(target: str) -> str | None:
    """The target if it is a path of ours: a link must not lead to a stranger's site."""
    parts = urlsplit(target.replace("\\", "/"))
    own = target.startswith("/") and not target.startswith("//")
    return target if own and not parts.netloc and not parts.scheme else None
