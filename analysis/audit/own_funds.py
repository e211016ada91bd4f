"""The project's fund table as a described report prints it: what was typed, digit by digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analysis.audit.model import FundRow, FundTable, Line, NumberClaim, PartTable
from analysis.evaluation import funds
from analysis.printed import Printed, as_it_stands, read_percent

WORDS: dict[funds.Column, str] = {"planned": "计划", "spent": "支出"}


def funds_of(table: funds.FundTable, place: str) -> tuple[FundTable, ...]:
    """Empty without an item."""
    rows = tuple(_row(item) for item in table.items)
    return (FundTable(place=place, unit=table.unit, rows=rows),) if rows else ()


def sums_of(table: funds.FundTable, place: str) -> tuple[PartTable, ...]:
    """Planned and spent by source with the printed total of the item; `funds_of` has what came."""
    return tuple(found for item in table.items for found in _sums(item, place, table.unit))


def stated_items(
    table: funds.FundTable, place: str, projects: Sequence[str] = ()
) -> tuple[NumberClaim, ...]:
    """The number of projects that the text names, against the items, else against `projects`."""
    listed = tuple(item.name for item in table.items) or tuple(projects)
    if table.stated_items is None:
        return ()
    return (NumberClaim(place=place, number=table.stated_items, listed=listed),)


def _row(item: funds.FundItem) -> FundRow:
    sources = _lines(item, "arrived")
    return FundRow(
        name=item.name,
        planned=_amount(item.total("planned")),
        sources=sources,
        arrived=_amount(item.arrived),
        spent=_amount(item.total("spent")),
        balance=_amount(item.balance),
        arrived_rate=read_percent(item.arrived_rate) if item.arrived_rate else None,
        execution_rate=read_percent(item.executed_rate) if item.executed_rate else None,
    )


def _sums(item: funds.FundItem, place: str, unit: str) -> Iterator[PartTable]:
    for column, word in WORDS.items():
        parts, total = _lines(item, column), _amount(getattr(item, column))
        if parts and total is not None:
            name = f"{place}：{item.name}"
            yield PartTable(place=name, column=word, unit=unit, rows=parts, total=total)


def _lines(item: funds.FundItem, column: funds.Column) -> tuple[Line, ...]:
    """Of the sources, if every one states it."""
    found = [(source.level, _amount(getattr(source, column))) for source in item.sources]
    lines = [Line(label=level, value=value) for level, value in found if value is not None]
    return tuple(lines) if len(lines) == len(found) else ()


def _amount(value: Decimal | None) -> Printed | None:
    return None if value is None else as_it_stands(value)
