"""The ranges that scoring bands are written as (`70%≤x<80%`), and whether they cover the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from typing import Any, Literal

from analysis.audit.range_forms import in_x
from analysis.ranges import Range, RangeError, read_range
from analysis.wording import exact

Scale = Literal["percent", "count"]
WHOLE_LINE = {"percent": (Fraction(0), Fraction(100)), "count": (Fraction(0), None)}
"""What must be covered: a rate may stay within 0..100, a number of cases has no upper end."""


@dataclass(frozen=True)
class Interval:
    """Numbers between `low` and `high`, None for no end; a percentage counts 0..100."""

    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool

    def holds(self, x: Fraction) -> bool:
        above = self.low is None or x > self.low or (self.low_in and x == self.low)
        below = self.high is None or x < self.high or (self.high_in and x == self.high)
        return above and below

    def text(self, unit: str = "") -> str:
        if self.low is not None and self.low == self.high:
            return f"x={exact(self.low)}{unit}"
        left = "" if self.low is None else f"{exact(self.low)}{unit}{'≤' if self.low_in else '<'}"
        right = (
            "" if self.high is None else f"{'≤' if self.high_in else '<'}{exact(self.high)}{unit}"
        )
        return f"{left}x{right}"


def read_interval(given: Any) -> Interval:
    """`x<70%`, `70%≤x<80%`, `15%≥x>10%`, `x=0%`, and other ways to print them (`range_forms`).

    Else ValueError with a code of wordings."""
    if isinstance(given, Interval):
        return given
    try:
        found = read_range(in_x(str(given)))
    except RangeError as error:
        raise ValueError(error.code) from None
    if found == Range():
        raise ValueError("not_a_range")
    low, high = (end.number if end else None for end in (found.low, found.high))
    return Interval(low, found.low_in, high, found.high_in)


def gaps(intervals: Iterable[Interval], scale: Scale) -> Iterator[Interval]:
    """The ranges that no band covers, from the lowest."""
    first, last = WHOLE_LINE[scale]
    reached = Interval(None, False, first, False)
    for band in _ordered(intervals, scale):
        gap = _gap(reached, band, scale)
        if gap is not None:
            yield gap
        reached = reached if _ends_after(reached, band) else band
    if reached.high is not None:
        rest = Interval(reached.high, not reached.high_in, last, last is not None)
        if last is None or reached.high < last or (reached.high == last and not reached.high_in):
            yield rest


def overlaps(intervals: Iterable[Interval], scale: Scale) -> Iterator[Interval]:
    """The ranges that two neighbouring bands cover, from the lowest."""
    for below, above in pairwise(_ordered(intervals, scale)):
        if _reaches(below, above):
            end = above if _ends_after(below, above) else below
            yield Interval(above.low, above.low_in, end.high, end.high_in)


def _reaches(below: Interval, above: Interval) -> bool:
    if below.high is None or above.low is None or below.high > above.low:
        return True
    return below.high == above.low and below.high_in and above.low_in


def _ordered(intervals: Iterable[Interval], scale: Scale) -> list[Interval]:
    found = [_closed(i) for i in intervals] if scale == "count" else list(intervals)
    return sorted(found, key=cmp_to_key(_compare_starts))


def _compare_starts(one: Interval, other: Interval) -> int:
    if one.low is None or other.low is None:
        return (one.low is not None) - (other.low is not None)
    if one.low != other.low:
        return -1 if one.low < other.low else 1
    return other.low_in - one.low_in


def _closed(interval: Interval) -> Interval:
    """Between whole numbers, written so that neighbours touch: 3 is 3≤x<4."""
    low, high = interval.low, interval.high
    if low is not None:
        low = Fraction(low.__ceil__() if interval.low_in else low.__floor__() + 1)
    if high is not None:
        high = Fraction(high.__floor__() + 1 if interval.high_in else high.__ceil__())
    return Interval(low, low is not None, high, False)


def _gap(reached: Interval, band: Interval, scale: Scale) -> Interval | None:
    end, start = reached.high, band.low
    if end is None or start is None or start < end:
        return None
    covers_start = reached.high_in or band.low_in
    if start == end and covers_start:
        return None
    return Interval(end, not reached.high_in, start, not band.low_in)


def _ends_after(one: Interval, other: Interval) -> bool:
    if one.high is None or other.high is None:
        return one.high is None
    return one.high > other.high or (one.high == other.high and one.high_in and not other.high_in)
