"""How often each code stands in a column of bytes, and in how many combinations of columns.

A million responses are counted at the speed of memory: codes one by one by comparing whole columns
(`Counter`), combinations by one joint code for as many columns as a small table holds
(`joint_tables`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Column = npt.NDArray[np.unsignedinteger[Any]]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.uint32]


class Part(NamedTuple):
    """A column of codes low..low + size - 1, which stand for 0..size - 1."""

    column: npt.NDArray[np.integer[Any]]
    size: int
    low: int = 0


TABLE = 2**17
"""Cells of a table of counts that a processor keeps near: beyond, counting slows down."""
SHARED = 2**16
"""Cells of a table that several columns share: its codes are of two bytes."""
BLOCK = 2**16
"""Rows whose joint codes are made at a time, so that all steps find them near."""
COUNTED = 2**18
"""Rows whose joint codes are counted at a time, or as many as a larger table has cells."""
NARROW = 2**14
"""Numbers of a matrix whose product takes a table apart in one call: of larger ones the product
takes longer than sums."""
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


class Counter:
    """Counts in columns of n codes, with room for what it makes on the way: asked for anew for
    each column, the memory would take longer to get than to fill."""

    def __init__(self, n: int) -> None:
        self._flags = np.empty(n, dtype=bool)
        self._bytes = np.empty(n, dtype=np.uint8)

    def occurrences(self, column: Column, size: int) -> list[int]:
        """How often each code 0..size-1 stands in the column (n,); other codes count nowhere."""
        if not len(column):
            return [0] * size
        low, high = int(column.min()), int(column.max())
        present = range(low, min(high + 1, size))
        found = [0] * size
        derived = present[-1] if high < size else None
        for code in present:
            if code != derived:
                found[code] = self.number_equal(column, code)
        if derived is not None:
            found[derived] = len(column) - sum(found)
        return found

    def number_equal(self, column: Column, code: int) -> int:
        return number_of(np.equal(column, column.dtype.type(code), out=self._flags))

    def bits_set(self, column: Column, bits: Sequence[int]) -> list[int]:
        """In how many of the codes of the column (n,) each of these bits is set. Wide codes are
        taken apart into bytes once, of which a processor takes more at a time."""
        found, flags = [], self._flags
        for shift, of_byte in groupby(bits, lambda bit: bit // 8 * 8):
            byte = self._byte(column, shift)
            for bit in of_byte:
                np.bitwise_and(byte, np.uint8(1 << bit - shift), out=flags.view(np.uint8))
                found.append(number_of(np.not_equal(flags.view(np.uint8), 0, out=flags)))
        return found

    def _byte(self, column: Column, shift: int) -> npt.NDArray[np.uint8]:
        """(n,) the eight bits of each code that begin with this one, made without a wide copy."""
        if column.dtype == np.uint8:
            return column
        shifted = column.dtype.type(shift)
        return np.right_shift(column, shifted, out=self._bytes, casting="unsafe")


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
    own: Any = kinds
    if kinds is not None:
        own = kinds.astype(np.min_scalar_type(kind_count - 1), copy=False)
    largest = kind_count * max((part.size for part in parts), default=0)
    tallier = _Tallier(len(parts[0].column) if parts else 0, weights, largest)
    for descending in _packs(kind_count, [part.size for part in parts]):
        places = descending[::-1]  # sums over a table are faster along long rows
        pack = _Pack(own, kind_count, [parts[place] for place in places])
        table = tallier.sums(pack.codes, pack.size).reshape(kind_count, -1)
        found |= zip(places, _of_each(table, [part.size for part in pack.parts]), strict=True)
    return [found[place] for place in range(len(parts))]


def tallied(codes: npt.NDArray[np.integer[Any]], size: int) -> Counts:
    """(size,) how often each code 0..size-1 stands in (n,) codes, of which none may be another."""

    def copy(rows: slice, out: Places) -> None:
        out[:] = codes[rows]

    found: Counts = _Tallier(len(codes), None, size).sums(copy, size)
    return found


def _packs(kind_count: int, sizes: Sequence[int]) -> list[list[int]]:
    """Places of the parts that are counted together: each goes where it first fits."""
    packs: list[list[int]] = []
    cells: list[int] = []
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        fitting = (i for i, taken in enumerate(cells) if taken * sizes[place] <= SHARED)
        chosen = next(fitting, len(packs))
        if chosen == len(packs):
            packs.append([])
            cells.append(kind_count)
        packs[chosen].append(place)
        cells[chosen] *= sizes[place]
    return packs


@dataclass(frozen=True, eq=False)
class _Pack:
    """Parts that are counted together within each kind."""

    kinds: Column | None
    kind_count: int
    parts: Sequence[Part]

    @property
    def width(self) -> int:
        return math.prod(part.size for part in self.parts)

    @property
    def size(self) -> int:
        """Cells of the joint table."""
        return self.kind_count * self.width

    def codes(self, rows: slice, out: Places) -> None:
        """The joint codes of some rows, into `out`."""
        own = packed([Part(part.column[rows], part.size, part.low) for part in self.parts])
        if self.kinds is not None:
            own = packed([Part(self.kinds[rows], self.kind_count), Part(own, self.width)])
        out[:] = own


class _Tallier:
    """Sums of the weights of n rows per code, with room for the codes of some rows.

    A table is the product of a sparse matrix of one column, whose entries are in the rows that
    the codes name and add up, with the number 1. That is np.bincount at twice its speed: codes and
    counts are half as wide.
    """

    def __init__(self, n: int, weights: Floats | None, largest: int) -> None:
        self._n = n
        self._room = max(COUNTED, largest)
        self._codes = np.empty(min(n, self._room), dtype=np.uint32)
        self._weights = np.ones(len(self._codes), dtype=np.int32) if weights is None else weights
        self._each = weights is not None

    def sums(self, codes: Callable[[slice, Places], None], size: int) -> npt.NDArray[Any]:
        """(size,) sums for the codes that `codes` writes for a slice of the rows."""
        found = np.zeros(size, dtype=np.float64 if self._each else np.int64)
        for start in range(0, self._n, self._room):
            some = self._codes[: self._n - start]
            for first in range(0, len(some), BLOCK):
                block = some[first : first + BLOCK]
                codes(slice(start + first, start + first + len(block)), block)
            if some.max() >= size:  # the product would write beyond its table
                raise ValueError(f"code {some.max()} in a table of {size}")
            found += self._product(some, start if self._each else 0, size)
        return found

    def _product(self, codes: Places, start: int, size: int) -> npt.NDArray[Any]:
        weights = self._weights[start : start + len(codes)]
        ends = np.array([0, len(codes)], dtype=np.int32)
        rows = codes.view(np.int32)
        column = sparse.csc_array((weights, rows, ends), shape=(size, 1))
        return np.asarray(column @ np.ones(1, dtype=weights.dtype))


def _of_each(table: npt.NDArray[Any], sizes: Sequence[int]) -> list[npt.NDArray[Any]]:
    """The tables of single parts from their joint one (kinds, Π sizes); counts are whole numbers
    in floats, too."""
    if len(sizes) == 1:
        return [table]
    if table.shape[1] * sum(sizes) <= NARROW:
        sums = (table.astype(np.float64) @ _codes(tuple(sizes))).astype(table.dtype)
        return np.split(sums, np.cumsum(sizes)[:-1], axis=1)
    shapes = ((-1, size, math.prod(sizes[place + 1 :])) for place, size in enumerate(sizes))
    return [table.reshape(len(table), *shape).sum(axis=3).sum(axis=1) for shape in shapes]


@lru_cache(maxsize=64)
def _codes(sizes: tuple[int, ...]) -> Floats:
    """(Π sizes, Σ sizes) 1 where a joint code has the code of a part."""
    width = math.prod(sizes)
    places = np.unravel_index(np.arange(width), sizes)
    return np.hstack([np.eye(size)[own] for size, own in zip(sizes, places, strict=True)])


def packed(parts: Sequence[Part]) -> Column:
    """(n,) one code for the codes of several parts, the last one counting fastest. Each step is in
    the narrowest type: a processor takes as many more at a time. What overflows on the way is
    taken off again before a wider one."""
    first, *others = [part for part in parts if part.size > 1] or parts[:1]
    size, low = first.size, first.low
    joint = first.column.astype(np.min_scalar_type(size - 1))
    for part in others:
        size *= part.size
        kind = np.min_scalar_type(size - 1)
        if kind != joint.dtype:
            joint, low = _less(joint, low).astype(kind), 0
        joint *= kind.type(part.size)
        joint += part.column.astype(kind, copy=False)
        low = low * part.size + part.low
    return _less(joint, low)


def _less(codes: Column, low: int) -> Column:
    if low:
        codes -= np.array(low).astype(codes.dtype)
    return codes
