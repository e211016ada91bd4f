"""All that is told about one cross-tabulation, chosen by its counts; nothing is raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis import association
from analysis.association import Test
from analysis.fisher import fisher_exact
from analysis.refusals import CannotComputeError

EXACT_LIMIT = 200_000
"""Partial tables of an exact test: a tenth of a second, for pages with many tables."""


@dataclass(frozen=True)
class TableTests:
    """Tests and strength of association of a simple sample.

    doubtful: the χ² tests are, expected counts being too small; then `fisher` is given where it
    can be computed. refusal: why there is no test at all, or no exact one.
    """

    pearson: Test | None = None
    likelihood_ratio: Test | None = None
    fisher: float | None = None
    cramers_v: float | None = None
    cramers_v_corrected: float | None = None
    smallest_expected: float | None = None
    doubtful: bool = False
    refusal: CannotComputeError | None = None


def table_tests(counts: Any) -> TableTests:
    """Tests of a table of counts (r, c); one that cannot be tested says why."""
    try:
        association.filled(counts)
    except CannotComputeError as refusal:
        return TableTests(refusal=_alone(refusal))
    doubtful = association.is_doubtful(counts)
    exact, why = _exact(counts) if doubtful else (None, None)
    return TableTests(
        pearson=association.pearson(counts),
        likelihood_ratio=association.likelihood_ratio(counts),
        fisher=exact,
        cramers_v=association.cramers_v(counts),
        cramers_v_corrected=_corrected(counts),
        smallest_expected=association.smallest_expected(counts),
        doubtful=doubtful,
        refusal=why,
    )


def _exact(counts: Any) -> tuple[float | None, CannotComputeError | None]:
    try:
        return fisher_exact(counts, EXACT_LIMIT), None
    except CannotComputeError as refusal:
        return None, _alone(refusal)


def _alone(refusal: CannotComputeError) -> CannotComputeError:
    """Without its traceback, which would keep the 100 MB of partial tables alive as long as the
    result lives."""
    return type(refusal)(refusal.code, **refusal.details)


def _corrected(counts: Any) -> float | None:
    try:
        return association.cramers_v_corrected(counts)
    except CannotComputeError:
        return None
