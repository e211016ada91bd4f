"""The `manyi` command. Exit 0: done; 1: findings or refused data; 2: wrong use."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import click
from sqlalchemy.exc import OperationalError

import config
from analysis.grouping import UnknownGroupingError
from analysis.refusals import CannotComputeError
from app.cli import (
    crosstabs,
    evaluation,
    fieldwork,
    freezing,
    group_reports,
    outbox,
    people,
    quality,
    quarantine,
    reporting,
    satisfaction,
    serving,
    storage,
    tables,
)
from app.cli.output import unusable
from app.problems import Problem
from surveys.catalogue import UnknownQuestionnaireError
from surveys.load import DefinitionError

REFUSED, WRONG_USE = 1, 2


class Commands(click.Group):
    """Turns what a command raises into one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            _end(str(problem), REFUSED)
        except CannotComputeError as error:
            _end(f"{error.text()} ({error.text('en')})", REFUSED)
        except UnknownGroupingError as error:
            raise unusable("--by", error.by, error.known) from None
        except DefinitionError as error:
            _end("\n".join(fault.text() for fault in error.faults), REFUSED)
        except config.SettingError as error:
            _end(str(error), WRONG_USE)
        except UnknownQuestionnaireError as error:
            _end(
                f"没有问卷“{error.name}”。可用：{'、'.join(error.known)}，或一个 .yaml 文件",
                WRONG_USE,
            )
        except (OperationalError, sqlite3.DatabaseError) as error:
            _end(f"数据库不可用：{getattr(error, 'orig', None) or error}", REFUSED)
        except OSError as error:
            _end(f"文件不可用：{error.filename or ''} {error.strerror or error}", REFUSED)


def _end(text: str, code: int) -> None:
    click.echo(text, err=True)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="manyi")
def main() -> None:
    """满意 Manyi：问卷采集与满意度分析 | survey collection and satisfaction analysis."""


for command in (
    *serving.COMMANDS,
    *tables.COMMANDS,
    *storage.COMMANDS,
    *people.COMMANDS,
    *quarantine.COMMANDS,
    *outbox.COMMANDS,
    *fieldwork.COMMANDS,
    *evaluation.COMMANDS,
    *freezing.COMMANDS,
    *reporting.COMMANDS,
    *satisfaction.COMMANDS,
    *quality.COMMANDS,
    *crosstabs.COMMANDS,
    *group_reports.COMMANDS,
):
    main.add_command(command)
