"""What others rely on is documented: every setting, command, make target and problem code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import config
from app.cli import main
from app.problems import PROBLEMS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def commands(group: click.Group, above: str) -> Iterator[str]:
    """Full names of the commands that do something: `manyi serve`, `manyi user create` …"""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def missing(names: list[str], text: str) -> list[str]:
    # `manyi import` must not pass because of `manyi important`, nor PORT because of PORTS.
    return [name for name in names if not re.search(rf"{re.escape(name)}(?![\w-])", text)]


def unnamed_commands(text: str) -> list[str]:
    """A command of a group may also stand as its last word, `create`, in the group's line."""
    return [
        name
        for name in missing(list(commands(main, "manyi")), text)
        if not re.search(rf"{name.rpartition(' ')[0]}`.*`{name.rpartition(' ')[2]}`", text)
    ]


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_named(readme: str) -> None:
    assert missing([setting.name for setting in config.SETTINGS], read(readme)) == []


@pytest.mark.parametrize("readme", READMES)
def test_no_setting_is_named_that_does_not_exist(readme: str) -> None:
    known = {setting.name for setting in config.SETTINGS}
    assert set(re.findall(r"\bMANYI_[A-Z_]+\b", read(readme))) <= known


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_named(readme: str) -> None:
    assert unnamed_commands(read(readme)) == []


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_is_named(readme: str) -> None:
    assert missing([f"make {target}" for target in TARGETS], read(readme)) == []


@pytest.mark.parametrize("readme", READMES)
def test_every_picture_and_local_link_exists(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", read(readme))
    links += re.findall(r"""(?:src|href)=["'](?!https?:|#|mailto:)([^"'#]+)""", read(readme))
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize(("readme", "other"), [READMES, READMES[::-1]])
def test_each_readme_leads_to_the_other(readme: str, other: str) -> None:
    assert other in read(readme)


def test_the_problems_page_names_every_code_and_no_other() -> None:
    assert set(re.findall(r"\b[45]\d\d\.\d+\b", read("docs/problems.md"))) == set(PROBLEMS)


@pytest.mark.parametrize("command", ["manyi", *commands(main, "manyi")])
def test_every_command_explains_itself(command: str) -> None:
    found: click.Command = main
    for name in command.split()[1:]:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    assert re.search(r"[\u4e00-\u9fff]", found.help or "")
    assert re.search(r"[A-Za-z]{3}", found.help or "")
