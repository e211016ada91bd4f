"""--question, --plan and --points: the scoring plan of a question, as score and satisfaction take
it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import yaml

from analysis.plan_files import read_plan
from analysis.plans import PlanError, ScoringPlan
from app.cli.output import FILE
from surveys.definition import Questionnaire


def planning(command: Callable[..., None]) -> Callable[..., None]:
    """The options that `scoring_plan` takes."""
    for option in (
        click.option("--points", type=float, help="分值；方案文件里有时可省略"),
        click.option("--plan", type=FILE, help="计分方案 YAML；不给则用默认方案"),
        click.option("--question", required=True, help="题目代码，如 q18"),
    ):
        command = option(command)
    return command


def scoring_plan(
    definition: Questionnaire, question: str, path: Path | None, points: float | None
) -> ScoringPlan:
    """Ends with exit 1 and every fault where the plan has any. Raises click.UsageError."""
    asked = definition.by_code.get(question)
    if asked is None:
        raise click.UsageError(f"问卷 {definition.reference} 没有题目“{question}”")
    data = _plan_data(path)
    if points is None and "points" not in data:
        raise click.UsageError("请用 --points 给出分值 (give the points)")
    try:
        return read_plan(data | ({} if points is None else {"points": points}), asked)
    except PlanError as error:
        for fault in error.faults:
            click.echo(fault.text(), err=True)
        raise SystemExit(1) from None


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
