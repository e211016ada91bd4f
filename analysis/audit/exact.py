"""Linear programmes in exact fractions, for questions whose answer hangs on the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def maximise(
    gain: Sequence[Fraction],
    at_most: Sequence[tuple[Sequence[Fraction], Fraction]],
    equal: Sequence[tuple[Sequence[Fraction], Fraction]],
) -> tuple[Fraction, Row] | None:
    """The largest gain·x and its x, for x >= 0, a·x <= b of `at_most`, a·x = b of `equal`.

    None if no x fits; the caller must bound the gain. Two-phase simplex, Bland's rule (which never
    cycles), dense: for a dozen variables.
    """
    slacks = len(at_most)
    rows = [
        [*map(Fraction, a), *(ONE if i == j else ZERO for j in range(slacks)), Fraction(b)]
        for i, (a, b) in enumerate(at_most)
    ]
    rows += [[*map(Fraction, a), *[ZERO] * slacks, Fraction(b)] for a, b in equal]
    rows = [row if row[-1] >= 0 else [-value for value in row] for row in rows]
    size = len(gain) + slacks
    basis = _start(rows, size)
    if basis is None:
        return None
    objective = [*map(Fraction, gain), *[ZERO] * slacks]
    _climb(rows, basis, objective)
    x = [ZERO] * size
    for row, column in zip(rows, basis, strict=True):
        x[column] = row[-1]
    return sum((g * v for g, v in zip(objective, x, strict=True)), ZERO), x[: len(gain)]


def _start(rows: list[Row], size: int) -> list[int] | None:
    """Phase one: a feasible basis, `rows` brought to it; None if there is none."""
    count = len(rows)
    for i, row in enumerate(rows):
        row[-1:-1] = [ONE if i == j else ZERO for j in range(count)]
    basis = list(range(size, size + count))
    _climb(rows, basis, [ZERO] * size + [-ONE] * count)
    if any(row[-1] != 0 for row, column in zip(rows, basis, strict=True) if column >= size):
        return None
    for i in reversed(range(count)):
        if basis[i] < size:
            continue
        column = next((j for j in range(size) if rows[i][j] != 0), None)
        if column is None:  # the row says nothing that the others do not
            del rows[i], basis[i]
        else:
            _pivot(rows, basis, i, column)
    for row in rows:
        del row[size:-1]
    return basis


def _climb(rows: list[Row], basis: list[int], objective: Row) -> None:
    while True:
        column = next((j for j in range(len(objective)) if _gains(rows, basis, objective, j)), None)
        if column is None:
            return
        ratios = [
            (row[-1] / row[column], basis[i], i) for i, row in enumerate(rows) if row[column] > 0
        ]
        if not ratios:
            raise ArithmeticError("the gain has no bound")
        _pivot(rows, basis, min(ratios)[2], column)


def _gains(rows: list[Row], basis: list[int], objective: Row, column: int) -> bool:
    lost = sum((objective[b] * row[column] for b, row in zip(basis, rows, strict=True)), ZERO)
    return objective[column] > lost


def _pivot(rows: list[Row], basis: list[int], place: int, column: int) -> None:
    divisor = rows[place][column]
    rows[place] = [value / divisor for value in rows[place]]
    for i, row in enumerate(rows):
        if i != place and row[column] != 0:
            factor = row[column]
            rows[i] = [a - factor * b for a, b in zip(row, rows[place], strict=True)]
    basis[place] = column
