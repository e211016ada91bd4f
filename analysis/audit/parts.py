"""Parts and their printed total: what they add up to, what rounding explains, what counts twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from analysis.audit.model import Line
from analysis.printed import Printed, half_unit

ROUNDED_UNIT = re.compile(
    "[万亿%％]|千[元人户]|(?<!单)元|比例|占比|率|亩|吨|公顷|公里|公斤|平方米|yuan|percent",
    re.IGNORECASE,
)
"""Money, shares, measures, 万人: what is printed in whole ones of these may have been rounded."""
TOTAL_LABELS = frozenset(
    {"小计", "合计", "总计", "共计", "总数", "累计", "subtotal", "total", "sum"}
)


@dataclass(frozen=True)
class Sum:
    """Parts with the total that is printed for them; `unit` is what they are counted in."""

    parts: tuple[Line, ...]
    total: Printed
    unit: str

    @cached_property
    def own(self) -> tuple[Line, ...]:
        return without_totals(self.parts)

    @property
    def right(self) -> Decimal:
        return sum_of(self.own)

    @property
    def verdict(self) -> str:
        """ "" if the parts give the total, "rounding" if that explains it, else "error"."""
        return self._verdict_of(self.own)

    @property
    def counted_twice(self) -> Line | None:
        """The row that holds the total of others, if that is why the total is not the sum."""
        if self.verdict != "error":
            return None
        if len(self.own) < len(self.parts) and self._verdict_of(self.parts) != "error":
            return next(line for line in self.parts if not any(line is one for one in self.own))
        return next((line for line in self.own if self._holds_total(line)), None)

    def _verdict_of(self, parts: Sequence[Line]) -> str:
        terms = [line.value for line in parts]
        return off(sum_of(parts), self.total, terms, self.unit)

    def _holds_total(self, line: Line) -> bool:
        """Of two parts that are alike none is the total of the other."""
        others = self.right - line.value.value
        meant = (self.total.value, others) if len(self.own) > 2 else (self.total.value,)
        return others > 0 and line.value.value in meant


def without_totals(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Less the rows called 小计 or 合计 that hold what is above them, or all that are not."""
    rest = sum_of([line for line in parts if not is_total(line.label)])
    own: list[Line] = []
    block = above = Decimal(0)
    for line in parts:
        value = line.value.value
        if is_total(line.label) and value in (block, above, rest):
            block = Decimal(0)
            continue
        block, above = block + value, above + value
        own.append(line)
    return tuple(own) or tuple(parts)


def off(right: Decimal, printed: Printed, terms: Sequence[Printed], unit: str) -> str:
    """ "" if `printed` is `right`, "rounding" if rounding of it and of the terms can explain it.

    All are taken as rounded to the digits that the finest of them shows, as a column of money is:
    k terms and their total may be off by less than k + 1 halves of the last digit, and nobody
    believes in more than one whole one. A total may be printed coarser. Whole numbers of anything
    but a rounded unit are counts, which do not round.
    """
    if right == printed.value:
        return ""
    places = max(number.places for number in (printed, *terms))
    if places == 0 and not ROUNDED_UNIT.search(unit):
        return "error"
    if printed.is_rounded_from(Fraction(right)):
        return "rounding"
    difference, most = abs(Fraction(right) - printed.exact), half_unit(places) * (len(terms) + 1)
    return "rounding" if difference < most and difference <= 2 * half_unit(places) else "error"


def sum_of(parts: Sequence[Line]) -> Decimal:
    return sum((part.value.value for part in parts), Decimal(0))


def is_total(label: str) -> bool:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", label)).casefold() in TOTAL_LABELS
