"""Reliability and validity: definitions checked by hand, and 不适用 with its reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.refusals import CannotComputeError, NotApplicableError
from analysis.reliability import cronbach_alpha, items_of, split_half
from analysis.validity import bartlett, eigenvalues, kmo, omega, one_factor

RNG = np.random.default_rng(3)
TRAIT = RNG.normal(size=400)
ITEMS = np.clip(np.round(3 + TRAIT[:, None] + RNG.normal(size=(400, 5))), 1, 5)


def test_parallel_items_have_the_reliability_of_spearman_and_brown() -> None:
    alpha = cronbach_alpha(items_of(ITEMS))
    r = np.corrcoef(ITEMS.T)
    average = r[np.triu_indices(5, 1)].mean()
    assert alpha.standardised == pytest.approx(5 * average / (1 + 4 * average))
    assert alpha.interval.low < alpha.alpha < alpha.interval.high
    assert omega(items_of(ITEMS)).raw == pytest.approx(alpha.alpha, abs=0.02)


OPPOSED = np.array([[1, 5], [2, 3], [3, 1], [1, 5.0]])


def test_opposite_items_of_unequal_spread_have_alpha_but_no_standardised_one() -> None:
    """Their sums 6, 5, 4, 6 vary by 11/12, the items by 11/12 and 44/12: α = 2 (1 - 5) = -8."""
    found = cronbach_alpha(items_of(OPPOSED))
    assert found.alpha == pytest.approx(-8)
    assert found.standardised is None and found.guttman_lambda6 is None
    assert found.average_correlation == pytest.approx(-1)
    assert np.isfinite([found.se, found.interval.low, found.interval.high]).all()


def test_opposite_items_of_equal_spread_have_no_alpha() -> None:
    with pytest.raises(NotApplicableError, match="does not vary"):
        cronbach_alpha(items_of([[1, 5], [2, 4], [3, 3], [4, 2], [5, 1]]))


@pytest.mark.parametrize("items", [OPPOSED, [[1, 5], [2, 4], [3, 3], [4, 2], [5, 1]]])
def test_opposite_halves_are_not_applicable(items: Any) -> None:
    with pytest.raises(NotApplicableError, match="exact opposites") as refused:
        split_half(items_of(items))
    assert "反向计分" in refused.value.text("zh")


def test_item_rest_is_the_correlation_with_the_sum_of_the_others() -> None:
    found = cronbach_alpha(items_of(ITEMS)).item_rest
    wanted = [np.corrcoef(ITEMS[:, i], np.delete(ITEMS, i, 1).sum(1))[0, 1] for i in range(5)]
    assert found == pytest.approx(tuple(wanted))


def test_a_reversed_item_is_turned() -> None:
    turned = ITEMS.copy()
    turned[:, 2] = 6 - turned[:, 2]
    whole = cronbach_alpha(items_of(ITEMS))
    assert cronbach_alpha(items_of(turned)).alpha < whole.alpha - 0.2
    assert cronbach_alpha(items_of(turned, reverse=[2])).alpha == pytest.approx(whole.alpha)


def test_incomplete_responses_are_left_out_and_counted() -> None:
    holes = ITEMS.copy()
    holes[:7, 1] = np.nan
    found = items_of(holes)
    assert (found.n, found.n_given) == (393, 400)
    assert cronbach_alpha(found).alpha == cronbach_alpha(items_of(ITEMS[7:])).alpha


def test_two_items_have_alpha_but_none_without_one_of_them() -> None:
    found = cronbach_alpha(items_of(ITEMS[:, :2]))
    assert found.if_deleted == (None, None)
    assert split_half(items_of(ITEMS[:, :2])) > 0.5


def test_three_items_have_loadings_but_no_test_of_fit() -> None:
    found = one_factor(items_of(ITEMS[:, :3]))
    assert found.fit is None
    r = items_of(ITEMS[:, :3]).correlation
    exact = np.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
    assert found.loadings[0] == pytest.approx(exact, abs=1e-3)


def test_a_heywood_case_is_marked() -> None:
    """One factor would need a first loading of √(0.8 · 0.8/0.5) > 1."""
    root = np.linalg.cholesky([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    found = omega(items_of(RNG.normal(size=(2000, 3)) @ root.T))
    assert found.factor.heywood
    assert np.isfinite([found.raw, found.standardised, found.raw_observed]).all()


SAME = np.column_stack([ITEMS[:, 0], ITEMS[:, 0], ITEMS[:, 1]])
NOT_APPLICABLE: dict[str, tuple[Any, str]] = {
    "one item": (ITEMS[:, :1], "one_item"),
    "one item as a row": (ITEMS[:, 0], "one_item"),
    "two responses": (ITEMS[:2], "few_complete"),
    "nobody complete": (np.full((9, 3), np.nan), "few_complete"),
    "a constant item": (np.column_stack([ITEMS[:, 0], np.ones(400)]), "constant_item"),
    "a sum that is constant": (np.column_stack([ITEMS[:, 0], 6 - ITEMS[:, 0]]), "no_covariance"),
}


@pytest.mark.parametrize(("values", "code"), NOT_APPLICABLE.values(), ids=NOT_APPLICABLE.keys())
def test_what_has_no_reliability_says_why(values: Any, code: str) -> None:
    with pytest.raises(NotApplicableError) as caught:
        cronbach_alpha(items_of(values))
    assert caught.value.code == code
    assert caught.value.text("zh").startswith("不适用：")
    assert caught.value.text("en").startswith("Not applicable: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ({"names": ["a", "b"]}, "item_names_differ", "题名有 2 个，题目有 5 个"),
        ({"names": ["a"]}, "item_names_differ", "There are 1 names for 5 items"),
        ({"reverse": [7]}, "reversed_not_chosen", "反向计分的 7 "),
        ({"reverse": [0, 5, -1]}, "reversed_not_chosen", "5, -1 are to be reversed"),
    ],
)
def test_names_and_places_of_no_item_are_refused(arguments: Any, code: str, said: str) -> None:
    with pytest.raises(CannotComputeError) as caught:
        items_of(ITEMS, **arguments)
    assert caught.value.code == code
    assert said in caught.value.text("zh") + caught.value.text("en")


def test_an_infinite_answer_is_refused_and_not_left_out() -> None:
    items = ITEMS.astype(float)
    items[:2, 0] = np.inf
    items[1, 1] = np.nan
    with pytest.raises(CannotComputeError) as caught:
        items_of(items)
    assert (caught.value.code, caught.value.details) == ("value_infinite", {"count": 1})


def test_items_that_repeat_each_other_have_alpha_but_no_validity() -> None:
    items = items_of(SAME)
    assert cronbach_alpha(items).guttman_lambda6 is None
    for coefficient in (kmo, bartlett, omega, one_factor):
        with pytest.raises(NotApplicableError) as caught:
            coefficient(items)
        assert caught.value.code == "dependent_items"


def test_one_factor_wants_three_items() -> None:
    with pytest.raises(NotApplicableError, match="at least 3"):
        one_factor(items_of(ITEMS[:, :2]))


def test_adequacy_and_eigenvalues_are_within_their_bounds() -> None:
    items = items_of(ITEMS)
    adequacy = kmo(items)
    assert all(0 <= value <= 1 for value in (adequacy.overall, *adequacy.items))
    assert sum(eigenvalues(items)) == pytest.approx(5)
    assert bartlett(items).p < 1e-10


def test_levels_outside_of_the_unit_interval_are_refused() -> None:
    with pytest.raises(CannotComputeError):
        cronbach_alpha(items_of(ITEMS), 95)
