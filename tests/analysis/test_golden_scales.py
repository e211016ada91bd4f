"""Reliability, validity, sample sizes and multiple-response tests against R (tests/golden)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from api_samples import GOLDEN, listed, reference

from analysis import reliability, sampling, validity
from analysis.multiple_response import compare_groups, tick_patterns, unadjusted_statistic

R = reference("reliability")["attitude"]
COMPLETE, PSYCH = R["complete_cases"], R["psych_alpha_pairwise"]
SIZES = reference("sample_size")
MR = reference("multi_response")["mr_synthetic"]


@pytest.fixture(scope="module")
def items() -> reliability.Items:
    frame = pd.read_csv(GOLDEN / "attitude.csv")
    return reliability.items_of(frame, list(frame.columns))


def near(expected: object, rel: float = 1e-9) -> object:
    return pytest.approx(np.array(listed(expected)), rel=rel)


def test_cronbach_alpha(items: reliability.Items) -> None:
    found = reliability.cronbach_alpha(items)
    assert (found.n, found.k) == (R["n_complete"], R["k"])
    assert found.alpha == near(COMPLETE["alpha"])
    assert [found.interval.low, found.interval.high] == near(COMPLETE["feldt_ci95"])
    assert found.standardised == near(COMPLETE["std_alpha"])
    assert found.guttman_lambda6 == near(COMPLETE["guttman_lambda6_std"])
    assert found.if_deleted == near(COMPLETE["alpha_if_deleted"])
    assert found.item_rest == near(COMPLETE["corrected_item_total_r"])
    assert found.item_rest == near(PSYCH["item_r_drop"])
    assert [found.average_correlation, found.se] == near([PSYCH["average_r"], PSYCH["ase"]])


def test_alpha_of_right_and_wrong_is_kr20() -> None:
    wanted = reference("reliability")["kr20_toy"]
    found = reliability.cronbach_alpha(reliability.items_of(wanted["data"]))
    assert found.alpha == near(wanted["alpha"])
    assert found.alpha == near(wanted["kr20_population_variance"])


def test_split_half(items: reliability.Items) -> None:
    wanted = COMPLETE["split_half_first_last_spearman_brown"]
    assert reliability.split_half(items) == near(wanted)


def test_one_factor_and_omega(items: reliability.Items) -> None:
    wanted, found = COMPLETE["ml_one_factor"], validity.omega(items)
    assert found.factor.loadings == near(wanted["loadings"], 1e-7)
    assert found.factor.uniquenesses == near(wanted["uniquenesses"], 1e-7)
    fit = found.factor.fit
    assert fit is not None
    assert [fit.statistic, fit.df, fit.p] == near([wanted[k] for k in ("chisq", "df", "p")], 1e-7)
    names = ("omega_total_standardized", "omega_total_raw_model", "omega_raw_observed_variance")
    assert [found.standardised, found.raw, found.raw_observed] == near(
        [wanted[name] for name in names], 1e-7
    )


def test_sampling_adequacy_and_sphericity(items: reliability.Items) -> None:
    adequacy, test = validity.kmo(items), validity.bartlett(items)
    assert adequacy.overall == near(COMPLETE["KMO"]["overall"])
    assert adequacy.items == near(COMPLETE["KMO"]["items"])
    wanted = [COMPLETE["bartlett"][key] for key in ("chisq", "p", "df")]
    assert [test.statistic, test.p, test.df] == near(wanted)
    assert validity.eigenvalues(items) == near(COMPLETE["eigenvalues_correlation"])


@pytest.mark.parametrize("case", SIZES["cochran"], ids=str)
def test_cochran(case: dict[str, float]) -> None:
    found = sampling.cochran(case["e"], case["p"], case["conf"])
    assert found.simple == pytest.approx(case["n0"], rel=1e-9)
    assert found.responses == found.invitations == case["n"]


@pytest.mark.parametrize("case", SIZES["with_fpc_e05"], ids=lambda c: f"N{c['N']}")
def test_finite_population(case: dict[str, float]) -> None:
    found = sampling.cochran(0.05, population=case["N"])
    assert found.finite == pytest.approx(case["n_exact"], rel=1e-9)
    assert found.responses == case["n"]
    size = sampling.krejcie_morgan(case["N"])
    assert size == pytest.approx(case["krejcie_morgan_1970"], rel=1e-9)
    assert round(size) == case["krejcie_morgan_rounded"]


@pytest.mark.parametrize("case", SIZES["power_prop_test"], ids=str)
def test_power_for_two_shares(case: dict[str, float]) -> None:
    shares = (case["p1"], case["p2"])
    found = sampling.size_two_shares(*shares, case["power"], case["sig"])
    assert found == pytest.approx(case["n_per_group"], rel=1e-7)
    power = sampling.power_two_shares(case["n_per_group"], *shares, case["sig"])
    assert power == pytest.approx(case["power"], rel=1e-7)


def test_power_for_two_means() -> None:
    case = SIZES["power_t_test"]
    found = sampling.size_two_means(case["delta"], case["sd"], case["power"])
    assert found == pytest.approx(case["n_per_group"], rel=1e-7)


def test_groups_that_tick_differently() -> None:
    frame = pd.read_csv(GOLDEN / "mr_synthetic.csv")
    patterns = tick_patterns(frame[list("ABCD")])
    found = compare_groups(patterns, frame["group"].to_numpy() - 1, 3)
    assert found.joint.n == MR["n"]
    assert unadjusted_statistic(found) == near(MR["X2_S"])
    assert found.statistics == near(MR["X2_per_option"])
    joint = [found.joint.statistic, found.joint.df, found.joint.p]
    assert joint == near([MR["rs2"][key] for key in ("X2", "df", "p")])
    assert found.adjusted == near(MR["bonferroni"]["p_per_option_adjusted"])
    assert found.smallest_adjusted == near(MR["bonferroni"]["p_overall"])
    assert found.joint.p == pytest.approx(MR["bootstrap"]["p"], abs=0.02)
