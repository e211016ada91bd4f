"""Findings as text and JSON say the same, in two languages, and decide the exit code."""

from __future__ import annotations

import json
import re

import pytest

from analysis.audit.load import load_file, shipped
from analysis.audit.render import RENDERERS, exit_code, render_json, render_text
from analysis.audit.rules import audit
from analysis.audit.wordings import COLUMNS, FINDINGS

NANCHONG = load_file(shipped()["nanchong-2018"])
CLEAN = load_file(shipped()["clean-example"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_and_json_hold_the_same_findings_in_the_same_order(language: str) -> None:
    found = audit(NANCHONG)
    text = render_text(NANCHONG, found, language)
    data = json.loads(render_json(NANCHONG, found, language))
    assert sum(data["counts"].values()) == len(found) == len(data["findings"])
    place = 0
    for item in data["findings"]:
        for part in (item["place"]["text"], item["found"], item["expected"], item["why"]):
            place = text.index(part, place)


def test_errors_come_before_warnings_and_notes() -> None:
    data = json.loads(render_json(NANCHONG, audit(NANCHONG)))
    severities = [item["severity"] for item in data["findings"]]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)


def test_every_finding_names_a_table() -> None:
    data = json.loads(render_json(NANCHONG, audit(NANCHONG)))
    assert all(item["place"]["table"] and item["rule"] for item in data["findings"])


def test_a_clean_report_says_that_nothing_was_found() -> None:
    assert "没有发现问题" in render_text(CLEAN, ())
    assert "Nothing was found" in render_text(CLEAN, (), "en")
    assert json.loads(render_json(CLEAN, ()))["findings"] == []


def test_any_finding_makes_the_exit_code_1() -> None:
    assert exit_code(audit(CLEAN)) == 0
    assert exit_code(audit(NANCHONG)) == 1


def test_the_two_formats_of_the_command_exist() -> None:
    assert set(RENDERERS) == {"text", "json"}


@pytest.mark.parametrize("code", FINDINGS)
def test_both_languages_of_a_sentence_name_the_same_details(code: str) -> None:
    wording = FINDINGS[code]
    for zh, en in (wording.found, wording.expected, wording.why):
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en))
        assert re.search(r"[一-鿿{]", zh) and not re.search(r"[一-鿿]", en)


def test_every_column_of_a_finding_has_a_name() -> None:
    columns = {finding.place.column for finding in audit(NANCHONG)}
    assert columns - set(COLUMNS) == {""}
