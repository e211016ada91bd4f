"""资金安排和使用情况: the sentence, and the rows of the table by item and by source of money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from analysis import wording
from analysis.evaluation.funds import COLUMNS, PARTS_OF, Column, FundItem, FundSource, FundTable
from analysis.reports.report_values import mark, missing, typed

HEADINGS = ("项目／来源", "计划", "到位", "支出", "结余", "到位率", "执行率")
NAMES: dict[Column, str] = {"planned": "计划安排", "arrived": "实际到位", "spent": "实际支出"}
RATES = "到位率＝到位÷计划，执行率＝支出÷到位，结余＝到位−支出"
Cells = tuple[str, ...]
Amounts = dict[Column, Decimal | None]


def fund_sentence(funds: FundTable, key: str = "funds") -> str:
    """What was planned, arrived and was spent in all; the gap where there is no item."""
    if not funds.items:
        return missing("资金安排、到位和支出情况")
    amounts = (
        f"{name}{wording.amount(total)}{funds.unit}"
        for column, name in NAMES.items()
        if (total := funds.total(column)) is not None
    )
    told = (("arrived", "资金到位率"), ("executed", "预算执行率"))
    rates = (
        f"{name}{wording.percent(rate)}"
        for key_, name in told
        if (rate := funds.rate(key_)) is not None  # type: ignore[arg-type]
    )
    return "项目资金" + "，".join([*amounts, *rates]) + mark(key) + "。"


def fund_rows(funds: FundTable) -> Iterator[Cells]:
    """Each item with its sources below it; several items with their sum."""
    for item in funds.items:
        yield from _item(item, typed(item.name))
    if len(funds.items) > 1:
        yield _sum("合计", funds)


def fund_rows_of_parts(parts: Sequence[tuple[str, FundTable]]) -> Iterator[Cells]:
    """The items of all sub-projects in turn, with the sum of all. `parts` share one unit."""
    for name, funds in parts:
        for item in funds.items:
            own = typed(item.name)
            yield from _item(item, own if name in own else f"{name}：{own}")
        if len(funds.items) > 1:
            yield _sum(f"{name}小计", funds)
    yield _sum("合计", together(parts))


def together(parts: Sequence[tuple[str, FundTable]]) -> FundTable:
    """All items of all sub-projects as one table."""
    items = tuple(item for _, funds in parts for item in funds.items)
    return FundTable(items=items, unit=parts[0][1].unit)


def are_alike(parts: Sequence[tuple[str, FundTable]]) -> bool:
    """Whether their amounts can stand in one table."""
    return len(parts) > 1 and len({funds.unit for _, funds in parts}) == 1


def _item(item: FundItem, name: str) -> Iterator[Cells]:
    yield _row(name, {column: item.total(column) for column in COLUMNS})
    for source in item.sources:
        yield _row(f"　其中：{typed(source.level)}", _of_source(source))


def _of_source(source: FundSource) -> Amounts:
    return {column: getattr(source, column) for column in COLUMNS}


def _sum(name: str, funds: FundTable) -> Cells:
    return _row(name, {column: funds.total(column) for column in COLUMNS})


def _row(name: str, amounts: Amounts) -> Cells:
    arrived, spent = amounts["arrived"], amounts["spent"]
    balance = None if arrived is None or spent is None else arrived - spent
    shown = [wording.amount(amounts[column]) for column in COLUMNS]
    rates = [wording.percent(_rate(amounts, *PARTS_OF[name])) for name in ("arrived", "executed")]
    return (name, *shown, wording.amount(balance), *rates)


def _rate(amounts: Amounts, above: Column, below: Column) -> Fraction | None:
    upper, lower = amounts[above], amounts[below]
    return Fraction(upper) / Fraction(lower) if upper is not None and lower else None
