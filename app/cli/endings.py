"""What a command ends with that raises an error: one clear line and an exit code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.exc import OperationalError

import config
from analysis.grouping import UnknownGroupingError
from analysis.interval_methods import Named
from analysis.refusals import CannotComputeError
from app.cli.output import unusable
from app.problems import Problem
from surveys.catalogue import UnknownQuestionnaireError
from surveys.load import DefinitionError


class Refused(click.ClickException):
    """The line as it is, without click's "Error:" before it."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file, err=True)


class WrongUse(Refused):
    exit_code = 2


def ended(error: Exception) -> click.ClickException | None:
    """None for an error that nobody foresaw."""
    told = next((tell for kind, tell in ENDINGS.items() if isinstance(error, kind)), None)
    return None if told is None else told(error)


def _questionnaire(error: UnknownQuestionnaireError) -> Refused:
    known = "、".join(error.known)
    return WrongUse(f"没有问卷“{error.name}”。可用：{known}，或一个 .yaml 文件")


def _statistic(error: CannotComputeError) -> Refused:
    """Methods are called by name in the sentences; what to write for them stands behind."""
    allowed = error.details.get("allowed")
    codes = f" [--interval: {', '.join(allowed.methods)}]" if isinstance(allowed, Named) else ""
    return Refused(f"{error.text()} ({error.text('en')}){codes}")


def _database(error: Any) -> Refused:
    return Refused(f"数据库不可用：{getattr(error, 'orig', None) or error}")


def _file(error: OSError) -> Refused:
    return Refused(f"文件不可用：{error.filename or ''} {error.strerror or error}")


ENDINGS: dict[type[Exception], Callable[[Any], click.ClickException]] = {
    Problem: lambda error: Refused(str(error)),
    CannotComputeError: _statistic,
    UnknownGroupingError: lambda error: unusable("--by", error.by, error.known),
    DefinitionError: lambda e: Refused("\n".join(fault.text() for fault in e.faults)),
    config.SettingError: lambda error: WrongUse(str(error)),
    UnknownQuestionnaireError: _questionnaire,
    OperationalError: _database,
    sqlite3.DatabaseError: _database,
    OSError: _file,
}
