"""What a request to the evaluation brings: the change with its reason, version, part and files."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

from app.problems import Problem
from app.routes.choices import refused
from app.services.evaluation_versions import Change


def typed_wrong(problem: Problem) -> Problem:
    """What was typed wrong is shown on its page; all else goes on to a page of its own."""
    if problem.status != 422:
        raise problem
    return problem


def change() -> Change:
    return Change(request.form.get("why", ""), request.form.get("based_on", type=int))


def version_number() -> int | None:
    return _number("version")


def part_number() -> int | None:
    """The sub-project that is meant, from 1; None for the evaluation as a whole."""
    return _number("part")


def upload(name: str) -> tuple[str, bytes] | None:
    return next(iter(uploads(name)), None)


def uploads(name: str) -> list[tuple[str, bytes]]:
    return [(f.filename, f.read()) for f in request.files.getlist(name) if f.filename]


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise refused(_l("“%(value)s”不是编号", value=given[:40]))
    return int(given)
