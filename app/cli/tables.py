"""summary and score: tables from a bare CSV or xlsx file, without any database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml

from analysis.loading import from_rows
from analysis.plan_files import read_plan
from analysis.plans import PlanError
from analysis.reports.formats import TABLE_FORMATS
from analysis.reports.json_file import render_score_json
from analysis.reports.text import render_scores_text
from analysis.responses import Responses
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.tabulate import UnknownGroupingError, groupings, summarise, summary_table
from app.cli.output import deliver, refuse_faults, with_bar
from surveys.catalogue import find
from surveys.sheets import read

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@click.option("--by", help="audience、area 或题目代码 | audience, area or a question code")
@click.option(
    "--base", type=click.Choice(["answered", "all"]), default="answered", show_default=True
)
@click.option(
    "--format", "form", type=click.Choice(list(TABLE_FORMATS)), help="默认 text，或按 -o 的扩展名"
)
@click.option("--encoding", default="utf-8-sig", show_default=True, help="CSV 编码，如 gbk")
@click.option("--keep-valid", is_flag=True, help="跳过有错的行 | leave out faulty rows")
@click.option("-o", "--output", type=TARGET)
def summary(
    questionnaire: str,
    responses: Path,
    by: str | None,
    base: Any,
    form: str | None,
    encoding: str,
    keep_valid: bool,
    output: Path | None,
) -> None:
    """调查问卷汇总表 | the summary table of a file of responses."""
    chosen = TABLE_FORMATS[form or _by_extension(output, TABLE_FORMATS)]
    read_in = _responses(questionnaire, responses, encoding, keep_valid)
    try:
        table = summary_table(read_in, base=base, by=by)
    except UnknownGroupingError:
        known = "、".join(groupings(read_in))
        raise click.UsageError(f"--by {by} 不可用，可选：{known}") from None
    deliver(chosen.render(table, "zh"), output, is_text=chosen.is_text)


@click.command(name="score")
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@click.option("--question", required=True, help="题目代码，如 q18")
@click.option("--plan", type=FILE, help="计分方案 YAML；不给则用默认方案")
@click.option("--points", type=float, help="分值；方案文件里有时可省略")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--encoding", default="utf-8-sig", show_default=True)
@click.option("--keep-valid", is_flag=True)
def score_command(
    questionnaire: str,
    responses: Path,
    question: str,
    plan: Path | None,
    points: float | None,
    form: str,
    encoding: str,
    keep_valid: bool,
) -> None:
    """满意度得分 | the satisfaction score of one question."""
    asked = find(questionnaire).by_code.get(question)
    if asked is None:
        raise click.UsageError(f"问卷 {questionnaire} 没有题目“{question}”")
    data = _plan_data(plan)
    if points is None and "points" not in data:
        raise click.UsageError("请用 --points 给出分值 (give the points)")
    try:
        scoring_plan = read_plan(data | ({"points": points} if points is not None else {}), asked)
    except PlanError as error:
        for fault in error.faults:
            click.echo(fault.text(), err=True)
        raise SystemExit(1) from None
    read_in = _responses(questionnaire, responses, encoding, keep_valid)
    table = next(t for t in summarise(read_in)[0].questions if t.code == question)
    result = score(scoring_plan, table)
    if form == "json":
        click.echo(render_score_json(result))
        return
    row = ScoreRow("全部", result, read_in.questionnaire.reference)
    click.echo(render_scores_text(ScoreReport(read_in.questionnaire.title, (row,))))


def _responses(questionnaire: str, path: Path, encoding: str, keep_valid: bool) -> Responses:
    definition = find(questionnaire)
    sheet = read(path.read_bytes(), path.name, definition, encoding, with_bar)
    refuse_faults(sheet, path.name, keep_valid=keep_valid)
    if sheet.has_weights:
        click.echo(
            "提示：weight 列没有使用，各表按份数计算 (the weight column is not used)", err=True
        )
    return from_rows(definition, sheet.rows)


def _plan_data(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path.name} 不是有效的 YAML：{error}") from None
    if not isinstance(data, dict):
        raise click.UsageError(f"{path.name} 不是计分方案")
    return data


def _by_extension(output: Path | None, formats: Any) -> str:
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    return next((name for name, form in formats.items() if form.extension == suffix), "text")


COMMANDS = (summary, score_command)
