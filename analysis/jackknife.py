"""Jackknife variances: each first-stage unit is left out in turn, without a derivative by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from analysis.design_estimates import Estimates, without_noise
from analysis.designs import Design, Floats
from analysis.linearisation import sums_per_code
from analysis.refusals import CannotComputeError
from analysis.stages import Codes, Stage

Centre = Literal["replicates", "estimate"]


def jackknife(
    design: Design,
    values: Any,
    statistic: Callable[[Floats], Floats],
    *,
    centre: Centre = "replicates",
) -> Estimates:
    """Estimate and jackknife covariance of any function of weighted totals.

    values: (n,) or (n, k) finite numbers, 0 outside of a domain; `statistic` maps totals Σ w·value
    of shape (..., k) to (..., m), such as `lambda t: t[..., :1] / t[..., 1:]` for a ratio. Leaving
    out unit i of stratum h multiplies the weights of the others of h by m/(m - 1) (JK1 with one
    stratum, JKn with several; Wolter 2007, 4); the variance is
    Σ_h (1 - f)(m - 1)/m Σ_i (θ₍ₕᵢ₎ - centre)², the centre being the mean of all replicates (as R
    survey by default) or the estimate (mse=TRUE). Strata with one unit add nothing.

    Later stages are ignored (as R survey does), which is right where f is small. A standard error
    that is but the rounding of its value is 0. Raises CannotComputeError as
    `refuse_for_jackknife`, for values that are missing and where no replicate can be made or the
    statistic has no value for one of them.
    """
    if centre not in ("replicates", "estimate"):
        raise CannotComputeError("unknown_choice", given=centre, allowed="replicates, estimate")
    refuse_for_jackknife(design)
    columns = _columns(design, values)
    totals = design.weights @ columns
    thetas, scales = _replicates(design, columns, totals, statistic)
    value = np.atleast_1d(np.asarray(statistic(totals), dtype=np.float64))
    if not (np.isfinite(thetas).all() and np.isfinite(value).all()):
        raise CannotComputeError("denominator_zero")
    thetas, scales = thetas[scales > 0], scales[scales > 0]
    middle = thetas.mean(axis=0) if centre == "replicates" and len(thetas) else value
    gaps = thetas - middle
    inside = (columns != 0).any(axis=1)
    return Estimates(
        values=value,
        covariance=without_noise(design, (gaps * scales[:, None]).T @ gaps, value),
        counts=np.full(len(value), int(np.count_nonzero(inside & (design.weights > 0)))),
        df=design.degrees_of_freedom(),
        places=tuple(range(len(value))),
    )


def refuse_for_jackknife(design: Design) -> None:
    """Raises CannotComputeError for calibrated weights, which would have to be fitted again without
    each unit, and where all first-stage units of a stratum were drawn (f = 1) but not all units of
    a later stage: all of its variance is in the stages that the jackknife ignores."""
    if design.calibration is not None:
        raise CannotComputeError("not_for_calibrated")
    first = design.stages[0]
    whole = first.whole[0] if first.strata is None else first.whole[first.strata]
    if np.any(whole & ~design.whole_rows & (design.weights > 0)):
        raise CannotComputeError("jackknife_of_whole_stage")


def _columns(design: Design, values: Any) -> Floats:
    columns = np.asarray(values, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if len(columns) != design.n:
        raise CannotComputeError(
            "lengths_differ", what="values", given=len(columns), expected=design.n
        )
    missing = int(np.count_nonzero(~np.isfinite(columns).all(axis=1)))
    if missing:
        raise CannotComputeError("value_missing", count=missing)
    return columns


def _replicates(
    design: Design, columns: Floats, totals: Floats, statistic: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """(U, m) statistic without each unit, (U,) its factor; units alone in a stratum left out."""
    stage = design.stages[0]
    sums = design.weights[:, None] * columns
    if stage.units is not None:
        sums = sums_per_code(stage.units, sums, int(stage.units.max()) + 1)
    strata = _strata(stage, len(sums))
    kept = stage.sampled[strata] > 1
    if not kept.any():
        raise CannotComputeError("no_degrees_of_freedom")
    per_stratum = sums_per_code(strata, sums, len(stage.sampled))
    strata, sums = strata[kept], sums[kept]
    m = stage.sampled[strata]
    without = totals + (per_stratum[strata] - m[:, None] * sums) / (m - 1)[:, None]
    thetas = np.asarray(statistic(without), dtype=np.float64).reshape(len(sums), -1)
    return thetas, stage.factors[strata] * ((m - 1) / m) ** 2


def _strata(stage: Stage, units: int) -> Codes:
    return np.zeros(units, dtype=np.intp) if stage.unit_strata is None else stage.unit_strata
