"""Parts and their printed total: what they add up to, what rounding explains, what counts twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, takewhile

from analysis.audit.model import Line
from analysis.printed import Printed, as_printed, half_unit

ROUNDED_UNIT = re.compile(
    "[万亿%％]|千[元人户]|(?<!单)元|比例|占比|率|亩|吨|公顷|公里|公斤|平方米|yuan|percent",
    re.IGNORECASE,
)
"""Money, shares, measures, 万人: what is printed in whole ones of these may have been rounded."""
TOTAL_LABELS = frozenset(
    {"小计", "合计", "总计", "共计", "总数", "累计", "subtotal", "total", "sum"}
)
OF_BLOCK = ("小计", "subtotal")
SUM_ENDINGS = ("小计", "合计", "总计", "共计", "subtotal")
BRACKET_BEHIND = re.compile(r"\([^()]*\)$")
MOST_TOTALS = 100
"""Of more, looking at all rows for each would take long."""
MOST_ROWS = 200
"""Nobody adds up more rows than these right beside a sub-total."""
OF_WHICH = re.compile(r"[\W\d]*(?:其中|of which)")


@dataclass(frozen=True)
class SubTotal:
    """A row 小计 that holds no rows beside it, with those that it should hold."""

    line: Line
    block: tuple[Line, ...]


@dataclass(frozen=True)
class Reading:
    """Which rows are parts: `own` are, `wrong` are sub-totals that do not hold their rows."""

    own: tuple[Line, ...]
    wrong: tuple[SubTotal, ...]


@dataclass(frozen=True)
class Sum:
    """Parts with the total that is printed for them; `unit` is what they are counted in."""

    parts: tuple[Line, ...]
    total: Printed
    unit: str

    @cached_property
    def _reading(self) -> Reading:
        """The first that gives the total, else the one that comes nearest."""
        every = list(_readings(self.parts))
        sound = (found for found in every if self._verdict_of(found.own) != "error")
        nearest = min(every, key=lambda found: abs(sum_of(found.own) - self.total.value))
        return next(sound, nearest)

    @property
    def own(self) -> tuple[Line, ...]:
        return self._reading.own

    @cached_property
    def wrong(self) -> tuple[SubTotal, ...]:
        """The sub-totals that rounding of their rows does not explain."""
        return tuple(
            found
            for found in self._reading.wrong
            if self._off(sum_of(found.block), found.line.value, found.block) == "error"
        )

    @property
    def right(self) -> Decimal:
        return sum_of(self.own)

    @property
    def verdict(self) -> str:
        """ "" if the parts give the total, "rounding" if that explains it, else "error".

        A total that follows from a wrong sub-total is no second fault.
        """
        found = self._verdict_of(self.own)
        if found != "error" or not self.wrong:
            return found
        moved = sum((one.line.value.value - sum_of(one.block) for one in self.wrong), self.right)
        return "" if self._off(moved, self.total, self.own) != "error" else found

    @property
    def counted_twice(self) -> Line | None:
        """The row that holds the total of others, if that is why the total is not the sum."""
        if self.verdict != "error":
            return None
        shown = tuple(line for line in self.parts if not is_of_which(line.label))
        if len(self.own) < len(shown) and self._verdict_of(shown) != "error":
            return next(line for line in shown if not any(line is one for one in self.own))
        return next((line for line in self.own if self._holds_total(line)), None)

    def _verdict_of(self, parts: Sequence[Line]) -> str:
        return self._off(sum_of(parts), self.total, parts)

    def _off(self, right: Decimal, printed: Printed, parts: Sequence[Line]) -> str:
        return off(right, printed, [line.value for line in parts], self.unit)

    def _holds_total(self, line: Line) -> bool:
        """Of two parts that are alike none is the total of the other."""
        others = self.right - line.value.value
        meant = (self.total.value, others) if len(self.own) > 2 else (self.total.value,)
        return others > 0 and line.value.value in meant


def without_totals(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Less the rows called 小计 or 合计, and the 其中 of a row, which it holds already."""
    return next(_readings(parts)).own


def _readings(parts: Sequence[Line]) -> Iterator[Reading]:
    """地方小计 may also be a part whose own parts are not shown, and rows after a 其中 may be of
    its list."""
    if not any(is_named_total(line.label) or is_of_which(line.label) for line in parts):
        yield Reading(tuple(parts), ())
        return
    if sum(is_named_total(line.label) for line in parts) > MOST_TOTALS:
        own = [line for line in _without_of_which(parts) if not is_named_total(line.label)]
        yield Reading(tuple(own) or tuple(parts), ())
        return
    for shown in (_without_of_which(parts), _without_lists(parts)):
        for is_part in (False, True):
            yield _read(shown, is_part)


