"""satisfaction: index, rate and score of a file of responses with their uncertainty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from analysis.refusals import CannotComputeError
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.satisfaction_differences import compare_all_pairs, compare_two
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable
from app.cli.output import FILE, TARGET, deliver_as, format_option
from app.cli.responses_file import Read, read_file, reading
from app.cli.scoring_plan import planning, scoring_plan
from surveys.catalogue import find
from surveys.definition import Questionnaire


@click.command()
@click.argument("questionnaire")
@click.argument("responses", type=FILE)
@planning
@click.option("--by", help="audience、area 或题目代码 | audience, area or a question code")
@click.option("--compare", nargs=2, metavar="组1 组2", help="比较 --by 的两组 | two groups of --by")
@format_option(SATISFACTION_FORMATS)
@click.option("-o", "--output", type=TARGET)
@reading
def satisfaction(
    questionnaire: str,
    responses: Path,
    question: str,
    plan: Path | None,
    points: float | None,
    by: str | None,
    compare: tuple[str, str] | None,
    form: str | None,
    output: Path | None,
    **how: Any,
) -> None:
    """满意度及其误差、组间差异和名次范围 | satisfaction with intervals, differences and ranks.

    抽样设计的列与 manyi summary 相同。| Columns of the sample design as for manyi summary.
    """
    if compare and not by:
        raise click.UsageError("--compare 要和 --by 一起用 (give --by as well)")
    definition = find(questionnaire)
    scored_by = scoring_plan(definition, question, plan, points)
    read_in = read_file(definition, responses, **how)
    found = satisfaction_by(read_in.responses, read_in.drawn(), scored_by, by)
    deliver_as(SATISFACTION_FORMATS, form, _report(definition, found, compare, read_in), output)


def _report(
    definition: Questionnaire,
    found: Satisfaction,
    compare: tuple[str, str] | None,
    read_in: Read,
) -> SatisfactionReport:
    table = SatisfactionTable(definition.reference, found)
    report = SatisfactionReport(
        title=definition.title, tables=(table,), described=read_in.described
    )
    if compare:
        first, second = (_place(found, name) for name in compare)
        if first == second:
            same = found.groups[first].label
            raise click.UsageError(f"--compare：两组相同，都是“{same}” (both groups are the same)")
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


COMMANDS = (satisfaction,)
