"""quarantine: what tablets sent and could not be read; list it, show it, try again, dismiss it."""

from __future__ import annotations

import sys

import click

from app import utc_now
from app.cli.database import writing
from app.services import log, projects
from app.services import quarantine as kept_aside
from app.services.access import COMMAND_LINE
from app.services.quarantine import Kept
from app.services.replay import replay

NUMBER = click.IntRange(1, 2**31 - 1)
TAKEN_IN = ("replayed", "stored")


@click.group()
def quarantine() -> None:
    """隔离：平板发来而无法识别的内容 | what tablets sent and could not be read."""


@quarantine.command(name="list")
@click.argument("project", required=False)
@click.option("--replayed", is_flag=True, help="已重新处理的 | those taken in after all")
@click.option("--dismissed", is_flag=True, help="标记为不需处理的 | those dismissed")
def list_kept(project: str | None, replayed: bool, dismissed: bool) -> None:
    """列出隔离的内容 | list what is kept aside."""
    wanted = [*(TAKEN_IN if replayed else ()), *(["dismissed"] if dismissed else [])]
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, project) if project else None
        look = kept_aside.settled if wanted else kept_aside.waiting
        for kept in look(session, COMMAND_LINE, found):
            if not wanted or kept.state in wanted:
                click.echo(_line(kept))


@quarantine.command(name="show")
@click.argument("number", type=NUMBER)
def show(number: int) -> None:
    """原样输出一份内容 | write one body as it came."""
    with writing() as session:
        kept = kept_aside.find(session, COMMAND_LINE, None, number)
        log.record(session, utc_now(), COMMAND_LINE, "quarantine.view", str(number), kept.project)
    click.echo(_line(kept), err=True)
    sys.stdout.buffer.write(kept.row.body + b"\n")


@quarantine.command(name="replay")
@click.argument("number", type=NUMBER, required=False)
@click.option("--all", "everything", is_flag=True, help="全部 | all that wait")
def replay_kept(number: int | None, everything: bool) -> None:
    """原因消除后重新处理 | try again after the cause was mended."""
    if everything == (number is not None):
        raise click.UsageError("请给出编号，或用 --all (give a number, or --all)")
    with writing() as session:
        waiting = kept_aside.waiting(session, COMMAND_LINE)
        numbers = [kept.row.id for kept in waiting] if everything else [number or 0]
    failed = [_replayed(one) for one in numbers].count(False)
    if failed:
        raise SystemExit(1)


@quarantine.command(name="dismiss")
@click.argument("number", type=NUMBER)
@click.option("--reason", required=True, help="理由，记入操作记录 | why, kept in the log")
def dismiss_kept(number: int, reason: str) -> None:
    """标记为不需处理，内容仍保存 | nothing need be done about it; it stays stored."""
    with writing() as session:
        kept = kept_aside.find(session, COMMAND_LINE, None, number)
        kept_aside.dismiss(session, utc_now(), COMMAND_LINE, kept, reason)
    click.echo(f"{number}：已标记为不需处理")


def _replayed(number: int) -> bool:
    """Each in a transaction of its own; tells what is still wrong."""
    with writing() as session:
        kept = kept_aside.find(session, COMMAND_LINE, None, number)
        done = replay(session, utc_now(), COMMAND_LINE, kept)
    click.echo(f"{number}：收下 {done.stored} 份，仍隔离 {len(done.problems)} 份")
    for problem in done.problems:
        click.echo(f"  {problem}", err=True)
    return not done.problems


def _line(kept: Kept) -> str:
    row = kept.row
    size = f"{len(row.body)} 字节"
    origin = kept.device or "文件"
    told = (str(row.id), kept.project.slug, origin, row.code, row.reason, size)
    return "  ".join((*told, row.dismissed_reason) if row.dismissed_reason else told)


COMMANDS = (quarantine,)
