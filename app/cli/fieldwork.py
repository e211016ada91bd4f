"""ledger: what was handed out, what came back, and where the numbers do not agree."""

from __future__ import annotations

import os
from pathlib import Path

import click

import config
from app import utc_now
from app.cli.database import open_database
from app.cli.output import TARGET, deliver
from app.services import ledger as ledgers
from app.services import projects
from app.services.access import COMMAND_LINE
from app.services.ledger_files import LEDGER_FORMATS
from surveys.definition import Audience


@click.command()
@click.argument("project")
@click.option("--audience", type=click.Choice([audience.value for audience in Audience]))
@click.option(
    "--format", "form", type=click.Choice(list(LEDGER_FORMATS)), default="text", show_default=True
)
@click.option("-o", "--output", type=TARGET)
def ledger(project: str, audience: str | None, form: str, output: Path | None) -> None:
    """收发台账；有差异时退出码为 1 | ledger of forms; exit 1 if there are differences."""
    database = open_database(config.load(os.environ).database_url)
    with database.reading() as session:
        found = ledgers.of_project(
            session,
            utc_now(),
            projects.find(session, COMMAND_LINE, project),
            Audience(audience) if audience else None,
        )
    chosen = LEDGER_FORMATS[form]
    deliver(chosen.render(found, "zh"), output, is_text=chosen.is_text)
    raise SystemExit(1 if found.differences else 0)


COMMANDS = (ledger,)
