"""How many sampling units the responses of a group are from: what its own variance rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.designs import Codes, Design, Floats
from analysis.stages import as_codes

LEAST_UNITS = 6
"""Of a group under a design: from fewer sampling units the variance about its own rates is so often
far too small that the tests find differences of random answers. Simulated at 5%: in all samples
with one unit and 14% with three; with four groups of two to five clusters of 20 the joint test in
21% to 8%, the test of some option in 40% to 14%."""
DENSE_LIMIT = 4_000_000
"""Groups × units up to which marking places is faster than sorting the responses."""


def sampling_units_by_group(design: Design, groups: Any, group_count: int) -> npt.NDArray[np.int64]:
    """(group_count,) first-stage units with a response of weight above 0 in each group."""
    return _seen(design, design.stages[0].units, as_codes(groups), group_count)


def degrees_of_freedom_by_group(
    design: Design, groups: Any, group_count: int
) -> npt.NDArray[np.int64]:
    """(group_count,) `Design.degrees_of_freedom` of each group: its units less its strata."""
    codes, strata = as_codes(groups), design.stages[0].strata
    taken = 1 if strata is None else _seen(design, strata, codes, group_count)
    return np.asarray(np.maximum(sampling_units_by_group(design, codes, group_count) - taken, 0))


def _seen(
    design: Design, labels: Codes | None, codes: npt.NDArray[np.integer[Any]], group_count: int
) -> npt.NDArray[np.int64]:
    """(group_count,) different labels among the responses of weight above 0; None: each its own."""
    present = (codes >= 0) & (design.weights > 0)
    members = codes[present].astype(np.intp)
    if labels is None:
        return np.bincount(members, minlength=group_count)
    size = int(labels.max()) + 1
    places = members * size + labels[present]
    if size * group_count <= DENSE_LIMIT:
        seen = np.bincount(places, minlength=size * group_count) > 0
        return np.asarray(seen.reshape(group_count, size).sum(axis=1))
    pairs = np.unique(places)
    return np.bincount(pairs // size, minlength=group_count)


def in_one_unit(design: Design, groups: Any, group_count: int) -> tuple[int, ...]:
    """The groups that lie within one sampling unit, but those of strata drawn whole: deviations
    about such a group's own mean sum to 0, so that its variance says nothing of its precision."""
    codes = as_codes(groups)
    partly = codes[(codes >= 0) & (design.weights > 0) & ~design.whole_rows].astype(np.intp)
    drawn = np.bincount(partly, minlength=group_count) > 0
    alone = drawn & (sampling_units_by_group(design, codes, group_count) == 1)
    return tuple(int(place) for place in np.flatnonzero(alone))


def independent_sizes(counts: Any, units: Any, sums: Any, squares: Any) -> Floats:
    """(m,) how many independent observations a base has at most: the least of its responses, its
    first-stage sampling units (those of one unit may be all alike) and Kish's (Σw)²/Σw² (1965,
    11.7), all (m,); squares: Σw²."""
    found = np.minimum(np.asarray(counts, dtype=np.float64), units)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Divided twice: the square of a large sum is infinite before it is divided.
        kish = np.where(np.asarray(squares) > 0, sums / (squares / sums), np.inf)
    return np.asarray(np.minimum(found, np.maximum(kish, 1.0)))
