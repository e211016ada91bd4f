"""Cross-tabulations as plain data for JSON: shares 0..1, unrounded; absent numbers are null."""

from __future__ import annotations

from typing import Any

from analysis.association import Test
from analysis.cross_values import (
    ADJUSTMENTS,
    Association,
    CrossCell,
    CrossTable,
    OverviewRow,
    Share,
    Side,
)
from analysis.estimate import LEVEL
from analysis.reports.cross_words import verdict, warnings

SHARES = ("column", "row", "total")


def table_data(table: CrossTable, language: str = "zh") -> dict[str, Any]:
    return {
        "rows": _side_data(table.rows),
        "columns": _side_data(table.columns),
        "n": table.n,
        "of": table.of,
        "adjust": ADJUSTMENTS[table.adjust],
        "weighted": table.weighted,
        "designed": table.designed,
        "interval": table.interval,
        "level": LEVEL,
        "cells": [[_cell_data(cell) for cell in line] for line in table.cells],
        "association": association_data(table.association, language),
        "verdict": list(verdict(table, language)),
        "warnings": list(warnings(table, language)),
        "layer": None if table.layer is None else table.layer.key,
        "layers": [{"name": name} | table_data(part, language) for name, part in table.layers],
    }


def _side_data(side: Side) -> dict[str, Any]:
    categories = [
        {
            "name": c.name,
            "n": c.n,
            "base": c.base,
            "weighted": c.weighted,
            "share": _share_data(c.share),
            "margin": c.margin,
        }
        for c in side.categories
    ]
    return {"key": side.key, "title": side.title, "kind": side.kind, "categories": categories}


def _share_data(share: Share) -> dict[str, float | None]:
    return {"share": share.value, "low": share.low, "high": share.high}


def _cell_data(cell: CrossCell) -> dict[str, Any]:
    shares = {kind: _share_data(getattr(cell, kind)) for kind in SHARES}
    own = {"count": cell.count, "weighted": cell.weighted}
    return own | shares | {"residual": cell.residual, "letters": cell.letters}


def association_data(found: Association, language: str) -> dict[str, Any]:
    return {
        "p": found.p,
        "tests": [test_data(test) for test in found.tests],
        "fisher": found.fisher,
        "simulated": found.simulated,
        "doubtful": found.doubtful,
        "smallest_expected": found.smallest_expected,
        "cramers_v": found.cramers_v,
        "cramers_v_corrected": found.cramers_v_corrected,
        "options": [
            {"name": option.name, "p": option.p, "adjusted": option.adjusted}
            for option in found.options
        ],
        "ordinal": None
        if found.ordinal is None
        else {key: getattr(found.ordinal, key) for key in ("gamma", "tau_b", "spearman", "n")},
        "odds_ratio": None if found.odds_ratio is None else found.odds_ratio.value,
        "left_out": list(found.left_out),
        "refusals": {refusal.part: refusal.why.text(language) for refusal in found.refusals},
    }


def test_data(test: Test) -> dict[str, Any]:
    numbers = {"statistic": test.statistic, "df": test.df, "df2": test.df2, "p": test.p}
    return {"name": test.name, **numbers, "n": test.n}


def overview_data(row: OverviewRow, language: str) -> dict[str, Any]:
    return {
        "question": row.key,
        "text": row.title,
        "n": row.n,
        "test": None if row.test is None else test_data(row.test),
        "exact": row.exact,
        "p": row.p,
        "adjusted": row.adjusted,
        "cramers_v": row.cramers_v,
        "doubtful": row.doubtful,
        "refusal": None if row.refusal is None else row.refusal.text(language),
    }
