"""Why a measured indicator lost points, as far as its value says so."""

from __future__ import annotations

from analysis import wording
from analysis.evaluation.rules import Checklist, Deductions
from analysis.evaluation.scorecard import Row


def told_by_value(row: Row) -> str:
    """The items that lost points, or the number that was measured.

    Empty for what somebody judged (a score, a level): only people can say why. The sum of a
    checklist is no reason either where each of its items has its full points.
    """
    rule, value = row.leaf.rule, row.measure.value
    if row.earned.basis != "measured" or value is None or not isinstance(rule, BY_ITEMS):
        return "" if row.earned.number is None else row.earned.formula
    if isinstance(rule, Deductions):
        return "；".join(f"{name}×{wording.exact(n)}" for name, n in value.items.items() if n > 0)
    lost = "；".join(
        f"{item.name}（{wording.exact(value.items[item.name])}/{wording.exact(item.points)}）"
        for item in rule.items
        if value.items[item.name] < item.points
    )
    return f"未满分：{lost}" if lost else ""


BY_ITEMS = (Checklist, Deductions)
