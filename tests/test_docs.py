"""What others rely on is documented: every setting, command, make target and problem code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import config
from app.cli import MODULES, main
from app.problems.texts import PROBLEMS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
DEPLOYING = ("docs/deploy.md", "docs/deploy.zh-CN.md")
EXAMPLES = sorted(path.name for path in (ROOT / "docs/deploy").iterdir())
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def commands(group: click.Group, above: str) -> Iterator[str]:
    """Full names of the commands that do something: `manyi serve`, `manyi user create` …"""
    for name in group.list_commands(click.Context(group)):
        command = called(group, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}"


def called(group: click.Group, name: str) -> click.Command:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


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
        found = called(found, name)
    assert re.search(r"[\u4e00-\u9fff]", found.help or "")
    assert re.search(r"[A-Za-z]{3}", found.help or "")


def test_every_command_of_a_module_can_be_called_and_no_module_is_forgotten() -> None:
    folder = ROOT / "app" / "cli"
    found = {
        (command.name, path.stem)
        for path in folder.glob("[a-z]*.py")
        for command in getattr(import_module(f"app.cli.{path.stem}"), "COMMANDS", ())
    }
    assert found == set(MODULES.items())


def told_to_deployers() -> str:
    """The pages about deploying and the examples that they lead to."""
    examples = [read(f"docs/deploy/{name}") for name in EXAMPLES]
    return "\n".join([*map(read, DEPLOYING), *examples])


@pytest.mark.parametrize("page", DEPLOYING)
def test_every_example_of_deploying_is_named_and_every_link_leads_somewhere(page: str) -> None:
    text = read(page)
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert [name for name in EXAMPLES if name not in text] == []


def test_deployers_are_told_of_no_setting_or_command_that_does_not_exist() -> None:
    text = told_to_deployers()
    known = {setting.name for setting in config.SETTINGS}
    typed = set(re.findall(r"(?:bin/|`)(manyi (?:user |project |quarantine )?[a-z-]+)", text))
    assert set(re.findall(r"\bMANYI_[A-Z_]+\b", text)) <= known
    assert typed >= {"manyi serve", "manyi user create", "manyi backup", "manyi restore"}
    assert typed <= set(commands(main, "manyi"))


def test_commands_to_copy_are_the_same_in_both_languages() -> None:
    english, chinese = (re.findall(r"^```\n(.*?)^```", read(p), re.M | re.S) for p in DEPLOYING)
    lines = {line.partition("  #")[0] for block in english for line in block.splitlines()}
    told = {line.partition("  #")[0] for block in chinese for line in block.splitlines()}
    assert told <= {line.rstrip() for line in lines} | lines


def test_the_example_of_nginx_lets_manyi_see_who_asks_and_compresses_nothing() -> None:
    text = read("docs/deploy/nginx.conf")
    sent = dict(re.findall(r"proxy_set_header\s+(\S+)\s+(\S+);", text))
    assert sent["X-Forwarded-For"] == "$remote_addr"
    assert sent["X-Forwarded-Proto"] == "$scheme"
    assert sent["X-Forwarded-Host"] == sent["Host"] == "$http_host"
    assert re.search(r"^\s*gzip off;", text, re.M)
    limit = next(s for s in config.SETTINGS if s.name == "MANYI_MAX_UPLOAD_MB").default
    assert int(re.findall(r"client_max_body_size (\d+)m;", text)[0]) > int(limit or 0)
