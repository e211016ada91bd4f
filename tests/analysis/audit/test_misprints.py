"""One wrong cell of a survey table is one finding there, and tells what the other figures imply."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.audit.finding import Finding
from tests.analysis.audit.clean_reports import Data
from tests.analysis.audit.test_bases_and_skips import asked, found, past, shares, table

MENTIONS = "按选择次数计算"


def only(data: Data) -> Finding:
    (finding,) = found(data)
    return finding


@pytest.mark.parametrize("base", [101, 98, 10, 1000])
def test_a_base_that_no_count_and_no_share_follows_is_told_at_the_base(base: int) -> None:
    finding = only(table(asked(1, 60, 30, 10, of=100, base=base)))
    assert (finding.code, finding.place.column) == ("share_count.base", "base")
    assert finding.expected().startswith("应为 100：")


def test_a_wrong_base_of_mentions_is_told_at_the_base() -> None:
    """60 + 50 + 40 mentions are 150."""
    given = {"kind": "multiple", "base_note": MENTIONS}
    finding = only(table(asked(1, 60, 50, 40, of=150, base=105, **given)))
    assert (finding.code, finding.details["right"]) == ("share_count.base", 150)


def test_a_wrong_base_behind_a_skip_breaks_no_other_rule() -> None:
    """60 are left; 47 and 31 of 60 are 78.33% and 51.67%."""
    one = asked(1, 60, 40, of=100, skips=past(B=[2]))
    two = asked(2, 47, 31, of=60, base=66, kind="multiple", base_note="按人数计算")
    finding = only(table(one, two))
    assert (finding.code, finding.details["right"]) == ("share_count.base", 60)


def test_shares_of_everybody_beside_a_base_of_some_are_no_misprint_of_the_base() -> None:
    one = asked(1, 60, 40, of=100, skips=past(B=[2]))
    two = asked(2, 47, 31, of=100, base=60, kind="multiple", base_note="按人数计算")
    assert "share_count.base" not in {finding.code for finding in found(table(one, two))}


@pytest.mark.parametrize("count", [61, 75, 6, 600])
def test_a_count_whose_share_adds_up_is_told_at_the_count(count: int) -> None:
    one = asked(1, 60, 30, 10, of=100)
    one["options"][0]["count"] = count
    data = table(one) | {"claims": {"shares": [claim("90%", "A", "B")]}}
    finding = only(data)
    assert (finding.code, finding.place.column) == ("share_count.count", "count")
    assert finding.place.row.startswith("1 · A") and finding.details["right"] == 60


@pytest.mark.parametrize("counts", [(61, 31), (75, 3), (50, 13)])
def test_two_counts_whose_shares_add_up_are_told_at_the_counts(counts: tuple[int, int]) -> None:
    one = asked(1, 60, 30, 10, of=100)
    for option, count in zip(one["options"], counts, strict=False):
        option["count"] = count
    told = [(f.code, f.place.column, f.details["right"]) for f in found(table(one))]
    assert told == [("share_count.count", "count", 60), ("share_count.count", "count", 30)]


@pytest.mark.parametrize("counts", [(30, 60), (59, 31)])
def test_counts_that_add_up_are_not_said_to_be_wrong(counts: tuple[int, int]) -> None:
    one = asked(1, 60, 30, 10, of=100)
    for option, count in zip(one["options"], counts, strict=False):
        option["count"] = count
    assert {f.code for f in found(table(one))} == {"share_count"}


def test_a_share_whose_count_adds_up_is_told_at_the_share() -> None:
    one = asked(1, 60, 30, 10, of=100)
    one["options"][0]["share"] = "61.00%"
    finding = only(table(one))
    assert (finding.code, finding.place.column) == ("share_count", "share")


def test_an_impossible_share_tells_what_the_others_leave() -> None:
    """101, 102 and 168 of 371 are 27.22%, 27.49% and 45.28%."""
    finding = only(of_371(shares(1, "27.32%", "27.49%", "45.28%", base=371)))
    assert (finding.code, finding.place.column) == ("grim", "share")
    assert "由其他选项的比例推得 101 人，即 27.22%" in finding.expected()


def claim(share: str, *options: str) -> Data:
    answers = {"survey": "s", "question": "1", "options": list(options)}
    return {"place": "正文", "says": f"比例为{share}", "share": share, "answers": answers}


def of_371(*questions: Data, **given: Any) -> Data:
    collected = {"distributed": 400, "returned": 380, "valid": 371}
    data = table(*questions, base=371, collected=collected, groups=[], **given)
    del data["sample"]
    return data


@pytest.mark.parametrize(
    ("share", "options", "expected"),
    [
        ("27.22%", "A", []),
        ("27.2%", "A", []),
        ("27%", "A", []),
        ("27.49%", "A", ["claim_share.printed"]),  # 102 of 371, which is B
        ("54.72%", "AB", []),  # 203 of 371
        ("54.71%", "AB", []),  # 27.22 + 27.49
        ("54.99%", "AB", ["claim_share.printed"]),  # 204 of 371
        ("27.32%", "A", ["grim"]),
    ],
)
def test_a_share_in_the_text_is_compared_with_the_printed_shares(
    share: str, options: str, expected: list[str]
) -> None:
    one = shares(1, "27.22%", "27.49%", "45.28%")
    data = of_371(one) | {"claims": {"shares": [claim(share, *options)]}}
    assert [finding.code for finding in found(data)] == expected


@pytest.mark.parametrize(("share", "expected"), [("60%", []), ("61%", ["claim_share.printed"])])
def test_whole_shares_without_counts_are_compared(share: str, expected: list[str]) -> None:
    data = table(shares(1, "60%", "30%", "10%", base=100))
    data["claims"] = {"shares": [claim(share, "A")]}
    assert [finding.code for finding in found(data)] == expected
