"""Failures become pages (or problem+json for programs), each with its code and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from app import problems
from app.problems import Problem
from app.request import LANGUAGES, language, settings

logger = logging.getLogger(__name__)
BY_STATUS: dict[int, Callable[[], Problem]] = {
    403: problems.not_allowed,
    404: problems.not_found,
    405: problems.wrong_method,
    413: lambda: problems.too_large(settings().max_upload_mb),
}


def register_errors(app: Flask) -> None:
    app.register_error_handler(Problem, show)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _unexpected)


def show(problem: Problem) -> ResponseReturnValue:
    """A page with the problem, or the same as application/problem+json below /api/."""
    if request.path.startswith("/api/"):
        return _as_json(problem)
    if problem.code == "401.2" and request.method == "GET":
        return redirect(url_for("session.login", next=request.full_path.rstrip("?")))
    g.pop("project", None)  # rolled back with its transaction, its row cannot be read any more
    try:
        page = render_template("problem.html", problem=problem, text=problem.text(language()))
    except Exception:  # the page itself asks the database who is logged in
        logger.exception("the problem page could not be made")
        return Response(f"{problem}\n", problem.status, mimetype="text/plain")
    return page, problem.status


def _as_json(problem: Problem) -> Response:
    """In both languages: a program has no switch. A lazy reason follows the locale."""
    with force_locale(LANGUAGES["zh"]):
        body = problem.as_data()
    with force_locale(LANGUAGES["en"]):
        body["title_en"] = problem.text("en")
    answer = Response(orjson.dumps(body), problem.status, mimetype="application/problem+json")
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _expired_form(_error: CSRFError) -> ResponseReturnValue:
    return show(problems.bad_request(_("页面已过期")))


def _http_error(error: HTTPException) -> ResponseReturnValue | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect is raised as an exception too
    make = BY_STATUS.get(error.code)
    answer = make_response(show(make() if make else problems.bad_request(error.name)))
    if error.code not in BY_STATUS:
        answer.status_code = error.code
    for name in ("Allow", "Retry-After"):
        if value := dict(error.get_headers()).get(name):
            answer.headers[name] = value
    return answer


def _database_error(error: OperationalError) -> ResponseReturnValue:
    logger.exception("database error")
    reason = str(error.orig)
    if "disk is full" in reason or "No space left" in reason or "disk I/O" in reason:
        return show(problems.storage_full())
    return show(problems.database_busy() if "locked" in reason else problems.unexpected())


def _unstorable(error: DataError) -> ResponseReturnValue:
    """PostgreSQL's refusal of a NUL or of a text over its length, where SQLite takes anything."""
    logger.warning("unstorable value: %s", type(error.orig).__name__)
    return show(problems.bad_request(_("含有无法存储的字符或过长的内容")))


def _unexpected(error: Exception) -> ResponseReturnValue:
    logger.exception("unexpected error")
    return show(problems.unexpected())
