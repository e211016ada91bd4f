"""serve, demo, import, export, project, user, backup: the command against a real database."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import commands

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manyi(tmp_path: Path) -> Run:
    """The command with a data directory of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        data = str(tmp_path / "data")
        return commands.manyi(*arguments, folder=tmp_path, MANYI_DATA_DIR=data)

    return run


def passwords(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\S+) +([a-z2-9]{12})  ", text, re.MULTILINE))


def test_demo_prints_random_passwords_once(manyi: Run) -> None:
    first, second = manyi("demo"), manyi("demo")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert set(passwords(first.stdout)) == {"admin", "evaluator", "supervisor", "enumerator"}
    assert len(set(passwords(first.stdout).values())) == 4
    assert "由公布的调查问卷汇总表" in first.stdout
    assert passwords(second.stdout) == {}


def test_what_is_exported_gives_the_published_table(manyi: Run, tmp_path: Path) -> None:
    manyi("demo")
    done = manyi("export", "nanchong-2018", "dibao-residents@1", "-o", "all.csv")
    assert done.returncode == 0, done.stderr
    arguments = ("dibao-residents@1", "all.csv", "--base", "all", "--format", "json")
    table = json.loads(manyi("summary", *arguments).stdout)
    shares = {o["code"]: o["share"] for o in table["questions"][17]["options"]}
    assert shares == {"A": 0.87, "B": 0.1, "C": 0.03, "D": 0.0}
    assert [o["count"] for o in table["questions"][13]["options"]] == [69, 21, 2, 3, 5]


def test_imports_once_however_often_it_is_sent(manyi: Run, tmp_path: Path) -> None:
    assert manyi("project", "create", "dz-2026", "达州评价").returncode == 0
    sheet = "id,audience,q01,q02,q03,q04,q05,q06,q07,q08,q09,q10\n甲1,干部,A,A,A,A,A,A,A,A,A,A\n"
    (tmp_path / "paper.csv").write_text(sheet, encoding="utf-8")
    first = manyi("import", "dz-2026", "dibao-cadres", "paper.csv")
    again = manyi("import", "dz-2026", "dibao-cadres", "paper.csv")
    assert "存入 1 份，已有 0 份" in first.stdout, first.stderr
    assert "存入 0 份，已有 1 份" in again.stdout, again.stderr


def test_a_refused_import_stores_nothing(manyi: Run, tmp_path: Path) -> None:
    manyi("project", "create", "dz-2026", "达州评价")
    rows = "1,A,A,A,A,A,A,A,A,A,A\n2,X,A,A,A,A,A,A,A,A,A\n"
    heading = "id,q01,q02,q03,q04,q05,q06,q07,q08,q09,q10\n"
    (tmp_path / "paper.csv").write_text(heading + rows, encoding="utf-8")
    refused = manyi("import", "dz-2026", "dibao-cadres", "paper.csv")
    assert refused.returncode == 1
    assert "第 3 行，q01，值“X”" in refused.stderr
    kept = manyi("import", "dz-2026", "dibao-cadres", "paper.csv", "--keep-valid")
    assert "存入 1 份，已有 0 份" in kept.stdout


def test_project_and_user_commands_work_together(manyi: Run, tmp_path: Path) -> None:
    manyi("project", "create", "dz-2026", "达州评价", "--unit", "民政局")
    plan = "区域代码,区域名称,上级代码,低保户,干部\n01,通川区,,60,10\n0101,东城街道,01,30,\n"
    (tmp_path / "plan.csv").write_text(plan, encoding="utf-8")
    assert "2 行" in manyi("project", "plan", "dz-2026", "plan.csv").stdout
    (tmp_path / "names.txt").write_text("张三\n李四\n", encoding="utf-8")
    made = manyi("user", "add-many", "dz-2026", "names.txt")
    assert set(passwords(made.stdout)) == {"dz-2026-01", "dz-2026-02"}
    shown = manyi("project", "show", "dz-2026").stdout
    assert "样本 通川区 低保户：计划 90，收到 0" in shown
    assert "人员 dz-2026-01  张三" in shown
    old = passwords(made.stdout)["dz-2026-01"]
    assert passwords(manyi("user", "reset-password", "dz-2026-01").stdout)["dz-2026-01"] != old
    assert manyi("user", "close", "dz-2026-02").returncode == 0
    assert "dz-2026-02  李四  enumerator  已停用" in manyi("user", "list").stdout


def test_verifies_backs_up_and_restores(manyi: Run, tmp_path: Path) -> None:
    manyi("demo")
    assert "核对 240 份，不符 0 份" in manyi("verify-records").stdout
    assert manyi("backup", "copy.sqlite3").returncode == 0
    manyi("project", "create", "later", "后来的项目")
    assert manyi("restore", "copy.sqlite3", "--yes").returncode == 0
    listed = manyi("project", "list").stdout
    assert "nanchong-2018" in listed
    assert "later" not in listed
    assert manyi("backup", "copy.sqlite3").returncode == 1, "a backup is never overwritten"


def test_refuses_what_is_no_backup(manyi: Run, tmp_path: Path) -> None:
    manyi("demo")
    (tmp_path / "wrong.sqlite3").write_bytes(b"not a database at all" * 100)
    done = manyi("restore", "wrong.sqlite3", "--yes")
    assert done.returncode == 1
    assert "nanchong-2018" in manyi("project", "list").stdout


def test_names_what_does_not_exist(manyi: Run) -> None:
    done = manyi("project", "show", "nothing")
    assert done.returncode == 1
    assert done.stderr.startswith("404.1 ")
    assert "Traceback" not in done.stderr


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*commands.COMMAND, "serve", "--with-demo", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=commands.environment(MANYI_DATA_DIR=str(folder / "data")),
    )


def _answer(port: int) -> str:
    """The login page, as soon as the server answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as page:
                return str(page.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 30 seconds")


def _stop(server: subprocess.Popen[str]) -> str:
    server.send_signal(signal.SIGTERM)
    return server.communicate(timeout=30)[0]


def test_serves_with_gunicorn_and_keeps_all_data(manyi: Run, tmp_path: Path, port: int) -> None:
    first = _start(tmp_path, port)
    assert "问卷采集与满意度分析" in _answer(port)
    said = _stop(first)
    assert f"http://127.0.0.1:{port}/" in said
    assert set(passwords(said)) >= {"admin", "evaluator", "enumerator"}
    second = _start(tmp_path, port)
    _answer(port)
    assert passwords(_stop(second)) == {}
    assert "核对 240 份" in manyi("verify-records").stdout


def test_refuses_plain_http_beyond_loopback(manyi: Run) -> None:
    done = manyi("serve", "--host", "0.0.0.0")
    assert done.returncode == 2
    assert "--tls-cert" in done.stderr
    assert "MANYI_TRUSTED_PROXY" in done.stderr


def test_says_when_the_port_is_taken(manyi: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = manyi("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "manyi serve --port" in done.stderr
