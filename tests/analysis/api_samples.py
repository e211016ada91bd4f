"""The school samples of R survey with their derived columns and designs, as tests/golden has them.

The columns follow tests/golden/README.md; nothing here is computed by the code under test but the
designs themselves.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.design_estimates import Estimates
from analysis.designs import Design, survey_design

GOLDEN = Path(__file__).parents[1] / "golden"
TICKS = {
    "m_sch": "sch.wide",
    "m_comp": "comp.imp",
    "m_both": "both",
    "m_awd": "awards",
    "m_yr": "yr.rnd",
}
FILES = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1"}


def reference(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@cache
def schools(design: str) -> pd.DataFrame:
    frame = pd.read_csv(GOLDEN / f"{FILES[design]}.csv")
    for tick, column in TICKS.items():
        frame[tick] = (frame[column] == "Yes").astype(float)
    frame["m_n"] = frame[list(TICKS)].sum(axis=1)
    frame["sat"] = np.digitize(frame["api00"], [500, 600, 700, 800], right=True) + 1
    frame["satf"] = frame["sat"]
    frame["sat100"] = (frame["sat"] - 1) * 25.0
    frame["top2"] = (frame["sat"] >= 4).astype(float)
    frame["bot2"] = (frame["sat"] <= 2).astype(float)
    frame["net"] = frame["top2"] - frame["bot2"]
    return frame


@cache
def design_of(name: str) -> Design:
    """As the `call` of survey_designs.json says."""
    f = schools(name)
    if name == "srs":
        return survey_design(weights=f["pw"], population=f["fpc"])
    if name == "strat":
        return survey_design(weights=f["pw"], strata=f["stype"], population=f["fpc"])
    return survey_design(weights=f["pw"], clusters=f["dnum"], population=f["fpc"])


def coded(column: pd.Series) -> tuple[np.ndarray, int]:
    """Codes in the order of R's factor levels, and how many there are."""
    found = pd.Categorical(column)
    return np.asarray(found.codes, dtype=int), len(found.categories)


def listed(values: Any) -> list[float]:
    """R's named vector (a JSON object), vector or single number as a list."""
    if isinstance(values, dict):
        return list(values.values())
    return values if isinstance(values, list) else [values]


def assert_equals(found: Estimates, expected: dict[str, Any], rel: float = 1e-9) -> None:
    """Estimate, standard error, covariance and both intervals, as far as R's object has them."""
    size = np.abs(listed(expected["estimate"])).max()
    near = {"rtol": rel, "atol": rel * max(size, 1e-3) * 1e-3}
    np.testing.assert_allclose(found.values, listed(expected["estimate"]), **near)
    np.testing.assert_allclose(found.se, listed(expected["se"]), **near)
    if "vcov" in expected:
        wanted = np.array(expected["vcov"])
        scale = max(np.abs(wanted).max(), size**2 * 1e-18)
        np.testing.assert_allclose(found.covariance, wanted, rtol=rel, atol=1e-12 * scale)
    for key, ends in (
        ("ci95_normal", found.normal_intervals()),
        ("ci95_t_degf", found.t_intervals()),
    ):
        if key in expected:
            wanted = np.array(expected[key]).reshape(-1, 2)
            np.testing.assert_allclose(ends, wanted, **near)
