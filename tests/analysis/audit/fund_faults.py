"""Faults to inject into the funds of a clean report."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from tests.analysis.audit.clean_reports import Data, percent, rounded
from tests.analysis.audit.survey_faults import Fault, shifted


def total_as_source(data: Data, chance: random.Random) -> None:
    row = data["funds"][0]["rows"][0]
    row["sources"][chance.randrange(3)]["value"] = row["arrived"]


def wrong_source(data: Data, chance: random.Random) -> None:
    source = chance.choice(data["funds"][0]["rows"])["sources"][0]
    source["value"] = shifted(source["value"], chance.choice(["1.00", "0.01"]))


def wrong_arrived(data: Data, chance: random.Random) -> None:
    """Of an item whose sources are right."""
    row = chance.choice(data["funds"][0]["rows"])
    row["arrived"] = shifted(row["arrived"], chance.choice(["100.00", "-0.02"]))


def wrong_column_total(data: Data, chance: random.Random) -> None:
    """With a balance and rates that follow from the right figure."""
    total = data["funds"][0]["total"]
    column = chance.choice(["planned", "arrived", "spent", "balance"])
    total[column] = shifted(total[column], chance.choice(["100000", "5.00", "-5.00"]))


def wrong_balance(data: Data, chance: random.Random) -> None:
    """The total follows from the right one."""
    row = data["funds"][0]["rows"][0]
    row["balance"] = shifted(row["balance"], chance.choice(["5.00", "0.01"]))


def wrong_spent(data: Data, chance: random.Random) -> None:
    """The balance, the rate and the total follow from the right one."""
    row = chance.choice(data["funds"][0]["rows"])
    row["spent"] = rounded(Decimal(row["spent"]) / 2)


def wrong_arrived_without_sources(data: Data, chance: random.Random) -> None:
    row = chance.choice(data["funds"][0]["rows"])
    del row["sources"]
    row["arrived"] = shifted(row["arrived"], "100.00")


def spent_more_than_arrived(data: Data, chance: random.Random) -> None:
    """With the balance and the rate that follow."""
    over = chance.choice(["0.01", "30.00"])
    row = data["funds"][0]["rows"][chance.randrange(3)]
    row["spent"] = shifted(row["arrived"], over)
    row["balance"] = f"-{over}"
    row["execution_rate"] = percent(Decimal(row["spent"]), Decimal(row["arrived"]))
    del data["funds"][0]["total"]


def wrong_fund_rate(data: Data, chance: random.Random) -> None:
    row = chance.choice(data["funds"][0]["rows"])
    key = chance.choice(["arrived_rate", "execution_rate"])
    row[key] = shifted(row[key], "2.00")


def ten_sources_off_by_five_cents(data: Data, chance: random.Random) -> None:
    del data["funds"][0]["total"]
    row = data["funds"][0]["rows"][0]
    row["sources"] += [{"label": f"来源{place}", "value": "0.00"} for place in range(3, 10)]
    row["sources"][9]["value"] = "0.05"


def coarser_total(data: Data, chance: random.Random) -> None:
    """720.88 printed as 721; the balance and the rates follow from the sources."""
    del data["funds"][0]["total"]
    row = next(r for r in data["funds"][0]["rows"] if not r["arrived"].endswith("00"))
    row["arrived"] = rounded(Decimal(row["arrived"]), 0)


def misprinted_plan(data: Data, chance: random.Random) -> None:
    """The rate and the total follow from the right one."""
    row = chance.choice(data["funds"][0]["rows"])
    row["planned"] = shifted(row["planned"], chance.choice(["1000.00", "-2000.00"]))


def misprinted_spending(data: Data, chance: random.Random) -> None:
    """Above what arrived; the balance, the rate and the total follow from the right one."""
    row = chance.choice(data["funds"][0]["rows"])
    row["spent"] = shifted(row["arrived"], "500.00")


def wrong_sub_total(data: Data, chance: random.Random) -> None:
    sources = data["funds"][0]["rows"][0]["sources"]
    both = sum(Decimal(source["value"]) for source in sources[:2])
    sources.insert(2, {"label": "上级小计", "value": rounded(both + 90)})


FAULTS: Mapping[Fault, str] = {
    misprinted_plan: "fund_sum",
    misprinted_spending: "fund_balance",
    wrong_sub_total: "fund_sum",
    total_as_source: "total_in_part",
    wrong_source: "fund_sum",
    wrong_arrived: "fund_sum",
    wrong_column_total: "fund_sum",
    wrong_balance: "fund_balance",
    wrong_spent: "fund_balance",
    wrong_arrived_without_sources: "fund_balance",
    spent_more_than_arrived: "fund_overspent",
    wrong_fund_rate: "fund_rate",
    ten_sources_off_by_five_cents: "fund_sum",
    coarser_total: "fund_sum",
}
"""Each with the rule that it fires."""
