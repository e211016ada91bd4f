"""Failures become pages (or problem+json for programs), each with its code and what to do next."""

from __future__ import annotations

import logging

import orjson
from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app import problems
from app.problems import Problem
from app.request import language, settings

logger = logging.getLogger(__name__)
BY_STATUS = {
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
    app.register_error_handler(Exception, _unexpected)


def show(problem: Problem) -> ResponseReturnValue:
    """A page with the problem, or the same as application/problem+json below /api/."""
    if request.path.startswith("/api/"):
        return _as_json(problem)
    if problem.code == "401.2" and request.method == "GET":
        return redirect(url_for("session.login", next=request.full_path.rstrip("?")))
    text = problem.text(language())
    page = render_template("problem.html", problem=problem, text=text)
    return page, problem.status


def _as_json(problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "title": problem.text("zh"),
        "title_en": problem.text("en"),
        "status": problem.status,
        "code": problem.code,
        "lines": problem.lines,
    }
    content = orjson.dumps(body)
    return Response(content, problem.status, mimetype="application/problem+json")


def _expired_form(error: CSRFError) -> ResponseReturnValue:
    return show(problems.bad_request(error.description or "CSRF"))


def _http_error(error: HTTPException) -> ResponseReturnValue | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect is raised as an exception too
    make = BY_STATUS.get(error.code)
    problem = make() if make else problems.bad_request(error.name)
    return show(problem)


def _database_error(error: OperationalError) -> ResponseReturnValue:
    logger.exception("database error")
    reason = str(error.orig)
    if "disk is full" in reason or "No space left" in reason or "disk I/O" in reason:
        return show(problems.storage_full())
    return show(problems.database_busy() if "locked" in reason else problems.unexpected())


def _unexpected(error: Exception) -> ResponseReturnValue:
    logger.exception("unexpected error")
    return show(problems.unexpected())
