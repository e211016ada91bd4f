"""Two scorecards of the same framework side by side, with the reason for each difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis import wording
from analysis.evaluation.messages import Fault
from analysis.evaluation.rules import SURVEYED
from analysis.evaluation.scorecard import Row, Scorecard


def change_of(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    """None while one of the two is missing."""
    return None if before is None or after is None else after - before


@dataclass(frozen=True)
class Difference:
    """One indicator that the two score differently; `reason` says where the second is from."""

    before: Row
    after: Row
    reason: Fault

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.score, self.after.score)


@dataclass(frozen=True)
class Comparison:
    """`unchanged` are the indicators that a question could measure, but none of these did."""

    before: Scorecard
    after: Scorecard
    differences: tuple[Difference, ...]
    unchanged: tuple[Row, ...]

    @property
    def change(self) -> Fraction | None:
        return change_of(self.before.total, self.after.total)


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Raises ValueError for scorecards of two frameworks."""
    if before.framework != after.framework:
        raise ValueError("the scorecards have two frameworks")
    pairs = list(zip(before.rows, after.rows, strict=True))
    return Comparison(
        before=before,
        after=after,
        differences=tuple(d for pair in pairs for d in _difference(*pair)),
        unchanged=tuple(a for _, a in pairs if _could_be_asked(a)),
    )


def _difference(before: Row, after: Row) -> Iterator[Difference]:
    if before.score != after.score:
        yield Difference(before, after, Fault("", _reason(before, after), _details(before, after)))


def _reason(before: Row, after: Row) -> str:
    if after.score is None:
        return "no_longer_scored"
    if before.score is None:
        return "now_scored"
    return "rescored" if after.earned.basis == "survey" else "other_value"


def _details(before: Row, after: Row) -> dict[str, str]:
    noted = "，".join(filter(None, (before.measure.reason, before.measure.note)))
    formula = before.earned.formula or wording.exact(before.score)
    return {
        "formula": after.earned.formula,
        "before": f"{formula}{f'（{noted}）' if noted else ''}",
    }


def _could_be_asked(row: Row) -> bool:
    return isinstance(row.leaf.rule, SURVEYED) and row.earned.basis != "survey"
