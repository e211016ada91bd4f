"""Rows of 附件1 as tables draw them: by first level, and which rows share a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.evaluation.scorecard import Row, Scorecard

MOST_LINES, USUAL_LINES = 12, 2
"""Lines of print under one name: a page that cannot take them leaves no larger area white."""
OPENING_LEVEL, UNIT_LEVEL = 1, 2


def by_first_level(card: Scorecard) -> Iterator[list[Row]]:
    """The rows of each first-level indicator, in order; each is followed by its sub-total."""
    for indicator in card.framework.parts:
        yield [r for r in card.rows if (*r.leaf.above, r.leaf.indicator)[0] is indicator]


def level_runs(rows: Sequence[Row], depth: int) -> Iterator[tuple[int, int, int, str]]:
    """(column, first row, last row, name) of every cell of the `depth` columns of levels.

    Rows that share a heading share a cell; a short branch leaves the columns after it empty.
    """
    for level in range(depth):
        for start, end in _runs([_standing(row, level) for row in rows]):
            path = rows[start].leaf.path
            yield level, start, end, path[level] if level < len(path) else ""


def pieces(rows: Sequence[Row], depth: int, heights: Sequence[int] = ()) -> list[tuple[int, int]]:
    """First and last row of what stays on one page; `heights` in lines of print.

    Short second-level indicators stand together; a long one has pieces of its own, which end
    where a third-level indicator does if they can.
    """
    tall = heights or [USUAL_LINES] * len(rows)
    standing = [[_standing(row, level) for row in rows] for level in range(depth)]
    deep = depth > UNIT_LEVEL
    blocks = _together(_runs(standing[OPENING_LEVEL]), tall) if deep else [(0, len(rows) - 1)]
    found: list[tuple[int, int]] = []
    for start, end in blocks:
        if sum(tall[start : end + 1]) <= MOST_LINES:
            found.append((start, end))
            continue
        keys = standing[UNIT_LEVEL] if deep else range(len(rows))
        runs = [(start + a, start + z) for a, z in _runs(keys[start : end + 1])]
        units = [part for run in runs for part in _evenly(*run, tall)]
        found += _packed(units, tall)
    return found


def _together(blocks: Iterator[tuple[int, int]], tall: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours joined as long as they fit."""
    found: list[tuple[int, int]] = []
    for start, end in blocks:
        if found and sum(tall[found[-1][0] : end + 1]) <= MOST_LINES:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def repeated_runs(
    rows: Sequence[Row], depth: int, parts: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int, str]]:
    """The same as `level_runs`, but every name stands anew in each of the `pieces`, so that no cell
    spans two pages and a page that a table goes on to says whose rows it has."""
    for level, start, end, name in level_runs(rows, depth):
        for first, last in parts:
            if first <= end and last >= start:
                yield level, max(first, start), min(last, end), name


def _evenly(start: int, end: int, tall: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Parts of about as many rows, as many as their lines of print need."""
    length = end - start + 1
    count = min(length, _count(sum(tall[start : end + 1])))
    for n in range(count):
        yield start + n * length // count, start + (n + 1) * length // count - 1


def _packed(units: Sequence[tuple[int, int]], tall: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours put together, to pieces of about the same height."""
    total = sum(tall[units[0][0] : units[-1][1] + 1])
    wanted = total / _count(total)
    first, height = units[0][0], 0
    for start, end in units:
        own = sum(tall[start : end + 1])
        if height and (height >= wanted or height + own > MOST_LINES):
            yield first, start - 1
            first, height = start, 0
        height += own
    yield first, units[-1][1]


def _count(lines: int) -> int:
    return -(-lines // MOST_LINES)


def _standing(row: Row, level: int) -> int:
    """Which indicator stands in this column of the row; each row its own past its end."""
    along = (*row.leaf.above, row.leaf.indicator)
    return id(along[level]) if level < len(along) else -id(row.leaf)


def _runs(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of equal keys."""
    start = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[start]:
            yield start, place - 1
            start = place
