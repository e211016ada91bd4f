"""Names for the templates of an evaluation: the tree of a scorecard, its words and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from analysis.evaluation.framework import UNNAMED, Indicator
from analysis.evaluation.grades import SCHEMES, GradeScheme
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.reports import scorecard_texts as texts
from analysis.reports import scorecard_words as words
from app.request import language
from app.routes.evaluation_forms import entry_of


@dataclass(frozen=True)
class TreeLine:
    """One line of the tree: a heading with its sum, or an indicator (`row`).

    A heading with a single part has no line of its own; its name stands in `above` of the part.
    """

    depth: int
    name: str
    above: tuple[str, ...]
    points: Decimal
    score: Fraction | None
    rate: Fraction | None
    row: Row | None = None


def add_evaluation_display(pages: Blueprint) -> None:
    pages.app_context_processor(_names)


def _names() -> dict[str, Any]:
    chosen = language()
    return {
        "card_word": lambda key, **details: texts.word(key, chosen, **details),
        "tree_of": lambda card: [list(_tree(card, part)) for part in card.framework.parts],
        "origin_of": lambda row: words.origin(row, chosen),
        "survey_line_of": lambda row: words.survey_line(row, chosen),
        "remarks_of": lambda row: words.remark_lines(row, chosen, typed=False),
        "outlook_of": lambda outlook: list(words.outlook_lines(outlook, chosen)),
        "combined_outlook_of": lambda outlook: list(words.combined_outlook_lines(outlook, chosen)),
        "total_line_of": lambda card: words.total_line(card, chosen),
        "combined_line_of": lambda combined: words.combined_line(combined, chosen),
        "grade_word": lambda name: texts.grade_word(name, chosen),
        "scheme_words": scheme_words,
        "schemes": SCHEMES,
        "signed": words.signed,
        "entry_of": entry_of,
        "evaluation_deed": lambda deed: str(DEEDS.get(deed, deed)),
    }


def scheme_words(scheme: GradeScheme | str) -> str:
    """`财预〔2020〕10号：优≥90 良≥80 中≥60 差`"""
    found = SCHEMES[scheme] if isinstance(scheme, str) else scheme
    bounds = [f"{name}≥{bound}" if bound else name for name, bound in found.grades]
    return f"{found.source}：{' '.join(bounds)}"


def _tree(
    card: Scorecard, indicator: Indicator, depth: int = 0, above: tuple[str, ...] = ()
) -> Iterator[TreeLine]:
    if indicator.is_scored:
        yield _of_row(card.by_id[indicator.id], depth, above)
        return
    if len(indicator.parts) == 1 and depth:
        yield from _tree(card, indicator.parts[0], depth, (*above, indicator.name))
        return
    sub = next(found for found in card.sub_totals if found.indicator is indicator)
    yield TreeLine(depth, indicator.name, above, sub.points, sub.score, sub.rate)
    for part in indicator.parts:
        yield from _tree(card, part, depth + 1)


def _of_row(row: Row, depth: int, above: tuple[str, ...]) -> TreeLine:
    """Where the document has only a dash as a name, the nearest heading's is taken."""
    named = [name for name in (*above, row.leaf.indicator.name) if set(name) - UNNAMED]
    *before, name = named or [row.leaf.name]
    return TreeLine(depth, name, tuple(before), row.leaf.points, row.score, row.rate, row)


DEEDS = {
    "framework": _l("选定指标体系和等级标准"),
    "measure": _l("填报指标"),
    "clear": _l("清除指标填报"),
    "funds": _l("修改资金表"),
    "import": _l("导入指标数据"),
    "sub_projects": _l("修改子项目"),
    "printed": _l("修改公布数"),
}
