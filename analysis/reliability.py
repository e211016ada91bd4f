"""Reliability (信度) of a scale: do its items measure the same thing?

Items are numbers per response (n, k), higher meaning more of the same; reverse the others first.
Only responses that answered every item count. A questionnaire with one scale item has no
reliability of this kind: NotApplicableError says so (不适用) with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import fdtri

from analysis.designs import Floats
from analysis.estimate import LEVEL, Interval
from analysis.refusals import CannotComputeError, NotApplicableError

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Items:
    """What every coefficient starts from: n complete responses of n_given, (k, k) covariance with
    denominator n - 1, names of the items."""

    n: int
    n_given: int
    covariance: Floats
    names: tuple[str, ...]

    @property
    def k(self) -> int:
        return len(self.names)

    @property
    def correlation(self) -> Floats:
        spread = np.sqrt(np.diag(self.covariance))
        found = self.covariance / np.outer(spread, spread)
        np.fill_diagonal(found, 1)
        return np.asarray(found)


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha and its companions; see `cronbach_alpha`."""

    alpha: float
    standardised: float | None
    average_correlation: float
    guttman_lambda6: float | None
    se: float
    interval: Interval
    if_deleted: tuple[float | None, ...]
    item_rest: tuple[float | None, ...]
    n: int
    k: int


def items_of(values: Any, names: Sequence[str] | None = None, reverse: Sequence[int] = ()) -> Items:
    """Read (n, k) numbers; nan is a missing answer and leaves the response out.

    reverse: places 0..k-1 of items to be counted the other way round. Raises NotApplicableError for
    fewer than two items, fewer than three complete responses and items that do not vary, and
    CannotComputeError for infinite numbers, another number of names and places that are no item's.
    """
    table = np.asarray(values, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    k = table.shape[1]
    labels = tuple(map(str, range(1, k + 1))) if names is None else tuple(names)
    _refuse_mismatch(k, labels, reverse)
    if k < 2:
        raise NotApplicableError("one_item", count=k, needed=2)
    complete = table[~np.isnan(table).any(axis=1)]
    if np.isinf(complete).any():
        raise CannotComputeError("value_infinite", count=int(np.isinf(complete).any(axis=1).sum()))
    if len(complete) < 3:
        raise NotApplicableError("few_complete", count=len(complete), needed=3)
    spreads = np.ptp(complete, axis=0)
    constant = [label for label, spread in zip(labels, spreads, strict=True) if spread == 0]
    if constant:
        raise NotApplicableError("constant_item", items=", ".join(constant))
    centred = complete - complete.mean(axis=0)
    covariance = centred.T @ centred / (len(complete) - 1)
    signs = np.ones(k)
    signs[list(reverse)] = -1
    return Items(len(complete), len(table), covariance * np.outer(signs, signs), labels)


def _refuse_mismatch(k: int, labels: Sequence[str], reverse: Sequence[int]) -> None:
    if len(labels) != k:
        raise CannotComputeError("item_names_differ", given=len(labels), expected=k)
    strangers = [str(place) for place in reverse if place not in range(k)]
    if strangers:
        raise CannotComputeError("reversed_not_chosen", items=", ".join(strangers))


def cronbach_alpha(items: Items, level: float = LEVEL) -> Alpha:
    """α = k/(k-1) (1 - Σs²ᵢ/s²) (Cronbach 1951); of 0/1 items it is KR-20.

    interval: Feldt, Woodruff & Salih 1987 (items and responses random, normal, essentially
    τ-equivalent). se: Duhachek & Iacobucci 2004, as R psych. standardised: from the mean
    correlation; None if the sum of the standardised items does not vary. guttman_lambda6: of the
    standardised items; None if their correlation matrix is singular. if_deleted, item_rest: per
    item α of the others and the correlation with their sum; None where the others are fewer than
    two or their sum does not vary.
    Raises NotApplicableError where the sum of the items does not vary.
    """
    if not 0 < level < 1:
        raise CannotComputeError("level_out_of_range", given=level)
    alpha = _alpha(items.covariance)
    if alpha is None:
        raise NotApplicableError("no_covariance")
    r, k = items.correlation, items.k
    average = float((r.sum() - k) / (k * (k - 1)))
    others = [np.delete(np.arange(k), i) for i in range(k)]
    return Alpha(
        alpha=alpha,
        standardised=None if r.sum() <= ROUNDING * k else k * average / (1 + (k - 1) * average),
        average_correlation=average,
        guttman_lambda6=_lambda6(r),
        se=_se(items),
        interval=_feldt(alpha, items, level),
        if_deleted=tuple(_alpha(items.covariance[np.ix_(rest, rest)]) for rest in others),
        item_rest=tuple(_item_rest(items.covariance, i, rest) for i, rest in enumerate(others)),
        n=items.n,
        k=k,
    )


def _alpha(covariance: Floats) -> float | None:
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= ROUNDING * float(np.trace(covariance)):
        return None
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _item_rest(covariance: Floats, item: int, rest: np.ndarray[Any, Any]) -> float | None:
    spread = covariance[item, item] * covariance[np.ix_(rest, rest)].sum()
    return float(covariance[item, rest].sum() / math.sqrt(spread)) if spread > 0 else None


def _lambda6(correlation: Floats) -> float | None:
    k = len(correlation)
    if correlation.sum() <= ROUNDING * k or np.linalg.matrix_rank(correlation, hermitian=True) < k:
        return None
    unexplained = 1 / np.diag(np.linalg.inv(correlation))
    return float(1 - unexplained.sum() / correlation.sum())


def _feldt(alpha: float, items: Items, level: float) -> Interval:
    df1, df2 = items.n - 1, (items.n - 1) * (items.k - 1)
    tail = (1 - level) / 2
    return Interval(
        1 - (1 - alpha) * float(fdtri(df1, df2, 1 - tail)),
        1 - (1 - alpha) * float(fdtri(df1, df2, tail)),
    )


def _se(items: Items) -> float:
    c, k = items.covariance, items.k
    total, trace, squares = c.sum(), np.trace(c), np.trace(c @ c)
    across = float(np.ones(k) @ c @ c @ np.ones(k))
    q = 2 * k**2 / ((k - 1) ** 2 * total**3)
    q *= total * (squares + trace**2) - 2 * trace * across
    return math.sqrt(max(q / items.n, 0.0))


def split_half(items: Items) -> float:
    """Correlation of the sums of the first and second half of the items, stepped up to the whole
    scale, 2r/(1 + r) (Spearman 1910; Brown 1910). An odd item in the middle belongs to the second
    half. Raises NotApplicableError where a half does not vary, and where the halves are exact
    opposites (r = -1), for which the formula divides by 0."""
    first, second = np.split(np.arange(items.k), [items.k // 2])
    c = items.covariance
    spread = c[np.ix_(first, first)].sum() * c[np.ix_(second, second)].sum()
    if spread <= 0:
        raise NotApplicableError("no_covariance")
    r = float(c[np.ix_(first, second)].sum() / math.sqrt(spread))
    if 1 + r <= ROUNDING:
        raise NotApplicableError("opposite_halves")
    return 2 * r / (1 + r)
