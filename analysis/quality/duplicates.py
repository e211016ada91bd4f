"""The same answers twice: responses that agree in every question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc

from analysis.designs import Floats
from analysis.quality.findings import Flagged, Told
from analysis.quality.interviews import Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.quality.words import NUMBERS_SHOWN
from analysis.refusals import NotApplicableError
from surveys.records import NOT_ASKED, VALUE_TYPES, value_field

Column = npt.NDArray[Any]
MIXERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(31))


def duplicates(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Groups of responses of one audience with identical packed answers (texts are not compared).

    With p = Π of the shares that each answer has among those of the audience who were asked the
    question, and n of that audience, a response in a group of c is flagged if
    P(Binomial(n - 1, p) >= c - 1) <= `chance`: independent answers are flagged at most so often,
    and what many answer alike on a short questionnaire is not. Assumes independent questions;
    where answers hang together, equal ones are less rare than p says.
    Raises NotApplicableError where by the same reckoning a response has a twin on average.
    """
    groups = _audiences(interviews)
    columns = list(_columns(interviews))
    twins = _expected_twins(columns, groups)
    if twins > 1:
        raise NotApplicableError("too_short_for_duplicates", twins=f"{twins:.0f}")
    rows, of_group, sizes = _identical(columns, groups)
    chance = _chances(columns, groups, rows, sizes[of_group])
    keep = chance <= thresholds.chance
    rows, of_group, chance = rows[keep], of_group[keep], chance[keep]
    members = np.split(rows[by := np.argsort(of_group, kind="stable")], _starts(of_group[by]))
    in_group = {int(row): group for group in members for row in group}

    def tell(place: int) -> Told:
        row = int(rows[place])
        group = in_group[row]
        some = group[: NUMBERS_SHOWN + 2]
        others = [int(interviews.numbers[other]) for other in some if other != row]
        numbers = {"others": others, "count": len(group), "chance": float(chance[place])}
        return Told("duplicates", numbers)

    rule = Told("duplicates_rule", {"chance": thresholds.chance})
    return Flagged("duplicates", rows, interviews.n, tell, rule)


def _audiences(interviews: Interviews) -> Ints:
    labels = interviews.responses.groups.get("audience")
    return np.zeros(interviews.n, np.int64) if labels is None else labels.codes.astype(np.int64)


def _columns(interviews: Interviews) -> Iterator[tuple[Column, Column]]:
    """Per question whether it was asked, and its answers as codes 0..: the state, or for numbers
    and dates the place of the value among all that occur."""
    columns = interviews.responses.columns
    for question in interviews.responses.questionnaire.questions:
        state = columns[question.code]
        codes = _compact(state)
        if question.kind in VALUE_TYPES:
            values = _compact(columns[value_field(question)])
            codes = _compact(values.astype(np.int64) * 256 + state)
        yield state != NOT_ASKED, codes


def _compact(column: Column) -> Column:
    if column.dtype.itemsize <= 2 and column.dtype.kind == "u":
        return column
    return np.asarray(np.unique(column, return_inverse=True)[1])


def _shares(asked: Column, codes: Column, groups: Ints) -> Floats:
    """(groups, codes) share of each code among those of a group who were asked; not asked is 1."""
    size, n_groups = int(codes.max(initial=0)) + 1, int(groups.max(initial=0)) + 1
    joint = groups[asked] * size + codes[asked]
    counts = np.bincount(joint, minlength=n_groups * size).reshape(n_groups, size)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def _expected_twins(columns: list[tuple[Column, Column]], groups: Ints) -> float:
    """How many others would answer all as a response does, on average over the responses."""
    sizes = np.bincount(groups)
    alike = np.maximum(sizes - 1.0, 0)
    for asked, codes in columns:
        part = np.bincount(groups, asked, len(sizes)) / np.maximum(sizes, 1)
        same = (_shares(asked, codes, groups) ** 2).sum(axis=1)
        alike *= part**2 * same + (1 - part) ** 2
    return float((alike * sizes).sum() / max(sizes.sum(), 1))


def _identical(columns: list[tuple[Column, Column]], groups: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows that agree with another one, the group of each, and the sizes of the groups.

    Found by a 64-bit hash; equal hashes are compared answer by answer afterwards.
    """
    hashed = groups.astype(np.uint64)
    for _, codes in columns:
        hashed = (hashed ^ codes.astype(np.uint64)) * MIXERS[0]
        hashed = (hashed ^ (hashed >> MIXERS[2])) * MIXERS[1]
    _, of_row, counts = np.unique(hashed, return_inverse=True, return_counts=True)
    rows = np.flatnonzero(counts[of_row] > 1)
    exact = [groups[rows], *(codes[rows] for _, codes in columns)]
    matrix = np.stack([np.asarray(column, np.int64) for column in exact], axis=1)
    if not len(rows):
        return rows, rows, counts
    _, of_group, sizes = np.unique(matrix, axis=0, return_inverse=True, return_counts=True)
    real = sizes[of_group.ravel()] > 1
    return rows[real], of_group.ravel()[real], sizes


def _chances(columns: list[tuple[Column, Column]], groups: Ints, rows: Ints, sizes: Ints) -> Floats:
    logs = np.zeros(len(rows))
    for asked, codes in columns:
        shares = _shares(asked, codes, groups)[groups[rows], codes[rows]]
        logs += np.log(np.where(asked[rows], np.maximum(shares, 1e-300), 1))
    of_audience = np.bincount(groups, minlength=1)[groups[rows]]
    return np.asarray(bdtrc(sizes - 2, of_audience - 1, np.exp(logs)))


def _starts(ordered: Ints) -> Ints:
    return np.flatnonzero(np.diff(ordered)) + 1
