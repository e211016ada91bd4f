"""What the rows below a sub-total or the total add up to: indicators, else the lowest sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.audit.parts import is_total
from analysis.audit.score_model import Indicator, Scores, Section
from analysis.printed import Printed, half_unit

NONE = Fraction(0)
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


def sums_of(scores: Scores | None, path: tuple[str, ...]) -> Sums:
    """Of what is below `path`; a path may also be the id of an indicator."""
    below = [row for row in _rows(scores) if _is_below(row, path)] if scores else []
    points, score = (
        _added([row.points for row in below]),
        _added([row.score for row in below]),
    )
    given = [row.score for row in below if row.score is not None]
    return Sums(points, score, slack_of(given) if score is not None else NONE)


def slack_of(given: Sequence[Printed]) -> Fraction:
    """Of the scores with the most digits, if those are at least two: 2.4 is no rounded number."""
    places = max(score.places for score in given)
    rounded = sum(score.places == places for score in given)
    return rounded * half_unit(places) if places >= 2 else NONE


def repeated_sections(scores: Scores) -> list[tuple[Section, Section]]:
    """The first print of a section with each later one, where nothing below tells which is right;
    else each is compared with what is below it."""
    firsts = {section.of: section for section in reversed(scores.sections)}
    return [
        (firsts[section.of], section)
        for section in scores.sections
        if section is not firsts[section.of] and sums_of(scores, section.of).points is None
    ]


def points_of(scores: Scores, section: Section) -> set[Decimal]:
    """The points of a section, as printed and as what is below it gives them."""
    same = [other.points for other in scores.sections if other.of == section.of]
    found = {points.value for points in same if points is not None}
    below = [i.points.value for i in scores.indicators if _is_below(i, section.of)]
    return found | ({sum(below, Decimal(0))} if below else set())


def label_of(section: Section) -> str:
    """The row as printed; 小计 alone could be any."""
    if is_total(section.name):
        return f"{section.of[-1]} {section.name}"
    return section.name or section.of[-1]


def _rows(scores: Scores) -> Sequence[Row]:
    """The indicators; of a table that prints none the sections with no other below them."""
    if scores.indicators:
        return scores.indicators
    firsts = {section.of: section for section in reversed(scores.sections)}
    paths = list(firsts)
    return [
        section
        for path, section in firsts.items()
        if not any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    ]


def _is_below(row: Row, path: tuple[str, ...]) -> bool:
    """A section is not below itself, but an indicator may have no more than the path."""
    if isinstance(row, Section):
        return len(row.of) > len(path) and row.of[: len(path)] == path
    return row.path[: len(path)] == path or (row.id,) == path


def _added(given: Sequence[Printed | None]) -> Fraction | None:
    known = [number.exact for number in given if number is not None]
    return sum(known, NONE) if given and len(known) == len(given) else None
