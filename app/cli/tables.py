"""summary and score: tables from a bare CSV or xlsx file, without any database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.interval_methods import DEFAULT
from analysis.reports.json_file import render_score_json
from analysis.reports.table_formats import TABLE_FORMATS
from analysis.reports.text import render_scores_text
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.tabulate import summarise, summary_table
from analysis.weighted_score import weighted_score
from app.cli.output import FILE, TARGET, deliver_as, format_option
from app.cli.responses_file import interval_option, read_file, read_named, reading
from app.cli.scoring_plan import planning, scoring_plan
from surveys.catalogue import find


@click.command()
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@click.option("--by", help="audience、area 或题目代码 | audience, area or a question code")
@click.option(
    "--base", type=click.Choice(["answered", "all"]), default="answered", show_default=True
)
@click.option(
    "--multiple",
    type=click.Choice(["cases", "mentions"]),
    default="cases",
    show_default=True,
    help="多选题比例按人（cases）还是按选择人次（mentions）| shares of people or of all ticks",
)
@interval_option(DEFAULT)
@format_option(TABLE_FORMATS)
@click.option("-o", "--output", type=TARGET)
@reading
def summary(
    questionnaire: str,
    responses: Path,
    by: str | None,
    base: Any,
    multiple: Any,
    interval: str,
    form: str | None,
    output: Path | None,
    **how: Any,
) -> None:
    """调查问卷汇总表 | the summary table of a file of responses.

    文件有 weight 列时按权重估计；stratum（层）、cluster（抽样单元）、population（层的总体单元数）
    列说明抽样设计，用于方差。| With a column weight shares are weighted; stratum, cluster and
    population (units of the stratum) describe the sample design.
    """
    found = read_named(questionnaire, responses, **how)
    table = summary_table(
        found.responses, base=base, by=by, multiple=multiple, interval=interval, design=found.design
    )
    deliver_as(TABLE_FORMATS, form, table, output)


@click.command(name="score")
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@planning
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@reading
def score_command(
    questionnaire: str,
    responses: Path,
    question: str,
    plan: Path | None,
    points: float | None,
    form: str,
    **how: Any,
) -> None:
    """满意度得分 | the satisfaction score of one question.

    文件有 weight 列时按权重计算；抽样设计的列与 manyi summary 相同。| Weighted where the file has
    a column weight; columns of the sample design as for manyi summary.
    """
    definition = find(questionnaire)
    scored_by = scoring_plan(definition, question, plan, points)
    found = read_file(definition, responses, **how)
    table = next(t for t in summarise(found.plain)[0].questions if t.code == question)
    if found.design is None:
        result = score(scored_by, table)
    else:
        result = weighted_score(scored_by, table, found.responses, found.design)
    if form == "json":
        click.echo(render_score_json(result))
        return
    row = ScoreRow("全部", result, definition.reference)
    click.echo(render_scores_text(ScoreReport(definition.title, (row,))))


COMMANDS = (summary, score_command)
