"""Parts of the number line as rubrics write them (`70%≤x<80%`), and what they leave uncovered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from analysis import wording
from analysis.ranges import RangeError, read_range

LARGEST = 10**9


@dataclass(frozen=True)
class Interval:
    """low and high are None where there is no end; a closed end belongs to the interval."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = False
    high_closed: bool = False

    def __contains__(self, value: Fraction) -> bool:
        return not self.is_below(value) and not self.is_above(value)

    def is_below(self, value: Fraction) -> bool:
        """Whether the whole interval lies below the value."""
        if self.high is None:
            return False
        return value > self.high or (value == self.high and not self.high_closed)

    def is_above(self, value: Fraction) -> bool:
        if self.low is None:
            return False
        return value < self.low or (value == self.low and not self.low_closed)

    def distance(self, value: Fraction) -> Fraction:
        """How far the value must move to reach the interval's edge; 0 inside."""
        if self.is_above(value) and self.low is not None:
            return self.low - value
        if self.is_below(value) and self.high is not None:
            return value - self.high
        return Fraction(0)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        closed = self.low_closed and self.high_closed
        return self.low > self.high or (self.low == self.high and not closed)


EVERYTHING = Interval()


class IntervalError(ValueError):
    """A text that is no interval of x."""


def parse(text: str) -> Interval:
    """`x=0%`, `x≥30%`, `0%<x<30%`, `15%≥x>10%`, or `x` for the whole line.

    Percentages become shares (30% is 0.3). Raises IntervalError, also for an empty interval.
    """
    try:
        found = read_range(text)
    except RangeError:
        raise IntervalError(text) from None
    low, high = (end.value if end else None for end in (found.low, found.high))
    return Interval(low, high, found.low_in, found.high_in)


def written(interval: Interval, *, percent: bool) -> str:
    """As a rubric writes it: `60%≤x<80%`."""
    low, high = interval.low, interval.high
    if low is not None and low == high:
        return f"x={number(low, percent=percent)}"
    if low is None and high is None:
        return "x"
    if low is None or high is None:
        end, closed = (high, interval.high_closed) if low is None else (low, interval.low_closed)
        sign = ("≤" if closed else "<") if low is None else ("≥" if closed else ">")
        return f"x{sign}{number(end or Fraction(0), percent=percent)}"
    signs = ["≤" if closed else "<" for closed in (interval.low_closed, interval.high_closed)]
    ends = [number(end, percent=percent) for end in (low, high)]
    return f"{ends[0]}{signs[0]}x{signs[1]}{ends[1]}"


def number(value: Fraction, *, percent: bool) -> str:
    return f"{wording.exact(value * 100)}%" if percent else wording.exact(value)


def whole_distance(interval: Interval, value: Fraction) -> Fraction | None:
    """How far the value is from the nearest whole number inside; None where there is none."""
    return _tight(interval).distance(value) if _has_whole(interval) else None


def common(first: Interval, second: Interval) -> Interval:
    """What lies in both; may be empty."""
    low, high = first.low, first.high
    low_closed, high_closed = first.low_closed, first.high_closed
    if second.low is not None and (low is None or second.low >= low):
        low_closed = second.low_closed and (low_closed or low != second.low)
        low = second.low
    if second.high is not None and (high is None or second.high <= high):
        high_closed = second.high_closed and (high_closed or high != second.high)
        high = second.high
    return Interval(low, high, low_closed, high_closed)


def is_reachable(interval: Interval, within: Interval, *, whole: bool) -> bool:
    """Whether anything (with `whole` any whole number) of `within` lies in the interval."""
    shared = common(interval, within)
    return not shared.is_empty and (not whole or _has_whole(shared))


def uncovered(
    covers: Sequence[Interval], within: Interval, *, whole: bool
) -> tuple[list[Interval], list[Interval]]:
    """(gaps, overlaps): the parts of `within` that no interval covers, and that several do.

    With `whole` only whole numbers count. Neighbouring parts are joined.
    """
    pieces = [piece for piece in _pieces(covers, within) if not whole or _has_whole(piece)]
    counts = [sum(_sample(piece, whole=whole) in cover for cover in covers) for piece in pieces]
    counted = list(zip(pieces, counts, strict=True))
    gaps = [piece for piece, count in counted if count == 0]
    overlaps = [piece for piece, count in counted if count > 1]
    if whole:
        return [_tight(piece) for piece in gaps], [_tight(piece) for piece in overlaps]
    return _joined(gaps), _joined(overlaps)


def _pieces(covers: Sequence[Interval], within: Interval) -> list[Interval]:
    """`within` cut at every end: single points and the open intervals between them."""
    ends = {e for i in (*covers, within) for e in (i.low, i.high) if e is not None}
    inside = sorted(end for end in ends if within.low is None or end >= within.low)
    inside = [end for end in inside if within.high is None or end <= within.high]
    points = [Interval(end, end, True, True) for end in inside if end in within]
    between = [Interval(low, high) for low, high in pairwise(inside)]
    if within.low is None:
        between.insert(0, Interval(high=inside[0]) if inside else EVERYTHING)
    if within.high is None and inside:
        between.append(Interval(low=inside[-1]))
    return sorted([*points, *between], key=_order)


def _order(piece: Interval) -> tuple[Fraction, bool]:
    """A point comes before the open interval that starts at it."""
    return (Fraction(-LARGEST) if piece.low is None else piece.low, not piece.low_closed)


def _sample(piece: Interval, *, whole: bool) -> Fraction:
    if piece.low is not None and piece.low_closed:
        return piece.low
    if piece.low is None:
        return Fraction(0) if piece.high is None else piece.high - 1
    if whole:
        return Fraction(math.floor(piece.low) + 1)
    return piece.low + 1 if piece.high is None else (piece.low + piece.high) / 2


def _has_whole(piece: Interval) -> bool:
    first, last = _first_whole(piece), _last_whole(piece)
    return first is None or last is None or first <= last


def _first_whole(piece: Interval) -> Fraction | None:
    if piece.low is None:
        return None
    return Fraction(math.ceil(piece.low) if piece.low_closed else math.floor(piece.low) + 1)


def _last_whole(piece: Interval) -> Fraction | None:
    if piece.high is None:
        return None
    return Fraction(math.floor(piece.high) if piece.high_closed else math.ceil(piece.high) - 1)


def _tight(piece: Interval) -> Interval:
    """The same whole numbers, with closed ends."""
    low, high = _first_whole(piece), _last_whole(piece)
    return Interval(low, high, low is not None, high is not None)


def _joined(pieces: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and last.high == piece.low and last.high_closed != piece.low_closed:
            joined[-1] = Interval(last.low, piece.high, last.low_closed, piece.high_closed)
        else:
            joined.append(piece)
    return joined
