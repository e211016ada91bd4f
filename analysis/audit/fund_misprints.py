"""One wrong figure in a row of a fund table: column, balance and rates agree on another.

As with `survey_misprints`, it is told once, at its cell, and the rules then read the row as it is
meant.
What `sources` or rows add up to, and a balance, are the rules' own to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.audit.finding import Finding, Place
from analysis.audit.fund_rules import column_parts, rounding_explains
from analysis.audit.meant import meant_number
from analysis.audit.model import FundRow, FundTable, Report
from analysis.audit.parts import Sum, off, sum_of, without_totals
from analysis.audit.sentences import Both
from analysis.printed import Printed, as_printed

COLUMNS = ("planned", "arrived", "spent")
RATES = (("arrived_rate", "arrived", "planned"), ("execution_rate", "spent", "arrived"))
MOST_WRONG = 50
"""Of more wrong rows, looking at all rows for each would take long."""
SOURCES = Both("资金来源", "the sources")
BALANCE = Both("结余", "the balance")
TOTAL = Both("各行合计", "the total of the rows")
SHOWN = {
    "arrived_rate": Both("资金到位率", "the arrived rate"),
    "execution_rate": Both("预算执行率", "the execution rate"),
}
READS = {
    SOURCES: ("arrived",),
    BALANCE: ("arrived", "spent"),
    **{SHOWN[rate]: (part, whole) for rate, part, whole in RATES},
}


@dataclass(frozen=True)
class Misprint:
    """`agreeing` contradict what is printed, and agree with `right`."""

    row: FundRow
    column: str
    right: Printed
    agreeing: tuple[Both, ...]

    @property
    def printed(self) -> Printed:
        printed: Printed = getattr(self.row, self.column)
        return printed

    def finding(self, table: FundTable) -> Finding:
        details = {"printed": self.printed.text, "right": self.right.text}
        code = "fund_balance.cell" if BALANCE in self.agreeing else "fund_sum.cell"
        place = Place(table.place, self.row.name, self.column)
        return Finding(code, place, {**details, "agreeing": self.agreeing})

    def meant(self) -> FundRow:
        return _with(self.row, self.column, meant_number(self.right, self.printed))


def fund_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found: list[Finding] = []
    tables: list[FundTable] = []
    for table in report.funds:
        wrong = [row for row in table.rows if _is_wrong(table, row)]
        every = [_misprint(table, row) for row in wrong] if len(wrong) <= MOST_WRONG else []
        misprints = [one for one in every if one is not None]
        found += [one.finding(table) for one in misprints]
        meant = {id(one.row): one.meant() for one in misprints}
        rows = tuple(meant.get(id(row), row) for row in table.rows)
        tables.append(table.model_copy(update={"rows": rows}))
    return found, report.model_copy(update={"funds": tuple(tables)}) if found else report


def _is_wrong(table: FundTable, row: FundRow) -> bool:
    """By its own balance or rates; what arrived against its sources is told by the rules."""
    checks = dict(_own_checks(table, row))
    return not all(checks.values()) and checks.get(SOURCES, True)


def _misprint(table: FundTable, row: FundRow) -> Misprint | None:
    """Only where a number of one column agrees with all it goes into, and with at least two that
    the printed one contradicts."""
    found: dict[str, Misprint] = {}
    for column in COLUMNS:
        before = _checks(table, row, row, column)
        agreeing = tuple(name for name, is_right in before.items() if not is_right)
        for value in _candidates(table, row, column) if len(agreeing) >= 2 else ():
            if all(_checks(table, row, _with(row, column, value), column).values()):
                found.setdefault(column, Misprint(row, column, value, agreeing))
    return next(iter(found.values())) if len(found) == 1 else None


def _candidates(table: FundTable, row: FundRow, column: str) -> Iterator[Printed]:
    """What the balance and the total of the column leave for a printed figure."""
    printed: Printed | None = getattr(row, column)
    if printed is None:
        return
    numbers: list[Decimal] = []
    if row.arrived and row.spent and row.balance:
        if column == "arrived":
            numbers.append(row.spent.value + row.balance.value)
        elif column == "spent":
            numbers.append(row.arrived.value - row.balance.value)
    total: Printed | None = getattr(table.total, column, None)
    parts = column_parts(table, column)
    if total is not None and parts:
        others = [part for part, one in zip(parts, table.rows, strict=True) if one is not row]
        numbers.append(total.value - sum_of(without_totals(others) if others else ()))
    places = printed.places
    yield from (as_printed(n, max(places, _places(n))) for n in numbers if n >= 0)


def _places(number: Decimal) -> int:
    return max(-int(number.normalize().as_tuple().exponent), 0)


def _with(row: FundRow, column: str, value: Printed) -> FundRow:
    return row.model_copy(update={column: value})


def _checks(table: FundTable, row: FundRow, meant: FundRow, column: str) -> dict[Both, bool]:
    """What a figure goes into, and whether it agrees; rounding is no disagreement.

    What is wrong with the other columns says nothing about this one.
    """
    own = {name: right for name, right in _own_checks(table, meant) if column in READS[name]}
    rows = tuple(meant if one is row else one for one in table.rows)
    return {**own, TOTAL: _adds_up(table.model_copy(update={"rows": rows}), column)}


def _own_checks(table: FundTable, row: FundRow) -> Iterator[tuple[Both, bool]]:
    if row.arrived and row.sources:
        # a coarser total is a note of its own, and what is left follows from the sources
        yield SOURCES, not Sum(row.sources, row.arrived, table.unit).verdict
    if row.arrived and row.spent and row.balance:
        left = row.arrived.value - row.spent.value
        terms = (row.arrived, row.spent)
        yield BALANCE, off(left, row.balance, terms, table.unit) != "error"
    for rate, part, whole in RATES:
        figures: Sequence[Printed | None] = [getattr(row, name) for name in (rate, part, whole)]
        if None not in figures and figures[2].value > 0:  # type: ignore[union-attr]
            yield SHOWN[rate], _is_rate(*figures)  # type: ignore[arg-type]


def _is_rate(rate: Printed, part: Printed, whole: Printed) -> bool:
    return rate.is_rounded_from(100 * part.exact / whole.exact) or rounding_explains(
        rate, part, whole
    )


def _adds_up(table: FundTable, column: str) -> bool:
    total: Printed | None = getattr(table.total, column, None)
    parts = column_parts(table, column)
    return total is None or not parts or Sum(parts, total, table.unit).verdict != "error"
