"""Who was asked, and what a share is of: small tables whose findings are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.rules import audit
from tests.analysis.audit.clean_reports import Data, percent

MENTIONS = "按选择次数计算"
PEOPLE = "按人数计算"


def table(*questions: Data, **given: Any) -> Data:
    """100 people, 60 低保户 and 40 非低保户."""
    groups = [{"name": "低保户", "n": 60}, {"name": "非低保户", "n": 40}]
    survey = {
        "id": "s",
        "place": "附件2",
        "groups": ["低保户", "非低保户"],
        "base": 100,
        "collected": {"distributed": 120, "returned": 110, "valid": 100},
        "questions": list(questions),
    }
    survey |= given
    sample = {"place": "正文", "groups": groups, "total": 100}
    return {"title": "t", "sample": sample, "surveys": [survey]}


def asked(number: int, *counts: int, of: int | None = None, **given: Any) -> Data:
    """A single choice; with shares if it is said of how many."""
    options: list[Data] = [
        {"letter": letter, "count": count} | ({"share": percent(count, of)} if of else {})
        for letter, count in zip("ABCDE", counts, strict=False)
    ]
    return {"number": str(number), "kind": "single", "options": options} | given


def shares(number: int, *printed: str, **given: Any) -> Data:
    options = [{"letter": x, "share": share} for x, share in zip("ABCDE", printed, strict=False)]
    return {"number": str(number), "kind": "single", "options": options} | given


def past(**over: list[int]) -> list[Data]:
    """Option -> the questions that it leads past."""
    return [{"option": option, "over": [*map(str, numbers)]} for option, numbers in over.items()]


def found(data: Data) -> list[Finding]:
    return list(audit(load_data(data, "made")))


def codes(*questions: Data, **given: Any) -> list[str]:
    return [finding.code for finding in found(table(*questions, **given))]


FIRST = asked(1, 72, 20, 8, of=100)
RECIPIENTS = {"audience": ["低保户"]}


@pytest.mark.parametrize(
    ("base", "expected"),
    [(58, []), (59, ["base_skip"]), (60, ["base_skip"]), (57, ["base_audience.fewer"])],
)
def test_a_skip_from_a_question_of_some_leaves_those_of_its_audience(
    base: int, expected: list[str]
) -> None:
    """60 recipients, 2 of whom are led past."""
    source = asked(12, 58, 2, of=60, skips=past(B=[13]), **RECIPIENTS)
    target = asked(13, base - 10, 10, of=base, **RECIPIENTS)
    assert codes(FIRST, source, target) == expected


def test_blanks_of_others_than_the_audience_are_not_asked_what_follows() -> None:
    source = asked(12, 58, 2, of=60, blank=40, skips=past(B=[13]), **RECIPIENTS)
    target = asked(13, 50, 10, of=60, **RECIPIENTS)
    assert codes(FIRST, source, target) == ["base_skip"]


@pytest.mark.parametrize(("base", "expected"), [(87, []), (88, ["base_skip"]), (92, ["base_skip"])])
def test_skips_in_a_chain_add_up(base: int, expected: list[str]) -> None:
    """100 less the 8 of question 1 and the 5 of question 2, who are not among those 8."""
    one = asked(1, 72, 20, 8, of=100, skips=past(C=[2, 3]))
    two = asked(2, 87, 5, of=92, skips=past(B=[3]))
    assert codes(one, two, asked(3, base - 42, 42, of=base)) == expected


@pytest.mark.parametrize(("base", "expected"), [(87, []), (95, []), (96, ["base_skip"])])
def test_who_is_led_past_one_question_only_may_be_asked_the_next(
    base: int, expected: list[str]
) -> None:
    """The 8 go from question 1 to question 3, where 87 come to from question 2."""
    one = asked(1, 72, 20, 8, of=100, skips=past(C=[2]))
    two = asked(2, 87, 5, of=92, skips=past(B=[3]))
    assert codes(one, two, asked(3, base - 42, 42, of=base)) == expected


@pytest.mark.parametrize(("base", "expected"), [(72, []), (73, ["base_skip"]), (80, ["base_skip"])])
def test_two_options_that_skip_add_up(base: int, expected: list[str]) -> None:
    one = asked(1, 72, 20, 8, of=100, skips=past(B=[2], C=[2]))
    assert codes(one, asked(2, base - 30, 30, of=base)) == expected


def test_the_finding_names_every_option_that_skips() -> None:
    one = asked(1, 72, 20, 8, of=100, skips=past(B=[2], C=[2]))
    (finding,) = found(table(one, asked(2, 50, 30, of=80)))
    assert finding.expected() == "最多 72：第 1 题选 B、C 的 28 人应跳过本题"
    assert "the 28 who chose B or C at question 1" in finding.expected("en")


def test_options_of_a_multiple_choice_may_be_of_the_same_people() -> None:
    """At least 20 are led past."""
    one = asked(1, 90, 20, 8, skips=past(B=[2], C=[2]), kind="multiple", base_note=PEOPLE)
    assert codes(one, asked(2, 50, 30, of=80)) == []
    assert codes(one, asked(2, 50, 31, of=81)) == ["base_skip"]


def test_a_skip_of_a_table_that_prints_shares_only() -> None:
    one = shares(1, "72.00%", "20.00%", "8.00%", skips=past(C=[2]))
    assert codes(one, asked(2, 50, 42, of=92)) == []
    assert codes(one, asked(2, 50, 43, of=93)) == ["base_skip"]


def of_mentions(*counts: int, **given: Any) -> Data:
    given = {"kind": "multiple", "base_note": MENTIONS} | given
    return asked(2, *counts, of=sum(counts), **given)


@pytest.mark.parametrize(
    "given", [{}, {"base": 113}, {"blank": 2}, {"base_note": ""}, {"base_note": "按人次计算"}]
)
def test_a_base_of_mentions_is_no_number_of_people(given: Data) -> None:
    """61 + 40 + 12 mentions of 92 people or fewer."""
    one = asked(1, 72, 20, 8, of=100, skips=past(C=[2]))
    expected = ["multiple_base_note"] if given.get("base_note") == "" else []
    assert codes(one, of_mentions(61, 40, 12, **given)) == expected
    assert codes(FIRST, of_mentions(61, 40, 12, **given)) == expected
    some = of_mentions(41, 40, 12, **{**given, **RECIPIENTS} | ({"base": 93} if given else {}))
    assert codes(FIRST, some) == expected


def test_coarse_shares_of_mentions_follow_from_their_counts() -> None:
    """53.98, 35.40 and 10.62 of 113, which 114 would explain as well."""
    data = of_mentions(61, 40, 12)
    for option, share in zip(data["options"], ("54%", "35%", "11%"), strict=True):
        option["share"] = share
    assert codes(FIRST, data) == []


@pytest.mark.parametrize(
    ("counts", "given", "expected"),
    [
        ((101, 40), {}, "share_count.people"),
        ((99, 40), {"blank": 2}, "blank_sum"),
        ((61, 10), RECIPIENTS, "base_audience"),
    ],
)
def test_nobody_mentions_one_option_twice(
    counts: tuple[int, ...], given: Data, expected: str
) -> None:
    assert codes(FIRST, of_mentions(*counts, **given)) == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"base": 100}, ["share_count.over"]),
        ({}, ["share_count.over"]),  # of the table's 100
        ({"base": 130}, ["base_audience.all"]),
        ({"base": 130, "base_note": ""}, ["base_audience.all", "multiple_base_note"]),
        ({"base": 160, "base_note": MENTIONS}, ["share_count.people"]),
    ],
)
def test_more_people_than_there_are_need_no_share_to_be_found(
    given: Data, expected: list[str]
) -> None:
    two = asked(2, 120, 40, kind="multiple", **({"base_note": PEOPLE} | given))
    assert codes(FIRST, two) == expected


@pytest.mark.parametrize(
    ("printed", "base", "expected"),
    [
        (("50%", "30%", "30%"), 40, ["single_sum.shares"]),
        (("50%", "30%", "20%"), 40, []),
        (("50%", "30%", "10%"), 40, ["single_sum.shares"]),
        (("33.33%", "33.33%", "33.33%"), 90, []),
        (("33.3%", "33.3%", "33.4%"), 90, []),  # the last adjusted to reach 100%
        (("33%", "33%", "34%"), 90, []),
        (("17%", "17%", "17%", "17%", "33%"), 60, []),  # 10, 10, 10, 10 and 20: 101%
        (("17%", "17%", "17%", "17%", "35%"), 60, ["single_sum.shares"]),  # 61 people
    ],
)
def test_shares_without_counts_add_up(
    printed: tuple[str, ...], base: int, expected: list[str]
) -> None:
    asked_ = shares(1, *printed, base=base)
    given = {"base": base, "collected": {"distributed": base, "returned": base, "valid": base}}
    data = table(asked_, groups=[], **given)
    del data["sample"]
    assert [finding.code for finding in found(data)] == expected


def test_shares_of_everybody_lack_those_of_the_blanks() -> None:
    assert codes(FIRST, shares(2, "60.00%", "30.00%", "7.00%", base=100, blank=3)) == []
    assert codes(FIRST, shares(2, "60.00%", "30.00%", "7.00%", base=100, blank=2)) == [
        "single_sum.shares"
    ]


def test_the_same_shares_of_the_same_base_are_the_same_distribution() -> None:
    one, two = (shares(number, "50.00%", "30.00%", "20.00%") for number in (1, 2))
    assert codes(one, two) == ["same_distribution"]
    # 20% of 250 can be 49, 50 or 51 people
    given = {"base": 250, "groups": [], "collected": {"distributed": 250, "returned": 250}}
    given["collected"] |= {"valid": 250}
    one, two = (shares(number, "50%", "30%", "20%") for number in (1, 2))
    data = table(one, two, **given)
    del data["sample"]
    assert found(data) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["blank_sum.unstated"]),
        ({"blank": 50}, []),
        ({"base_note": "按作答人数计算"}, []),
        ({"base_note": "低保户答"}, []),
        ({"text": "您满意吗（低保户答）"}, []),
        ({"text": "您满意吗（必答）"}, ["blank_sum.unstated"]),
        (RECIPIENTS, ["base_audience.fewer"]),
    ],
)
def test_many_who_did_not_answer_want_a_word(given: Data, expected: list[str]) -> None:
    assert codes(FIRST, asked(2, 30, 20, base=50, **given)) == expected


def test_a_few_who_did_not_answer_show_in_the_base() -> None:
    """As tables by those who answered have it; one note tells of all that many left blank."""
    bases = (98, 97, 90, 85)
    every = [asked(n, base - 30, 30, of=base) for n, base in enumerate(bases, 2)]
    assert codes(FIRST, *every) == []
    many = [asked(n, 84 - n, n, of=84) for n in (6, 7)]
    (finding,) = found(table(FIRST, *every, *many))
    assert (finding.code, finding.severity) == ("blank_sum.unstated", "note")
    assert "第 6、7 题" in finding.found() and "84、84" in finding.found()


@pytest.mark.parametrize(
    ("valid", "expected"), [(100, []), (60, []), (40, []), (90, ["sample_base.groups"])]
)
def test_a_table_of_no_group_has_the_size_of_some(valid: int, expected: list[str]) -> None:
    given = {"distributed": 130, "returned": 120, "valid": valid}
    one = asked(1, valid - 10, 10)
    data = table(one, groups=[], base=valid, collected=given)
    findings = found(data)
    assert [finding.code for finding in findings] == expected
    assert all(finding.severity == "note" for finding in findings)


def test_two_tables_may_share_a_group() -> None:
    data = table(asked(1, 30, 5), groups=[], base=35)
    other = table(asked(1, 20, 5), groups=[], base=25, id="t")["surveys"][0]
    for survey, valid in ((data["surveys"][0], 35), (other, 25)):
        survey["collected"] = {"distributed": 50, "returned": 45, "valid": valid}
    data["surveys"].append(other)
    assert found(data) == []  # 35 + 25 are the 60 recipients


@pytest.mark.parametrize(("second", "expected"), [(55, 0), (56, 2)])
def test_tables_of_places_share_the_groups_even_where_one_has_the_size_of_a_group(
    second: int, expected: int
) -> None:
    """60 were distributed in the second place, as many as there are recipients: 45 + 55 = 100."""
    data = table(asked(1, 30, 15), groups=[], base=45)
    other = table(asked(1, second - 15, 15), groups=[], base=second, id="t")["surveys"][0]
    for survey, numbers in ((data["surveys"][0], (50, 47, 45)), (other, (61, 57, second))):
        survey["collected"] = dict(zip(("distributed", "returned", "valid"), numbers, strict=True))
    if second == 55:
        other["collected"]["distributed"] = 60
    data["surveys"].append(other)
    assert [f.code for f in found(data)] == ["sample_base.groups"] * expected


@pytest.mark.parametrize(
    ("blank", "expected"),
    [(5, []), (6, ["base_audience.blank"]), (20, ["base_audience.blank"]), (45, [])],
)
def test_answers_and_blanks_are_at_most_the_audience(blank: int, expected: list[str]) -> None:
    """Of 60 recipients 55 answered; 45 are everybody else of the table."""
    two = asked(2, 40, 15, of=55, base=55, blank=blank, **RECIPIENTS)
    assert codes(FIRST, two) == expected


@pytest.mark.parametrize(
    ("blank", "expected"), [(5, []), (20, ["base_skip.blank"]), (45, []), (60, ["blank_sum"])]
)
def test_answers_and_blanks_are_at_most_those_whom_a_skip_leaves(
    blank: int, expected: list[str]
) -> None:
    """40 of 100 are led past; 55 of the other 60 answered."""
    one = asked(1, 60, 40, of=100, skips=past(B=[2]))
    assert codes(one, asked(2, 40, 15, of=55, base=55, blank=blank)) == expected


def test_blanks_in_a_base_of_the_audience_are_not_counted_twice() -> None:
    two = asked(2, 40, 15, of=60, base=60, blank=5, **RECIPIENTS)
    multiple = asked(3, 40, 15, of=60, base=60, blank=5, kind="multiple", **RECIPIENTS)
    assert codes(FIRST, two, multiple | {"base_note": PEOPLE}) == []


def test_a_wrong_base_of_the_table_is_no_missing_answers_too() -> None:
    assert codes(asked(1, 90, 10, of=100), base=130, groups=[]) == ["collected_numbers.base"]


def of_unknown_size(*questions: Data, groups: list[Data]) -> list[Finding]:
    """Without the note that the table does not tell how many were collected."""
    data = table(*questions, groups=[group["name"] for group in groups])
    del data["surveys"][0]["base"], data["surveys"][0]["collected"]
    data["sample"] |= {"groups": groups, "total": sum(group["n"] for group in groups)}
    if not groups:
        del data["sample"]
    return [finding for finding in found(data) if finding.code != "collected_missing"]


@pytest.mark.parametrize("base", [60, 130])
def test_a_table_of_unknown_size_bounds_nothing(base: int) -> None:
    """70 + 60 mentions; the 60 who mentioned B are led past, of nobody knows how many."""
    one = asked(1, 70, 60, kind="multiple", base_note=MENTIONS, skips=past(B=[2]))
    assert of_unknown_size(one, asked(2, base - 20, 20, of=base), groups=[]) == []


@pytest.mark.parametrize(("base", "expected"), [(115, []), (116, ["base_skip"])])
def test_a_table_that_tells_no_number_is_of_its_groups(base: int, expected: list[str]) -> None:
    """20 of one group, 5 of whom are led past, and 100 of the other."""
    one = asked(1, 15, 5, of=20, audience=["干部"], skips=past(B=[2]))
    groups: list[Data] = [{"name": "干部", "n": 20}, {"name": "群众", "n": 100}]
    findings = of_unknown_size(one, asked(2, base - 20, 20, of=base), groups=groups)
    assert [finding.code for finding in findings] == expected
    assert all("最多 115" in finding.expected() for finding in findings)


def test_no_limit_is_below_nobody() -> None:
    """150 of 100 people mentioned what leads past question 2."""
    one = asked(1, 90, 150, kind="multiple", base_note=MENTIONS, skips=past(B=[2]))
    limits = [
        f.expected() for f in found(table(one, asked(2, 1, 1, of=2))) if f.code == "base_skip"
    ]
    assert len(limits) == 1 and limits[0].startswith("最多 0：")
