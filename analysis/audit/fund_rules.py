"""Rules on money: sources add up, the balance is what is left, rates follow, none is overspent.

Amounts are rounded to the unit's last digit, so a difference that rounding can explain is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from analysis.audit.finding import Finding, Place
from analysis.audit.model import FundRow, FundTable, Line, Report
from analysis.audit.parts import Sum, of_sub_total, off, sum_of, without_totals
from analysis.printed import Printed, as_printed, half_unit

COLUMNS = ("planned", "arrived", "spent", "balance")


def fund_sums(report: Report) -> Iterator[Finding]:
    """The sources of an item add up to what arrived; the items to the row of totals."""
    for table, row in _rows(report):
        if row.arrived is None or not row.sources:
            continue
        found = Sum(row.sources, row.arrived, table.unit)
        for one in found.wrong:
            place = Place(f"{table.place} · {row.name}", one.line.label, "sources")
            yield Finding("fund_sum.subtotal", place, of_sub_total(one))
        if found.counted_twice is None:
            yield from _sum(Place(table.place, row.name, "arrived"), found)
    for table in report.funds:
        for column in COLUMNS if table.total else ():
            yield from _column(table, column)


def fund_balances(report: Report) -> Iterator[Finding]:
    """The balance is what arrived less what was spent."""
    for table, row in _rows(report):
        yield from _balance(table, row)


def _balance(table: FundTable, row: FundRow) -> Iterator[Finding]:
    """Where a figure is not what adds up to it (which is a finding of its own), the balance may
    follow either of the two."""
    if row.spent is None or row.balance is None:
        return
    options = list(product(*(_figures(table, row, c) for c in ("arrived", "spent", "balance"))))
    verdicts = [
        off(arrived.value - spent.value, balance, (arrived, spent), table.unit)
        for arrived, spent, balance in options
    ]
    if not options or "" in verdicts:
        return
    place = verdicts.index("rounding") if "rounding" in verdicts else 0
    arrived, spent, _ = options[place]
    details = {"balance": row.balance.text, "arrived": arrived.text, "spent": spent.text}
    details["right"] = _left(arrived, spent).text
    code = "fund_balance.rounding" if verdicts[place] == "rounding" else "fund_balance"
    yield Finding(code, Place(table.place, row.name, "balance"), details)


def fund_overspent(report: Report) -> Iterator[Finding]:
    """No more is spent than arrived, by the printed figures and by what adds up to them."""
    for table, row in _rows(report):
        options = list(product(*(_figures(table, row, c) for c in ("arrived", "spent"))))
        if row.spent is None or not options or _is_of_another_balance(table, row):
            continue
        if all(_is_above(spent, arrived, table.unit) for arrived, spent in options):
            most = max((arrived for arrived, _ in options), key=lambda arrived: arrived.value)
            details = {"spent": row.spent.text, "arrived": most.text}
            details["over"] = _left(row.spent, most).text
            yield Finding("fund_overspent", Place(table.place, row.name, "spent"), details)


def _is_of_another_balance(table: FundTable, row: FundRow) -> bool:
    """Then what arrived, was spent or is left is wrong, and `fund_balances` names the three."""
    return any(found.code == "fund_balance" for found in _balance(table, row))


def fund_rates(report: Report) -> Iterator[Finding]:
    """资金到位率 is arrived/planned, 预算执行率 is spent/arrived.

    A rate that follows from the other figures of its row where one of them is wrong (which is a
    finding of its own) is no second fault.
    """
    for table, row in _rows(report):
        for column, rate, part, whole in (
            ("arrived_rate", row.arrived_rate, "arrived", "planned"),
            ("execution_rate", row.execution_rate, "spent", "arrived"),
        ):
            parts, wholes = ([*_figures(table, row, c), *_implied(row, c)] for c in (part, whole))
            pairs = [(some, all_) for some in parts for all_ in wholes if all_.value > 0]
            if rate is not None and pairs:
                yield from _rate(Place(table.place, row.name, column), rate, pairs)


def _rows(report: Report) -> Iterator[tuple[FundTable, FundRow]]:
    for table in report.funds:
        yield from ((table, row) for row in table.rows)
        if table.total is not None:
            yield table, table.total


def _figures(table: FundTable, row: FundRow, column: str) -> list[Printed]:
    """As printed, then what adds up to it where that is another number.

    What arrived is known from its sources even where it is not printed.
    """
    printed: Printed | None = getattr(row, column)
    found = [] if printed is None else [printed]
    if column == "arrived" and row.sources:
        found.append(_added(row.sources))
    if printed is not None and row is table.total:
        parts = column_parts(table, column)
        found += [_added(parts)] if parts else []
    return [n for place, n in enumerate(found) if place == 0 or n.value != found[0].value]


def _implied(row: FundRow, column: str) -> Iterator[Printed]:
    """What the balance makes of a figure: arrived = spent + balance, and so on."""
    arrived, spent, balance = row.arrived, row.spent, row.balance
    if arrived is None or spent is None or balance is None:
        return
    if column == "arrived":
        yield as_printed(spent.value + balance.value, max(spent.places, balance.places))
    elif column == "spent":
        yield _left(arrived, balance)
    elif column == "balance":
        yield _left(arrived, spent)


def _left(whole: Printed, part: Printed) -> Printed:
    return as_printed(whole.value - part.value, max(whole.places, part.places))


def _added(lines: Sequence[Line]) -> Printed:
    own = without_totals(tuple(lines))
    return as_printed(sum_of(own), max(line.value.places for line in own))


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
    """The rows against the total, unless one row is wrong by its own figures and told there."""
    total: Printed | None = getattr(table.total, column)
    parts = column_parts(table, column)
    if total is None or table.total is None or not parts:
        return
    found = Sum(parts, total, table.unit)
    for one in found.wrong:
        place = Place(table.place, one.line.label, column)
        yield Finding("fund_sum.subtotal", place, of_sub_total(one))
    if found.verdict and not _is_right_but_for_a_row(table, column, found):
        yield from _sum(Place(table.place, table.total.name, column), found)


def column_parts(table: FundTable, column: str) -> tuple[Line, ...]:
    """Empty if an item lacks the figure."""
    given: list[Printed | None] = [getattr(row, column) for row in table.rows]
    parts = [
        Line(label=row.name, value=value)
        for row, value in zip(table.rows, given, strict=True)
        if value is not None
    ]
    return tuple(parts) if len(parts) == len(given) else ()


def _is_right_but_for_a_row(table: FundTable, column: str, found: Sum) -> bool:
    missing = found.total.value - found.right
    return any(
        other.value - line.value.value == missing
        for line, row in zip(found.parts, table.rows, strict=True)
        if any(line is one for one in found.own)
        for other in (*_figures(table, row, column), *_implied(row, column))
    )


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
    code = "fund_rate.rounding" if rounding_explains(rate, part, whole) else "fund_rate"
    yield Finding(code, place, details)


def rounding_explains(rate: Printed, part: Printed, whole: Printed) -> bool:
    half = half_unit(max(part.places, whole.places))
    if whole.exact <= half:
        return False
    lowest = 100 * (part.exact - half) / (whole.exact + half)
    highest = 100 * (part.exact + half) / (whole.exact - half)
    return lowest < rate.high() and rate.low() < highest
