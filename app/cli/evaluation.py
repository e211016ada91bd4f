"""scorecard and audit: an evaluation from bare files, without any database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.audit.load import ReportError, load_file
from analysis.audit.load import shipped as described_reports
from analysis.audit.render import RENDERERS, exit_code
from analysis.audit.rules import audit as findings_of
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.load import find_framework, shipped_frameworks
from analysis.evaluation.measure_files import find_inputs, published_measures
from analysis.evaluation.messages import EvaluationFileError
from analysis.evaluation.report import evaluate
from analysis.reports.scorecard_formats import SCORECARD_FORMATS
from app.cli.output import TARGET, deliver, deliver_as, format_option

REFUSED = 1
T = TypeVar("T")


@click.command()
@click.argument("framework")
@click.argument("measures")
@format_option(SCORECARD_FORMATS)
@click.option("--scheme", type=click.Choice(list(SCHEMES)), help="等级标准 | grade scheme")
@click.option("-o", "--output", type=TARGET)
def scorecard(
    framework: str, measures: str, form: str | None, scheme: str | None, output: Path | None
) -> None:
    """指标体系评分表 | the scorecard of a framework and measures.

    FRAMEWORK 和 MEASURES 是 YAML 文件，或随程序提供的名称（如 nanchong-2018）；
    each is a file or the name of one that ships.
    """
    _must_exist(framework, shipped_frameworks())
    _must_exist(measures, published_measures())
    read = _or_refused(lambda: find_framework(framework))
    inputs = _or_refused(lambda: find_inputs(measures, read))
    deliver_as(SCORECARD_FORMATS, form, evaluate(read, inputs, scheme or ""), output)


@click.command()
@click.argument("report")
@click.option("--format", "form", type=click.Choice(list(RENDERERS)), default="text")
@click.option("-o", "--output", type=TARGET)
def audit(report: str, form: str, output: Path | None) -> None:
    """核对报告中的数字 | the findings in a described report (exit 1 where there are any).

    REPORT 是描述报告的 YAML 文件，或随程序提供的名称（如 nanchong-2018）；
    a file, or the name of one that ships.
    """
    described = described_reports()
    _must_exist(report, list(described))
    read = _or_refused(lambda: load_file(described.get(report) or Path(report)))
    findings = findings_of(read)
    deliver(RENDERERS[form](read, findings, "zh").encode(), output, is_text=True)
    raise SystemExit(exit_code(findings))


def _must_exist(name: str, known: list[str]) -> None:
    """Raises click.UsageError, as for any argument that is no file."""
    if name in known or Path(name).is_file():
        return
    names = "、".join(known)
    raise click.UsageError(f"没有文件“{name}”；随程序提供：{names} (no such file)")


def _or_refused(read: Callable[[], T]) -> T:
    """Every fault of a file, then exit 1."""
    try:
        return read()
    except EvaluationFileError as error:
        lines: list[Any] = [f"{error.name}：{fault.text()}" for fault in error.faults]
    except ReportError as error:
        lines = [fault.text() for fault in error.faults]
    click.echo("\n".join(lines), err=True)
    raise SystemExit(REFUSED)


COMMANDS = (scorecard, audit)
