"""The scorecard (评分表): every indicator's points and where they come from, sums, rate and grade.

Nothing is rounded before it is printed: all scores are fractions, summed exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from analysis import wording
from analysis.evaluation.earning import Earned, earn
from analysis.evaluation.framework import Framework, Indicator, Leaf, headings
from analysis.evaluation.grades import SCHEMES, Grade, GradeScheme, grade
from analysis.evaluation.inputs import Inputs, Measure
from analysis.evaluation.messages import Fault


@dataclass(frozen=True)
class Row:
    """One scored indicator."""

    leaf: Leaf
    earned: Earned
    measure: Measure

    @property
    def score(self) -> Fraction | None:
        return self.earned.score

    @property
    def rate(self) -> Fraction | None:
        """得分率, 0..1."""
        return _rate(self.earned.score, self.leaf.points)


@dataclass(frozen=True)
class SubTotal:
    """A heading with the sum of its rows; score and rate are None while a row has no score."""

    indicator: Indicator
    above: tuple[Indicator, ...]
    points: Decimal
    score: Fraction | None

    @property
    def rate(self) -> Fraction | None:
        return _rate(self.score, self.points)

    @property
    def path(self) -> tuple[str, ...]:
        return (*(i.name for i in self.above), self.indicator.name)


@dataclass(frozen=True)
class Scorecard:
    """`scored` is the sum so far; `total` is None while an indicator has no score.

    The order of rows and sub-totals is that of the framework.
    """

    framework: Framework
    scheme: GradeScheme
    rows: tuple[Row, ...]

    @cached_property
    def by_id(self) -> dict[str, Row]:
        return {row.leaf.id: row for row in self.rows}

    @cached_property
    def all_levels(self) -> tuple[SubTotal, ...]:
        """Of every indicator, scored ones included, a heading before its parts."""
        found = headings(self.framework.parts)
        return tuple(self._sub_total(above, indicator) for above, indicator in found)

    @property
    def sub_totals(self) -> tuple[SubTotal, ...]:
        """Of every heading, a heading before its parts."""
        return tuple(one for one in self.all_levels if one.indicator.parts)

    @property
    def first_level(self) -> tuple[SubTotal, ...]:
        return tuple(self._sub_total((), indicator) for indicator in self.framework.parts)

    @property
    def points(self) -> Decimal:
        return self.framework.points

    @cached_property
    def unscored(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.score is None)

    @cached_property
    def scored(self) -> Fraction:
        return sum((row.score for row in self.rows if row.score is not None), Fraction(0))

    @property
    def total(self) -> Fraction | None:
        return None if self.unscored else self.scored

    @property
    def rate(self) -> Fraction | None:
        return _rate(self.total, self.points)

    @property
    def grade(self) -> Grade | None:
        return None if self.total is None else grade(self.total, self.points, self.scheme)

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """What a reader must know of total and grade."""
        return tuple(fault for fault in (self._incomplete(), self._rounding()) if fault)

    def _incomplete(self) -> Fault | None:
        if not self.unscored:
            return None
        details = {
            "count": len(self.unscored),
            "points": wording.exact(sum(row.leaf.points for row in self.unscored)),
            "indicators": [row.leaf.id for row in self.unscored],
        }
        return Fault("", "incomplete", details)

    def _rounding(self) -> Fault | None:
        found = self.grade
        if found is None or not found.rounding_matters:
            return None
        details = {
            "total": wording.exact(self.total),
            "grade": found.name,
            "printed": wording.number(self.total),
            "rounded": found.name_of_printed,
        }
        return Fault("", "rounding_changes_grade", details)

    def _sub_total(self, above: tuple[Indicator, ...], indicator: Indicator) -> SubTotal:
        place = (*above, indicator)
        rows = [row for row in self.rows if _lies_under(row.leaf, place)]
        return SubTotal(indicator, above, indicator.full, _sum(row.score for row in rows))


def scorecard(
    framework: Framework, inputs: Inputs, scheme: str = "", *, rescored: bool = False
) -> Scorecard:
    """`scheme` is a slug of `grades.SCHEMES`; "" takes that of the inputs, else the framework's.

    With `rescored` the survey's own counts replace stated scores wherever a question measures the
    indicator. Raises KeyError for an unknown scheme.
    """
    rows = tuple(
        Row(
            leaf,
            earn(leaf, inputs, rubric=framework.rubric, rescored=rescored),
            inputs.measures.get(leaf.id, Measure()),
        )
        for leaf in framework.leaves
    )
    return Scorecard(framework, SCHEMES[scheme or inputs.scheme or framework.scheme], rows)


def _lies_under(leaf: Leaf, place: tuple[Indicator, ...]) -> bool:
    """By identity: two headings may have the same name and parts."""
    along = (*leaf.above, leaf.indicator)[: len(place)]
    return len(along) == len(place) and all(a is b for a, b in zip(along, place, strict=True))


def _sum(scores: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for score in scores:
        if score is None:
            return None
        total += score
    return total


def _rate(score: Fraction | None, points: Decimal) -> Fraction | None:
    return score / Fraction(points) if score is not None and points else None
