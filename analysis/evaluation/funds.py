"""Funds (资金): what was planned, arrived and was spent by source; rates, balances, differences.

Amounts are Decimals in the unit of the table (usually 万元), as printed. Fields of an item besides
its sources are the totals that the document prints; they count where the sources do not say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from analysis import wording
from analysis.evaluation.messages import Fault, Severity
from analysis.evaluation.rules import Frozen, Number
from surveys.definition import Words

Amount = Annotated[Number, Field(ge=-(10**12), le=10**12, decimal_places=6)]
Column = Literal["planned", "arrived", "spent"]
RateName = Literal["arrived", "executed"]
PercentText = Annotated[str, Field(pattern=r"^\d{1,6}(\.\d{1,6})?%$")]
COLUMNS: tuple[Column, ...] = ("planned", "arrived", "spent")
PARTS_OF: dict[RateName, tuple[Column, Column]] = {
    "arrived": ("arrived", "planned"),
    "executed": ("spent", "arrived"),
}
CAN_BE_ROUNDING = Decimal("0.01")


class FundSource(Frozen):
    """The money of one level (中央, 省, 市, 县区, 上年结转 …)."""

    level: Words
    planned: Amount | None = None
    arrived: Amount | None = None
    spent: Amount | None = None


class FundItem(Frozen):
    """The money of one sub-project."""

    name: Words
    sources: tuple[FundSource, ...] = ()
    planned: Amount | None = None
    arrived: Amount | None = None
    spent: Amount | None = None
    balance: Amount | None = None
    arrived_rate: PercentText | None = None
    executed_rate: PercentText | None = None
    note: str = ""

    def by_sources(self, column: Column) -> Decimal | None:
        """The sum over the sources; None unless every one states it."""
        return _sum([getattr(source, column) for source in self.sources])

    def total(self, column: Column) -> Decimal | None:
        summed = self.by_sources(column)
        printed: Decimal | None = getattr(self, column)
        return printed if summed is None else summed

    @property
    def computed_balance(self) -> Decimal | None:
        """结余 = 到位 − 支出."""
        arrived, spent = self.total("arrived"), self.total("spent")
        return None if arrived is None or spent is None else arrived - spent

    def rate(self, name: RateName) -> Fraction | None:
        return _quotient(*(self.total(column) for column in PARTS_OF[name]))


class FundTable(Frozen):
    """All items; `stated_items` is the number that the text names."""

    items: tuple[FundItem, ...] = ()
    unit: str = "万元"
    source: str = ""
    stated_items: int | None = Field(default=None, ge=0, le=10_000)

    def amounts(
        self, name: RateName, item: str = "", level: str = ""
    ) -> tuple[Decimal, Decimal] | None:
        """(numerator, denominator) of a rate over the items and levels of these names, else all.

        None where something that it needs is not stated, or the denominator is 0.
        """
        chosen = [one for one in self.items if item in ("", one.name)]
        above, below = (_sum(_stated(chosen, column, level)) for column in PARTS_OF[name])
        return (above, below) if above is not None and below else None

    def total(self, column: Column) -> Decimal | None:
        return _sum([item.total(column) for item in self.items])

    @property
    def computed_balance(self) -> Decimal | None:
        return _sum([item.computed_balance for item in self.items])

    def rate(self, name: RateName) -> Fraction | None:
        return _quotient(*(self.total(column) for column in PARTS_OF[name]))


def fund_faults(table: FundTable, listed: int | None = None) -> tuple[Fault, ...]:
    """Sums, balances and rates that do not agree with what is printed.

    A difference of up to 0.01 can be rounding and is a note, more is an error. `listed` is the
    number of projects that the evaluation lists, where that is not the number of items.
    """
    found = [fault for item in table.items for fault in _item_faults(item)]
    names = Counter(item.name for item in table.items)
    found += [Fault(name, "same_fund_name", {"count": n}) for name, n in names.items() if n > 1]
    listed = len(table.items) if listed is None else listed
    if table.stated_items is not None and table.stated_items != listed:
        details = {"stated": table.stated_items, "listed": listed}
        found.append(Fault("", "stated_items", details))
    return tuple(found)


def _stated(items: list[FundItem], column: Column, level: str) -> list[Decimal | None]:
    if not level:
        return [item.total(column) for item in items]
    return [getattr(s, column) for item in items for s in item.sources if s.level == level]


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _quotient(above: Decimal | None, below: Decimal | None) -> Fraction | None:
    return Fraction(above) / Fraction(below) if above is not None and below else None


def _item_faults(item: FundItem) -> Iterator[Fault]:
    for part in (item, *item.sources):
        below = [getattr(part, column) for column in COLUMNS if (getattr(part, column) or 0) < 0]
        if below:
            yield Fault(item.name, "negative_amount", {"amounts": [_amount(one) for one in below]})
    for column in COLUMNS:
        yield from _difference(
            item, f"{column}_sum", item.by_sources(column), getattr(item, column)
        )
    yield from _balance_faults(item)
    for name in PARTS_OF:
        yield from _rate_faults(item, name)


def _balance_faults(item: FundItem) -> Iterator[Fault]:
    ours = item.computed_balance
    if ours is None:
        return
    amounts = {
        "arrived": _amount(item.total("arrived")),
        "spent": _amount(item.total("spent")),
    }
    if item.balance is not None and not _follows_from_printed(item, item.balance):
        yield from _difference(item, "balance", ours, item.balance, amounts)
    if ours < 0:
        yield Fault(item.name, "overspent", amounts, _severity(ours))


def _follows_from_printed(item: FundItem, balance: Decimal) -> bool:
    """A balance that follows from a wrong total is not wrong once more."""
    spent = item.total("spent")
    if item.arrived is None or spent is None or item.arrived == item.total("arrived"):
        return False
    return abs(item.arrived - spent - balance) <= CAN_BE_ROUNDING


def _difference(
    item: FundItem,
    code: str,
    ours: Decimal | None,
    printed: Decimal | None,
    details: dict[str, str] | None = None,
) -> Iterator[Fault]:
    if ours is None or printed is None or ours == printed:
        return
    numbers = {
        "ours": _amount(ours),
        "printed": _amount(printed),
        "difference": _amount(abs(ours - printed)),
    }
    yield Fault(item.name, code, numbers | (details or {}), _severity(ours - printed))


def _rate_faults(item: FundItem, name: RateName) -> Iterator[Fault]:
    printed: str | None = getattr(item, f"{name}_rate")
    rate = item.rate(name)
    if printed is None or rate is None:
        return
    ours = wording.percent(rate, len(printed.rstrip("%").partition(".")[2]))
    if ours != printed:
        apart = Decimal(ours.rstrip("%")) - Decimal(printed.rstrip("%"))
        details = {"printed": printed, "ours": ours}
        yield Fault(item.name, "printed_fund_rate", details, _severity(apart))


def _severity(difference: Decimal) -> Severity:
    return "note" if abs(difference) <= CAN_BE_ROUNDING else "error"


def _amount(value: Decimal | None) -> str:
    return wording.exact(value)
