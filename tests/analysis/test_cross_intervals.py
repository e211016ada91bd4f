"""Intervals of a cross-table's shares by every method: scipy's, R's, and those of known shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import design_of, reference, schools
from scipy import stats
from test_cross_tables import of_counts, question, responses
from test_one_interval import ANSWERS, calibrated

from analysis.cross_tables import cross_table
from analysis.cross_values import CrossTable, Share
from analysis.designs import survey_design
from analysis.interval_methods import DESIGNED, PLAIN, name_of
from analysis.refusals import CannotComputeError
from analysis.reports.cross_report import cross_report
from analysis.responses import Labels
from surveys.definition import Kind

COUNTS = [[30, 12, 8], [10, 0, 20]]
R = reference("survey_designs")
R_NAMES = {"wilson": "wilson", "logit": "xlogit", "beta": "beta"}


def crossed(interval: str, table: Any = COUNTS) -> CrossTable:
    made = of_counts(table)
    return cross_table(made, survey_design(made.n), "q1", "q2", interval=interval)


def scipys(method: str, count: int, base: int, alike: int) -> tuple[float, float]:
    if method == "jeffreys":
        low, high = stats.beta.ppf([0.025, 0.975], count + 0.5, base - count + 0.5)
        return (0.0 if count == 0 else low), (1.0 if count == base else high)
    if method == "goodman":
        return tuple(stats.binomtest(count, base).proportion_ci(1 - 0.05 / alike, "wilson"))
    scipys_name = {"clopper-pearson": "exact"}.get(method, method)
    return tuple(stats.binomtest(count, base).proportion_ci(method=scipys_name))


def ends(share: Share) -> tuple[float | None, float | None]:
    return share.low, share.high


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys", "goodman"])
def test_plain_shares_have_scipys_interval(method: str) -> None:
    """Goodman's hold for the options that exclude each other: of a column 2, a row 3, all 6."""
    table = crossed(method)
    counts = np.array(COUNTS)
    assert table.interval == method
    for i, j in np.ndindex(counts.shape):
        cell, count = table.cells[i][j], int(counts[i, j])
        for share, base, alike in (
            (cell.column, counts[:, j].sum(), 2),
            (cell.row, counts[i].sum(), 3),
            (cell.total, counts.sum(), 6),
        ):
            assert ends(share) == pytest.approx(scipys(method, count, int(base), alike), rel=1e-9)
    for i, row in enumerate(table.rows.categories):
        wanted = scipys(method, int(counts[i].sum()), int(counts.sum()), 2)
        assert ends(row.share) == pytest.approx(wanted, rel=1e-9)
    for j, column in enumerate(table.columns.categories):
        wanted = scipys(method, int(counts[:, j].sum()), int(counts.sum()), 3)
        assert ends(column.share) == pytest.approx(wanted, rel=1e-9)


def test_options_of_a_multiple_choice_do_not_exclude_each_other() -> None:
    made = responses(
        [question("q1", 3, Kind.MULTIPLE), question("q2", 2)],
        {"q1": [1, 3, 5, 7, 2, 4, 6, 1], "q2": [0, 0, 0, 0, 1, 1, 1, 1]},
    )
    tables = [
        cross_table(made, survey_design(made.n), "q1", "q2", interval=name)
        for name in ("wilson", "goodman")
    ]
    columns = [[cell.column for line in table.cells for cell in line] for table in tables]
    assert columns[0] == columns[1]


@pytest.mark.parametrize("name", sorted(R))
@pytest.mark.parametrize("method", sorted(R_NAMES))
def test_designed_shares_have_the_interval_of_r(name: str, method: str) -> None:
    """svyciprop of all schools: the total column of a table has it."""
    frame = schools(name)
    codes = {"q1": (frame["sch.wide"] != "Yes").to_numpy().astype(int)}
    everybody = Labels(np.zeros(len(frame), dtype=int), ("全部",))
    groups = {"area": (everybody.codes, everybody.names)}
    made = responses([question("q1", 2)], codes, groups)
    table = cross_table(made, design_of(name), "q1", "area", interval=method)
    wanted = R[name]["svyciprop"]["sch.wide_Yes"][R_NAMES[method]]["ci95"]
    assert list(ends(table.cells[0][0].column)) == pytest.approx(wanted, rel=1e-7)
    assert list(ends(table.rows.categories[0].share)) == pytest.approx(wanted, rel=1e-7)


def test_shares_that_the_weights_meet_are_known_whatever_the_method() -> None:
    made, design = calibrated(ANSWERS)
    for method in DESIGNED:
        table = cross_table(made, design, "q1", "area", interval=method)
        shares = [row.share for row in table.rows.categories]
        assert [s.value for s in shares] == pytest.approx([0.2, 0.3, 0.1, 0.3, 0.1, 0], rel=1e-9)
        assert all(s.low == s.high == s.value for s in shares)
        assert all(cell.column.low != cell.column.high for line in table.cells for cell in line)
        assert table.calibrated
    narrowed = cross_table(made, design, "q1", "area", inside=np.arange(made.n) < 30)
    assert all(row.share.low != row.share.high for row in narrowed.rows.categories)


@pytest.mark.parametrize(
    ("designed", "of", "method"),
    [(False, "cases", "logit"), (True, "cases", "jeffreys"), (False, "mentions", "jeffreys")],
)
def test_intervals_that_do_not_suit_are_refused(designed: bool, of: Any, method: str) -> None:
    made = of_counts(COUNTS)
    weights = np.linspace(1, 2, made.n) if designed else None
    with pytest.raises(CannotComputeError) as refusal:
        design = survey_design(made.n, weights=weights)
        cross_table(made, design, "q1", "q2", of=of, interval=method)
    assert refusal.value.code == "interval_method"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("method", PLAIN)
def test_notes_data_and_flat_table_name_the_method(method: str, language: str) -> None:
    report = cross_report(crossed(method), language)
    assert any(name_of(method, language) in note for note in report.notes)
    assert (report.data["interval"], report.data["level"]) == (method, 0.95)
    for row in report.flat.rows:
        assert row[-2:] == (name_of(method, language), "95%")
