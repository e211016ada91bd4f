"""Tests of tables: published examples, scipy's numbers, and tables that cannot be tested."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis import association, fisher, ordinal, rao_scott
from analysis.designs import survey_design
from analysis.mantel_haenszel import cochran_mantel_haenszel, common_odds_ratio
from analysis.multiplicity import adjusted
from analysis.quadratic_forms import f_sum_tail
from analysis.refusals import CannotComputeError

# Bickel, Hammel & O'Connell 1975: admitted and rejected men, admitted and rejected women.
BERKELEY = [
    [[512, 313], [89, 19]],
    [[353, 207], [17, 8]],
    [[120, 205], [202, 391]],
    [[138, 279], [131, 244]],
    [[53, 138], [94, 299]],
    [[22, 351], [24, 317]],
]
# Agresti 2002, p. 288: job satisfaction by income, women and men.
JOBS = [
    [[1, 3, 11, 2], [2, 3, 17, 3], [0, 1, 8, 5], [0, 2, 4, 2]],
    [[1, 1, 2, 1], [0, 3, 5, 1], [0, 0, 7, 3], [0, 1, 9, 6]],
]
TABLE = np.array([[12, 5, 9], [3, 14, 8], [7, 7, 20]])


def test_berkeley_admissions_as_r_documents_them() -> None:
    corrected = cochran_mantel_haenszel(BERKELEY, correct=True)
    assert corrected.statistic == pytest.approx(1.4269, abs=5e-5)
    assert corrected.p == pytest.approx(0.2323, abs=5e-5)
    odds = common_odds_ratio(BERKELEY)
    assert odds.value == pytest.approx(0.9046968, abs=5e-8)
    assert odds.interval is not None
    assert odds.interval.low == pytest.approx(0.7719074, abs=5e-8)
    assert odds.interval.high == pytest.approx(1.0603298, abs=5e-8)


def test_job_satisfaction_as_agresti_prints_it() -> None:
    found = cochran_mantel_haenszel(JOBS)
    assert found.df == 9
    assert found.statistic == pytest.approx(10.2001, abs=5e-5)
    assert found.p == pytest.approx(0.3345, abs=5e-5)


def test_one_stratum_is_pearson_with_n_less_one() -> None:
    found = cochran_mantel_haenszel([TABLE])
    n = TABLE.sum()
    assert found.statistic == pytest.approx(association.pearson(TABLE).statistic * (n - 1) / n)


@pytest.mark.parametrize(
    "tables",
    [
        [[[1, 0], [0, 0]]],
        [[[3, 4], [0, 0]], [[1, 1], [0, 0]]],
        [[[5, 0], [0, 0]], [[0, 0], [0, 4]]],
        [[1, 2], [3, 4]],
        [[[1, -2], [3, 4]]],
    ],
)
def test_strata_that_say_nothing_are_refused(tables: Any) -> None:
    with pytest.raises(CannotComputeError):
        cochran_mantel_haenszel(tables)


def test_an_odds_ratio_without_an_end_is_refused() -> None:
    with pytest.raises(CannotComputeError):
        common_odds_ratio([[[5, 0], [3, 4]]])
    assert common_odds_ratio([[[0, 5], [4, 3]]]).value == 0


@pytest.mark.parametrize("scipy_name", ["pearson", "log-likelihood"])
def test_scipy_agrees_on_chi_squared(scipy_name: str) -> None:
    ours = {"pearson": association.pearson, "log-likelihood": association.likelihood_ratio}
    wanted = stats.chi2_contingency(TABLE, correction=False, lambda_=scipy_name)
    found = ours[scipy_name](TABLE)
    assert [found.statistic, found.p, found.df] == pytest.approx(list(wanted[:3]))


def test_scipy_agrees_on_ordered_scales() -> None:
    rows, columns = np.repeat(np.indices((3, 3)).reshape(2, -1), TABLE.ravel(), axis=1)
    assert ordinal.kendall_tau_b(TABLE) == pytest.approx(stats.kendalltau(rows, columns)[0])
    assert ordinal.spearman(TABLE) == pytest.approx(stats.spearmanr(rows, columns)[0])
    assert ordinal.score_correlation(TABLE) == pytest.approx(stats.pearsonr(rows, columns)[0])
    assert ordinal.gamma(TABLE[::-1]) == pytest.approx(-ordinal.gamma(TABLE))


def test_empty_rows_and_columns_change_nothing() -> None:
    wide = np.zeros((5, 4), dtype=int)
    wide[np.ix_([0, 2, 4], [0, 1, 3])] = TABLE
    for test in (association.pearson, association.likelihood_ratio, association.cramers_v):
        assert test(wide) == test(TABLE)
    assert fisher.fisher_exact(wide[:, ::-1]) == pytest.approx(fisher.fisher_exact(TABLE))
    wide_residuals = association.adjusted_residuals(wide)
    assert wide_residuals[1].tolist() == [0, 0, 0, 0]
    assert np.isfinite(wide_residuals).all()
    assert ordinal.score_correlation(wide, [1, 0, 2, 0, 3], [1, 2, 0, 3]) == pytest.approx(
        ordinal.score_correlation(TABLE)
    )


UNTESTABLE: list[Any] = [[[1, 2]], [[0, 0], [3, 4]], [[0, 0], [0, 0]], [[1], [2]], []]


@pytest.mark.parametrize("table", UNTESTABLE, ids=json.dumps)
def test_tables_with_one_row_or_column_are_refused(table: Any) -> None:
    for test in (
        association.pearson,
        association.likelihood_ratio,
        association.cramers_v,
        association.cramers_v_corrected,
        fisher.fisher_exact,
        ordinal.gamma,
        ordinal.linear_by_linear,
    ):
        with pytest.raises(CannotComputeError):
            test(table)


@pytest.mark.parametrize("wrong", [[[1, -1], [2, 3]], [[1, math.nan], [2, 3]], [1, 2, 3]])
def test_counts_that_are_none_are_refused(wrong: Any) -> None:
    with pytest.raises(CannotComputeError) as caught:
        association.pearson(wrong)
    assert caught.value.code == "counts_invalid"


def test_residuals_of_an_empty_table_are_zero() -> None:
    assert association.adjusted_residuals([[0, 0], [0, 0]]).tolist() == [[0, 0], [0, 0]]
    assert association.pearson_residuals([[3, 4], [0, 0]]).tolist() == [[0, 0], [0, 0]]


def test_a_perfect_association_has_v_one() -> None:
    assert association.cramers_v([[5, 0], [0, 5]]) == pytest.approx(1)
    assert association.cramers_v_corrected([[1, 1], [1, 1]]) == 0


def test_small_expected_counts_are_pointed_out() -> None:
    assert association.is_doubtful([[3, 1], [1, 3]])
    assert not association.is_doubtful(TABLE)
    assert association.smallest_expected([[3, 1], [1, 3]]) == 2


@pytest.mark.parametrize(
    ("counts", "shares"), [([1, 2], [0.5, 0.6]), ([1, 2], [1, 0]), ([0, 0], None), ([4], None)]
)
def test_fits_that_have_no_meaning_are_refused(counts: Any, shares: Any) -> None:
    with pytest.raises(CannotComputeError):
        association.goodness_of_fit(counts, shares)


@pytest.mark.parametrize(
    "table", [[[8, 2], [1, 5]], [[10, 0], [3, 7]], [[1, 9], [11, 3]], [[0, 4], [5, 0]]]
)
def test_scipy_agrees_on_fisher_of_two_by_two(table: Any) -> None:
    assert fisher.fisher_exact(table) == pytest.approx(stats.fisher_exact(table)[1], rel=1e-9)


@pytest.mark.parametrize(
    "table", [[[3, 0, 2], [1, 4, 1]], [[2, 1], [0, 3], [2, 2]], [[1, 2, 0], [0, 1, 3], [2, 0, 1]]]
)
def test_fisher_equals_the_sum_over_every_possible_table(table: Any) -> None:
    counts = np.array(table)
    wanted = sum(
        chance
        for chance in tables_with_margins_of(counts)
        if chance <= chance_of(counts) * (1 + 1e-7)
    )
    assert fisher.fisher_exact(table) == pytest.approx(wanted, rel=1e-9)


def test_fisher_of_job_satisfaction_as_r_documents_it() -> None:
    """Agresti 2002, p. 57: income by job satisfaction; example of R's fisher.test."""
    jobs = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    assert fisher.fisher_exact(jobs) == pytest.approx(0.7827, abs=5e-5)
    assert fisher.fisher_exact(np.transpose(jobs)) == pytest.approx(fisher.fisher_exact(jobs))


