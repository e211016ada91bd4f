"""Faults to inject into the scores, figures and names of a clean report."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from tests.analysis.audit.clean_reports import (
    Data,
    indicator,
    percent,
    rescore,
    total_up,
)
from tests.analysis.audit.survey_faults import Fault, shifted

DENIALS = [
    *("未扣分", "未扣分。", "无", "未 扣分", "此项未扣分", "本指标没有扣分", "未扣分，资料齐全"),
    *("该项不予扣分", "（未扣分）", "1.未扣分", "无扣分项", "未失分", "得满分"),
    *("None", "No deduction", "No points deducted", "Full marks", "Not deducted"),
]


def ratio_of_no_band(data: Data, chance: random.Random) -> None:
    rescore(data, chance.choice(["A2", "B1", "B2"]), "0.6")


def more_than_the_points(data: Data, chance: random.Random) -> None:
    """In bands or without, with the sums that follow from it."""
    rescore(data, chance.choice(["A1", "A2", "B2", "C2"]), chance.choice(["1.05", "1.2"]))


def less_than_nothing(data: Data, chance: random.Random) -> None:
    rescore(data, "A1", "-0.1")


def no_reason(data: Data, chance: random.Random) -> None:
    rescore(data, "B1", "0.5")
    indicator(data, "B1")["note"] = indicator(data, "B1")["repeats"][0]["note"] = ""


def no_reason_in_one_table(data: Data, chance: random.Random) -> None:
    rescore(data, "B1", "0.5")
    chance.choice([indicator(data, "B1"), indicator(data, "B1")["repeats"][0]])["note"] = " "


def nothing_deducted(data: Data, chance: random.Random) -> None:
    rescore(data, "A2", "0.8")
    indicator(data, "A2")["note"] = chance.choice(DENIALS)


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


def misprinted_score(data: Data, chance: random.Random) -> None:
    """The sums, the reason and the other table have the right one."""
    rescore(data, "B1", "1")
    indicator(data, "B1")["score"] = chance.choice(["20", "29", "3", "24", "50"])


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


def name_of_another_sub_total(data: Data, chance: random.Random) -> None:
    section = chance.choice(data["scores"]["sections"])
    section["name"] = chance.choice(
        ["绩效小计", "一、绩效", "绩效（20分）", section["name"] + "（7分）"]
    )


def three_of_five(data: Data, chance: random.Random) -> None:
    """0.6, which is no half of 5 that was rounded: no other score of the column was."""
    for made in data["scores"]["indicators"]:
        made.update(score=made["points"], note="未扣分")
        made.pop("surveyed", None)
        made.pop("repeats", None)
    changed = indicator(data, chance.choice(["A2", "B2"]))
    taken = int(changed["points"]) - 5
    changed.update(points="5", score="3", note="有不足之处")
    indicator(data, "C2")["points"] = indicator(data, "C2")["score"] = str(20 + taken)
    data["claims"]["points"] = []
    total_up(data)


def other_percentage(data: Data, chance: random.Random) -> None:
    data["figures"][0]["printed"] = [
        {"place": "正文", "value": "91.43%"},
        {"place": "表", "value": "91.34%"},
    ]


def one_thing_twice(data: Data, chance: random.Random) -> None:
    """As many names as stated, and one thing is missing."""
    listed = data["claims"]["numbers"][0]["listed"]
    listed[-1] = chance.choice([listed[0], f" {listed[0]}。"])


def fewer_things(data: Data, chance: random.Random) -> None:
    data["claims"]["numbers"][0]["listed"].pop()


def total_as_part(data: Data, chance: random.Random) -> None:
    table = data["tables"][0]
    table["rows"][chance.randrange(4)]["value"] = table["total"]


def wrong_part(data: Data, chance: random.Random) -> None:
    row = chance.choice(data["tables"][0]["rows"])
    row["value"] = shifted(row["value"], "20")


def dash_for_a_reason(data: Data, chance: random.Random) -> None:
    no_reason(data, chance)
    indicator(data, "B1")["note"] = chance.choice(["—", "/", "——", "-", "N/A", "n.a."])


def wrong_subtotal_with_its_rate(data: Data, chance: random.Random) -> None:
    row = chance.choice([*data["scores"]["sections"], data["scores"]["total"]])
    row["score"] = shifted(row["score"], "-0.5")
    row["rate"] = percent(Decimal(row["score"]), Decimal(row["points"]))


def one_person_too_many(data: Data, chance: random.Random) -> None:
    table = data["tables"][0]
    table["total"] = shifted(table["total"], chance.choice(["1", "-1"]))


def sum_counted_with_its_parts(data: Data, chance: random.Random) -> None:
    table = data["tables"][0]
    label = chance.choice(["小计", "合 计", "总计"])
    table["rows"].append({"label": label, "value": table["total"]})
    table["total"] = str(2 * int(table["total"]))


def total_in_one_of_two_rows(data: Data, chance: random.Random) -> None:
    table = data["tables"][0]
    del table["rows"][2:]
    table["total"] = table["rows"][1]["value"]


FAULTS: Mapping[Fault, str] = {
    ratio_of_no_band: "score_ratio",
    more_than_the_points: "score_above_points",
    less_than_nothing: "score_above_points",
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
    misprinted_score: "subtotal",
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
    one_thing_twice: "number_of_things",
    other_percentage: "figure_differs",
    name_of_another_sub_total: "name_differs",
    three_of_five: "score_ratio",
    total_as_part: "total_in_part",
    wrong_part: "part_sum",
    dash_for_a_reason: "reason_missing",
    one_person_too_many: "part_sum",
    sum_counted_with_its_parts: "total_in_part",
    total_in_one_of_two_rows: "total_in_part",
}
"""Each with the rule that it fires."""
