"""group-report: tables, scores and cross-tabs of all areas as one workbook and one Word file."""

from __future__ import annotations

import os
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

import config
from analysis.group_report import GroupReport, group_report
from analysis.plans import default_plan
from analysis.reports.group_parts import PART_NAMES
from app.cli.database import open_database
from app.cli.output import FILE
from app.cli.responses_file import read_named, reading
from app.services import group_reports, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.group_reports import Wanted
from app.services.scoring import DEFAULT_POINTS

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(name="group-report")
@click.argument("source", metavar="PROJECT|QUESTIONNAIRE")
@click.argument("responses", type=FILE, required=False)
@click.option("--by", default="area", show_default=True, help="区域、调查对象或题目 | grouping")
@click.option("--questionnaire", help="项目的哪份问卷，如 dibao-residents@2 | slug@version")
@click.option(
    "--part",
    "parts",
    type=click.Choice(PART_NAMES),
    multiple=True,
    help="只要这些内容，可多次给出 | only these parts",
)
@click.option("--language", type=click.Choice(group_reports.LANGUAGES), default="zh")
@click.option("-o", "--output", type=FOLDER, required=True, help="存放两个文件的目录 | folder")
@reading
def group_report_command(
    source: str,
    responses: Path | None,
    by: str,
    questionnaire: str | None,
    parts: tuple[str, ...],
    language: str,
    output: Path,
    **how: Any,
) -> None:
    """分组报告：项目，或问卷和答卷文件 | report by group of a project, or of a file.

    答卷文件中抽样设计的列与 manyi summary 相同。| Columns of the sample design in a file of
    responses as for manyi summary.
    """
    wanted = Wanted(questionnaire or "", by, parts or PART_NAMES, language)
    if responses is None:
        report = _of_project(source, wanted)
    elif questionnaire is not None:
        raise click.UsageError("给出答卷文件时不用 --questionnaire (only with a project)")
    else:
        report = _of_file(source, responses, by, **how)
    _write(report, wanted, output)


def _of_project(slug: str, wanted: Wanted) -> GroupReport:
    database = open_database(config.load(os.environ).database_url)
    try:
        with database.reading() as session:
            project = projects.find(session, COMMAND_LINE, slug)
            published = [
                one.questionnaire.reference
                for one in questionnaires.all_published(session, project)
            ]
            chosen = wanted.questionnaire or (published[0] if len(published) == 1 else "")
            if not chosen:
                known = "、".join(published) or "—"
                raise click.UsageError(f"请用 --questionnaire 指明问卷，可选：{known}")
            asked = Wanted(chosen, wanted.by, wanted.parts, wanted.language)
            return group_reports.report_of(session, ColumnStore(), project, asked)
    finally:
        database.close()


def _of_file(name: str, path: Path, by: str, **how: Any) -> GroupReport:
    """Satisfaction questions are scored under the default plan."""
    found = read_named(name, path, **how)
    plans = {
        question.code: default_plan(question, Decimal(DEFAULT_POINTS))
        for question in found.responses.questionnaire.questions
        if question.satisfaction
    }
    return group_report(found.responses, by, plans, design=found.design)


def _write(report: GroupReport, wanted: Wanted, output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    with click.progressbar(length=1, file=sys.stderr, label="制作") as bar:

        def told(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        with tempfile.TemporaryDirectory(dir=output, prefix=".group-report-") as draft:
            files = group_reports.write_files(report, Path(draft), wanted, told=told)
            for name, _ in files:
                (Path(draft) / name).replace(output / name)
    for name, _ in files:
        click.echo(f"已写入 {output / name}", err=True)


COMMANDS = (group_report_command,)
