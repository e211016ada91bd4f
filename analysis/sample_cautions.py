"""What makes the intervals of a design in clusters doubtful though nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.designs import Codes, Design

FEW_UNITS = 10
"""Below so many first-stage units the variance between them is hardly known; a rule of thumb."""
CAUTIONS = {
    "few_units": (
        "注意：第一阶段只抽了 {n} 个单元（少于 {few} 个），误差本身估计得很不准，"
        "区间和检验只供参考。",
        "Mind: only {n} units were drawn at the first stage (fewer than {few}), so that the error "
        "itself is poorly known; intervals and tests are a hint only.",
    ),
    "margin_of_units": (
        "注意：有一项总体边际的类别就是第一阶段的抽样单元，校准抵消了单元之间的差异，"
        "区间明显偏窄；请改用别的边际，或按该项分层而不作整群。",
        "Mind: the categories of a margin are the first-stage units themselves; calibration takes "
        "the differences between units away, and intervals are far too narrow. Use another margin, "
        "or treat these units as strata.",
    ),
}


def cautions(design: Design) -> Iterator[tuple[str, str]]:
    """(zh, en) sentences; none for a sample that was not drawn in clusters or a census."""
    stage = design.stages[0]
    if stage.units is None or design.is_census:
        return
    size = int(stage.sampled.sum())
    if size < FEW_UNITS:
        zh, en = CAUTIONS["few_units"]
        yield zh.format(n=size, few=FEW_UNITS), en.format(n=size, few=FEW_UNITS)
    if any(_coincide(stage.units, classes, size) for classes in _margin_rows(design)):
        yield CAUTIONS["margin_of_units"]


def _coincide(units: Codes, classes: Codes, size: int) -> bool:
    """Each class is one sampling unit: then the margin takes all variance between units away."""
    pairs = np.unique(units * (int(classes.max()) + 1) + classes)
    return len(pairs) == size == len(np.unique(classes))


def _margin_rows(design: Design) -> Iterator[Codes]:
    """(n,) class of each response in each margin that the weights meet."""
    met = design.calibration
    if met is not None:
        yield from (categories[met.cells] for categories in met.categories)
