"""Funds of real reports: sums, balances and rates; rounding is a note, more is an error."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from analysis.evaluation.funds import FundItem, FundTable, fund_faults
from analysis.evaluation.inputs import Inputs


def item(name: str, *arrived: str, **printed: Any) -> FundItem:
    sources = [{"level": f"来源{n}", "arrived": a} for n, a in enumerate(arrived, start=1)]
    return FundItem.model_validate({"name": name, "sources": sources} | printed)


# The printed figures of five evaluation reports, in 万元.
CHENGGONG = (
    item(
        "城市低保", "26.00", "40.00", "38.70", "8.53", arrived="113.23", spent="70.32",
        balance="42.92",
    ),
    item("涉诉救助", "30.00", spent="30.00"),
    item("临时救助", "10.00", "18.09", arrived="28.09", spent="7.03", balance="21.06"),
    item(
        "特困供养", "10.00", "5.00", "3.85", "1.85", arrived="20.07", spent="18.22",
        balance="2.48",
    ),
    item("精减退职", "4.30", arrived="4.30", spent="3.79", balance="0.51"),
)  # fmt: skip
OTHERS = (
    item("困难群众救助", "5904.29", "749.86", "20", arrived="6674.15"),
    item("城乡低保", "3392", arrived="3392", spent="3168.366"),
    item("南充城乡低保", "229", "229", "262", arrived="720", spent="720", balance="0"),
)


def test_exactly_the_wrong_rows_of_the_reports_are_errors() -> None:
    faults = fund_faults(FundTable(items=(*CHENGGONG, *OTHERS)))
    assert [(f.place, f.code, f.severity) for f in faults] == [
        ("城市低保", "balance", "note"),
        ("特困供养", "arrived_sum", "error"),
    ]


def test_a_difference_is_told_with_both_figures() -> None:
    note, error = fund_faults(FundTable(items=CHENGGONG))
    assert note.sentence() == ("到位 113.23 减支出 70.32 为 42.91，填报结余为 42.92，相差 0.01")
    assert error.sentence() == "各来源到位资金之和为 20.7，填报合计为 20.07，相差 0.63"


def test_six_stated_projects_where_five_are_listed_is_an_error() -> None:
    found = fund_faults(FundTable(items=CHENGGONG[4:], stated_items=6))
    assert [(f.code, f.severity) for f in found] == [("stated_items", "error")]
    assert fund_faults(FundTable(items=CHENGGONG[4:], stated_items=1)) == ()


@pytest.mark.parametrize(
    ("difference", "severity"), [("0.01", "note"), ("-0.01", "note"), ("0.02", "error")]
)
def test_a_hundredth_can_be_rounding(difference: str, severity: str) -> None:
    printed = Fraction("50") + Fraction(difference)
    one = item("项目", "30", "20", arrived=str(float(printed)))
    assert [f.severity for f in fund_faults(FundTable(items=(one,)))] == [severity]


def test_more_spent_than_arrived_is_an_error() -> None:
    found = fund_faults(FundTable(items=(item("项目", "30", spent="31"),)))
    assert [(f.code, f.severity) for f in found] == [("overspent", "error")]


def test_negative_amounts_and_items_of_one_name_are_errors_but_a_negative_balance_is_none() -> None:
    found = fund_faults(FundTable(items=(item("项目", "30", spent="-5"),)))
    assert [(f.code, f.severity) for f in found] == [("negative_amount", "error")]
    twice = FundTable(items=(item("低保", "30", spent="3"), item("低保", "20", spent="2")))
    assert [(f.code, f.place) for f in fund_faults(twice)] == [("same_fund_name", "低保")]
    overspent = FundTable(items=(item("项目", "30", spent="31", balance="-1"),))
    assert [f.code for f in fund_faults(overspent)] == ["overspent"]


@pytest.mark.parametrize(
    ("rate", "severities"),
    [("93.41%", []), ("93.4%", []), ("93.42%", ["note"]), ("94%", ["error"]), ("95%", ["error"])],
)
def test_a_printed_rate_must_follow_from_the_amounts(rate: str, severities: list[str]) -> None:
    one = item("城乡低保", "3392", spent="3168.366", executed_rate=rate)
    assert [f.severity for f in fund_faults(FundTable(items=(one,)))] == severities


def test_a_balance_that_follows_from_a_wrong_total_is_not_wrong_once_more() -> None:
    one = item("项目", "10", "5", arrived="16", spent="4", balance="12")
    assert [fault.code for fault in fund_faults(FundTable(items=(one,)))] == ["arrived_sum"]


def test_planned_and_spent_are_summed_over_their_sources_too() -> None:
    sources = [
        {"level": "中央", "planned": 10, "arrived": 10, "spent": 9},
        {"level": "省级", "planned": 5, "arrived": 5, "spent": 5},
    ]
    one = FundItem.model_validate(
        {"name": "项目", "sources": sources, "planned": 16, "spent": 15, "balance": 1}
    )
    codes = [fault.code for fault in fund_faults(FundTable(items=(one,)))]
    assert codes == ["planned_sum", "spent_sum"]


def test_rates_and_balance_are_exact() -> None:
    one = item("城市低保", "26.00", "40.00", "38.70", "8.53", spent="70.32", planned="120")
    assert one.rate("arrived") == Fraction("113.23") / 120
    assert one.rate("executed") == Fraction("70.32") / Fraction("113.23")
    assert one.computed_balance is not None
    assert Fraction(one.computed_balance) == Fraction("42.91")


def test_a_rate_without_its_amounts_is_none() -> None:
    assert item("项目", "30").rate("arrived") is None
    assert item("项目", "0", spent="0").rate("executed") is None
    assert FundTable().rate("executed") is None
    assert FundTable().amounts("executed") is None


def test_the_funds_of_nanchong_are_balanced(measured: Inputs) -> None:
    assert measured.funds.total("arrived") == 720
    assert measured.funds.rate("executed") == 1
    assert fund_faults(measured.funds) == ()
