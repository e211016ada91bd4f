"""A column's shares rest on the column's own sampling units, on every page alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.cross_tables import cross_table
from analysis.cross_values import CrossTable
from analysis.designs import Design, survey_design
from analysis.estimands import estimand
from analysis.interval_methods import DESIGNED
from analysis.population_estimates import GroupEstimate, Method, population_estimates
from analysis.responses import Labels, Responses
from analysis.tabulate import summarise
from tests.analysis.conftest import build, options, pack_all

QUESTIONS: list[dict[str, Any]] = [
    {"code": "q1", "text": "一", "kind": "single", "options": options("AB")},
    {"code": "q2", "text": "二", "kind": "multiple", "options": options("XYZ")},
]
VILLAGE = np.repeat(np.arange(14), 6)
STRATUM = VILLAGE % 2
AREA = np.where(VILLAGE < 9, 0, np.where(VILLAGE < 13, 1, 2))
"""Nine, four and one of the villages."""
WEIGHTS = 1.0 + np.arange(len(VILLAGE)) % 5
DESIGNS = {
    "clusters": survey_design(weights=WEIGHTS, clusters=VILLAGE),
    "stratified clusters": survey_design(weights=WEIGHTS, clusters=VILLAGE, strata=STRATUM),
    "strata": survey_design(weights=WEIGHTS, strata=STRATUM),
    "weights": survey_design(weights=WEIGHTS),
}


def made() -> Responses:
    rng = np.random.default_rng(4)
    ticks = [[o for o in "XYZ" if rng.random() < 0.6] or ["X"] for _ in VILLAGE]
    answers = [{"q1": rng.choice(["A", "B"]), "q2": ticked} for ticked in ticks]
    packed = pack_all(build(QUESTIONS), answers)
    return Responses(
        packed.questionnaire, packed.columns, packed.n, {"area": Labels(AREA, ("x", "y", "z"))}
    )


def estimates(
    read: Responses, design: Design, of: str, by: str | None, how: str
) -> list[GroupEstimate]:
    wanted = estimand(read.questionnaire, "share", of)
    method = Method(interval=how)
    found = population_estimates(read, design, wanted, by, method=method)
    return list(found.groups or found.rows)


def own_df(name: str, inside: Any) -> int:
    units = len(np.unique(VILLAGE[inside])) if "clusters" in name else int(inside.sum())
    return units - (len(np.unique(STRATUM[inside])) if "strat" in name else 1)


@pytest.mark.parametrize("how", DESIGNED)
@pytest.mark.parametrize("name", DESIGNS)
def test_a_share_has_one_interval_in_table_summary_and_estimate(name: str, how: str) -> None:
    read, design = made(), DESIGNS[name]
    table = cross_table(read, design, "q1", "area", interval=how)
    summaries = summarise(read, by="area", design=design, interval=how)
    told = estimates(read, design, "q1.A", "area", how)
    for place, (summary, one) in enumerate(zip(summaries, told, strict=True)):
        share, cell = table.cells[0][place].column, summary.questions[0].rows[0].cell
        assert one.df == own_df(name, place == AREA)
        if one.df:
            wanted = pytest.approx((one.low, one.high), rel=1e-9)
            assert (share.low, share.high) == wanted
            assert (cell.low, cell.high) == wanted
        else:
            assert (share.low, share.high) == (cell.low, cell.high) == (0, 1)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_interval_is_wilsons_with_t_of_the_columns_own_units(name: str) -> None:
    read, design = made(), DESIGNS[name]
    table = cross_table(read, design, "q1", "area")
    for place, one in enumerate(estimates(read, design, "q1.A", "area", "wilson")[:2]):
        assert one.value is not None and one.se is not None
        t2 = stats.t.ppf(0.975, own_df(name, place == AREA)) ** 2
        n = one.value * (1 - one.value) / one.se**2
        centre, half = one.value + t2 / (2 * n), np.sqrt(one.se**2 * t2 + (t2 / (2 * n)) ** 2)
        share = table.cells[0][place].column
        wanted = [(centre - half) / (1 + t2 / n), (centre + half) / (1 + t2 / n)]
        assert [share.low, share.high] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_rows_and_columns_that_overlap_count_the_units_of_their_members(name: str) -> None:
    """A response is in the row or column of each option that it ticked."""
    read, design = made(), DESIGNS[name]
    table = cross_table(read, design, "q2", "q1")
    turned = cross_table(read, design, "q1", "q2")
    for place, one in enumerate(estimates(read, design, "q1.A", "q2", "wilson")[:3]):
        wanted = pytest.approx((one.low, one.high), rel=1e-9)
        row, column = table.cells[place][0].row, turned.cells[0][place].column
        assert (row.low, row.high) == wanted and (column.low, column.high) == wanted


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_of_all_keep_the_units_of_all(name: str) -> None:
    read, design = made(), DESIGNS[name]
    share = cross_table(read, design, "q1", "area").rows.categories[0].share
    (one,) = estimates(read, design, "q1.A", None, "wilson")
    assert one.df == own_df(name, AREA >= 0)
    assert (share.low, share.high) == pytest.approx((one.low, one.high), rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_of_mentions_have_the_interval_of_the_summary(name: str) -> None:
    read, design = made(), DESIGNS[name]
    table = cross_table(read, design, "q2", "area", of="mentions")
    summaries = summarise(read, by="area", design=design, multiple="mentions")
    for place, summary in enumerate(summaries[:2]):
        for option, row in enumerate(summary.questions[1].rows):
            share = table.cells[option][place].column
            wanted = pytest.approx((row.cell.low, row.cell.high), rel=1e-9)
            assert (share.low, share.high) == wanted


def drawn(rng: Any) -> CrossTable:
    """27 clusters of 8 in one area and 3 in the other, half of all choosing A."""
    cluster = np.repeat(np.arange(30), 8)
    shares = rng.beta(3, 3, 30)[cluster]
    answers = [{"q1": "A" if rng.random() < p else "B"} for p in shares]
    packed = pack_all(build(QUESTIONS[:1]), answers)
    groups = {"area": Labels((cluster >= 27).astype(int), ("x", "z"))}
    read = Responses(packed.questionnaire, packed.columns, packed.n, groups)
    return cross_table(read, survey_design(clusters=cluster), "q1", "area")


def test_a_column_of_three_clusters_is_covered_as_promised() -> None:
    """With the degrees of freedom of all 30 clusters it was in 79% of samples."""
    rng, held = np.random.default_rng(9), 0
    for _ in range(200):
        share = drawn(rng).cells[0][1].column
        assert share.low is not None and share.high is not None
        held += share.low <= 0.5 <= share.high
    assert held >= 0.91 * 200
