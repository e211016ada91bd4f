"""Every question by every other as a report of one grid, the strongest association first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.association import is_doubtful
from analysis.crosstab_matrix import CrosstabMatrix, PairTable, Variable
from analysis.multiplicity import adjusted
from analysis.reports.cross_words import LEVEL, word
from analysis.reports.grids import Entry, Figure, Grid, GridReport

KEYS = ("first", "second", "n", "statistic", "df", "p", "p_adjusted", "cramers_v", "result")


def matrix_report(
    matrix: CrosstabMatrix, language: str = "zh", *, about: tuple[str, ...] = ()
) -> GridReport:
    """Pairs that cannot be tested stand last. p is adjusted over all pairs by Benjamini & Hochberg;
    a * marks those of which expected counts are too small (`association.is_doubtful`)."""
    pairs = list(matrix.tables())
    ps = _adjusted(pairs)
    order = sorted(range(len(pairs)), key=lambda place: -(pairs[place].cramers_v or -1))
    grid = Grid(
        word("matrix_title", language),
        tuple(word(key, language) for key in KEYS),
        tuple(tuple(_entries(pairs[place], ps[place], language)) for place in order),
    )
    tested = [p for p in ps if p is not None]
    found = sum(p < LEVEL for p in tested)
    result = word("matrix_result", language, pairs=len(pairs), tested=len(tested), found=found)
    notes = (word("matrix_note", language),)
    data = {"pairs": [_data(pairs[place], ps[place]) for place in order]}
    return GridReport(word("matrix_title", language), (*about, result), (grid,), grid, notes, data)


def _adjusted(pairs: Sequence[PairTable]) -> list[float | None]:
    tested = [place for place, pair in enumerate(pairs) if pair.p is not None]
    found: list[float | None] = [None] * len(pairs)
    ps = adjusted([pairs[place].p or 0.0 for place in tested], "BH")
    for place, p in zip(tested, ps.tolist(), strict=True):
        found[place] = p
    return found


def _entries(pair: PairTable, p: float | None, language: str) -> Iterator[Entry]:
    yield from (_name(pair.rows), _name(pair.columns))
    yield Figure(int(pair.counts.sum()), "count")
    yield Figure(pair.statistic, mark="*" if _is_doubtful(pair) else "")
    yield Figure(pair.df, "count")
    yield from (Figure(pair.p, "p"), Figure(p, "p"), Figure(pair.cramers_v, "coefficient"))
    yield word("untestable" if p is None else "related" if p < LEVEL else "unrelated", language)


def _name(variable: Variable) -> str:
    """`q05`, of a multiple choice `q04 A.生活补助`."""
    return f"{variable.question} {variable.names[0]}" if variable.option else variable.question


def _is_doubtful(pair: PairTable) -> bool:
    return pair.p is not None and is_doubtful(pair.counts)


def _data(pair: PairTable, p: float | None) -> dict[str, object]:
    sides = (("rows", pair.rows), ("columns", pair.columns))
    named = {key: {"question": v.question, "option": v.option or None} for key, v in sides}
    return named | {
        "n": int(pair.counts.sum()),
        "statistic": pair.statistic,
        "df": pair.df,
        "p": pair.p,
        "adjusted": p,
        "cramers_v": pair.cramers_v,
        "doubtful": _is_doubtful(pair),
    }
