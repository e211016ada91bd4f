"""report: the evaluation report of a project as a Word document."""

from __future__ import annotations

import os
from pathlib import Path

import click

import config
from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.messages import EvaluationFileError
from analysis.reports.report_template import default_template
from analysis.reports.report_values import CardFiles
from analysis.reports.template_check import missing_text
from app import utc_now
from app.cli.database import open_database
from app.cli.output import FILE, TARGET, deliver
from app.services import projects, report_documents, report_texts
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore


@click.command()
@click.argument("project")
@click.option("--dataset", type=int, help="冻结的数据集编号；不给则用现在的数据 | frozen dataset")
@click.option("--framework", help="指标体系：名称或 .yaml | framework, with --measures")
@click.option("--measures", help="指标数据：名称或 .yaml | measures, with --framework")
@click.option("--template", type=FILE, help="自己的模板 .docx | a template of your own")
@click.option("--organisation", default="", help="评价机构 | who evaluates")
@click.option("-o", "--output", type=TARGET, required=True)
def report(
    project: str,
    dataset: int | None,
    framework: str | None,
    measures: str | None,
    template: Path | None,
    organisation: str,
    output: Path,
) -> None:
    """生成评价报告（.docx） | make the evaluation report."""
    given = _given(framework, measures)
    database = open_database(config.load(os.environ).database_url)
    store = ColumnStore()
    with database.reading() as session:
        found = projects.find(session, COMMAND_LINE, project)
        scorecard = (
            report_documents.scorecard_of(session, store, found, dataset)
            if given is None
            else report_documents.evaluation_of(session, found, dataset, *given)
        )
        made = report_documents.report_of(
            session,
            store,
            utc_now(),
            found,
            dataset,
            scorecard=scorecard,
            files=_files(framework, measures, given),
            organisation=organisation,
        )
        stored = report_texts.template_of(session, found)
    own = (template.name, template.read_bytes()) if template else stored
    content = report_documents.render(made, own)
    deliver(content, output, is_text=False)
    if missing := report_texts.missing_of(own):
        click.echo(missing_text(missing), err=True)


@click.command(name="report-template")
@click.option("-o", "--output", type=TARGET, required=True)
def report_template(output: Path) -> None:
    """另存标准报告模板（.docx） | write the standard template, to be edited in Word."""
    deliver(default_template(), output, is_text=False)


def _given(framework: str | None, measures: str | None) -> tuple[Framework, Inputs] | None:
    if framework is None and measures is None:
        return None
    if framework is None or measures is None:
        raise click.UsageError("--framework 和 --measures 要一起给 (give both)")
    try:
        found = find_framework(framework)
        return found, find_inputs(measures, found)
    except EvaluationFileError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None


def _files(
    framework: str | None, measures: str | None, given: tuple[Framework, Inputs] | None
) -> CardFiles | None:
    if framework is None or measures is None or given is None:
        return None
    inputs = given[1]
    has_survey = any(one.surveys for one in (inputs, *(sub.inputs for sub in inputs.sub_projects)))
    return CardFiles(Path(framework).name, Path(measures).name, has_survey)


COMMANDS = (report, report_template)
