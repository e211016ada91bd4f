"""Post-stratification, raking and Kish's figures against R survey 4.5 (tests/golden)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from api_samples import assert_equals, coded, design_of, reference, schools

from analysis.design_estimates import category_totals, means, score_means, shares, totals
from analysis.designs import Design
from analysis.weighting import Margin, post_stratify, rake, summarise_weights

R = reference("calibration")
SCORES = np.arange(5) * 25.0


def margin(frame: pd.DataFrame, column: str) -> Margin:
    population = R["population"][column]
    codes = pd.Categorical(frame[column], categories=list(population)).codes
    return Margin(column, np.asarray(codes, dtype=int), list(population.values()))


def weighted(name: str) -> tuple[pd.DataFrame, Design]:
    if name == "postStratify_clus1_stype":
        frame = schools("clus1")
        return frame, post_stratify(design_of("clus1"), margin(frame, "stype"))
    frame = schools("strat")
    margins = [margin(frame, "stype"), margin(frame, "sch.wide")]
    return frame, rake(design_of("strat"), margins)


@pytest.mark.parametrize("name", ["postStratify_clus1_stype", "rake_strat"])
def test_estimates_under_calibrated_weights(name: str) -> None:
    (frame, design), wanted = weighted(name), R[name]
    assert design.degrees_of_freedom() == wanted["degf"]
    assert design.weights.sum() == pytest.approx(wanted["sum_weights"], rel=1e-12)
    codes = frame["sat"].to_numpy() - 1
    for key, found in {
        "svytotal_enroll": totals(design, frame["enroll"]),
        "svymean_api00": means(design, frame["api00"]),
        "svytotal_stype": category_totals(design, *coded(frame["stype"])),
        "svymean_sch.wide": shares(design, *coded(frame["sch.wide"])),
        "svymean_top2": score_means(design, codes, SCORES >= 75),
        "svymean_sat100": score_means(design, codes, SCORES),
        "svymean_satf": shares(design, codes, 5),
    }.items():
        assert_equals(found, wanted[key])


@pytest.mark.parametrize("name", ["postStratify_clus1_stype", "rake_strat"])
def test_codes_and_numbers_have_the_same_standard_error(name: str) -> None:
    frame, design = weighted(name)
    codes = frame["sat"].to_numpy() - 1
    ticked = codes[:, None] == np.arange(5)
    np.testing.assert_allclose(
        shares(design, codes, 5).covariance, means(design, ticked).covariance, atol=1e-16
    )


def kish_weights(name: str) -> np.ndarray:
    clusters, strata = schools("clus1"), schools("strat")
    both = [margin(clusters, "stype"), margin(clusters, "sch.wide")]
    if name == "rake":
        return rake(design_of("clus1"), both).weights
    return {
        "clus1_pw": clusters["pw"].to_numpy(),
        "strat_pw": strata["pw"].to_numpy(),
        "postStratify": weighted("postStratify_clus1_stype")[1].weights,
        "rake_strat": weighted("rake_strat")[1].weights,
    }[name]


@pytest.mark.parametrize("name", sorted(R["kish"]))
def test_unequal_weights_summarised(name: str) -> None:
    wanted, found = R["kish"][name], summarise_weights(kish_weights(name))
    # R's raking stops when no category is off by 1e-12 of the population, not of itself.
    near = 1e-7 if name == "rake" else 1e-9
    assert [
        found.total,
        found.kish_effect,
        found.effective_n,
        found.lowest,
        found.highest,
    ] == pytest.approx([wanted[k] for k in ("sum", "kish_deff", "n_eff", "min", "max")], rel=near)
    assert found.cv == pytest.approx(wanted["cv"], rel=near, abs=1e-12)
