"""What a request to the evaluation brings: the change with its reason, version, part and files."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

from app.problems import Problem
from app.routes.choices import refused
from app.routes.seen_version import seen_version
from app.services.evaluation_versions import Change


def typed_wrong(problem: Problem) -> Problem:
    """What was typed wrong is shown on its page; all else goes on to a page of its own."""
    if problem.status != 422:
        raise problem
    return problem


def change() -> Change:
    """Raises Problem 400.1 where the form does not say which version the person saw."""
    return Change(request.form.get("why", ""), seen_version())


def version_number() -> int | None:
    return _number("version")


def part_number() -> int | None:
    """The sub-project that is meant, from 1; None for the evaluation as a whole."""
    return _number("part")


def kept_files() -> list[int]:
    """The evidence files that stay; what is no number would be taken away unsaid."""
    return [_whole(given) for given in request.form.getlist("kept")]


def upload(name: str) -> tuple[str, bytes] | None:
    return next(iter(uploads(name)), None)


def uploads(name: str) -> list[tuple[str, bytes]]:
    return [(f.filename, f.read()) for f in request.files.getlist(name) if f.filename]


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return _whole(given) if given else None


def _whole(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise refused(_l("“%(value)s”不是编号", value=given[:40]))
    return int(given)
