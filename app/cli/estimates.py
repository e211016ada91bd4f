"""estimate: shares, numbers, means, totals and ratios of the population from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.estimands import MEASURES, Estimand, estimand
from analysis.grouping import groupings
from analysis.plans import ScoringPlan
from analysis.population_estimates import VARIANCES, Method, population_estimates
from analysis.refusals import CannotComputeError
from analysis.reports.estimate_report import estimate_report
from analysis.reports.grid_files import GRID_FORMATS
from app.cli.output import (
    FILE,
    PERCENT,
    deliver_as,
    unusable,
)
from app.cli.responses_file import interval_option, of_a_file, read_file
from app.cli.scoring_plan import scoring_plan
from surveys.catalogue import find
from surveys.definition import Kind, Question, Questionnaire

ANY_POINTS = 1.0
"""A mean score is of the pᵢ, whatever the points."""
DEFAULT_PLAN = "没有给出 --plan，分值 pᵢ 取自默认计分方案。"


@click.command()
@of_a_file
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    default="share",
    show_default=True,
    help="比例、总户（人）数、平均数、总量、比率 | what to estimate",
)
@click.option(
    "--of", required=True, help="选项如 q04.A，数值题或计分的题如 q12；比率的分子 | numerator"
)
@click.option("--over", default="", help="比率的分母，写法同 --of | denominator of a ratio")
@click.option("--by", help="audience、area 或题目代码 | audience, area or a question code")
@click.option(
    "--plan", type=FILE, help="计分的题求平均时的计分方案 YAML；不给则量表题、满意度题用默认方案"
)
@click.option(
    "--variance",
    type=click.Choice(VARIANCES),
    default="taylor",
    show_default=True,
    help="泰勒线性化或刀切法 | linearised or jackknife",
)
@interval_option(None)
@click.option("--level", type=PERCENT, default=95, show_default=True, help="置信水平 %")
def estimate(
    questionnaire: str,
    responses: Path,
    measure: str,
    of: str,
    over: str,
    by: str | None,
    plan: Path | None,
    variance: Any,
    interval: str | None,
    level: float,
    form: str | None,
    output: Path | None,
    **how: Any,
) -> None:
    """总体估计：比例、总数、平均数、总量、比率及其误差 | estimates of the population with errors.

    抽样设计的列与 manyi summary 相同；没有 weight 列时，总数只是样本合计。| Columns of the sample
    design as for manyi summary; without weights totals are those of the sample.
    """
    definition = find(questionnaire)
    wanted = _wanted(definition, measure, of, over, plan)
    read_in = read_file(definition, responses, **how)
    known = groupings(read_in.responses)
    if by is not None and by not in known:
        raise unusable("--by", by, known)
    found = population_estimates(
        read_in.responses,
        read_in.drawn(),
        wanted,
        by,
        method=Method(variance, interval, level / 100),
    )
    by_default = (DEFAULT_PLAN,) if wanted.plan and plan is None else ()
    report = estimate_report(found, about=(definition.title, *by_default))
    deliver_as(GRID_FORMATS, form, report, output)


def _wanted(
    definition: Questionnaire, measure: str, of: str, over: str, path: Path | None
) -> Estimand:
    """What does not go together is wrong use, as the file of responses has no part in it."""
    question = definition.by_code.get(of)
    plans: dict[str, ScoringPlan] = {}
    if measure == "mean" and question is not None and (path or _is_ordered(question)):
        plans[of] = scoring_plan(definition, of, path, ANY_POINTS)
    try:
        return estimand(definition, measure, of, over, plans)
    except CannotComputeError as error:
        raise click.UsageError(error.text()) from None


def _is_ordered(question: Question) -> bool:
    """The default plan scores options by their order; of other questions that means nothing."""
    return question.satisfaction or question.kind is Kind.SCALE


COMMANDS = (estimate,)
