"""What is said of a difference: one sign, one caution, nothing that contradicts itself."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from test_satisfaction_estimates import by_area

from analysis.designs import survey_design
from analysis.reports import satisfaction_words as words
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.satisfaction_differences import Comparison, compare_all_pairs, compare_two
from analysis.satisfaction_estimates import Satisfaction
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable


def thin() -> Satisfaction:
    """Five who agree, against a hundred of whom one in ten does."""
    return by_area("AAAAA" + "DEEEEEEEEA" * 10, "x" * 5 + "y" * 100)


def numbers(sentence: str) -> list[float]:
    """Difference and ends of its interval in the order that they are told."""
    return [float(one) for one in re.findall(r"[-+]?\d+\.\d\d", sentence)[:3]]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    "found",
    [
        by_area("AEBDCCAE" + "BDCCEEAD", "x" * 8 + "y" * 8),
        thin(),
        by_area("AAB" * 9 + "DDE" * 9, "x" * 27 + "y" * 27),
    ],
    ids=["same", "undecided", "differs"],
)
def test_a_difference_lies_within_the_interval_told_beside_it(
    found: Satisfaction, order: tuple[int, int], language: str
) -> None:
    comparison = compare_two(found, *order)
    assert comparison.difference is not None
    value, low, high = numbers(words.comparison_sentence(comparison, language))
    assert low <= value <= high
    assert abs(value) == pytest.approx(abs(comparison.difference.value) * 100, abs=0.006)


def test_an_undecided_difference_is_signed() -> None:
    told = words.comparison_sentence(compare_two(thin(), 1, 0), "zh")
    assert told.startswith("y与x的满意度指数之差（前者减后者）-")
    assert "x组内的回答（或抽样单元）完全相同" in told and "没有差异" not in told


def test_groups_that_agree_each_are_not_said_to_be_alike() -> None:
    told = compare_two(by_area("A" * 40 + "E" * 40, "x" * 40 + "y" * 40), 0, 1)
    zh, en = (words.comparison_sentence(told, language) for language in ("zh", "en"))
    assert "差异显著" in zh and "x、y各自组内的回答（或抽样单元）完全相同" in zh
    assert "within each of x, y all answers (or sampling units) are the same" in en


@pytest.mark.parametrize("design", [None, survey_design(weights=[1.0, 1.5] * 52 + [1.0])])
def test_the_rate_of_a_thin_group_has_no_p_that_would_decide_what_the_index_does_not(
    design: Any,
) -> None:
    found = by_area("AAAAA" + "DEEEEEEEEA" * 10, "x" * 5 + "y" * 100, design)
    comparison = compare_two(found, 0, 1)
    assert comparison.thin == ("x",) and comparison.rate is not None
    assert comparison.rate.value == pytest.approx(found.groups[0].rate - found.groups[1].rate)
    assert (comparison.rate.p, comparison.rate.adjusted) == (None, None)
    told = words.comparison_sentence(comparison, "zh")
    assert "不能据此断定谁高谁低" in told and told.count("p ") == 1
    assert "互相独立的答卷或抽样单元不足 6 个，不作检验" in told
    assert "not tested: fewer than 6" in words.comparison_sentence(comparison, "en")
    assert words.rate_texts(comparison)[2] == ""


def report(found: Satisfaction, **of: Any) -> SatisfactionReport:
    return SatisfactionReport("题", (SatisfactionTable("q@1", found),), **of)


def test_files_leave_out_that_p_too() -> None:
    found = thin()
    made = report(found, chosen=compare_two(found, 0, 1))
    data = json.loads(SATISFACTION_FORMATS["json"].render(made, "zh"))["comparison"]
    assert data["rate"]["p"] is None and data["rate"]["low"] is not None
    text = SATISFACTION_FORMATS["csv"].render(made, "zh").decode("utf-8-sig")
    _, told = text.split("\r\n\r\n")
    (row,) = csv.DictReader(io.StringIO(told))
    assert row["满意率 p"] in ("", "—") and row["满意率之差"] not in ("", "—")


def test_holm_counts_only_the_rates_that_are_tested() -> None:
    found = by_area("AAAAA" + "DEEEEEEEEA" * 10 + "AABCD" * 8, "x" * 5 + "y" * 100 + "z" * 40)
    pairs: tuple[Comparison, ...] = compare_all_pairs(found)
    tested = [pair.rate for pair in pairs if pair.rate and pair.rate.p is not None]
    assert len(tested) == 1 and tested[0].adjusted == tested[0].p
