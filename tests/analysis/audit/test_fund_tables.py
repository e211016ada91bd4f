"""One wrong figure of a fund table is one finding, at the cell that is wrong."""

from __future__ import annotations

import pytest

from analysis.audit.load import load_data
from analysis.audit.rules import audit

# 150 + 10.5 = 160.5 arrived, 140 + 10.5 = 150.5 spent, 10 left, 150.5/160.5 = 93.77%
TOTAL = {
    "name": "合计",
    "planned": "200",
    "arrived": "160.5",
    "spent": "150.5",
    "balance": "10",
    "arrived_rate": "80.25%",
    "execution_rate": "93.77%",
}
FIRST = {
    "name": "甲",
    "planned": "180",
    "arrived": "150",
    "spent": "140",
    "balance": "10",
    "execution_rate": "93.33%",
}
SECOND = {"name": "乙", "planned": "20", "arrived": "10.5", "spent": "10.5", "balance": "0"}


def found(
    first: dict[str, str] | None = None, total: dict[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """(code, row, column) where these cells are printed instead."""
    rows = [FIRST | (first or {}), SECOND]
    table = {"place": "资金表", "rows": rows, "total": TOTAL | (total or {})}
    findings = audit(load_data({"title": "t", "funds": [table]}, "made"))
    return [(f.code, f.place.row, f.place.column) for f in findings]


def test_a_sound_table_gives_nothing() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("planned", "160"),
        ("arrived", "165.5"),
        ("spent", "151.5"),
        ("spent", "165.0"),  # above what arrived, too
        ("balance", "12"),
    ],
)
def test_a_wrong_total_is_no_wrong_balance_and_no_wrong_rate(column: str, value: str) -> None:
    assert found(total={column: value}) == [("fund_sum", "合计", column)]


@pytest.mark.parametrize(
    ("total", "told"),
    [
        ({"execution_rate": "94.77%"}, ("fund_rate", "合计", "execution_rate")),
        # 165.5 arrived, and neither 165.5 nor 160.5 gives 95%
        ({"arrived": "165.5", "execution_rate": "95%"}, ("fund_rate", "合计", "execution_rate")),
        ({"arrived": "165.5", "balance": "20"}, ("fund_sum", "合计", "balance")),
    ],
)
def test_what_follows_from_neither_figure_is_told(
    total: dict[str, str], told: tuple[str, str, str]
) -> None:
    assert told in found(total=total)


@pytest.mark.parametrize(
    ("code", "column", "value", "right"),
    [
        # 150 − 10 = 140 spent, 140 + 10 = 150 arrived, as the total and the rate have it
        ("fund_balance.cell", "arrived", "155", "150"),
        ("fund_balance.cell", "spent", "120", "140"),
        ("fund_balance.cell", "spent", "160", "140"),  # above what arrived, too
        ("fund_sum.cell", "planned", "280", "180"),  # 200 − 20; 150/180 = 83.33%
    ],
)
def test_a_wrong_figure_of_an_item_is_told_at_its_cell(
    code: str, column: str, value: str, right: str
) -> None:
    rows = [FIRST | {column: value, "arrived_rate": "83.33%"}, SECOND]
    table = {"place": "资金表", "rows": rows, "total": TOTAL}
    (finding,) = audit(load_data({"title": "t", "funds": [table]}, "made"))
    assert (finding.code, finding.place.row, finding.place.column) == (code, "甲", column)
    assert finding.expected().startswith(f"应为 {right}：")


def test_a_wrong_balance_of_an_item_is_told_by_its_balance_alone() -> None:
    assert found(first={"balance": "15"}) == [("fund_balance", "甲", "balance")]


def test_where_nothing_tells_the_wrong_figure_one_finding_names_all_three() -> None:
    row = {"name": "甲", "arrived": "150", "spent": "160", "balance": "10"}
    data = {"title": "t", "funds": [{"place": "资金表", "rows": [row]}]}
    (finding,) = audit(load_data(data, "made"))
    assert (finding.code, finding.expected()) == ("fund_balance", "150−160＝-10")


def test_a_wrong_item_does_not_hide_a_wrong_total() -> None:
    # 15 + 0 is not 12, and neither is the right 10 + 0
    told = found(first={"balance": "15"}, total={"balance": "12"})
    assert told[0] == ("fund_sum", "合计", "balance")
    assert ("fund_balance", "甲", "balance") in told
