"""Described sample designs against R survey 4.5 (tests/golden/calibration.json)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from api_samples import assert_equals, coded, reference, schools

from analysis.design_estimates import category_totals, means, score_means, shares, totals
from analysis.responses import Labels, Responses
from analysis.sample_design_files import read_sample_design
from analysis.sample_designs import WHOLE, PopulationMargin, SampleDesign, design_of
from analysis.weighting import summarise_weights
from surveys.catalogue import find

R = reference("calibration")
SCORES = np.arange(5) * 25.0
STYPE = PopulationMargin(("stype",), R["population"]["stype"])
WIDE = PopulationMargin(("sch.wide",), R["population"]["sch.wide"])
DESCRIBED = {
    "postStratify_clus1_stype": (
        "clus1",
        SampleDesign(
            clusters=("dnum",),
            population=({WHOLE: 757},),
            margins=(STYPE,),
            method="post_stratify",
        ),
    ),
    "rake_strat": (
        "strat",
        SampleDesign(
            strata=("stype",),
            population=(R["population"]["stype"],),
            margins=(STYPE, WIDE),
            method="rake",
        ),
    ),
}


def responses(sample: str) -> tuple[pd.DataFrame, Responses]:
    """The schools as responses that came with the weights of their draw."""
    frame = schools(sample)
    groups = {}
    for name in ("stype", "sch.wide", "dnum"):
        known = pd.Categorical(frame[name].astype(str))
        codes = np.asarray(known.codes, dtype=np.int32)
        groups[name] = Labels(codes, tuple(map(str, known.categories)))
    weights = frame["pw"].to_numpy(float)
    return frame, Responses(find("dibao-cadres@2"), {}, len(frame), groups, weights)


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_described_design_gives_the_estimates_of_r(name: str) -> None:
    sample, described = DESCRIBED[name]
    frame, given = responses(sample)
    design, wanted = design_of(given, described), R[name]
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


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_was_stored_and_read_again_gives_the_same_weights(name: str) -> None:
    sample, described = DESCRIBED[name]
    again = read_sample_design(described.as_data())
    assert again == described
    _, given = responses(sample)
    same = design_of(given, again).weights == design_of(given, described).weights
    assert same.all()


KISH = {
    "clus1_pw": ("clus1", ()),
    "strat_pw": ("strat", ()),
    "postStratify": ("clus1", (STYPE,)),
    "rake": ("clus1", (STYPE, WIDE)),
    "rake_strat": ("strat", (STYPE, WIDE)),
}


@pytest.mark.parametrize("name", KISH)
def test_the_weights_of_a_described_design_are_as_unequal_as_in_r(name: str) -> None:
    sample, margins = KISH[name]
    method = read_sample_design(
        {"margins": [{"by": m.by, "population": m.population} for m in margins]}
    ).method
    _, given = responses(sample)
    design = design_of(given, SampleDesign(margins=margins, method=method))
    found, wanted = summarise_weights(design.weights), R["kish"][name]
    near = 1e-7 if name == "rake" else 1e-9
    assert [found.total, found.kish_effect, found.effective_n] == pytest.approx(
        [wanted["sum"], wanted["kish_deff"], wanted["n_eff"]], rel=near
    )


def test_without_weights_of_their_own_responses_count_by_the_sampling_fraction() -> None:
    frame, given = responses("strat")
    _, described = DESCRIBED["rake_strat"]
    drawn = replace(described, margins=(), method="none")
    design = design_of(replace(given, weights=None), drawn)
    population = frame["stype"].map(R["population"]["stype"])
    sampled = frame.groupby("stype")["stype"].transform("size")
    np.testing.assert_allclose(design.weights, population / sampled, rtol=1e-12)
