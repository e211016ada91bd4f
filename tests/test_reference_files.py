"""The numbers of others that tests compare against are here, whole and unchanged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LISTED = {
    name: digest
    for digest, name in (
        line.split(maxsplit=1)
        for line in (TESTS / "checksums.sha256").read_text(encoding="utf-8").splitlines()
    )
}


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_reference_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((TESTS / name).read_bytes()).hexdigest() == LISTED[name]


def test_every_reference_file_is_listed() -> None:
    found = [file for folder in ("golden", "published") for file in (TESTS / folder).rglob("*")]
    names = {file.relative_to(TESTS).as_posix() for file in found if file.is_file()}
    assert names == set(LISTED)


def test_the_source_of_the_golden_numbers_is_stated() -> None:
    text = (TESTS / "golden" / "README.md").read_text(encoding="utf-8")
    unnamed = [
        Path(name).name
        for name in LISTED
        if name.startswith("golden/") and Path(name).name not in text
    ]
    assert unnamed == ["README.md"]
