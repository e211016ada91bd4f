"""Intervals of shares of simple samples against R (tests/golden)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from api_samples import reference

from analysis import intervals
from analysis.association import pearson

R = reference("proportions")


def case_name(case: dict[str, Any]) -> str:
    return f"{case['x']}of{case['n']}at{case['level']}"


@pytest.mark.parametrize("case", R["single"], ids=case_name)
@pytest.mark.parametrize(
    ("method", "key"),
    [
        (intervals.wilson, "wilson"),
        (intervals.wilson_corrected, "wilson_cc"),
        (intervals.clopper_pearson, "clopper_pearson"),
        (intervals.jeffreys, "jeffreys"),
    ],
)
def test_interval_of_a_share(case: dict[str, Any], method: Any, key: str) -> None:
    found = method(case["x"], case["n"], case["level"])
    assert [found.low, found.high] == pytest.approx(case[key], rel=1e-9)


@pytest.mark.parametrize("case", R["single"], ids=case_name)
def test_agresti_coull_before_and_after_clipping(case: dict[str, Any]) -> None:
    arguments = (case["x"], case["n"], case["level"])
    wanted = case["agresti_coull_unclipped"]
    assert intervals.agresti_coull_ends(*arguments) == pytest.approx(wanted, rel=1e-9)
    found = intervals.agresti_coull(*arguments)
    assert [found.low, found.high] == pytest.approx(np.clip(wanted, 0, 1), rel=1e-9)


@pytest.mark.parametrize("case", R["single"], ids=case_name)
def test_wald_is_clipped(case: dict[str, Any]) -> None:
    found = intervals.wald(case["x"], case["n"], case["level"])
    wanted = np.clip(case["wald_unclipped"], 0, 1)
    assert [found.low, found.high] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("case", R["difference"], ids=lambda c: f"{c['x1']}of{c['n1']}")
def test_newcombe_interval_of_a_difference(case: dict[str, Any]) -> None:
    found = intervals.newcombe(case["x1"], case["n1"], case["x2"], case["n2"])
    assert [found.low, found.high] == pytest.approx(case["newcombe_hybrid_score"], rel=1e-9)
    if case["pearson_X2"] is not None:
        rows = [[case[f"x{i}"], case[f"n{i}"] - case[f"x{i}"]] for i in (1, 2)]
        test = pearson(rows)
        assert [test.statistic, test.p, test.statistic**0.5] == pytest.approx(
            [case["pearson_X2"], case["p"], case["z_pooled"]], rel=1e-9
        )


@pytest.mark.parametrize("case", R["multinomial"], ids=lambda c: str(len(c["counts"])))
def test_simultaneous_intervals(case: dict[str, Any]) -> None:
    np.testing.assert_allclose(
        intervals.goodman(case["counts"]), case["goodman_bonferroni_1mA_over_k"], rtol=1e-9
    )
    np.testing.assert_allclose(
        intervals.quesenberry_hurst(case["counts"]), case["quesenberry_hurst_df_km1"], rtol=1e-9
    )