def chance_of(counts: np.ndarray) -> float:
    factorials = lambda values: math.prod(math.factorial(int(v)) for v in values)  # noqa: E731
    margins = factorials(counts.sum(axis=0)) * factorials(counts.sum(axis=1))
    return margins / factorials(counts.ravel()) / math.factorial(int(counts.sum()))


def tables_with_margins_of(counts: np.ndarray) -> list[float]:
    """Chances of all tables, found by trying every filling of all but the last row and column."""
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    free = (counts.shape[0] - 1, counts.shape[1] - 1)
    found = []
    for values in np.ndindex(*([int(counts.sum()) + 1] * math.prod(free))):
        table = np.zeros_like(counts)
        table[:-1, :-1] = np.reshape(values, free)
        table[:-1, -1] = rows[:-1] - table[:-1, :-1].sum(axis=1)
        table[-1] = columns - table[:-1].sum(axis=0)
        if (table >= 0).all():
            found.append(chance_of(table))
    assert sum(found) == pytest.approx(1)
    return found


def test_large_tables_have_no_exact_p_but_a_simulated_one() -> None:
    large = np.full((6, 6), 9)
    large[0, 0] += 12
    with pytest.raises(CannotComputeError, match="possible tables"):
        fisher.fisher_exact(large, limit=10_000)
    simulated = fisher.fisher_simulated(large)
    assert simulated == fisher.fisher_simulated(large)
    assert simulated == pytest.approx(association.pearson(large).p, abs=0.1)
    assert fisher.fisher_simulated(TABLE) == pytest.approx(fisher.fisher_exact(TABLE), abs=0.01)


