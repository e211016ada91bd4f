"""Numbers as a report prints them: value and digits after the point, compared exactly."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis.wording import plain_number, rounded

MOST_PLACES = 9
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")


@dataclass(frozen=True)
class Printed:
    """`text` as printed; `value` without its % sign (82.76 for `82.76%`); `places` printed."""

    text: str
    value: Decimal
    places: int

    @property
    def is_percent(self) -> bool:
        return self.text.endswith(("%", "％"))

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)

    def low(self, places: int | None = None) -> Fraction:
        """The smallest number that rounds half up to this one."""
        return self.exact - half_unit(self.places if places is None else places)

    def high(self, places: int | None = None) -> Fraction:
        """The first number that no longer rounds half up to this one."""
        return self.exact + half_unit(self.places if places is None else places)

    def is_rounded_from(self, number: Fraction, places: int | None = None) -> bool:
        return self.low(places) <= number < self.high(places)


def half_unit(places: int) -> Fraction:
    return Fraction(1, 2 * 10**places)


def read_number(given: Any) -> Printed:
    """`2.40` -> value 2.40, 2 places. Raises ValueError with a code of `wordings.LOADING`.

    A float is refused: 2.40 would be 2.4.
    """
    return _read(given, percent=False)


def read_percent(given: Any) -> Printed:
    """`82.76%` -> value 82.76, 2 places. Raises ValueError if there is no % sign."""
    return _read(given, percent=True)


def read_figure(given: Any) -> Printed:
    """A number or, with its % sign, a percentage; either may be below 0, as a growth rate is."""
    is_percent = isinstance(given, str) and plain_number(given).endswith("%")
    try:
        return _read(given, is_percent, signed=True)
    except ValueError:
        raise ValueError("not_a_printed_figure") from None


def as_it_stands(value: Decimal) -> Printed:
    """With the digits that it was written with: 26.00 has two."""
    return Printed(f"{value:f}", value, max(-int(value.as_tuple().exponent), 0))


def as_printed(number: Decimal | Fraction, places: int, percent: bool = False) -> Printed:
    """How a report would print a computed number."""
    shown = rounded(number, places) or Decimal(0)
    return Printed(f"{shown:.{places}f}{'%' if percent else ''}", shown, places)


def exactly(value: Fraction | Decimal, most: int = MOST_PLACES) -> Printed:
    """With as many digits as it has, and no more than `most`."""
    exact = Fraction(value)
    places = next((p for p in range(most) if (exact * 10**p).denominator == 1), most)
    return as_printed(exact, places)


def grim(share: Printed, base: int) -> tuple[int, ...]:
    """The numbers of people out of `base` whose share prints as `share`; empty if there is none.

    GRIM: Brown & Heathers 2017, "The GRIM test", Social Psychological and Personality Science 8(4),
    here for shares: some whole k with share - h <= 100 k / base < share + h, h half a unit of the
    last printed digit (rounding half up), in exact fractions.
    """
    first = max(math.ceil(share.low() * base / 100), 0)
    last = min(math.ceil(share.high() * base / 100) - 1, base)
    return tuple(range(first, last + 1))


def nearest_shares(share: Printed, base: int) -> tuple[Printed, Printed]:
    """What would be printed for the whole numbers of people next below and above `share`."""
    below = min(max(math.floor(share.exact * base / 100), 0), base)
    above = min(below + 1, base)
    low, high = (as_printed(Fraction(100 * k, base), share.places, True) for k in (below, above))
    return low, high


def _read(given: Any, percent: bool, signed: bool = False) -> Printed:
    if isinstance(given, Printed):
        return given
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise ValueError("not_a_printed_number")
    text = plain_number(str(given))
    if percent and not text.endswith("%"):
        raise ValueError("not_a_printed_percent")
    bare = text.removesuffix("%") if percent else text
    if not NUMBER.fullmatch(bare) or (percent and not signed and bare.startswith("-")):
        raise ValueError("not_a_printed_number")
    return Printed(str(given).strip(), Decimal(bare), len(bare.partition(".")[2]))
