"""The scores of first- and second-level indicators, as the body of a report prints them.

The body has two decimals; the evidence annex has every digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from analysis import wording
from analysis.evaluation.combined import Combined
from analysis.evaluation.framework import UNNAMED
from analysis.evaluation.scorecard import Scorecard, SubTotal
from analysis.reports.report_values import GAP, RATE, level_key, mark, missing

LEVELS_SHOWN = 2
ROUNDED = "注：得分保留两位小数，合计按未取舍的得分计算，各得分的完整数值见附件3。"


def levels(card: Scorecard) -> list[SubTotal]:
    """Every first- and second-level indicator, those that are scored themselves included."""
    return [
        one
        for one in card.all_levels
        if len(one.above) < LEVELS_SHOWN and set(one.indicator.name) - UNNAMED
    ]


def level_rows(card: Scorecard) -> list[tuple[str, str, str, str]]:
    """指标, 分值, 得分, 得分率; the total stands last."""
    rows = [_level_row(one) for one in levels(card)]
    total = marked(card.total, "total")
    return [*rows, ("合计", wording.exact(card.points), total, wording.percent(card.rate))]


def levels_note(card: Scorecard) -> str:
    """What a reader must know who adds up the table; empty where every score is printed whole."""
    scores = [card.total, *(one.score for one in levels(card))]
    return "" if all(map(_is_whole, scores)) else ROUNDED


def combined_note(combined: Combined) -> str:
    """The same under the table of the sub-projects."""
    brought = (combined.contribution(part) for part in combined.parts)
    scores = [combined.total, *(part.score for part in combined.parts), *brought]
    return "" if all(map(_is_whole, scores)) else ROUNDED


def _is_whole(score: Fraction | None) -> bool:
    return score is None or wording.is_exact(score, wording.PLACES)


def level_lines(found: Sequence[SubTotal]) -> Iterator[str]:
    """One sentence each; what is not scored yet is to be done and no number."""
    for one in found:
        name, points = one.indicator.name, wording.exact(one.points)
        if one.score is None:
            yield f"{name}：分值{points}分，{missing(f'{name}的得分')}。"
            continue
        score = wording.number(one.score) + "分" + mark(level_key(one))
        yield f"{name}：分值{points}分，得分{score}，得分率{marked_rate(one.rate)}。"


def marked(score: Fraction | None, key: str) -> str:
    """A score as a cell of the body has it."""
    return GAP if score is None else wording.number(score) + mark(key)


def marked_rate(rate: Fraction | None) -> str:
    """As a sentence has it; a column of rates has the mark in its heading."""
    return wording.percent(rate) + ("" if rate is None else mark(RATE))


def _level_row(found: SubTotal) -> tuple[str, str, str, str]:
    return (
        "　" * len(found.above) + found.indicator.name,
        wording.exact(found.points),
        marked(found.score, level_key(found)),
        wording.percent(found.rate),
    )
