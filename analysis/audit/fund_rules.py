"""Rules on money: sources add up, the balance is what is left, rates follow, none is overspent.

Amounts are rounded to the unit's last digit, so a difference that rounding can explain is a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.audit.finding import Finding, Place
from analysis.audit.model import FundRow, FundTable, Line, Report
from analysis.audit.parts import Sum, off, sum_of, without_totals
from analysis.printed import Printed, as_printed, half_unit

COLUMNS = ("planned", "arrived", "spent", "balance")


def fund_sums(report: Report) -> Iterator[Finding]:
    """The sources of an item add up to what arrived; the items to the row of totals."""
    for table, row in _rows(report):
        if row.arrived is None or not row.sources:
            continue
        found = Sum(row.sources, row.arrived, table.unit)
        if found.counted_twice is None:
            yield from _sum(Place(table.place, row.name, "arrived"), found)
    for table in report.funds:
        for column in COLUMNS if table.total else ():
            yield from _column(table, column)


def fund_balances(report: Report) -> Iterator[Finding]:
    """The balance is what arrived less what was spent.

    Where the total and the sum of the sources differ (which is a finding of its own), the balance
    may follow either of them.
    """
    for table, row in _rows(report):
        if row.spent is None or row.balance is None:
            continue
        options = list(_arrived(row))
        verdicts = [
            off(arrived.value - row.spent.value, row.balance, (arrived, row.spent), table.unit)
            for arrived in options
        ]
        if not options or "" in verdicts:
            continue
        place = verdicts.index("rounding") if "rounding" in verdicts else 0
        arrived = options[place]
        details = {"balance": row.balance.text, "arrived": arrived.text, "spent": row.spent.text}
        places = max(arrived.places, row.spent.places)
        details["right"] = as_printed(arrived.value - row.spent.value, places).text
        code = "fund_balance.rounding" if verdicts[place] == "rounding" else "fund_balance"
        yield Finding(code, Place(table.place, row.name, "balance"), details)


def fund_overspent(report: Report) -> Iterator[Finding]:
    """No more is spent than arrived, by the printed total and by the sum of the sources."""
    for table, row in _rows(report):
        options = list(_arrived(row))
        if row.spent is None or not options:
            continue
        if all(_is_above(row.spent, arrived, table.unit) for arrived in options):
            most = max(options, key=lambda arrived: arrived.value)
            places = max(most.places, row.spent.places)
            details = {
                "spent": row.spent.text,
                "arrived": most.text,
                "over": as_printed(row.spent.value - most.value, places).text,
            }
            yield Finding("fund_overspent", Place(table.place, row.name, "spent"), details)


def fund_rates(report: Report) -> Iterator[Finding]:
    """资金到位率 is arrived/planned, 预算执行率 is spent/arrived."""
    for table, row in _rows(report):
        arrived = list(_arrived(row))
        planned = [] if row.planned is None else [row.planned]
        spent = [] if row.spent is None else [row.spent]
        for column, rate, parts, wholes in (
            ("arrived_rate", row.arrived_rate, arrived, planned),
            ("execution_rate", row.execution_rate, spent, arrived),
        ):
            pairs = [(part, whole) for part in parts for whole in wholes if whole.value > 0]
            if rate is not None and pairs:
                yield from _rate(Place(table.place, row.name, column), rate, pairs)


def _rows(report: Report) -> Iterator[tuple[FundTable, FundRow]]:
    for table in report.funds:
        yield from ((table, row) for row in table.rows)
        if table.total is not None:
            yield table, table.total


def _arrived(row: FundRow) -> Iterator[Printed]:
    """The printed total, then the sum of the sources where that is another number."""
    if row.arrived is not None:
        yield row.arrived
    if row.sources:
        total = sum_of(without_totals(row.sources))
        if row.arrived is None or row.arrived.value != total:
            yield as_printed(total, max(line.value.places for line in row.sources))


def _is_above(spent: Printed, arrived: Printed, unit: str) -> bool:
    """By more than rounding of the two can explain."""
    return spent.value > arrived.value and off(arrived.value, spent, (arrived,), unit) == "error"


def _sum(place: Place, found: Sum) -> Iterator[Finding]:
    terms = [part.value for part in found.own]
    if found.verdict:
        details = {
            "total": found.total.text,
            "terms": "+".join(term.text for term in terms),
            "sum": as_printed(found.right, max(n.places for n in (found.total, *terms))).text,
        }
        is_rounding = found.verdict == "rounding"
        yield Finding("fund_sum.rounding" if is_rounding else "fund_sum", place, details)


def _column(table: FundTable, column: str) -> Iterator[Finding]:
    """Only where every item has the figure."""
    total: Printed | None = getattr(table.total, column)
    given: list[Printed | None] = [getattr(row, column) for row in table.rows]
    parts = tuple(
        Line(label=row.name, value=value)
        for row, value in zip(table.rows, given, strict=True)
        if value is not None
    )
    if total is not None and table.total is not None and len(parts) == len(given):
        found = Sum(parts, total, table.unit)
        yield from _sum(Place(table.place, table.total.name, column), found)


def _rate(place: Place, rate: Printed, pairs: list[tuple[Printed, Printed]]) -> Iterator[Finding]:
    if any(rate.is_rounded_from(100 * part.exact / whole.exact) for part, whole in pairs):
        return
    part, whole = pairs[0]
    details = {
        "rate": rate.text,
        "part": part.text,
        "whole": whole.text,
        "right": as_printed(100 * part.exact / whole.exact, rate.places, True).text,
    }
    code = "fund_rate.rounding" if _rounding_explains(rate, part, whole) else "fund_rate"
    yield Finding(code, place, details)


def _rounding_explains(rate: Printed, part: Printed, whole: Printed) -> bool:
    half = half_unit(max(part.places, whole.places))
    if whole.exact <= half:
        return False
    lowest = 100 * (part.exact - half) / (whole.exact + half)
    highest = 100 * (part.exact + half) / (whole.exact - half)
    return lowest < rate.high() and rate.low() < highest
