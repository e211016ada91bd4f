"""Rows of a sheet -> Responses, so that a bare CSV can be counted without any database."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.responses import UNSTATED, Labels, Responses
from surveys import records
from surveys.definition import Audience, Questionnaire
from surveys.sheets import SheetRow

AUDIENCE_NAMES = {
    Audience.RECIPIENT: "低保户",
    Audience.NON_RECIPIENT: "非低保户",
    Audience.CADRE: "干部",
}


def from_rows(questionnaire: Questionnaire, rows: Sequence[SheetRow]) -> Responses:
    """Groupings: audience in the usual order, area in the order of first appearance."""
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
    )


def _labels(values: Sequence[str], known: Sequence[str]) -> Labels:
    """Groups in the given order, then as they appear; 未注明 last."""
    found = dict.fromkeys([*known, *values])
    names = [name for name in found if name != UNSTATED] + [n for n in found if n == UNSTATED]
    place = {name: number for number, name in enumerate(names)}
    return Labels(np.array([place[value] for value in values], dtype=np.intp), tuple(names))
