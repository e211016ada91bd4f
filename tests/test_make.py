"""The commands of the project: each is listed, and a machine that lacks something is told what."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)
BASH = shutil.which("bash") or "/bin/bash"
NOBODY = 65534


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    # The flags of the make that runs this suite are not meant for the make below it.
    environ = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    options = {"cwd": ROOT, "env": environ, "timeout": 60, "check": False} | options
    options |= {"capture_output": True, "text": True}
    return subprocess.run(command, **options)  # type: ignore[call-overload, no-any-return]


def plain_user_without_programs(script: Path) -> subprocess.CompletedProcess[str]:
    """Runs the script as a plain user who has bash and nothing else."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    return run(BASH, "-s", input=script.read_text(), cwd="/", env={"PATH": "/nonexistent"}, **user)


def test_make_alone_lists_every_target_in_chinese_and_english() -> None:
    lines = run("make", "--no-print-directory").stdout.splitlines()
    listed = {line.split()[1]: (line, lines[i + 1]) for i, line in enumerate(lines) if i % 2 == 0}
    assert sorted(listed) == sorted(TARGETS)
    for chinese, english in listed.values():
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert re.search(r"[A-Z][a-z]+", english) and not re.search(r"[\u4e00-\u9fff]", english)


@pytest.mark.parametrize(
    "target", ["help", "run", "test", "check", "bench", "lock", "format", "screenshots", "clean"]
)
def test_the_target_exists_and_is_no_file(target: str) -> None:
    assert target in TARGETS
    (phony,) = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)
    assert target in phony.split()


def test_every_script_that_make_calls_is_there_and_executable() -> None:
    for name in set(re.findall(r"\btools/\w[\w.]*", MAKEFILE)):
        path = ROOT / name
        assert path.is_file(), name
        assert name.endswith(".py") or os.access(path, os.X_OK), name


def test_continuous_integration_runs_make_test() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_a_dry_run_starts_nothing() -> None:
    assert "$(MAKE)" not in MAKEFILE and not re.search(r"^\t[@-]*\+", MAKEFILE, re.MULTILINE)


def test_check_formats_lints_types_and_runs_the_suite() -> None:
    planned = run("make", "-n", "check").stdout
    steps = ("ruff format --check", "ruff check", "mypy", "tools/chromium", "pytest")
    places = [planned.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)


def test_run_and_test_install_from_the_lock_before_anything_else() -> None:
    assert run("make", "-n", "run").stdout.splitlines()[0] == "tools/environment run"
    assert run("make", "-n", "test").stdout.splitlines()[0] == "tools/environment dev"
    assert "--require-hashes" in (ROOT / "tools/environment").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", ["tools/environment", "tools/chromium", ".ci/run"])
def test_a_script_has_no_syntax_error(script: str) -> None:
    assert run(BASH, "-n", script).returncode == 0


def test_the_chromium_that_is_found_runs() -> None:
    found = run("tools/chromium")
    assert found.returncode == 0, found.stderr
    version = run(found.stdout.strip(), "--version").stdout
    assert re.search(r"Chrom\w+ \d+", version)


def test_a_plain_user_without_chromium_gets_one_command_and_a_failing_exit() -> None:
    ended = plain_user_without_programs(ROOT / "tools/chromium")
    assert ended.returncode == 1
    assert ended.stdout == ""
    command = ended.stderr.splitlines()[-1].strip()
    assert command.endswith("apt-get install -y --no-install-recommends chromium'")
    assert ended.stderr.count("apt-get install") == 1


def test_a_machine_without_python_gets_one_command_and_a_failing_exit(tmp_path: Path) -> None:
    script = tmp_path / "tools" / "environment"
    script.parent.mkdir()
    shutil.copy(ROOT / "tools/environment", script)
    ended = run(BASH, str(script), "run", cwd=tmp_path, env={"PATH": "/nonexistent"})
    assert ended.returncode == 1
    assert "Python 3.11" in ended.stderr
    assert "apt-get install -y python3 python3-venv" in ended.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["tools"]
