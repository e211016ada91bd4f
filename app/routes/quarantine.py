"""What tablets sent and could not be read: the list, one body shown as text, trying again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.problems import Problem
from app.request import actor, database, language, now, reading, writing
from app.routes.entry import enter
from app.routes.review import pages, reason
from app.services import log, quarantine
from app.services.replay import Replayed, replay

LONGEST_SHOWN = 20_000
REASON_NEEDED = "422.3"


@pages.get("/quarantine", endpoint="quarantine")
def waiting(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "review")
        kept = quarantine.waiting(db, actor(), project)
        done = quarantine.settled(db, actor(), project)
    return render_template("review/quarantine.html", kept=kept, done=done)


@pages.get("/quarantine/<int(max=2147483647):number>")
def quarantined(slug: str, number: int) -> ResponseReturnValue:
    return _page(slug, number)


def _page(slug: str, number: int, problem: Problem | None = None) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "review")
        kept = quarantine.find(db, actor(), project, number)
        log.record(db, now(), actor(), "quarantine.view", str(number), project)
    text = kept.row.body.decode("utf-8", "replace")
    content = render_template(
        "review/quarantined.html",
        kept=kept,
        text=text[:LONGEST_SHOWN],
        hidden=max(0, len(text) - LONGEST_SHOWN),
        problem=problem,
    )
    return content, problem.status if problem else 200


@pages.post("/quarantine/<int(max=2147483647):number>/dismiss")
def dismiss_quarantined(slug: str, number: int) -> ResponseReturnValue:
    try:
        with writing() as db:
            project = enter(db, slug, "review")
            kept = quarantine.find(db, actor(), project, number)
            quarantine.dismiss(db, now(), actor(), kept, reason())
    except Problem as problem:
        if problem.code != REASON_NEEDED:
            raise
        return _page(slug, number, problem)
    flash(_("已标记为不需处理"))
    return redirect(url_for("review.quarantine", slug=slug), 303)


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


@pages.app_template_filter("quarantine_state")
def quarantine_state(state: str) -> str:
    return str(STATES[state])


@pages.app_template_filter("refusal_name")
def refusal_name(code: str) -> str:
    return str(REFUSALS.get(code, code))


STATES = {
    "waiting": _l("待处理"),
    "stored": _l("后来已另行收下"),
    "replayed": _l("已重新处理"),
    "dismissed": _l("不需处理"),
}
REFUSALS = {
    "422.5": _l("无法识别"),
    "422.6": _l("答卷编号不能使用"),
    "422.7": _l("属于别的项目"),
    "422.8": _l("问卷没有发布"),
    "422.9": _l("密封的答卷打不开"),
    "500.2": _l("处理时系统出错"),
}
