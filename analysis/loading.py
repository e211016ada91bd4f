"""Rows of a sheet -> Responses, so that a bare CSV can be counted without any database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analysis.designs import Design, Floats, checked_weights, survey_design
from analysis.refusals import DesignError
from analysis.responses import UNSTATED, Labels, Responses
from analysis.stages import Lonely, lonely_for
from surveys import records
from surveys.definition import Audience, Questionnaire
from surveys.sheets import SheetRow

AUDIENCE_NAMES = {
    Audience.RECIPIENT: "低保户",
    Audience.NON_RECIPIENT: "非低保户",
    Audience.CADRE: "干部",
}
ROWS_NAMED = 5


def from_rows(
    questionnaire: Questionnaire, rows: Sequence[SheetRow], *, weighted: bool = True
) -> Responses:
    """Groupings: audience in the usual order, area in the order of first appearance.

    Weights where the rows have them, unless `weighted` is false. Raises DesignError if only some
    have one or all are 0.
    """
    packed = b"".join(records.pack(questionnaire, row.checked.clean, row.audience) for row in rows)
    audiences = [AUDIENCE_NAMES[row.audience] if row.audience else UNSTATED for row in rows]
    known = [AUDIENCE_NAMES[a] for a in Audience if a in questionnaire.audiences]
    return Responses(
        questionnaire=questionnaire,
        columns=records.columns(questionnaire, packed),
        n=len(rows),
        groups={
            "audience": _labels(audiences, known),
            "area": _labels([row.area or UNSTATED for row in rows], []),
        },
        weights=_weights(rows) if weighted else None,
    )


def design_of(rows: Sequence[SheetRow], *, lonely: Lonely = "refuse") -> Design | None:
    """How the rows were drawn, from their columns weight, stratum, cluster and population; None
    where they have none of them. Strata are what they are called, sampling units (clusters) are
    told apart within their stratum.

    Raises DesignError for a column of which only a part is filled, and as
    `designs.survey_design` does.
    """
    weights = _weights(rows)
    strata = _column(rows, "stratum", lambda row: row.stratum or None)
    clusters = _column(rows, "cluster", lambda row: row.cluster or None)
    population = _column(rows, "population", lambda row: row.population)
    if weights is None and strata is None and clusters is None and population is None:
        return None
    return survey_design(
        len(rows),
        weights=weights,
        strata=None if strata is None else np.array(strata),
        clusters=None if clusters is None else np.array(clusters),
        population=None if population is None else np.array(population, dtype=np.float64),
        lonely=lonely_for(len(rows), lonely),
    )


def _weights(rows: Sequence[SheetRow]) -> Floats | None:
    found = _column(rows, "weight", lambda row: row.weight)
    return None if found is None else checked_weights(found, len(rows))


def _column(
    rows: Sequence[SheetRow], name: str, value: Callable[[SheetRow], Any]
) -> list[Any] | None:
    """The values of a column that is filled throughout; None where it is empty."""
    found = [value(row) for row in rows]
    missing = [row.row for row, one in zip(rows, found, strict=True) if one is None]
    if len(missing) == len(rows):
        return None
    if missing:
        shown = ", ".join(map(str, missing[:ROWS_NAMED]))
        if name == "weight":
            raise DesignError("weight_blank", count=len(missing), rows=shown)
        raise DesignError("sampling_blank", column=name, count=len(missing), rows=shown)
    return found


def _labels(values: Sequence[str], known: Sequence[str]) -> Labels:
    """Groups in the given order, then as they appear; 未注明 last."""
    found = dict.fromkeys([*known, *values])
    names = [name for name in found if name != UNSTATED] + [n for n in found if n == UNSTATED]
    place = {name: number for number, name in enumerate(names)}
    return Labels(np.array([place[value] for value in values], dtype=np.intp), tuple(names))
