"""What tablets sent and could not be read: the list, one body shown as text, trying again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.request import actor, database, language, now, reading, writing
from app.routes.entry import enter
from app.routes.review import pages
from app.services import log, quarantine
from app.services.replay import Replayed, replay

LONGEST_SHOWN = 20_000


@pages.get("/quarantine", endpoint="quarantine")
def waiting(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        kept = quarantine.waiting(db, actor(), project)
        done = quarantine.waiting(db, actor(), project, replayed=True)
    return render_template("review/quarantine.html", kept=kept, done=done)


@pages.get("/quarantine/<int(max=2147483647):number>")
def quarantined(slug: str, number: int) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "review")
        kept = quarantine.find(db, actor(), project, number)
        log.record(db, now(), actor(), "quarantine.view", str(number), project)
    text = kept.row.body.decode("utf-8", "replace")
    return render_template(
        "review/quarantined.html",
        kept=kept,
        text=text[:LONGEST_SHOWN],
        hidden=max(0, len(text) - LONGEST_SHOWN),
    )


@pages.post("/quarantine/<int(max=2147483647):number>/replay")
def replay_quarantined(slug: str, number: int) -> ResponseReturnValue:
    moment, me = now(), actor()
    with reading() as db:
        enter(db, slug, "review")

    def again(db: Any) -> Replayed:
        project = enter(db, slug, "review")
        return replay(db, moment, me, quarantine.find(db, me, project, number))

    done = database().together(again)
    if done.stored:
        flash(_("已收下 %(n)s 份答卷", n=done.stored))
    for problem in done.problems[:2]:  # the session cookie holds no more
        flash(_("仍不能收下：%(reason)s", reason=problem.text(language())))
    if done.problems:
        return redirect(url_for("review.quarantined", slug=slug, number=number), 303)
    return redirect(url_for("review.quarantine", slug=slug), 303)


@pages.app_template_filter("refusal_name")
def refusal_name(code: str) -> str:
    return str(REFUSALS.get(code, code))


REFUSALS = {
    "422.5": _l("无法识别"),
    "422.6": _l("答卷编号不能使用"),
    "422.7": _l("属于别的项目"),
    "422.8": _l("问卷没有发布"),
    "422.9": _l("密封的答卷打不开"),
    "500.2": _l("处理时系统出错"),
}
