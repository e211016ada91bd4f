"""How the intervals of a table's shares may be made, by the names that users give.

Which methods there are depends on the data: those of plain counts need a simple random sample,
those of a designed sample its variances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from analysis import intervals
from analysis.counting import Counts
from analysis.designs import Floats
from analysis.estimate import LEVEL, wilson_ends
from analysis.refusals import CannotComputeError
from analysis.table import DEFAULT_INTERVAL

DEFAULT = DEFAULT_INTERVAL
GOODMAN = "goodman"
COUNTED = MappingProxyType(
    {
        "wilson-cc": intervals.wilson_corrected,
        "clopper-pearson": intervals.clopper_pearson,
        "agresti-coull": intervals.agresti_coull,
        "jeffreys": intervals.jeffreys,
    }
)
PLAIN = (DEFAULT, *COUNTED, GOODMAN)
DESIGNED = MappingProxyType(
    {"wilson": "wilson", "logit": "logit", "beta": "beta", "beta-truncated": "beta_truncated"}
)
"""The names in `design_intervals.METHODS`."""
NAMES = MappingProxyType(
    {
        "wilson": ("Wilson", "Wilson"),
        "wilson-cc": ("Wilson（连续性校正）", "Wilson with continuity correction"),
        "clopper-pearson": ("Clopper–Pearson", "Clopper–Pearson"),
        "agresti-coull": ("Agresti–Coull", "Agresti–Coull"),
        "jeffreys": ("Jeffreys", "Jeffreys"),
        "goodman": ("Goodman 同时区间", "Goodman, simultaneous"),
        "logit": ("logit", "logit"),
        "beta": ("beta（Korn–Graubard）", "beta (Korn–Graubard)"),
        "beta-truncated": (
            "beta（Korn–Graubard，有效样本量不超过份数）",
            "beta (Korn–Graubard, effective n at most n)",
        ),
    }
)


def name_of(method: str, language: str) -> str:
    """As a reader knows it."""
    return NAMES[method][0 if language.startswith("zh") else 1]


def allowed_methods(*, designed: bool, mentions: bool = False) -> tuple[str, ...]:
    """`mentions`: shares of all ticks, whose intervals are linearised also in a simple sample."""
    if designed:
        return tuple(DESIGNED)
    return (DEFAULT,) if mentions else PLAIN


def checked_method(name: str, *, designed: bool, mentions: bool = False) -> str:
    """Raises CannotComputeError, which lists the possible ones."""
    allowed = allowed_methods(designed=designed, mentions=mentions)
    if name not in allowed:
        raise CannotComputeError("interval_method", given=Named((name,)), allowed=Named(allowed))
    return name


@dataclass(frozen=True)
class Named:
    """Methods in a message, called as a reader knows them."""

    methods: tuple[str, ...]

    def text(self, language: str = "zh") -> str:
        names = (name_of(one, language) if one in NAMES else one for one in self.methods)
        return ("、" if language.startswith("zh") else ", ").join(names)


def count_ends(
    counts: Counts, bases: Counts, method: str, alike: Sequence[int], level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Ends of the shares counts/bases of a simple sample, all (G, K); nan where a base is 0.

    alike: (K,) of how many options the column is one whose intervals "goodman" is to hold at once
    (Goodman 1965: Wilson's at level 1 - (1 - level)/k); 1 for an option by itself, which is then
    Wilson's.
    """
    if method == DEFAULT:
        return wilson_ends(counts, bases, level)
    if method == GOODMAN:
        return _goodman_ends(counts, bases, alike, level)
    lows, highs = (np.full(counts.shape, np.nan) for _ in range(2))
    for place in np.ndindex(counts.shape):
        if bases[place]:
            found = COUNTED[method](float(counts[place]), float(bases[place]), level)
            lows[place], highs[place] = found.low, found.high
    return lows, highs


def _goodman_ends(
    counts: Counts, bases: Counts, alike: Sequence[int], level: float
) -> tuple[Floats, Floats]:
    lows, highs = (np.full(counts.shape, np.nan) for _ in range(2))
    sizes = np.asarray(alike)
    for size in set(alike):
        own = sizes == size
        each = 1 - (1 - level) / size
        lows[:, own], highs[:, own] = wilson_ends(counts[:, own], bases[:, own], each)
    return lows, highs
