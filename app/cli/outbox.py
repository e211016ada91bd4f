"""receive: what tablets exported as files, when they could not reach the server themselves."""

from __future__ import annotations

import os
from pathlib import Path

import click

import config
from app import problems, utc_now
from app.cli.database import writing
from app.cli.output import FILE
from app.services import outbox_files, projects
from app.services.access import COMMAND_LINE
from app.services.outbox_files import Imported


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
def receive(files: tuple[Path, ...]) -> None:
    """收下平板导出的文件，可重复执行 | take in files that tablets exported; again is harmless."""
    done = [_received(file) for file in files]
    if not all(one.is_whole for one in done):
        raise SystemExit(1)


def _received(path: Path) -> Imported:
    """Each file in a transaction of its own; the file itself names its project."""
    limit_mb = config.load(os.environ).max_upload_mb
    if path.stat().st_size > limit_mb * 1024 * 1024:
        raise problems.too_large(limit_mb)
    file = outbox_files.read_file(path.read_bytes(), path.name)
    with writing() as session:
        project = projects.find(session, COMMAND_LINE, file.project)
        done = outbox_files.take_in(session, utc_now(), COMMAND_LINE, project, file)
    _tell(done)
    return done


def _tell(done: Imported) -> None:
    click.echo(
        f"{done.name}：存入 {done.stored} 份（其中待审 {done.needs_review} 份），"
        f"已有 {done.known} 份，内容冲突 {done.conflicts} 份，隔离 {len(done.aside)} 份；"
        f"入户记录存入 {done.visits['stored']} 条，已有 {done.visits['known']} 条"
    )
    if done.repeated:
        click.echo(f"  文件中有 {len(done.repeated)} 个编号重复出现", err=True)
    if done.visits["left"]:
        click.echo(f"  文件中写的平板不属于项目，{done.visits['left']} 条入户记录未收下", err=True)
    if done.visits["refused"]:
        click.echo(f"  {done.visits['refused']} 条入户记录无法识别，未收下", err=True)
    for outcome in done.aside:
        click.echo(f"  {outcome.given_id or '—'} {outcome.problem}", err=True)


COMMANDS = (receive,)
