"""A cross-tabulation, or the overview of many, as a report of grids for every file format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis import wording
from analysis.association import Test
from analysis.cross_values import (
    Association,
    CrossCell,
    CrossTable,
    OverviewRow,
    Share,
    Side,
)
from analysis.interval_methods import name_of
from analysis.reports.cross_data import SHARES, overview_data, table_data
from analysis.reports.cross_words import (
    heading,
    letters_of,
    listed,
    notes,
    overview_test,
    overview_verdict,
    side_name,
    test_name,
    verdict,
    warnings,
    word,
)
from analysis.reports.grids import Entry, Figure, Grid, GridReport, Place
from analysis.reports.grouping_names import grouping_name
from analysis.reports.words import label_of, level_text
from analysis.reports.words import word as common_word


def cross_report(
    table: CrossTable,
    language: str = "zh",
    *,
    about: tuple[str, ...] = (),
) -> GridReport:
    """`about`: lines on the project, the filters and the design, above the result in words."""
    grids: list[Grid] = []
    for name, part in [("", table), *table.layers]:
        grids += _grids(part, _given(table, name, language), len(grids), language)
    return GridReport(
        title=f"{word('title', language)}　{heading(table, language)}",
        lines=(*about, *verdict(table, language), *warnings(table, language)),
        grids=tuple(grids),
        flat=_flat(table, language),
        notes=tuple(notes(table, language)),
        data=table_data(table, language),
    )


def _given(table: CrossTable, name: str, language: str) -> str:
    if not name or table.layer is None:
        return ""
    layer = side_name(table.layer, language)
    return word("given_layer", language, layer=layer, name=label_of(name, language)) + "　"


def _grids(table: CrossTable, given: str, first: int, language: str) -> Iterator[Grid]:
    """Counts; where something is weighted the weighted counts; the shares, live quotients of the
    grid before; residuals; tests."""
    yield _counts(table, given, language)
    source = first
    if table.weighted:
        yield _weighted(table, given, language)
        source = first + 1
    for kind in SHARES:
        yield _shares(table, kind, given, source, language)
    yield _residuals(table, given, language)
    yield tests_grid(table.association, given, language)
    if table.association.options:
        yield option_tests(table.association, given, language)


def _headings(table: CrossTable, language: str, *more: str) -> tuple[str, ...]:
    letters = letters_of(table)
    columns = (
        f"{letter} {label_of(column.name, language)}".strip()
        for letter, column in zip(letters, table.columns.categories, strict=True)
    )
    corner = word("option", language) if table.rows.title else side_name(table.rows, language)
    return (corner, *columns, *more)


def _labels(side: Side, language: str) -> list[str]:
    return [label_of(category.name, language) for category in side.categories]


def _counts(table: CrossTable, given: str, language: str) -> Grid:
    rows: list[tuple[Entry, ...]] = [
        (label, *(Figure(cell.count, "count") for cell in line), Figure(category.base, "count"))
        for label, line, category in zip(
            _labels(table.rows, language), table.cells, table.rows.categories, strict=True
        )
    ]
    columns = table.columns.categories
    base = "base" if table.of == "cases" else "mentions_base"
    foot: list[tuple[str, list[Any], Any, Any]] = [
        (base, [c.base for c in columns], table.base, "count"),
        ("responses", [c.n for c in columns], table.n, "count"),
        ("margin", [c.margin for c in columns], table.margin, "points"),
    ]
    for key, values, everybody, form in foot:
        figures = (Figure(value, form) for value in (*values, everybody))
        rows.append((word(key, language), *figures))
    all_ = word("all", language)
    return Grid(given + word("counts", language), _headings(table, language, all_), tuple(rows))


def _weighted(table: CrossTable, given: str, language: str) -> Grid:
    rows: list[tuple[Entry, ...]] = [
        (label, *(Figure(cell.weighted) for cell in line), Figure(category.weighted))
        for label, line, category in zip(
            _labels(table.rows, language), table.cells, table.rows.categories, strict=True
        )
    ]
    bases = [Figure(c.weighted) for c in table.columns.categories]
    rows.append((word("weighted_base", language), *bases, Figure(table.total_weight)))
    title = given + word("weighted_counts", language)
    return Grid(title, _headings(table, language, word("all", language)), tuple(rows))


def _shares(table: CrossTable, kind: str, given: str, source: int, language: str) -> Grid:
    rows: list[tuple[Entry, ...]] = []
    for i, label in enumerate(_labels(table.rows, language)):
        figures = [
            _quotient(getattr(cell, kind), kind, Place(source, i, j + 1), table, mark(cell, kind))
            for j, cell in enumerate(table.cells[i])
        ]
        if kind == "column":
            share, last = table.rows.categories[i].share, len(table.columns.categories) + 1
            figures.append(_quotient(share, kind, Place(source, i, last), table))
        rows.append((label, *figures))
    more = (word("all", language),) if kind == "column" else ()
    title = given + word(f"{kind}_long", language)
    return Grid(title, _headings(table, language, *more), tuple(rows))


def mark(cell: CrossCell, kind: str) -> str:
    """Letters stand behind the shares of columns, and ▲ or ▼ behind them."""
    if kind != "column":
        return ""
    arrow = "" if not cell.is_marked else "▲" if (cell.residual or 0) > 0 else "▼"
    return f"{cell.letters} {arrow}".strip()


def _quotient(share: Share, kind: str, top: Place, table: CrossTable, after: str = "") -> Figure:
    """The base of a column stands below it, that of a row behind it, that of all in the corner."""
    below, behind = len(table.rows.categories), len(table.columns.categories) + 1
    bottom = {
        "column": Place(top.grid, below, top.column),
        "row": Place(top.grid, top.row, behind),
        "total": Place(top.grid, below, behind),
    }[kind]
    return Figure(share.value, "share", None if share.value is None else (top, bottom), after)


def _residuals(table: CrossTable, given: str, language: str) -> Grid:
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (label, *(Figure(cell.residual) for cell in line))
        for label, line in zip(_labels(table.rows, language), table.cells, strict=True)
    )
    return Grid(given + word("residual", language), _headings(table, language), rows)


def tests_grid(found: Association, given: str, language: str) -> Grid:
    keys = ("test", "statistic", "df", "p", "n")
    rows: list[tuple[Entry, ...]] = [_test_row(test, language) for test in found.tests]
    nothing = Figure(None)
    for key in ("fisher", "simulated"):
        if (exact := getattr(found, key)) is not None:
            rows.append((word(key, language), nothing, nothing, Figure(exact, "p"), nothing))
    for name, value in strengths(found, language):
        rows.append((name, Figure(value, "coefficient"), nothing, nothing, nothing))
    headings = tuple(word(key, language) for key in keys)
    return Grid(given + word("tests", language), headings, tuple(rows))


def _test_row(test: Test, language: str) -> tuple[Entry, ...]:
    df: Entry = Figure(float(test.df), "count") if test.df % 1 else Figure(int(test.df), "count")
    if test.df2 is not None:
        df = f"{wording.exact(test.df, 2)}; {wording.exact(test.df2, 2)}"
    n = Figure(int(test.n), "count")
    return (test_name(test, language), Figure(test.statistic), df, Figure(test.p, "p"), n)


def strengths(found: Association, language: str) -> Iterator[tuple[str, float]]:
    named = {
        "cramers_v": found.cramers_v,
        "cramers_v_corrected": found.cramers_v_corrected,
        "odds_ratio": None if found.odds_ratio is None else found.odds_ratio.value,
    }
    if found.ordinal is not None:
        ordinal = found.ordinal
        named |= {"gamma": ordinal.gamma, "tau_b": ordinal.tau_b, "spearman": ordinal.spearman}
    for key, value in named.items():
        if value is not None:
            yield word(key, language), value


def option_tests(found: Association, given: str, language: str) -> Grid:
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (label_of(option.name, language), Figure(option.p, "p"), Figure(option.adjusted, "p"))
        for option in found.options
    )
    headings = tuple(word(key, language) for key in ("option", "p", "p_option"))
    return Grid(given + word("option_tests", language), headings, rows)


HOW = ("interval_method", "level")
FLAT = (
    *("layer", "row_code", "column_code", "counts", "weighted_counts", "base"),
    *("column", "low", "high", "row", "total", "residual", "letter"),
)


def _flat(table: CrossTable, language: str) -> Grid:
    """One line per cell, the 95% interval that of the column's share."""
    how = (name_of(table.interval, language), level_text())
    rows: list[tuple[Entry, ...]] = []
    for name, part in [("", table), *table.layers]:
        for row, line in zip(_labels(part.rows, language), part.cells, strict=True):
            for column, cell in zip(part.columns.categories, line, strict=True):
                top = label_of(column.name, language)
                start = (label_of(name, language), row, top)
                rows.append((*start, *_flat_cell(cell, column.base), *how))
    headings = (word(key, language) for key in FLAT)
    method = (common_word(key, language) for key in HOW)
    return Grid("", (*headings, *method), tuple(rows))


