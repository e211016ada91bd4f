"""import, export, verify-records, backup, restore: what goes in and out of the store."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

import config
from app import utc_now
from app.cli.database import open_database
from app.cli.output import FILE, TARGET, deliver, refuse_faults, with_bar
from app.services import maintenance, projects, questionnaires, transfer
from app.services.access import COMMAND_LINE
from surveys.sheets import read


@click.command(name="import")
@click.argument("project")
@click.argument("questionnaire")
@click.argument("file", type=FILE)
@click.option("--keep-valid", is_flag=True, help="存入没有错误的行 | store the rows without faults")
@click.option("--encoding", default="utf-8-sig", show_default=True)
def import_command(
    project: str, questionnaire: str, file: Path, keep_valid: bool, encoding: str
) -> None:
    """导入答卷（.csv 或 .xlsx） | import responses."""
    database = open_database(config.load(os.environ).database_url)
    with database.writing() as session:
        found = projects.find(session, COMMAND_LINE, project)
        published = questionnaires.find(session, found, questionnaire)
        sheet = read(file.read_bytes(), file.name, published.questionnaire, encoding, with_bar)
        refuse_faults(sheet, file.name, keep_valid=keep_valid)
        done = transfer.import_sheet(
            session,
            utc_now(),
            COMMAND_LINE,
            found,
            published,
            sheet,
            file.name,
            keep_valid=keep_valid,
        )
    click.echo(f"存入 {done.stored} 份，已有 {done.again} 份，内容冲突 {done.conflicts} 份")


@click.command(name="export")
@click.argument("project")
@click.argument("questionnaire")
@click.option(
    "--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True
)
@click.option("--with-texts", is_flag=True, help="含文字答案和说明（默认隐去） | do not mask texts")
@click.option("-o", "--output", type=TARGET)
def export_command(
    project: str, questionnaire: str, form: str, with_texts: bool, output: Path | None
) -> None:
    """导出原始答卷 | export the raw responses."""
    database = open_database(config.load(os.environ).database_url)
    with database.writing() as session:
        found = projects.find(session, COMMAND_LINE, project)
        published = questionnaires.find(session, found, questionnaire)
        arguments = (session, utc_now(), COMMAND_LINE, found, published)
        if form == "xlsx":
            content = transfer.export_workbook(*arguments, with_texts=with_texts)
        else:
            lines = transfer.export_csv(*arguments, with_texts=with_texts)
            content = "".join(lines).encode()
    deliver(content, output, is_text=form == "csv")


@click.command()
@click.option("--repair", is_flag=True, help="重建有差异的记录 | rebuild the differing records")
def verify_records(repair: bool) -> None:
    """核对每份答卷的压缩记录 | compare each packed record with its answers."""
    database = open_database(config.load(os.environ).database_url)
    with database.reading() as session:
        checked = list(with_bar(list(maintenance.verify_records(session))))
    wrong = [response_id for response_id, sound in checked if not sound]
    for response_id in wrong:
        click.echo(f"记录与答案不符：{response_id}", err=True)
    if wrong and repair:
        with database.writing() as session:
            maintenance.rebuild_records(session, wrong)
    click.echo(
        f"核对 {len(checked)} 份，不符 {len(wrong)} 份" + ("，已重建" if repair and wrong else "")
    )
    if wrong and not repair:
        raise SystemExit(1)


@click.command()
@click.argument("target", type=TARGET)
def backup(target: Path) -> None:
    """备份数据库（服务可继续运行） | back up the database while the server runs."""
    maintenance.back_up(_sqlite_file(config.load(os.environ).database_url), target)
    target.chmod(0o600)
    click.echo(f"已备份到 {target}")


@click.command()
@click.argument("source", type=FILE)
@click.confirmation_option(prompt="将用备份替换当前数据库，先停止服务。继续？")
def restore(source: Path) -> None:
    """用备份替换数据库（原库另存） | replace the database by a backup; the old one is kept."""
    target = _sqlite_file(config.load(os.environ).database_url)
    maintenance.require_sound(source)
    if target.exists():
        kept = target.with_name(f"{target.name}.before-{utc_now():%Y%m%d-%H%M%S}")
        maintenance.back_up(target, kept)
        click.echo(f"原数据库另存为 {kept}")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(source, draft)
    for journal in ("-wal", "-shm"):
        target.with_name(target.name + journal).unlink(missing_ok=True)
    draft.replace(target)
    open_database(f"sqlite:///{target}").close()
    click.echo(f"已恢复 {target}")


def _sqlite_file(url: str) -> Path:
    if not url.startswith("sqlite:///"):
        raise click.UsageError("PostgreSQL 请用 pg_dump 和 pg_restore (use pg_dump and pg_restore)")
    return Path(url.removeprefix("sqlite:///"))


COMMANDS = (import_command, export_command, verify_records, backup, restore)
