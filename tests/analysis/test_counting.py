"""Fast counting against numpy's plain one, and the vectorised Wilson against the scalar one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from analysis import counting
from analysis.counting import Counter, Part, joint_tables, number_of, packed, tallied
from analysis.estimate import wilson, wilson_ends


@pytest.mark.parametrize("n", [0, 1, 249, 62_499, 62_500, 70_001, 300_007])
def test_flags_are_counted_at_any_length(n: int) -> None:
    flags = np.random.default_rng(n).random(n) < 0.7
    assert number_of(flags) == int(flags.sum())
    assert number_of(np.ones(n, dtype=bool)) == n


@given(st.lists(st.integers(0, 255), max_size=40), st.integers(1, 12))
def test_each_code_is_counted_and_others_are_not(codes: list[int], size: int) -> None:
    column = np.array(codes, dtype=np.uint8)
    assert Counter(len(column)).occurrences(column, size) == [
        codes.count(code) for code in range(size)
    ]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.uint64])
def test_each_bit_is_counted(kind: type[np.unsignedinteger[Any]]) -> None:
    wide = np.iinfo(kind).bits
    column = np.random.default_rng(1).integers(0, 2**wide, 1000, dtype=kind)
    wanted = [sum(code >> bit & 1 for code in column.tolist()) for bit in range(1, wide)]
    assert Counter(len(column)).bits_set(column, range(1, wide)) == wanted
    assert Counter(0).bits_set(column[:0], range(1, wide)) == [0] * (wide - 1)


def test_a_joint_code_stands_for_the_codes_above_each_lowest() -> None:
    """Also where the sums on the way overflow the narrow type."""
    chance, sizes, lows = np.random.default_rng(2), [5, 1, 51], [250, 7, 200]
    columns = [
        chance.integers(low, low + size, 500).astype(np.uint8)
        for size, low in zip(sizes, lows, strict=True)
    ]
    joint = packed(list(map(Part, columns, sizes, lows)))
    first, _, last = (column.astype(int) for column in columns)
    assert joint.dtype == np.uint8
    assert joint.tolist() == ((first - 250) * 51 + last - 200).tolist()


@pytest.mark.parametrize("n", [0, 1, 2**16 + 1, 2**18 + 3])
@pytest.mark.parametrize("size", [1, 6, 2**19])
def test_codes_are_tallied_in_however_many_steps(n: int, size: int) -> None:
    codes = np.random.default_rng(3).integers(0, size, n)
    assert tallied(codes, size).tolist() == np.bincount(codes, minlength=size).tolist()


def test_code_beyond_the_table_is_an_error_and_no_memory_is_written() -> None:
    with pytest.raises(ValueError, match="code 6 in a table of 6"):
        tallied(np.array([0, 6, 1]), 6)
    with pytest.raises(ValueError, match="in a table of 6"):
        tallied(np.array([0, -1]), 6)


@pytest.mark.parametrize("table", [2**17, 40, 1])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("grouped", [True, False])
def test_joint_tables_are_those_of_each_column(
    table: int, weighted: bool, grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many columns share a pass, and in however many blocks."""
    monkeypatch.setattr(counting, "SHARED", table)
    monkeypatch.setattr(counting, "BLOCK", 64)
    monkeypatch.setattr(counting, "COUNTED", 300)
    chance, n = np.random.default_rng(4), 1000
    sizes = [3, 7, 2, 256, 5]
    columns = [chance.integers(0, size, n).astype(np.uint8) for size in sizes]
    kinds = chance.integers(0, 6, n) if grouped else None
    weights = chance.random(n) if weighted else None
    parts = list(map(Part, columns, sizes))
    found = joint_tables(kinds, 6 if grouped else 1, parts, weights)
    for one, column, size in zip(found, columns, sizes, strict=True):
        wanted = np.zeros((6 if grouped else 1, size))
        rows = np.zeros(n, dtype=int) if kinds is None else kinds
        np.add.at(wanted, (rows, column), 1 if weights is None else weights)
        assert one == pytest.approx(wanted, rel=1e-12)


def test_wilson_of_arrays_is_that_of_numbers_digit_for_digit() -> None:
    bases = np.array([1, 2, 3, 10, 99, 100, 5000, 1_000_000])
    counts = np.concatenate([np.arange(0, 2), [0, 1, 3, 7, 99, 50, 4999, 999_999]])
    pairs = [(c, n) for c in counts.tolist() for n in bases.tolist() if c <= n]
    x, n = (np.array(values) for values in zip(*pairs, strict=True))
    low, high = wilson_ends(x, n)
    for place, (count, base) in enumerate(pairs):
        one = wilson(count, base)
        assert one is not None
        assert (low[place], high[place]) == (one.low, one.high)
    theirs = [binomtest(c, m).proportion_ci(0.95, "wilson") for c, m in pairs if m < 10_000]
    small = n < 10_000
    assert low[small] == pytest.approx([ci.low for ci in theirs], rel=1e-9, abs=1e-15)
    assert high[small] == pytest.approx([ci.high for ci in theirs], rel=1e-9)


def test_no_base_has_no_interval() -> None:
    low, high = wilson_ends(np.array([0]), np.array([0]))
    assert np.isnan([low[0], high[0]]).all()
