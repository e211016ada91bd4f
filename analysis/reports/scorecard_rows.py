"""Rows of 附件1 as tables draw them: by first level, and which rows share a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.evaluation.scorecard import Row, Scorecard

LEVELS_REPEATED = 2
MOST_UNNAMED = 5


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


def repeated_runs(rows: Sequence[Row], depth: int) -> Iterator[tuple[int, int, int, str]]:
    """The same, but the names of the first two levels stand anew before each second-level indicator
    and after `MOST_UNNAMED` rows, so that a page that a table goes on to says whose rows it has."""
    runs = list(level_runs(rows, depth))
    pieces = [p for level, start, end, _ in runs if level == 1 for p in _pieces(start, end)]
    for level, start, end, name in runs:
        if level >= LEVELS_REPEATED or not pieces:
            yield level, start, end, name
            continue
        yield from ((level, *piece, name) for piece in pieces if start <= piece[0] <= end)


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """First and last row of parts of about the same length."""
    length = end - start + 1
    count = -(-length // MOST_UNNAMED)
    for n in range(count):
        yield start + n * length // count, start + (n + 1) * length // count - 1


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
