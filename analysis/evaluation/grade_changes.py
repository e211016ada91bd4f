"""What would change the grade: points missing or to spare, ambiguous ratios, band edges near by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.evaluation.earning import scale_of
from analysis.evaluation.rules import Band, CountBands, PercentBands
from analysis.evaluation.scales import steps
from analysis.evaluation.scorecard import Row, Scorecard


@dataclass(frozen=True)
class Alternative:
    """Another score of one indicator, with the total and the grade that it would give."""

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
    """All of it for one scorecard; None of a scorecard that is not complete.

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


def outlook(card: Scorecard) -> Outlook | None:
    """Edges that would change the grade come first, then the nearest ones."""
    total, grade = card.total, card.grade
    if total is None or grade is None:
        return None
    unit = Fraction(card.points) / 100
    better = card.scheme.next_better(total / unit)
    bound = card.scheme.own_bound(total / unit)
    ambiguous = tuple(_ambiguous(card, total))
    lowest = total + sum((a.down.total - total for a in ambiguous), Fraction(0))
    highest = total + sum((a.up.total - total for a in ambiguous), Fraction(0))
    chance = _chance(card, total)
    edges = sorted(
        (edge for row in card.rows for edge in _edges(card, row, total)),
        key=lambda edge: (not edge.there.changes_grade, not edge.is_share, edge.distance),
    )
    return Outlook(
        grade=grade.name,
        better=better[0] if better else "",
        to_better=better[1] * unit - total if better else None,
        to_worse=total - bound * unit if bound else None,
        ambiguous=ambiguous,
        lowest=lowest,
        highest=highest,
        grade_lowest=_grade(card, lowest),
        grade_highest=_grade(card, highest),
        edges=tuple(edges),
        unmeasured=sum(_has_bands(row) and row.earned.number is None for row in card.rows),
        chance=chance,
        grade_chance=(_grade(card, chance[0]), _grade(card, chance[1])) if chance else None,
    )


def _ambiguous(card: Scorecard, total: Fraction) -> Iterator[Ambiguous]:
    for row in card.rows:
        if row.earned.readings is not None:
            down, up = (_alternative(card, row, total, s) for s in row.earned.readings)
            yield Ambiguous(down, up)


def _edges(card: Scorecard, row: Row, total: Fraction) -> Iterator[Edge]:
    scale, number = scale_of(row.leaf.rule), row.earned.number
    if scale is None or number is None:
        return
    for step in steps(scale, number):
        there = _alternative(card, row, total, step.ratio * Fraction(row.leaf.points))
        yield Edge(step.band, step.distance, scale.kind == "percent_bands", there)


def _has_bands(row: Row) -> bool:
    return isinstance(scale_of(row.leaf.rule), PercentBands | CountBands)


def _alternative(card: Scorecard, row: Row, total: Fraction, score: Fraction) -> Alternative:
    other = total - (row.score or 0) + score
    name = _grade(card, other)
    return Alternative(row, score, other, name, name != _grade(card, total))


def _chance(card: Scorecard, total: Fraction) -> tuple[Fraction, Fraction] | None:
    low = high = total
    for row in card.rows:
        found = row.earned.surveyed
        if found is None or found.score_low is None or found.score_high is None:
            continue
        low += found.score_low - (row.score or 0)
        high += found.score_high - (row.score or 0)
    return None if low == high else (low, high)


def _grade(card: Scorecard, total: Fraction) -> str:
    found = card.grade_of(total)
    return found.name if found else ""
