"""How far the answers of one person hang together: who is content is so in question after question.

Model: the answer to question i is the class of √ρ z + √(1-ρ) e between thresholds that give the
question its own shares; z (the person) and e (each answer) are independent standard normal: the
normal ogive model with one factor (Lord & Novick 1968, 16.5). ρ is one number for a series of
questions, estimated from how often two answers of one person stand in the same place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from analysis.designs import Floats

NODES = 41
_points, _weights = np.polynomial.hermite_e.hermegauss(NODES)
PEOPLE: Floats = np.asarray(_points)
WEIGHTS: Floats = np.asarray(_weights / _weights.sum())
"""Values of z and how much of the population stands for each (Gauss-Hermite)."""
MOST = 0.95
SAMPLED = 20_000


def shares_of_people(shares: Floats, rho: float) -> Floats:
    """(k, Q, J) shares of the J ordered places in each of k questions among people with z =
    PEOPLE. shares: (k, J) of everybody; where they sum to less than 1, the rest (blank, 不清楚)
    is independent of z."""
    given = shares.sum(axis=1, keepdims=True)
    upto = np.cumsum(shares, axis=1)[:, :-1] / np.where(given > 0, given, 1)
    cuts = ndtri(np.clip(upto, 0, 1))[:, None, :]
    below = ndtr((cuts - np.sqrt(rho) * PEOPLE[:, None]) / np.sqrt(1 - rho))
    edges = np.ones((len(shares), NODES, 1))
    found = np.diff(below, axis=2, prepend=0 * edges, append=edges) * given[:, None, :]
    return np.asarray(found, dtype=np.float64)


def correlation(places: Sequence[npt.NDArray[np.int16]], size: int) -> float:
    """ρ from 0 to MOST with which two answers of one person are as often in the same place as they
    are here. places: per question (n,) the place of the answer, below 0 or from `size` on for
    none; of more than 20,000 responses every so many-th counts."""
    step = max(-(-len(places[0]) // SAMPLED), 1)
    table = np.stack([column[::step] for column in places], axis=1)
    chosen = (table[:, :, None] == np.arange(size)).astype(np.float64)
    given = chosen.sum(axis=2)
    upper = np.triu_indices(len(places), 1)
    both = (given.T @ given)[upper]
    if not both.any():
        return 0.0
    same = sum(float((chosen[:, :, j].T @ chosen[:, :, j])[upper].sum()) for j in range(size))
    shares = chosen.sum(axis=0) / np.maximum(given.sum(axis=0), 1)[:, None]

    def surplus(rho: float) -> float:
        people = shares_of_people(shares, rho)
        expected = np.einsum("q,iqj,kqj->ik", WEIGHTS, people, people, optimize=True)[upper]
        return float(both @ expected) - same

    if surplus(0) >= 0:
        return 0.0
    return MOST if surplus(MOST) <= 0 else float(brentq(surplus, 0, MOST, xtol=1e-6))
