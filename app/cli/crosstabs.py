"""crosstab, reliability and sample-size: statistics of a bare file of responses, or of none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.cross_axes import keys_of
from analysis.cross_tables import association_overview, cross_table
from analysis.cross_values import ADJUSTMENTS
from analysis.designs import Design, survey_design
from analysis.loading import from_rows
from analysis.planning import Assumptions, compare_shares, sample_plan
from analysis.refusals import CannotComputeError
from analysis.reports.cross_report import cross_report, overview_report
from analysis.reports.grid_files import GRID_FORMATS
from analysis.reports.grids import GridReport
from analysis.reports.planning_file import planning_file
from analysis.reports.scale_file import scale_file
from analysis.responses import Responses
from analysis.scales import possible_items, scale_report
from app.cli.output import deliver, refuse_faults, with_bar
from surveys.catalogue import find
from surveys.sheets import read

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)
PERCENT = click.FloatRange(0, 100, min_open=True, max_open=True)


class Refused(click.ClickException):
    """A statistic that has no value for these data: exit 1 with the reason."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


def _file_options(command: Any) -> Any:
    """What the commands on a file of responses share."""
    for option in (
        click.option("-o", "--output", type=TARGET),
        click.option("--keep-valid", is_flag=True, help="跳过有错的行 | leave out faulty rows"),
        click.option("--encoding", default="utf-8-sig", show_default=True, help="如 gbk"),
        click.option(
            "--format", "form", type=click.Choice(list(GRID_FORMATS)), help="默认 text，或按 -o"
        ),
        click.argument("responses", type=FILE),
        click.argument("questionnaire"),
    ):
        command = option(command)
    return command


@click.command()
@_file_options
@click.option("--rows", help="行：题目代码或分组；不给则列出全部题 | all questions if not given")
@click.option("--columns", required=True, help="列：audience、area 或题目代码 | or a question code")
@click.option("--layer", help="分层：audience、area 或题目代码 | or a question code")
@click.option("--adjust", type=click.Choice(list(ADJUSTMENTS)), default="holm", show_default=True)
@click.option("--of", type=click.Choice(["cases", "mentions"]), default="cases", show_default=True)
@click.option("--substantive", is_flag=True, help="不计“不清楚”“拒答” | leave out 不清楚, 拒答")
def crosstab(
    questionnaire: str,
    responses: Path,
    form: str | None,
    encoding: str,
    keep_valid: bool,
    output: Path | None,
    **chosen: Any,
) -> None:
    """交叉分析：两题（或题和分组）的交叉表和检验 | a cross-tabulation with its tests."""
    read_in, design = _sample(questionnaire, responses, encoding, keep_valid)
    for option in ("rows", "columns", "layer"):
        if chosen[option] is not None and chosen[option] not in keys_of(read_in):
            known = "、".join(keys_of(read_in))
            raise click.UsageError(f"--{option} {chosen[option]} 不可用，可选：{known}")
    try:
        report = _crossed(read_in, design, chosen)
    except CannotComputeError as why:
        raise Refused(why.text("zh")) from None
    _deliver(report, form, output)


def _crossed(read_in: Responses, design: Design | None, chosen: dict[str, Any]) -> GridReport:
    about = (read_in.questionnaire.title,)
    if chosen["rows"] is None:
        found = association_overview(
            read_in, design, chosen["columns"], substantive=chosen["substantive"]
        )
        return overview_report(found, chosen["columns"], about=about)
    names = ("layer", "adjust", "of", "substantive")
    table = cross_table(
        read_in,
        design,
        chosen["rows"],
        chosen["columns"],
        **{name: chosen[name] for name in names},
    )
    return cross_report(table, about=about)


@click.command()
@_file_options
@click.option("--items", help="题目代码，逗号分隔；默认全部量表题 | codes, by default all scales")
@click.option("--reverse", default="", help="反向计分的题，逗号分隔 | codes to be reversed")
def reliability(
    questionnaire: str,
    responses: Path,
    form: str | None,
    encoding: str,
    keep_valid: bool,
    output: Path | None,
    **chosen: Any,
) -> None:
    """信度效度：α、ω、KMO、Bartlett | reliability and validity of scale items."""
    read_in, _ = _sample(questionnaire, responses, encoding, keep_valid)
    items = None if chosen["items"] is None else _codes(chosen["items"])
    reverse = _codes(chosen["reverse"])
    for code in (*(items or ()), *reverse):
        if code not in possible_items(read_in):
            known = "、".join(possible_items(read_in))
            raise click.UsageError(f"“{code}”不能作为量表题，可选：{known}")
    try:
        report = scale_report(read_in, items, reverse)
    except CannotComputeError as why:
        raise Refused(why.text("zh")) from None
    _deliver(scale_file(report, about=(read_in.questionnaire.title,)), form, output)


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
@click.option("--format", "form", type=click.Choice(list(GRID_FORMATS)), help="默认 text，或按 -o")
@click.option("-o", "--output", type=TARGET)
def sample_size(form: str | None, output: Path | None, **chosen: Any) -> None:
    """样本量：要多少份答卷 | how many responses a survey needs."""
    if chosen["margin"] is None and chosen["compare"] is None:
        raise click.UsageError("请给出 --margin 或 --compare (give --margin or --compare)")
    rate, effect = chosen["response_rate"] / 100, chosen["deff"]
    plan = comparison = None
    try:
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
    except CannotComputeError as why:
        raise Refused(why.text("zh")) from None
    _deliver(planning_file(plan, comparison), form, output)


def _sample(
    questionnaire: str, path: Path, encoding: str, keep_valid: bool
) -> tuple[Responses, Design | None]:
    """The responses of a file with the design that its weights describe; None without any row."""
    definition = find(questionnaire)
    sheet = read(path.read_bytes(), path.name, definition, encoding, with_bar)
    refuse_faults(sheet, path.name, keep_valid=keep_valid)
    found = from_rows(definition, sheet.rows)
    try:
        return found, survey_design(found.n, weights=found.weights) if found.n else None
    except CannotComputeError as why:
        raise Refused(why.text("zh")) from None


def _deliver(report: GridReport, form: str | None, output: Path | None) -> None:
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    fitting = (name for name, one in GRID_FORMATS.items() if one.extension == suffix)
    chosen = GRID_FORMATS[form or next(fitting, "text")]
    deliver(chosen.render(report, "zh"), output, is_text=chosen.is_text)


COMMANDS = (crosstab, reliability, sample_size)
