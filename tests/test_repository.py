"""What may be in the repository: nothing of one machine, no secret, no dependency unexplained."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IGNORED = [
    line.strip("/")
    for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
REASONS = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")

FORBIDDEN = {
    "a path of one machine": r"(?<![\w./-])/(?:work|root|mnt|media)/\w|/(?:home|Users)/[a-z]\w*/",
    "a folder of packages": r"(?:(?<![\w./-])|(?<=file://))/opt/\w",
    "the host of a registry": (
        r"\bpypi\.(?:org|python)|pythonhosted\.|registry\.npm|\bmirrors?\.\w+\.|"
        r"\b(?:tuna|ustc|aliyun|huaweicloud|tencent|douban)\.\w|conda\.anaconda|proxy\.golang"
    ),
    "an index or folder option": r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "an access token": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|glpat-\w{15,}|xox[bp]-\w{10,})",
}
PRIVATE_FILES = ("*.sqlite3*", "*.db", "secret_key", ".env", "*.pem", "*.key", "id_rsa*")


def kept_files() -> Iterator[Path]:
    """Every file that git would keep, found without git: a source archive has none."""
    folders = [ROOT]
    while folders:
        for path in folders.pop().iterdir():
            if path.name == ".git" or is_ignored(path):
                continue
            if path.is_dir():
                folders.append(path)
            else:
                yield path


def is_ignored(path: Path) -> bool:
    inner = path.relative_to(ROOT).as_posix()
    return any(
        fnmatch.fnmatch(path.name, pattern) or fnmatch.fnmatch(inner, pattern)
        for pattern in IGNORED
    )


def found(pattern: str, text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if re.search(pattern, line)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_kept_file_holds(what: str) -> None:
    offending = [
        f"{path.relative_to(ROOT)}: {line[:120]}"
        for path in kept_files()
        for line in found(FORBIDDEN[what], path.read_bytes().decode("utf-8", "replace"))
    ]
    assert offending == []


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("a path of one machine", ("cd /", "work/main")),
        ("a path of one machine", ("/", "home/someone/manyi")),
        ("a folder of packages", ("file:///", "opt/wheels")),
        ("the host of a registry", ("https://", "pypi.", "org/simple")),
        ("the host of a registry", ("https://", "mirrors.", "example.cn/simple")),
        ("an index or folder option", ("--extra-index-url", " https://example.cn")),
        ("a private key", ("-----BEGIN", " RSA PRIVATE KEY-----")),
        ("an access token", ("gh", "p_", "a" * 36)),
    ],
)
def test_the_search_finds_a_planted(what: str, parts: tuple[str, ...]) -> None:
    assert found(FORBIDDEN[what], "".join(parts))


def test_no_private_file_is_kept() -> None:
    names = [path.name for path in kept_files()]
    assert [n for n in names if any(fnmatch.fnmatch(n, p) for p in PRIVATE_FILES)] == []


def test_data_and_environments_are_ignored() -> None:
    for name in (".venv", "instance", ".cache", "__pycache__", "manyi.egg-info"):
        assert is_ignored(ROOT / name)


def direct_dependencies(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^[A-Za-z][\w.-]*", text, re.MULTILINE))


def test_every_runtime_dependency_has_its_reason_and_licence() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in REASONS.splitlines()
        if line.startswith("| ") and not line.startswith("| package")
    ]
    assert {row[0] for row in rows} == direct_dependencies("run.in") | direct_dependencies(
        "postgres.in"
    )
    assert all(len(row) == 4 and all(row) for row in rows)


@pytest.mark.parametrize("name", ["run", "postgres", "dev"])
def test_a_lock_holds_every_direct_dependency_with_version_and_hash(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+) \\\n    --hash=sha256:", text, re.MULTILINE))
    assert {d.lower() for d in direct_dependencies(f"{name}.in")} <= {d.lower() for d in locked}
    assert text.count("==") == len(locked)


def test_the_licence_is_the_whole_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
