"""Fisher's exact test of small tables of any size, and the odds ratio of a 2 × 2 table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from analysis.association import filled
from analysis.designs import Floats
from analysis.estimate import LEVEL, Interval
from analysis.refusals import CannotComputeError
from analysis.stages import summed

LIMIT = 1_000_000
"""Partial tables kept in memory at most: some 100 MB and about a second."""
SLACK = 1e-7
"""Tables as likely as the observed one count with it despite rounding (R: relErr)."""

MOST_KINDS = 2**62
"""As many as one whole number tells apart."""

Ints = npt.NDArray[np.int64]
Partial = tuple[Floats, Floats, Floats]
"""Partly filled tables: (s, r) row totals left, (s,) log probability so far, (s,) how many."""


@dataclass(frozen=True)
class OddsRatio:
    """Conditional maximum likelihood estimate with its exact interval; an end may be infinite."""

    value: float
    interval: Interval


def fisher_exact(table: Any, limit: int = LIMIT) -> float:
    """Two-sided p of independence given both margins (Fisher 1935; Freeman & Halton 1951).

    counts: (r, c) whole numbers. p is the probability of all tables with these margins that are at
    most as likely as the observed one. Tables are built column by column; partial tables with the
    same row totals left (in any order) and the same probability are merged (the idea of Mehta &
    Patel 1983), and the two largest columns are filled once for all that have the same totals
    left. Raises CannotComputeError for counts that are not whole and beyond `limit` partial tables.
    """
    counts = filled(table)
    if (counts != np.round(counts)).any():
        raise CannotComputeError("counts_not_whole")
    counts = counts.T if counts.shape[0] > counts.shape[1] else counts
    try:
        return _exact(counts, limit)
    except CannotComputeError:
        return _exact(counts.T, limit)


def _exact(counts: Floats, limit: int) -> float:
    counts = counts[:, np.argsort(counts.sum(axis=0))]
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    constant = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(counts.sum() + 1)
    observed = constant - gammaln(counts + 1).sum()
    partial = (rows[None, :], np.array([constant]), np.array([1.0]))
    for column in columns[:-2]:
        partial = _merged(*_filled_column(*partial, column, limit))
    return min(_tail(partial, columns[-2], observed + SLACK, limit), 1.0)


def _tail(partial: Partial, column: float, highest: float, limit: int) -> float:
    """Σ of the probabilities that are at most exp(highest), over all ways to complete `partial`
    with one more column; the last column is then given."""
    left, logs, times = partial
    first, state = _numbered(left)
    starts = left[first]
    origin = np.arange(len(starts), dtype=np.float64)
    rest, done, which = _filled_column(starts, np.zeros(len(starts)), origin, column, limit)
    done = done - gammaln(rest + 1).sum(axis=1)
    order = np.lexsort((done, which))
    done, ends = done[order], np.cumsum(np.bincount(which.astype(np.intp)))
    paths = np.argsort(state, kind="stable")
    bounds = np.cumsum(np.bincount(state))
    found = 0.0
    for place in range(len(starts)):
        own = done[ends[place - 1] if place else 0 : ends[place]]
        sums = np.append(0, np.cumsum(np.exp(own - own[-1])))
        chosen = paths[bounds[place - 1] if place else 0 : bounds[place]]
        below = sums[np.searchsorted(own, highest - logs[chosen], side="right")]
        found += float((times[chosen] * np.exp(logs[chosen] + own[-1]) * below).sum())
    return found


def fisher_simulated(table: Any, draws: int = 9_999, seed: int = 0) -> float:
    """p of `fisher_exact` from `draws` random tables with the same margins, for large tables:
    (1 + tables at most as likely)/(1 + draws) (Davison & Hinkley 1997, 4.2). The same `seed` gives
    the same p; its standard error is √(p(1-p)/draws). Raises
    CannotComputeError for counts (r, c) that are not whole.
    """
    counts = filled(table)
    if (counts != np.round(counts)).any():
        raise CannotComputeError("counts_not_whole")
    # Late, for scipy.stats takes half a second that hardly any command need wait.
    from scipy.stats import random_table

    margins = (counts.sum(axis=axis).astype(np.int64) for axis in (1, 0))
    drawn = random_table(*margins).rvs(draws, random_state=np.random.default_rng(seed))
    chances = -gammaln(drawn + 1).sum(axis=(1, 2))
    observed = -gammaln(counts + 1).sum()
    return (1 + int(np.count_nonzero(chances <= observed + SLACK))) / (1 + draws)


def _filled_column(left: Floats, logs: Floats, times: Floats, total: float, limit: int) -> Partial:
    """All ways to distribute one column's total over the rows, for every partial table."""
    rest = np.full(len(left), total)
    done: list[Floats] = []
    for row in range(left.shape[1]):
        room = left[:, row + 1 :].sum(axis=1)
        low = np.maximum(rest - room, 0)
        high = np.minimum(left[:, row], rest)
        ways = (high - low + 1).astype(np.int64)
        if ways.sum() > limit:
            raise CannotComputeError("too_many_tables", limit=limit)
        parents = np.repeat(np.arange(len(ways)), ways)
        steps = np.arange(len(parents)) - np.repeat(np.cumsum(ways) - ways, ways)
        chosen = low[parents] + steps
        left, logs, times, rest = left[parents], logs[parents], times[parents], rest[parents]
        done = [taken[parents] for taken in done]
        done.append(chosen)
        logs, rest = logs - gammaln(chosen + 1), rest - chosen
    return np.sort(left - np.stack(done, axis=1), axis=1), logs, times


def _merged(left: Floats, logs: Floats, times: Floats) -> Partial:
    close = np.unique(np.round(logs, 9), return_inverse=True)[1]
    # The last total follows from the others.
    first, places = _numbered(np.column_stack([left[:, :-1], close]))
    return left[first], logs[first], summed(places, times, len(first))


def _numbered(rows: Floats) -> tuple[Ints, Ints]:
    """Which rows are the first of their kind, and (s,) the number of each row's kind.

    rows: (s, k) whole numbers from 0. As np.unique of rows, but by sorting plain numbers, which is
    ten times as fast.
    """
    kinds, several = np.zeros(len(rows), dtype=np.int64), 1
    for column in rows.T.astype(np.int64):
        size = int(column.max()) + 1
        if several * size > MOST_KINDS:
            kinds = np.unique(kinds, return_inverse=True)[1]
            several = int(kinds.max()) + 1
        kinds, several = kinds * size + column, several * size
    _, first, places = np.unique(kinds, return_index=True, return_inverse=True)
    return first, places


def conditional_odds_ratio(table: Any, level: float = LEVEL) -> OddsRatio:
    """Odds ratio of a 2 × 2 table of whole counts given its margins (Fisher 1935), as R's
    fisher.test. Raises CannotComputeError for another table."""
    counts = np.asarray(table, dtype=np.float64)
    if counts.shape != (2, 2):
        raise CannotComputeError("table_too_small")
    filled(counts)
    if (counts != np.round(counts)).any():
        raise CannotComputeError("counts_not_whole")
    from scipy.stats.contingency import odds_ratio  # late, as above

    found = odds_ratio(counts.astype(np.int64), kind="conditional")
    ends = found.confidence_interval(level)
    value = float(found.statistic)
    return OddsRatio(math.inf if math.isnan(value) else value, Interval(ends.low, ends.high))
