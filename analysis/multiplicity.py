"""p-values of several tests at once, adjusted so that few are below the limit by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.designs import Floats
from analysis.refusals import CannotComputeError


def adjusted(p_values: Sequence[float] | Floats, method: str = "holm") -> Floats:
    """(m,) adjusted p-values in the given order, as R's p.adjust.

    bonferroni, holm (Holm 1979), hochberg (Hochberg 1988): the chance of any false finding is at
    most the level (hochberg assumes independence or positive dependence). BH (Benjamini & Hochberg
    1995): the expected share of false findings is (independence or positive dependence); BY
    (Benjamini & Yekutieli 2001): the same under any dependence. none: unchanged.
    Raises CannotComputeError for an unknown method or p outside of 0..1.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if method not in METHODS:
        raise CannotComputeError("unknown_choice", given=method, allowed=", ".join(METHODS))
    wrong = p[~((p >= 0) & (p <= 1))]
    if len(wrong):
        raise CannotComputeError("share_out_of_range", what="p", given=float(wrong[0]))
    return np.minimum(METHODS[method](p), 1) if len(p) else p


def _bonferroni(p: Floats) -> Floats:
    return p * len(p)


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _restored(stepped, order)


def _hochberg(p: Floats) -> Floats:
    return _step_up(p, np.arange(1, len(p) + 1, dtype=np.float64))


def _bh(p: Floats) -> Floats:
    return _step_up(p, len(p) / np.arange(len(p), 0, -1))


def _by(p: Floats) -> Floats:
    harmonic = np.sum(1 / np.arange(1, len(p) + 1))
    return _step_up(p, harmonic * len(p) / np.arange(len(p), 0, -1))


def _step_up(p: Floats, factors: Floats) -> Floats:
    """factors: for the largest p first."""
    order = np.argsort(-p, kind="stable")
    return _restored(np.minimum.accumulate(p[order] * factors), order)


def _restored(stepped: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    found = np.empty_like(stepped)
    found[order] = stepped
    return found


METHODS: dict[str, Callable[[Floats], Floats]] = {
    "none": lambda p: p,
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
    "BH": _bh,
    "BY": _by,
}
