"""English: every text of the pages has a translation, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES_OF_LANGUAGES = {"中文"}


@pytest.fixture(scope="module")
def used() -> set[str]:
    found = extract_from_dir(str(ROOT / "app"), METHODS, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


@pytest.fixture(scope="module")
def translated() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def test_every_text_of_the_pages_is_translated(used: set[str], translated: Catalog) -> None:
    have = {message.id for message in translated if message.id and message.string}
    assert len(used) > 100
    assert used - have == set()


def test_no_translation_is_left_over(used: set[str], translated: Catalog) -> None:
    assert {message.id for message in translated if message.id} - used == set()
    assert not translated.obsolete


def test_translations_keep_the_placeholders_and_are_not_guessed(translated: Catalog) -> None:
    for message in translated:
        if message.id:
            given, kept = PLACEHOLDER.findall(message.id), PLACEHOLDER.findall(message.string)
            assert sorted(given) == sorted(kept), message.id
            assert not message.fuzzy, message.id


def test_translations_are_english(translated: Catalog) -> None:
    for message in translated:
        if message.id and message.id not in NAMES_OF_LANGUAGES:
            # A Chinese term may stand behind its translation, in parentheses.
            plain = re.sub(r"\([^)]*\)|（[^）]*）|“[^”]*”", "", str(message.string))
            assert not CHINESE.search(plain), message.string


def test_templates_hold_no_chinese_outside_of_translated_texts() -> None:
    marked = re.compile(r"_\(\s*(['\"]).*?\1.*?\)|\{#.*?#\}", re.DOTALL)
    for template in sorted((ROOT / "app/templates").rglob("*.html")):
        rest = marked.sub("", template.read_text(encoding="utf-8"))
        left = [line.strip() for line in rest.splitlines() if CHINESE.search(line)]
        left = [line for line in left if "brand-mark" not in line and "lang=" not in line]
        assert not left, f"{template.name}: {left}"
