"""Names and filters for the templates of results and review: numbers, times and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from markupsafe import Markup

from analysis import wording
from analysis.messages import Remark
from analysis.reports import words
from analysis.reports.lines import lines, number_span
from analysis.satisfaction import Score, ScoreRow
from analysis.wording import Number
from app.request import audience_name, language
from app.services.reports import CHINA

DIGIT_SPACE, POINT_SPACE = "\u2007", "\u2008"
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
BAR_UNITS = 1000
"""Width of the drawing of a bar whose share is 1."""


def add_display(pages: Blueprint) -> None:
    for name, text_of in FILTERS.items():
        pages.add_app_template_filter(text_of, name)
    pages.app_context_processor(_names)


def _names() -> dict[str, Any]:
    """Headings and notes are those of the files, so that page and file read alike."""
    chosen = language()
    return {
        "word": lambda key, **details: words.word(key, chosen, **details),
        "lines_of": lambda question, n: lines(question, n, chosen),
        "number_span": number_span,
        "headline_of": lambda table: words.headline(table, chosen),
        "subtitle_of": words.subtitle,
        "foot_notes_of": lambda table: list(
            words.foot_notes(table, table.groups[0], chosen, table.groups)
        ),
        "aligned": aligned,
        "blocks_of": blocks,
        "formula_of": lambda score: formula(score, chosen),
        "label_of": lambda text: words.label_of(text, chosen),
        "in_chinese": _lang("zh"),
        "lang_of": lambda questionnaire: _lang(questionnaire.language),
        "rule_of": lambda plan: words.rule_name(plan, chosen),
        "plan_lines_of": lambda plan: list(words.plan_lines(plan, chosen)),
    }


def _lang(of: str) -> Markup:
    return lang_attribute(of, language())


def lang_attribute(of: str, page: str) -> Markup:
    """For words that are not in the language of the page, so that a screen reader changes its
    voice and a browser its font."""
    return Markup("") if of == page else Markup(f' lang="{HTML_LANGUAGES[of]}"')  # noqa: S704


def blocks(rows: Iterable[ScoreRow]) -> list[list[ScoreRow]]:
    """The rows of one question each, in the order of the report."""
    return [list(b) for key, b in groupby(rows, key=lambda r: (r.questionnaire, r.score.question))]


def aligned(values: Iterable[Number | None]) -> list[str]:
    """Exact numbers filled up behind with spaces as wide as digits, so that the points align."""
    texts = [wording.exact(value) for value in values]
    behind = [len(text) - text.find(".") - 1 if "." in text else -1 for text in texts]
    most = max(behind, default=-1)
    return [
        text + (POINT_SPACE if own < 0 <= most else "") + DIGIT_SPACE * (most - max(own, 0))
        for text, own in zip(texts, behind, strict=True)
    ]


def formula(score: Score, chosen: str) -> str:
    """Without a base the formula of the files gives the reason in both languages, a page in one."""
    mean, _, reason = score.formula.partition("：")
    if not reason or chosen == "zh":
        return score.formula
    return f"{mean}: {Remark('no_base').text(chosen)}"


def bar_units(share: float | None) -> str:
    return f"{min(max(share or 0, 0), 1) * BAR_UNITS:.1f}"


def china_time(moment: datetime | None) -> str:
    """To the minute, in China, wherever the server stands."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else wording.NOTHING


def duration(elapsed_ms: int | None) -> str:
    if elapsed_ms is None:
        return wording.NOTHING
    minutes, seconds = divmod(elapsed_ms // 1000, 60)
    return str(_("%(m)s 分 %(s)s 秒", m=minutes, s=seconds))


def status_name(status: str) -> str:
    names = {"accepted": _("计入"), "needs_review": _("待审"), "excluded": _("剔除")}
    return str(names.get(status, status))


def complaint_text(complaint: dict[str, Any]) -> str:
    """A stored complaint; older ones were stored in Chinese only."""
    key = "text_en" if language() == "en" and "text_en" in complaint else "text"
    return str(complaint[key])


def revision_name(kind: str) -> str:
    names = {
        "replaced": _("被替换的内容"),
        "conflict": _("同一编号的另一份内容"),
        "decided": _("同一编号的另一份内容（已处理）"),
        "correction": _("更正"),
    }
    return str(names.get(kind, kind))


def verb_name(verb: str) -> str:
    names = {
        "response.view": _("查看答卷"),
        "response.accepted": _("计入"),
        "response.excluded": _("剔除"),
        "response.correct": _("更正或改用其他内容"),
    }
    return str(names.get(verb, verb))


FILTERS: dict[str, Callable[..., str]] = {
    "as_percent": wording.percent,
    "as_number": wording.number,
    "as_count": wording.count,
    "exactly": wording.exact,
    "as_weight": wording.weight,
    "as_span": wording.span,
    "audience_words": audience_name,
    "bar_units": bar_units,
    "china_time": china_time,
    "duration": duration,
    "status_name": status_name,
    "complaint_text": complaint_text,
    "revision_name": revision_name,
    "verb_name": verb_name,
}
