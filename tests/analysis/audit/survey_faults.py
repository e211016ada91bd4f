"""Faults to inject into the surveys, shares and satisfaction scores of a clean report."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.analysis.audit.clean_reports import Data, percent, rounded, split, with_counts

Fault = Callable[[Data, random.Random], None]


def question(data: Data, number: int) -> Data:
    return data["surveys"][0]["questions"][number - 1]


def people(data: Data) -> int:
    return data["surveys"][0]["collected"]["valid"]


def shifted(text: str, by: str) -> str:
    """The printed number `by` higher, with as many digits."""
    bare = text.removesuffix("%")
    places = len(bare.partition(".")[2])
    return rounded(Decimal(bare) + Decimal(by), places) + text[len(bare) :]


def counts_too_high(data: Data, chance: random.Random) -> None:
    option = question(data, 2)["options"][chance.randrange(3)]
    option["count"] += 2
    option["share"] = percent(option["count"], people(data))


def counts_too_low(data: Data, chance: random.Random) -> None:
    option = max(question(data, 7)["options"][2:], key=lambda o: o["count"])
    option["count"] -= 1
    option["share"] = percent(option["count"], people(data))


def skipped_people_counted(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    base = people(data)
    found["base"] = base
    with_counts(found, [o["count"] for o in found["options"]], base)


def others_asked(data: Data, chance: random.Random) -> None:
    base = data["sample"]["groups"][0]["n"] + chance.randint(1, 20)
    found = question(data, 4) | {"base": base}
    question(data, 4).update(with_counts(found, split(chance, base, 3), base))


def other_sample(data: Data, chance: random.Random) -> None:
    data["sample"]["groups"][1]["n"] -= 1
    data["sample"]["total"] -= 1


def other_sample_total(data: Data, chance: random.Random) -> None:
    data["sample"]["total"] += 10


def valid_not_stated(data: Data, chance: random.Random) -> None:
    survey = data["surveys"][0]
    survey["base"] = people(data)
    del survey["collected"][chance.choice(["distributed", "returned", "valid"])]


def nothing_collected(data: Data, chance: random.Random) -> None:
    del data["surveys"][0]["collected"]


def wrong_return_rate(data: Data, chance: random.Random) -> None:
    given = data["surveys"][0]["collected"]
    given["return_rate"] = shifted(given["return_rate"], "-0.01")


def more_valid_than_returned(data: Data, chance: random.Random) -> None:
    given = data["surveys"][0]["collected"]
    given["returned"] = given["valid"] - 1
    del given["return_rate"], given["valid_rate"]


def impossible_share(data: Data, chance: random.Random) -> None:
    option = question(data, 7)["options"][chance.randrange(5)]
    option["share"] = shifted(option["share"], "0.02")


def impossible_claim(data: Data, chance: random.Random) -> None:
    claim = data["claims"]["shares"][0]
    claim["share"] = shifted(claim["share"], "0.02")


def share_of_another_count(data: Data, chance: random.Random) -> None:
    option = question(data, 7)["options"][chance.randrange(5)]
    option["share"] = percent(option["count"] + 1, people(data))


def more_blanks_than_are_left(data: Data, chance: random.Random) -> None:
    question(data, 5)["blank"] += chance.randint(1, 3)


def blanks_above_a_multiple_choice(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    found["blank"] = people(data) - found["base"] + 1


def blanks_that_leave_people_over(data: Data, chance: random.Random) -> None:
    """One more person answered nothing, and the base is one lower; the blanks are as before."""
    found = question(data, 5)
    counts = [o["count"] for o in found["options"]]
    counts[0] -= 1
    found["base"] -= 1
    with_counts(found, counts, found["base"])
    other_weight(data, "D", "0")


def more_than_everybody(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    option = found["options"][chance.randrange(5)]
    option |= {"count": found["base"] + 1, "share": "100.00%"}


def no_note_on_base(data: Data, chance: random.Random) -> None:
    del data["surveys"][0]["base_note"]


def copied_column(data: Data, chance: random.Random) -> None:
    counts = [o["count"] for o in question(data, 7)["options"]]
    copy = with_counts({"kind": "single", "number": "8"}, counts, people(data))
    data["surveys"][0]["questions"].append(copy)


def another_share_in_text(data: Data, chance: random.Random) -> None:
    count = question(data, 7)["options"][0]["count"]
    data["claims"]["shares"][0]["share"] = percent(count + 1, people(data))


def unweighted(data: Data, place: int, where: str = "附件3") -> Data:
    found = data["satisfaction"][place]
    del found["weights"]
    return found | {} if not where else _stated(found, where)


def _stated(found: Data, where: str) -> Data:
    found["weights_stated_in"] = where
    return found


def below_the_possible(data: Data, chance: random.Random) -> None:
    found = unweighted(data, 0)
    options = question(data, 5)["options"]
    least = Decimal(3 * options[0]["count"]) / sum(o["count"] for o in options)
    found["score"] = rounded(least - Decimal("0.002"), 3)


def weights_not_stated(data: Data, chance: random.Random) -> None:
    unweighted(data, chance.randrange(2), where="")


def hundred_answered(data: Data, number: int, counts: list[int]) -> None:
    """Everybody else left it blank."""
    made = {"base": 100, "blank": people(data) - 100}
    question(data, number).update(with_counts(made, counts, 100))


def no_usual_weights(data: Data, chance: random.Random) -> None:
    """Above 1/1/0/0, the most generous of the usual scales, and below the full points.

    Stated pᵢ may be any, so they are not stated.
    """
    counts = [60, 20, 20, 0]
    base = sum(counts)
    question(data, 5).update(
        with_counts({"base": base, "blank": people(data) - base}, counts, base)
    )
    unweighted(data, 0, where="")["score"] = "2.700"


def scores_of_two_scales(data: Data, chance: random.Random) -> None:
    """p2 = 0.8 gives 2.76 of 60/40, p2 = 1 gives 3 of 50/50: each usual, both never."""
    for place, counts, score in ((0, [60, 40, 0, 0], "2.760"), (1, [50, 50, 0, 0], "3.000")):
        hundred_answered(data, 5 + place, counts)
        unweighted(data, place)["score"] = score


def other_score_than_formula(data: Data, chance: random.Random) -> None:
    found = data["satisfaction"][chance.randrange(2)]
    found["score"] = shifted(found["score"], chance.choice(["0.001", "-0.001"]))


def fewer_after_skip(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    found["base"] -= chance.randint(1, 9)
    counts = [min(option["count"], found["base"]) for option in found["options"]]
    with_counts(found, counts, found["base"])


def fewer_of_the_audience(data: Data, chance: random.Random) -> None:
    """Three people did not answer, which the table no longer states."""
    del question(data, 4)["blank"]


def swapped_shares(data: Data, chance: random.Random) -> None:
    """60 of 100 as 40% also is 60 of 150."""
    base = people(data)
    asked = with_counts({"kind": "single", "number": "8"}, [base // 5, base - base // 5], base)
    one, other = asked["options"]
    one["share"], other["share"] = other["share"], one["share"]
    data["surveys"][0]["questions"].append(asked)


def adjusted_shares(data: Data, chance: random.Random) -> None:
    """One share takes the hundredth that is missing to 100%."""
    asked: Data = {"kind": "single", "number": "8", "base": 90, "blank": people(data) - 90}
    missing = Decimal(0)
    while abs(missing) != Decimal("0.01"):
        with_counts(asked, split(chance, 90, 6), 90)
        missing = 100 - sum(Decimal(o["share"].removesuffix("%")) for o in asked["options"])
    option = chance.choice(asked["options"])
    option["share"] = shifted(option["share"], str(missing))
    data["surveys"][0]["questions"].append(asked)


def count_and_share_above_everybody(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    option = found["options"][chance.randrange(5)]
    option |= {"count": found["base"] + 1, "share": percent(found["base"] + 1, found["base"])}


def other_weight(data: Data, letter: str, p: str) -> None:
    """With the score that follows from it."""
    found = data["satisfaction"][0]
    for weight in found["weights"]:
        weight["p"] = p if weight["option"] == letter else weight["p"]
    counts = [option["count"] for option in question(data, 5)["options"]]
    earned = sum(
        n * Decimal(weight["p"]) for n, weight in zip(counts, found["weights"], strict=True)
    )
    found["score"] = rounded(3 * earned / sum(counts), 3)


def rising_weights(data: Data, chance: random.Random) -> None:
    other_weight(data, *chance.choice([("C", "0.81"), ("D", "0.5")]))


def weight_above_one(data: Data, chance: random.Random) -> None:
    other_weight(data, "A", "1.2")


def impossible_under_its_rule(data: Data, chance: random.Random) -> None:
    """60 of 100 very satisfied: at least nothing, at most all; by bands only 0, 1.5, 2.4 and 3."""
    question(data, 5).update(
        with_counts({"base": 100, "blank": people(data) - 100}, [60, 20, 10, 10], 100)
    )
    found = unweighted(data, 0)
    rule, score = chance.choice([("bands", "2.700"), ("gate_linear", "3.100")])
    found |= {"point_rule": rule, "score": score}


def misprinted_count(data: Data, chance: random.Random) -> None:
    """The share, the other counts and the text follow from the right one."""
    chance.choice(question(data, 7)["options"])["count"] += chance.randint(2, 9)


def misprinted_base(data: Data, chance: random.Random) -> None:
    question(data, 7)["base"] = people(data) + chance.choice([-9, 9, 100])


FAULTS: Mapping[Fault, str] = {
    misprinted_count: "share_count",
    misprinted_base: "share_count",
    other_sample: "sample_base",
    other_sample_total: "sample_sum",
    valid_not_stated: "collected_missing",
    nothing_collected: "collected_missing",
    wrong_return_rate: "collected_numbers",
    more_valid_than_returned: "collected_numbers",
    counts_too_high: "single_sum",
    counts_too_low: "single_sum",
    skipped_people_counted: "base_skip",
    others_asked: "base_audience",
    impossible_share: "grim",
    impossible_claim: "grim",
    share_of_another_count: "share_count",
    more_than_everybody: "share_count",
    more_blanks_than_are_left: "blank_sum",
    blanks_above_a_multiple_choice: "blank_sum",
    blanks_that_leave_people_over: "blank_sum",
    no_note_on_base: "multiple_base_note",
    copied_column: "same_distribution",
    another_share_in_text: "claim_share",
    below_the_possible: "satisfaction_impossible",
    weights_not_stated: "satisfaction_weights_unstated",
    no_usual_weights: "satisfaction_unusual",
    scores_of_two_scales: "satisfaction_no_common",
    other_score_than_formula: "satisfaction_formula",
    fewer_after_skip: "base_skip",
    fewer_of_the_audience: "base_audience",
    swapped_shares: "share_count",
    adjusted_shares: "share_count",
    count_and_share_above_everybody: "share_count",
    rising_weights: "satisfaction_weights",
    weight_above_one: "satisfaction_weights",
    impossible_under_its_rule: "satisfaction_impossible",
}
"""Each with the rule that it fires."""
