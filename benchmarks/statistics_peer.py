"""The peer of the statistics: careful pandas and scipy, as a statistician would write it.

Every question is a category column, a multiple choice one of its distinct answers, which are split
into options once. Counts are made by pandas alone; everything after them works on small tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chi2_contingency, norm
from scipy.stats import t as student

from benchmarks.statistics_data import AREAS, MARGINS, column, questionnaire
from surveys.definition import Kind, Question
from surveys.records import FIRST_OPTION, FIRST_OPTION_BIT

Numbers = npt.NDArray[np.float64]
SWEEPS = 10
COLUMNS = ("count", "base", "share", "low", "high")


def load(folder: Path) -> pd.DataFrame:
    """Categories are options or answers to a multiple choice; who gave none has no value."""
    columns = {}
    for question in questionnaire().questions:
        raw = column(folder, question.code)
        if question.kind is Kind.MULTIPLE:
            ticks = raw >> FIRST_OPTION_BIT
            places = np.arange(2 ** len(question.options), dtype=np.int16) - 1
            names = np.arange(1, 2 ** len(question.options))
            columns[question.code] = pd.Categorical.from_codes(places[ticks], names)
        else:
            codes = np.maximum(raw.astype(np.int16) - FIRST_OPTION, -1).astype(np.int8)
            names = [option.code for option in question.options]
            columns[question.code] = pd.Categorical.from_codes(codes, names)
    for name, size in {"area": AREAS, **{k: len(v) for k, v in MARGINS.items()}}.items():
        codes = column(folder, name).astype(np.int16)
        columns[name] = pd.Categorical.from_codes(codes, range(size))
    return pd.DataFrame(columns, copy=False)


def says(question: Question) -> Numbers:
    """(categories, options) 1 where a category has the option."""
    options = len(question.options)
    if question.kind is not Kind.MULTIPLE:
        return np.eye(options)
    return (np.arange(1, 2**options)[:, None] >> np.arange(options) & 1).astype(np.float64)


def wilson(counts: Numbers, n: Numbers, quantile: Any) -> tuple[Numbers, Numbers]:
    square = quantile**2 / n
    p = counts / n
    half = np.sqrt(square * (p * (1 - p) + square / 4))
    centre = p + square / 2
    return (centre - half) / (1 + square), (centre + half) / (1 + square)


def labelled(question: Question, numbers: Numbers, groups: pd.Index | None = None) -> pd.DataFrame:
    """The table of a question, one row per option, or of (G, options, 5) per group and option."""
    options = pd.Index([f"{option.code}.{option.text}" for option in question.options])
    index = options if groups is None else pd.MultiIndex.from_product([groups, options])
    columns = numbers.reshape(-1, len(COLUMNS)).T
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), index=index)


def summary(frame: pd.DataFrame) -> Callable[[], Numbers]:
    found = {}
    for question in questionnaire().questions:
        per_answer = frame[question.code].value_counts(sort=False).to_numpy()
        counts, base = per_answer @ says(question), np.full(len(question.options), per_answer.sum())
        ends = wilson(counts, base, norm.ppf(0.975))
        numbers = np.stack([counts, base, counts / base, *ends], axis=1)
        found[question.code] = labelled(question, numbers)
    return lambda: pd.concat(found).to_numpy()


def areas(frame: pd.DataFrame) -> Callable[[], Numbers]:
    found = list(_of_areas(frame).values())
    return lambda: np.concatenate(found, axis=1).reshape(-1, len(COLUMNS))


def _of_areas(frame: pd.DataFrame) -> dict[str, Numbers]:
    """Per question (areas, options, 5)."""
    found = {}
    for question in questionnaire().questions:
        per_answer = _by(frame, "area", question.code, (AREAS, len(says(question))))
        counts = per_answer @ says(question)
        base = np.repeat(per_answer.sum(axis=1)[:, None], counts.shape[1], axis=1)
        ends = wilson(counts, base, norm.ppf(0.975))
        found[question.code] = np.stack([counts, base, counts / base, *ends], axis=2)
    return found


def tables(frame: pd.DataFrame) -> Callable[[], Numbers]:
    found = _tables(frame)
    return lambda: _in_order([one.to_numpy() for one in found])


def read(frame: pd.DataFrame) -> Callable[[], Numbers]:
    found = [list(one.itertuples(name=None)) for one in _tables(frame)]
    return lambda: _in_order([np.array([row[1:] for row in rows]) for rows in found])


def _tables(frame: pd.DataFrame) -> list[pd.DataFrame]:
    names, known = frame["area"].cat.categories, _of_areas(frame)
    return [labelled(q, known[q.code], names) for q in questionnaire().questions]


def _in_order(found: list[Numbers]) -> Numbers:
    """All questions of an area together."""
    per_area = [one.reshape(AREAS, -1, len(COLUMNS)) for one in found]
    return np.concatenate(per_area, axis=1).reshape(-1, len(COLUMNS))


def _by(frame: pd.DataFrame, rows: str, columns: str, shape: tuple[int, int]) -> Numbers:
    """Counts per pair of categories; those who have neither are left out."""
    found = frame.groupby([rows, columns], observed=False).size()  # unsorted it takes longer
    return found.to_numpy().reshape(shape).astype(np.float64)


def raked(frame: pd.DataFrame) -> Callable[[], Numbers]:
    """Iterative proportional fitting on the table of cells, then per question the table of cells by
    answers, in which all weights of a cell are equal; Taylor variances of the residuals."""
    targets = [np.asarray(wanted) for wanted in MARGINS.values()]
    shape = tuple(len(wanted) for wanted in targets)
    cell = frame["audience"].cat.codes.astype(np.int16)
    for name, wanted in list(MARGINS.items())[1:]:
        cell = cell * len(wanted) + frame[name].cat.codes
    frame = frame.assign(cell=pd.Categorical.from_codes(cell, range(math.prod(shape))))
    sizes = frame["cell"].value_counts(sort=False).to_numpy().astype(np.float64)
    fitted = _fitted(sizes.reshape(shape), targets).ravel()
    found = {}
    for question in questionnaire().questions:
        options = says(question)
        table = _by(frame, "cell", question.code, (len(sizes), len(options)))
        numbers = _weighted(table, options, fitted / sizes, sizes, shape)
        found[question.code] = labelled(question, numbers)
    return lambda: pd.concat(found).to_numpy()


def _fitted(sizes: Numbers, targets: list[Numbers]) -> Numbers:
    fitted = sizes.copy()
    for _ in range(10_000):
        gap = 0.0
        for axis, wanted in enumerate(targets):
            others = tuple(place for place in range(len(targets)) if place != axis)
            factors = wanted / fitted.sum(axis=others)
            gap = max(gap, float(np.abs(factors - 1).max()))
            fitted *= np.expand_dims(factors, others)
        if gap <= 1e-12:
            return fitted
    raise RuntimeError("raking does not converge")


def _weighted(
    table: Numbers, options: Numbers, weights: Numbers, sizes: Numbers, shape: tuple[int, ...]
) -> Numbers:
    n, answered, counts = sizes.sum(), table.sum(axis=1), table.sum(axis=0) @ options
    base = weights @ answered
    shares = (weights @ table @ options) / base
    variances = []
    for option, share in zip(options.T, shares, strict=True):
        scores = np.append(option - share, 0.0) / base
        rows = np.column_stack([table, sizes - answered])
        residuals = scores - _explained(rows @ scores, sizes, shape)[:, None]
        z = weights[:, None] * residuals
        mean = (rows * z).sum() / n
        variances.append(n / (n - 1) * (rows * (z - mean) ** 2).sum())
    varies = (counts > 0) & (counts < answered.sum())
    bases = np.full(len(shares), answered.sum())
    effective = np.where(varies, shares * (1 - shares), 1.0) / np.where(varies, variances, 1.0)
    alike = base**2 / (weights**2 @ answered)  # Kish: of shares of 0 and 1, which do not vary
    effective = np.where(varies, effective, alike)
    quantiles = np.where(varies, student.ppf(0.975, bases - 1), norm.ppf(0.975))
    low, high = wilson(shares * effective, effective, quantiles)
    return np.stack([counts, bases, shares, low, high], axis=1)


def _explained(sums: Numbers, sizes: Numbers, shape: tuple[int, ...]) -> Numbers:
    """(cells,) the margins' part of the scores, their means swept out in turn as R survey does."""
    left, size = sums.reshape(shape).copy(), sizes.reshape(shape)
    explained = np.zeros(shape)
    for _ in range(SWEEPS):
        for axis in range(len(shape)):
            others = tuple(place for place in range(len(shape)) if place != axis)
            gaps = (left - size * explained).sum(axis=others) / size.sum(axis=others)
            explained += np.expand_dims(gaps, others)
    return explained.ravel()


