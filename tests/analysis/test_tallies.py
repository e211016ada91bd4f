"""The variance of a group, made of its own units alone, is that of a pass over all rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.answer_codes import answer_codes
from analysis.designs import Design, survey_design
from analysis.kinds import grouped_kinds, kinds_of, tables_by_group
from analysis.linearisation import CellTotals
from analysis.tallies import tally
from analysis.weighting import Margin, post_stratify
from surveys.records import FIRST_OPTION
from tests.analysis.conftest import build, options

N = 240
VILLAGE = np.arange(N) // 8
STRATUM = VILLAGE // 6
WEIGHTS = np.random.default_rng(3).uniform(1, 4, N)
ALONE = np.where(VILLAGE == 29, 9, STRATUM)
DESIGNS: dict[str, Design] = {
    "rows": survey_design(weights=WEIGHTS),
    "strata": survey_design(weights=WEIGHTS, strata=STRATUM),
    "clusters": survey_design(weights=WEIGHTS, clusters=VILLAGE),
    "stratified clusters": survey_design(weights=WEIGHTS, clusters=VILLAGE, strata=STRATUM),
    "two stages": survey_design(
        weights=WEIGHTS,
        clusters=(VILLAGE, np.arange(N)),
        population=(np.full(N, 90), np.full(N, 40)),
    ),
    "calibrated": post_stratify(
        survey_design(weights=WEIGHTS, clusters=VILLAGE), Margin("层", STRATUM, [9, 8, 7, 6, 5])
    ),
} | {
    f"lonely: {how}": survey_design(weights=WEIGHTS, clusters=VILLAGE, strata=ALONE, lonely=how)
    for how in ("certainty", "adjust", "average")
}


@pytest.mark.parametrize("group_of", ["villages", "rows", "one"])
@pytest.mark.parametrize("name", DESIGNS)
def test_a_group_has_the_variance_of_a_pass_over_the_whole_sample(name: str, group_of: Any) -> None:
    design, rng = DESIGNS[name], np.random.default_rng(7)
    groups = {"villages": VILLAGE % 7, "rows": rng.integers(0, 4, N), "one": VILLAGE // 29}[
        group_of
    ]
    column = (rng.integers(0, 4, N) + FIRST_OPTION).astype(np.uint8)
    (question,) = build(
        [{"code": "q1", "text": "一", "kind": "single", "options": options("ABCD")}]
    ).questions
    (part,) = answer_codes(question, column, 6)
    size = int(groups.max()) + 1
    grouped = grouped_kinds(kinds_of(design), groups, size)
    (moments,) = tables_by_group(grouped, [part])
    scores = rng.normal(size=(part.size, 2))
    for group in range(size):
        own = tally(grouped, moments, group, np.ones(part.size, dtype=bool))
        codes = np.where(groups == group, column.astype(int) - part.part.low, -1)
        wanted = CellTotals(design, codes, part.size).covariance(scores)
        assert own.covariance(scores) == pytest.approx(wanted, rel=1e-9)