def test_exact_tests_want_whole_counts() -> None:
    for test in (fisher.fisher_exact, fisher.fisher_simulated, fisher.conditional_odds_ratio):
        with pytest.raises(CannotComputeError) as caught:
            test([[1.5, 2], [3, 4]])
        assert caught.value.code == "counts_not_whole"


def test_an_odds_ratio_may_be_endless() -> None:
    found = fisher.conditional_odds_ratio([[5, 0], [0, 5]])
    assert found.value == found.interval.high == math.inf
    assert found.interval.low > 1
    with pytest.raises(CannotComputeError):
        fisher.conditional_odds_ratio(TABLE)


def test_adjusting_nothing_or_nonsense() -> None:
    assert adjusted([], "BH").tolist() == []
    assert adjusted([0.2, 0.01], "none").tolist() == [0.2, 0.01]
    with pytest.raises(CannotComputeError, match="possible"):
        adjusted([0.1], "tukey")
    with pytest.raises(CannotComputeError, match="between 0 and 1"):
        adjusted([0.1, math.nan], "holm")


def test_scipy_agrees_on_false_discovery_rates() -> None:
    p = np.random.default_rng(1).random(40) ** 2
    for ours, theirs in (("BH", "bh"), ("BY", "by")):
        np.testing.assert_allclose(
            adjusted(p, ours), stats.false_discovery_control(p, method=theirs)
        )


def test_a_simple_design_tests_as_pearson_does() -> None:
    rows, columns = np.repeat(np.indices((3, 3)).reshape(2, -1), TABLE.ravel(), axis=1)
    table = rao_scott.weighted_table(survey_design(len(rows)), rows, 3, columns, 3)
    plain = association.pearson(TABLE)
    assert rao_scott.pearson_statistic(table) == pytest.approx(plain.statistic)
    assert rao_scott.cramers_v(table) == pytest.approx(association.cramers_v(TABLE))
    assert rao_scott.rao_scott_first_order(table).p == pytest.approx(plain.p, rel=0.2)


