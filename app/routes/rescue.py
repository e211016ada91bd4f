"""A filled form that cannot be taken as it comes: a page that carries it and sends it again.

An interview is never lost because a session ended or a token expired. Without a valid token
nothing is stored: the page that comes back holds every answer and a fresh token, and stores only
when the person presses its button.
"""

from __future__ import annotations

from flask import current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from flask_wtf.csrf import CSRFError

from app import problems
from app.problems import Problem
from app.request import language
from app.routes.session import log_in

TOKEN, USERNAME, PASSWORD = "csrf_token", "login_username", "login_password"
"""Names with an underscore, which no question code has."""


def refusal() -> Problem | None:
    """Why this POST cannot be taken now; logs in first if the page of ours asked for that."""
    has_token = _has_valid_token()
    try:
        if has_token and is_login():
            log_in(request.form[USERNAME].strip(), request.form.get(PASSWORD, ""))
    except Problem as problem:
        return problem
    if not current_user.is_authenticated:
        return problems.login_needed()
    return None if has_token else problems.bad_request(_("页面已过期"))


def is_login() -> bool:
    return USERNAME in request.form


def page(problem: Problem, *, is_first: bool = False) -> ResponseReturnValue:
    """Everything that was typed in hidden fields, and one button.

    `is_first` if only the session or the token is at fault, which is said in words of its own.
    """
    if problem.status == 404 and is_login():
        logout_user()  # a wrong account was typed; let another one be
    g.pop("project", None)  # its transaction is over, so its row cannot be read any more
    own = {TOKEN, USERNAME, PASSWORD}
    content = render_template(
        "collect/rescue.html",
        text=problem.text(language()),
        is_first=is_first,
        is_refused=problem.status < 500,
        needs_login=not current_user.is_authenticated,
        fields=[(n, v) for n, v in request.form.items(multi=True) if n not in own],
        username=request.form.get(USERNAME, ""),
    )
    return content, problem.status


def _has_valid_token() -> bool:
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return False
    return True
