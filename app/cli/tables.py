"""summary and score: tables from a bare CSV or xlsx file, without any database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import yaml

from analysis.designs import Design
from analysis.loading import design_of, from_rows
from analysis.plan_files import read_plan
from analysis.plans import PlanError, ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.reports.formats import TABLE_FORMATS
from analysis.reports.json_file import render_score_json
from analysis.reports.text import render_scores_text
from analysis.reports.words import weighting_notes
from analysis.responses import Responses
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.stages import LONELY, Lonely
from analysis.tabulate import UnknownGroupingError, groupings, summarise, summary_table
from analysis.weighted_score import weighted_score
from analysis.weighted_shares import described
from app.cli.output import deliver, refuse_faults, with_bar
from surveys.catalogue import find
from surveys.definition import Questionnaire
from surveys.sheets import SheetRow, read

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Read:
    """The responses of a file, and how they were drawn if its columns say so."""

    responses: Responses
    design: Design | None

    @property
    def plain(self) -> Responses:
        return replace(self.responses, weights=None)


def reading(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a file of responses is read."""
    for option in (
        click.option("--encoding", default="utf-8-sig", show_default=True, help="CSV 编码，如 gbk"),
        click.option("--keep-valid", is_flag=True, help="跳过有错的行 | leave out faulty rows"),
        click.option(
            "--unweighted",
            is_flag=True,
            help="不用 weight、stratum、cluster、population 列 | ignore these columns",
        ),
        click.option(
            "--lonely",
            type=click.Choice(LONELY),
            default="refuse",
            show_default=True,
            help="只有一个抽样单元的层怎么办 | strata with a single sampling unit",
        ),
    ):
        command = option(command)
    return command


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
@click.option(
    "--format", "form", type=click.Choice(list(TABLE_FORMATS)), help="默认 text，或按 -o 的扩展名"
)
@click.option("-o", "--output", type=TARGET)
@reading
def summary(
    questionnaire: str,
    responses: Path,
    by: str | None,
    base: Any,
    multiple: Any,
    form: str | None,
    output: Path | None,
    **how: Any,
) -> None:
    """调查问卷汇总表 | the summary table of a file of responses.

    文件有 weight 列时按权重估计；stratum（层）、cluster（抽样单元）、population（层的总体单元数）
    列说明抽样设计，用于方差。| With a column weight shares are weighted; stratum, cluster and
    population (units of the stratum) describe the sample design.
    """
    chosen = TABLE_FORMATS[form or _by_extension(output, TABLE_FORMATS)]
    read_in = _read(questionnaire, responses, **how)
    try:
        table = summary_table(
            read_in.responses, base=base, by=by, multiple=multiple, design=read_in.design
        )
    except UnknownGroupingError:
        known = "、".join(groupings(read_in.responses))
        raise click.UsageError(f"--by {by} 不可用，可选：{known}") from None
    deliver(chosen.render(table, "zh"), output, is_text=chosen.is_text)


@click.command(name="score")
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@click.option("--question", required=True, help="题目代码，如 q18")
@click.option("--plan", type=FILE, help="计分方案 YAML；不给则用默认方案")
@click.option("--points", type=float, help="分值；方案文件里有时可省略")
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
    scoring_plan = _scoring_plan(questionnaire, question, plan, points)
    read_in = _read(questionnaire, responses, **how)
    table = next(t for t in summarise(read_in.plain)[0].questions if t.code == question)
    if read_in.design is None:
        result = score(scoring_plan, table)
    else:
        result = weighted_score(scoring_plan, table, read_in.responses, read_in.design)
    if form == "json":
        click.echo(render_score_json(result))
        return
    row = ScoreRow("全部", result, read_in.responses.questionnaire.reference)
    click.echo(render_scores_text(ScoreReport(read_in.responses.questionnaire.title, (row,))))


def _scoring_plan(
    questionnaire: str, question: str, plan: Path | None, points: float | None
) -> ScoringPlan:
    asked = find(questionnaire).by_code.get(question)
    if asked is None:
        raise click.UsageError(f"问卷 {questionnaire} 没有题目“{question}”")
    data = _plan_data(plan)
    if points is None and "points" not in data:
        raise click.UsageError("请用 --points 给出分值 (give the points)")
    try:
        return read_plan(data | ({"points": points} if points is not None else {}), asked)
    except PlanError as error:
        for fault in error.faults:
            click.echo(fault.text(), err=True)
        raise SystemExit(1) from None


def _read(
    questionnaire: str,
    path: Path,
    *,
    encoding: str,
    keep_valid: bool,
    unweighted: bool,
    lonely: Lonely,
) -> Read:
    """The file's responses. Ends with exit 1 where it cannot be read or its weights not used."""
    definition = find(questionnaire)
    sheet = read(path.read_bytes(), path.name, definition, encoding, with_bar)
    refuse_faults(sheet, path.name, keep_valid=keep_valid)
    try:
        return _designed(definition, sheet.rows, lonely, unweighted=unweighted)
    except CannotComputeError as error:
        click.echo(f"{path.name}：{error.text()} ({error.text('en')})", err=True)
        raise SystemExit(1) from None


def _designed(
    definition: Questionnaire, rows: list[SheetRow], lonely: Lonely, *, unweighted: bool
) -> Read:
    if unweighted:
        click.echo("提示：按 --unweighted 不加权 (weights are ignored)", err=True)
        return Read(from_rows(definition, rows, weighted=False), None)
    design = design_of(rows, lonely=lonely)
    if design is not None:
        for note in weighting_notes(described(design), "zh"):
            click.echo(f"提示：{note}", err=True)
    return Read(from_rows(definition, rows), design)


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
