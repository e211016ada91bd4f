"""What would change the grade: points missing or to spare, ambiguous ratios, band edges near by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.evaluation.combined import FULL, Combined
from analysis.evaluation.earning import scale_of
from analysis.evaluation.grades import GradeScheme, grade
from analysis.evaluation.rules import Band, CountBands, PercentBands
from analysis.evaluation.scales import steps
from analysis.evaluation.scorecard import Row, Scorecard


@dataclass(frozen=True)
class Alternative:
    """Another score of one indicator, with the total and the grade that it would give.

    `part` names its sub-project where the total is that of several.
    """

    part: str
    row: Row
    score: Fraction
    total: Fraction
    grade: str
    changes_grade: bool


@dataclass(frozen=True)
class Ambiguous:
    """An indicator whose ratio the rubric leaves open: read down and read up."""

    down: Alternative
    up: Alternative


@dataclass(frozen=True)
class Edge:
    """The nearest band with another score: `distance` is in shares (0..1), or in cases."""

    band: Band
    distance: Fraction
    is_share: bool
    there: Alternative


@dataclass(frozen=True)
class Outlook:
    """All of it for one scorecard, or for the one score of several sub-projects.

    `to_better` are the points to the next better grade (None in the best one), `to_worse` those
    to spare before the grade is lost (None in the worst one). `lowest` and `highest` are the
    totals with every ambiguous ratio read down and up; with `chance` the scores that a survey
    measured are at the ends of their intervals. `unmeasured` is the number of indicators with bands
    of which only the score is known: how near they are to an edge cannot be told.
    """

    grade: str
    better: str
    to_better: Fraction | None
    to_worse: Fraction | None
    ambiguous: tuple[Ambiguous, ...]
    lowest: Fraction
    highest: Fraction
    grade_lowest: str
    grade_highest: str
    edges: tuple[Edge, ...]
    unmeasured: int
    chance: tuple[Fraction, Fraction] | None
    grade_chance: tuple[str, str] | None


@dataclass(frozen=True)
class _Scored:
    """One indicator; a point of it more gives `worth` points more in the total."""

    part: str
    row: Row
    worth: Fraction


@dataclass(frozen=True)
class _Whole:
    """A total out of `points` with every indicator that is in it."""

    scored: tuple[_Scored, ...]
    total: Fraction
    points: Decimal
    scheme: GradeScheme

    def with_score(self, one: _Scored, score: Fraction) -> Fraction:
        return self.total + (score - (one.row.score or 0)) * one.worth

    def grade(self, total: Fraction) -> str:
        return grade(total, self.points, self.scheme).name


def outlook(card: Scorecard) -> Outlook | None:
    """None of a scorecard that is not complete."""
    if card.total is None:
        return None
    scored = tuple(_Scored("", row, Fraction(1)) for row in card.rows)
    return _outlook(_Whole(scored, card.total, card.points, card.scheme))


def combined_outlook(combined: Combined) -> Outlook | None:
    """None while a sub-project is not complete.

    A survey that measures several sub-projects is one survey: `chance` has all of them at the same
    end of its intervals.
    """
    if combined.total is None:
        return None
    scored = tuple(
        _Scored(part.name, row, combined.share(part) * Fraction(FULL) / Fraction(part.card.points))
        for part in combined.parts
        for row in part.card.rows
    )
    return _outlook(_Whole(scored, combined.total, FULL, combined.scheme))


def _outlook(whole: _Whole) -> Outlook:
    """Edges that would change the grade come first, then the nearest ones."""
    total, unit = whole.total, Fraction(whole.points) / 100
    better = whole.scheme.next_better(total / unit)
    bound = whole.scheme.own_bound(total / unit)
    ambiguous = tuple(_ambiguous(whole))
    lowest = total + sum((a.down.total - total for a in ambiguous), Fraction(0))
    highest = total + sum((a.up.total - total for a in ambiguous), Fraction(0))
    chance = _chance(whole)
    edges = sorted(
        (edge for one in whole.scored for edge in _edges(whole, one)),
        key=lambda edge: (not edge.there.changes_grade, not edge.is_share, edge.distance),
    )
    rows = [one.row for one in whole.scored]
    return Outlook(
        grade=whole.grade(total),
        better=better[0] if better else "",
        to_better=better[1] * unit - total if better else None,
        to_worse=total - bound * unit if bound else None,
        ambiguous=ambiguous,
        lowest=lowest,
        highest=highest,
        grade_lowest=whole.grade(lowest),
        grade_highest=whole.grade(highest),
        edges=tuple(edges),
        unmeasured=sum(_has_bands(row) and row.earned.number is None for row in rows),
        chance=chance,
        grade_chance=(whole.grade(chance[0]), whole.grade(chance[1])) if chance else None,
    )


def _ambiguous(whole: _Whole) -> Iterator[Ambiguous]:
    for one in whole.scored:
        if one.row.earned.readings is not None:
            down, up = (_alternative(whole, one, score) for score in one.row.earned.readings)
            yield Ambiguous(down, up)


def _edges(whole: _Whole, one: _Scored) -> Iterator[Edge]:
    leaf, number = one.row.leaf, one.row.earned.number
    scale = scale_of(leaf.rule)
    if scale is None or number is None:
        return
    for step in steps(scale, number):
        there = _alternative(whole, one, step.ratio * Fraction(leaf.points))
        yield Edge(step.band, step.distance, scale.kind == "percent_bands", there)


def _has_bands(row: Row) -> bool:
    return isinstance(scale_of(row.leaf.rule), PercentBands | CountBands)


def _alternative(whole: _Whole, one: _Scored, score: Fraction) -> Alternative:
    other = whole.with_score(one, score)
    name = whole.grade(other)
    return Alternative(one.part, one.row, score, other, name, name != whole.grade(whole.total))


def _chance(whole: _Whole) -> tuple[Fraction, Fraction] | None:
    low = high = whole.total
    for one in whole.scored:
        found = one.row.earned.surveyed
        if found is None or found.score_low is None or found.score_high is None:
            continue
        low += whole.with_score(one, found.score_low) - whole.total
        high += whole.with_score(one, found.score_high) - whole.total
    return None if low == high else (low, high)
