"""Printed sub-totals and the total, judged level by level: the wrong one, and what it went into.

A wrong sum is carried upwards by whoever adds up the printed sums; that is one error, not several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from analysis.audit.finding import Place
from analysis.audit.score_model import Indicator, Scores, Section, Total
from analysis.audit.score_sums import (
    NONE,
    ONE,
    RowsBelow,
    Sums,
    label_of,
    slack_of,
    sub_projects,
)
from analysis.printed import Printed, half_unit

Column = Literal["points", "score"]
Path = tuple[str, ...]
Row = Section | Total
COLUMNS: tuple[Column, ...] = ("points", "score")


@dataclass(frozen=True)
class WrongSum:
    """A printed number that is not what the lowest rows below it add up to, which is `right`.

    wrong: it is an error of its own. carried: it was added up from a wrong number, or repeats it.
    rounding: rounding, or adding up rounded numbers, can explain it.
    """

    row: Row
    column: Column
    printed: Printed
    right: Fraction
    verdict: Literal["wrong", "carried", "rounding"]
    causes: tuple[WrongSum, ...] = ()

    @property
    def place(self) -> Place:
        label = label_of(self.row) if isinstance(self.row, Section) else ""
        return Place(self.row.place, label, self.column)

    def is_from(self, other: WrongSum) -> bool:
        return any(cause is other or cause.is_from(other) for cause in self.causes)


@dataclass(frozen=True)
class Level:
    """What a sum is made of: the printed sub-totals right below it, and indicators under none.

    `shares` are those of the sections in a mean of sub-projects; empty where they are added up.
    """

    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...]
    shares: tuple[Fraction, ...] = ()

    def printed(self, column: Column) -> list[Printed] | None:
        """The number of each part; None if one has none, or if there is no part."""
        given = [getattr(part, column) for part in (*self.sections, *self.indicators)]
        return given if given and None not in given else None

    def share(self, part: Section | Indicator) -> Fraction:
        """By how much the sum grows if the part grows by 1."""
        shares = zip(self.sections, self.shares, strict=False)
        return next((share for section, share in shares if section is part), ONE)

    def sum_of(self, parts: Sequence[Printed]) -> Fraction:
        shares = self.shares or [ONE] * len(parts)
        return sum((s * part.exact for s, part in zip(shares, parts, strict=True)), NONE)

    def is_sum(self, printed: Printed, parts: Sequence[Printed]) -> bool:
        """Up to rounding of the parts and of the sum."""
        slack = slack_of(parts, self.shares) + half_unit(printed.places)
        return abs(printed.exact - self.sum_of(parts)) < slack


def wrong_sums(scores: Scores | None) -> list[WrongSum]:
    """In the order of the report: sub-totals, then the total, points before scores."""
    return _Levels(scores).judged() if scores else []


def level_below(scores: Scores, row: Row) -> Level:
    return _Levels(scores).below(row)


class _Levels:
    """The printed sums as a tree by their paths; judged from the lowest level upwards."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.rows: list[Row] = [*scores.sections, *([scores.total] if scores.total else [])]
        self.within = _paths_of_indicators(scores)
        self.projects = sub_projects(scores)
        self.prints: dict[Path, list[Section]] = {}
        for section in scores.sections:
            self.prints.setdefault(self.path(section), []).append(section)
        self.below_path: dict[Path, list[Path]] = {}
        for path in self.prints:
            self.below_path.setdefault(self._sum_above(path[:-1]), []).append(path)
        self.indicators: dict[Path, list[Indicator]] = {}
        for indicator in scores.indicators:
            path = self._sum_above((*indicator.path, indicator.id))
            self.indicators.setdefault(path, []).append(indicator)
        self.found: dict[tuple[int, Column], WrongSum] = {}

    def path(self, row: Row) -> Path:
        """Of the total it is empty; a section of one indicator, named by its id, is below all."""
        if isinstance(row, Total):
            return ()
        return self.within.get(row.of, row.of)

    def below(self, row: Row) -> Level:
        """Of several prints of a sub-total that in the same table, else the first."""
        path = self.path(row)
        chosen = []
        for below in self.below_path.get(path, ()):
            prints = self.prints[below]
            chosen.append(next((p for p in prints if p.place == row.place), prints[0]))
        shares = () if path or not self.projects else (self.projects[s.of][1] for s in chosen)
        return Level(tuple(chosen), tuple(self.indicators.get(path, ())), tuple(shares))

    def judged(self) -> list[WrongSum]:
        below = RowsBelow(self.scores)
        for row in sorted(self.rows, key=lambda row: len(self.path(row)), reverse=True):
            sums = below.sums(row.of if isinstance(row, Section) else ())
            for column in COLUMNS:
                found = self._judge(row, column, sums)
                if found is not None:
                    self.found[id(row), column] = found
        places = [(id(row), column) for row in self.rows for column in COLUMNS]
        return [self.found[place] for place in places if place in self.found]

    def _judge(self, row: Row, column: Column, sums: Sums) -> WrongSum | None:
        printed, right = getattr(row, column), getattr(sums, column)
        if printed is None or right is None or printed.is_rounded_from(right):
            return None
        if column == "score" and sums.rounding_explains(printed):
            return WrongSum(row, column, printed, right, "rounding")
        causes = (*self._printed_before(row, column, printed), *self._below(row, column, printed))
        if causes:
            return WrongSum(row, column, printed, right, "carried", causes)
        is_rounding = column == "score" and self._is_of_rounded(row, printed)
        return WrongSum(row, column, printed, right, "rounding" if is_rounding else "wrong")

    def _printed_before(self, row: Row, column: Column, printed: Printed) -> Iterator[WrongSum]:
        """The same wrong number of the same row in a table above."""
        for other in self.prints.get(self.path(row), ()) if isinstance(row, Section) else ():
            found = self.found.get((id(other), column))
            if found and found.verdict != "rounding" and found.printed.value == printed.value:
                yield found
                return

    def _below(self, row: Row, column: Column, printed: Printed) -> Iterator[WrongSum]:
        """The wrong sums that this one was added up from."""
        level = self.below(row)
        parts = level.printed(column)
        if not level.sections or parts is None or not level.is_sum(printed, parts):
            return
        for section in level.sections:
            found = self.found.get((id(section), column))
            if found and found.verdict != "rounding":
                yield found

    def _is_of_rounded(self, row: Row, printed: Printed) -> bool:
        level = self.below(row)
        parts = level.printed("score")
        return bool(level.sections) and parts is not None and printed.exact == level.sum_of(parts)

    def _sum_above(self, path: Path) -> Path:
        """The longest beginning of the path that has a printed sum; the total's is empty."""
        lengths = range(len(path), 0, -1)
        return next((path[:n] for n in lengths if path[:n] in self.prints), ())


def _paths_of_indicators(scores: Scores) -> dict[Path, Path]:
    """The id of an indicator as a path -> where in the tree the indicator stands."""
    return {(i.id,): (*i.path, i.id) for i in scores.indicators}
