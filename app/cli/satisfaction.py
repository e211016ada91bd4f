"""satisfaction: index, rate and score of a file of responses with their uncertainty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import yaml

from analysis.designs import Design, survey_design
from analysis.loading import from_rows
from analysis.plan_files import read_plan
from analysis.plans import PlanError, ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.responses import Responses
from analysis.satisfaction_differences import compare_all_pairs, compare_two
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable
from analysis.stages import Lonely
from analysis.tabulate import UnknownGroupingError, groupings
from app.cli.output import deliver, refuse_faults, with_bar
from surveys.catalogue import find
from surveys.definition import Questionnaire
from surveys.sheets import read

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)
REFUSED = 1


@click.command()
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@click.option("--question", required=True, help="题目代码，如 q18")
@click.option("--plan", type=FILE, help="计分方案 YAML；不给则用默认方案")
@click.option("--points", type=float, help="分值；方案文件里有时可省略")
@click.option("--by", help="audience、area 或题目代码 | audience, area or a question code")
@click.option("--compare", nargs=2, metavar="组1 组2", help="比较 --by 的两组 | two groups of --by")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(SATISFACTION_FORMATS)),
    help="默认 text，或按 -o 的扩展名",
)
@click.option("--encoding", default="utf-8-sig", show_default=True, help="CSV 编码，如 gbk")
@click.option("--keep-valid", is_flag=True, help="跳过有错的行 | leave out faulty rows")
@click.option("-o", "--output", type=TARGET)
def satisfaction(
    questionnaire: str,
    responses: Path,
    question: str,
    plan: Path | None,
    points: float | None,
    by: str | None,
    compare: tuple[str, str] | None,
    form: str | None,
    encoding: str,
    keep_valid: bool,
    output: Path | None,
) -> None:
    """满意度及其误差、组间差异和名次范围 | satisfaction with intervals, differences and ranks."""
    if compare and not by:
        raise click.UsageError("--compare 要和 --by 一起用 (give --by as well)")
    definition = find(questionnaire)
    scoring_plan = _plan(definition, question, plan, points)
    chosen = SATISFACTION_FORMATS[form or _by_extension(output)]
    sheet = read(responses.read_bytes(), responses.name, definition, encoding, with_bar)
    refuse_faults(sheet, responses.name, keep_valid=keep_valid)
    read_in = from_rows(definition, sheet.rows)
    try:
        found = satisfaction_by(read_in, _design(read_in), scoring_plan, by)
        report = _report(definition, found, compare)
    except UnknownGroupingError:
        known = "、".join(groupings(read_in))
        raise click.UsageError(f"--by {by} 不可用，可选：{known}") from None
    except CannotComputeError as error:
        click.echo(error.text("zh"), err=True)
        raise SystemExit(REFUSED) from None
    deliver(chosen.render(report, "zh"), output, is_text=chosen.is_text)


def _plan(
    definition: Questionnaire, question: str, path: Path | None, points: float | None
) -> ScoringPlan:
    asked = definition.by_code.get(question)
    if asked is None:
        raise click.UsageError(f"问卷 {definition.reference} 没有题目“{question}”")
    try:
        text = path.read_text(encoding="utf-8-sig") if path else "{}"
        data = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} 不是有效的 YAML：{error}") from None
    if not isinstance(data, dict):
        raise click.UsageError(f"{path} 不是计分方案")
    if points is None and "points" not in data:
        raise click.UsageError("请用 --points 给出分值 (give the points)")
    try:
        return read_plan(data | ({} if points is None else {"points": points}), asked)
    except PlanError as error:
        for fault in error.faults:
            click.echo(fault.text(), err=True)
        raise SystemExit(REFUSED) from None


def _design(responses: Responses) -> Design:
    """A simple sample with the weights that the file has. One response is no stratum to be
    refused for: it has no error, and the table says so."""
    lonely: Lonely = "certainty" if responses.n == 1 else "refuse"
    return survey_design(responses.n, weights=responses.weights, lonely=lonely)


def _report(
    definition: Questionnaire, found: Satisfaction, compare: tuple[str, str] | None
) -> SatisfactionReport:
    table = SatisfactionTable(definition.reference, found)
    report = SatisfactionReport(title=definition.title, tables=(table,))
    if compare:
        first, second = (_place(found, name) for name in compare)
        return replace(report, chosen=compare_two(found, first, second))
    try:
        return replace(report, pairs=compare_all_pairs(found))
    except CannotComputeError as error:
        return replace(report, refusal=error)


def _place(found: Satisfaction, name: str) -> int:
    """The group of this name, or of this option code."""
    labels = [group.label for group in found.groups]
    fitting = [i for i, label in enumerate(labels) if name in (label, label.partition(".")[0])]
    if len(fitting) != 1:
        raise click.UsageError(f"--compare：没有组“{name}”，可选：{'、'.join(labels)}")
    return fitting[0]


def _by_extension(output: Path | None) -> str:
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    known = SATISFACTION_FORMATS.items()
    return next((name for name, form in known if form.extension == suffix), "text")


COMMANDS = (satisfaction,)
