"""A bare file of responses with the design of its sample, as every statistics command reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from analysis.designs import Design, survey_design
from analysis.interval_methods import DESIGNED, NAMES, PLAIN
from analysis.loading import design_of, from_rows
from analysis.reports.grid_files import GRID_FORMATS
from analysis.reports.grouping_names import Phrase
from analysis.reports.words import weighting_notes
from analysis.responses import Responses
from analysis.stages import LONELY, Lonely, lonely_for
from analysis.weighted_shares import described
from app.cli.output import FILE, TARGET, format_option, refuse_faults, with_bar
from surveys.catalogue import find
from surveys.definition import Questionnaire
from surveys.sheets import SheetRow, read


@dataclass(frozen=True)
class Read:
    """The responses of a file, and how they were drawn if its columns say so."""

    responses: Responses
    design: Design | None

    @property
    def plain(self) -> Responses:
        """The same, each counting once."""
        return replace(self.responses, weights=None)

    @property
    def described(self) -> tuple[Phrase, ...]:
        """How figures and their errors are estimated, for the notes of a report; nothing where the
        file has no design."""
        if self.design is None:
            return ()
        told = described(self.design)
        return tuple(map(Phrase, weighting_notes(told, "zh"), weighting_notes(told, "en")))

    def drawn(self) -> Design:
        """The design, that of a simple sample where the file has none. Raises DesignError where
        there is no response."""
        return self.design or survey_design(
            self.responses.n, lonely=lonely_for(self.responses.n, "refuse")
        )


def reading(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a file of responses is read; `read_file` takes them all."""
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
            help="只有一个抽样单元的层：refuse 拒绝、certainty 视为必然抽中、"
            "adjust 按与总平均的差、average 按其他层的平均 | strata with a single sampling unit",
        ),
    ):
        command = option(command)
    return command


def of_a_file(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of a command that makes tables of a file of responses."""
    for option in (
        reading,
        click.option("-o", "--output", type=TARGET),
        format_option(GRID_FORMATS),
        click.argument("responses", type=FILE),
        click.argument("questionnaire"),
    ):
        command = option(command)
    return command


def interval_option(default: str | None) -> Callable[[Any], Any]:
    """--interval of shares; which of them suit is known only once the file is read."""
    return click.option(
        "--interval",
        type=click.Choice(tuple(NAMES)),
        metavar="METHOD",
        default=default,
        show_default=True,
        help="比例的区间 | interval of shares: "
        f"{', '.join(PLAIN)}；有抽样设计 | with weights: {', '.join(DESIGNED)}",
    )


def read_file(
    definition: Questionnaire,
    path: Path,
    *,
    encoding: str,
    keep_valid: bool,
    unweighted: bool,
    lonely: Lonely,
) -> Read:
    """The file's responses; how they are weighted is told on standard error. Ends with exit 1
    where there are faults. Raises CannotComputeError for weights that cannot be used."""
    sheet = read(path.read_bytes(), path.name, definition, encoding, with_bar)
    refuse_faults(sheet, path.name, keep_valid=keep_valid)
    if unweighted:
        if any(map(_tells_of_a_design, sheet.rows)):
            click.echo("提示：答卷不加权 (weights are ignored)", err=True)
        return Read(from_rows(definition, sheet.rows, weighted=False), None)
    responses = from_rows(definition, sheet.rows, weighted=False)
    design = _told_design(sheet.rows, lonely)
    return Read(replace(responses, weights=design.weights if design else None), design)


def read_named(questionnaire: str, path: Path, **how: Any) -> Read:
    """The same for a questionnaire by its name or file."""
    return read_file(find(questionnaire), path, **how)


def _tells_of_a_design(row: SheetRow) -> bool:
    return row.weight is not None or row.population is not None or bool(row.stratum or row.cluster)


def _told_design(rows: list[SheetRow], lonely: Lonely) -> Design | None:
    design = design_of(rows, lonely=lonely)
    if design is not None:
        for note in weighting_notes(described(design), "zh"):
            click.echo(f"提示：{note}", err=True)
    return design