def _read(parts: Sequence[Line], is_part: bool) -> Reading:
    own: list[Line] = []
    block: list[Line] = []
    wrong: list[SubTotal] = []
    rest = [line for line in parts if not is_named_total(line.label)]
    are_heads = _are_heads(parts)
    for place, line in enumerate(parts):
        held = (
            _held(line, own, parts[place + 1 :][:MOST_ROWS], rest)
            if is_named_total(line.label)
            else 0
        )
        is_total_row = held > 1 or not is_part or is_total(line.label)
        if not (is_named_total(line.label) and is_total_row):
            own.append(line)
            block.append(line)
            continue
        below = _down_to_total(parts[place + 1 :]) if not held else []
        blocks = (below, block) if are_heads else (block, below)
        is_of_block = _named(line.label).endswith(OF_BLOCK)
        meant = next((rows for rows in blocks if rows and is_of_block), rest)
        if not held and meant:
            wrong.append(SubTotal(line, tuple(meant)))
        block = []
    return Reading(tuple(own) or tuple(parts), tuple(wrong) if own else ())


def _are_heads(parts: Sequence[Line]) -> bool:
    """Whether some sub-total is printed above its rows, and none below them."""
    totals = [(place, line) for place, line in enumerate(parts) if is_named_total(line.label)]
    starts = [0, *(place + 1 for place, _ in totals)]
    ends = [*(place for place, _ in totals), len(parts)]
    sums = [sum_of(parts[start:end]) for start, end in zip(starts, ends, strict=True)]
    above = (line.value.value == added for (_, line), added in zip(totals, sums, strict=False))
    below = (line.value.value == added for (_, line), added in zip(totals, sums[1:], strict=True))
    return any(below) and not any(above)


def _down_to_total(rows: Sequence[Line]) -> list[Line]:
    return list(takewhile(lambda one: not is_named_total(one.label), rows))


def _held(line: Line, above: Sequence[Line], below: Sequence[Line], rest: Sequence[Line]) -> int:
    """The most rows just above, just below or in all that add up to `line`; 0 if none do."""
    runs = (list(reversed(above[-MOST_ROWS:])), _down_to_total(below))
    found = [
        length
        for run in runs
        for length, value in enumerate(accumulate(one.value.value for one in run), 1)
        if value == line.value.value
    ]
    every = [len(rows) for rows in (above, rest) if sum_of(rows) == line.value.value]
    return max([*found, *every], default=0)


def _without_of_which(parts: Sequence[Line]) -> list[Line]:
    return [line for line in parts if not is_of_which(line.label)] or list(parts)


def _without_lists(parts: Sequence[Line]) -> list[Line]:
    """Less the rows, too, that fill up the row whose 其中 they follow."""
    kept: list[Line] = []
    left = Decimal(0)
    for line in parts:
        if is_of_which(line.label):
            whole = left or (kept[-1].value.value if kept else left)
            left = whole - line.value.value
        elif 0 < line.value.value <= left and not is_named_total(line.label):
            left -= line.value.value
        else:
            left = Decimal(0)
            kept.append(line)
    return kept or list(parts)


def of_sub_total(found: SubTotal) -> dict[str, object]:
    terms = [line.value for line in found.block]
    places = max(number.places for number in (found.line.value, *terms))
    return {
        "total": found.line.value.text,
        "terms": "+".join(term.text for term in terms),
        "sum": as_printed(sum_of(found.block), places).text,
    }


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
    return _bare(label) in TOTAL_LABELS


@lru_cache(maxsize=4096)
def is_named_total(label: str) -> bool:
    """小计, and also 上级小计 or 小计（1+2）."""
    return is_total(label) or _named(label).endswith(SUM_ENDINGS)


@lru_cache(maxsize=4096)
def is_of_which(label: str) -> bool:
    return OF_WHICH.match(unicodedata.normalize("NFKC", label).casefold()) is not None


def _named(label: str) -> str:
    """小计 of 小计（1+2）."""
    return _bare(BRACKET_BEHIND.sub("", unicodedata.normalize("NFKC", label).strip()))


def _bare(label: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", label)).casefold()
