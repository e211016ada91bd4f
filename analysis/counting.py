"""How often each code stands in a column of bytes, and in how many combinations of columns.

A million responses are counted at the speed of memory: codes one by one by comparing whole columns
(`occurrences`), combinations by one joint code for as many columns as a small table holds
(`joint_tables`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.unsignedinteger[Any]]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Part = tuple[Column, int]
"""A column and a number that all of its codes are below."""

TABLE = 2**17
"""Cells of a table of counts that a processor keeps near: beyond, counting slows down."""
BLOCK = 2**18
"""Rows whose joint codes are made at a time."""
FOLDS = 250
"""Bytes of 0 or 1 that a byte can add up."""


def number_of(flags: npt.NDArray[np.bool_]) -> int:
    """How many of (n,) flags are set; adding bytes in columns is faster than np.count_nonzero."""
    width = len(flags) // FOLDS
    if width < FOLDS:
        return int(np.count_nonzero(flags))
    folded = flags[: width * FOLDS].view(np.uint8).reshape(FOLDS, width)
    sums = np.add.reduce(folded, axis=0, dtype=np.uint8)
    return int(sums.sum(dtype=np.int64)) + int(np.count_nonzero(flags[width * FOLDS :]))


def occurrences(column: Column, size: int) -> list[int]:
    """How often each code 0..size-1 stands in the column (n,); other codes count nowhere."""
    if not len(column):
        return [0] * size
    low, high = int(column.min()), int(column.max())
    present = range(low, min(high + 1, size))
    found = [0] * size
    derived = present[-1] if high < size else None
    for code in present:
        if code != derived:
            found[code] = number_of(column == column.dtype.type(code))
    if derived is not None:
        found[derived] = len(column) - sum(found)
    return found


def joint_tables(
    kinds: npt.NDArray[np.integer[Any]] | None,
    kind_count: int,
    parts: Sequence[Part],
    weights: Floats | None = None,
) -> list[npt.NDArray[Any]]:
    """Per part the (kind_count, size) table of how many rows of each kind have each code, or with
    `weights` (n,) the sums of their weights. kinds: (n,) 0..kind_count-1, None for a single kind.

    Several parts share one pass: their joint table is counted and then summed to each one's own.
    """
    found: dict[int, npt.NDArray[Any]] = {}
    for places in _packs(kind_count, [size for _, size in parts]):
        pack = [parts[place] for place in places]
        sizes = [size for _, size in pack]
        table = _counted(kinds, kind_count, pack, weights).reshape(kind_count, *sizes)
        axes = range(1, len(sizes) + 1)
        for own, place in zip(axes, places, strict=True):
            found[place] = table.sum(axis=tuple(axis for axis in axes if axis != own))
    return [found[place] for place in range(len(parts))]


def _packs(kind_count: int, sizes: Sequence[int]) -> list[list[int]]:
    """Places of the parts that are counted together: each goes where it first fits."""
    packs: list[list[int]] = []
    cells: list[int] = []
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        fitting = (i for i, taken in enumerate(cells) if taken * sizes[place] <= TABLE)
        chosen = next(fitting, len(packs))
        if chosen == len(packs):
            packs.append([])
            cells.append(kind_count)
        packs[chosen].append(place)
        cells[chosen] *= sizes[place]
    return packs


def _counted(
    kinds: npt.NDArray[np.integer[Any]] | None,
    kind_count: int,
    pack: Sequence[Part],
    weights: Floats | None,
) -> npt.NDArray[Any]:
    width = math.prod(size for _, size in pack)
    cells, n = kind_count * width, len(pack[0][0])
    block = max(BLOCK, cells)
    wide: Any = np.uint32 if cells < 2**32 else np.uint64
    found: npt.NDArray[Any] = np.zeros(cells, dtype=np.int64 if weights is None else np.float64)
    for start in range(0, n, block):
        rows = slice(start, start + block)
        joint = packed([(column[rows], size) for column, size in pack])
        if kinds is not None:
            joint = kinds[rows].astype(wide) * wide(width) + joint
        own = None if weights is None else weights[rows]
        found += np.bincount(joint.astype(np.intp), own, minlength=cells)
    return found


def packed(parts: Sequence[Part]) -> Column:
    """(n,) one code for the codes of several parts, the last one counting fastest, in the
    narrowest type: a processor takes as many more at a time."""
    narrow = np.min_scalar_type(math.prod(size for _, size in parts) - 1).type
    (first, _), *others = parts
    joint: Column = first.astype(narrow)
    for column, size in others:
        joint *= narrow(size)
        joint += column.astype(narrow, copy=False)
    return joint
