"""What the rows below a sub-total or the total add up to: indicators, else the lowest sections.

A total of sub-projects with weights is the weighted mean of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.audit.parts import is_total
from analysis.audit.score_model import Indicator, Scores, Section
from analysis.printed import Printed, half_unit

NONE, ONE = Fraction(0), Fraction(1)
Row = Indicator | Section


@dataclass(frozen=True)
class Sums:
    """What the rows of a part add up to; None if one of them has no points or no score, or if
    there are none.

    `slack` is how far off rounding of the printed scores can have brought their sum.
    """

    points: Fraction | None
    score: Fraction | None
    slack: Fraction = NONE

    def rounding_explains(self, printed: Printed) -> bool:
        most = self.slack + half_unit(printed.places)
        return self.score is not None and abs(printed.exact - self.score) < most


class RowsBelow:
    """The lowest rows by each path that they are below; made once for all sums of a table."""

    def __init__(self, scores: Scores | None) -> None:
        self._projects = sub_projects(scores) if scores else {}
        self._rows: dict[tuple[str, ...], list[Row]] = {}
        for row in _lowest(scores) if scores else ():
            for path in _above(row):
                self._rows.setdefault(path, []).append(row)

    def sums(self, path: tuple[str, ...]) -> Sums:
        """Of what is below `path`; a path may also be the id of an indicator."""
        if not path and self._projects:
            return self._combined()
        below = self._rows.get(path, [])
        points, score = (
            _added([row.points for row in below]),
            _added([row.score for row in below]),
        )
        given = [row.score for row in below if row.score is not None]
        return Sums(points, score, slack_of(given) if score is not None else NONE)

    def _combined(self) -> Sums:
        """Of sub-projects with different points no mean of scores can be told."""
        parts = [(self._of_project(section), share) for section, share in self._projects.values()]
        points = {sums.points for sums, _ in parts}
        if len(points) > 1:
            return Sums(None, None)
        if any(sums.score is None for sums, _ in parts):
            return Sums(points.pop(), None)
        score = sum((share * (sums.score or NONE) for sums, share in parts), NONE)
        return Sums(points.pop(), score, sum((share * sums.slack for sums, share in parts), NONE))

    def _of_project(self, section: Section) -> Sums:
        """What is below it, else as printed."""
        if section.of in self._rows:
            return self.sums(section.of)
        points, score = section.points, section.score
        return Sums(
            None if points is None else points.exact,
            None if score is None else score.exact,
            NONE if score is None else slack_of([score]),
        )


def sub_projects(scores: Scores) -> Mapping[tuple[str, ...], tuple[Section, Fraction]]:
    """The first print of each section with a weight, and its share in all weights."""
    firsts = {s.of: s for s in reversed(scores.sections) if s.weight is not None}
    weights = {of: s.weight.exact for of, s in firsts.items() if s.weight is not None}
    whole = sum(weights.values(), NONE)
    return {of: (section, weights[of] / whole) for of, section in firsts.items()}


def slack_of(given: Sequence[Printed], shares: Sequence[Fraction] = ()) -> Fraction:
    """Of the scores with the most digits, if those are at least two: 2.4 is no rounded number.

    `shares` are those that the scores have in their mean; without them they are added up.
    """
    places = max(score.places for score in given)
    parts = zip(given, shares or [ONE] * len(given), strict=True)
    rounded = sum((share for score, share in parts if score.places == places), NONE)
    return rounded * half_unit(places) if places >= 2 else NONE


def repeated_sections(scores: Scores) -> list[tuple[Section, Section]]:
    """The first print of a section with each later one, where nothing below tells which is right;
    else each is compared with what is below it."""
    firsts = {section.of: section for section in reversed(scores.sections)}
    below = RowsBelow(scores)
    return [
        (firsts[section.of], section)
        for section in scores.sections
        if section is not firsts[section.of] and below.sums(section.of).points is None
    ]


def points_of(scores: Scores, section: Section) -> set[Decimal]:
    """The points of a section, as printed and as what is below it gives them."""
    same = [other.points for other in scores.sections if other.of == section.of]
    found = {points.value for points in same if points is not None}
    below = [i.points.value for i in scores.indicators if section.of in _above(i)]
    return found | ({sum(below, Decimal(0))} if below else set())


def label_of(section: Section) -> str:
    """The row as printed; 小计 alone could be any."""
    if is_total(section.name):
        return f"{section.of[-1]} {section.name}"
    return section.name or section.of[-1]


def _lowest(scores: Scores) -> Sequence[Row]:
    """The indicators; of a table that prints none the sections with no other below them."""
    if scores.indicators:
        return scores.indicators
    firsts = {section.of: section for section in reversed(scores.sections)}
    parents = {path for section in firsts.values() for path in _above(section)}
    return [section for path, section in firsts.items() if path not in parents]


def _above(row: Row) -> set[tuple[str, ...]]:
    """The paths that the row is below: a section not its own, but an indicator may have no more."""
    if isinstance(row, Section):
        return {row.of[:n] for n in range(len(row.of))}
    return {row.path[:n] for n in range(len(row.path) + 1)} | {(row.id,)}


def _added(given: Sequence[Printed | None]) -> Fraction | None:
    known = [number.exact for number in given if number is not None]
    return sum(known, NONE) if given and len(known) == len(given) else None
