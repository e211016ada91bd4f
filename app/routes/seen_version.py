"""Which version a person saw who sends a form, so that nobody overwrites a newer one unseen."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

from app.routes.choices import refused

LONGEST_NUMBER = 9


def seen_version() -> int:
    """0 where there was none. Raises Problem 400.1 without it: the check must not be skipped."""
    given = request.form.get("based_on", "")
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER):
        raise refused(
            _l("表单没有写明以哪一版为准（“%(value)s”），请重新打开页面再填", value=given[:40])
        )
    return int(given)
