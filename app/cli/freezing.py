"""freeze: which responses count now, stored for ever under one hash."""

from __future__ import annotations

from pathlib import Path

import click

from app import utc_now
from app.cli.database import writing
from app.cli.output import TARGET, deliver
from app.services import freezing, projects
from app.services.access import COMMAND_LINE


@click.command()
@click.argument("project")
@click.option("--note", default="", help="说明，如 报告送审稿 | what it is for")
@click.option("-o", "--output", type=TARGET, help="把清单另存为文件 | also write the manifest")
def freeze(project: str, note: str, output: Path | None) -> None:
    """冻结项目数据，打印清单的哈希 | freeze the data of a project and print the manifest's hash."""
    with writing() as session:
        found = projects.find(session, COMMAND_LINE, project)
        frozen = freezing.freeze(session, utc_now(), COMMAND_LINE, found, note)
        manifest = freezing.manifest_text(session, found, frozen.number)
    click.echo(f"数据集 {frozen.number}：答卷 {frozen.responses} 份，SHA-256 {frozen.sha256}")
    if output is not None:
        deliver(manifest.encode(), output, is_text=True)


COMMANDS = (freeze,)
