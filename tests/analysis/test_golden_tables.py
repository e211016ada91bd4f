"""Tests and measures of tables of counts against R (tests/golden)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import reference
from scipy import stats

from analysis import association, fisher, ordinal
from analysis.association import Test
from analysis.multiplicity import adjusted

R = reference("tables")
TABLES = [name for name in R if "table" in R[name]]


@pytest.fixture(params=TABLES)
def wanted(request: pytest.FixtureRequest) -> dict[str, Any]:
    return R[request.param]


def figures(test: Test) -> list[float]:
    return [test.statistic, test.df, test.p]


def test_pearson_and_likelihood_ratio(wanted: dict[str, Any]) -> None:
    x2, g2 = association.pearson(wanted["table"]), association.likelihood_ratio(wanted["table"])
    expected = [wanted["pearson"][key] for key in ("X2", "df", "p")]
    assert figures(x2) == pytest.approx(expected, rel=1e-9)
    assert figures(g2) == pytest.approx(list(wanted["G2"].values()), rel=1e-9)
    assert x2.n == wanted["n"]


def test_yates_correction(wanted: dict[str, Any]) -> None:
    if wanted["yates"] is None:
        with pytest.raises(association.CannotComputeError):
            association.yates(wanted["table"])
        return
    found = association.yates(wanted["table"])
    assert [found.statistic, found.p] == pytest.approx(list(wanted["yates"].values()), rel=1e-9)


def test_expected_counts_and_residuals(wanted: dict[str, Any]) -> None:
    for found, key in (
        (association.expected, "expected"),
        (association.pearson_residuals, "residuals_pearson"),
        (association.adjusted_residuals, "residuals_adjusted"),
    ):
        np.testing.assert_allclose(found(wanted["table"]), wanted[key], rtol=1e-9)


def test_strength_of_association(wanted: dict[str, Any]) -> None:
    for found, key in (
        (association.cramers_v, "cramers_v"),
        (association.cramers_v_corrected, "cramers_v_bias_corrected"),
        (association.contingency_coefficient, "contingency_coef"),
        (ordinal.kendall_tau_b, "kendall_tau_b"),
        (ordinal.spearman, "spearman"),
        (ordinal.score_correlation, "pearson_r_scores"),
        (ordinal.gamma, "gamma"),
    ):
        assert found(wanted["table"]) == pytest.approx(wanted[key], rel=1e-9), key
    if wanted["phi"] is not None:
        assert association.phi(wanted["table"]) == pytest.approx(wanted["phi"], rel=1e-9)


def test_linear_by_linear(wanted: dict[str, Any]) -> None:
    found = ordinal.linear_by_linear(wanted["table"])
    assert [found.statistic, found.p] == pytest.approx(
        [wanted["linear_by_linear_M2"], wanted["linear_by_linear_p"]], rel=1e-9
    )


def test_fisher(wanted: dict[str, Any]) -> None:
    assert fisher.fisher_exact(wanted["table"]) == pytest.approx(wanted["fisher_p"], rel=1e-9)


def test_conditional_odds_ratio() -> None:
    """R finds these roots to about 1e-4 of the parameter it solves for (uniroot's default), so
    that the ends are also checked against the tail probabilities that define them."""
    wanted = R["tea_tasting_Fisher1935"]
    found = fisher.conditional_odds_ratio(wanted["table"])
    ends = [found.interval.low, found.interval.high]
    assert found.value == pytest.approx(wanted["fisher_odds_ratio"], rel=1e-5)
    assert ends == pytest.approx(wanted["fisher_or_ci95"], rel=1e-2)
    tails = (
        stats.nchypergeom_fisher.sf(2, 8, 4, 4, ends[0]),
        stats.nchypergeom_fisher.cdf(3, 8, 4, 4, ends[1]),
    )
    assert tails == pytest.approx([0.025, 0.025], rel=1e-6)


def test_goodness_of_fit() -> None:
    wanted = R["gof"]
    found = association.goodness_of_fit(wanted["x"], wanted["p"])
    assert figures(found) == pytest.approx([wanted[k] for k in ("X2", "df", "pvalue")], rel=1e-9)


@pytest.mark.parametrize("method", [key for key in R["p_adjust"] if key != "p"])
def test_adjusted_p_values(method: str) -> None:
    found = adjusted(R["p_adjust"]["p"], method)
    np.testing.assert_allclose(found, R["p_adjust"][method], rtol=1e-12)