def test_designs_that_cannot_be_tested_are_refused() -> None:
    rows, columns = [0, 1, 0, 1], [0, 1, 1, 0]
    alone = survey_design(clusters=[1, 1, 1, 1], lonely="certainty")
    table = rao_scott.weighted_table(alone, rows, 2, columns, 2)
    for test in (rao_scott.rao_scott, rao_scott.wald, rao_scott.rao_scott_saddlepoint):
        with pytest.raises(CannotComputeError):
            test(table)
    with pytest.raises(CannotComputeError) as caught:
        rao_scott.weighted_table(survey_design(4), [0, 0, 0, -1], 2, columns, 2)
    assert caught.value.code == "table_too_small"
    few = survey_design(clusters=[1, 1, 1, 2, 2, 2, 3, 3, 3])
    wide = rao_scott.weighted_table(few, [0, 1, 2] * 3, 3, [0, 1, 2, 1, 2, 0, 2, 0, 1], 3)
    with pytest.raises(CannotComputeError):
        rao_scott.wald_adjusted(wide)


def test_one_weight_makes_the_saddlepoint_an_f_test() -> None:
    for x in (1.5, 4.0, 20.0):
        wanted = stats.f.sf(x / 2, 1, 30)
        assert f_sum_tail(x, np.array([2.0]), 30) == pytest.approx(wanted, rel=0.1)
    assert f_sum_tail(0, np.array([1.0, 2.0]), 10) == 1
    assert 0.3 < f_sum_tail(2.0, np.array([1.0, 1.0]), 1000) < 0.4


@pytest.mark.parametrize("largest", [3, 10**6, 2**40])
def test_rows_are_numbered_as_numpy_does_it(largest: int) -> None:
    """Also where the largest values together do not fit into one whole number."""
    chance = np.random.default_rng(5)
    rows = chance.integers(0, 2, (300, 7)) * largest
    first, kinds = fisher._numbered(rows)
    wanted, places = np.unique(rows, axis=0, return_inverse=True)
    assert np.array_equal(rows[first], wanted)
    assert np.array_equal(kinds, places.reshape(-1))


@pytest.mark.parametrize("clusters", [None, 20])
def test_blocks_of_empty_cells_leave_rao_scott_the_same_in_every_order(
    clusters: int | None,
) -> None:
    """Two answers that occur in one column only leave a contrast that nothing was observed of."""
    chance = np.random.default_rng(1)
    columns = np.arange(200) % 3
    rows = chance.choice(3, 200, p=[0.6, 0.3, 0.1])
    rows[np.flatnonzero(columns == 0)[:6]] = [3, 3, 3, 4, 4, 4]
    villages = None if clusters is None else chance.integers(0, clusters, 200)
    design = survey_design(weights=chance.uniform(0.5, 2, 200), clusters=villages)
    tables = [
        rao_scott.weighted_table(design, np.array(down)[rows], 5, np.array(across)[columns], 3)
        for down in itertools.permutations(range(5))
        for across in ((0, 1, 2), (2, 0, 1))
    ]
    tables += [rao_scott.weighted_table(design, columns, 3, rows, 5)]
    wanted = _eigenvalues_by_pseudo_inverse(tables[0])
    wanted = wanted[wanted > 1e-9]
    assert len(wanted) == 7  # (5 - 1)(3 - 1) less the one contrast of the empty block
    d = wanted.sum() ** 2 / (wanted**2).sum()
    statistic = rao_scott.pearson_statistic(tables[0])
    for table in tables:
        second, first = rao_scott.rao_scott(table), rao_scott.rao_scott_first_order(table)
        assert second.statistic == pytest.approx(statistic / wanted.sum(), rel=1e-9)
        assert second.df == pytest.approx(d, rel=1e-9)
        assert first.p == pytest.approx(stats.chi2.sf(statistic / wanted.mean(), 7), rel=1e-9)


def _eigenvalues_by_pseudo_inverse(table: rao_scott.WeightedTable) -> np.ndarray[Any, Any]:
    """Of (C'D⁻¹C/n)⁺ C'D⁻¹ V D⁻¹ C with C the deviations of rows times those of columns."""
    down, across = (np.eye(size) - 1 / size for size in table.shares.shape)
    contrasts = np.kron(down, across)
    p = table.shares.ravel()
    inverse = np.diag([1 / share if share else 0 for share in p])
    simple = contrasts.T @ inverse @ contrasts / table.n
    designed = contrasts.T @ inverse @ table.covariance @ inverse @ contrasts
    found = np.linalg.eigvals(np.linalg.pinv(simple, rcond=1e-10, hermitian=True) @ designed)
    return np.asarray(found.real)
