"""Ranges of x as rubrics and reports write them (`70%≤x<80%`), read into their two ends."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

BOUND = r"([+-]?\d{1,9}(?:\.\d{1,9})?%?)"
SIGN = r"(<=|>=|<|>)"
BETWEEN = re.compile(rf"{BOUND}{SIGN}x{SIGN}{BOUND}")
ONE_SIDED = re.compile(rf"x(<=|>=|<|>|=){BOUND}")
SIGNS = str.maketrans(
    {"≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "＜": "<", "＞": ">", "−": "-", "X": "x"}
)


@dataclass(frozen=True)
class Bound:
    """The number as written: 80 of `80%`."""

    number: Fraction
    is_percent: bool

    @property
    def value(self) -> Fraction:
        """`80%` is 0.8, `3` is 3."""
        return self.number / 100 if self.is_percent else self.number


@dataclass(frozen=True)
class Range:
    """An end is None where there is none; a closed one (`_in`) belongs to the range."""

    low: Bound | None = None
    low_in: bool = False
    high: Bound | None = None
    high_in: bool = False


class RangeError(ValueError):
    """A text that is no range of x; `code` is not_a_range, range_signs or range_empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_range(text: str) -> Range:
    """`x<70%`, `70%≤x<80%`, `15%≥x>10%`, `x=0%`, or `x` for everything. Raises RangeError."""
    plain = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
    plain = "".join(plain.split())
    if plain == "x":
        return Range()
    if found := BETWEEN.fullmatch(plain):
        return _between(*found.groups())
    if found := ONE_SIDED.fullmatch(plain):
        return _one_sided(*found.groups())
    raise RangeError("not_a_range")


def _between(first: str, sign: str, other_sign: str, second: str) -> Range:
    if sign[0] != other_sign[0]:
        raise RangeError("range_signs")
    ends = [(_bound(first), "=" in sign), (_bound(second), "=" in other_sign)]
    (low, low_in), (high, high_in) = ends if sign[0] == "<" else ends[::-1]
    is_point = low.value == high.value and low_in and high_in
    if low.value > high.value or (low.value == high.value and not is_point):
        raise RangeError("range_empty")
    return Range(low, low_in, high, high_in)


def _one_sided(sign: str, bound: str) -> Range:
    end = _bound(bound)
    if sign == "=":
        return Range(end, True, end, True)
    if sign[0] == "<":
        return Range(high=end, high_in="=" in sign)
    return Range(low=end, low_in="=" in sign)


def _bound(text: str) -> Bound:
    number = text.removesuffix("%")
    return Bound(Fraction(number), number != text)
