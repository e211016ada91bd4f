"""Makes described reports without a fault, as plain data, from a random generator.

All arithmetic here is its own (decimal, half up), so that a slip of the audit shows.
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Data = dict[str, Any]
RATIOS = ("0", "0.3", "0.5", "0.8", "1")
WEIGHTS = (Decimal("1"), Decimal("0.8"), Decimal("0.3"), Decimal("0"))
SCALE = ("非常满意", "比较满意", "不太满意", "很不满意")
BANDS = ("x<60%", "60%≤x<80%", "80%≤x<90%", "90%≤x<100%", "x=100%")
BLANKS = 3
CASES = ("x>4", "x=4", "x=3", "1≤x≤2", "x=0")


def rounded(value: Decimal | int, places: int = 2) -> str:
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    return rounded(Decimal(100) * Decimal(part) / Decimal(whole)) + "%"


def clean_report(seed: int) -> Data:
    chance = random.Random(seed)
    people = chance.randint(120, 400)
    surveys = [_survey(chance, people)]
    scores = _scores(chance, surveys[0])
    data: Data = {
        "title": f"示例报告{seed}",
        "sample": {
            "place": "正文",
            "groups": [
                {"name": "低保户", "n": surveys[0]["questions"][3]["base"] + BLANKS},
                {"name": "非低保户", "n": 0},
            ],
            "total": people,
        },
        "surveys": surveys,
        "scores": scores,
        "satisfaction": [
            _satisfaction(surveys[0], n, s) for n, s in ((4, "满意一"), (5, "满意二"))
        ],
        "funds": [_funds(chance)],
        "names": [
            {
                "what": "项目",
                "printed": [
                    {"place": "封面", "text": "低保绩效评价（2025）"},
                    {"place": "附件", "text": "低保 绩效评价(2025)"},
                ],
            }
        ],
        "figures": [
            {
                "what": "人数",
                "printed": [{"place": "正文", "value": "431"}, {"place": "表", "value": "431.00"}],
            }
        ],
        "tables": [_parts(chance)],
    }
    groups = data["sample"]["groups"]
    groups[1]["n"] = people - groups[0]["n"]
    asked = surveys[0]["questions"][6]
    data["claims"] = {
        "points": [{"place": "正文", "says": "决策若干分", "of": ["决策"], "points": "20"}],
        "shares": [
            {
                "place": "正文",
                "says": "选A的比例",
                "share": percent(asked["options"][0]["count"], people),
                "answers": {"survey": "s", "question": "7", "options": ["A"]},
            }
        ],
        "numbers": [{"place": "正文", "says": "三个", "number": 3, "listed": ["甲", "乙", "丙"]}],
    }
    total_up(data)
    return data


def with_counts(question: Data, counts: list[int], base: int) -> Data:
    """The question with these counts and the shares they have of `base`."""
    letters = zip("ABCDEFGH", counts, strict=False)
    question["options"] = [
        {"letter": x, "text": f"选项{x}", "count": n, "share": percent(n, base)} for x, n in letters
    ]
    return question


def total_up(data: Data) -> None:
    """Sub-totals, total, rates and grade from the indicators, as a report would print them."""
    scores = data["scores"]
    for section in scores["sections"]:
        below = [i for i in scores["indicators"] if i["path"][0] == section["of"][0]]
        section |= _summed(below)
    scores["total"] |= _summed(scores["indicators"])
    total = sum(Decimal(i["score"]) for i in scores["indicators"])
    scores["total"]["grade"] = next(
        name for name, least in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if total >= least
    )


def indicator(data: Data, id: str) -> Data:
    return next(i for i in data["scores"]["indicators"] if i["id"] == id)


def rescore(data: Data, id: str, ratio: str) -> None:
    """Another score for an indicator, with everything that follows from it."""
    found = indicator(data, id)
    found |= _score(found["points"], ratio)
    for repeat in found.get("repeats", []):
        repeat |= {"score": rounded(Decimal(found["score"]), 3), "note": found["note"]}
    total_up(data)


def _survey(chance: random.Random, people: int) -> Data:
    while True:
        questions = _questions(chance, people)
        shown = [[o["count"] for o in q["options"] if o["count"]] for q in questions]
        if all(shown.count(counts) == 1 for counts in shown):
            break
    returned = people + chance.randint(1, 20)
    distributed = returned + chance.randint(1, 20)
    survey: Data = {
        "id": "s",
        "place": "附件2",
        "groups": ["低保户", "非低保户"],
        "base_note": "按人数计算，合计可超过100%",
        "collected": {
            "distributed": distributed,
            "returned": returned,
            "valid": people,
            "return_rate": percent(returned, distributed),
            "valid_rate": percent(people, returned),
        },
        "questions": questions,
    }
    return survey | ({"base": people} if chance.random() < 0.5 else {})


def _questions(chance: random.Random, people: int) -> list[Data]:
    first = split(chance, people, 4)
    over = first[2]
    asked = people - over
    recipients = chance.randint(people // 3, people // 2)
    made = [
        with_counts({"kind": "single"}, first, people)
        | {"skips": [{"option": "C", "over": ["3"]}]},
        with_counts({"kind": "single"}, split(chance, people, 3), people),
        with_counts(
            {"kind": "multiple", "base": asked},
            [chance.randint(1, asked) for _ in range(5)],
            asked,
        ),
        with_counts(
            {"kind": "single", "audience": ["低保户"], "base": recipients, "blank": BLANKS},
            split(chance, recipients, 3),
            recipients,
        ),
        _satisfied(chance, people),
        _satisfied(chance, people),
        with_counts({"kind": "single"}, split(chance, people, 5), people),
    ]
    return [q | {"number": str(place), "text": f"第{place}题"} for place, q in enumerate(made, 1)]


def split(chance: random.Random, total: int, parts: int) -> list[int]:
    """Whole numbers of at least 1 that add up to `total`."""
    cuts = sorted(chance.sample(range(1, total), parts - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def _satisfied(chance: random.Random, people: int) -> Data:
    """With one blank in some reports, which the table states."""
    blank = chance.randint(0, 1)
    base = people - blank
    counts = sorted(split(chance, base, 4), reverse=True)
    return with_counts({"kind": "single", "blank": blank, "base": base}, counts, base)


def _satisfaction(survey: Data, place: int, name: str) -> Data:
    counts = [option["count"] for option in survey["questions"][place]["options"]]
    index = sum(n * p for n, p in zip(counts, WEIGHTS, strict=True)) / sum(counts)
    return {
        "place": "附件1",
        "name": name,
        "survey": "s",
        "question": str(place + 1),
        "points": "3",
        "score": rounded(index * 3, 3),
        "weights": [{"option": x, "p": str(p)} for x, p in zip("ABCD", WEIGHTS, strict=True)],
    }


def _score(points: str, ratio: str) -> Data:
    score = Decimal(points) * Decimal(ratio)
    shown = str(score.normalize()) if score % 1 else str(int(score))
    return {"score": shown, "note": "未扣分" if ratio == "1" else "有不足之处"}


def _scores(chance: random.Random, survey: Data) -> Data:
    asked = survey["questions"][6]["options"]
    total = sum(option["count"] for option in asked)
    outside = ["A"] if chance.random() < 0.5 and asked[0]["count"] < total else []
    base = total - (asked[0]["count"] if outside else 0)
    share = Decimal(100 * asked[1]["count"]) / base
    measured = RATIOS[sum(share >= bound for bound in (60, 80, 90, 100))]
    kinds: list[tuple[str, str, str, Data]] = [
        ("A1", "决策", "12", {"kind": "parts", "parts": [{"points": "4"}, {"points": "8"}]}),
        ("A2", "决策", "8", {"kind": "words", "bands": _bands((None,) * 5)}),
        ("B1", "产出", "30", {"kind": "percent", "bands": _bands(BANDS)}),
        ("B2", "产出", "10", {"kind": "count", "bands": _bands(CASES)}),
        ("C1", "效益", "20", {"kind": "percent", "bands": _bands(BANDS)}),
        ("C2", "效益", "20", {"kind": "other"}),
    ]
    made = [
        {"id": id, "path": [top, "二级"], "name": f"指标{id}", "points": points, "scoring": scoring}
        | _score(points, measured if id == "C1" else chance.choice(RATIOS[1:]))
        for id, top, points, scoring in kinds
    ]
    answers = {"survey": "s", "question": "7", "options": ["B"], "outside": outside}
    made[4]["surveyed"] = {"answers": [answers]}
    made[2]["repeats"] = [
        {key: made[2][key] for key in ("points", "note")}
        | {"place": "表3", "name": "指标 B1", "score": rounded(Decimal(made[2]["score"]), 3)}
    ]
    return {
        "place": "附件1",
        "rubric": list(RATIOS),
        "indicators": made,
        "sections": [
            {"place": "表1", "of": [top], "name": top} for top in ("决策", "产出", "效益")
        ],
        "total": {"place": "表1"},
        "grades": {
            "place": "正文",
            "bands": [
                {"grade": "优", "when": "90≤x≤100"},
                {"grade": "良", "when": "80≤x<90"},
                {"grade": "中", "when": "60≤x<80"},
                {"grade": "差", "when": "x<60"},
            ],
        },
    }


def _bands(ranges: tuple[str | None, ...]) -> list[Data]:
    return [
        {"ratio": ratio} | ({} if when is None else {"when": when})
        for ratio, when in zip(RATIOS, ranges, strict=True)
    ]


def _summed(below: list[Data]) -> Data:
    points = sum(Decimal(i["points"]) for i in below)
    score = sum(Decimal(i["score"]) for i in below)
    return {"points": str(points), "score": rounded(score), "rate": percent(score, points)}


def _parts(chance: random.Random) -> Data:
    values = [chance.randint(100, 900) + 1000 * 2**place for place in range(4)]
    rows = [{"label": f"部分{place}", "value": str(v)} for place, v in enumerate(values)]
    return {"place": "表5", "column": "人数", "rows": rows, "total": str(sum(values))}


def _funds(chance: random.Random) -> Data:
    rows = [_fund(chance, f"项目{place}") for place in range(3)]
    total: Data = {"name": "合计"}
    for column in ("planned", "arrived", "spent", "balance"):
        total[column] = rounded(sum(Decimal(row[column]) for row in rows))
    return {"place": "表4", "rows": rows, "total": total | _fund_rates(total)}


def _fund(chance: random.Random, name: str) -> Data:
    cents = [
        chance.randint(1, 9) * 10 ** (3 + place) + chance.randint(0, 999) for place in range(3)
    ]
    arrived = Decimal(sum(cents)) / 100
    spent = Decimal(chance.randint(0, sum(cents))) / 100
    row = {
        "name": name,
        "planned": rounded(arrived + Decimal(chance.randint(1, 99_999)) / 100),
        "sources": [
            {"label": f"来源{place}", "value": rounded(Decimal(value) / 100)}
            for place, value in enumerate(cents)
        ],
        "arrived": rounded(arrived),
        "spent": rounded(spent),
        "balance": rounded(arrived - spent),
    }
    return row | _fund_rates(row)


def _fund_rates(row: Data) -> Data:
    planned, arrived, spent = (Decimal(row[c]) for c in ("planned", "arrived", "spent"))
    return {
        "arrived_rate": percent(arrived, planned),
        "execution_rate": percent(spent, arrived),
    }