def matrix(frame: pd.DataFrame) -> Callable[[], Numbers]:
    known = questionnaire().questions
    order, found = _variables(), {}
    for first, second in combinations(known, 2):
        shape = len(says(first)), len(says(second))
        table = _by(frame, first.code, second.code, shape)
        for i, rows in _cut(first):
            for j, columns in _cut(second):
                found[order[first.code, i], order[second.code, j]] = _tested(
                    rows.T @ table @ columns
                )
    return lambda: np.array([found[pair] for pair in sorted(found)])


def _variables() -> dict[tuple[str, int], int]:
    keys = [(q.code, place) for q in questionnaire().questions for place, _ in _cut(q)]
    return {key: place for place, key in enumerate(keys)}


def _cut(question: Question) -> list[tuple[int, Numbers]]:
    """A whole question, or each option of a multiple choice as ticked and not ticked."""
    if question.kind is not Kind.MULTIPLE:
        return [(0, says(question))]
    return [
        (place, np.column_stack([ticked, 1 - ticked]))
        for place, ticked in enumerate(says(question).T)
    ]


def _tested(table: Numbers) -> tuple[float, float, float, float]:
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return math.nan, 0, math.nan, math.nan
    result = chi2_contingency(table, correction=False)
    strength = math.sqrt(result.statistic / (table.sum() * (min(table.shape) - 1)))
    return result.statistic, result.dof, result.pvalue, strength


TASKS: dict[str, Callable[[pd.DataFrame], Callable[[], Numbers]]] = {
    "summary": summary,
    "areas": areas,
    "tables": tables,
    "read": read,
    "raked": raked,
    "matrix": matrix,
}
