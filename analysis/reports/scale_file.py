"""Reliability and validity (信度效度) in words, and as a report of grids for every file format."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from analysis import wording
from analysis.estimate import Interval
from analysis.reports.cross_data import test_data
from analysis.reports.grids import Entry, Figure, Grid, GridReport
from analysis.reports.scale_vocabulary import WORDS
from analysis.scales import Item, ScaleReport

ALPHA_BOUNDS = ((0.6, "alpha_poor"), (0.7, "alpha_fair"), (0.8, "alpha_good"), (0.9, "alpha_very"))
KMO_BOUNDS = (
    *((0.5, "kmo_unfit"), (0.6, "kmo_poor"), (0.7, "kmo_fair")),
    *((0.8, "kmo_good"), (0.9, "kmo_very")),
)
LOW_ITEM_REST = 0.3
LEVEL = 0.05


def word(key: str, language: str = "zh", **details: object) -> str:
    """Raises KeyError for an unknown key."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def grade(value: float, bounds: tuple[tuple[float, str], ...], best: str) -> str:
    return next((key for bound, key in bounds if value < bound), best)


def reading(report: ScaleReport, language: str = "zh") -> Iterator[str]:
    """The result in plain words, each with the number it comes from; what is missing, why."""
    if report.items:
        yield word("complete", language, n=report.n, given=report.n_given, k=len(report.items))
    singles = [item.code for item in report.items if not item.is_scale]
    if singles:
        yield word("singles", language, items=_listed(singles, language))
    if report.alpha is not None:
        alpha = report.alpha
        yield word(
            "alpha_reading",
            language,
            alpha=wording.number(alpha.alpha, 3),
            span=_span(alpha.interval, language),
            grade=word(grade(alpha.alpha, ALPHA_BOUNDS, "alpha_excellent"), language),
        )
    yield from _item_readings(report, language)
    if report.omega is not None:
        key = "omega_doubtful" if report.omega.factor.heywood else "omega_reading"
        yield word(key, language, omega=wording.number(report.omega.standardised, 3))
    if report.kmo is not None:
        value = wording.number(report.kmo.overall, 3)
        told = word(grade(report.kmo.overall, KMO_BOUNDS, "kmo_excellent"), language)
        yield word("kmo_reading", language, kmo=value, grade=told)
    if report.bartlett is not None:
        test = report.bartlett
        key = "bartlett_related" if test.p < LEVEL else "bartlett_unrelated"
        yield word(
            key,
            language,
            chi2=wording.number(test.statistic),
            df=test.df,
            p=wording.p_equation(test.p).removeprefix("p "),
        )
    yield from refused(report, language)


def refused(report: ScaleReport, language: str = "zh") -> Iterator[str]:
    for part, why in report.refusals:
        yield word("refused", language, part=word(f"part_{part}", language), why=why.text(language))


def _item_readings(report: ScaleReport, language: str) -> Iterator[str]:
    if report.alpha is None:
        return
    rests = zip(report.items, report.alpha.item_rest, strict=True)
    negative = [item.code for item, rest in rests if rest is not None and rest < 0]
    if negative:
        yield word("negative", language, items=_listed(negative, language))
    rests = zip(report.items, report.alpha.item_rest, strict=True)
    low = [i.code for i, rest in rests if rest is not None and 0 <= rest < LOW_ITEM_REST]
    if low:
        yield word("low_rest", language, items=_listed(low, language))
    better = [
        item.code
        for item, without in zip(report.items, report.alpha.if_deleted, strict=True)
        if without is not None and without > report.alpha.alpha
    ]
    if better:
        yield word("better_without", language, items=_listed(better, language))


def _listed(codes: list[str], language: str) -> str:
    return ("、" if language.startswith("zh") else ", ").join(codes)


def _span(interval: Interval, language: str) -> str:
    low, high = (wording.number(end, 3) for end in (interval.low, interval.high))
    return word("from_to", language, low=low, high=high)


def notes(language: str = "zh") -> tuple[str, ...]:
    return tuple(word(f"note_{key}", language) for key in ("alpha", "kmo", "data", "sample"))


def scale_grids(report: ScaleReport, language: str = "zh") -> tuple[Grid, ...]:
    """Coefficients of the scale, if there are any, and a row per item; none without items."""
    if not report.items:
        return ()
    grids = (_coefficients(report, language), items_grid(report, language))
    computed = (report.alpha, report.omega, report.kmo, report.bartlett)
    return grids if any(part is not None for part in computed) else grids[1:]


