"""What looks wrong and is not: the audit of it gives nothing, or no more than a note."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit.load import ReportError, load_data
from analysis.audit.names import heads_the_row
from analysis.audit.notes import by_place, denies, is_empty
from analysis.audit.rules import audit
from tests.analysis.audit.clean_reports import Data, clean_report, rounded

LETTERS = "ABCD"


def codes(data: Data) -> list[str]:
    return [finding.code for finding in audit(load_data(data, "made"))]


def scored(counts: list[int], score: str, **given: Any) -> Data:
    """A report with one satisfaction score of 10 points."""
    n = sum(counts)
    options = [{"letter": x, "count": c} for x, c in zip(LETTERS, counts, strict=True)]
    survey = {
        "id": "s",
        "place": "表",
        "base": n,
        "collected": {"distributed": n, "returned": n, "valid": n},
        "questions": [{"number": "1", "kind": "single", "options": options}],
    }
    item = {"place": "表", "name": "甲", "survey": "s", "question": "1", "points": "10"}
    return {"title": "t", "surveys": [survey], "satisfaction": [item | {"score": score} | given]}


def parts(values: list[str], total: str, **given: Any) -> Data:
    rows = [{"label": f"第{place}行", "value": value} for place, value in enumerate(values)]
    return {"title": "t", "tables": [{"place": "表", "rows": rows, "total": total} | given]}


def labelled(rows: list[tuple[str, str]], total: str) -> Data:
    made = [{"label": label, "value": value} for label, value in rows]
    return {"title": "t", "tables": [{"place": "表", "rows": made, "total": total}]}


UPPER = [("中央", "500"), ("省级", "100")]
STATED = {"weights_stated_in": "附件3"}
FOUR = [90, 0, 0, 10]  # an index of 0.9 under 1/·/·/0


@pytest.mark.parametrize(
    ("counts", "score", "given"),
    [
        (FOUR, "7.50", {"point_rule": "gate_linear"}),  # (0.9 - 0.6)/0.4 × 10
        (FOUR, "10", {"point_rule": "bands"}),  # 90% and more: all
        ([85, 0, 0, 15], "8", {"point_rule": "bands"}),
        (FOUR, "9.47", {"point_rule": "threshold", "target": "95%"}),  # 0.9/0.95 × 10
        (FOUR, "10", {"point_rule": "threshold", "target": "90%"}),
        (FOUR, "1.23", {"point_rule": "other"}),
        ([50, 0, 0, 50], "0", {"point_rule": "gate_linear"}),
        ([50, 30, 15, 5], "7.70", {}),  # 1/.7/.4/0, stated in another place
    ],
)
def test_a_score_under_a_stated_rule_and_stated_weights_is_possible(
    counts: list[int], score: str, given: dict[str, Any]
) -> None:
    assert codes(scored(counts, score, **STATED, **given)) == []


@pytest.mark.parametrize(
    ("score", "given"),
    [
        ("7.4", {}),
        ("7.4", {"point_rule": "gate_linear"}),
        ("9", {"point_rule": "bands"}),
        ("9.3", {"point_rule": "threshold", "target": "95%"}),
    ],
)
def test_a_score_below_what_its_rule_can_give_is_impossible(
    score: str, given: dict[str, Any]
) -> None:
    (code,) = codes(scored(FOUR, score, **STATED, **given))
    assert code.partition(".")[0] == "satisfaction_impossible"


def by_rule(rule: str, index: Fraction) -> Fraction:
    """Written again from the rules of 财预〔2021〕101号."""
    if rule == "gate_linear":
        return max(Fraction(0), (index - Fraction("0.6")) / Fraction("0.4"))
    if rule == "bands":
        steps = ((Fraction("0.9"), "1"), (Fraction("0.8"), "0.8"), (Fraction("0.6"), "0.5"))
        return next((Fraction(part) for bound, part in steps if index >= bound), Fraction(0))
    return min(Fraction(1), index / Fraction("0.9")) if rule == "threshold" else index


@given(
    counts=st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any),
    weights=st.lists(st.integers(0, 20), min_size=3, max_size=3),
    rule=st.sampled_from(["proportional", "gate_linear", "bands", "threshold"]),
)
def test_no_score_of_falling_weights_is_impossible_or_wrong_under_any_rule(
    counts: list[int], weights: list[int], rule: str
) -> None:
    falling = [Fraction(1), *(Fraction(p, 20) for p in sorted(weights, reverse=True))]
    index = sum((n * p for n, p in zip(counts, falling, strict=True)), Fraction(0)) / sum(counts)
    earned = 10 * by_rule(rule, index)
    score = rounded(Decimal(earned.numerator) / Decimal(earned.denominator))
    target = {"target": "90%"} if rule == "threshold" else {}
    of = {"point_rule": rule, **target}
    stated = [
        {"option": x, "p": str(Decimal(p.numerator) / p.denominator)}
        for x, p in zip(LETTERS, falling, strict=True)
    ]
    assert codes(scored(counts, score, weights=stated, **of)) == []
    assert codes(scored(counts, score, **STATED, **of)) == []
    unstated = set(codes(scored(counts, score, **of)))
    assert unstated <= {"satisfaction_weights_unstated", "satisfaction_unusual"}


@pytest.mark.parametrize(
    "given",
    [
        {"point_rule": "threshold"},
        {"point_rule": "threshold", "target": "0%"},
        {"target": "90%"},
        {"point_rule": "linear"},
    ],
)
def test_a_rule_without_its_target_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ReportError):
        load_data(scored(FOUR, "7.5", **given), "made")


@pytest.mark.parametrize("unsure", ["不清楚", "说不清"])
def test_an_answer_outside_the_scale_may_have_any_weight(unsure: str) -> None:
    data = scored([50, 30, 10, 10], "7.9")
    data["surveys"][0]["questions"][0]["options"][3]["text"] = unsure
    weights = zip(LETTERS, ("1", "0.8", "0", "0.5"), strict=True)
    data["satisfaction"][0]["weights"] = [{"option": x, "p": p} for x, p in weights]
    assert codes(data) == []


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (parts(["10"] * 10, "105", column="人数"), ["part_sum"]),
        (parts(["1310", "3000"], "4311"), ["part_sum"]),
        (parts(["1310", "3000"], "4311", unit="万元"), ["part_sum.rounding"]),
        (parts(["1310", "3000"], "4311", column="金额（万元）"), ["part_sum.rounding"]),
        (parts(["3", "4"], "8", column="单元数"), ["part_sum"]),
        (parts(["229.44", "229.44", "262.00"], "721"), ["part_sum.rounding"]),
        (parts(["229.44", "229.44", "262.00"], "720.89"), ["part_sum.rounding"]),
        (parts(["229.44", "229.44", "262.00"], "720.90"), ["part_sum"]),
        (parts(["1.00"] * 10, "10.02"), ["part_sum"]),
        (parts(["300", "150", "150"], "600"), []),
        (parts(["1310", "4310"], "4310"), ["total_in_part"]),
        (parts(["2155", "2155"], "4310"), []),
        (labelled([("中央", "100"), ("省", "200"), ("小计", "300")], "600"), ["total_in_part"]),
        (labelled([("中央", "100"), ("省", "200"), ("小计", "300")], "300"), []),
        (labelled([("合计", "300"), ("中央", "100"), ("省", "200")], "300"), []),
        (labelled([("中央", "100"), ("小计", "100"), ("省", "50"), ("小计", "50")], "150"), []),
        (labelled([("中央", "100"), ("地方小计", "100")], "200"), []),
        (labelled([*UPPER, ("上级小计", "600"), ("县", "50")], "650"), []),
        (labelled([*UPPER, ("财政资金小计（1+2）", "600"), ("县", "50")], "650"), []),
        (labelled([("县", "50"), *UPPER, ("上级小计", "600")], "650"), []),
        (labelled([("上级小计", "600"), *UPPER, ("县", "50")], "650"), []),
        (labelled([*UPPER, ("上级小计", "600"), ("县", "50")], "1250"), ["total_in_part"]),
        (labelled([*UPPER, ("上级小计", "610"), ("县", "50")], "650"), ["part_sum.subtotal"]),
        (labelled([*UPPER, ("小计", "610"), ("县", "50")], "650"), ["part_sum.subtotal"]),
        (labelled([*UPPER, ("小计", "700"), ("县", "50")], "750"), ["part_sum.subtotal"]),
        (labelled([*UPPER, ("小计", "600"), ("县", "50")], "660"), ["part_sum"]),
        (
            labelled([*UPPER, ("小计", "600"), ("县", "50"), ("合计", "660")], "650"),
            ["part_sum.subtotal"],
        ),
        (labelled([UPPER[0], ("其中：直达资金", "300"), UPPER[1]], "600"), []),
        (labelled([("城", "300"), ("其中：残疾", "20"), ("乡", "200")], "500"), []),
        (labelled([("城", "300"), ("其中：残疾", "20"), ("乡", "200")], "510"), ["part_sum"]),
        (
            labelled([("城", "300"), ("其中：老人", "120"), ("其他", "180"), ("乡", "200")], "500"),
            [],
        ),
        (labelled([("城", "300"), ("其中：老人", "100"), ("乡", "200")], "500"), []),
    ],
)
def test_parts_and_totals(data: Data, found: list[str]) -> None:
    assert codes(data) == found


def test_a_wrong_sub_total_of_sources_is_told_at_its_row() -> None:
    rows = [("中央", "700"), ("省级", "300"), ("小计", "1,010"), ("上年结转", "56.78")]
    sources = [{"label": label, "value": value} for label, value in rows]
    row = {"name": "低保", "sources": sources, "arrived": "1,056.78"}
    data = {"title": "t", "funds": [{"place": "表4", "rows": [row]}]}
    (finding,) = audit(load_data(data, "made"))
    assert finding.place.text() == "表4 · 低保 · 小计 · 资金来源"
    assert (finding.found(), finding.expected()) == ("小计印为 1,010", "700+300＝1000")


@pytest.mark.parametrize(
    "name",
    ["2017-2018年低保评价", "2017—2018年低保评价", "2017–2018年低保评价。",
     "“2017－2018年低保评价”", "《2017——2018年 低保评价》", "「2017~2018年低保评价」"],
)  # fmt: skip
def test_the_shape_of_punctuation_is_no_other_name(name: str) -> None:
    data = clean_report(0)
    printed = [{"place": "封面", "text": "2017-2018年低保评价"}, {"place": "表", "text": name}]
    data["names"] = [{"what": "项目", "printed": printed}]
    assert codes(data) == []
    printed[1]["text"] = name.replace("8年", "9年")
    assert codes(data) == ["name_differs"]


@pytest.mark.parametrize(
    "note",
    ["未扣分，因档案不全扣0.6分", "甲项未扣分，乙项扣1分", "无法点对点监管", "无专职人员",
     "不能完全做到应退尽退", "失分原因：台账缺失", "未见扣分依据", "部分项目未扣分但资料不全", "",
     "None of the files was signed", "None, the register is missing", "No register is kept",
     "No deduction plan was filed", "Not deducted in full: −1", "No deduction for A, 2 marks for B",
     "No points deducted except 1 for late filing", "No deduction, but files are missing",
     "2 points deducted for late approval", "Full marks for timing; files are missing",
     "Nothing was archived", "No marks on the map", "No deduction; 0.5 points lost",
     "No deduction at first, then -0.5", "Late approval",
     "绩效自评报告（无）、资金管理办法（有）", "自评报告（无）、管理办法（有）",
     "无。因公示不及时，酌情扣分", "缺少绩效目标，无"],
)  # fmt: skip
def test_a_reason_is_no_denial(note: str) -> None:
    assert not denies(note)


@pytest.mark.parametrize(
    "note",
    ["None", "none.", "Nil", "No", "No deduction", "No deductions", "No deduction.",
     "No points deducted", "No points were deducted", "No marks deducted", "Not deducted",
     "Nothing deducted", "Nothing was deducted", "None deducted", "Full marks", "Full score",
     "Full points awarded", "No points lost", "No deduction, documents complete",
     "No deduction: all complete", "Without deduction", "1. No deduction", "0 points deducted",
     "Deducted 0 points", "Points lost: 0", "Points deducted: 0.0", "Deduction: none",
     "Lost 0 marks", "Deductions: 0 points.",
     "（No deduction）", "No deduction, files of 2017-2018", "NO  DEDUCTION",
     "No deductions were made", "No deduction applied"],
)  # fmt: skip
def test_a_denial_in_english_is_a_denial(note: str) -> None:
    assert denies(note)


@pytest.mark.parametrize(
    "note",
    ["无", "无。", "没有", "1.无", "1、无；2、无", "此项未扣分。", "无，未扣分", "未扣分（无）"],
)
def test_a_denial_is_a_denial(note: str) -> None:
    assert denies(note)


@pytest.mark.parametrize(
    ("printed", "is_same"),
    [
        *(("①产出", True), ("Ⅱ、产出（20分）", True), ("（Ⅱ）产出", True), ("II. 产出", True)),
        *(("⑵ 产出", True), ("㈡产出", True), ("产出指标", True), ("三、产出指标小计", True)),
        *(("投入", False), ("①投入", False), ("产出效益指标", False)),
    ],
)
def test_a_sub_total_may_be_numbered_and_called_indicators(printed: str, is_same: bool) -> None:
    assert heads_the_row(printed, "产出", [Decimal(20)]) is is_same


def test_an_indicator_may_be_numbered_in_one_table_only() -> None:
    data = clean_report(0)
    (repeat,) = data["scores"]["indicators"][2]["repeats"]
    repeat["name"] = f"①{repeat['name']}"
    assert codes(data) == []
    repeat["name"] = "①别的指标"
    assert codes(data) == ["name_differs"]


def test_no_answer_is_no_reason_and_no_denial() -> None:
    for note in ("N/A", "n/a", "NA", "n.a.", "（N/A）"):
        assert is_empty(note) and not denies(note)
    assert not is_empty("Nanchong") and not is_empty("na和")


def test_notes_are_split_by_place() -> None:
    note = "附件1：未扣分；表3-4：不能完全做到应保尽保"
    assert by_place(note) == ("", [("附件1", "未扣分"), ("表3-4", "不能完全做到应保尽保")])
    assert by_place("原因：甲；乙") == ("原因：甲；乙", [])
    assert is_empty(" — ") and not is_empty("无")


def test_33_33_34_of_90_people_was_adjusted_and_33_33_35_was_not() -> None:
    data = clean_report(0)
    shares = ["33.33%", "33.33%", "33.34%"]
    options = [{"letter": x, "count": 30, "share": s} for x, s in zip("ABC", shares, strict=True)]
    asked = {"number": "8", "kind": "single", "base": 90, "options": options}
    asked["blank"] = data["surveys"][0]["collected"]["valid"] - 90
    data["surveys"][0]["questions"].append(asked)
    assert codes(data) == ["share_count.adjusted"]
    options[2]["share"] = "33.35%"
    assert codes(data) == ["grim"]
