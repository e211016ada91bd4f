"""A shipped report with some cells changed has the findings of that change, and no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.audit.finding import Finding
from analysis.audit.load import load_bytes, load_data, shipped
from analysis.audit.rules import audit

CLEAN = shipped()["clean-example"].read_text(encoding="utf-8")
TOTAL = "score: 89.92, rate: 89.92%, grade: 良"
FIRST = "决策, points: 20, score: 20, rate: 100.00%"
RESULTS = "产出, points: 60, score: 52, rate: 86.67%"
UNSCORED = {
    "place": "附件1",
    "indicators": [
        {"id": "1", "path": ["决策"], "points": "20"},
        {"id": "2", "path": ["产出"], "points": "80"},
    ],
}
SECTION = {"place": "表1", "of": ["决策"], "name": "决策", "points": "20"}


def found(changes: dict[str, str]) -> list[tuple[str, str, str]]:
    """(code, row, column) of the findings after each text was replaced by another."""
    text = CLEAN
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return cells(audit(load_bytes(text.encode(), "changed")))


def cells(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.code, f.place.row.split(" ")[0], f.place.column) for f in findings]


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        # 89.92 + 1 and 89.92 + 4
        (
            {
                "points: 20\n    score: 20\n    note: 未扣分\n    scoring:\n      kind: parts": (
                    "points: 20\n    score: 21\n    note: 未扣分\n    scoring:\n      kind: parts"
                ),
                FIRST: "决策, points: 20, score: 21, rate: 105.00%",
                TOTAL: "score: 90.92, rate: 90.92%, grade: 优",
            },
            "I01",
        ),
        (
            {
                "score: 20\n    note: 未扣分\n    scoring:\n      kind: count": (
                    "score: 24\n    note: 未扣分\n    scoring:\n      kind: count"
                ),
                RESULTS: "产出, points: 60, score: 56, rate: 93.33%",
                TOTAL: "score: 93.92, rate: 93.92%, grade: 优",
            },
            "I03",
        ),
    ],
)
def test_a_score_above_its_points_is_found_where_all_sums_follow_from_it(
    changes: dict[str, str], row: str
) -> None:
    assert found(changes) == [("score_above_points", row, "score")]


@pytest.mark.parametrize(
    ("section", "total", "code", "row", "column"),
    [
        ({"score": "21", "rate": "105.00%"}, {}, "score_above_points", "决策", "score"),
        ({"rate": "105.00%"}, {}, "score_above_points.rate", "决策", "rate"),
        ({"score": "-1"}, {}, "score_above_points.negative", "决策", "score"),
        ({"score": "20"}, {"points": "100", "score": "101"}, "score_above_points", "", "score"),
    ],
)
def test_sums_of_indicators_without_scores_keep_within_their_points(
    section: dict[str, str], total: dict[str, str], code: str, row: str, column: str
) -> None:
    sums = {"sections": [SECTION | section], "total": {"place": "表1"} | total}
    made = load_data({"title": "t", "scores": UNSCORED | sums}, "made")
    assert cells(audit(made)) == [(code, row, column)]


def test_a_bonus_or_a_penalty_without_points_is_within_no_range() -> None:
    rows = [("1", "100", "90"), ("2", "0", "3"), ("3", "0", "-2")]
    indicators = [
        {"id": id, "path": [f"第{id}"], "points": points, "score": score, "note": "见附件"}
        for id, points, score in rows
    ]
    scores = {"place": "表1", "indicators": indicators}
    assert audit(load_data({"title": "t", "scores": scores}, "made")) == ()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        # 20 + 20 = 40 of 产出, printed 52; 20 + 40 + 17.92 = 77.92 is 中.
        (
            {"score: 32\n    note": "score: 20\n    note", "score: 32.00": "score: 20.00"},
            {("subtotal.score", "产出"), ("survey_contradicts", "I02")},
        ),
        (
            {"score: 17.92\n    note": "score: 10\n    note"},
            {("subtotal.score", "效益")},
        ),
        # The sections leave I05 out, and so does the total; 91.92 is 优.
        (
            {
                "  sections:\n": (
                    "  - {id: I05, path: [附加], points: 0, score: 2, note: 加分}\n  sections:\n"
                )
            },
            {("total.score", "")},
        ),
    ],
)
def test_points_that_are_missing_are_not_called_rounding(
    changes: dict[str, str], codes: set[tuple[str, str]]
) -> None:
    assert {(code, row) for code, row, _ in found(changes)} == codes


def test_a_wrong_indicator_of_2018_is_told_at_its_section_alone() -> None:
    text = shipped()["nanchong-2018"].read_text(encoding="utf-8")
    assert set(sums(text)) == set()
    position = text.index("score: 1\n", text.index("id: I01"))
    changed = text[:position] + "score: 2\n" + text[position + len("score: 1\n") :]
    assert set(sums(changed)) == {("subtotal.score", "项目决策")}


def sums(text: str) -> Iterator[tuple[str, str]]:
    for finding in audit(load_bytes(text.encode(), "r")):
        if finding.rule in ("subtotal", "total"):
            yield finding.code, finding.place.row


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("blank: 2", "blank: 5", "blank_sum"),  # 98 + 5 of 100
        ("blank: 2", "blank: 1", "blank_sum.fewer"),  # 98 + 1
        ("    base: 92", "    base: 92\n    blank: 9", "blank_sum"),  # a multiple choice
    ],
)
def test_answers_and_blanks_are_the_people_of_the_table(old: str, new: str, code: str) -> None:
    ((told, _, column),) = found({old: new})
    assert (told, column) == (code, "blank")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    base: 92", "    base: 92\n    blank: 8"),  # those who were led past
        ("    base: 60\n", "    base: 60\n    blank: 40\n"),  # those who were not asked
        ("    base: 60\n", "    base: 60\n    asked: 60\n    blank: 0\n"),
    ],
)
def test_blanks_may_hold_those_who_were_not_asked(old: str, new: str) -> None:
    assert found({old: new}) == []
