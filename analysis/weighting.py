"""Weights that meet what is known of the population: post-stratification and raking.

All work is done on the table of cells (combinations of categories), so that a million responses
cost no more than counting them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.counting import Part, packed, tallied
from analysis.designs import Calibration, Codes, Design, Floats, checked_weights
from analysis.refusals import WeightingError
from analysis.stages import as_codes, summed

TOLERANCE = 1e-12
MAX_ROUNDS = 10_000
SWEEPS = 10
"""As R survey (svyrecvar), so that standard errors agree with it to the last digit."""
SMALLEST = 1e-100
AGREEMENT = 1e-6
"""Population margins may differ in their sum by this part: published figures are rounded."""


@dataclass(frozen=True)
class Margin:
    """One known distribution. codes: (n,) category 0..K-1 of each response; targets: (K,) units of
    the population in each category (counts; shares if all margins are shares)."""

    name: str
    codes: npt.NDArray[np.integer[Any]]
    targets: Sequence[float]


@dataclass(frozen=True)
class WeightSummary:
    """How unequal weights are. kish_effect = n Σw²/(Σw)² = 1 + cv² is the factor by which unequal
    weights alone enlarge a variance; effective_n = (Σw)²/Σw² (Kish 1965, 11.7; Kish 1992)."""

    n: int
    total: float
    lowest: float
    highest: float
    cv: float
    kish_effect: float
    effective_n: float


def summarise_weights(weights: Any) -> WeightSummary:
    """n, sum, range, coefficient of variation and Kish's figures of the weights above 0.

    weights: (n,), in any unit: cv, kish_effect and effective_n do not depend on it. cv is the
    standard deviation (divisor n) over the mean. Raises DesignError for missing, negative or
    enormous weights and if all are 0.
    """
    used = checked_weights(weights, int(np.size(weights)))
    used = used[used > 0]
    total = float(used.sum())
    mean = total / len(used)
    cv = math.sqrt(float(np.mean((used - mean) ** 2))) / mean
    squares = float(used @ used)
    return WeightSummary(
        n=len(used),
        total=total,
        lowest=float(used.min()),
        highest=float(used.max()),
        cv=cv,
        kish_effect=len(used) * squares / total**2,
        effective_n=total**2 / squares,
    )


def post_stratify(design: Design, margin: Margin) -> Design:
    """The design with weights that sum to each target of one (possibly crossed) classification.

    Weights of a class are multiplied by target/Σw; variances use the scores' deviations from their
    class means, weighted by the design's weights (Holt & Smith 1979; R survey: postStratify).
    Raises WeightingError for unknown categories, empty categories with a target, categories with
    responses but none, and for a design that is calibrated already.
    """
    if design.calibration is not None:
        raise WeightingError("already_calibrated")
    given, targets = _checked(margin, design)
    codes = given.astype(np.intp)
    sums = summed(codes, design.weights, len(targets))
    _refuse_empty(margin.name, sums, targets)
    factors = np.divide(targets, sums, out=np.ones_like(targets), where=sums > 0)
    weights = design.weights * factors[codes]
    base = None if design.equal_weights else design.weights
    calibration = Calibration(codes, (np.arange(len(targets)),), base)
    return _with_weights(design, weights, calibration)


def rake(
    design: Design,
    margins: Sequence[Margin],
    *,
    bounds: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> Design:
    """The design with weights that meet several margins at once, by iterative proportional fitting
    (Deming & Stephan 1940).

    `bounds`: smallest and largest final weight as multiples of the mean weight (the truncated
    raking ratio of Deville & Särndal 1992); a weight of 0 is none: it stays 0 and is not in the
    mean. Converged once every category is within `tolerance` of
    its target (relative).

    Variances use the residuals of the scores' regression on the indicators of all margins
    (Deville & Särndal 1992), approached by sweeping out the margins' means in turn as often as R
    survey does, each response with a weight counting once.

    Margins whose sums differ by no more than a millionth are scaled to the first one's.
    Raises WeightingError as `post_stratify` does, and where the margins disagree, the rounds do
    not converge or the bounds cannot be met.
    """
    if design.calibration is not None:
        raise WeightingError("already_calibrated")
    if not margins:
        raise WeightingError("no_margins")
    checked = [_checked(margin, design) for margin in margins]
    targets = _agreeing(margins, [wanted for _, wanted in checked])
    cells, categories, rows = _crossed([codes for codes, _ in checked], targets)
    base = (
        rows * design.weights[0]
        if design.equal_weights
        else summed(cells, design.weights, len(rows))
    )
    for margin, own, wanted in zip(margins, categories, targets, strict=True):
        _refuse_empty(margin.name, summed(own, base, len(wanted)), wanted)
    calibration = Calibration(cells, tuple(categories), None, SWEEPS, rows)
    if design.weights.min() == 0:
        used = (design.weights > 0).astype(np.float64)
        calibration = replace(calibration, regression_weights=used, rows=None)
    if bounds is not None:
        weights = _fit_within(design, cells, categories, targets, bounds, tolerance, max_rounds)
        return _with_weights(design, weights, calibration)
    fitted = _fit(base, categories, targets, tolerance, max_rounds)
    factors = np.divide(fitted, base, out=np.zeros_like(base), where=base > 0)
    if not design.equal_weights:
        return _with_weights(design, design.weights * factors[cells], calibration)
    shared = design.weights[0] * factors
    calibration = replace(calibration, weights=shared)
    equal = bool(shared.min() == shared.max())
    return replace(design, weights=shared.take(cells), equal_weights=equal, calibration=calibration)


def _checked(margin: Margin, design: Design) -> tuple[npt.NDArray[np.integer[Any]], Floats]:
    codes = as_codes(margin.codes)
    if codes.shape != (design.n,):
        raise WeightingError(
            "lengths_differ", what=margin.name, given=codes.size, expected=design.n
        )
    targets = np.asarray(margin.targets, dtype=np.float64)
    if codes.min() < 0 or codes.max() >= len(targets):
        unknown = int(np.count_nonzero((codes < 0) | (codes >= len(targets))))
        raise WeightingError("margin_unknown", margin=margin.name, count=unknown)
    if not np.isfinite(targets).all() or (targets < 0).any():
        place = int(np.flatnonzero(~(targets >= 0) | np.isinf(targets))[0])
        raise WeightingError("margin_target_missing", margin=margin.name, category=place + 1)
    if not targets.any():
        raise WeightingError(
            "margin_target_missing", margin=margin.name, category=int(codes[0]) + 1
        )
    return codes, targets


def _refuse_empty(name: str, sums: Floats, targets: Floats) -> None:
    for code, wrong in (
        ("margin_empty", (sums == 0) & (targets > 0)),
        ("margin_target_missing", (sums > 0) & (targets <= 0)),
    ):
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0]) + 1
            raise WeightingError(code, margin=name, category=place)


def _agreeing(margins: Sequence[Margin], targets: list[Floats]) -> list[Floats]:
    totals = [float(wanted.sum()) for wanted in targets]
    if max(totals) - min(totals) > AGREEMENT * max(totals):
        shown = ", ".join(f"{m.name} {t:g}" for m, t in zip(margins, totals, strict=True))
        raise WeightingError("margins_disagree", totals=shown)
    return [wanted * (totals[0] / total) for wanted, total in zip(targets, totals, strict=True)]


def _crossed(
    codes: list[npt.NDArray[np.integer[Any]]], targets: list[Floats]
) -> tuple[Codes, list[Codes], Codes]:
    """(n,) cell of each response, per margin the category of each non-empty cell, and how many
    responses that has."""
    shape = [len(wanted) for wanted in targets]
    joint = packed([Part(own, size) for own, size in zip(codes, shape, strict=True)])
    if math.prod(shape) > 4 * len(joint) + 1_000_000:
        found, cells, rows = np.unique(joint, return_inverse=True, return_counts=True)
        return cells.astype(np.intp), list(np.unravel_index(found, shape)), rows
    cells = joint.astype(np.intp)
    rows = tallied(joint, math.prod(shape))
    present = np.flatnonzero(rows)
    if len(present) < len(rows):
        cells = (np.cumsum(rows > 0) - 1)[cells]
    return cells, list(np.unravel_index(present, shape)), rows[present]


def _fit(
    base: Floats, categories: list[Codes], targets: list[Floats], tolerance: float, rounds: int
) -> Floats:
    """(G,) fitted sums of weights per cell."""
    fitted, gap = base.copy(), math.inf
    for _ in range(rounds):
        gap = 0.0
        for own, wanted in zip(categories, targets, strict=True):
            sums = summed(own, fitted, len(wanted))
            factors = np.divide(wanted, sums, out=np.ones_like(wanted), where=sums > 0)
            gap = max(gap, float(np.abs(factors - 1).max()))
            fitted *= factors[own]
        if gap <= tolerance:
            return fitted
    raise WeightingError("raking_diverges", rounds=rounds, gap=f"{gap:.1e}")


def _fit_within(
    design: Design,
    cells: Codes,
    categories: list[Codes],
    targets: list[Floats],
    bounds: tuple[float, float],
    tolerance: float,
    rounds: int,
) -> Floats:
    """(n,) weights within bounds · mean weight that meet the margins.

    The multipliers of the categories are fitted as in `_fit`, but to the sums of the clipped
    weights; a step never overshoots, because clipping only dampens a multiplier's effect.
    """
    mean = float(targets[0].sum()) / np.count_nonzero(design.weights)
    impossible = WeightingError("bounds_impossible", low=bounds[0], high=bounds[1])
    if not 0 <= bounds[0] <= 1 <= bounds[1]:
        raise impossible
    low, high = bounds[0] * mean, bounds[1] * mean
    kinds, first, per_row = _kinds(design, cells)
    free, rows = design.weights[first].copy(), np.bincount(per_row).astype(np.float64)
    alive = free > 0
    fitted = np.where(alive, np.clip(free, low, high), 0)
    for _ in range(rounds):
        gap = 0.0
        for own, wanted in zip(categories, targets, strict=True):
            sums = summed(own[kinds], fitted * rows, len(wanted))
            factors = np.divide(wanted, sums, out=np.ones_like(wanted), where=sums > 0)
            gap = max(gap, float(np.abs(factors - 1).max()))
            free = np.clip(free * factors[own[kinds]], low * SMALLEST, high / SMALLEST)
            fitted = np.where(alive, np.clip(free, low, high), 0)
        if gap <= tolerance:
            return np.asarray(fitted[per_row])
    raise impossible


def _kinds(design: Design, cells: Codes) -> tuple[Codes, Codes, Codes]:
    """Rows of one cell and one base weight stay alike: cell and first row of each kind, and (n,)
    the kind of each row."""
    _, values = np.unique(design.weights, return_inverse=True)
    joint = cells * (int(values.max()) + 1) + values
    _, first, per_row = np.unique(joint, return_index=True, return_inverse=True)
    return cells[first], first, per_row


def _with_weights(design: Design, weights: Floats, calibration: Calibration) -> Design:
    equal = bool(weights.min() == weights.max())
    return replace(design, weights=weights, equal_weights=equal, calibration=calibration)


def margins_met(design: Design, margins: Sequence[Margin]) -> Mapping[str, Floats]:
    """Margin name -> (K,) sum of the weights in each category, to be shown beside the targets.
    Codes must be 0..K-1, as `rake` checks."""
    return {
        margin.name: summed(
            as_codes(margin.codes).astype(np.intp), design.weights, len(margin.targets)
        )
        for margin in margins
    }
