"""Every problem has both texts, fills in its details and is documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from app import problems
from app.problems import Problem
from app.problems.texts import PROBLEMS

DOCUMENT = Path(__file__).parents[2] / "docs" / "problems.md"
EXAMPLES: dict[str, Any] = {"str": "甲", "Told": "甲", "int": 3, "Lines": ["第 2 行：错"]}
MAKERS = [
    make
    for name, make in inspect.getmembers(problems, inspect.isfunction)
    if make.__module__ == problems.__name__ and not name.startswith("_")
]


def made() -> list[Problem]:
    return [
        make(*(EXAMPLES[str(p.annotation)] for p in inspect.signature(make).parameters.values()))
        for make in MAKERS
    ]


def test_every_code_is_made_by_one_function() -> None:
    codes = [problem.code for problem in made()]
    assert sorted(codes) == sorted(PROBLEMS)


@pytest.mark.parametrize("problem", made(), ids=lambda problem: str(problem.code))
def test_both_texts_say_something_in_their_language(problem: Problem) -> None:
    chinese, english = problem.text("zh_Hans"), problem.text("en")
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english.replace("甲", ""))
    assert "{" not in chinese + english
    assert 400 <= problem.status < 600
    assert problem.code.startswith(f"{problem.status}.")
    assert str(problem).startswith(problem.code)


def test_every_code_is_documented_with_its_texts() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([0-9]{3}\.[0-9]+) \| (.*) \|$", text, re.MULTILINE))
    assert list(rows) == sorted(PROBLEMS)
    for code, (chinese, english) in PROBLEMS.items():
        assert rows[code].startswith(f"{chinese}<br>{english} | "), code


def test_every_documented_code_has_a_remedy() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    remedies = re.findall(r"^\| [0-9.]+ \| .* \| (.+) \|$", text, re.MULTILINE)
    assert len(remedies) == len(PROBLEMS)
    assert all(len(remedy) > 20 for remedy in remedies)
