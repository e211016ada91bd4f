"""Every reason for which a statistic is refused is used, and is a sentence in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.planning import Assumptions, sample_plan
from analysis.refusals import MESSAGES, CannotComputeError

SOURCES = [
    path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "analysis").rglob("*.py")
    if path.name != "refusals.py"
]
RAISED = re.compile(r'Error\(\s*"(\w+)"((?:[^()]|\([^()]*\))*)\)')


@pytest.mark.parametrize("code", MESSAGES)
def test_a_reason_is_told_in_both_languages_with_the_same_details(code: str) -> None:
    zh, en = MESSAGES[code]
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert en.isascii() or not re.search(r"[\u4e00-\u9fff]", en)
    assert set(re.findall(r"\{(\w+)\}", en)) <= set(re.findall(r"\{(\w+)\}", zh)) | {"count"}


@pytest.mark.parametrize("code", MESSAGES)
def test_a_reason_is_given_somewhere(code: str) -> None:
    assert any(f'"{code}"' in source for source in SOURCES)


def test_every_refusal_hands_in_the_details_of_its_sentence() -> None:
    found = [match for source in SOURCES for match in RAISED.findall(source)]
    assert len(found) > 40
    for code, arguments in found:
        if code not in MESSAGES:
            continue
        wanted = {name for text in MESSAGES[code] for name in re.findall(r"\{(\w+)\}", text)}
        assert wanted <= set(re.findall(r"(\w+)=", arguments)), code


def test_an_error_prints_its_english_sentence() -> None:
    error = CannotComputeError("level_out_of_range", given=95)
    assert str(error) == "The confidence level must be between 0 and 1, not 95"
    assert error.text("zh_Hans") == "置信水平应在 0 与 1 之间，现为 95"


def test_no_figure_is_called_by_its_english_name_in_chinese() -> None:
    for wrong in ({"margin": 2.0}, {"share": 1.0}, {"response_rate": 2.0}, {"design_effect": 0.0}):
        with pytest.raises(CannotComputeError) as refused:
            sample_plan(Assumptions(**wrong))
        text = refused.value.text("zh")
        assert not re.search("[a-z]", text), text
