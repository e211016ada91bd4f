"""What is said about a cross-tabulation, zh and en: result in words, warnings, how to read it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis import wording
from analysis.association import Test
from analysis.cross_values import CrossTable, OverviewRow, Side
from analysis.crosstab import column_letter
from analysis.interval_methods import GOODMAN, name_of
from analysis.reports.cross_vocabulary import WORDS
from analysis.reports.grouping_names import grouping_name
from analysis.reports.words import label_of
from analysis.reports.words import word as common_word

LEVEL = 0.05
NAMED = 8
"""Categories named in one sentence; more are counted."""
STRENGTHS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "medium"), (math.inf, "strong"))
"""Upper bounds of w = V √(k - 1), k the smaller of rows and columns (Cohen 1988, 7.2)."""


def word(key: str, language: str = "zh", **details: object) -> str:
    """Raises KeyError for an unknown key."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def side_name(side: Side, language: str = "zh") -> str:
    return f"{side.key} {side.title}" if side.title else grouping_name(side.key).text(language)


def heading(table: CrossTable, language: str = "zh") -> str:
    return f"{side_name(table.rows, language)} × {side_name(table.columns, language)}"


def test_name(test: Test, language: str = "zh") -> str:
    return word(f"test_{test.name}", language)


def overview_test(row: OverviewRow, language: str = "zh") -> str:
    """The test whose p is printed; * where it is doubtful and no exact one takes its place."""
    if row.exact is not None:
        return word(row.exact, language)
    if row.test is None:
        return wording.NOTHING
    return test_name(row.test, language) + (" *" if row.doubtful else "")


def p_text(p: float | None) -> str:
    """`= 0.013` or `< 0.001`, to stand behind a p."""
    return wording.p_equation(p).removeprefix("p ")


def verdict(table: CrossTable, language: str = "zh") -> Iterator[str]:
    """The result in plain words, one or two sentences."""
    found = table.association
    if found.p is None:
        why = next((r.why for r in found.refusals if r.part == "test"), None)
        yield word("untested", language, why=why.text(language) if why else wording.NOTHING)
        return
    details = {
        "rows": _quoted(side_name(table.rows, language)),
        "columns": _quoted(side_name(table.columns, language)),
        "p": p_text(found.p),
    }
    if found.p >= LEVEL:
        yield word("no_association", language, **details)
        return
    strength = strength_word(table, language)
    key = "association" if strength else "set_association"
    yield word(key, language, strength=strength, **details)
    if found.options:
        yield _options(table, language)
    if (striking := _striking(table, language)) is not None:
        yield striking


def _quoted(name: str) -> str:
    """To stand within quotation marks."""
    return name.replace("“", "‘").replace("”", "’")


def strength_word(table: CrossTable, language: str = "zh") -> str:
    """Empty for a multiple choice, which has no Cramér's V."""
    v = table.association.cramers_v
    if v is None:
        return ""
    filled = (sum(c.n > 0 for c in side.categories) for side in (table.rows, table.columns))
    w = v * math.sqrt(max(min(filled) - 1, 1))
    key = next(key for bound, key in STRENGTHS if w < bound)
    return word("strength", language, word=word(key, language), v=wording.number(v))


def _options(table: CrossTable, language: str) -> str:
    names = [o.name for o in table.association.options if o.adjusted < LEVEL]
    if not names:
        return word("no_option", language)
    return word("options", language, names=listed(names, language))


def listed(names: list[str], language: str) -> str:
    shown = common_word("comma", language).join(label_of(name, language) for name in names[:NAMED])
    more = len(names) - NAMED
    return word("and_more", language, shown=shown, n=len(names)) if more > 0 else shown


def _striking(table: CrossTable, language: str) -> str | None:
    """The cell that departs most from what independence would give."""
    places = [
        (abs(cell.residual), i, j)
        for i, line in enumerate(table.cells)
        for j, cell in enumerate(line)
        if cell.residual is not None and cell.is_marked and cell.column.value is not None
    ]
    if not places:
        return None
    _, i, j = max(places)
    cell, row, column = table.cells[i][j], table.rows.categories[i], table.columns.categories[j]
    return word(
        "striking_more" if (cell.residual or 0) > 0 else "striking_less",
        language,
        row=label_of(row.name, language),
        column=label_of(column.name, language),
        share=wording.percent(cell.column.value),
        overall=wording.percent(row.share.value),
    )


def warnings(table: CrossTable, language: str = "zh") -> Iterator[str]:
    """What makes figures doubtful, and what could not be computed and why."""
    if table.small_columns:
        names = listed(list(table.small_columns), language)
        yield word("small_columns", language, names=names)
    found = table.association
    if found.doubtful:
        smallest = wording.number(found.smallest_expected)
        given = {"doubtful": found.fisher, "doubtful_simulated": found.simulated}
        key = next((key for key, p in given.items() if p is not None), "doubtful_only")
        yield word(key, language, smallest=smallest)
    if found.left_out:
        yield word("left_out", language, names=listed(list(found.left_out), language))
    for refusal in found.refusals:
        if refusal.part != "test" and not (refusal.part == "fisher" and found.simulated):
            part = word(f"part_{refusal.part}", language)
            yield word("refused", language, part=part, why=refusal.why.text(language))
    for side in (table.rows, table.columns):
        if side.omitted:
            names = listed(list(side.omitted), language)
            yield word("omitted", language, side=side_name(side, language), names=names)


def notes(table: CrossTable, language: str = "zh") -> Iterator[str]:
    """How to read the table."""
    yield word(f"base_{table.of}", language)
    if table.weighted:
        yield word("weighted_note", language)
    yield from interval_notes(table, language)
    if not table.columns.multiple:
        yield word("letters_note", language, adjust=word(f"adjust_{table.adjust}", language))
    yield word("residual_note", language)
    if any(cell.residual is None for line in table.cells for cell in line):
        yield word("residual_blank_note", language)
    yield word("margin_note", language)
    if table.rows.multiple or table.columns.multiple:
        yield word("set_note", language)
    if table.association.cramers_v is not None:
        yield word("strength_note", language)


def interval_notes(table: CrossTable, language: str = "zh") -> Iterator[str]:
    """How the intervals of shares were made."""
    mentions = "interval_mentions" if table.of == "mentions" else "interval_note"
    key = "interval_design" if table.designed else mentions
    yield word(key, language, method=name_of(table.interval, language))
    if table.interval == GOODMAN:
        yield common_word("simultaneous", language)
    if table.calibrated:
        yield word("interval_calibrated", language)


def letters_of(table: CrossTable) -> tuple[str, ...]:
    """A, B … of the columns, or nothing where columns are not compared."""
    compared = not any(r.part == "letters" for r in table.association.refusals)
    count = len(table.columns.categories)
    return tuple(column_letter(place) if compared else "" for place in range(count))


def overview_verdict(row: OverviewRow, language: str = "zh") -> str:
    if row.refusal is not None:
        return row.refusal.text(language)
    if row.adjusted is None:
        return wording.NOTHING
    return word("related" if row.adjusted < LEVEL else "unrelated", language)
