"""quality: which responses and enumerators should be looked at, and why."""

from __future__ import annotations

import os
from pathlib import Path

import click

import config
from app.cli.database import open_database
from app.cli.output import TARGET, deliver
from app.services import projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.quality import FlagStore, check
from app.services.quality_files import QUALITY_FORMATS


@click.command()
@click.argument("project")
@click.option("--questionnaire", help="只查这一份问卷 | one questionnaire only")
@click.option(
    "--format", "form", type=click.Choice(list(QUALITY_FORMATS)), default="text", show_default=True
)
@click.option("-o", "--output", type=TARGET)
def quality(project: str, questionnaire: str | None, form: str, output: Path | None) -> None:
    """数据质量标记；有发现时退出码为 1 | data quality flags; exit 1 if there are any."""
    database = open_database(config.load(os.environ).database_url)
    with database.reading() as session:
        found = projects.find(session, COMMAND_LINE, project)
        chosen = (
            [questionnaires.find(session, found, questionnaire)]
            if questionnaire
            else questionnaires.all_published(session, found)
        )
        store, flags = ColumnStore(), FlagStore()
        checked = [(one, check(session, store, flags, found, one)) for one in chosen]
    deliver(QUALITY_FORMATS[form](found.name, checked), output, is_text=True)
    flagged = any(one.n_flagged() or one.n_people for _, one in checked)
    raise SystemExit(1 if flagged else 0)


COMMANDS = (quality,)
