"""Generated clean reports give nothing; each injected fault fires its own rule and no other."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.rules import RULES, audit
from tests.analysis.audit.clean_reports import (
    clean_report,
    indicator,
    percent,
    rescore,
    rounded,
    split,
    total_up,
    with_counts,
)

Data = dict[str, Any]
Fault = Callable[[Data, random.Random], None]
SEEDS = range(12)


def findings(data: Data) -> tuple[Finding, ...]:
    return audit(load_data(data, "made"))


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


def no_usual_weights(data: Data, chance: random.Random) -> None:
    """Above 1/1/0/0, the most generous of the usual scales, and below the full points."""
    counts = [60, 20, 20, 0]
    base = sum(counts)
    question(data, 5).update(with_counts({"base": base, "blank": 0}, counts, base))
    unweighted(data, 0)["score"] = "2.700"


def scores_of_two_scales(data: Data, chance: random.Random) -> None:
    """p2 = 0.8 gives 2.76 of 60/40, p2 = 1 gives 3 of 50/50: each usual, both never."""
    for place, counts, score in ((0, [60, 40, 0, 0], "2.760"), (1, [50, 50, 0, 0], "3.000")):
        found = question(data, 5 + place)
        found.update(with_counts({"base": 100, "blank": 0}, counts, 100))
        unweighted(data, place)["score"] = score


def other_score_than_formula(data: Data, chance: random.Random) -> None:
    found = data["satisfaction"][chance.randrange(2)]
    found["score"] = shifted(found["score"], chance.choice(["0.001", "-0.001"]))


def ratio_of_no_band(data: Data, chance: random.Random) -> None:
    rescore(data, chance.choice(["A2", "B1", "B2"]), "0.6")


def no_reason(data: Data, chance: random.Random) -> None:
    rescore(data, "B1", "0.5")
    indicator(data, "B1")["note"] = indicator(data, "B1")["repeats"][0]["note"] = ""


def no_reason_in_one_table(data: Data, chance: random.Random) -> None:
    rescore(data, "B1", "0.5")
    chance.choice([indicator(data, "B1"), indicator(data, "B1")["repeats"][0]])["note"] = " "


def nothing_deducted(data: Data, chance: random.Random) -> None:
    rescore(data, "A2", "0.8")
    indicator(data, "A2")["note"] = chance.choice(["未扣分", "未扣分。", "无", "未 扣分"])


def gap_in_bands(data: Data, chance: random.Random) -> None:
    id, place, when = chance.choice(
        [
            ("B1", 2, "80%<x<90%"),
            ("B1", 1, "60%≤x<75%"),
            ("B1", 0, "10%≤x<60%"),
            ("B1", 4, "x=99%"),
            ("B2", 3, "x=1"),
            ("B2", 0, "x>5"),
        ]
    )
    if id == "B1" and place == 4:
        indicator(data, id)["scoring"]["bands"][3]["when"] = "90%≤x<99%"
    indicator(data, id)["scoring"]["bands"][place]["when"] = when


def gap_in_grades(data: Data, chance: random.Random) -> None:
    data["scores"]["grades"]["bands"][0]["when"] = "90<x≤100"


def overlapping_bands(data: Data, chance: random.Random) -> None:
    id, place, when = chance.choice(
        [("B1", 1, "60%≤x≤80%"), ("B1", 2, "75%≤x<90%"), ("B2", 3, "0≤x≤2"), ("B2", 0, "x≥4")]
    )
    indicator(data, id)["scoring"]["bands"][place]["when"] = when


def checklist_off(data: Data, chance: random.Random) -> None:
    indicator(data, "A1")["scoring"]["parts"][chance.randrange(2)]["points"] = "9"


def score_against_survey(data: Data, chance: random.Random) -> None:
    ratio = Decimal(indicator(data, "C1")["score"]) / 20
    rescore(data, "C1", "0.8" if ratio != Decimal("0.8") else "0.5")


def full_marks_against_survey(data: Data, chance: random.Random) -> None:
    rescore(data, "C1", "1")
    indicator(data, "C1")["surveyed"]["full_needs"] = "99.9%"


def other_points_in_text(data: Data, chance: random.Random) -> None:
    data["claims"]["points"][0]["points"] = "25"


def wrong_subtotal(data: Data, chance: random.Random) -> None:
    section = data["scores"]["sections"][chance.randrange(3)]
    key = chance.choice(["points", "score"])
    section[key] = shifted(section[key], "1")


def wrong_total(data: Data, chance: random.Random) -> None:
    total = data["scores"]["total"]
    key = chance.choice(["points", "score"])
    total[key] = shifted(total[key], "1")


def total_of_rounded(data: Data, chance: random.Random) -> None:
    """Sections of 1.004 each print as 1.00, and 3.00 is printed instead of 3.01."""
    for made, score in zip(data["scores"]["indicators"], ("1.004", "0") * 3, strict=True):
        made |= {"score": score, "note": "有不足之处", "scoring": {"kind": "other"}}
        made.pop("surveyed", None)
        made.pop("repeats", None)
    total_up(data)
    data["scores"]["total"]["score"] = "3.00"


def scores_were_rounded(data: Data, chance: random.Random) -> None:
    """2.664 and 8.664 print as 2.66 and 8.66, their sum as 11.33."""
    for id, score in (("A1", "2.66"), ("A2", "8.66")):
        indicator(data, id).update(score=score, note="有不足之处", scoring={"kind": "other"})
    indicator(data, "A2")["points"] = "20"
    data["claims"]["points"][0]["points"] = "32"
    total_up(data)
    section = data["scores"]["sections"][0]
    assert section["score"] == "11.32"
    section["score"] = "11.33"


def wrong_rate(data: Data, chance: random.Random) -> None:
    rows = [*data["scores"]["sections"], data["scores"]["total"]]
    row = chance.choice(rows)
    row["rate"] = shifted(row["rate"], "0.30")


def wrong_grade(data: Data, chance: random.Random) -> None:
    total = data["scores"]["total"]
    total["grade"] = chance.choice(sorted({"优", "良", "中", "差"} - {total["grade"]}))


def other_figure(data: Data, chance: random.Random) -> None:
    data["figures"][0]["printed"][1]["value"] = "432"


def coarser_figure(data: Data, chance: random.Random) -> None:
    data["figures"][0]["printed"] = [
        {"place": "正文", "value": "2.025"},
        {"place": "表", "value": "2.03"},
    ]


def other_points_repeated(data: Data, chance: random.Random) -> None:
    indicator(data, "B1")["repeats"][0]["points"] = "31"


def other_name(data: Data, chance: random.Random) -> None:
    places = [
        (data["names"][0]["printed"][1], "text"),
        (data["scores"]["sections"][0], "name"),
        (indicator(data, "B1")["repeats"][0], "name"),
    ]
    found, key = chance.choice(places)
    found[key] += "价"


def fewer_things(data: Data, chance: random.Random) -> None:
    data["claims"]["numbers"][0]["listed"].pop()


def total_as_part(data: Data, chance: random.Random) -> None:
    table = data["tables"][0]
    table["rows"][chance.randrange(4)]["value"] = table["total"]


def total_as_source(data: Data, chance: random.Random) -> None:
    row = data["funds"][0]["rows"][0]
    row["sources"][chance.randrange(3)]["value"] = row["arrived"]


def wrong_part(data: Data, chance: random.Random) -> None:
    row = chance.choice(data["tables"][0]["rows"])
    row["value"] = shifted(row["value"], "20")


def wrong_source(data: Data, chance: random.Random) -> None:
    source = chance.choice(data["funds"][0]["rows"])["sources"][0]
    source["value"] = shifted(source["value"], chance.choice(["1.00", "0.01"]))


def wrong_column_total(data: Data, chance: random.Random) -> None:
    total = data["funds"][0]["total"]
    total["planned"] = shifted(total["planned"], "100000")
    del total["arrived_rate"]


def wrong_balance(data: Data, chance: random.Random) -> None:
    row = data["funds"][0]["rows"][0]
    row["balance"] = shifted(row["balance"], chance.choice(["5.00", "0.01"]))
    del data["funds"][0]["total"]


def wrong_fund_rate(data: Data, chance: random.Random) -> None:
    row = chance.choice(data["funds"][0]["rows"])
    key = chance.choice(["arrived_rate", "execution_rate"])
    row[key] = shifted(row[key], "2.00")


FAULTS: dict[Fault, str] = {
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
    no_note_on_base: "multiple_base_note",
    copied_column: "same_distribution",
    another_share_in_text: "claim_share",
    below_the_possible: "satisfaction_impossible",
    weights_not_stated: "satisfaction_weights_unstated",
    no_usual_weights: "satisfaction_unusual",
    scores_of_two_scales: "satisfaction_no_common",
    other_score_than_formula: "satisfaction_formula",
    ratio_of_no_band: "score_ratio",
    no_reason: "reason_missing",
    no_reason_in_one_table: "reason_missing",
    nothing_deducted: "reason_denied",
    gap_in_bands: "band_gap",
    gap_in_grades: "band_gap",
    overlapping_bands: "band_overlap",
    checklist_off: "checklist_points",
    score_against_survey: "survey_contradicts",
    full_marks_against_survey: "survey_contradicts",
    other_points_in_text: "points_in_text",
    wrong_subtotal: "subtotal",
    wrong_total: "total",
    scores_were_rounded: "subtotal",
    total_of_rounded: "total",
    wrong_rate: "rate",
    wrong_grade: "grade",
    other_figure: "figure_differs",
    coarser_figure: "figure_differs",
    other_points_repeated: "figure_differs",
    other_name: "name_differs",
    fewer_things: "number_of_things",
    total_as_part: "total_in_part",
    total_as_source: "total_in_part",
    wrong_part: "part_sum",
    wrong_source: "fund_sum",
    wrong_column_total: "fund_sum",
    wrong_balance: "fund_balance",
    wrong_fund_rate: "fund_rate",
}


@pytest.mark.parametrize("seed", range(100))
def test_a_clean_report_gives_nothing(seed: int) -> None:
    assert findings(clean_report(seed)) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_injected_fault_fires_its_own_rule_and_no_other(fault: Fault) -> None:
    for seed in SEEDS:
        data = clean_report(seed)
        fault(data, random.Random(seed))
        found = findings(data)
        assert {finding.rule for finding in found} == {FAULTS[fault]}, seed
        for finding in found:
            for language in ("zh", "en"):
                texts = (finding.found(language), finding.expected(language), finding.why(language))
                assert all(texts)
                assert finding.place.text(language)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("cell", ["share", "count"])
def test_a_clean_report_that_prints_less_gives_nothing(seed: int, cell: str) -> None:
    """Counts without shares, or shares without counts."""
    data = clean_report(seed)
    for asked in data["surveys"][0]["questions"]:
        for option in asked["options"]:
            del option[cell]
    assert findings(data) == ()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("places", [0, 1])
def test_a_clean_report_of_coarser_shares_gives_nothing(seed: int, places: int) -> None:
    data = clean_report(seed)
    base_of_all = people(data)
    for asked in data["surveys"][0]["questions"]:
        base = asked.get("base", base_of_all)
        for option in asked["options"]:
            option["share"] = rounded(Decimal(100 * option["count"]) / base, places) + "%"
    assert findings(data) == ()


@pytest.mark.parametrize(
    "fault", [total_of_rounded, scores_were_rounded, coarser_figure, no_reason_in_one_table]
)
def test_what_rounding_or_another_table_explains_is_only_a_note(fault: Fault) -> None:
    data = clean_report(0)
    fault(data, random.Random(0))
    assert {finding.severity for finding in findings(data)} == {"note"}


def test_every_rule_is_fired_by_some_fault() -> None:
    assert set(FAULTS.values()) == set(RULES)