def _coefficients(report: ScaleReport, language: str) -> Grid:
    named: dict[str, Any] = {}
    if report.alpha is not None:
        alpha = report.alpha
        named |= {"alpha": alpha.alpha, "alpha_low": alpha.interval.low}
        named |= {"alpha_high": alpha.interval.high, "standardised": alpha.standardised}
        named |= {"average": alpha.average_correlation, "lambda6": alpha.guttman_lambda6}
    if report.omega is not None:
        named |= {"omega": report.omega.standardised, "omega_raw": report.omega.raw}
    if report.kmo is not None:
        named |= {"kmo": report.kmo.overall}
    rows: list[tuple[Entry, ...]] = [
        (word(key, language), Figure(value, "coefficient")) for key, value in named.items()
    ]
    if report.bartlett is not None:
        test = report.bartlett
        rows.append((word("bartlett", language), Figure(test.statistic)))
        rows.append((word("bartlett_df", language), Figure(int(test.df), "count")))
        rows.append((word("bartlett_p", language), Figure(test.p, "p")))
    rows += [
        (word(f"part_{part}", language), word("not_applicable", language))
        for part, _ in report.refusals
    ]
    headings = (word("coefficient", language), word("value", language))
    return Grid(word("coefficients", language), headings, tuple(rows))


ITEM_COLUMNS = (
    *("item", "reversed", "levels", "answered", "mean"),
    *("item_rest", "if_deleted", "loading", "item_kmo"),
)


def items_grid(report: ScaleReport, language: str = "zh") -> Grid:
    rows = tuple(
        _item_row(report, place, item, language) for place, item in enumerate(report.items)
    )
    headings = tuple(word(key, language) for key in ITEM_COLUMNS)
    return Grid(word("items", language), headings, rows)


def _item_row(report: ScaleReport, place: int, item: Item, language: str) -> tuple[Entry, ...]:
    alpha, adequacy = report.alpha, report.kmo
    loadings = None if report.omega is None else report.omega.factor.loadings
    of_item = (
        None if alpha is None else alpha.item_rest[place],
        None if alpha is None else alpha.if_deleted[place],
        None if loadings is None else float(loadings[place]),
        None if adequacy is None else adequacy.items[place],
    )
    return (
        f"{item.code} {item.text}",
        word("yes" if item.reversed else "no", language),
        Figure(item.levels, "count"),
        Figure(item.answered, "count"),
        Figure(item.mean),
        *(Figure(value, "coefficient") for value in of_item),
    )


def scale_file(
    report: ScaleReport,
    language: str = "zh",
    *,
    about: tuple[str, ...] = (),
) -> GridReport:
    return GridReport(
        title=word("title", language),
        lines=(*about, *reading(report, language)),
        grids=scale_grids(report, language),
        flat=items_grid(report, language),
        notes=notes(language),
        data=scale_data(report, language),
    )


def scale_data(report: ScaleReport, language: str = "zh") -> dict[str, Any]:
    """Unrounded; what could not be computed is null and has its reason in `refusals`."""
    alpha, adequacy, test = report.alpha, report.kmo, report.bartlett
    factor = None if report.omega is None else report.omega.factor
    return {
        "n": report.n,
        "n_given": report.n_given,
        "alpha": None if alpha is None else alpha.alpha,
        "alpha_low": None if alpha is None else _finite(alpha.interval.low),
        "alpha_high": None if alpha is None else _finite(alpha.interval.high),
        "standardised_alpha": None if alpha is None else alpha.standardised,
        "omega": None if report.omega is None else report.omega.standardised,
        "kmo": None if adequacy is None else adequacy.overall,
        "bartlett": None if test is None else test_data(test),
        "items": [
            {
                "code": item.code,
                "text": item.text,
                "reversed": item.reversed,
                "answered": item.answered,
                "mean": item.mean,
                "item_rest": None if alpha is None else alpha.item_rest[place],
                "alpha_if_deleted": None if alpha is None else alpha.if_deleted[place],
                "loading": None if factor is None else float(factor.loadings[place]),
                "kmo": None if adequacy is None else adequacy.items[place],
            }
            for place, item in enumerate(report.items)
        ],
        "refusals": {part: why.text(language) for part, why in report.refusals},
        "reading": list(reading(report, language)),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
