"""crosstab, reliability and sample-size: statistics of a bare file of responses, or of none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.cross_tables import association_overview, cross_table
from analysis.cross_values import ADJUSTMENTS
from analysis.crosstab_matrix import crosstab_matrix
from analysis.grouping import groupings
from analysis.interval_methods import DEFAULT
from analysis.planning import Assumptions, compare_shares, sample_plan
from analysis.reports.cross_report import cross_report, overview_report
from analysis.reports.grid_files import GRID_FORMATS
from analysis.reports.matrix_report import matrix_report
from analysis.reports.planning_file import planning_file
from analysis.reports.scale_file import scale_file
from analysis.scales import possible_items, scale_report
from app.cli.output import (
    PERCENT,
    TARGET,
    deliver_as,
    format_option,
    unusable,
)
from app.cli.responses_file import interval_option, of_a_file, read_named


@click.command()
@of_a_file
@click.option("--rows", help="行：题目代码或分组；不给则列出全部题 | all questions if not given")
@click.option("--columns", help="列：audience、area 或题目代码；都不给则各题两两 | or a question")
@click.option("--layer", help="分层：audience、area 或题目代码 | or a question code")
@click.option("--adjust", type=click.Choice(list(ADJUSTMENTS)), default="holm", show_default=True)
@click.option("--of", type=click.Choice(["cases", "mentions"]), default="cases", show_default=True)
@interval_option(DEFAULT)
@click.option("--substantive", is_flag=True, help="不计“不清楚”“拒答” | leave out 不清楚, 拒答")
def crosstab(
    questionnaire: str,
    responses: Path,
    form: str | None,
    output: Path | None,
    rows: str | None,
    columns: str | None,
    layer: str | None,
    adjust: Any,
    of: Any,
    interval: str,
    substantive: bool,
    **how: Any,
) -> None:
    """交叉分析：两题（或题和分组）的交叉表和检验 | a cross-tabulation with its tests.

    只给 --columns 时列出全部题与它的检验，都不给时列出各题两两之间的检验（不加权）。| Without
    --rows all questions are tested against the columns, without both every question against
    every other, unweighted.

    抽样设计的列与 manyi summary 相同。| Columns of the sample design as for manyi summary.
    """
    read_in = read_named(questionnaire, responses, **how)
    found, known = read_in.responses, groupings(read_in.responses)
    design = read_in.drawn()
    about = (found.questionnaire.title,)
    for option, given in (("--rows", rows), ("--columns", columns), ("--layer", layer)):
        if given is not None and given not in known:
            raise unusable(option, given, known)
    if columns is None:
        if rows is not None or layer is not None:
            raise click.UsageError("请用 --columns 指明列 (say --columns)")
        report = matrix_report(crosstab_matrix(found), about=about)
    elif rows is None:
        overview = association_overview(found, design, columns, substantive=substantive)
        report = overview_report(overview, columns, about=about)
    else:
        further: dict[str, Any] = {"adjust": adjust, "of": of, "interval": interval}
        further["substantive"] = substantive
        table = cross_table(found, design, rows, columns, layer=layer, **further)
        report = cross_report(table, about=about)
    deliver_as(GRID_FORMATS, form, report, output)


@click.command()
@of_a_file
@click.option("--items", help="题目代码，逗号分隔；默认全部量表题 | codes, by default all scales")
@click.option("--reverse", default="", help="反向计分的题，逗号分隔 | codes to be reversed")
def reliability(
    questionnaire: str,
    responses: Path,
    form: str | None,
    output: Path | None,
    items: str | None,
    reverse: str,
    **how: Any,
) -> None:
    """信度效度：α、ω、KMO、Bartlett | reliability and validity of scale items.

    各份答卷同等计算，不加权。| Every response counts once, whatever its weight.
    """
    found = read_named(questionnaire, responses, **(how | {"unweighted": True})).responses
    chosen, turned = None if items is None else _codes(items), _codes(reverse)
    known = possible_items(found)
    for code in (*(chosen or ()), *turned):
        if code not in known:
            raise click.UsageError(f"“{code}”不能作为量表题，可选：{'、'.join(known)}")
    report = scale_report(found, chosen, turned)
    deliver_as(GRID_FORMATS, form, scale_file(report, about=(found.questionnaire.title,)), output)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.replace("，", ",").split(",") if code.strip())


@click.command(name="sample-size")
@click.option("--margin", type=PERCENT, help="误差 ±，百分点 | margin in points, such as 5")
@click.option("--population", type=click.IntRange(1), help="总体人数或户数 | people or households")
@click.option("--share", type=PERCENT, default=50, show_default=True, help="预计比例 % | share")
@click.option("--confidence", type=PERCENT, default=95, show_default=True, help="置信水平 %")
@click.option(
    "--deff", type=click.FloatRange(0.1, 100), default=1, show_default=True, help="设计效应"
)
@click.option(
    "--response-rate",
    type=click.FloatRange(0, 100, min_open=True),
    default=100,
    show_default=True,
    help="回收率 %",
)
@click.option("--compare", type=(PERCENT, PERCENT), help="两组的比例 % | the shares of two groups")
@click.option("--power", type=PERCENT, default=80, show_default=True, help="检验力 %")
@click.option("--n", type=click.IntRange(1), help="每组已定的份数，求检验力 | power of this n")
@click.option("--group", "groups", type=(str, click.IntRange(1)), multiple=True, help="名称 总体")
@format_option(GRID_FORMATS)
@click.option("-o", "--output", type=TARGET)
def sample_size(form: str | None, output: Path | None, **chosen: Any) -> None:
    """样本量：要多少份答卷 | how many responses a survey needs."""
    if chosen["margin"] is None and chosen["compare"] is None:
        raise click.UsageError("请给出 --margin 或 --compare (give --margin or --compare)")
    rate, effect = chosen["response_rate"] / 100, chosen["deff"]
    plan = comparison = None
    if chosen["margin"] is not None:
        margin, share, level = (chosen[k] / 100 for k in ("margin", "share", "confidence"))
        given = Assumptions(margin, share, level, effect, rate)
        plan = sample_plan(given, chosen["population"], chosen["groups"])
    if chosen["compare"] is not None:
        first, second = (share / 100 for share in chosen["compare"])
        comparison = compare_shares(
            first,
            second,
            chosen["power"] / 100,
            significance=(100 - chosen["confidence"]) / 100,
            n=chosen["n"],
            design_effect=effect,
            response_rate=rate,
        )
    deliver_as(GRID_FORMATS, form, planning_file(plan, comparison), output)


COMMANDS = (crosstab, reliability, sample_size)
