"""All domains at once give what one domain at a time does, whose numbers are compared with R's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis import domain_estimates, domains
from analysis.design_estimates import ratio, totals
from analysis.designs import Design, survey_design
from analysis.domain_estimates import DomainEstimates, domain_ratios, domain_totals
from analysis.domains import Domains
from analysis.jackknife import jackknife
from analysis.weighting import Margin, post_stratify, rake

N, GROUPS = 400, 6
DICE = np.random.default_rng(11)
TOP, BOTTOM = DICE.normal(5, 3, N), DICE.integers(0, 4, N).astype(float)
CODES = DICE.integers(-1, GROUPS - 1, N)  # nobody is in the last group
WEIGHTS = np.where(DICE.random(N) < 0.05, 0, DICE.gamma(3, 1, N))
CLUSTERS = DICE.permutation(np.arange(N) % 60)
STRATA = CLUSTERS % 5
HALVES, THIRDS = DICE.integers(0, 2, N), DICE.integers(0, 3, N)
MARGINS = [Margin("a", HALVES, [300, 500]), Margin("b", THIRDS, [200, 250, 350])]
LONELY = np.where(CLUSTERS == 7, 5, STRATA)


def several(lonely: Any = "refuse") -> Design:
    """Five strata of clusters; one is alone in a sixth where there is a rule for that."""
    strata = STRATA if lonely == "refuse" else LONELY
    return survey_design(weights=WEIGHTS, strata=strata, clusters=CLUSTERS, lonely=lonely)


DESIGNS = {
    "plain": survey_design(N),
    "weights": survey_design(weights=WEIGHTS),
    "strata": survey_design(strata=STRATA, population=(STRATA + 2) * 100),
    "one stratum whole": survey_design(
        strata=STRATA, population=np.where(STRATA == 1, np.sum(STRATA == 1), 900)
    ),
    "clusters": several(),
    **{lonely: several(lonely) for lonely in ("certainty", "adjust", "average")},
    "groups are strata": survey_design(weights=WEIGHTS, strata=CODES + 1, clusters=CLUSTERS),
    "two stages": survey_design(
        clusters=(CLUSTERS, np.arange(N)), population=(np.full(N, 200), np.full(N, 50))
    ),
    "raked": rake(survey_design(N), MARGINS),
    "raked in strata": rake(survey_design(weights=WEIGHTS, strata=STRATA), MARGINS),
    "raked clusters": rake(several(), MARGINS),
    "raked, two stages": rake(
        survey_design(
            clusters=(CLUSTERS, np.arange(N)), population=(np.full(N, 200), np.full(N, 50))
        ),
        MARGINS,
    ),
    "post-stratified": post_stratify(survey_design(weights=WEIGHTS, clusters=CLUSTERS), MARGINS[1]),
}
DRAWN = {name: design for name, design in DESIGNS.items() if design.calibration is None}


def found(design: Design, measure: str, **how: Any) -> DomainEstimates:
    made = Domains(design, CODES, GROUPS)
    if measure == "total":
        return domain_totals(made, TOP[made.rows], **how)
    return domain_ratios(made, TOP[made.rows], BOTTOM[made.rows], **how)


@pytest.fixture(params=["at once", "in blocks"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in blocks":
        monkeypatch.setattr(domain_estimates, "BLOCK", 100)
        monkeypatch.setattr(domains, "TABLE", 0)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("measure", ["total", "ratio"])
@pytest.mark.parametrize("name", DESIGNS)
def test_each_domain_has_the_estimate_of_one_domain(name: str, measure: str) -> None:
    design = DESIGNS[name]
    all_at_once = found(design, measure)
    for group in range(GROUPS - 1):
        inside = group == CODES
        if measure == "total":
            one = totals(design, TOP, inside)
            assert all_at_once.counts[group] == one.counts[0]
        else:
            one = ratio(design, TOP, BOTTOM, inside)
            assert all_at_once.counts[group] == np.count_nonzero(inside & (design.weights > 0))
        own = all_at_once.at(group)
        assert own.values == pytest.approx(one.values, rel=1e-12)
        assert own.se == pytest.approx(one.se, rel=1e-11)
        assert own.df == one.df
        if measure == "total":
            assert own.srs_variances == pytest.approx(one.srs_variances, rel=1e-11)
            assert own.population == pytest.approx(one.population, rel=1e-12)


@pytest.mark.parametrize("name", DESIGNS)
def test_answers_all_alike_count_as_often_in_each_domain_as_in_one(name: str) -> None:
    made = Domains(DESIGNS[name], CODES, GROUPS)
    alike = np.ones(N)
    all_at_once = domain_ratios(made, alike[made.rows], alike[made.rows])
    for group in range(GROUPS - 1):
        one = ratio(DESIGNS[name], alike, alike, group == CODES)
        assert one.variances == all_at_once.at(group).variances == [0]
        assert all_at_once.at(group).independent == pytest.approx(one.independent)


@pytest.mark.parametrize("measure", ["total", "ratio"])
@pytest.mark.parametrize("name", DRAWN)
def test_jackknife_of_each_domain_is_that_of_one_domain(name: str, measure: str) -> None:
    all_at_once = found(DRAWN[name], measure, jackknife=True)
    columns = np.stack([TOP, BOTTOM], axis=1)[:, : 1 if measure == "total" else 2]
    for group in range(GROUPS - 1):
        inside = np.where((group == CODES)[:, None], columns, 0)
        one = jackknife(DRAWN[name], inside, lambda sums: sums[..., :1] / _bottom(sums))
        assert all_at_once.at(group).se == pytest.approx(one.se, rel=1e-9)


def _bottom(sums: np.ndarray[Any, Any]) -> Any:
    return sums[..., 1:] if sums.shape[-1] == 2 else 1.0


@pytest.mark.parametrize("how", [{}, {"jackknife": True}])
def test_a_domain_of_nobody_has_no_value_and_no_warning(how: Any) -> None:
    for measure in ("total", "ratio"):
        own = found(DESIGNS["clusters"], measure, **how)
        assert np.isnan(own.values[-1]) and own.counts[-1] == own.df[-1] == 0
        assert np.isfinite(own.values[:-1]).all()


def test_domains_apart_are_plain_samples_of_their_own() -> None:
    made = Domains(DESIGNS["plain"], CODES, GROUPS, apart=True)
    for how in ({}, {"jackknife": True}):
        own = domain_ratios(made, TOP[made.rows], np.ones(len(made.rows)), **how)  # type: ignore[arg-type]
        for group in range(GROUPS - 1):
            values = TOP[group == CODES]
            assert own.variances[group] == pytest.approx(values.var(ddof=1) / len(values))
            assert own.at(group).design_effects(replacement=True)[0] == pytest.approx(1)


def test_a_constant_has_no_design_effect_made_of_rounding() -> None:
    made = Domains(DESIGNS["weights"], CODES, GROUPS)
    own = domain_totals(made, np.full(len(made.rows), 0.3))
    assert own.at(0).design_effects(replacement=True) == (None,)