def _flat_cell(cell: CrossCell, base: int) -> Iterator[Entry]:
    yield from (Figure(cell.count, "count"), Figure(cell.weighted, "count"), Figure(base, "count"))
    own = cell.column
    shares = (own.value, own.low, own.high, cell.row.value, cell.total.value)
    yield from (Figure(value, "share") for value in shares)
    yield Figure(cell.residual)
    yield cell.letters


def overview_report(
    rows: tuple[OverviewRow, ...],
    by: str,
    language: str = "zh",
    *,
    about: tuple[str, ...] = (),
) -> GridReport:
    """`by` is the key of the grouping or question that all are crossed with."""
    keys = ("question", "n", "test", "statistic", "p", "p_adjusted", "cramers_v", "result")
    related = [f"{row.key} {row.title}" for row in rows if (row.adjusted or 1) < 0.05]
    names = listed(related, language) or wording.NOTHING
    grid = Grid(
        word("overview_title", language),
        tuple(word(key, language) for key in keys),
        tuple(_overview_entries(row, language) for row in rows),
    )
    title = f"{word('overview_title', language)}　× {grouping_name(by).text(language)}"
    result = f"{word('related', language)}：{names}"
    note = word("overview_note", language)
    data = {"by": by, "questions": [overview_data(row, language) for row in rows]}
    return GridReport(title, (*about, result), (grid,), grid, (note,), data)


def _overview_entries(row: OverviewRow, language: str) -> tuple[Entry, ...]:
    test = row.test
    return (
        f"{row.key} {row.title}",
        Figure(row.n, "count"),
        overview_test(row, language),
        Figure(test.statistic if test and row.exact is None else None),
        Figure(row.p, "p"),
        Figure(row.adjusted, "p"),
        Figure(row.cramers_v, "coefficient"),
        overview_verdict(row, language),
    )
