"""One wrong figure in a row of a fund table: column, balance and rates agree on another.

As with `survey_misprints`, it is told once, at its cell, and the rules then read the row as it is
meant.
What `sources` or rows add up to, and a balance, are the rules' own to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analysis.audit.finding import Finding, Place
from analysis.audit.fund_rules import column_parts, rounding_explains
from analysis.audit.model import FundRow, FundTable, Report
from analysis.audit.parts import Sum, off, sum_of, without_totals
from analysis.audit.sentences import Both
from analysis.printed import Printed, as_printed

COLUMNS = ("planned", "arrived", "spent")
RATES = (("arrived_rate", "arrived", "planned"), ("execution_rate", "spent", "arrived"))
MOST_ROWS = 100
"""Of more, looking at all rows for each would take long."""
SOURCES = Both("资金来源", "the sources")
BALANCE = Both("结余", "the balance")
TOTAL = Both("各行合计", "the total of the rows")
SHOWN = {
    "arrived_rate": Both("资金到位率", "the arrived rate"),
    "execution_rate": Both("预算执行率", "the execution rate"),
}


def fund_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found: list[Finding] = []
    tables: list[FundTable] = []
    for table in report.funds:
        rows: list[FundRow] = []
        for row in table.rows:
            finding, meant = _meant(table, row) if len(table.rows) <= MOST_ROWS else ([], row)
            found += finding
            rows.append(meant)
        tables.append(table.model_copy(update={"rows": tuple(rows)}))
    return found, report.model_copy(update={"funds": tuple(tables)}) if found else report


def _meant(table: FundTable, row: FundRow) -> tuple[list[Finding], FundRow]:
    """Only where one number of one column agrees with everything, and at least two things."""
    before = dict(_checks(table, row, row))
    if all(before.values()) or not before.get(SOURCES, True):
        return [], row
    every = [(column, value) for column in COLUMNS for value in _candidates(table, row, column)]
    sound = [(column, value) for column, value in every if _is_sound(table, row, column, value)]
    if len({column for column, _ in sound}) != 1:
        return [], row
    column, value = sound[0]
    printed: Printed = getattr(row, column)
    agreeing = [name for name, is_right in before.items() if not is_right]
    if len(agreeing) < 2:
        return [], row
    details = {"printed": printed.text, "right": value.text, "agreeing": tuple(agreeing)}
    code = "fund_balance.cell" if BALANCE in agreeing else "fund_sum.cell"
    meant = row.model_copy(update={column: value})
    return [Finding(code, Place(table.place, row.name, column), details)], meant


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


def _is_sound(table: FundTable, row: FundRow, column: str, value: Printed) -> bool:
    return all(is_right for _, is_right in _checks(table, row, _with(row, column, value)))


def _with(row: FundRow, column: str, value: Printed) -> FundRow:
    return row.model_copy(update={column: value})


def _checks(table: FundTable, row: FundRow, meant: FundRow) -> Iterator[tuple[Both, bool]]:
    """What a row is compared with, and whether it agrees; rounding is no disagreement."""
    if meant.arrived and meant.sources:
        # a coarser total is a note of its own, and what is left follows from the sources
        yield SOURCES, not Sum(meant.sources, meant.arrived, table.unit).verdict
    if meant.arrived and meant.spent and meant.balance:
        left = meant.arrived.value - meant.spent.value
        terms = (meant.arrived, meant.spent)
        yield BALANCE, off(left, meant.balance, terms, table.unit) != "error"
    for rate, part, whole in RATES:
        figures: Sequence[Printed | None] = [getattr(meant, name) for name in (rate, part, whole)]
        if None not in figures and figures[2].value > 0:  # type: ignore[union-attr]
            yield SHOWN[rate], _is_rate(*figures)  # type: ignore[arg-type]
    rows = tuple(meant if one is row else one for one in table.rows)
    changed = table.model_copy(update={"rows": rows})
    is_right = all(_adds_up(changed, column) for column in (*COLUMNS, "balance"))
    yield TOTAL, is_right


def _is_rate(rate: Printed, part: Printed, whole: Printed) -> bool:
    return rate.is_rounded_from(100 * part.exact / whole.exact) or rounding_explains(
        rate, part, whole
    )


def _adds_up(table: FundTable, column: str) -> bool:
    total: Printed | None = getattr(table.total, column, None)
    parts = column_parts(table, column)
    return total is None or not parts or Sum(parts, total, table.unit).verdict != "error"
