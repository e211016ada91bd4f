"""Clean reports of other shapes, made from those of `clean_reports`, and the faults of each."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.analysis.audit.clean_reports import BLANKS, Data, percent, split, with_counts
from tests.analysis.audit.survey_faults import Fault, other_sample, people, question

Shape = Callable[[Data, random.Random], None]
MENTIONS = "按选择次数计算"


def added(data: Data, number: int, counts: list[int], base: int, **given: object) -> None:
    asked: Data = {"kind": "single", "number": str(number), "text": f"第{number}题", "base": base}
    data["surveys"][0]["questions"].append(with_counts(asked | given, counts, base))


def chain(data: Data, chance: random.Random) -> None:
    """Answer C of question 1 leads past 8 and 9, and A of question 8 past 9."""
    led = question(data, 1)["options"][2]["count"]
    question(data, 1)["skips"].append({"option": "C", "over": ["8", "9"]})
    asked = people(data) - led
    counts = split(chance, asked, 2)
    added(data, 8, counts, asked, skips=[{"option": "A", "over": ["9"]}])
    added(data, 9, [counts[1], 0], counts[1])


def one_too_many_at_the_end(data: Data, chance: random.Random) -> None:
    base = question(data, 9)["base"] + chance.randint(1, question(data, 8)["options"][0]["count"])
    question(data, 9).update(with_counts({"base": base}, [base, 0], base))


def from_an_audience(data: Data, chance: random.Random) -> None:
    """Question 4 is of 低保户 alone, all of whom answered; its answer C leads past 8."""
    for group, more in zip(data["sample"]["groups"], (-BLANKS, BLANKS), strict=True):
        group["n"] += more
    del question(data, 4)["blank"]
    question(data, 4)["skips"] = [{"option": "C", "over": ["8"]}]
    asked = question(data, 4)["base"] - question(data, 4)["options"][2]["count"]
    added(data, 8, [asked, 0], asked, audience=["低保户"])


def the_audience_is_asked_again(data: Data, chance: random.Random) -> None:
    """Everybody of the audience answered question 8."""
    base = question(data, 4)["base"]
    question(data, 8).update(with_counts({"base": base}, [base, 0], base))


def two_options(data: Data, chance: random.Random) -> None:
    question(data, 1)["skips"] += [{"option": letter, "over": ["8"]} for letter in "BD"]
    counts = [option["count"] for option in question(data, 1)["options"]]
    asked = counts[0] + counts[2]
    added(data, 8, [asked, 0], asked)


def one_option_forgotten(data: Data, chance: random.Random) -> None:
    """Those who chose the rarer of the two options answered as well."""
    rarer = min(question(data, 1)["options"][place]["count"] for place in (1, 3))
    base = question(data, 8)["base"] + rarer
    question(data, 8).update(with_counts({"base": base}, [base, 0], base))


def mentions(data: Data, chance: random.Random) -> None:
    """Multiple choice of everybody, of an audience and behind a skip, each with a blank."""
    groups = data["sample"]["groups"]
    led = question(data, 1)["options"][2]["count"]
    question(data, 1)["skips"].append({"option": "C", "over": ["10"]})
    given: list[Data] = [{}, {"audience": [groups[0]["name"]]}, {}]
    for place, size in enumerate((people(data), groups[0]["n"], people(data) - led)):
        answered = size - 1
        counts = [answered, *(chance.randint(answered // 2, answered) for _ in range(2))]
        of = given[place] | {"kind": "multiple", "base_note": MENTIONS, "blank": 1}
        added(data, 8 + place, counts, sum(counts), **of)


def _mentioned_too_often(number: int) -> Fault:
    """One option was chosen by one person more than there are, blanks aside."""

    def fault(data: Data, chance: random.Random) -> None:
        found = question(data, number)
        counts = [option["count"] for option in found["options"]]
        counts[0] += 2
        del found["blank"]
        found.update(with_counts({"base": sum(counts)}, counts, sum(counts)))

    return fault


too_many_of_all = _mentioned_too_often(8)
too_many_of_the_audience = _mentioned_too_often(9)
too_many_behind_a_skip = _mentioned_too_often(10)


def blanks_beside_mentions(data: Data, chance: random.Random) -> None:
    question(data, 8)["blank"] += 1


def only_shares(data: Data, chance: random.Random) -> None:
    for asked in data["surveys"][0]["questions"]:
        asked.setdefault("base", people(data))
        for option in asked["options"]:
            del option["count"]


def shares_above_everybody(data: Data, chance: random.Random) -> None:
    """One person more, as no rounding gives: the sum is above 100%."""
    option = question(data, 7)["options"][0]
    first = float(option["share"].removesuffix("%"))
    whole = round(first * people(data) / 100)
    option["share"] = percent(whole + 2, people(data))
    data["claims"]["shares"] = []


def copied_shares(data: Data, chance: random.Random) -> None:
    options = [dict(option) for option in question(data, 7)["options"]]
    copy = {"kind": "single", "number": "8", "base": people(data), "options": options}
    data["surveys"][0]["questions"].append(copy)


def only_counts(data: Data, chance: random.Random) -> None:
    for asked in data["surveys"][0]["questions"]:
        for option in asked["options"]:
            del option["share"]


def chosen_by_more_than_answered(data: Data, chance: random.Random) -> None:
    found = question(data, 3)
    chance.choice(found["options"])["count"] = found["base"] + 1


def more_than_the_table(data: Data, chance: random.Random) -> None:
    """A multiple choice by people whose base is above those of the table."""
    asked: Data = {"kind": "multiple", "number": "8", "base": people(data) + 30}
    asked["options"] = [{"letter": x, "count": n} for x, n in (("A", 50), ("B", 41))]
    data["surveys"][0]["questions"].append(asked)


def half_did_not_answer(data: Data, chance: random.Random) -> None:
    base = people(data) // 2
    asked: Data = {"kind": "single", "number": "8", "base": base}
    asked["options"] = [{"letter": x, "count": n} for x, n in (("A", base - 7), ("B", 7))]
    data["surveys"][0]["questions"].append(asked)


def without_groups(data: Data, chance: random.Random) -> None:
    del data["surveys"][0]["groups"]


SHAPES: Mapping[Shape, Mapping[Fault, str]] = {
    chain: {one_too_many_at_the_end: "base_skip"},
    from_an_audience: {the_audience_is_asked_again: "base_skip"},
    two_options: {one_option_forgotten: "base_skip"},
    mentions: {
        too_many_of_all: "share_count",
        too_many_of_the_audience: "base_audience",
        too_many_behind_a_skip: "base_skip",
        blanks_beside_mentions: "blank_sum",
    },
    only_shares: {shares_above_everybody: "single_sum", copied_shares: "same_distribution"},
    only_counts: {
        chosen_by_more_than_answered: "share_count",
        more_than_the_table: "base_audience",
        half_did_not_answer: "blank_sum",
    },
    without_groups: {other_sample: "sample_base"},
}
"""Each with its faults and the rule that each fires."""
