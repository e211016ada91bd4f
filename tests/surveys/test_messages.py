"""Every code that the package uses can be said in both languages, and no sentence is left over."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveys import messages
from surveys.load import SHAPE_CODES
from surveys.messages import MESSAGES, say

ROOT = Path(__file__).parents[2]
SPEAKERS = {"AnswerError": 0, "SheetError": 0, "Inconsistency": 1, "Complaint": 1}
SPEAKERS |= {"Fault": 2, "SheetFault": 3}
"""What is raised or reported with a code -> the place of the code among its arguments."""


def spoken() -> Iterator[tuple[str, set[str] | None]]:
    """Code and names of the details wherever one is written as a constant; None if computed."""
    for path in (*ROOT.glob("surveys/*.py"), *ROOT.glob("app/services/*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            place = SPEAKERS.get(ast.unparse(call.func)) if isinstance(call, ast.Call) else None
            if place is None or not isinstance(call, ast.Call) or len(call.args) <= place:
                continue
            code = call.args[place]
            if isinstance(code, ast.Constant):
                yield str(code.value), _details(call, place)


def _details(call: ast.Call, place: int) -> set[str] | None:
    if ast.unparse(call.func) in ("AnswerError", "SheetError"):
        return {str(keyword.arg) for keyword in call.keywords}
    written = call.args[place + 1]
    if not isinstance(written, ast.Dict):
        return None
    return {str(key.value) for key in written.keys if isinstance(key, ast.Constant)}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


SHAPE = {*SHAPE_CODES.values(), "malformed"}
USED = dict(spoken())


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_is_there_in_both_languages_with_the_same_details(code: str) -> None:
    chinese, english = MESSAGES[code]
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert english.isascii() or set(english) - set(map(chr, range(128))) <= set("“”…")
    assert fields(chinese) == fields(english)


def test_no_code_is_without_a_sentence_and_no_sentence_without_a_use() -> None:
    assert USED.keys() | SHAPE == MESSAGES.keys()


@pytest.mark.parametrize("code", USED)
def test_a_code_is_used_with_the_details_that_its_sentence_names(code: str) -> None:
    for used, details in spoken():
        if used == code and details is not None:
            assert fields(MESSAGES[code][0]) <= details


def test_what_people_typed_is_cut_short_and_what_we_offer_is_not() -> None:
    said = say("unknown_option", {"value": "字" * 100, "allowed": "A B " * 30})
    assert "字" * 40 + "…" in said
    assert "字" * 41 not in said
    assert "A B " * 30 in said


def test_braces_that_people_typed_are_not_filled_in() -> None:
    assert "{allowed}" in say("unknown_option", {"value": "{allowed}", "allowed": "A"})


@pytest.mark.parametrize(
    "value",
    ["\ud800", 10**5000, [10**5000], {"a": [[[[[[[[1]]]]]]]]}, float("nan"), None, b"\xff"],
    ids=lambda value: type(value).__name__,
)
def test_whatever_the_value_is_the_sentence_can_be_printed(value: object) -> None:
    assert len(say("unknown_option", {"value": value, "allowed": "A"}).encode("utf-8")) < 300


def test_a_language_that_is_not_chinese_gets_english() -> None:
    assert say("no_rows", {}, "en") == "There are headings but no rows"
    assert say("no_rows", {}, "zh_Hans") == say("no_rows", {})


def test_an_unknown_code_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        say("no such code", {})


def test_no_code_stands_in_two_groups() -> None:
    groups = [value for value in vars(messages).values() if isinstance(value, dict)]
    sizes = [len(group) for group in groups if group.keys() <= MESSAGES.keys() and group]
    assert sum(sizes) == 2 * len(MESSAGES)
