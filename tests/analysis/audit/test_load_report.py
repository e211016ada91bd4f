"""A described report is accepted whole or refused with every reason and its place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from analysis.audit.load import LARGEST_FILE, ReportError, load_bytes, load_file, shipped
from analysis.audit.rules import audit

TINY = """
title: 报告
sample: {place: 正文, groups: [{name: 群众, n: 10}]}
surveys:
- id: s
  place: 附件2
  groups: [群众]
  questions:
  - number: 1
    kind: single
    options:
    - {letter: A, text: 是, count: 7, share: 70.00%}
    - {letter: B, text: 否, count: 3, share: 30.00%}
"""


def refused(text: str) -> list[tuple[str, str]]:
    """(place, code) of every fault."""
    with pytest.raises(ReportError) as error:
        load_bytes(text.encode("utf-8"), "报告.yaml")
    for fault in error.value.faults:
        for language in ("zh", "en"):
            assert fault.text(language).startswith("报告.yaml：")
            assert len(fault.text(language)) < 1000
        assert fault.text() in str(error.value)
    return [(fault.at, fault.code) for fault in error.value.faults]


def changed(*changes: str) -> str:
    """The tiny report with each `old→new` replaced."""
    text = TINY
    for old, new in (change.split("→") for change in changes):
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_figure_keeps_the_digits_that_are_written_without_quotes() -> None:
    report = load_bytes(TINY.replace("70.00%", "70%").encode(), "a")
    shares = [option.share for option in report.surveys[0].questions[0].options]
    assert [(share.text, share.places) for share in shares if share] == [("70%", 0), ("30.00%", 2)]


def test_every_fault_is_reported_at_once_with_its_place() -> None:
    text = changed("count: 7→count: seven", "30.00%→30.00", "kind: single→kind: one")
    assert sorted(refused(text)) == [
        ("surveys[s].questions[1].kind", "not_one_of"),
        ("surveys[s].questions[1].options[A].count", "not_a_whole_number"),
        ("surveys[s].questions[1].options[B].share", "not_a_printed_percent"),
    ]


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        (changed("  place: 附件2→  plaice: 附件2"), "surveys[s].place", "missing_field"),
        (changed("  place: 附件2→  plaice: 附件2"), "surveys[s].plaice", "unknown_field"),
        (changed("title: 报告→title: ~"), "title", "must_be_text"),
        (changed("n: 10→n: -1"), "sample.groups[1].n", "not_a_whole_number"),
        (changed("groups: [群众]→groups: [干部]"), "surveys[s].groups", "no_group"),
        (changed("letter: B→letter: A"), "surveys[s].questions[1].options", "twice"),
        ("- 1", "", "not_a_report"),
        ("", "", "not_a_report"),
        ("a: [", "", "not_yaml"),
        ("a: 1\na: 2", "", "not_yaml"),
        ("title: !!python/object:os.system x", "", "not_yaml"),
        ("title: " + "[" * 60 + "]" * 60, "", "too_nested"),
        ("title: '" + "长" * (LARGEST_FILE // 3) + "'", "", "file_too_large"),
    ],
)
def test_a_fault_is_named(text: str, at: str, code: str) -> None:
    assert (at, code) in refused(text)


REFERENCES = {
    "no_survey": "satisfaction: [{place: a, name: b, survey: x, question: 1, points: 3, score: 2}]",
    "no_question": (
        "satisfaction: [{place: a, name: b, survey: s, question: 9, points: 3, score: 2}]"
    ),
    "no_option": (
        "claims: {shares: [{place: a, says: b, share: 1%, "
        "answers: {survey: s, question: 1, options: [Z]}}]}"
    ),
    "no_weight": (
        "satisfaction: [{place: a, name: b, survey: s, question: 1, points: 3, score: 2, "
        "weights: [{option: A, p: 1}]}]"
    ),
    "no_indicator": "claims: {points: [{place: a, says: b, of: [决策], points: 20}]}",
    "no_range": (
        "scores: {place: a, indicators: [{id: I, path: [b], points: 1, "
        "scoring: {kind: percent, bands: [{ratio: 1}]}}]}"
    ),
}


@pytest.mark.parametrize("code", REFERENCES)
def test_a_reference_that_leads_nowhere_is_named(code: str) -> None:
    assert [found for _, found in refused(TINY + REFERENCES[code] + "\n")] == [code]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ReportError, match="UTF-8"):
        load_bytes("标题".encode("gbk"), "a")


def test_a_report_of_nothing_but_a_title_is_audited() -> None:
    assert audit(load_bytes("title: 空".encode(), "a")) == ()


def without(data: Any, key: str) -> Any:
    """The data without any entry of that name."""
    if isinstance(data, dict):
        return {k: without(v, key) for k, v in data.items() if k != key}
    return [without(v, key) for v in data] if isinstance(data, list) else data


@pytest.mark.parametrize(
    "key",
    [
        "share",
        "base",
        "blank",
        "skips",
        "audience",
        "text",
        "score",
        "rate",
        "repeats",
        "weights_stated_in",
        "surveyed",
        "sections",
        "total",
        "grades",
        "grade",
        "rubric",
        "scoring",
        "balance",
        "spent",
        "arrived",
        "sources",
        "planned",
        "execution_rate",
        "claims",
        "names",
        "figures",
        "tables",
        "funds",
        "satisfaction",
    ],
)
def test_leaving_out_what_is_not_printed_raises_no_alarm(key: str) -> None:
    """Of the clean example; what others refer to stays."""
    text = shipped()["clean-example"].read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)
    if key == "score":
        data = without(data, "satisfaction")
    if key == "total":
        data = without(data, "tables")
    if key == "text":
        data = without(data, "names")
    if key == "grade":
        data["scores"].pop("grades")
    if key == "share":
        data["claims"].pop("shares")
    content = yaml.safe_dump(without(data, key), allow_unicode=True).encode()
    assert audit(load_bytes(content, "a")) == ()


def test_every_shipped_report_is_loaded() -> None:
    assert set(shipped()) >= {"nanchong-2018", "chenggong-2019", "clean-example"}
    assert all(load_file(path).title for path in shipped().values())
