"""失分指标一览: the indicators that lost points, and the reason that the evaluators gave."""

from __future__ import annotations

import re

from analysis import wording
from analysis.audit.notes import by_place, denies
from analysis.evaluation.losses import told_by_value
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.reports.report_levels import marked
from analysis.reports.report_values import missing, row_key, typed

HEADINGS = ("指标", "分值", "得分", "失分理由")
CONTRADICTS = "（说明为“{note}”，与扣分不符，请核对）"


def loss_rows(card: Scorecard) -> list[tuple[str, str, str, str]]:
    """指标, 分值, 得分, 失分理由 of every indicator below its full points."""
    return [
        (
            row.leaf.name,
            wording.exact(row.leaf.points),
            marked(row.score, row_key(row.leaf.id)),
            reason(row),
        )
        for row in card.rows
        if row.score is not None and row.score < row.leaf.points
    ]


def reason(row: Row) -> str:
    """As typed. A note that nothing was deducted is no reason: it is told as a contradiction."""
    pieces = [
        piece
        for text in (row.measure.reason, row.measure.note)
        for piece in re.split(r"[；;\n]", typed(text))
        if piece.strip()
    ]
    reasons = [piece for piece in pieces if not _denies(piece)]
    denied = "；".join(piece for piece in pieces if piece not in reasons)
    told = "；".join(reasons) or _without_words(row, denied)
    return told + (CONTRADICTS.format(note=denied) if denied else "")


def _denies(piece: str) -> bool:
    head, placed = by_place(piece)
    return any(denies(text) for text in (head, *(text for _, text in placed)))


def _without_words(row: Row, denied: str) -> str:
    told = "" if denied else typed(told_by_value(row))
    return told or missing("失分理由")
