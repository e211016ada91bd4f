"""The `manyi` command. Exit 0: done; 1: findings or refused data; 2: wrong use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

MODULES = {
    "audit": "evaluation",
    "backup": "storage",
    "crosstab": "crosstabs",
    "demo": "serving",
    "estimate": "estimates",
    "export": "storage",
    "freeze": "freezing",
    "group-report": "group_reports",
    "import": "storage",
    "ledger": "fieldwork",
    "project": "people",
    "quality": "quality",
    "quarantine": "quarantine",
    "receive": "outbox",
    "reliability": "crosstabs",
    "report": "reporting",
    "report-template": "reporting",
    "restore": "storage",
    "sample-size": "crosstabs",
    "satisfaction": "satisfaction",
    "score": "tables",
    "scorecard": "evaluation",
    "serve": "serving",
    "summary": "tables",
    "user": "people",
    "verify-records": "storage",
}
"""Command -> where it is. A command imports no other one: most of a short one's time was that."""


class Commands(click.Group):
    """Commands that are imported when they are called, and end with one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        found: tuple[click.Command, ...] = import_module(f"app.cli.{MODULES[cmd_name]}").COMMANDS
        return next(command for command in found if command.name == cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click ends with them as it should: quietly where a reader such as `head` went
        except Exception as error:
            from app.cli.endings import ended  # late, as it knows the errors of every layer

            ending = ended(error)
            if ending is None:
                raise
            raise ending from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="manyi")
def main() -> None:
    """满意 Manyi：问卷采集与满意度分析 | survey collection and satisfaction analysis."""
